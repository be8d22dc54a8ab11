/** What the reports of a board are asked together, and what a click on one of them chooses for the others. */
import type { ReportDefinition, ReportParam } from '../api/contract-reports.ts';
import type { Chosen } from './chosen.ts';

/** A parameter by whose name every report of the board that has one means the same. */
export interface BoardParam {
  name: string;
  /** As all of them take it: values that each has; a default only where it is that of all. */
  param: ReportParam;
  /** Each has a default of its own. */
  apart: boolean;
  /** The reports that take it; the first is asked what there is to choose. */
  takers: string[];
}
/** A click: the report goes on showing what there was to click. */
export interface Click {
  slug: string;
  /** Parameters that it chose. */
  names: string[];
}

/** In the address, beside the parameters: "sales/orders-by-month:period". */
const CLICKED = '_clicked';

export function boardParams(definitions: readonly ReportDefinition[]): BoardParam[] {
  const names = new Set(definitions.flatMap(({ params }) => Object.keys(params)));
  return [...names].flatMap((name) => {
    const taking = definitions.filter(({ params }) => Object.hasOwn(params, name));
    const param = agreed(taking.map(({ params }) => params[name]!));
    const apart = param?.default === undefined && taking.some(({ params }) => params[name]!.default !== undefined);
    return param ? [{ name, param, apart, takers: taking.map(({ slug }) => slug) }] : [];
  });
}

/** Null where they are not the same question. */
function agreed(params: readonly ReportParam[]): ReportParam | null {
  const [first, ...others] = params as [ReportParam, ...ReportParam[]];
  const { default: usual, values, ...rest } = first;
  const alike = others.every(({ type, many }) => type === first.type && many === first.many);
  const of_all = values?.filter((value) => others.every((other) => other.values?.includes(value)));
  if (!alike || of_all?.length === 0) return null;
  const same = usual !== undefined && others.every((other) => JSON.stringify(other.default) === JSON.stringify(usual));
  const bounds = { ...tightest(params, 'min'), ...tightest(params, 'max') };
  return { ...rest, ...bounds, ...(of_all ? { values: of_all } : {}), ...(same ? { default: usual } : {}) };
}

/** Of lengths of time ("400d") any: it only tells that not all days can be asked for. */
function tightest(params: readonly ReportParam[], bound: 'min' | 'max'): Partial<ReportParam> {
  const [first, ...others] = params.flatMap((param) => param[bound] ?? []);
  if (first === undefined) return {};
  const numbers = [first, ...others].filter((each) => typeof each === 'number');
  return { [bound]: numbers.length === 0 ? first : bound === 'min' ? Math.max(...numbers) : Math.min(...numbers) };
}

/** Those with a control: what several reports take, and what was chosen by a click. */
export function controlled(params: readonly BoardParam[], chosen: Chosen): BoardParam[] {
  return params.filter(({ name, takers }) => takers.length > 1 || Object.hasOwn(chosen, name));
}

export function clickedOn(search: URLSearchParams): Click | null {
  const [slug = '', names = ''] = (search.get(CLICKED) ?? '').split(':');
  return slug && names ? { slug, names: names.split(',') } : null;
}

/** What one of them is asked. */
export function askedOf({ slug, params }: ReportDefinition, chosen: Chosen, click: Click | null): Chosen {
  const own = click?.slug === slug ? click.names : [];
  const names = Object.keys(chosen).filter((name) => Object.hasOwn(params, name) && !own.includes(name));
  return Object.fromEntries(names.map((name) => [name, chosen[name]!]));
}

/**
 * Which columns of a report choose for the others, by parameter: what it drills by, and columns called like an enum and made of its
 * values. Other columns may hold names where the parameter takes codes. Empty: a click opens what the report drills to.
 */
export function choosing(
  { slug, columns, drill }: ReportDefinition,
  params: readonly BoardParam[],
): { [param: string]: string } {
  const passed = drill && !drill.to.startsWith('resource:') ? drill.pass : {};
  const by: { [param: string]: string } = {};
  for (const { name, param, takers } of params) {
    const column = passed[name] ?? (param.type === 'enum' && Object.hasOwn(columns, name) ? name : undefined);
    if (column !== undefined && takers.some((taker) => taker !== slug)) by[name] = column;
  }
  return by;
}

/** What a click on a mark chooses. */
export function chosenBy(by: { [param: string]: string }, row: { [column: string]: unknown }): Chosen {
  const values = Object.entries(by).map(([name, column]) => [name, row[column] ?? ''] as const);
  return Object.fromEntries(values.flatMap(([name, value]) => (value === '' ? [] : [[name, [String(value)]]])));
}

/** The address after a choice of the controls; null takes it away. It is then of all reports, also of the one that was clicked. */
export function withChoice(search: URLSearchParams, name: string, values: string[] | null): URLSearchParams {
  const next = new URLSearchParams(search);
  next.delete(name);
  for (const value of values ?? []) next.append(name, value);
  return noting(next, clickedOn(search), (names) => names.filter((each) => each !== name));
}

/** The address after a click on a mark; the same click again takes its choice away. */
export function withClick(search: URLSearchParams, slug: string, chosen: Chosen): URLSearchParams {
  const before = clickedOn(search);
  const names = Object.keys(chosen);
  const again = before?.slug === slug && names.every((name) => String(search.getAll(name)) === String(chosen[name]!));
  const next = withoutClick(search);
  if (again) return next;
  for (const name of names) next.delete(name);
  for (const name of names) for (const value of chosen[name]!) next.append(name, value);
  return noting(next, { slug, names }, (each) => each);
}

export function withoutClick(search: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of clickedOn(search)?.names ?? []) next.delete(name);
  next.delete(CLICKED);
  return next;
}

export function withoutChoices(search: URLSearchParams, params: readonly BoardParam[]): URLSearchParams {
  const next = withoutClick(search);
  for (const { name } of params) next.delete(name);
  return next;
}

function noting(next: URLSearchParams, click: Click | null, keep: (names: string[]) => string[]): URLSearchParams {
  const names = click ? keep(click.names) : [];
  if (click && names.length > 0) next.set(CLICKED, `${click.slug}:${names.join(',')}`);
  else next.delete(CLICKED);
  return next;
}
