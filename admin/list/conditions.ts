/** A predicate as the chips of a filter bar: comparisons joined by AND, and whatever is more than that as it stands. */
import type { Comparison, Predicate } from '../../api/contract.ts';
import type { Operator } from '../fields/kind.ts';

export interface Condition {
  field: string;
  operator: Operator;
  value: Comparison[Operator];
}

/** @returns `rest`: or, not and the like, which the chips cannot take apart. */
export function flatten(where: Predicate): { conditions: Condition[]; rest: Predicate[] } {
  const conditions: Condition[] = [];
  const rest: Predicate[] = [];
  for (const [key, value] of Object.entries(where)) {
    if (key === 'and' && Array.isArray(value)) {
      for (const part of value as Predicate[]) {
        const inner = flatten(part);
        conditions.push(...inner.conditions);
        rest.push(...inner.rest);
      }
    } else if (key === 'or' || key === 'not') {
      rest.push({ [key]: value } as Predicate);
    } else {
      for (const [operator, operand] of Object.entries(value as Comparison)) {
        conditions.push({ field: key, operator: operator as Operator, value: operand as Condition['value'] });
      }
    }
  }
  return { conditions, rest };
}

/** The reverse: the plainest predicate that says the same. */
export function assemble(conditions: readonly Condition[], rest: readonly Predicate[]): Predicate {
  const parts: Predicate[] = [
    ...conditions.map(({ field, operator, value }): Predicate => ({ [field]: { [operator]: value } })),
    ...rest,
  ];
  if (parts.length === 0) return {};
  const fields = conditions.map((condition) => condition.field);
  if (rest.length === 0 && new Set(fields).size === fields.length) return Object.assign({}, ...parts) as Predicate;
  return parts.length === 1 ? (parts[0] as Predicate) : { and: parts };
}
