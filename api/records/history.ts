/** What happened to a record, as one person may see it: unreadable fields are only named, personal data is masked. */

import type { Deps } from '../context.ts';
import type { HistoryEntry, Json, Resource, Row } from '../contract.ts';
import { problem } from '../errors.ts';
import { type Access, accessOf } from './access.ts';
import { maskValue } from './mask.ts';
import { getRow, type Reader } from './query.ts';
import { readCurrent } from './read-current.ts';
import { rowsBack } from './rows.ts';
import { updateRecord, type Writer, type Written } from './write.ts';

const ENTRIES_MAX = 500;
const ACTIONS = ['create', 'update', 'delete', 'restore', 'import', 'action'];

/**
 * Newest first, the latest 500.
 * @throws Problem 404 when the caller may not see the record
 */
export async function readHistory(deps: Deps, resource: Resource, id: number, reader: Reader): Promise<HistoryEntry[]> {
  if (!(await getRow(deps, resource, id, reader))) throw problem(404, 'not_found');
  const entries = await deps.db
    .selectFrom('app.audit_entries as entry')
    .leftJoin('app.bulk_changes as many', 'many.id', 'entry.bulk_id')
    .select(['entry.id', 'entry.at', 'entry.actor', 'entry.action', 'entry.before', 'entry.after', 'entry.reason'])
    .select((row) => [
      'entry.bulk_id',
      'many.action as bulk_action',
      row
        .selectFrom('app.audit_entries as beside')
        .select((each) => each.fn.countAll<number>().as('records'))
        .whereRef('beside.bulk_id', '=', 'entry.bulk_id')
        .as('records'),
      row
        .exists(row.selectFrom('app.bulk_changes as undo').select('undo.id').whereRef('undo.undoes_id', '=', 'many.id'))
        .as('undone'),
    ])
    .where('entry.resource', '=', resource.name)
    .where('entry.record_id', '=', id)
    .where('entry.action', 'in', ACTIONS)
    .orderBy('entry.id', 'desc')
    .limit(ENTRIES_MAX)
    .execute();
  const access = accessOf(reader.caller, resource);
  const undoOf = (action: string | null, undone: boolean) =>
    undone ? 'done' : action === 'update' || action === 'delete' ? 'possible' : 'none';
  return entries.map(({ before, after, bulk_action, records, undone, ...entry }) => ({
    ...(entry as Pick<HistoryEntry, 'id' | 'at' | 'actor' | 'action' | 'reason' | 'bulk_id'>),
    ...(entry.bulk_id === null
      ? {}
      : { bulk: { records: Number(records), undo: undoOf(bulk_action, Boolean(undone)) } }),
    ...seenChanges(resource, access, (before ?? {}) as Row, (after ?? {}) as Row),
  }));
}

/**
 * Takes one change back, as a new change with everything that goes with one.
 * @param fields those of the entry to take back; all that the caller may write when absent
 * @throws Problem 404, and what updateRecord throws
 */
export async function revertEntry(
  deps: Deps,
  resource: Resource,
  {
    id,
    entry,
    fields,
    if_match,
  }: { id: number; entry: number; fields: readonly string[] | null; if_match: number | null },
  writer: Writer,
): Promise<Written> {
  const found = await deps.db
    .selectFrom('app.audit_entries')
    .select(['before', 'after'])
    .where('id', '=', entry)
    .where('resource', '=', resource.name)
    .where('record_id', '=', id)
    .executeTakeFirst();
  const before = found?.before as Row | null | undefined;
  if (!before) throw problem(404, 'not_found');
  const access = accessOf(writer.caller, resource);
  const names =
    fields ?? Object.keys(before).filter((name) => access.fields.get(name)?.write && !resource.fields[name]?.frozen);
  const after = (found?.after ?? {}) as Row;
  const current = await readCurrent(deps, resource, id, writer);
  const input: Row = {};
  for (const name of names.filter((each) => Object.hasOwn(before, each))) {
    const field = resource.fields[name];
    const [was, is] = [before[name]!, after[name] ?? null];
    input[name] =
      field?.kind === 'rows' ? rowsBack(field, (current?.[name] ?? []) as Row[], was as Row[], is as Row[]) : was;
  }
  return updateRecord(deps, resource, { id, input, if_match }, { ...writer, reason: `↩ #${entry}` });
}

/** The fields that differ, as somebody may see them; unreadable ones are only named. */
export function seenChanges(
  resource: Resource,
  access: Access,
  before: Row,
  after: Row,
): Pick<HistoryEntry, 'changes' | 'redacted'> {
  const changes: HistoryEntry['changes'] = {};
  const redacted: string[] = [];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const seen = access.fields.get(name);
    if (!seen?.read) {
      redacted.push(name);
      continue;
    }
    const mask = seen.masked ? resource.fields[name]!.pii! : null;
    const shown = (value: Json | undefined) => (mask ? maskValue(mask, value ?? null) : (value ?? null));
    const change = { before: shown(before[name]), after: shown(after[name]) };
    if (change.before !== null || change.after !== null) changes[name] = change;
  }
  return { changes, redacted };
}
