/**
 * Many records changed or deleted as one: all of them or none, in one transaction, each with its entry in the audit.
 * Every record is checked like a single save; what is wrong is told per record.
 */
import type { Kysely } from 'kysely';
import type { Deps } from '../context.ts';
import { contextsOf } from '../contexts.ts';
import type { ApprovalRule, BulkAnswer, BulkRequest, DeletePreview, Field, Resource, Row } from '../contract.ts';
import { type FieldFault, fieldErrors, Problem, problem, retrying, speakRows, toProblem } from '../errors.ts';
import { readMoment } from '../programme.ts';
import type { DB } from '../schema.ts';
import { validateRecord } from '../validate.ts';
import { accessOf } from './access.ts';
import { announce, inTransaction } from './announce.ts';
import { consentOf } from './approval.ts';
import { namersOf } from './delete-preview.ts';
import { laidOut, layoutFaults } from './layouts.ts';
import { type Faults, guardMany, noFaults, noteFault, noteNotOffered, sumMany } from './many-faults.ts';
import { noteConsent, type Proposals, proposeMany } from './many-proposals.ts';
import { chosenIds } from './many-selection.ts';
import { deleteMany, lockMany, type ManyWrite, readMany, updateMany } from './many-statements.ts';
import { visibleRows } from './query.ts';
import { shapeOf } from './read-current.ts';
import { lockNamed, type Named, newlyNamed, offeredNamed, refuseWhileNamed } from './relations.ts';
import { isChange, type Writer } from './write.ts';
import { blockedBy } from './write-answer.ts';
import { checkInput } from './write-input.ts';

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
  const bulk = { resource, action, writer, dry_run: request.dry_run ?? false, proposes: true } as const;
  return inBulk(deps, bulk, async (many) => {
    const current = await lockedRows(deps, many, await chosenIds(deps, resource, request, many.writer));
    if (request.delete) return removeRows(deps, many, current);
    if (current[0]) await checkShared(deps, resource, input, current[0], writer);
    return saveRows(
      deps,
      many,
      current.map((row) => ({ current: row, input })),
    );
  });
}

/** A change of many records under way. Faults are noted, so that all of them can be told. */
export interface Many extends ManyWrite {
  dry_run: boolean;
  faults: Faults;
  proposals: Proposals;
}
export interface ManyDone {
  matched: number;
  /** Those that changed, or would have. */
  ids: number[];
  preview?: DeletePreview[];
}
interface Bulk {
  resource: Resource;
  action: 'update' | 'delete' | 'undo' | 'action';
  writer: Writer;
  dry_run: boolean;
  undoes_id?: number;
  /** What needs consent waits as change requests; otherwise it is refused. */
  proposes?: boolean;
}

/**
 * Runs the work in a transaction with a row that names the whole change; a dry run is rolled back.
 * @throws Problem 422 with what is wrong per record, unless it is a dry run: that answers with it
 */
export async function inBulk(
  deps: Deps,
  { resource, action, writer, dry_run, undoes_id, proposes = false }: Bulk,
  work: (many: Many) => Promise<ManyDone>,
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
    const faults = noFaults();
    const many: Many = { shape, writer: within, bulk_id, dry_run, faults, proposals: proposes ? [] : null };
    const { matched, ids, preview } = await work(many);
    const wrong = faults.ids.size;
    if (wrong > 0 && !dry_run) throw problem(422, 'bulk_invalid', { wrong, total: matched }, { rows: faults.rows });
    const proposed = await proposeMany(deps, many);
    const changed = ids.filter((id) => !faults.ids.has(id)).length;
    const unchanged = matched - changed - wrong - proposed;
    const answer: BulkAnswer = { bulk_id: changed > 0 ? bulk_id : null, matched, changed, unchanged };
    if (proposed > 0) answer.proposed = proposed;
    if (dry_run) Object.assign(answer, { wrong, rows: speakRows(faults.rows, writer.lang), preview });
    if (dry_run || changed + proposed === 0) throw new RolledBack({ ...answer, bulk_id: null });
    return { answer, ids };
  };
  try {
    const { answer, ids } = await retrying(() => inTransaction(deps, run));
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
  const moment = await readMoment(deps.db, writer.caller, writer.trx);
  const rows = await readMany(shape, ids, visibleRows({ resource: shape.resource, caller: writer.caller, moment }));
  if (rows.length < ids.length) throw problem(404, 'bulk_gone', { count: ids.length - rows.length });
  return rows;
}

