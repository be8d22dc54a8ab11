/** What a write answers: the record as its writer reads it, and what stands against the write. */
import type { Deps } from '../context.ts';
import type { Field, Resource, Row } from '../contract.ts';
import { Problem, problem } from '../errors.ts';
import { forgetProgramme } from '../programme.ts';
import { accessOf } from './access.ts';
import { announce } from './announce.ts';
import { getRow } from './query.ts';
import { layOut, wholeNames } from './whole-extras.ts';
import { readableFields } from './wire.ts';
import type { Writer, Written } from './write.ts';

export interface Answer {
  id: number;
  version: number | null;
  body: string | null;
}

/** What a write answers: its row as the statement gave it, or read again; the consoles are told. */
export async function finish(deps: Deps, resource: Resource, writer: Writer, row: Answer): Promise<Written> {
  if (resource.table === 'app.settings') forgetProgramme(deps.db);
  if (!writer.via) announce(deps, resource.name, [row.id], writer.trx);
  const { id, version } = row;
  const body = row.body && laidOutBody(resource, writer, row.body);
  if (body !== null) return { id, version, body };
  if (writer.trx) return unread(id, version);
  return readBack(deps, resource, id, writer);
}

/** Null where the record has to be read again. */
function laidOutBody(resource: Resource, { caller }: Writer, body: string): string | null {
  const access = accessOf(caller, resource);
  const whole = wholeNames(resource, access, readableFields(resource, access));
  return whole.length > 0 ? layOut(resource, whole, body) : body;
}

/** In somebody's transaction nothing is read back: that would take a second connection, and they read it themselves. */
export function unread(id: number, version: number | null): Written {
  return { id, version, body: JSON.stringify({ id, version }) };
}

export async function readBack(deps: Deps, resource: Resource, id: number, writer: Writer): Promise<Written> {
  const seen = await getRow(deps, resource, id, writer);
  if (!seen) throw problem(404, 'not_found');
  return { id, ...seen };
}

export async function stale(deps: Deps, resource: Resource, id: number, writer: Writer): Promise<Problem> {
  if (writer.trx) return problem(412, 'stale');
  const seen = await getRow(deps, resource, id, writer);
  if (!seen) return problem(404, 'not_found');
  return problem(412, 'stale', {}, { record: JSON.parse(seen.body) as Row });
}

/** A refused delete says what refers to the record. */
export function blockedBy({ resources }: Deps, error: unknown): unknown {
  const cause = error instanceof Problem ? (error.cause as { code?: string; schema?: string; table?: string }) : null;
  if (!(error instanceof Problem) || error.key !== 'still_used') return error;
  const table = `${cause?.schema}.${cause?.table}`;
  const by = ownerOf(resources, table)?.label ?? cause?.table;
  return problem(409, 'blocked_by', { by }, { cause });
}

/** The resource that is kept in the table, in whole or as rows of its records. */
export function ownerOf(resources: Deps['resources'], table: string): Resource | undefined {
  const within = (field: Field) => field.kind === 'rows' && field.table === table;
  const all = [...resources.values()];
  return all.find((each) => each.table === table) ?? all.find((each) => Object.values(each.fields).some(within));
}
