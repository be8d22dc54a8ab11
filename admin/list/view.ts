/**
 * A list as the address says it: search, scope, conditions, order, page. Pure, so that early.ts can ask for the rows
 * of the address before the application is up.
 *
 * The address carries conditions as one JSON value, encoded by URLSearchParams; nothing is put together by hand.
 */
import type { CrudSort } from '@refinedev/core';
import type { MetaResource, Predicate } from '../../api/contract.ts';
import type { ListMeta, ListRequest } from '../refine/wire.ts';

export interface ListView {
  q: string;
  /** '' is everything. */
  scope: string;
  where: Predicate;
  sort: CrudSort[];
  page: number;
  size: number;
}

export const PAGE_SIZES = [25, 50, 100] as const;
const DEFAULT_SIZE = 25;

export function readView(search: URLSearchParams, resource: MetaResource): ListView {
  const size = Number(search.get('size') ?? storedSize());
  return {
    q: search.get('q') ?? '',
    scope: search.get('scope') ?? '',
    where: readWhere(search.get('where')),
    sort: readSort(search.get('sort') ?? resource.list.sort, resource),
    page: Math.max(1, Math.floor(Number(search.get('page') ?? 1)) || 1),
    size: PAGE_SIZES.some((allowed) => allowed === size) ? size : DEFAULT_SIZE,
  };
}

/** Only what differs from the plain list is written, so that a short address stays short. */
export function writeView(view: ListView, resource: MetaResource): URLSearchParams {
  const search = new URLSearchParams();
  if (view.q) search.set('q', view.q);
  if (view.scope) search.set('scope', view.scope);
  if (!isEverything(view.where)) search.set('where', JSON.stringify(view.where));
  const sort = printSort(view.sort);
  if (sort !== printSort(readSort(resource.list.sort, resource))) search.set('sort', sort);
  if (view.page > 1) search.set('page', String(view.page));
  if (view.size !== storedSize()) search.set('size', String(view.size));
  return search;
}

export function listRequest(resource: MetaResource, view: ListView, columns: string[]): ListRequest {
  return {
    pagination: { currentPage: view.page, pageSize: view.size },
    sorters: view.sort,
    meta: {
      fields: columns,
      labels: true,
      ...(Object.keys(resource.list.tones ?? {}).length > 0 ? { tones: true } : {}),
      ...filterMeta(resource, view),
    },
  };
}

/** What narrows the list down, without its order and page. */
export function filterMeta(resource: MetaResource, view: ListView): ListMeta {
  return {
    ...(view.scope && resource.list.scopes?.[view.scope] ? { scope: view.scope } : {}),
    ...(view.q ? { q: view.q } : {}),
    ...(isEverything(view.where) ? {} : { where: view.where }),
  };
}

export const isEverything = (where: Predicate): boolean => Object.keys(where).length === 0;

/** Columns shown: the person's choice as far as the columns still exist, else the definition's. */
export function visibleColumns(resource: MetaResource, chosen: readonly string[] | null): string[] {
  const exists = (name: string) => Boolean(resource.fields[name]);
  const kept = chosen?.filter(exists) ?? [];
  return kept.length > 0 ? kept : resource.list.columns.filter(exists);
}

export function storedColumns(resource: string): string[] | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`evergreen.columns.${resource}`) ?? 'null');
    return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : null;
  } catch {
    return null;
  }
}

export function storeColumns(resource: string, columns: readonly string[] | null): void {
  if (columns) localStorage.setItem(`evergreen.columns.${resource}`, JSON.stringify(columns));
  else localStorage.removeItem(`evergreen.columns.${resource}`);
}

export function storedSize(): number {
  return Number(localStorage.getItem('evergreen.page_size') ?? DEFAULT_SIZE);
}

export function storeSize(size: number): void {
  localStorage.setItem('evergreen.page_size', String(size));
}

function readWhere(text: string | null): Predicate {
  if (!text) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Predicate) : {};
  } catch {
    return {};
  }
}

function readSort(text: string, resource: MetaResource): CrudSort[] {
  return text
    .split(',')
    .map((part): CrudSort => ({ field: part.replace(/^-/, ''), order: part.startsWith('-') ? 'desc' : 'asc' }))
    .filter((sorter) => sorter.field === 'id' || resource.fields[sorter.field] !== undefined);
}

const printSort = (sort: readonly CrudSort[]): string =>
  sort.map((sorter) => (sorter.order === 'desc' ? `-${sorter.field}` : sorter.field)).join(',');
