/**
 * Runs an action of a definition: the role, the input and the record's state are checked here, the work is a routine of
 * ops, and what it changed is written to the audit, all in one transaction with the record locked.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Kysely, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import { contextsOf } from '../contexts.ts';
import {
  type ActionDefinition,
  type ActionScope,
  actsOn,
  type Json,
  type Pair,
  type Resource,
  type Row,
} from '../contract.ts';
import { fieldErrors, Problem, problem, retrying, toProblem } from '../errors.ts';
import { predicateToSql } from '../predicate-sql.ts';
import { readMoment } from '../programme.ts';
import type { DB } from '../schema.ts';
import { loosely } from '../storage/loose-tables.ts';
import { validateRecord } from '../validate.ts';
import { accessOf, mayAct } from './access.ts';
import { announce, inTransaction } from './announce.ts';
import { recordAudit } from './audit.ts';
import type { Proposal } from './change-requests.ts';
import { checkActed, orPropose } from './consent.ts';
import { fieldColumn } from './field-column.ts';
import { getRow } from './query.ts';
import { readCurrent } from './read-current.ts';
import { missingNamed, newlyNamed } from './relations.ts';
import { resourceContext } from './resource-context.ts';
import { isSameValue } from './same-value.ts';
import { relationOf } from './wire.ts';
import type { Writer } from './write.ts';

interface Call {
  name: string;
  /** Null for an action of the whole resource. */
  id: number | null;
  input: Row;
  if_match: number | null;
}

/**
 * @returns what the routine answers, a `message` that is a pair in the caller's language; or `proposed`, the change request
 *   that waits instead
 * @throws Problem 404, 403, 409 when the record's state does not allow it, 412, 422
 */
export async function runAction(
  deps: Deps,
  resource: Resource,
  call: Call,
  writer: Writer,
): Promise<{ answer: Json } | { proposed: number }> {
  const { name, id, input } = call;
  const { caller, lang } = writer;
  const action = actionNamed(resource, { name, scope: id === null ? 'resource' : 'record' }, caller);
  const proposal: Proposal = {
    ...{ action: 'action', id, base: {}, changes: {}, base_version: null },
    details: { name, input },
  };
  // Before the transaction: many at once that each want a second connection in theirs would wait for each other for ever.
  const values = await checkActionInput(deps, resource, action, input, writer);
  const work = () =>
    retrying(() =>
      inTransaction(deps, async (trx) => ({
        answer: await actWithin(deps, resource, { ...call, values }, { ...writer, trx }, proposal),
      })),
    );
  const done = await orPropose(deps, resource, proposal, writer, work).catch(async (error: unknown) => {
    // Read when the lock is gone: whoever holds one must not wait for a second connection.
    const stale = error instanceof Problem && error.key === 'stale' && id !== null;
    const seen = stale ? await getRow(deps, resource, id, writer) : null;
    if (seen) throw problem(412, 'stale', {}, { record: JSON.parse(seen.body) as Row });
    throw toProblem(error, { ...resource, fields: { ...resource.fields, ...action.input } });
  });
  if (!('answer' in done)) return { proposed: done.proposed! };
  announce(deps, resource.name, id === null ? [] : [id]);
  return { answer: inLanguage(done.answer, lang) };
}

/**
 * The same in the writer's transaction, as it answers.
 * @param call with `values` where the input is checked already
 * @param proposal told what the action changes, so that it can wait for consent with it
 */
export async function actWithin(
  deps: Deps,
  resource: Resource,
  { name, id, input, if_match, values: checked }: Call & { values?: Row },
  writer: Writer & { trx: Kysely<DB> },
  proposal?: Proposal,
): Promise<Json> {
  const { caller, request_id, trx } = writer;
  const action = actionNamed(resource, { name, scope: id === null ? 'resource' : 'record' }, caller);
  const values = checked ?? (await checkActionInput({ ...deps, db: trx }, resource, action, input, writer));
  const before = id === null ? null : await lockRecord(deps, trx, { resource, action, id, if_match }, writer);
  const result = await perform(deps, action, { id, before, values, writer, trx });
  const after = id === null ? null : await readCurrent(deps, resource, id, writer);
  const differing = id === null ? null : changedFields(resource, before, after);
  const changed = differing && action.erases ? withoutValues(differing) : differing;
  if (changed && proposal) Object.assign(proposal, { base: changed.before ?? {}, changes: changed.after ?? {} });
  const by = await checkActed(deps, resource, { action, before, after, result }, writer);
  const reason = [name, values.reason, by.reason].filter((part) => typeof part === 'string').join(': ');
  await recordAudit(trx, {
    caller,
    resource: resource.name,
    record_id: id,
    action: 'action',
    // Of an action without a record it is kept what was asked for.
    ...(changed ?? { before: null, after: keptInput(action, values) }),
    reason,
    request_id,
  });
  return result;
}

/** @throws Problem 404 for a name that is no such action, 403 */
export function actionNamed(
  resource: Resource,
  { name, scope }: { name: string; scope: ActionScope },
  caller: Caller,
): ActionDefinition {
  const actions = resource.actions ?? {};
  const action = Object.hasOwn(actions, name) ? actions[name]! : null;
  if (!action || !actsOn(action, scope)) throw problem(404, 'unknown_action', { name: name.slice(0, 60) });
  if (!accessOf(caller, resource).list || !mayAct(caller, resource, action))
    throw problem(403, 'forbidden_action', { action: action.label });
  return action;
}

