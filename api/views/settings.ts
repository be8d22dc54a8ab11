/**
 * What a saved view or somebody's habits say about a list. Checked strictly when they are saved; when they are read, what
 * the definition has no longer, or this reader may not see, is left out and counted.
 */
import type { Json, ListSettings, Predicate, Resource } from '../contract.ts';
import { fieldErrors } from '../errors.ts';
import { predicateFields } from '../predicate/fields.ts';
import { checkPredicate } from '../predicate.ts';
import type { Access } from '../records/access.ts';
import { resourceContext } from '../records/resource-context.ts';

export interface Subject {
  resource: Resource;
  access: Access;
}
type Setting = keyof ListSettings;

const LAYOUTS = ['table', 'cards', 'kanban', 'calendar', 'tree'];
const DENSITIES = ['comfortable', 'compact'];
const COLUMNS_MAX = 200;
const TEXT_MAX = 1000;
const WHERE_MAX = 20_000;
export const VIEW_SETTINGS: readonly Setting[] = [
  ...(['q', 'scope', 'where', 'sort', 'columns', 'layout', 'by', 'refresh_s'] as const),
];
export const HABIT_SETTINGS: readonly Setting[] = [
  ...(['columns', 'widths', 'pinned', 'density', 'sort', 'size', 'layout', 'by', 'view'] as const),
];

/** @throws Problem 422 naming `settings.<key>` for what is unknown, of the wrong shape, or not for this person to see */
export function checkSettings(raw: unknown, allowed: readonly Setting[], subject: Subject): ListSettings {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw fieldErrors({ settings: { key: 'bad_setting' } });
  const settings: { [key: string]: unknown } = {};
  for (const [key, value] of Object.entries(raw)) {
    const known = allowed.includes(key as Setting);
    if (!known || !fits(key as Setting, value as Json, subject))
      throw fieldErrors({ [`settings.${key.slice(0, 60)}`]: { key: 'bad_setting' } });
    settings[key] = value;
  }
  return settings as ListSettings;
}

/** @returns what of it still holds for this reader, and how much does not */
export function cleanSettings(
  settings: ListSettings,
  subject: Subject,
): { settings: ListSettings; dropped: { columns: number; conditions: number } } {
  const dropped = { columns: 0, conditions: 0 };
  const clean: { [key: string]: unknown } = {};
  for (const [key, value] of Object.entries(settings)) {
    if (key === 'columns' && Array.isArray(value)) {
      const kept = value.filter((name) => isReadable(name, subject));
      dropped.columns += value.length - kept.length;
      if (kept.length > 0) clean.columns = kept;
    } else if (key === 'where') {
      const { kept, lost } = cleanWhere(value as Predicate, subject);
      dropped.conditions += lost;
      if (Object.keys(kept).length > 0) clean.where = kept;
    } else if (key === 'widths' && typeof value === 'object') {
      clean.widths = Object.fromEntries(Object.entries(value).filter(([name]) => isReadable(name, subject)));
    } else if (fits(key as Setting, value as Json, subject)) clean[key] = value;
    else if (key === 'scope') dropped.conditions++;
  }
  return { settings: clean as ListSettings, dropped };
}

/** The parts joined by AND, each kept or dropped whole. */
function cleanWhere(where: Predicate, subject: Subject): { kept: Predicate; lost: number } {
  const parts = Object.entries(where).flatMap(([key, value]) =>
    key === 'and' && Array.isArray(value) ? (value as Predicate[]) : [{ [key]: value } as Predicate],
  );
  const kept = parts.filter((part) => isComparable(part, subject));
  return {
    kept: kept.length === 0 ? {} : kept.length === parts.length ? where : { and: kept },
    lost: parts.length - kept.length,
  };
}

function fits(key: Setting, value: Json, subject: Subject): boolean {
  const { resource } = subject;
  switch (key) {
    case 'q':
      return isText(value, TEXT_MAX);
    case 'scope':
      return value === '' || (isText(value, 100) && Object.hasOwn(resource.list.scopes ?? {}, value));
    case 'where':
      return JSON.stringify(value).length <= WHERE_MAX && isComparable(value, subject);
    case 'sort':
      return isText(value, TEXT_MAX) && value.split(',').every((part) => isSortable(part.replace(/^-/, ''), subject));
    case 'columns': {
      const names = Array.isArray(value) ? value : [];
      const distinct = new Set(names).size === names.length;
      return (
        names.length > 0 && names.length <= COLUMNS_MAX && distinct && names.every((name) => isReadable(name, subject))
      );
    }
    case 'widths':
      return (
        isObject(value) &&
        Object.entries(value).every(([name, width]) => isReadable(name, subject) && isWhole(width, 40, 2000))
      );
    case 'pinned':
      return isWhole(value, 0, 3);
    case 'density':
      return isText(value, 20) && DENSITIES.includes(value);
    case 'size':
      return [25, 50, 100].includes(Number(value)) && typeof value === 'number';
    case 'layout':
      return isText(value, 20) && LAYOUTS.includes(value);
    case 'by':
      return isReadable(value, subject);
    case 'refresh_s':
      return isWhole(value, 0, 86_400) && (value === 0 || Number(value) >= 10);
    case 'view':
      return isText(value, 8) && /^([A-Za-z0-9]{8})?$/.test(value);
    default:
      return false;
  }
}

function isComparable(where: unknown, { resource, access }: Subject): boolean {
  if (typeof where !== 'object' || where === null || Array.isArray(where)) return false;
  try {
    checkPredicate(where, resourceContext(resource));
  } catch {
    return false;
  }
  return [...predicateFields(where as Predicate)].every((name) => isPlain(name, access));
}

function isSortable(name: string, { resource, access }: Subject): boolean {
  const type = resourceContext(resource).fields[name]?.type;
  return Object.hasOwn(resourceContext(resource).fields, name) && type !== 'list' && isPlain(name, access);
}

function isReadable(name: Json | undefined, { access }: Subject): boolean {
  return typeof name === 'string' && access.fields.get(name)?.read === true;
}

function isPlain(name: string, access: Access): boolean {
  const seen = access.fields.get(name);
  return name === 'id' || (seen?.read === true && !seen.masked);
}

function isText(value: Json, max: number): value is string {
  return typeof value === 'string' && value.length <= max && value.isWellFormed() && !value.includes('\0');
}

function isWhole(value: Json | undefined, min: number, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
