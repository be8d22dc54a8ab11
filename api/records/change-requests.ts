/**
 * Changes that wait: what is to be saved, deleted, restored or done, with the values it would replace. How they go on from
 * there is in change-course.ts.
 */
import { type Selectable, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Json, ProposeRequest, Resource, Row } from '../contract.ts';
import { problem } from '../errors.ts';
import type { DB } from '../schema.ts';
import { accessOf } from './access.ts';
import { announce } from './announce.ts';
import { type Change, consentOf } from './approval.ts';
import { recordAudit } from './audit.ts';
import { readCurrent } from './read-current.ts';
import { titleField } from './wire.ts';
import { isChange, type Writer } from './write.ts';
import { checkInput, hashPasswords } from './write-input.ts';

export type ChangeRequest = Selectable<DB['app.change_requests']>;

/** What is to be proposed, checked: wire values of the fields that change, and what they are now. */
export interface Proposal {
  action: 'create' | 'update' | 'delete' | 'restore' | 'action';
  id: number | null;
  base: Row;
  changes: Row;
  base_version: number | null;
  /** Of an action its name and input, of a restore the entry of the audit. */
  details?: Row;
  effective_at?: string | null;
  note?: string | null;
  draft?: boolean;
  reverts_id?: number;
  /** Rules that asked when it was tried; what the values alone do not tell. */
  asked_by?: readonly number[];
}

/** @throws Problem 403, 404, 422 as saving it would; 422 for a time that is no time */
export async function proposeChange(
  deps: Deps,
  resource: Resource,
  request: ProposeRequest,
  writer: Writer,
): Promise<number> {
  const { id = null, values = {}, effective_at = null, note = null, draft = false } = request;
  const { caller } = writer;
  const access = accessOf(caller, resource);
  const about = { effective_at, note, draft };
  if (id === null) {
    if (!access.create) throw problem(403, 'forbidden_create', { resource: resource.label });
    const changes = await checkInput(deps, { resource, input: values, caller });
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
  const checked = await checkInput(deps, { resource, input: values, current, caller });
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
  const { action, id, base, base_version, effective_at = null, note = null, draft = false } = proposal;
  const changes = { ...proposal.changes };
  // A rule over fields that do not change is judged by what they are.
  const whole = id === null ? {} : ((await readCurrent(deps, resource, id, writer)) ?? {});
  const asking = await consentOf(deps, resource, writer).asks(changeOf(proposal, { ...whole, ...base }));
  const asked_by = [...new Set([...asking.rules.map((rule) => rule.id), ...(proposal.asked_by ?? [])])];
  const needs_consent = asked_by.length > 0;
  // Nobody's password waits in plain text.
  await hashPasswords(resource, changes, { ...whole, ...changes });
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
      details: proposal.details && JSON.stringify(proposal.details),
      base_version,
      needs_consent,
      asked_by,
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
  announce(deps, 'change_requests', [request_id], writer.trx);
  return request_id;
}

/** The record before and after, as far as the proposal tells it. @param whole the record as it is, with the values it was proposed from */
export function changeOf({ action, changes }: Pick<Proposal, 'action' | 'changes'>, whole: Row): Change {
  return {
    before: action === 'create' || action === 'restore' ? null : whole,
    after: action === 'delete' ? null : { ...whole, ...changes },
    acted: action === 'action',
  };
}

/** Everybody who sees change requests reads it, so it says no more than everybody may know. */
function titleOf(resource: Resource, { caller, lang }: Writer, record: Row, id: number | null): string {
  const name = titleField(resource, accessOf(caller, resource), lang);
  const field = name === null ? undefined : resource.fields[name];
  const open = field && !field.pii && !field.access?.read && !resource.rows;
  const value: Json | undefined = open ? record[name!] : null;
  return (value ? String(value) : id === null ? '–' : `#${id}`).slice(0, 200);
}