/** What the action's routine or handler answers. */
export async function perform(
  deps: Deps,
  action: ActionDefinition,
  {
    id,
    before,
    values,
    writer,
    trx,
  }: { id: number | null; before: Row | null; values: Row; writer: Writer; trx: Kysely<DB> },
): Promise<Json> {
  if (!action.handler) return callRoutine(trx, action, { id, user_id: writer.caller.id, values });
  const { act } = await handlerOf(action.handler);
  return act(deps, { id, before, input: values, writer, trx });
}

/** What a file of api/actions exports. `act` runs in the transaction of the action, with the record locked. */
export interface ActionHandler {
  /** What it is given, for those who are to agree to it; the fields of its input, where a file says nothing. */
  describe?(deps: Deps, input: Row): { label: Pair; value: Pair }[];
  /** What `act` would come to, in a transaction that does not commit. */
  preview?(
    deps: Deps,
    call: { id: number | null; input: Row; writer: Writer; trx: Kysely<DB> },
  ): Promise<{ columns: Pair[]; rows: { label: Pair; values: (Pair | string)[] }[]; notes: Pair[] }>;
  act(
    deps: Deps,
    call: { id: number | null; before: Row | null; input: Row; writer: Writer; trx: Kysely<DB> },
  ): Promise<Json>;
}

const FOLDER = join(import.meta.dirname, '..', 'actions');

/** What an action that waits is given, as its reader may be told: no secrets, no personal data. */
export async function describeInput(
  deps: Deps,
  action: ActionDefinition,
  values: Row,
): Promise<{ label: Pair; value: Pair }[]> {
  const { describe } = action.handler ? await handlerOf(action.handler) : {};
  if (describe) return describe(deps, values);
  return Object.entries(keptInput(action, values) ?? {}).flatMap(([name, value]) => {
    const field = action.input![name]!;
    if (value === null || typeof value === 'object') return [];
    const choice = field.kind === 'choice' ? field.choices[String(value)] : undefined;
    return [{ label: field.label, value: choice ?? ([String(value), String(value)] as const) }];
  });
}

export async function handlerOf(name: string): Promise<ActionHandler> {
  return (await import(pathToFileURL(join(FOLDER, `${name}.ts`)).href)) as ActionHandler;
}

/** @throws Problem 422 naming what is wrong with the input */
export async function checkActionInput(
  deps: Deps,
  resource: Resource,
  { input: fields = {} }: ActionDefinition,
  input: Row,
  { caller }: Writer,
) {
  const moment = await readMoment(deps.db, caller);
  const asked: Resource = { ...resource, fields, rules: [] };
  const { values, errors } = validateRecord({
    resource: asked,
    input,
    mode: 'create',
    moment,
    contexts: contextsOf(deps.resources),
    private_webhooks: deps.config.private_webhooks,
    time_zone: moment.time_zone,
  });
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
  const missing = await missingNamed(deps, newlyNamed(fields, values), caller);
  if (Object.keys(missing).length > 0) throw fieldErrors(missing);
  return values;
}

/** The record, locked, when its state allows the action. */
export async function lockRecord(
  deps: Deps,
  trx: Kysely<DB>,
  {
    resource,
    action,
    id,
    if_match,
  }: { resource: Resource; action: ActionDefinition; id: number; if_match: number | null },
  writer: Writer,
): Promise<Row> {
  await loosely(trx).selectFrom(resource.table).select('id').where('id', '=', id).forUpdate().execute();
  const current = await readCurrent(deps, resource, id, { ...writer, trx });
  if (!current) throw problem(404, 'not_found');
  if (if_match !== null && current.version !== if_match) throw problem(412, 'stale');
  if (!action.allow) return current;
  const moment = await readMoment(deps.db, writer.caller, trx);
  const column = (field: string) => fieldColumn(resource, field, 't');
  const allowed = await loosely(trx)
    .selectFrom(`${relationOf(resource)} as t`)
    .select('t.id')
    .where('t.id', '=', id)
    .where(predicateToSql(action.allow, resourceContext(resource), { column, moment }))
    .executeTakeFirst();
  if (!allowed) throw problem(409, 'action_not_allowed', { action: action.label });
  return current;
}

async function callRoutine(
  trx: Kysely<DB>,
  action: ActionDefinition,
  { id, user_id, values }: { id: number | null; user_id: number; values: Row },
): Promise<Json> {
  const routine = sql.id('ops', action.procedure!);
  const { rows } = await sql<{ result: Json }>`
    select ${routine}(${id}::bigint, ${user_id}::bigint, ${JSON.stringify(values)}::jsonb) as result
  `.execute(trx);
  return rows[0]?.result ?? null;
}

function keptInput({ input = {} }: ActionDefinition, values: Row): Row | null {
  const kept = Object.entries(values).filter(
    ([name]) => input[name] && input[name].kind !== 'password' && !input[name].pii,
  );
  return kept.length > 0 ? Object.fromEntries(kept) : null;
}

/** The fields that differ, as they were and as they are. */
export function changedFields(
  resource: Resource,
  before: Row | null,
  after: Row | null,
): { before: Row | null; after: Row | null } {
  if (!before || !after) return { before, after };
  const names = Object.entries(resource.fields)
    .filter(([name, field]) => field.kind !== 'password' && !isSameValue(field, before[name], after[name]))
    .map(([name]) => name);
  const only = (row: Row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
  return { before: only(before), after: only(after) };
}

function withoutValues({ before, after }: ReturnType<typeof changedFields>): ReturnType<typeof changedFields> {
  const named = (row: Row | null) => row && Object.fromEntries(Object.keys(row).map((name) => [name, null]));
  return { before: named(before), after: named(after) };
}

function inLanguage(answer: Json, lang: Writer['lang']): Json {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer) || !Array.isArray(answer.message))
    return answer;
  return { ...answer, message: answer.message[lang === 'zh' ? 0 : 1] ?? null };
}
