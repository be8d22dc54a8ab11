/** Rows that two people changed at once: by id and field, where they did not change the same. Pure. */
import type { Json, Row } from '../../api/contract.ts';
import { sameValue } from './changes.ts';

/** @returns the rows with both changes; null where both changed the same value differently, or one removed what the other changed */
export function mergeRows(base: readonly Row[], mine: readonly Row[], theirs: readonly Row[]): Row[] | null {
  const was = new Map(base.map((row) => [row.id, row]));
  const my = new Map(mine.map((row) => [row.id, row]));
  const their = new Map(theirs.map((row) => [row.id, row]));
  const merged = new Map<Json | undefined, Row>();
  for (const [id, old] of was) {
    const [one, other] = [my.get(id), their.get(id)];
    if (!one && !other) continue;
    if (!one || !other) {
      if (!sameValue((one ?? other)!, old)) return null;
      continue;
    }
    const row = mergeRow(old, one, other);
    if (!row) return null;
    merged.set(id, row);
  }
  const isNew = (row: Row) => !was.has(row.id);
  const moved = !sameValue(order(mine, merged), order(base, merged));
  const they_moved = !sameValue(order(theirs, merged), order(base, merged));
  if (moved && they_moved && !sameValue(order(mine, merged), order(theirs, merged))) return null;
  // Whose order changed leads; what the other one added follows.
  const [lead, rest] = moved ? [mine, theirs] : [theirs, mine];
  const placed = lead.flatMap((row): Row[] => {
    const kept = isNew(row) ? row : merged.get(row.id);
    return kept ? [kept] : [];
  });
  return [...placed, ...rest.filter(isNew)];
}

function mergeRow(base: Row, mine: Row, theirs: Row): Row | null {
  const row: Row = { ...theirs };
  for (const name of Object.keys(mine)) {
    const i_did = !sameValue(mine[name], base[name]);
    const they_did = !sameValue(theirs[name], base[name]);
    if (i_did && they_did && !sameValue(mine[name], theirs[name])) return null;
    if (i_did) row[name] = mine[name] ?? null;
  }
  return row;
}

function order(rows: readonly Row[], of: ReadonlyMap<Json | undefined, Row>): Json {
  return rows.flatMap((row) => (row.id !== undefined && of.has(row.id) ? [row.id] : []));
}
