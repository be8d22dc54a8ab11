/** Conditions over the fields of a resource that the record names: whether that resource has what they ask about. */
import type { Deps } from '../context.ts';
import type { Resource, Row } from '../contract.ts';
import type { FieldFault } from '../errors.ts';
import { checkPredicate, PredicateError } from '../predicate.ts';
import { resourceContext } from './resource-context.ts';

/** By field: what is wrong with its condition. */
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
