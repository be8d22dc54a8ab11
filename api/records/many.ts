/**
 * Many records changed or deleted as one: all of them or none, in one transaction, each with its entry in the audit.
 * Every record is checked like a single save; what is wrong is told per record.
 */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import { CONTEXTS } from '../contexts.ts';
import type { BulkAnswer, BulkRequest, Field, Resource, Row } from '../contract.ts';
import { type FieldFault, fieldErrors, Problem, problem, type RowFault, retrying, toProblem } from '../errors.ts';
import { readMoment } from '../programme.ts';
import type { DB } from '../schema.ts';
import { validateRecord } from '../validate.ts';
import { accessOf } from './access.ts';
import { announce } from './announce.ts';
import { needsConsent } from './change-requests.ts';
import { chosenIds } from './many-selection.ts';
import { deleteMany, lockMany, type ManyWrite, readMany, updateMany } from './many-statements.ts';
import { visibleRows } from './query.ts';
import { lockNamed, newlyNamed, refuseWhileNamed } from './relations.ts';
import { checkSums } from './row-sums.ts';
import { titleField } from './wire.ts';
import { blockedBy, isChange, shapeOf, type Writer } from './write.ts';
import { checkInput } from './write-input.ts';

/** Faulty records are told up to this many. */
const FAULTS_MAX = 100;

/** One record of many: as it is, and what is to be saved in it. */
export interface RowChange {
  current: Row;
  input: Row;
}

/**
 * @throws Problem 400, 403 naming fields, 404, 409 when the selection is no longer what it was, 422 with what is wrong
 *   per record; nothing is written then
 */
export async function changeMany(
  deps: Deps,
  resource: Resource,
  request: BulkRequest,
  writer: Writer,
): Promise<BulkAnswer> {
  const access = accessOf(writer.caller, resource);
  if (request.delete ? !access.delete : !access.edit)
    throw problem(403, request.delete ? 'forbidden_delete' : 'forbidden_edit', { resource: resource.label });
  const input = request.delete ? {} : inputOf(resource, request);
  const action = request.delete ? 'delete' : 'update';
  return inBulk(deps, { resource, action, writer, dry_run: request.dry_run ?? false }, async (write) => {
    const current = await lockedRows(deps, write, await chosenIds(deps, resource, request, write.writer));
    if (request.delete) return removeRows(deps, write, current);
    if (current[0]) await checkShared(deps, resource, input, current[0], writer);
    return saveRows(
      deps,
      write,
      current.map((row) => ({ current: row, input })),
    );
  });
}

interface Bulk {
  resource: Resource;
  action: 'update' | 'delete' | 'undo';
  writer: Writer;
  dry_run: boolean;
  undoes_id?: number;
}

