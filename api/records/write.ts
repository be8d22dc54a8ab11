/**
 * Creating, changing and deleting records, each with its audit in the same transaction. A change carries only the fields
 * that differ and applies to the version it was made from; who comes second is told, with the record as it is now.
 */
import { CompiledQuery, type Kysely, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Field, Json, Lang, Resource, Row } from '../contract.ts';
import { problem, retrying, toProblem } from '../errors.ts';
import { predicateFields } from '../predicate/fields.ts';
import { evaluatePredicate } from '../predicate.ts';
import { readMoment } from '../programme.ts';
import type { DB } from '../schema.ts';
import { readColumns } from '../storage/columns.ts';
import { loosely } from '../storage/loose-tables.ts';
import { fillSlots, type Statement } from '../storage/statements.ts';
import { accessOf } from './access.ts';
import { announce } from './announce.ts';
import type { Agreed } from './approval.ts';
import type { Proposal } from './change-requests.ts';
import { checkConsent, orPropose } from './consent.ts';
import { inTurn } from './in-turn.ts';
import { neededAdded } from './needed-fields.ts';
import { getRow, visibleRows } from './query.ts';
import { isNamedLoosely, lockNamed, newlyNamed, refuseWhileNamed } from './relations.ts';
import { resourceContext } from './resource-context.ts';
import { checkSums } from './row-sums.ts';
import { saveRows } from './rows.ts';
import { isSameValue } from './same-value.ts';
import { columnOf } from './wire.ts';
import { type Answer, blockedBy, finish, readBack, stale, unread } from './write-answer.ts';
import { checkInput, hashPasswords } from './write-input.ts';
import {
  auditSlots,
  auditStatement,
  currentStatement,
  deleteStatement,
  driverValue,
  insertStatement,
  rowsFields,
  updateStatement,
  type WriteShape,
} from './write-statements.ts';

export interface Writer {
  caller: Caller;
  lang: Lang;
  request_id: string | null;
  reason?: string | null;
  /** It is a change that waited, and these people agreed to it: what more consent it needs is thrown, not proposed. Passwords in it are hashes. */
  agreed?: Agreed;
  /** The transaction to write in, when the caller of this function has one. */
  trx?: Kysely<DB>;
  /** What the history calls it, where it is not a save; its caller tells the consoles when it is committed. */
  via?: 'import';
}
export interface Written {
  id: number;
  /** Nothing was saved: this change request now waits for consent. `id` is the record's, 0 where there is none yet. */
  proposed?: number;
  /** In a transaction of the caller: there was nothing to save. */
  unchanged?: true;
  /** The record as the writer reads it, as JSON text. */
  body: string;
  version: number | null;
}

/** A change without a version that another one overtook is tried again this often; then it waits for its turn. */
const ATTEMPTS = 5;

/** @throws Problem 403 naming fields, 422 with what is wrong per field */
export async function createRecord(deps: Deps, resource: Resource, input: Row, writer: Writer): Promise<Written> {
  const access = accessOf(writer.caller, resource);
  if (!access.create) throw problem(403, 'forbidden_create', { resource: resource.label });
  const values = await checkInput(deps, { resource, input, caller: writer.caller, trx: writer.trx });
  const proposal: Proposal = { action: 'create', id: null, base: {}, changes: { ...values }, base_version: null };
  return orPropose(deps, resource, proposal, writer, async () => {
    const by = await checkConsent(deps, resource, { before: null, after: values }, writer);
    if (!writer.agreed) await hashPasswords(resource, values, values);
    return insertRecord(deps, resource, { values, names: given(values), action: 'create' }, by);
  });
}

/**
 * A record as it once was, under its old id: a new row with every stored value, also those that only the server sets.
 * @throws Problem 403 when the writer would not see it, 422 when it no longer fits
 */
export async function storeRecord(deps: Deps, resource: Resource, record: Row, writer: Writer): Promise<Written> {
  const columns = (await readColumns(deps.db)).get(resource.table);
  const stored = Object.entries(resource.fields).filter(
    ([name, field]) =>
      field.kind === 'rows' || (field.kind !== 'password' && (field.custom || columns?.has(columnOf(name, field)))),
  );
  const values: Row = { id: record.id! };
  for (const [name] of stored) values[name] = record[name] ?? null;
  return insertRecord(deps, resource, { values, names: ['id', ...given(values, stored)], action: 'restore' }, writer);
}

/** Nothing said is left to the column's own default. */
function given(values: Row, fields?: readonly (readonly [string, Field])[]): string[] {
  const names = fields ? fields.map(([name]) => name) : Object.keys(values);
  return names.filter((name) => values[name] !== null).sort();
}

