/**
 * How a change that waits goes on: it is looked at by the rules as they are now, waits for whoever has to agree, then for
 * its time, and is applied. Applying one is an ordinary save with its author's rights; it is refused when somebody changed
 * the same fields since.
 */
import { type Kysely, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { ApprovalRule, Lang, Resource, Role, Row } from '../contract.ts';
import { Problem, problem, toProblem } from '../errors.ts';
import type { DB } from '../schema.ts';
import { callerOf } from '../sign-in/sessions.ts';
import { loosely } from '../storage/loose-tables.ts';
import { accessOf, standsFor } from './access.ts';
import { actWithin } from './action.ts';
import { announce } from './announce.ts';
import { consentOf, NeedsConsent, peopleAgreed, settles, unsettled } from './approval.ts';
import { type ChangeRequest, changeOf, type Proposal } from './change-requests.ts';
import { readCurrent } from './read-current.ts';
import { isSameValue } from './same-value.ts';
import { restoreEntry } from './trash.ts';
import { createRecord, deleteRecord, updateRecord, type Writer } from './write.ts';

/** Who may consent where no rule says so: somebody sent in what no rule asks about any more. */
const CONSENT: readonly Role[] = ['reviewer', 'manager'];

interface About {
  lang: Lang;
  request_id: string | null;
}

/** @throws Problem 403 when it is the caller's own change, or none of the rules it waits for is theirs to settle */
export async function checkMayDecide(
  deps: Deps,
  request: ChangeRequest,
  { caller, trx }: { caller: Caller; trx: Kysely<DB> },
): Promise<void> {
  const target = deps.resources.get(request.resource);
  if (request.created_by === caller.id) throw problem(403, 'four_eyes');
  if (!target || !accessOf(caller, target).list) throw problem(403, 'may_not_decide');
  const asking = await askingNow(deps, trx, request, await authorOf(trx, request));
  const may = asking.length > 0 ? asking.some((rule) => settles(caller, rule)) : standsFor(caller, CONSENT);
  if (!may) throw problem(403, 'may_not_decide');
}

/**
 * Moves a change as far as it can go, in the transaction that holds the request locked.
 * @throws Problem what a save throws; 409 naming the fields that somebody changed since it was proposed
 */
export async function moveOn(
  deps: Deps,
  trx: Kysely<DB>,
  request: ChangeRequest,
  about: About,
): Promise<'waits' | 'scheduled' | 'applied'> {
  const author = await authorOf(trx, request);
  await lockRecord(deps, trx, request);
  const agreed = await peopleAgreed(trx, request.id);
  const asking = await askingNow(deps, trx, request, author);
  if (unsettled(asking, agreed).length > 0) return wait(deps, trx, request, asking);
  const needs_consent = asking.length > 0;
  if (!isDue(request)) {
    await store(deps, trx, request, { state: 'approved', needs_consent });
    return 'scheduled';
  }
  await sql`savepoint applied`.execute(trx);
  try {
    await sql`select set_config('evergreen.effective_at', ${appointedAt(request)}, true)`.execute(trx);
    const record_id = await applyTo(deps, request, {
      ...{ caller: author, lang: about.lang, request_id: about.request_id, trx, agreed },
      reason: `#${request.id}${request.note ? ` ${request.note}` : ''}`,
    });
    await sql`release savepoint applied`.execute(trx);
    await sql`select set_config('evergreen.effective_at', '', true)`.execute(trx);
    const applied_at = sql<string>`clock_timestamp()`;
    await store(deps, trx, request, { state: 'applied', needs_consent, record_id, applied_at, problem: null });
    return 'applied';
  } catch (error) {
    if (!(error instanceof NeedsConsent)) throw error;
    // What only shows in the record as it would be stored.
    await sql`rollback to savepoint applied`.execute(trx);
    return wait(deps, trx, request, [...asking, ...error.rules]);
  }
}

/** Of two changes of one record the second sees what the first did. */
async function lockRecord(deps: Deps, trx: Kysely<DB>, request: ChangeRequest): Promise<void> {
  const { table } = resourceOf(deps, request);
  if (request.record_id !== null)
    await loosely(trx).selectFrom(table).select('id').where('id', '=', request.record_id).forUpdate().execute();
}

async function wait(
  deps: Deps,
  trx: Kysely<DB>,
  request: ChangeRequest,
  asking: readonly ApprovalRule[],
): Promise<'waits'> {
  const asked_by = [...new Set(asking.map((rule) => rule.id))];
  await store(deps, trx, request, { state: 'in_review', needs_consent: true, asked_by });
  return 'waits';
}

async function store(
  deps: Deps,
  trx: Kysely<DB>,
  { id }: ChangeRequest,
  values: { [column: string]: unknown },
): Promise<void> {
  await trx
    .updateTable('app.change_requests')
    .set({ ...values, version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
  announce(deps, 'change_requests', [id], trx);
}

/** The rules that ask for consent to it now, and those that asked when it was tried and are still in force. */
export async function askingNow(
  deps: Deps,
  trx: Kysely<DB>,
  request: ChangeRequest,
  author: Caller,
): Promise<ApprovalRule[]> {
  const resource = resourceOf(deps, request);
  if (!resource.approval) return [];
  const writer = { caller: author, lang: author.lang, request_id: null, trx };
  const proposal = { action: request.action as Proposal['action'], changes: request.changes as Row };
  const isNew = proposal.action === 'create' || proposal.action === 'restore';
  const current = isNew ? {} : await readCurrent(deps, resource, request.record_id!, writer);
  if (!current) throw problem(409, 'change_record_gone');
  const consent = consentOf(deps, resource, writer);
  const { rules, alone } = await consent.asks(changeOf(proposal, current));
  const seen = new Set(rules.map((rule) => rule.id));
  const before = alone ? [] : resource.approval.filter(({ id }) => request.asked_by.includes(id) && !seen.has(id));
  return [...rules, ...before];
}

/** When a change that was ready before its time takes effect, to the moment; '' for one that comes when it comes. */
function appointedAt({ effective_at, decided_at, submitted_at }: ChangeRequest): string {
  const ready = decided_at ?? submitted_at;
  return effective_at !== null && ready !== null && Date.parse(ready) <= Date.parse(effective_at) ? effective_at : '';
}

/** True when an approved change has waited long enough. */
export function isDue({ effective_at }: Pick<ChangeRequest, 'effective_at'>): boolean {
  return effective_at === null || Date.parse(effective_at) <= Date.now();
}

/** Who proposed it, with the rights they have now. @throws Problem 409 when they are no longer here */
export async function authorOf(trx: Kysely<DB>, { created_by }: ChangeRequest): Promise<Caller> {
  const author = await trx
    .selectFrom('app.users')
    .select(['id', 'name', 'email', 'roles', 'pii', 'lang'])
    .where('id', '=', created_by)
    .where('status', '=', 'active')
    .executeTakeFirst();
  if (!author) throw problem(409, 'author_gone');
  return callerOf(author);
}

function resourceOf({ resources }: Deps, { resource }: ChangeRequest): Resource {
  const found = resources.get(resource);
  if (!found) throw problem(409, 'unknown_resource', { resource, hint: '' });
  return found;
}

async function applyTo(deps: Deps, request: ChangeRequest, writer: Writer): Promise<number> {
  const resource = resourceOf(deps, request);
  const input = request.changes as Row;
  const base = request.base as Row;
  const details = (request.details ?? {}) as Row;
  if (request.action === 'create') return (await createRecord(deps, resource, input, writer)).id;
  if (request.action === 'restore') return (await restoreEntry(deps, resource, details.entry as number, writer)).id;
  const id = request.record_id!;
  const current = await readCurrent(deps, resource, id, writer);
  if (!current) throw problem(409, 'change_record_gone');
  const names = Object.keys(request.action === 'update' ? input : base);
  const overtaken = overtakenFields(resource, { names, base, current });
  if (overtaken.length > 0) {
    const fields = overtaken.map((name) => resource.fields[name]!.label);
    throw problem(409, 'change_overtaken', { fields });
  }
  if (request.action === 'action') {
    const call = { name: details.name as string, id, input: details.input as Row, if_match: null };
    await actWithin(deps, resource, call, { ...writer, trx: writer.trx! });
  } else if (request.action === 'delete') await deleteRecord(deps, resource, { id, if_match: null }, writer);
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
