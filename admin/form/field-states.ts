/** What the fields of a form are under its values: shown, locked, required. As the server decides when it saves. Pure. */
import type { Field, Predicate, PredicateContext, Row } from '../../api/contract.ts';
import { evaluatePredicate, type Moment } from '../../api/predicate.ts';

export interface FieldStates {
  /** The values as they will be saved: what is hidden and to be cleared is empty. */
  effective: Row;
  shown(name: string): boolean;
  locked(name: string): boolean;
  required(name: string): boolean;
}

/** @param around what conditions see behind the fields: the record, for the row of a list */
export function fieldStates(
  fields: { [name: string]: Field },
  values: Row,
  { context, moment, around = {} }: { context: PredicateContext; moment: Moment; around?: Row },
): FieldStates {
  const effective: Row = { ...values };
  const seen: Row = { ...around, ...values };
  const holds = (condition: Predicate) => evaluatePredicate(condition, context, seen, moment);
  const hidden = new Set<string>();
  for (const [name, field] of Object.entries(fields)) {
    if (!field.showWhen || holds(field.showWhen)) continue;
    hidden.add(name);
    // In the order of the definition, as the server does it: what is cleared here may hide the next.
    if (field.whenHidden === 'clear') effective[name] = seen[name] = null;
  }
  return {
    effective,
    shown: (name) => fields[name] !== undefined && !hidden.has(name),
    locked: (name) => Boolean(fields[name]?.readonlyWhen && holds(fields[name].readonlyWhen)),
    required: (name) =>
      Boolean(fields[name]?.required || (fields[name]?.requiredWhen && holds(fields[name].requiredWhen))),
  };
}

/** Whether anything about the fields follows from values. */
export function isConditional(fields: { [name: string]: Field }): boolean {
  return Object.values(fields).some((field) => field.showWhen || field.readonlyWhen || field.requiredWhen);
}