/** Runs the work in a transaction with a row that names the whole change; a dry run is rolled back. */
export async function inBulk(
  deps: Deps,
  { resource, action, writer, dry_run, undoes_id }: Bulk,
  work: (write: ManyWrite) => Promise<{ matched: number; ids: number[] }>,
): Promise<BulkAnswer> {
  const run = async (trx: Kysely<DB>): Promise<{ answer: BulkAnswer; ids: number[] }> => {
    const within = { ...writer, trx };
    const { id: bulk_id } = await trx
      .insertInto('app.bulk_changes')
      .values({
        resource: resource.name,
        action,
        user_id: writer.caller.id,
        reason: writer.reason ?? null,
        undoes_id,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const shape = await shapeOf(deps, resource, within, []);
    const { matched, ids } = await work({ shape, writer: within, bulk_id });
    const answer = { bulk_id, matched, changed: ids.length, unchanged: matched - ids.length };
    if (dry_run || ids.length === 0) throw new RolledBack({ ...answer, bulk_id: null });
    return { answer, ids };
  };
  try {
    const { answer, ids } = await retrying(() => deps.db.transaction().execute(run));
    announce(deps, resource.name, ids);
    return answer;
  } catch (error) {
    if (error instanceof RolledBack) return error.answer;
    throw blockedBy(deps, toProblem(error, resource));
  }
}

class RolledBack extends Error {
  readonly answer: BulkAnswer;
  constructor(answer: BulkAnswer) {
    super('nothing was to be written');
    this.answer = answer;
  }
}

/** The records, locked, as far as the writer sees them. @throws Problem 404 when some are not there */
export async function lockedRows(deps: Deps, { shape, writer }: ManyWrite, ids: readonly number[]): Promise<Row[]> {
  await lockMany(shape, ids);
  const moment = await readMoment(deps.db, writer.caller);
  const rows = await readMany(shape, ids, visibleRows({ resource: shape.resource, caller: writer.caller, moment }));
  if (rows.length < ids.length) throw problem(404, 'bulk_gone', { count: ids.length - rows.length });
  return rows;
}

/** @returns the ids of those that changed. @throws Problem 422 with what is wrong per record, 403 */
export async function saveRows(
  deps: Deps,
  write: ManyWrite,
  changes: readonly RowChange[],
): Promise<{ matched: number; ids: number[] }> {
  const { resource, columns } = write.shape;
  const { caller, lang } = write.writer;
  const moment = await readMoment(deps.db, caller);
  const faults: RowFault[] = [];
  let wrong = 0;
  // Records that get the same values are written by one statement.
  const groups = new Map<string, { values: Row; before: Map<number, Row> }>();
  for (const { current, input } of changes) {
    const mode = 'update' as const;
    const surroundings = { contexts: CONTEXTS, time_zone: moment.time_zone };
    const { values, errors } = validateRecord({ resource, input, current, mode, lang, moment, ...surroundings });
    if (Object.keys(errors).length > 0) {
      if (++wrong <= FAULTS_MAX) faults.push(rowFault(write, current, errors));
      continue;
    }
    const names = Object.keys(values)
      .filter((name) => isChange(resource.fields[name]!, values[name], current[name]))
      .sort();
    if (names.length === 0) continue;
    const changed = Object.fromEntries(names.map((name) => [name, values[name]!]));
    if (await needsConsent(deps, resource, { before: current, after: { ...current, ...changed } })) {
      if (++wrong <= FAULTS_MAX) faults.push(rowFault(write, current, { '': { key: 'needs_consent' } }));
      continue;
    }
    const key = JSON.stringify(changed);
    const group = groups.get(key) ?? { values: changed, before: new Map() };
    group.before.set(current.id as number, Object.fromEntries(names.map((name) => [name, current[name] ?? null])));
    groups.set(key, group);
  }
  if (wrong > 0) throw problem(422, 'bulk_invalid', { wrong, total: changes.length }, { rows: faults });
  for (const { values, before } of groups.values()) {
    await lockNamed(deps, write.writer.trx ?? deps.db, newlyNamed(resource.fields, values));
    await updateMany({ ...write, shape: { ...write.shape, columns, names: Object.keys(values) } }, values, before);
  }
  const ids = [...groups.values()].flatMap(({ before }) => [...before.keys()]).sort((a, b) => a - b);
  const changed = new Set(ids);
  await checkAfterwards(
    deps,
    write,
    changes.map((each) => each.current).filter((row) => changed.has(row.id as number)),
  );
  return { matched: changes.length, ids };
}

async function removeRows(deps: Deps, write: ManyWrite, rows: Row[]): Promise<{ matched: number; ids: number[] }> {
  const faults: RowFault[] = [];
  for (const row of rows)
    if (await needsConsent(deps, write.shape.resource, { before: row, after: null }))
      faults.push(rowFault(write, row, { '': { key: 'needs_consent' } }));
  if (faults.length > 0)
    throw problem(
      422,
      'bulk_invalid',
      { wrong: faults.length, total: rows.length },
      { rows: faults.slice(0, FAULTS_MAX) },
    );
  const before = new Map(rows.map(({ id, version: _version, ...record }) => [id as number, record as Row]));
  await deleteMany(write, before);
  const ids = [...before.keys()];
  await refuseWhileNamed(deps, write.writer.trx ?? deps.db, { resource: write.shape.resource, ids, ...write.writer });
  for (const row of rows) await guarded(deps, write, row, null);
  return { matched: rows.length, ids };
}

/** The guard of the resource, and that nobody writes records out of their own sight. */
async function checkAfterwards(deps: Deps, write: ManyWrite, before: readonly Row[]): Promise<void> {
  const { resource } = write.shape;
  const { caller } = write.writer;
  const ids = before.map((row) => row.id as number);
  await checkSums(write.writer.trx ?? deps.db, { resource, ids });
  const visible = visibleRows({ resource, caller, moment: await readMoment(deps.db, caller) });
  if (!resource.guard && !visible) return;
  const after = new Map((await readMany(write.shape, ids, visible)).map((row) => [row.id, row]));
  if (after.size < ids.length) throw problem(403, 'forbidden_row');
  for (const row of before) await guarded(deps, write, row, after.get(row.id)!);
}

async function guarded(deps: Deps, write: ManyWrite, before: Row, after: Row | null): Promise<void> {
  const { resource } = write.shape;
  if (!resource.guard) return;
  const routine = sql.id('ops', resource.guard);
  const json = (row: Row | null) => sql`${row && JSON.stringify(row)}::jsonb`;
  try {
    await sql`
      select ${routine}(${before.id}::bigint, ${write.writer.caller.id}::bigint, ${json(before)}, ${json(after)})
    `.execute(write.writer.trx ?? deps.db);
  } catch (error) {
    const fault = toProblem(error, resource);
    if (fault.status >= 500) throw error;
    const errors = fault.errors ?? { '': { key: fault.key, params: fault.params, message: fault.pair } };
    throw problem(
      422,
      'bulk_invalid',
      { wrong: 1, total: 1 },
      { rows: [rowFault(write, before, errors)], cause: error },
    );
  }
}

function rowFault({ shape, writer }: ManyWrite, row: Row, errors: { [field: string]: FieldFault }): RowFault {
  const name = titleField(shape.resource, shape.access, writer.lang);
  const masked = name !== null && shape.access.fields.get(name)?.masked;
  const title = name === null || masked ? null : row[name];
  return { id: row.id as number, title: title ? String(title) : `#${String(row.id)}`, errors };
}

/** What is to be set, with what is to be cleared as null. @throws Problem 422 naming the fields that cannot be */
function inputOf(resource: Resource, { set = {}, clear = [] }: BulkRequest): Row {
  const errors: { [field: string]: FieldFault } = {};
  const input: Row = { ...set };
  for (const name of clear) {
    if (Object.hasOwn(set, name)) errors[name] = { key: 'bulk_both', params: { field: name } };
    const field = own(resource.fields, name);
    input[name] = field && ['tags', 'choices', 'refs', 'items'].includes(field.kind) ? [] : null;
  }
  for (const name of Object.keys(input)) {
    const field = own(resource.fields, name);
    if (field && (field.unique || field.frozen || ['password', 'rows'].includes(field.kind)))
      errors[name] = { key: 'bulk_field', params: { label: field.label } };
  }
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
  if (Object.keys(input).length === 0) throw problem(400, 'bulk_nothing');
  return input;
}

/** What is the same for every record is checked once: may the fields be written, do the records named exist. */
async function checkShared(deps: Deps, resource: Resource, input: Row, first: Row, writer: Writer): Promise<void> {
  // As if the first record referred to nothing, so that every reference counts as new.
  const refs = Object.keys(input).filter((name) => own(resource.fields, name)?.kind.startsWith('ref'));
  const current = { ...first, ...Object.fromEntries(refs.map((name) => [name, null])) };
  try {
    await checkInput(deps, { resource, input, current, ...writer });
  } catch (error) {
    // Faults of values are told per record, with all the others.
    const refs_wrong = error instanceof Problem && refs.some((name) => error.errors?.[name]);
    if (!(error instanceof Problem) || error.status !== 422 || refs_wrong) throw error;
  }
}

function own(fields: { [name: string]: Field }, name: string): Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