async function insertRecord(
  deps: Deps,
  resource: Resource,
  { values, names, action }: { values: Row; names: string[]; action: 'create' | 'restore' },
  writer: Writer,
): Promise<Written> {
  const shape = await shapeOf(deps, resource, writer, names);
  const slots = {
    ...valueSlots(resource, values, names),
    ...auditSlots({ ...about(writer), action: writer.via ?? action, before: null }),
  };
  const named = newlyNamed(resource.fields, values).filter((each) => !each.kept);
  const together = named.length > 0 || hasRows(resource);
  const row = await inUnit(deps, { resource, writer, together }, async (unit) => {
    await lockNamed(deps, unit.handle, named);
    const [created] = await unit.run<Answer>(insertStatement(shape), slots);
    await saveRowsOf(unit, shape, { id: created!.id, values, before: null, slots });
    await checkSums(unit.handle, { resource, ids: [created!.id] });
    await checkAfter(deps, unit, { resource, writer, id: created!.id, before: null });
    return created!;
  });
  return finish(deps, resource, writer, row);
}

/**
 * @param if_match the version the change was made from; null: whatever the version is
 * @throws Problem 404, 403 naming fields, 412 with the record as it is now, 422
 */
export async function updateRecord(
  deps: Deps,
  resource: Resource,
  { id, input, if_match }: { id: number; input: Row; if_match: number | null },
  writer: Writer,
): Promise<Written> {
  const access = accessOf(writer.caller, resource);
  if (!access.edit) throw problem(403, 'forbidden_edit', { resource: resource.label });
  const change = { id, input, if_match };
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const written = await tryUpdate(deps, resource, change, writer);
    if (written) return written;
    if (if_match !== null) throw await stale(deps, resource, id, writer);
  }
  const written = await inTurn(deps, resource, id, writer, (locking) => tryUpdate(deps, resource, change, locking));
  if (!written) throw problem(503, 'try_again');
  return written.proposed || writer.trx ? written : readBack(deps, resource, id, writer);
}

/** @returns null when another change came between reading the record and writing it */
async function tryUpdate(
  deps: Deps,
  resource: Resource,
  { id, input, if_match }: { id: number; input: Row; if_match: number | null },
  writer: Writer,
): Promise<Written | null> {
  const added = neededAdded(resource, accessOf(writer.caller, resource), input);
  const current = await readCurrent(deps, resource, id, writer, added);
  if (!current) throw problem(404, 'not_found');
  if (if_match !== null && current.version !== if_match) throw await stale(deps, resource, id, writer);
  const values = await checkInput(deps, { resource, input, current, caller: writer.caller, trx: writer.trx });
  const names = Object.keys(values)
    .filter((name) => isChange(resource.fields[name]!, values[name], current[name]))
    .sort();
  if (names.length === 0 && writer.trx) return { id, body: '', version: current.version as number, unchanged: true };
  if (names.length === 0) return readBack(deps, resource, id, writer);
  const changed: Row = Object.fromEntries(names.map((name) => [name, values[name]!]));
  const base = Object.fromEntries(names.map((name) => [name, current[name] ?? null]));
  const base_version = current.version as number;
  const proposal: Proposal = { action: 'update', id, base, changes: { ...changed }, base_version };
  return orPropose(deps, resource, proposal, writer, async () => {
    const after = { ...current, ...changed };
    const by = await checkConsent(deps, resource, { before: current, after }, writer);
    if (!writer.agreed) await hashPasswords(resource, changed, after);
    return applyChange(deps, resource, { current, changed, names }, by);
  });
}

