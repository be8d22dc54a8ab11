/**
 * Every resource over HTTP, in the dialect of simple-rest:
 *
 *   GET    /api/:resource                     -> rows; X-Total-Count, X-Total-Relation, X-Next-Cursor (see list-query.ts)
 *                                                X-Sums: JSON of the sums asked for by _sums
 *   GET    /api/:resource/_facets?fields=a,b  -> Facets: the values of these fields among the rows of the list, counted
 *   GET    /api/:resource/:id                 -> row; ETag "<version>"
 *   GET    /api/:resource/_options/:field?q=  -> {id, label}[] of the related resource; id=1&id=2 names those;
 *                                                record={"country":"cn"}: values that the offer depends on
 *   POST   /api/:resource                     -> 201 row; Idempotency-Key
 *   PATCH  /api/:resource/:id                 -> row; only the fields that changed; If-Match
 *   DELETE /api/:resource/:id                 -> the row as it was
 */
import { type Context, Hono } from 'hono';
import { readObject } from '../body.ts';
import { nameHint } from '../closest-name.ts';
import type { Deps, Env } from '../context.ts';
import type { Resource, Row } from '../contract.ts';
import { problem } from '../errors.ts';
import { checkNesting } from '../predicate/check.ts';
import { accessOf } from '../records/access.ts';
import { listFacets } from '../records/facets.ts';
import { onceOnly } from '../records/idempotency.ts';
import { listRows } from '../records/list.ts';
import { listOptions } from '../records/options.ts';
import { getRow } from '../records/query.ts';
import { createRecord, deleteRecord, updateRecord, type Writer } from '../records/write.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

export function resourcesRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.get('/api/:resource', async (c) => {
    const resource = resourceOf(deps, c);
    const { body, total, relation, cursor, sums } = await listRows(deps, resource, searchOf(c), {
      caller: c.var.user,
      lang: c.var.lang,
    });
    const headers: { [name: string]: string } = { 'content-type': JSON_TYPE, 'cache-control': 'no-store' };
    if (total !== null) {
      headers['x-total-count'] = String(total);
      headers['x-total-relation'] = relation!;
    }
    if (cursor !== null) headers['x-next-cursor'] = cursor;
    if (sums !== null) headers['x-sums'] = sums;
    return new Response(body, { headers });
  });

  routes.get('/api/:resource/_facets', async (c) => {
    const reader = { caller: c.var.user, lang: c.var.lang };
    const facets = await listFacets(deps, resourceOf(deps, c), searchOf(c), reader);
    return c.json(facets, 200, { 'cache-control': 'no-store' });
  });

  routes.get('/api/:resource/:id', async (c) => {
    const resource = resourceOf(deps, c);
    const labels = onlyLabels(searchOf(c));
    if (resource.rows_only) throw problem(404, 'not_found');
    const found = await getRow(deps, resource, idOf(c), { caller: c.var.user, lang: c.var.lang, labels });
    if (!found) throw problem(404, 'not_found');
    return recordAnswer(found, 200);
  });

  routes.get('/api/:resource/_options/:field', async (c) => {
    const params = new URLSearchParams(searchOf(c));
    for (const name of params.keys()) {
      if (name !== 'q' && name !== 'id' && name !== 'record')
        throw problem(400, 'unknown_parameter', { name, hint: '' });
    }
    const wanted = {
      field: c.req.param('field'),
      q: params.get('q') ?? '',
      ids: params.getAll('id').map(readId),
      record: readRecord(params.get('record')),
    };
    const reader = { caller: c.var.user, lang: c.var.lang };
    return c.json(await listOptions(deps, resourceOf(deps, c), wanted, reader), 200, { 'cache-control': 'no-store' });
  });

  routes.post('/api/:resource', async (c) => {
    const resource = resourceOf(deps, c);
    const input = await readObject(c);
    const writer = writerOf(c);
    const key = c.req.header('idempotency-key');
    if (key === undefined) {
      const written = await createRecord(deps, resource, input, writer);
      return written.proposed ? proposedAnswer(deps, written.proposed, writer) : recordAnswer(written, 201);
    }
    const request = `${c.req.path} ${JSON.stringify(input)}`;
    const { status, body, secret } = await onceOnly(deps, { caller: writer.caller, key, request }, async (trx) => {
      const { id, proposed = null, secret } = await createRecord(deps, resource, input, { ...writer, trx });
      return { status: proposed ? 202 : 201, body: { id, proposed }, secret };
    });
    // Only what was made is remembered; the answer is the record as it is, in the eyes of who asks now.
    const { id, proposed } = body as { id: number; proposed?: number | null };
    if (proposed) return proposedAnswer(deps, proposed, writer);
    const found = await getRow(deps, resource, id, writer);
    if (!found) throw problem(404, 'not_found');
    return recordAnswer({ ...found, secret }, status);
  });

  routes.patch('/api/:resource/:id', async (c) => {
    const resource = resourceOf(deps, c);
    const change = { id: idOf(c), input: await readObject(c), if_match: ifMatch(c) };
    const written = await updateRecord(deps, resource, change, writerOf(c));
    return written.proposed ? proposedAnswer(deps, written.proposed, writerOf(c)) : recordAnswer(written, 200);
  });

  routes.delete('/api/:resource/:id', async (c) => {
    const resource = resourceOf(deps, c);
    const written = await deleteRecord(deps, resource, { id: idOf(c), if_match: ifMatch(c) }, writerOf(c));
    return written.proposed ? proposedAnswer(deps, written.proposed, writerOf(c)) : recordAnswer(written, 200);
  });

  return routes;
}

