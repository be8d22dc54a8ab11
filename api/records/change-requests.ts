/**
 * Changes that wait: proposed by one person, agreed to by another where the resource asks for it, applied at their time.
 * Applying one is an ordinary save with its author's rights; it is refused when somebody changed the same fields since.
 */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Json, Lang, ProposeRequest, Resource, Role, Row } from '../contract.ts';
import { Problem, problem, toProblem } from '../errors.ts';
import { evaluatePredicate } from '../predicate.ts';
import { readMoment } from '../programme.ts';
import type { DB } from '../schema.ts';
import { callerOf } from '../sign-in/sessions.ts';
import { accessOf, hasRole, standsFor } from './access.ts';
import { announce } from './announce.ts';
import { recordAudit } from './audit.ts';
import { resourceContext } from './resource-context.ts';
import { isSameValue } from './same-value.ts';
import { titleField } from './wire.ts';
import { createRecord, deleteRecord, isChange, readCurrent, updateRecord, type Writer } from './write.ts';
import { checkInput } from './write-input.ts';

export type ChangeRequest = Selectable<DB['app.change_requests']>;
type Action = 'create' | 'update' | 'delete';

/** What is to be proposed, checked: wire values of the fields that change, and what they are now. */
export interface Proposal {
  action: Action;
  id: number | null;
  base: Row;
  changes: Row;
  base_version: number | null;
  effective_at?: string | null;
  note?: string | null;
  draft?: boolean;
  reverts_id?: number;
}

/** Who may consent where a resource does not say so. */
const CONSENT: readonly Role[] = ['reviewer', 'manager'];

/** True when saving it takes the consent of somebody else. @param before, after null where there was or will be no record */
export async function needsConsent(
  deps: Pick<Deps, 'db'>,
  resource: Resource,
  { before, after }: { before: Row | null; after: Row | null },
): Promise<boolean> {
  if (!resource.approval) return false;
  const moment = await readMoment(deps.db, null);
  const context = resourceContext(resource);
  const { when } = resource.approval;
  return [before, after].some((row) => row !== null && evaluatePredicate(when, context, row, moment));
}

