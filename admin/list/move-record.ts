/** Moving a record on a board or in a calendar: a change of its fields, or the action that leads there. */
import { type ActionDefinition, actsOn, type Json, type MetaResource, type Row } from '../../api/contract.ts';
import { isWritable } from '../meta/meta.tsx';
import { etagOf, proposedPage, update } from '../refine/data-provider.ts';
import { send } from '../refine/http.ts';
import { noteOwnChange } from './live-changes.ts';

export type Way = { kind: 'change' } | { kind: 'action'; name: string; action: ActionDefinition } | null;

/** How the field of a record becomes a value; null when it cannot from here. */
export function wayTo(resource: MetaResource, field: string, value: string | null): Way {
  if (resource.can.edit && isWritable(resource, field) && !resource.fields[field]?.frozen) return { kind: 'change' };
  const found = Object.entries(resource.actions ?? {}).find(
    ([, action]) => actsOn(action, 'record') && action.leads_to?.[field] === value,
  );
  return found ? { kind: 'action', name: found[0], action: found[1] } : null;
}

/** @throws HttpFailure: 412 when somebody else was first, 403, 422 */
/** @returns the page of the change request that waits instead, where it takes consent */
export async function changeRecord(resource: MetaResource, row: Row, change: Row): Promise<Json | undefined> {
  noteOwnChange(resource.name, Number(row.id));
  return (await update(resource.name, Number(row.id), change, etagOf(row))).$proposed;
}

/** @returns as changeRecord */
export async function runAction(resource: MetaResource, row: Row, name: string): Promise<Json | undefined> {
  noteOwnChange(resource.name, Number(row.id));
  const path = `/api/${encodeURIComponent(resource.name)}/${String(row.id)}/_actions/${encodeURIComponent(name)}`;
  const etag = etagOf(row);
  const answer = await send('POST', path, { body: {}, headers: etag ? { 'if-match': etag } : {} });
  return answer.status === 202 ? (proposedPage(answer.headers) ?? undefined) : undefined;
}