/** @returns the record as it was. @throws Problem 404, 403, 409 naming what refers to it, 412 */
export async function deleteRecord(
  deps: Deps,
  resource: Resource,
  { id, if_match }: { id: number; if_match: number | null },
  writer: Writer,
): Promise<Written> {
  const access = accessOf(writer.caller, resource);
  if (!access.delete) throw problem(403, 'forbidden_delete', { resource: resource.label });
  const current = await readCurrent(deps, resource, id, writer);
  const seen = current && (writer.trx ? unread(id, null) : await getRow(deps, resource, id, writer));
  if (!current || !seen) throw problem(404, 'not_found');
  if (if_match !== null && current.version !== if_match) throw await stale(deps, resource, id, writer);
  const { id: _id, version, ...before } = current;
  const base_version = version as number;
  const proposal: Proposal = { action: 'delete', id, base: before, changes: {}, base_version };
  return orPropose(deps, resource, proposal, writer, async () => {
    const by = await checkConsent(deps, resource, { before: current, after: null }, writer);
    const shape = await shapeOf(deps, resource, writer, []);
    const slots = { id, version, ...auditSlots({ ...about(by), action: 'delete', before }) };
    const together = isNamedLoosely(deps, resource);
    const gone = await inUnit(deps, { resource, writer, together }, async (unit) => {
      const rows = await unit.run<{ id: number }>(deleteStatement(shape), slots);
      if (rows.length === 0) return rows;
      if (together) await refuseWhileNamed(deps, unit.handle, { resource, ids: [id], ...writer });
      await guard(unit, { resource, writer, id, before: current, after: null });
      return rows;
    }).catch((error: unknown) => {
      throw blockedBy(deps, error);
    });
    if (gone.length === 0) throw await stale(deps, resource, id, writer);
    announce(deps, resource.name, [id], writer.trx);
    return { id, body: seen.body, version: seen.version };
  });
}

/**
 * The record with every field unmasked, for the server's own use; null when the caller may not see it.
 * @param added the added fields that are read; null: all of them
 */
export async function readCurrent(
  deps: Deps,
  resource: Resource,
  id: number,
  writer: Writer,
  added: readonly string[] | null = null,
): Promise<Row | null> {
  const shape = await shapeOf(deps, resource, writer, []);
  const moment = await readMoment(deps.db, writer.caller, writer.trx);
  const visible = visibleRows({ resource, caller: writer.caller, moment });
  const statement = currentStatement(shape, visible, added);
  const [found] = await unitOver(deps, writer.trx).run<{ record: Row }>(statement, { id });
  return found?.record ?? null;
}

interface Unit {
  /** The transaction, or the pool for a statement that commits by itself. */
  handle: Kysely<DB>;
  run<R>(statement: Statement, slots: { [slot: string]: unknown }): Promise<R[]>;
}
/** One version further, or null when the record has moved on meanwhile. */
async function applyChange(
  deps: Deps,
  resource: Resource,
  { current, changed, names }: { current: Row; changed: Row; names: string[] },
  writer: Writer,
): Promise<Written | null> {
  const id = current.id as number;
  const before: Row = {};
  for (const name of names) before[name] = current[name] ?? null;
  const shape = await shapeOf(deps, resource, writer, names);
  const slots = {
    ...valueSlots(resource, changed, names),
    ...auditSlots({ ...about(writer), action: writer.via ?? 'update', before }),
    id,
    version: current.version,
  };
  const named = newlyNamed(resource.fields, changed, current).filter((each) => !each.kept);
  const together = named.length > 0 || hasRows(resource);
  const stays = await staysVisible(deps, resource, { current, changed }, writer);
  const row = await inUnit(deps, { resource, writer, together, stays }, async (unit) => {
    await lockNamed(deps, unit.handle, named);
    const [updated] = await unit.run<Answer>(updateStatement(shape), slots);
    if (!updated) return null;
    await saveRowsOf(unit, shape, { id, values: changed, before: current, slots });
    await checkSums(unit.handle, { resource, ids: [id] });
    await checkAfter(deps, unit, { resource, writer, id, before: current, stays });
    return updated;
  });
  return row && finish(deps, resource, writer, row);
}

/** The rows of child tables, and then the entry in the audit, which says what became of them. */
async function saveRowsOf(
  unit: Unit,
  shape: WriteShape,
  { id, values, before, slots }: { id: number; values: Row; before: Row | null; slots: { [slot: string]: unknown } },
): Promise<void> {
  const fields = rowsFields(shape);
  if (fields.length === 0) return;
  const old: Row = before ? (JSON.parse(slots.$before as string) as Row) : {};
  const now: Row = {};
  for (const name of fields) {
    const field = shape.resource.fields[name] as Field & { kind: 'rows' };
    const was = (before?.[name] ?? []) as Row[];
    const change = await saveRows(unit.handle, { name, field, id, before: was, after: values[name] as Row[] });
    now[name] = change.after;
    if (before) old[name] = change.before;
  }
  const said = { ...slots, id, $before: before && JSON.stringify(old), $rows: JSON.stringify(now) };
  await unit.run(auditStatement(shape), said);
}