/** 202: nothing was saved, the change waits. The body is the change request, or its id for who may not read those. */
export async function proposedAnswer(deps: Deps, id: number, writer: Writer): Promise<Response> {
  const requests = deps.resources.get('change_requests')!;
  const readable = accessOf(writer.caller, requests).list;
  const seen = readable ? await getRow(deps, requests, id, writer) : null;
  const headers = { 'content-type': JSON_TYPE, location: `/api/change_requests/${id}`, 'cache-control': 'no-store' };
  return new Response(seen?.body ?? JSON.stringify({ id }), { status: 202, headers });
}

/** Who writes, and what is noted beside it. */
export function writerOf(c: Context<Env>): Writer {
  return { caller: c.var.user, lang: c.var.lang, request_id: c.var.request_id };
}

/** A record as the answer, with its version as ETag, and the secret that was made with it. */
export function recordAnswer(
  { body, version, secret }: { body: string; version: number | null; secret?: string },
  status: number,
): Response {
  const headers: { [name: string]: string } = { 'content-type': JSON_TYPE, 'cache-control': 'no-store' };
  if (version !== null) headers.etag = `"${version}"`;
  const told = secret === undefined ? body : `{"$secret":${JSON.stringify(secret)},${body.trimStart().slice(1)}`;
  return new Response(told, { status, headers });
}

/** The version named by If-Match; null when none is named. @throws Problem 400 */
export function ifMatch(c: Context<Env>): number | null {
  const header = c.req.header('if-match')?.trim();
  if (header === undefined || header === '*') return null;
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header)?.[1];
  if (version === undefined) throw problem(400, 'bad_version');
  return Number(version);
}

/** @throws Problem 404 for a name that is no resource */
export function resourceOf(deps: Deps, c: Context<Env>): Resource {
  const name = c.req.param('resource')!;
  const resource = deps.resources.get(name);
  if (!resource)
    throw problem(404, 'unknown_resource', {
      resource: name.slice(0, 60),
      hint: nameHint(name.slice(0, 60), deps.resources.keys()),
    });
  return resource;
}

/** @throws Problem 400 for anything but a whole number within 2^53-1 */
export function idOf(c: Context<Env>): number {
  return readId(c.req.param('id')!);
}

/** @throws Problem 400 for anything but a whole number within 2^53-1 */
export function readId(text: string): number {
  const id = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(id)) throw problem(400, 'bad_id', { id: text.slice(0, 60) });
  return id;
}

function readRecord(text: string | null): Row {
  if (text === null) return {};
  const bad = () => problem(400, 'bad_parameter', { name: 'record', value: text.slice(0, 100), expected: 'JSON' });
  try {
    const record: unknown = JSON.parse(text);
    if (typeof record !== 'object' || record === null || Array.isArray(record)) throw bad();
    checkNesting(record);
    return record as Row;
  } catch {
    throw bad();
  }
}

/** A record takes one parameter, _labels. */
function onlyLabels(search: string): boolean {
  if (search === '') return false;
  const params = new URLSearchParams(search);
  for (const [name, value] of params) {
    if (name !== '_labels') throw problem(400, 'unknown_parameter', { name, hint: '' });
    if (!/^(0|1|true|false)$/.test(value)) throw problem(400, 'bad_parameter', { name, value, expected: '0, 1' });
  }
  return /^(1|true)$/.test(params.get('_labels') ?? '');
}

/** The query string without its "?". */
export function searchOf(c: Context<Env>): string {
  const at = c.req.url.indexOf('?');
  return at < 0 ? '' : c.req.url.slice(at + 1);
}
