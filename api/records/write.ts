/**
 * Creating, changing and deleting records, each with its audit in the same transaction. A change carries only the fields
 * that differ and applies to the version it was made from; who comes second is told, with the record as it is now.
 */
import type { Kysely } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Field, Json, Lang, Resource, Row } from '../contract.ts';
import { problem } from '../errors.ts';
import type { DB } from '../schema.ts';
import { readColumns } from '../storage/columns.ts';
import { accessOf } from './access.ts';
import { announce } from './announce.ts';
import type { Agreed } from './approval.ts';
import type { Proposal } from './change-requests.ts';
import { checkConsent, orPropose } from './consent.ts';
import { firstAction } from './first-action.ts';
import { inTurn } from './in-turn.ts';
import { neededAdded } from './needed-fields.ts';
import { getRow } from './query.ts';
import { readCurrent, shapeOf } from './read-current.ts';
import { isNamedLoosely, lockNamed, newlyNamed, refuseWhileNamed } from './relations.ts';
import { checkSums } from './row-sums.ts';
import { saveRows } from './rows.ts';
import { isSameValue } from './same-value.ts';
import { columnOf } from './wire.ts';
import { type Answer, blockedBy, finish, readBack, stale, unread } from './write-answer.ts';
import { checkAfter, guard, staysVisible } from './write-checks.ts';
import { checkInput, hashPasswords } from './write-input.ts';
import {
  auditSlots,
  auditStatement,
  deleteStatement,
  driverValue,
  insertStatement,
  rowsFields,
  updateStatement,
  type WriteShape,
} from './write-statements.ts';
import { inUnit, type Unit } from './write-unit.ts';

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
  /** What was made with it and is told this once. */
  secret?: string;
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
  const first = action === 'create' ? await firstAction(deps, resource, values, writer) : null;
  const together = named.length > 0 || hasRows(resource) || first !== null;
  let secret: string | undefined;
  const row = await inUnit(deps, { resource, writer, together }, async (unit) => {
    await lockNamed(deps, unit.handle, named);
    const [created] = await unit.run<Answer>(insertStatement(shape), slots);
    await saveRowsOf(unit, shape, { id: created!.id, values, before: null, slots });
    await checkSums(unit.handle, { resource, ids: [created!.id] });
    await checkAfter(deps, unit, { resource, writer, id: created!.id, before: null });
    secret = await first?.(created!.id, unit.handle);
    // Read again where more than the row was made.
    return first ? { ...created!, body: null } : created!;
  });
  const written = await finish(deps, resource, writer, row);
  return secret === undefined ? written : { ...written, secret };
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