/** A single statement commits by itself; what must be looked at afterwards, or belongs to more, runs in a transaction. */
async function inUnit<T>(
  deps: Deps,
  {
    resource,
    writer,
    together,
    stays = false,
  }: { resource: Resource; writer: Writer; together: boolean; stays?: boolean },
  work: (unit: Unit) => Promise<T>,
): Promise<T> {
  try {
    if (writer.trx) return await work(unitOver(deps, writer.trx));
    const seen = stays || !accessOf(writer.caller, resource).rows;
    const alone = !together && !resource.guard && !resource.approval && seen;
    return await retrying(() =>
      alone ? work(unitOver(deps)) : deps.db.transaction().execute((trx) => work(unitOver(deps, trx))),
    );
  } catch (error) {
    throw toProblem(error, resource);
  }
}

function unitOver({ db, pool }: Deps, trx?: Kysely<DB>): Unit {
  return {
    handle: trx ?? db,
    run: async <R>(statement: Statement, slots: { [slot: string]: unknown }) => {
      const values = fillSlots(statement, slots);
      if (trx) return (await trx.executeQuery<R>(CompiledQuery.raw(statement.text, values))).rows;
      return (await pool.query({ name: statement.name, text: statement.text, values })).rows as R[];
    },
  };
}

interface Change {
  resource: Resource;
  writer: Writer;
  id: number;
  before: Row | null;
  /** It is known that the writer goes on seeing it. */
  stays?: boolean;
}

/**
 * Whether the values alone tell that the writer goes on seeing the record: the version that they were read with is the one
 * that is replaced, and nothing in the condition is worked out by the server.
 * @throws Problem 403 where they tell that not
 */
async function staysVisible(
  deps: Deps,
  resource: Resource,
  { current, changed }: { current: Row; changed: Row },
  { caller, trx }: Writer,
): Promise<boolean> {
  const { rows } = accessOf(caller, resource);
  if (!rows || typeof current.version !== 'number') return false;
  const plain = (name: string) => name === 'id' || resource.fields[name]?.readonly === undefined;
  if (![...predicateFields(rows)].every(plain)) return false;
  const moment = await readMoment(deps.db, caller, trx);
  const stays = evaluatePredicate(rows, resourceContext(resource), { ...current, ...changed }, moment);
  if (!stays) throw problem(403, 'forbidden_row');
  return true;
}

/** The guard of the resource, and that nobody writes a record out of their own sight. */
async function checkAfter(deps: Deps, unit: Unit, { resource, writer, id, before, stays }: Change): Promise<void> {
  const moment = await readMoment(deps.db, writer.caller, unit.handle);
  const visible = stays ? null : visibleRows({ resource, caller: writer.caller, moment });
  if (!resource.guard && !visible && !resource.approval) return;
  const shape = await shapeOf(deps, resource, { ...writer, trx: unit.handle }, []);
  const [found] = await unit.run<{ record: Row }>(currentStatement(shape, visible), { id });
  if (!found) throw problem(403, 'forbidden_row');
  await checkConsent(deps, resource, { before, after: found.record }, { ...writer, trx: unit.handle });
  await guard(unit, { resource, writer, id, before, after: found.record });
}

async function guard(
  { handle }: Unit,
  { resource, writer, id, before, after }: Change & { after: Row | null },
): Promise<void> {
  if (!resource.guard) return;
  const routine = sql.id('ops', resource.guard);
  const json = (row: Row | null) => sql`${row && JSON.stringify(row)}::jsonb`;
  await sql`select ${routine}(${id}::bigint, ${writer.caller.id}::bigint, ${json(before)}, ${json(after)})`.execute(
    handle,
  );
}

function hasRows({ fields }: Resource): boolean {
  return Object.values(fields).some((field) => field.kind === 'rows');
}

/** Whether the value differs from the stored one. A password that was given is always a change: the old one cannot be compared. */
export function isChange(field: Field, given: Json | undefined, current: Json | undefined): boolean {
  return field.kind === 'password' ? given !== null : !isSameValue(field, given, current);
}

function valueSlots(resource: Resource, values: Row, names: readonly string[]): { [slot: string]: unknown } {
  return Object.fromEntries(
    names
      .filter((name) => name === 'id' || resource.fields[name]!.kind !== 'rows')
      .map((name) => [name, name === 'id' ? values.id : driverValue(resource.fields[name]!, values[name])]),
  );
}

function about({ caller, request_id, reason = null }: Writer) {
  return { caller, request_id, reason };
}

/** What the statements of a write are made from. */
export async function shapeOf(
  deps: Deps,
  resource: Resource,
  { caller, trx }: Writer,
  names: string[],
): Promise<WriteShape> {
  const columns = await readColumns(deps.db);
  return { db: loosely(trx ?? deps.db), resource, access: accessOf(caller, resource), columns, names };
}
