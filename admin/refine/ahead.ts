/**
 * What will most likely be asked for next, asked for while the pointer or the focus rests on the way to it. Nothing here
 * changes what is shown: a page that finds its answer here is only sooner.
 */
import { keys } from '@refinedev/core';
import type { Json, MetaResource, Row } from '../../api/contract.ts';
import { prefetchPage } from '../pages.ts';
import { getOne } from './data-provider.ts';
import { askAhead, lastWrite } from './http.ts';
import { queryClient } from './query-client.ts';
import { hasRelations, type ListRequest, listQuery } from './wire.ts';

/** A pointer on its way across the rows rests on none of them this long. */
const REST_MS = 60;
/** A record asked for so shortly before its page opens is not asked for again, unless something was written since. */
const FRESH_MS = 3_000;
/** The row that was clicked stands for its record until that is here; later it would be of another time. */
const GLANCE_MS = 2_000;

let resting: ReturnType<typeof setTimeout> | undefined;
let glance: { resource: string; row: Row; at: number } | null = null;

/** Asks for a record once the pointer has rested on the way to it. */
export function approachRecord(resource: MetaResource, id: Json | undefined): void {
  void prefetchPage('detail');
  clearTimeout(resting);
  resting = setTimeout(() => void prefetchRecord(resource, String(id)), REST_MS);
}

export function leaveRecord(): void {
  clearTimeout(resting);
}

export function prefetchRecord(resource: MetaResource, id: string): Promise<void> {
  const meta = recordMeta(resource);
  return queryClient.prefetchQuery({
    queryKey: keys().data().resource(resource.name).action('one').id(id).params(meta).get(),
    queryFn: async ({ signal }) => ({ data: await getOne(resource.name, id, { ...meta, signal }) }),
    staleTime: freshFor,
    retry: false,
  });
}

export const freshFor = (query: { state: { dataUpdatedAt: number } }): number =>
  query.state.dataUpdatedAt > lastWrite() ? FRESH_MS : 0;

/** How a record's page asks for it. */
export function recordMeta(resource: MetaResource): { labels: boolean } {
  return { labels: hasRelations(resource.fields) };
}

/** Keeps the row whose record is being opened. */
export function keepGlance(resource: MetaResource, row: Row): void {
  glance = { resource: resource.name, row, at: performance.now() };
}

/** The clicked row of exactly this record: some of its fields, by the same rights, without a version. */
export function glanceAt(resource: MetaResource, id: string): Row | undefined {
  if (!glance || glance.resource !== resource.name || String(glance.row.id) !== id) return undefined;
  return performance.now() - glance.at < GLANCE_MS ? glance.row : undefined;
}

/** Asks for a page of a list before it is shown. */
export function prefetchList(resource: MetaResource, request: ListRequest): void {
  const query = listQuery(request);
  if (query !== null) askAhead(`/api/${encodeURIComponent(resource.name)}?${query}`);
}
