/** An action of the definition for many records: for each of them, in one transaction, or for none. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { ActionDefinition, BulkActionRequest, BulkAnswer, Resource, Row } from '../contract.ts';
import { problem } from '../errors.ts';
import { predicateToSql } from '../predicate-sql.ts';
import { readMoment } from '../programme.ts';
import { loosely } from '../storage/loose-tables.ts';
import { actionNamed, changedFields, checkActionInput, perform } from './action.ts';
import { recordAudit } from './audit.ts';
import { checkActed } from './consent.ts';
import { fieldColumn } from './field-column.ts';
import { inBulk, lockedRows, type Many } from './many.ts';
import { faultsOf, noteFault } from './many-faults.ts';
import { chosenIds } from './many-selection.ts';
import { readMany } from './many-statements.ts';
import { readCurrent } from './read-current.ts';
import { resourceContext } from './resource-context.ts';
import { relationOf } from './wire.ts';
import type { Writer } from './write.ts';

/** Routines run one after the other while all their records are locked. */
const ACT_MAX = 2_000;

/**
 * @returns `changed`: for how many it ran
 * @throws Problem 400, 403, 404, 409 when the selection is no longer what it was, 422 with what is wrong per record;
 *   nothing is done then
 */
export async function actOnMany(
  deps: Deps,
  resource: Resource,
  { name, request }: { name: string; request: BulkActionRequest },
  writer: Writer,
): Promise<BulkAnswer> {
  const action = actionNamed(resource, { name, scope: 'bulk' }, writer.caller);
  const values = await checkActionInput(deps, resource, action, request.input ?? {}, writer);
  const reason = [name, values.reason].filter((part) => typeof part === 'string').join(': ');
  const bulk = { action: 'action' as const, writer: { ...writer, reason }, dry_run: request.dry_run ?? false };
  return inBulk(deps, { resource, ...bulk }, async (many) => {
    const chosen = await chosenIds(deps, resource, request, many.writer);
    if (chosen.length > ACT_MAX) throw problem(400, 'bulk_too_many', { asked: chosen.length, max: ACT_MAX });
    const rows = await lockedRows(deps, many, chosen);
    await noteNotAllowed(deps, many, { action, rows });
    const ids = chosen.filter((id) => !many.faults.ids.has(id));
    if (many.faults.ids.size > 0 && !many.dry_run) return { matched: rows.length, ids };
    for (const row of rows.filter((each) => !many.faults.ids.has(each.id as number)))
      await actOn(deps, many, { action, row, values });
    await auditActions(deps, many, { rows, reason });
    return { matched: rows.length, ids };
  });
}

async function noteNotAllowed(
  deps: Deps,
  many: Many,
  { action, rows }: { action: ActionDefinition; rows: readonly Row[] },
): Promise<void> {
  if (!action.allow) return;
  const { resource } = many.shape;
  const moment = await readMoment(deps.db, many.writer.caller, many.writer.trx);
  const column = (field: string) => fieldColumn(resource, field, 't');
  const allowed = await loosely(many.writer.trx ?? deps.db)
    .selectFrom(`${relationOf(resource)} as t`)
    .select('t.id')
    .where('t.id', '=', sql`any(${rows.map((row) => row.id)}::bigint[])`)
    .where(predicateToSql(action.allow, resourceContext(resource), { column, moment }))
    .execute();
  const fit = new Set(allowed.map(({ id }) => Number(id)));
  for (const row of rows)
    if (!fit.has(row.id as number))
      noteFault(many, row, { '': { key: 'action_not_allowed', params: { action: action.label } } });
}

/** What a routine refuses for one record is undone before the next one is tried. */
async function actOn(
  deps: Deps,
  many: Many,
  { action, row, values }: { action: ActionDefinition; row: Row; values: Row },
): Promise<void> {
  const { resource } = many.shape;
  const trx = many.writer.trx!;
  await sql`savepoint acted`.execute(trx);
  try {
    const writer = { ...many.writer, trx };
    const result = await perform(deps, action, { id: row.id as number, before: row, values, writer, trx });
    if (resource.approval) {
      const after = await readCurrent(deps, resource, row.id as number, writer);
      await checkActed(deps, resource, { action, before: row, after, result }, writer);
    }
    await sql`release savepoint acted`.execute(trx);
  } catch (error) {
    const errors = faultsOf(error, { ...resource, fields: { ...resource.fields, ...action.input } });
    await sql`rollback to savepoint acted`.execute(trx);
    noteFault(many, row, errors);
  }
}

async function auditActions(
  deps: Deps,
  many: Many,
  { rows, reason }: { rows: readonly Row[]; reason: string },
): Promise<void> {
  const { resource } = many.shape;
  const { caller, request_id, trx } = many.writer;
  const ids = rows.map((row) => row.id as number).filter((id) => !many.faults.ids.has(id));
  const after = new Map((await readMany(many.shape, ids, null)).map((row) => [row.id, row]));
  await recordAudit(
    trx ?? deps.db,
    rows
      .filter((row) => !many.faults.ids.has(row.id as number))
      .map((row) => ({
        caller,
        resource: resource.name,
        record_id: row.id as number,
        action: 'action',
        ...changedFields(resource, row, after.get(row.id) ?? null),
        reason,
        request_id,
        bulk_id: many.bulk_id,
      })),
  );
}
