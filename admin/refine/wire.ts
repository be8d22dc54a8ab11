/**
 * Refine's list parameters as the query string the API reads (the dialect of simple-rest, extended).
 * Pure, and used by early.ts too: the same view must give the same bytes.
 */
import type { CrudFilter, CrudSort, LogicalFilter, Pagination } from '@refinedev/core';
import type { Comparison, Field, Operand, Predicate } from '../../api/contract.ts';

export const recordPath = (resource: string, id: string | number): string =>
  `/api/${encodeURIComponent(resource)}/${encodeURIComponent(String(id))}`;

/** Where one record is read. @param labels with the titles of related records */
export function onePath(resource: string, id: string | number, labels?: boolean): string {
  return `${recordPath(resource, id)}${labels ? '?_labels=1' : ''}`;
}

/** Whether records refer to others, so that their titles are wanted too. */
export function hasRelations(fields: { [name: string]: Field }): boolean {
  return Object.values(fields).some(
    (field) => field.kind === 'ref' || field.kind === 'refs' || (field.kind === 'rows' && hasRelations(field.fields)),
  );
}

export interface ListMeta {
  /** Columns wanted; all readable ones when absent. */
  fields?: string[];
  q?: string;
  /** Name of a scope of the resource. */
  scope?: string;
  where?: Predicate;
  /** Titles of related records beside their ids. */
  labels?: boolean;
  /** The tone of each row. */
  tones?: boolean;
  /** Fields summed over every row of the list. */
  sums?: string[];
  count?: 'none' | 'exact';
}
export interface ListRequest {
  pagination?: Pagination;
  sorters?: CrudSort[];
  filters?: CrudFilter[];
  meta?: ListMeta;
}

/**
 * @returns the query string, or null when the answer is known to be empty without asking (`in []`).
 * @throws for an operator that has no meaning here: better a loud error than a list that ignores its filter.
 */
export function listQuery({ pagination, sorters, filters, meta }: ListRequest): string | null {
  const params = new URLSearchParams();
  if (meta?.fields) params.set('_fields', meta.fields.join(','));
  if (meta?.labels) params.set('_labels', '1');
  if (meta?.tones) params.set('_tones', '1');
  if (meta?.sums) params.set('_sums', meta.sums.join(','));
  if (meta?.count) params.set('_count', meta.count);
  if (pagination && pagination.mode !== 'off') {
    const size = pagination.pageSize ?? 25;
    const page = pagination.currentPage ?? 1;
    params.set('_start', String((page - 1) * size));
    params.set('_end', String(page * size));
  }
  if (sorters && sorters.length > 0) {
    params.set('_sort', sorters.map((sorter) => sorter.field).join(','));
    params.set('_order', sorters.map((sorter) => sorter.order).join(','));
  }
  if (meta?.scope) params.set('_scope', meta.scope);
  if (meta?.q) params.set('q', meta.q);

  const conditions: Predicate[] = meta?.where && Object.keys(meta.where).length > 0 ? [meta.where] : [];
  for (const filter of filters ?? []) {
    if (isNever(filter)) return null;
    if (isBlank(filter)) continue;
    if (isPlain(filter)) params.append(`${filter.field}${SUFFIX[filter.operator]}`, String(filter.value));
    else conditions.push(filterPredicate(filter));
  }
  const [only] = conditions;
  if (only) params.set('_where', JSON.stringify(conditions.length === 1 ? only : { and: conditions }));
  return params.toString();
}

/** One Refine filter as a predicate. */
export function filterPredicate(filter: CrudFilter): Predicate {
  if (filter.operator === 'or' || filter.operator === 'and') {
    const parts = filter.value.filter((part) => !isBlank(part)).map(filterPredicate);
    return filter.operator === 'or' ? { or: parts } : { and: parts };
  }
  const { field, operator, value } = filter as LogicalFilter;
  const build = OPERATORS[operator];
  if (!build) throw new Error(`The list filter ${operator} on ${field} has no counterpart in the API`);
  const comparison = build(value);
  return 'not' in comparison ? { not: { [field]: comparison.not } } : { [field]: comparison };
}

type Built = Comparison | { not: Comparison };
const list = (value: unknown): Operand[] => (Array.isArray(value) ? value : [value]) as Operand[];
const range = (value: unknown): [Operand, Operand] => value as [Operand, Operand];

/** Text comparisons that mind case have no counterpart on purpose: the API's ignore case. */
const OPERATORS: { [operator: string]: (value: unknown) => Built } = {
  eq: (value) => ({ eq: value as Operand }),
  ne: (value) => ({ ne: value as Operand }),
  eqs: (value) => ({ eq: value as Operand }),
  nes: (value) => ({ ne: value as Operand }),
  gt: (value) => ({ gt: value as Operand }),
  gte: (value) => ({ gte: value as Operand }),
  lt: (value) => ({ lt: value as Operand }),
  lte: (value) => ({ lte: value as Operand }),
  in: (value) => ({ in: list(value) }),
  nin: (value) => ({ nin: list(value) }),
  ina: (value) => ({ overlaps: list(value) }),
  nina: (value) => ({ not: { overlaps: list(value) } }),
  contains: (value) => ({ like: String(value) }),
  ncontains: (value) => ({ nlike: String(value) }),
  startswith: (value) => ({ sw: String(value) }),
  nstartswith: (value) => ({ not: { sw: String(value) } }),
  endswith: (value) => ({ ew: String(value) }),
  nendswith: (value) => ({ not: { ew: String(value) } }),
  between: (value) => ({ between: range(value) }),
  nbetween: (value) => ({ not: { between: range(value) } }),
  null: (value) => (value === false ? { notNull: true } : { null: true }),
  nnull: (value) => (value === false ? { null: true } : { notNull: true }),
};

/** What the stock dialect says well goes out as it does there. */
const SUFFIX: { [operator: string]: string } = { eq: '', ne: '_ne', gte: '_gte', lte: '_lte', contains: '_like' };

function isPlain(filter: CrudFilter): filter is LogicalFilter {
  if (!(filter.operator in SUFFIX)) return false;
  return ['string', 'number', 'boolean'].includes(typeof filter.value) && !String(filter.value).startsWith('$');
}

function isNever(filter: CrudFilter): boolean {
  if (filter.operator === 'and') return filter.value.some(isNever);
  return (filter.operator === 'in' || filter.operator === 'ina') && Array.isArray(filter.value) && !filter.value.length;
}

/** A filter somebody opened and has not filled in yet. */
function isBlank(filter: CrudFilter): boolean {
  if (filter.operator === 'or' || filter.operator === 'and') return filter.value.length === 0;
  if (filter.operator === 'nin' || filter.operator === 'nina') return list(filter.value).length === 0;
  return filter.value === undefined || filter.value === null || filter.value === '';
}
