/** The fields of a resource or a form as a predicate context, for conditions shown or decided in the browser. */
import type { Field, MetaResource, PredicateContext, PredicateField, ValueType } from '../../api/contract.ts';

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

export function fieldsContext(name: string, fields: { [name: string]: Field }): PredicateContext {
  const known: { [name: string]: PredicateField } = { id: { type: 'integer', label: ['编号', 'ID'] } };
  for (const [field_name, field] of Object.entries(fields)) {
    const type = TYPES[field.kind];
    if (!type) continue;
    known[field_name] = { type, label: field.label, ...('choices' in field ? { choices: field.choices } : {}) };
  }
  return { name, fields: known };
}

/** The fields of a resource, with related records to be chosen by name. @param names those that may be compared */
export function recordContext(
  { name: resource, fields }: MetaResource,
  resources: readonly MetaResource[],
  names: readonly string[] = Object.keys(fields),
): PredicateContext {
  const known = fieldsContext(resource, Object.fromEntries(names.map((name) => [name, fields[name]!])));
  // What reads best first: the editor begins with its first field.
  const { id, ...others } = known.fields;
  const found: PredicateContext['fields'] = { ...others, ...(id ? { id } : {}) };
  for (const [name, entry] of Object.entries(known.fields)) {
    const field = fields[name];
    if (field?.kind !== 'ref' && field?.kind !== 'refs') continue;
    const people = resources.some((each) => each.name === field.to && each.people === true);
    found[name] = { ...entry, relation: { resource, field: name, people } };
  }
  return { ...known, fields: found };
}

/** What conditions of a row in a list may name: the row's own fields, and behind them those of the record. */
export function behindRow(record: PredicateContext, row: PredicateContext): PredicateContext {
  return { name: row.name, fields: { ...record.fields, ...row.fields } };
}
