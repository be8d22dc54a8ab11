/**
 * The rows of a child table, saved with their record: compared by id with what was there, then removed, changed and added
 * in one statement each, whatever their number.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Field, Pair, Row } from '../contract.ts';
import { fieldErrors, Problem, toProblem } from '../errors.ts';
import type { DB } from '../schema.ts';
import { isSameRow, isSameValue } from './same-value.ts';
import { childRows, fieldValue } from './wire.ts';

type Rows = Field & { kind: 'rows' };

/**
 * What the audit keeps of a change: rows before and after, each with its place as `$at`. In both: changed or moved; only
 * before: removed; only after: added. Rows that stayed as they were are in neither.
 */
export interface RowsChange {
  before: Row[];
  after: Row[];
}

/**
 * @param trx the transaction that has just written the record, and so holds it
 * @param before the rows as they were; @param after as they are to be, new ones without an id or with one that is free
 * @throws Problem 422 at the field when the database refuses a row
 */
export async function saveRows(
  trx: Kysely<DB>,
  {
    name,
    field,
    id,
    before,
    after,
  }: { name: string; field: Rows; id: number; before: readonly Row[]; after: readonly Row[] },
): Promise<RowsChange> {
  const known = new Map(before.map((row) => [row.id, row]));
  const kept = new Set(after.map((row) => row.id));
  const removed = before.filter((row) => !kept.has(row.id)).map((row) => row.id as number);
  const placed = after.map((row, at) => ({ ...row, position: at + 1 }) as Row);
  const old = placed.filter((row) => known.has(row.id));
  const added = placed.filter((row) => !known.has(row.id));
  const names = Object.keys(field.fields).filter((inner) => !field.fields[inner]!.readonly);
  const mine = childRows(field, sql`${id}::bigint`);
  const table = sql.table(field.table);
  // The table's own row type reads the values, so that each column gets its type.
  const given = (rows: readonly Row[]) =>
    sql`jsonb_populate_recordset(null::${table}, ${JSON.stringify(rows)}::jsonb) as given`;
  try {
    if (removed.length > 0)
      await sql`delete from ${table} as child where ${mine} and child.id = any(${removed}::bigint[])`.execute(trx);
    if (old.length > 0) {
      const columns = [...names, 'position'];
      const set = columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`given.${column}`)}`);
      await sql`
        update ${table} as child
        set ${sql.join(set)}
        from ${given(old)}
        where ${mine}
          and child.id = given.id
          and (${tuple('child', columns)}) is distinct from (${tuple('given', columns)})
      `.execute(trx);
    }
    if (added.length > 0) await addRows(trx, { field, id, names, rows: added, given });
  } catch (error) {
    throw refusal(error, name, field);
  }
  return changeOf(field, before, await readRows(trx, field, id));
}

async function addRows(
  trx: Kysely<DB>,
  {
    field,
    id,
    names,
    rows,
    given,
  }: { field: Rows; id: number; names: string[]; rows: Row[]; given(rows: readonly Row[]): RawBuilder<unknown> },
): Promise<void> {
  const fixed = Object.entries(field.fixed ?? {});
  const values: [column: string, value: RawBuilder<unknown>][] = [
    [field.by, sql`${id}::bigint`],
    ...fixed.map(([column, value]): [string, RawBuilder<unknown>] => [column, sql`${sql.lit(value)}`]),
    ...[...names, 'position'].map((column): [string, RawBuilder<unknown>] => [
      column,
      sql`${sql.ref(`given.${column}`)}`,
    ]),
  ];
  // Rows that come back from the trash have their ids already.
  for (const named of [false, true]) {
    const some = rows.filter((row) => (row.id !== undefined && row.id !== null) === named);
    if (some.length === 0) continue;
    const all: typeof values = named ? [['id', sql`given.id`], ...values] : values;
    await sql`
      insert into ${sql.table(field.table)} (${sql.join(all.map(([column]) => sql.ref(column)))})
      select ${sql.join(all.map(([, value]) => value))}
      from ${given(some)}
      order by given.position
    `.execute(trx);
  }
}

async function readRows(trx: Kysely<DB>, field: Rows, id: number): Promise<Row[]> {
  const record = sql`(select ${id}::bigint as id) as t`;
  const answer = await sql<{ rows: Row[] }>`select ${fieldValue('rows', field, 't')} as rows from ${record}`.execute(
    trx,
  );
  return answer.rows[0]!.rows;
}

/** Rows that changed, moved, came or went, on both sides. */
export function changeOf({ fields }: Rows, before: readonly Row[], after: readonly Row[]): RowsChange {
  const was = new Map(before.map((row, at) => [row.id, { row, at }]));
  const is = new Map(after.map((row, at) => [row.id, { row, at }]));
  const still = inOrder(after.flatMap((row) => was.get(row.id)?.at ?? []));
  const same = (row: Row) => {
    const [old, now] = [was.get(row.id), is.get(row.id)];
    return old !== undefined && now !== undefined && still.has(old.at) && isSameRow(fields, old.row, now.row);
  };
  const said = (rows: readonly Row[]) => rows.flatMap((row, $at) => (same(row) ? [] : [{ ...row, $at }]));
  return { before: said(before), after: said(after) };
}

/**
 * Rows with one change of them taken back, whatever else happened since: added rows go, removed ones return (as new rows),
 * changed values are as they were.
 * @param current the rows now; @param before @param after what the audit kept of the change
 */
export function rowsBack(
  { fields }: Rows,
  current: readonly Row[],
  before: readonly Row[],
  after: readonly Row[],
): Row[] {
  const writable = Object.keys(fields).filter((name) => !fields[name]!.readonly);
  const pick = (row: Row, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
  const was = new Map(before.map((row) => [row.id, row]));
  const is = new Map(after.map((row) => [row.id, row]));
  const there = new Set(current.map((row) => row.id));
  const moved = before.filter((row) => is.has(row.id) && row.$at !== is.get(row.id)!.$at && there.has(row.id));
  const placed = new Set(moved.map((row) => row.id));
  const rows = current
    .filter((row) => (was.has(row.id) || !is.has(row.id)) && !placed.has(row.id))
    .map((row) => restored(row));
  const returning = before.filter((row) => !there.has(row.id));
  const back = [...moved, ...returning].sort((a, b) => Number(a.$at) - Number(b.$at));
  for (const old of back) {
    const row = placed.has(old.id) ? restored(current.find((each) => each.id === old.id)!) : pick(old, writable);
    rows.splice(Math.min(Number(old.$at), rows.length), 0, row);
  }
  return rows;

  function restored(row: Row): Row {
    const [old, now] = [was.get(row.id), is.get(row.id)];
    const changed = old && now ? writable.filter((name) => !isSameValue(fields[name]!, old[name], now[name])) : [];
    return { id: row.id!, ...pick(row, writable), ...(old ? pick(old, changed) : {}) };
  }
}

/** The longest run of places that still follow each other: all others have moved. */
function inOrder(places: readonly number[]): Set<number> {
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const place of places) {
    let at = ends.findIndex((end) => end >= place);
    if (at < 0) at = ends.length;
    before.set(place, ends[at - 1]);
    ends[at] = place;
  }
  const kept = new Set<number>();
  for (let place = ends.at(-1); place !== undefined; place = before.get(place)) kept.add(place);
  return kept;
}

function tuple(table: string, columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(`${table}.${column}`)));
}

/** What the database has against a row, at the field that holds the rows; it does not say which of them it is. */
function refusal(error: unknown, name: string, field: Rows): unknown {
  const code = (error as { code?: string }).code ?? '';
  if (!/^23(505|503|514|P01)$/.test(code)) return error;
  const fault = toProblem(error);
  if (fault.status >= 500 || !(fault instanceof Problem)) return error;
  const label: Pair = field.label;
  const key = code === '23505' ? 'rows_unique' : code === '23503' ? 'ref_missing' : 'check';
  const problem = fieldErrors({ [name]: { key, params: { label } } });
  return problem;
}
