/**
 * A list as the address says it: which saved view, search, scope, conditions, order, page, columns, layout. Pure, so that
 * early.ts can ask for the rows of the address before the application is up.
 *
 * The address carries what differs from where the list starts: the definition, the person's habits, the saved view.
 * Conditions are one JSON value, encoded by URLSearchParams; nothing is put together by hand.
 */
import type { CrudSort } from '@refinedev/core';
import type { Lang, Layout, ListSettings, Meta, MetaResource, Predicate, SavedView } from '../../api/contract.ts';
import type { ListMeta, ListRequest } from '../refine/wire.ts';
import { cardFields, layoutsOf } from './layouts.ts';

export interface ListView {
  /** Code of a saved view; '' is the plain list. */
  view: string;
  q: string;
  /** '' is everything. */
  scope: string;
  where: Predicate;
  sort: CrudSort[];
  columns: string[];
  layout: Layout;
  /** The field that a board or a calendar goes by; '' is the layout's own. */
  by: string;
  page: number;
  size: number;
}

/** Where a list starts from. */
export interface Standing {
  resource: MetaResource;
  lang: Lang;
  views: readonly SavedView[];
  habits: ListSettings;
  /** Code of the view this person sees first; '' where that is the plain list. */
  first: string;
}

export const PAGE_SIZES = [25, 50, 100] as const;
const DEFAULT_SIZE = 25;
/** In the address: the plain list, where a view would come first. */
const PLAIN = 'all';
const LAYOUTS: readonly Layout[] = ['table', 'cards', 'kanban', 'calendar', 'tree'];
/** With one of these in it, an address says what it shows; a view that usually comes first stays out of it. */
const SAID = ['q', 'scope', 'where', 'sort', 'columns', 'layout', 'by'];

export function standingOf(
  { user, views, preferences }: Pick<Meta, 'user' | 'views' | 'preferences'>,
  resource: MetaResource,
  lang: Lang,
): Standing {
  const own = views.filter((view) => view.resource === resource.name);
  const habits = preferences[resource.name] ?? {};
  const chosen = habits.view === '' ? undefined : own.find(({ code }) => code === habits.view);
  const given = own.find(({ default_roles }) => default_roles.some((role) => user.roles.includes(role)));
  return {
    resource,
    lang,
    views: own,
    habits,
    first: (chosen ?? (habits.view === '' ? undefined : given))?.code ?? '',
  };
}

export function readView(search: URLSearchParams, standing: Standing): ListView {
  const { resource, first, views } = standing;
  const asked = search.get('view');
  const code = asked ?? (SAID.some((name) => search.has(name)) ? '' : first);
  const view = views.some((each) => each.code === code) ? code : '';
  const start = startOf(standing, view);
  const size = Number(search.get('size') ?? start.size);
  const layout = search.get('layout') as Layout | null;
  const columns =
    search
      .get('columns')
      ?.split(',')
      .filter((name) => isShown(name, resource)) ?? [];
  const sort = search.get('sort');
  return {
    view,
    q: search.get('q') ?? start.q,
    scope: search.get('scope') ?? start.scope,
    where: search.has('where') ? readWhere(search.get('where')) : start.where,
    sort: sort === null ? start.sort : readSort(sort, resource),
    columns: columns.length > 0 ? columns : start.columns,
    layout: layoutOf(layout && LAYOUTS.includes(layout) ? layout : start.layout, resource),
    by: search.get('by') ?? start.by,
    page: Math.max(1, Math.floor(Number(search.get('page') ?? 1)) || 1),
    size: PAGE_SIZES.some((allowed) => allowed === size) ? size : DEFAULT_SIZE,
  };
}

