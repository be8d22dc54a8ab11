/** What the conditions in a record ask about: whether it is there, and whether their author may see it. */
import type { Caller, Deps } from '../context.ts';
import { contextsOf } from '../contexts.ts';
import type { Field, Json, Predicate, Resource, Row } from '../contract.ts';
import type { FieldFault } from '../errors.ts';
import { checkPredicate, PredicateError, ruleFields } from '../predicate.ts';
import { accessOf } from './access.ts';
import { resourceContext } from './resource-context.ts';

/** By field: what is wrong with a condition over the resource that the record names. */
export function conditionFaults(deps: Deps, resource: Resource, whole: Row): { [field: string]: FieldFault } {
  const errors: { [field: string]: FieldFault } = {};
  for (const [name, field] of Object.entries(resource.fields)) {
    if (field.kind !== 'predicate' || !field.of || !whole[name]) continue;
    const target = deps.resources.get(String(whole[field.of]));
    if (!target) continue;
    try {
      checkPredicate(whole[name], resourceContext(target));
    } catch (error) {
      if (!(error instanceof PredicateError)) throw error;
      errors[name] = { key: 'bad_condition', params: { label: field.label, reason: error.pair, path: error.path } };
    }
  }
  return errors;
}

/**
 * By path: conditions that ask about what the caller may not see, since whom they hold for would tell it. What the record
 * asked before stays as it is.
 */
export function hiddenFaults(
  deps: Deps,
  { resource, values, current = {}, caller }: { resource: Resource; values: Row; current?: Row; caller: Caller },
): { [path: string]: FieldFault } {
  const errors: { [path: string]: FieldFault } = {};
  const whole = { ...current, ...values };
  for (const [name, value] of Object.entries(values)) {
    const field = resource.fields[name]!;
    const before = new Set(asked(deps, { field, value: current[name] ?? null, path: name, whole }).flatMap(named));
    for (const each of asked(deps, { field, value, path: name, whole })) {
      const { fields } = accessOf(caller, each.target);
      const hidden = named(each).find((other) => {
        const seen = fields.get(other);
        return seen && !before.has(other) && (!seen.read || seen.masked);
      });
      if (hidden !== undefined) errors[each.path] = { key: 'field_hidden', params: { field: hidden } };
    }
  }
  return errors;
}

interface Asked {
  path: string;
  condition: Predicate;
  /** The resource whose fields it is about. */
  target: Resource;
}

const named = ({ condition }: Asked): string[] => [...ruleFields(condition)];

/** The conditions in a field, those in its items and rows too. */
function asked(
  deps: Deps,
  { field, value, path, whole }: { field: Field; value: Json; path: string; whole: Row },
): Asked[] {
  if ((field.kind === 'items' || field.kind === 'rows') && Array.isArray(value)) {
    return (value as Row[]).flatMap((row, at) =>
      Object.entries(field.fields).flatMap(([name, part]) =>
        asked(deps, { field: part, value: row[name] ?? null, path: `${path}.${at}.${name}`, whole }),
      ),
    );
  }
  if (field.kind !== 'predicate' || typeof value !== 'object' || value === null) return [];
  const about = field.of ? whole[field.of] : field.context && contextsOf(deps.resources).get(field.context)?.custom_of;
  const target = typeof about === 'string' ? deps.resources.get(about) : undefined;
  return target ? [{ path, condition: value as Predicate, target }] : [];
}
