/** Where a write meets the rules of approval: it goes on, or what was to be written waits as a change request. */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { ActionDefinition, Json, Resource, Row } from '../contract.ts';
import { problem } from '../errors.ts';
import { say } from '../messages.ts';
import type { DB } from '../schema.ts';
import { type Change, consentOf, NeedsConsent } from './approval.ts';
import { type Proposal, storeProposal } from './change-requests.ts';
import { readCurrent } from './read-current.ts';
import type { Writer, Written } from './write.ts';

/**
 * @returns the writer, who says so where they are an administrator whom nobody could have agreed with
 * @throws NeedsConsent
 */
export async function checkConsent(deps: Deps, resource: Resource, change: Change, writer: Writer): Promise<Writer> {
  if (!resource.approval) return writer;
  const { rules, alone } = await consentOf(deps, resource, writer).asks(change);
  if (rules.length > 0) throw new NeedsConsent(rules);
  if (!alone) return writer;
  const said = say(writer.lang, 'nobody_to_consent');
  return { ...writer, reason: writer.reason ? `${writer.reason} (${said})` : said };
}

/**
 * Does the work, or has it wait where it turns out to need consent: by the values, or by the record as it would be stored.
 * @throws NeedsConsent for what was proposed already
 */
export async function orPropose<T>(
  deps: Deps,
  resource: Resource,
  proposal: Proposal,
  writer: Writer,
  work: () => Promise<T>,
): Promise<T | Written> {
  if (!resource.approval) return work();
  try {
    return writer.trx ? await inSavepoint(writer.trx, work) : await work();
  } catch (error) {
    if (!(error instanceof NeedsConsent) || writer.agreed) throw error;
    const asked_by = error.rules.map((rule) => rule.id);
    const id = await storeProposal(deps, resource, { note: writer.reason, ...proposal, asked_by }, writer);
    return { id: proposal.id ?? 0, proposed: id, body: '', version: null };
  }
}

async function inSavepoint<T>(trx: Kysely<DB>, work: () => Promise<T>): Promise<T> {
  await sql`savepoint tried`.execute(trx);
  try {
    const done = await work();
    await sql`release savepoint tried`.execute(trx);
    return done;
  } catch (error) {
    await sql`rollback to savepoint tried`.execute(trx);
    throw error;
  }
}

/**
 * What an action did, looked at by the rules: to its record, and in the record that it says it made.
 * @returns the writer, as checkConsent
 * @throws NeedsConsent; Problem 409 for what cannot be done later: without a record, or with a secret that is shown once
 */
export async function checkActed(
  deps: Deps,
  resource: Resource,
  { action, before, after, result }: { action: ActionDefinition; before: Row | null; after: Row | null; result: Json },
  writer: Writer & { trx: Kysely<DB> },
): Promise<Writer> {
  const told = typeof result === 'object' && result !== null && !Array.isArray(result) ? result : {};
  try {
    const made = typeof told.resource === 'string' ? deps.resources.get(told.resource) : undefined;
    if (made?.approval && typeof told.id === 'number') {
      const record = await readCurrent(deps, made, told.id, writer);
      if (record) await checkConsent(deps, made, { before: null, after: record }, writer);
    }
    // An action of the whole resource is about no record: a condition cannot spare it.
    const whole = { ...resource, approval: resource.approval?.map((rule) => ({ ...rule, when: {} })) };
    const none = before === null && after === null;
    return await checkConsent(
      deps,
      none ? whole : resource,
      { before: before ?? {}, after: after ?? before ?? {}, acted: true, edits: action.edits === true },
      writer,
    );
  } catch (error) {
    const later = before !== null && told.secret === undefined;
    if (error instanceof NeedsConsent && !later) throw problem(409, 'action_cannot_wait', { action: action.label });
    throw error;
  }
}
