/**
 * Deleted records: what the audit remembers of them, listed and brought back under their old id. A deleted row is really
 * gone, so that nothing can refer to it or count it; bringing it back is checked like any new record.
 */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Resource, Row, TrashEntry } from '../contract.ts';
import { problem, retrying, toProblem } from '../errors.ts';
import { evaluatePredicate } from '../predicate.ts';
import { readMoment } from '../programme.ts';
import { accessOf } from './access.ts';
import { announce, inTransaction } from './announce.ts';
import type { Proposal } from './change-requests.ts';
import { orPropose } from './consent.ts';
import { maskValue } from './mask.ts';
import type { Reader } from './query.ts';
import { resourceContext } from './resource-context.ts';
import { titleField } from './wire.ts';
import { storeRecord, type Writer, type Written } from './write.ts';

const PAGE = 100;

export interface TrashAsked {
  /** Only what was this record. */
  record_id?: number;
  /** Only what was deleted before this entry. */
  before?: number;
}

/**
 * Latest first, a page of them.
 * @returns `next`: the `before` of the page after it; null on the last
 * @throws Problem 403 for who may not delete
 */
export async function listTrash(
  deps: Deps,
  resource: Resource,
  reader: Reader,
  { record_id, before: until }: TrashAsked = {},
): Promise<{ entries: TrashEntry[]; next: number | null }> {
  const access = accessOf(reader.caller, resource);
  if (!access.list || !access.delete) throw problem(403, 'forbidden_delete', { resource: resource.label });
  const found = await deletions(deps, resource)
    .$call((all) => (record_id === undefined ? all : all.where('gone.record_id', '=', record_id)))
    .$call((all) => (until === undefined ? all : all.where('gone.id', '<', until)))
    .limit(PAGE + 1)
    .execute();
  const page = found.slice(0, PAGE);
  const moment = await readMoment(deps.db, reader.caller);
  const context = resourceContext(resource);
  const title = titleField(resource, access, reader.lang);
  const entries = page.flatMap(({ id: entry, record_id: id, before, at, actor, reason }): TrashEntry[] => {
    const whole = { id, ...(before as Row) };
    if (access.rows && !evaluatePredicate(access.rows, context, whole, moment)) return [];
    const record: Row = { id: id! };
    for (const [name, seen] of access.fields) {
      const value = (before as Row)[name];
      if (seen.read && value !== undefined)
        record[name] = seen.masked ? maskValue(resource.fields[name]!.pii!, value) : value;
    }
    const named = title && title !== 'id' ? record[title] : null;
    return [{ entry, id: id!, title: named ? String(named) : `#${id}`, deleted_at: at, actor, reason, record }];
  });
  return { entries, next: found.length > PAGE ? page.at(-1)!.id : null };
}

/**
 * Brings a deleted record back under its id, or has that wait for consent.
 * @throws Problem 404, 403, 409 when it is there again already, 422 when it no longer fits (a code taken meanwhile, …)
 */
export async function restoreRecord(deps: Deps, resource: Resource, entry: number, writer: Writer): Promise<Written> {
  const proposal: Proposal = {
    ...{ action: 'restore', id: null, base: {}, changes: {}, base_version: null },
    details: { entry },
  };
  const work = () =>
    retrying(() => inTransaction(deps, (trx) => restoreEntry(deps, resource, entry, { ...writer, trx }, proposal)));
  try {
    return await orPropose(deps, resource, proposal, writer, work);
  } catch (error) {
    throw toProblem(error, resource);
  }
}

/**
 * The same within the writer's transaction.
 * @param entry of the audit: the deletion
 * @param proposal told what is restored, so that it can wait for consent with it
 */
export async function restoreEntry(
  deps: Deps,
  resource: Resource,
  entry: number,
  writer: Writer,
  proposal?: Proposal,
): Promise<Written> {
  const access = accessOf(writer.caller, resource);
  if (!access.list || !access.delete) throw problem(403, 'forbidden_delete', { resource: resource.label });
  const db = writer.trx ?? deps.db;
  const found = await db
    .selectFrom('app.audit_entries')
    .select(['record_id', 'before'])
    .where('id', '=', entry)
    .where('resource', '=', resource.name)
    .where('action', '=', 'delete')
    .executeTakeFirst();
  const moment = await readMoment(deps.db, writer.caller, writer.trx);
  const whole = found && { id: found.record_id, ...(found.before as Row) };
  if (!whole || (access.rows && !evaluatePredicate(access.rows, resourceContext(resource), whole, moment)))
    throw problem(404, 'not_found');
  const again = await db
    .selectFrom(deletions(deps, resource).as('deleted'))
    .select('deleted.id')
    .where('deleted.id', '=', entry)
    .executeTakeFirst();
  if (!again) throw problem(409, 'restore_exists');
  const { id: _id, version: _version, ...changes } = whole as Row;
  if (proposal) Object.assign(proposal, { id: found!.record_id, changes });
  const written = await storeRecord(deps, resource, whole as Row, writer);
  announce(deps, resource.name, [written.id], writer.trx);
  return written;
}

/** Deletions that nothing brought back since. */
function deletions({ db }: Pick<Deps, 'db'>, resource: Resource) {
  return db
    .selectFrom('app.audit_entries as gone')
    .select(['gone.id', 'gone.record_id', 'gone.before', 'gone.at', 'gone.actor', 'gone.reason'])
    .where('gone.resource', '=', resource.name)
    .where('gone.action', '=', 'delete')
    .where('gone.record_id', 'is not', null)
    .where('gone.before', 'is not', null)
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('app.audit_entries as later')
            .select(sql`1`.as('one'))
            .whereRef('later.resource', '=', 'gone.resource')
            .whereRef('later.record_id', '=', 'gone.record_id')
            .whereRef('later.id', '>', 'gone.id')
            .where('later.action', '=', 'restore'),
        ),
      ),
    )
    .orderBy('gone.id', 'desc');
}
