/**
 * Refine's data provider over our API. The wire is the dialect of @refinedev/simple-rest with what that one lacks
 * (see wire.ts); its package is not used because every method of it would be replaced and it brings axios along.
 */
import type { BaseKey, BaseRecord, CrudFilter, CrudSort, DataProvider, Pagination } from '@refinedev/core';
import type { Row } from '../../api/contract.ts';
import { type Answer, send } from './http.ts';
import { type ListMeta, listQuery, onePath, recordPath } from './wire.ts';

export type Relation = 'eq' | 'gte' | 'approx';
export interface ListAnswer {
  data: Row[];
  total: number;
  /** gte: there are at least that many. */
  relation: Relation;
}
/** A record with the version it was read at, to be sent back as If-Match. */
export type Versioned = Row & { $etag: string | null };

export async function getList(request: {
  resource: string;
  pagination?: Pagination;
  sorters?: CrudSort[];
  filters?: CrudFilter[];
  meta?: ListMeta;
  signal?: AbortSignal;
}): Promise<ListAnswer> {
  const query = listQuery(request);
  if (query === null) return { data: [], total: 0, relation: 'eq' };
  const path = `/api/${encodeURIComponent(request.resource)}${query ? `?${query}` : ''}`;
  const answer = await send('GET', path, { signal: request.signal });
  const data = answer.body as Row[];
  const counted = answer.headers.get('x-total-count');
  return {
    data,
    total: counted === null ? data.length : Number(counted),
    relation: (answer.headers.get('x-total-relation') ?? 'eq') as Relation,
  };
}

/**
 * @param labels also the titles of related records
 * @throws HttpFailure 404 when there is no such record for this person.
 */
export async function getOne(
  resource: string,
  id: BaseKey,
  { labels, signal }: { labels?: boolean; signal?: AbortSignal } = {},
): Promise<Versioned> {
  const answer = await send('GET', onePath(resource, id, labels), { signal });
  return { ...(answer.body as Row), $etag: answer.headers.get('etag') };
}

/** The version a row says it has, as the header says it. */
export function etagOf(row: Row): string | null {
  return typeof row.version === 'number' ? `"${row.version}"` : null;
}

/** @param etag of the record the values were changed from; absent only where the caller means to overwrite. */
export async function update(resource: string, id: BaseKey, values: Row, etag: string | null): Promise<Versioned> {
  const headers: Record<string, string> = etag ? { 'if-match': etag } : {};
  const answer = await send('PATCH', recordPath(resource, id), { body: values, headers });
  return written(answer);
}

/** @param once the same key for every attempt to save the same form: a retry after a lost answer creates nothing twice. */
export async function create(resource: string, values: Row, once?: string): Promise<Versioned> {
  const headers: Record<string, string> = once ? { 'idempotency-key': once } : {};
  const answer = await send('POST', `/api/${encodeURIComponent(resource)}`, { body: values, headers });
  return written(answer);
}

/** A write's answer. 202: nothing was saved; `$proposed` is the page of the change request that waits instead. */
function written({ status, body, headers }: Answer): Versioned {
  const row = body as Row;
  if (status === 202) return { id: row.id ?? null, $proposed: proposedPage(headers), $etag: null };
  return { ...row, $etag: headers.get('etag') };
}

/** Where the console shows what the Location of an answer names. */
export function proposedPage(headers: Answer['headers']): string | null {
  return headers.get('location')?.replace(/^\/api(?=\/)/, '') ?? null;
}

const as = <T>(value: unknown): T => value as T;

export const dataProvider: DataProvider = {
  getApiUrl: () => '/api',
  getList: async ({ resource, pagination, sorters, filters, meta }) =>
    as(
      await getList({
        resource,
        pagination,
        sorters,
        filters,
        meta: meta as ListMeta | undefined,
        signal: meta?.queryContext?.signal,
      }),
    ),
  getOne: async ({ resource, id, meta }) =>
    as({ data: await getOne(resource, id, { labels: Boolean(meta?.labels), signal: meta?.queryContext?.signal }) }),
  getMany: async ({ resource, ids }) => {
    if (ids.length === 0) return { data: [] };
    const query = new URLSearchParams(ids.map((id) => ['id', String(id)]));
    return as({ data: (await send('GET', `/api/${encodeURIComponent(resource)}?${query}`)).body as BaseRecord[] });
  },
  create: async ({ resource, variables, meta }) =>
    as({ data: await create(resource, variables as Row, meta?.once as string | undefined) }),
  update: async ({ resource, id, variables, meta }) =>
    as({ data: await update(resource, id, variables as Row, (meta?.etag as string | null | undefined) ?? null) }),
  deleteOne: async ({ resource, id, meta }) => {
    const headers: Record<string, string> = meta?.etag ? { 'if-match': String(meta.etag) } : {};
    const answer = await send('DELETE', recordPath(resource, id), { headers });
    return as({ data: answer.status === 202 ? written(answer) : answer.body || { id } });
  },
  custom: async ({ url, method, payload, headers }) =>
    as({ data: (await send(method.toUpperCase(), url, { body: payload, headers: as(headers) })).body }),
};