/** Only what differs from the start is written, so that a short address stays short. */
export function writeView(view: ListView, standing: Standing): URLSearchParams {
  const search = new URLSearchParams();
  const start = startOf(standing, view.view);
  const plain = startOf({ ...standing, habits: {} }, '');
  // An order or a layout of habit is written too: whoever is sent the address has other habits.
  const differs = (print: (view: ListView) => string) =>
    print(view) !== print(start) || (view.view === '' && print(view) !== print(plain));
  if (view.q !== start.q) search.set('q', view.q);
  if (view.scope !== start.scope) search.set('scope', view.scope);
  if (JSON.stringify(view.where) !== JSON.stringify(start.where)) search.set('where', JSON.stringify(view.where));
  if (differs(({ sort }) => printSort(sort))) search.set('sort', printSort(view.sort));
  if (view.columns.join() !== start.columns.join()) search.set('columns', view.columns.join());
  if (differs(({ layout }) => layout)) search.set('layout', view.layout);
  if (view.by !== start.by) search.set('by', view.by);
  const said = search.size > 0;
  if (view.view !== '' && (view.view !== standing.first || said)) search.set('view', view.view);
  if (view.view === '' && standing.first !== '' && !said) search.set('view', PLAIN);
  if (view.page > 1) search.set('page', String(view.page));
  if (view.size !== start.size) search.set('size', String(view.size));
  return search;
}

/** True when what is shown is no longer what the saved view says. */
export function isChanged(view: ListView, standing: Standing): boolean {
  const start = startOf(standing, view.view);
  const { page: _page, size: _size, ...shown } = view;
  const { page: _first, size: _usual, ...saved } = start;
  return JSON.stringify(shown) !== JSON.stringify(saved);
}

/** What a saved view keeps of a list. */
export function viewSettings({ q, scope, where, sort, columns, layout, by }: ListView): ListSettings {
  return {
    ...(q ? { q } : {}),
    ...(scope ? { scope } : {}),
    ...(isEverything(where) ? {} : { where }),
    ...(sort.length > 0 ? { sort: printSort(sort) } : {}),
    columns,
    layout,
    ...(by ? { by } : {}),
  };
}

export function listRequest(resource: MetaResource, view: ListView): ListRequest {
  return {
    pagination: { currentPage: view.page, pageSize: view.size },
    sorters: view.sort,
    meta: {
      fields: view.layout === 'cards' ? cardFields(resource, view.columns) : view.columns,
      labels: true,
      ...(Object.keys(resource.list.tones ?? {}).length > 0 ? { tones: true } : {}),
      ...filterMeta(resource, view),
    },
  };
}

/** What narrows the list down, without its order and page. */
export function filterMeta(resource: MetaResource, view: Pick<ListView, 'q' | 'scope' | 'where'>): ListMeta {
  return {
    ...(view.scope && resource.list.scopes?.[view.scope] ? { scope: view.scope } : {}),
    ...(view.q ? { q: view.q } : {}),
    ...(isEverything(view.where) ? {} : { where: view.where }),
  };
}

export const isEverything = (where: Predicate): boolean => Object.keys(where).length === 0;

/** The list before the address says anything: the definition, over it the habits, over them the view. */
function startOf({ resource, lang, views, habits }: Standing, code: string): ListView {
  const view = views.find((each) => each.code === code);
  const settings = view?.settings ?? {};
  const said = (names: readonly string[] | undefined) => names?.filter((name) => isShown(name, resource)) ?? [];
  const columns = [said(settings.columns), said(habits.columns), said(defaultColumns(resource, lang))].find(
    (names) => names.length > 0,
  );
  return {
    view: view ? code : '',
    q: settings.q ?? '',
    scope: settings.scope ?? '',
    where: settings.where ?? {},
    sort: readSort(settings.sort ?? habits.sort ?? resource.list.sort, resource),
    columns: columns ?? [],
    layout: settings.layout ?? (view ? undefined : habits.layout) ?? resource.list.layouts?.first ?? 'table',
    by: settings.by ?? (view ? '' : (habits.by ?? '')),
    page: 1,
    size: habits.size ?? DEFAULT_SIZE,
  };
}

/** A record with a name in each language is listed by the one that is read. */
export function defaultColumns({ title, fields, list }: MetaResource, lang: Lang): readonly string[] {
  if (typeof title === 'string' || !fields[title[1]] || list.columns.includes(title[1])) return list.columns;
  return list.columns.map((name) => (lang === 'en' && name === title[0] ? title[1] : name));
}

const layoutOf = (layout: Layout, resource: MetaResource): Layout =>
  layoutsOf(resource).includes(layout) ? layout : 'table';

const isShown = (name: string, resource: MetaResource): boolean =>
  Boolean(resource.fields[name]) && resource.field_access[name]?.read !== false;

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

export const printSort = (sort: readonly CrudSort[]): string =>
  sort.map((sorter) => (sorter.order === 'desc' ? `-${sorter.field}` : sorter.field)).join(',');