/** @throws Problem 403, 404, 422 as saving it would; 422 for a time that is no time */
export async function proposeChange(
  deps: Deps,
  resource: Resource,
  request: ProposeRequest,
  writer: Writer,
): Promise<number> {
  const { id = null, values = {}, effective_at = null, note = null, draft = false } = request;
  const { caller, lang } = writer;
  const access = accessOf(caller, resource);
  const about = { effective_at, note, draft };
  if (id === null) {
    if (!access.create) throw problem(403, 'forbidden_create', { resource: resource.label });
    const changes = await checkInput(deps, { resource, input: values, caller, lang });
    return storeProposal(
      deps,
      resource,
      { action: 'create', id, base: {}, changes, base_version: null, ...about },
      writer,
    );
  }
  const current = await readCurrent(deps, resource, id, writer);
  if (!current) throw problem(404, 'not_found');
  const base_version = current.version as number;
  if (request.delete) {
    if (!access.delete) throw problem(403, 'forbidden_delete', { resource: resource.label });
    const { id: _id, version: _version, ...base } = current;
    return storeProposal(deps, resource, { action: 'delete', id, base, changes: {}, base_version, ...about }, writer);
  }
  if (!access.edit) throw problem(403, 'forbidden_edit', { resource: resource.label });
  const checked = await checkInput(deps, { resource, input: values, current, caller, lang });
  const names = Object.keys(checked).filter((name) => isChange(resource.fields[name]!, checked[name], current[name]));
  if (names.length === 0) throw problem(422, 'nothing_changes');
  const pick = (row: Row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
  const proposal = {
    action: 'update' as const,
    id,
    base: pick(current),
    changes: pick(checked),
    base_version,
    ...about,
  };
  return storeProposal(deps, resource, proposal, writer);
}

/** @returns the id of the change request: a draft, one that waits for consent, or one that waits for its time only */
export async function storeProposal(
  deps: Deps,
  resource: Resource,
  proposal: Proposal,
  writer: Writer,
): Promise<number> {
  const { action, id, base, changes, base_version, effective_at = null, note = null, draft = false } = proposal;
  const before = action === 'create' ? null : base;
  const after = action === 'delete' ? null : { ...base, ...changes };
  // A rule over fields that do not change is judged by what they are.
  const whole = id === null ? {} : ((await readCurrent(deps, resource, id, writer)) ?? {});
  const needs_consent = await needsConsent(deps, resource, {
    before: before && { ...whole, ...before },
    after: after && { ...whole, ...after },
  });
  const { id: request_id } = await (writer.trx ?? deps.db)
    .insertInto('app.change_requests')
    .values({
      resource: resource.name,
      record_id: id,
      action,
      title: titleOf(resource, writer, { ...whole, ...changes }, id),
      state: draft ? 'draft' : needs_consent ? 'in_review' : 'approved',
      base: JSON.stringify(base),
      changes: JSON.stringify(changes),
      base_version,
      needs_consent,
      effective_at,
      note,
      reverts_id: proposal.reverts_id ?? null,
      created_by: writer.caller.id,
      submitted_at: draft ? null : sql<string>`now()`,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await recordAudit(writer.trx ?? deps.db, {
    caller: writer.caller,
    resource: 'change_requests',
    record_id: request_id,
    action: 'create',
    after: { resource: resource.name, record_id: id, action, note },
    request_id: writer.request_id,
  });
  announce(deps, 'change_requests', [request_id]);
  return request_id;
}

/** @throws Problem 403 when the caller's roles may not consent to changes of the resource, or they made it themselves */
export function checkMayDecide({ created_by, resource }: ChangeRequest, { resources }: Deps, caller: Caller): void {
  const target = resources.get(resource);
  if (created_by === caller.id) throw problem(403, 'four_eyes');
  if (!target || !accessOf(caller, target).list || !mayConsent(caller, target)) throw problem(403, 'may_not_decide');
}

function mayConsent(caller: Caller, { approval }: Resource): boolean {
  return approval ? hasRole(caller, approval.by) : standsFor(caller, CONSENT);
}

/** True when an approved change has waited long enough. */
export function isDue({ effective_at }: Pick<ChangeRequest, 'effective_at'>): boolean {
  return effective_at === null || Date.parse(effective_at) <= Date.now();
}

/**
 * Saves an approved change with the rights of its author, in the transaction that holds the request locked.
 * @throws Problem what a save throws; 409 naming the fields that somebody changed since it was proposed
 */
export async function applyChange(
  deps: Deps,
  trx: Kysely<DB>,
  request: ChangeRequest,
  { lang, request_id }: { lang: Lang; request_id: string | null },
): Promise<void> {
  const resource = deps.resources.get(request.resource);
  if (!resource) throw problem(409, 'unknown_resource', { resource: request.resource, hint: '' });
  const author = await trx
    .selectFrom('app.users')
    .select(['id', 'name', 'email', 'roles', 'pii', 'lang'])
    .where('id', '=', request.created_by)
    .where('status', '=', 'active')
    .executeTakeFirst();
  if (!author) throw problem(409, 'author_gone');
  const writer: Writer = {
    ...{ caller: callerOf(author), lang, request_id, trx, consented: true },
    reason: `#${request.id}${request.note ? ` ${request.note}` : ''}`,
  };
  const record_id = await applyTo(deps, resource, request, writer);
  await trx
    .updateTable('app.change_requests')
    .set({
      state: 'applied',
      record_id,
      applied_at: sql`clock_timestamp()`,
      problem: null,
      version: request.version + 1,
    })
    .where('id', '=', request.id)
    .execute();
  announce(deps, 'change_requests', [request.id]);
}

async function applyTo(deps: Deps, resource: Resource, request: ChangeRequest, writer: Writer): Promise<number> {
  const input = request.changes as Row;
  const base = request.base as Row;
  if (request.action === 'create') return (await createRecord(deps, resource, input, writer)).id;
  const id = request.record_id!;
  const current = await readCurrent(deps, resource, id, writer);
  if (!current) throw problem(409, 'change_record_gone');
  const names = request.action === 'delete' ? Object.keys(base) : Object.keys(input);
  const overtaken = overtakenFields(resource, { names, base, current });
  if (overtaken.length > 0) {
    const fields = overtaken.map((name) => resource.fields[name]!.label);
    throw problem(409, 'change_overtaken', { fields });
  }
  if (request.action === 'delete') await deleteRecord(deps, resource, { id, if_match: null }, writer);
  else await updateRecord(deps, resource, { id, input, if_match: null }, writer);
  return id;
}

/** Fields whose value is no longer the one the change was proposed from; what only the server sets does not count. */
export function overtakenFields(
  resource: Resource,
  { names, base, current }: { names: readonly string[]; base: Row; current: Row },
): string[] {
  return names.filter((name) => {
    const field = Object.hasOwn(resource.fields, name) ? resource.fields[name] : undefined;
    return field && !field.readonly && !isSameValue(field, base[name], current[name]);
  });
}

/** Why a change could not be applied, as both languages side by side. */
export function problemText(error: unknown, resource?: Resource): string {
  const fault = error instanceof Problem ? error : toProblem(error, resource);
  const said = (lang: Lang) => {
    const fields = Object.values(fault.speak(lang).errors ?? {}).map((each) => each.message);
    return [fault.speak(lang).message, ...fields].join(lang === 'zh' ? '；' : '; ');
  };
  return `${said('zh')} | ${said('en')}`.slice(0, 2000);
}

function titleOf(resource: Resource, { caller, lang }: Writer, record: Row, id: number | null): string {
  const name = titleField(resource, accessOf(caller, resource), lang);
  const value: Json | undefined = name && name !== 'id' ? record[name] : null;
  return (value ? String(value) : id === null ? '–' : `#${id}`).slice(0, 200);
}
