/** Which ways there are to look at a resource's list, and the fields they go by. Pure: early.ts reads it too. */
import type { Field, Layout, MetaResource, Predicate } from '../../api/contract.ts';
import type { Recurrence, Repeat, Span } from '../../api/recurrence.ts';

export const LAYOUT_ICONS: { [layout in Layout]: string } = {
  table: 'rows',
  cards: 'dashboard',
  kanban: 'board',
  calendar: 'calendar',
  tree: 'tree',
};

export interface CalendarFields {
  from: string;
  to?: string;
  repeat?: string;
}

export function layoutsOf(resource: MetaResource): Layout[] {
  return [
    'table',
    'cards',
    ...(boardFields(resource).length > 0 ? ['kanban' as const] : []),
    ...(calendarFields(resource).length > 0 ? ['calendar' as const] : []),
    ...(treeField(resource) ? ['tree' as const] : []),
  ];
}

/** The choices a board can go by: the one named, else those among the columns. */
export function boardFields(resource: MetaResource): string[] {
  const named = resource.list.layouts?.kanban?.by;
  const names = named ? [named] : resource.list.columns;
  return names.filter((name) => isPlain(resource, name, (field) => field.kind === 'choice'));
}

/** The dates a calendar can go by: those named, else each date among the columns. */
export function calendarFields(resource: MetaResource): CalendarFields[] {
  const named = resource.list.layouts?.calendar;
  const isDate = (name: string | undefined) =>
    name !== undefined && isPlain(resource, name, (field) => field.kind === 'date');
  if (!named) return resource.list.columns.filter(isDate).map((from) => ({ from }));
  if (!isDate(named.from)) return [];
  const { from, to, repeat } = named;
  const repeats = repeat && repeatFields(repeat).every((name) => isPlain(resource, name, () => true));
  return [{ from, ...(isDate(to) ? { to } : {}), ...(repeats ? { repeat } : {}) }];
}

/** The relation a tree goes by. */
export function treeField(resource: MetaResource): string | undefined {
  const itself = (field: Field) => field.kind === 'ref' && field.to === resource.name;
  const named = resource.list.layouts?.tree?.parent;
  return (named ? [named] : Object.keys(resource.fields)).find((name) => isPlain(resource, name, itself));
}

/** The fields that name a record, as far as they can be seen. */
export function titleFields(resource: MetaResource): string[] {
  const names = typeof resource.title === 'string' ? [resource.title] : [...resource.title];
  return [...new Set(names)].filter((name) => isReadable(resource, name));
}

/** What a card needs: its title, and what stands under it. */
export function cardFields(
  resource: MetaResource,
  columns?: readonly string[],
  more: readonly string[] = [],
): string[] {
  return [...new Set([...titleFields(resource), ...cardBody(resource, columns), ...more])];
}

/** What stands under the title of a card. */
export function cardBody(resource: MetaResource, columns?: readonly string[]): string[] {
  const titles = titleFields(resource);
  const names = columns ?? resource.list.layouts?.card ?? resource.list.columns.slice(0, 4);
  return names.filter((name) => isReadable(resource, name) && !titles.includes(name));
}

/** Everything a calendar reads of a record. */
export function calendarRequest(resource: MetaResource, { from, to, repeat }: CalendarFields): string[] {
  return [
    ...new Set([
      ...titleFields(resource),
      from,
      ...(to ? [to] : []),
      ...(repeat ? [repeat, ...repeatFields(repeat)] : []),
    ]),
  ];
}

/** What takes place at least once within the window, or may: whether a series hits it is for recurrence.ts. */
export function calendarWhere({ from, to, repeat }: CalendarFields, window: { from: string; to: string }): Predicate {
  const reaches: Predicate = to
    ? { or: [{ [to]: { gte: window.from } }, { and: [{ [to]: { null: true } }, { [from]: { gte: window.from } }] }] }
    : { [from]: { gte: window.from } };
  const begun: Predicate = { [from]: { lte: window.to } };
  if (!repeat) return { and: [begun, reaches] };
  return { and: [begun, { or: [reaches, { [repeat]: { notNull: true } }] }] };
}

/** When a record takes place: its first time and how it repeats; null without a first day. */
export function timesOf(
  row: { [field: string]: unknown },
  { from, to, repeat }: CalendarFields,
): { first: Span; rule: Recurrence } | null {
  const starts_on = row[from];
  if (typeof starts_on !== 'string') return null;
  const ends = to ? row[to] : null;
  const ends_on = typeof ends === 'string' && ends >= starts_on ? ends : starts_on;
  const rule: Recurrence = repeat
    ? {
        repeat: (row[repeat] as Repeat | null) ?? null,
        interval: row[`${repeat}_interval`] as number | null,
        weekdays: row[`${repeat}_weekdays`] as string[] | null,
        until: row[`${repeat}_until`] as string | null,
      }
    : { repeat: null };
  return { first: { starts_on, ends_on }, rule };
}

export const repeatFields = (repeat: string): string[] => [
  `${repeat}_interval`,
  `${repeat}_weekdays`,
  `${repeat}_until`,
];

const isReadable = (resource: MetaResource, name: string): boolean =>
  Boolean(resource.fields[name]) && resource.field_access[name]?.read !== false;

function isPlain(resource: MetaResource, name: string, fits: (field: Field) => boolean): boolean {
  const field = resource.fields[name];
  return field !== undefined && isReadable(resource, name) && !resource.field_access[name]?.masked && fits(field);
}
