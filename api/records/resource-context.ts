/** A resource as a predicate context: the fields that its lists, scopes, rows and rules may compare. */
import type { Field, PredicateContext, PredicateField, Resource, ValueType } from '../contract.ts';

const TYPES: { [kind in Field['kind']]?: ValueType } = {
  text: 'text',
  longtext: 'text',
  email: 'text',
  phone: 'text',
  color: 'text',
  choice: 'text',
  integer: 'integer',
  points: 'integer',
  ref: 'integer',
  decimal: 'decimal',
  money: 'decimal',
  rate: 'decimal',
  boolean: 'boolean',
  date: 'date',
  datetime: 'time',
  choices: 'list',
  tags: 'list',
  refs: 'ids',
};

const kept = new WeakMap<Resource, PredicateContext>();

/** `id` and every field that has a comparable kind (not passwords, items, rows, predicates and raw JSON). */
export function resourceContext(resource: Resource): PredicateContext {
  let context = kept.get(resource);
  if (!context) {
    context = fieldsContext(resource.name, resource.fields);
    kept.set(resource, context);
  }
  return context;
}

/** The same for any set of fields, e.g. those of the rows of a list. */
export function fieldsContext(name: string, fields: { [name: string]: Field }): PredicateContext {
  const known: PredicateContext['fields'] = { id: { type: 'integer', label: ['编号', 'ID'] } };
  for (const [each, field] of Object.entries(fields)) {
    const type = TYPES[field.kind];
    if (!type) continue;
    const entry: PredicateField = { type, label: field.label };
    if (field.kind === 'choice' || field.kind === 'choices') entry.choices = field.choices;
    known[each] = entry;
  }
  return { name, fields: known };
}