/** @throws Problem 403, and what the statements refuse for all of them */
export async function saveRows(deps: Deps, many: Many, changes: readonly RowChange[]): Promise<ManyDone> {
  const { resource, columns } = many.shape;
  const { caller } = many.writer;
  const moment = await readMoment(deps.db, caller, many.writer.trx);
  // Records that get the same values are written by one statement.
  const laid = laidOut(resource, caller).resource;
  const consent = consentOf(deps, resource, many.writer);
  const groups = new Map<string, { values: Row; before: Map<number, Row> }>();
  const offered: { row: Row; named: readonly Named[] }[] = [];
  for (const { current, input } of changes) {
    const mode = 'update' as const;
    const surroundings = {
      contexts: contextsOf(deps.resources),
      time_zone: moment.time_zone,
      private_webhooks: deps.config.private_webhooks,
    };
    const { values, errors } = validateRecord({ resource: laid, input, current, mode, moment, ...surroundings });
    if (Object.keys(errors).length > 0) {
      noteFault(many, current, errors);
      continue;
    }
    const names = Object.keys(values)
      .filter((name) => isChange(resource.fields[name]!, values[name], current[name]))
      .sort();
    if (names.length === 0) continue;
    const changed = Object.fromEntries(names.map((name) => [name, values[name]!]));
    const whole = { ...current, ...changed };
    const misfits = layoutFaults(deps, resource, whole);
    if (Object.keys(misfits).length > 0) {
      noteFault(many, current, misfits);
      continue;
    }
    // What a relation offers may depend on values beside it, and so on the record.
    offered.push({ row: current, named: offeredNamed(resource.fields, changed, whole) });
    const { rules } = await consent.asks({ before: current, after: whole });
    if (rules.length > 0) {
      noteConsent(many, current, changed, idsOf(rules));
      continue;
    }
    const key = JSON.stringify(changed);
    const group = groups.get(key) ?? { values: changed, before: new Map() };
    group.before.set(current.id as number, Object.fromEntries(names.map((name) => [name, current[name] ?? null])));
    groups.set(key, group);
  }
  await noteNotOffered(deps, many, offered);
  const ids = [...groups.values()].flatMap(({ before }) => [...before.keys()]).sort((a, b) => a - b);
  const done = { matched: changes.length, ids };
  // A dry run goes on with the others: what their guards say is wanted too.
  if (many.faults.ids.size > 0 && !many.dry_run) return done;
  for (const { values, before } of groups.values()) {
    await lockNamed(deps, many.writer.trx ?? deps.db, newlyNamed(resource.fields, values));
    await updateMany({ ...many, shape: { ...many.shape, columns, names: Object.keys(values) } }, values, before);
  }
  const changed = new Set(ids);
  await checkAfterwards(
    deps,
    many,
    changes.map((each) => each.current).filter((row) => changed.has(row.id as number)),
  );
  return done;
}

async function removeRows(deps: Deps, many: Many, rows: Row[]): Promise<ManyDone> {
  const { resource } = many.shape;
  const trx = many.writer.trx ?? deps.db;
  const consent = consentOf(deps, resource, many.writer);
  const waiting = new Set<number>();
  for (const row of rows) {
    const { rules } = await consent.asks({ before: row, after: null });
    if (rules.length === 0) continue;
    noteConsent(many, row, null, idsOf(rules));
    waiting.add(row.id as number);
  }
  const ids = rows.map((row) => row.id as number).filter((id) => !waiting.has(id));
  const done: ManyDone = { matched: rows.length, ids };
  if (many.dry_run) {
    const all = rows.map((row) => row.id as number);
    const { preview, blocked } = await namersOf(deps, { resource, ids: all, db: trx, ...many.writer });
    done.preview = preview;
    for (const row of rows) {
      const by = blocked.get(row.id as number);
      if (by) noteFault(many, row, { '': { key: 'blocked_by', params: { by } } });
    }
  } else if (many.faults.ids.size > 0) return done;
  const gone = rows.filter((row) => !many.faults.ids.has(row.id as number) && !waiting.has(row.id as number));
  const before = new Map(gone.map(({ id, version: _version, ...record }) => [id as number, record as Row]));
  await deleteMany(many, before);
  await refuseWhileNamed(deps, trx, { resource, ids: [...before.keys()], ...many.writer });
  await guardMany(
    deps,
    many,
    gone.map((row) => ({ before: row, after: null })),
  );
  return done;
}

/** The sums of rows, the guard of the resource, rules of approval, and that nobody writes records out of their own sight. */
async function checkAfterwards(deps: Deps, many: Many, before: readonly Row[]): Promise<void> {
  const { resource } = many.shape;
  const { caller } = many.writer;
  const ids = before.map((row) => row.id as number);
  await sumMany(deps, many, before);
  const visible = visibleRows({ resource, caller, moment: await readMoment(deps.db, caller, many.writer.trx) });
  if (!resource.guard && !visible && !resource.approval) return;
  const after = new Map((await readMany(many.shape, ids, visible)).map((row) => [row.id, row]));
  if (after.size < ids.length) throw problem(403, 'forbidden_row');
  const consent = consentOf(deps, resource, many.writer);
  for (const row of before)
    if ((await consent.asks({ before: row, after: after.get(row.id)! })).rules.length > 0)
      noteFault(many, row, { '': { key: 'needs_consent' } });
  await guardMany(
    deps,
    many,
    before.map((row) => ({ before: row, after: after.get(row.id)! })),
  );
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
    const alone =
      field && (['password', 'rows', 'layout'].includes(field.kind) || (field.kind === 'predicate' && field.of));
    if (field && (field.unique || field.frozen || alone))
      errors[name] = { key: 'bulk_field', params: { label: field.label } };
  }
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
  if (Object.keys(input).length === 0) throw problem(400, 'bulk_nothing');
  return input;
}

/** What is the same for every record is checked once: may the fields be written, do the records named exist. */
async function checkShared(deps: Deps, resource: Resource, input: Row, first: Row, writer: Writer): Promise<void> {
  // As if the first record referred to nothing and had no conditions, so that every one counts as new.
  const refs = Object.keys(input).filter((name) => own(resource.fields, name)?.kind.startsWith('ref'));
  const conditions = Object.keys(input).filter((name) => own(resource.fields, name)?.kind === 'predicate');
  const current = { ...first, ...Object.fromEntries([...refs, ...conditions].map((name) => [name, null])) };
  try {
    await checkInput(deps, { resource, input, current, caller: writer.caller, trx: writer.trx });
  } catch (error) {
    // Faults of values are told per record, with all the others.
    const refs_wrong = error instanceof Problem && refs.some((name) => error.errors?.[name]);
    if (!(error instanceof Problem) || error.status !== 422 || refs_wrong) throw error;
  }
}

const idsOf = (rules: readonly ApprovalRule[]) => rules.map((rule) => rule.id);

function own(fields: { [name: string]: Field }, name: string): Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
