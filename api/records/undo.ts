/** Takes a change of many records back: what was changed gets its old values, what was deleted is there again. */
import type { Deps } from '../context.ts';
import type { BulkAnswer, Resource, Row } from '../contract.ts';
import { problem, type RowFault } from '../errors.ts';
import { accessOf } from './access.ts';
import { laidOut } from './layouts.ts';
import { inBulk, lockedRows, type RowChange, saveRows } from './many.ts';
import { isSameValue } from './same-value.ts';
import { restoreEntry } from './trash.ts';
import type { Writer } from './write.ts';
import { checkWritable } from './write-input.ts';

interface Entry {
  id: number;
  record_id: number;
  before: Row;
  after: Row | null;
}

/**
 * @throws Problem 404, 403, 409 when it was undone before, 422 naming the records that moved on since; nothing is written
 *   then
 */
export async function undoMany(deps: Deps, resource: Resource, bulk_id: number, writer: Writer): Promise<BulkAnswer> {
  const done = await deps.db
    .selectFrom('app.bulk_changes')
    .select(['action', 'user_id'])
    .where('id', '=', bulk_id)
    .where('resource', '=', resource.name)
    .executeTakeFirst();
  const access = accessOf(writer.caller, resource);
  if (!done || !access.list) throw problem(404, 'not_found');
  if (done.action === 'undo' || done.action === 'action') throw problem(409, `undo_of_${done.action}`);
  const deleted = done.action === 'delete';
  if (deleted ? !access.delete : !access.edit)
    throw problem(403, deleted ? 'forbidden_delete' : 'forbidden_edit', { resource: resource.label });
  const entries = (await deps.db
    .selectFrom('app.audit_entries')
    .select(['id', 'record_id', 'before', 'after'])
    .where('bulk_id', '=', bulk_id)
    .orderBy('record_id')
    .execute()) as Entry[];
  // To take a change back is to write its fields, whoever made it.
  const names = entries.flatMap(({ before }) => Object.entries(before));
  if (!deleted) checkWritable(resource, Object.fromEntries(names), access, laidOut(resource, writer.caller).locked);
  const within = { ...writer, reason: `↩ ${bulk_id}` };
  const bulk = { resource, action: 'undo' as const, writer: within, dry_run: false, undoes_id: bulk_id };
  return inBulk(deps, bulk, async (write) => {
    if (deleted) {
      for (const { id } of entries) await restoreEntry(deps, resource, id, write.writer);
      return { matched: entries.length, ids: entries.map((each) => each.record_id) };
    }
    const ids = entries.map((each) => each.record_id);
    const rows = new Map((await lockedRows(deps, write, ids)).map((row) => [row.id, row]));
    return saveRows(deps, write, changesBack(resource, entries, rows));
  }).catch((error: { cause?: { constraint?: string } }) => {
    if (error.cause?.constraint === 'bulk_changes_undoes_id_key') throw problem(409, 'undo_done');
    throw error;
  });
}

/** @throws Problem 422 for records that were changed by somebody else since */
function changesBack(resource: Resource, entries: readonly Entry[], rows: ReadonlyMap<unknown, Row>): RowChange[] {
  const moved: RowFault[] = [];
  const changes = entries.map(({ record_id, before, after }) => {
    const current = rows.get(record_id)!;
    const names = Object.keys(before).filter((name) => Object.hasOwn(resource.fields, name));
    if (names.some((name) => !isSameValue(resource.fields[name]!, current[name], after?.[name])))
      moved.push({ id: record_id, title: `#${record_id}`, errors: { '': { key: 'undo_moved_on' } } });
    return { current, input: Object.fromEntries(names.map((name) => [name, before[name]!])) };
  });
  if (moved.length > 0)
    throw problem(422, 'bulk_invalid', { wrong: moved.length, total: entries.length }, { rows: moved.slice(0, 100) });
  return changes;
}
