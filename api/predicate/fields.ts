/** The fields that a predicate mentions, compared or compared with; and values put in the place of some of them. */
import type { Json, Predicate, Row } from '../contract.ts';

/**
 * @param predicate of any shape; what is no predicate simply mentions nothing (its check says so)
 * @param options.operands false: only what is compared, not what it is compared with
 */
export function predicateFields(predicate: Predicate, { operands = true } = {}): Set<string> {
  const fields = new Set<string>();
  for (const [name, comparison] of comparisons(predicate)) {
    fields.add(name);
    if (operands) for (const other of comparedFields(comparison)) fields.add(other);
  }
  return fields;
}

/** The fields that it compares with: those of the edited record, in the options of a relation. */
export function recordFields(predicate: Predicate): Set<string> {
  return new Set([...comparisons(predicate)].flatMap(([, comparison]) => comparedFields(comparison)));
}

/** The same predicate with the record's values in the place of {"$field": …}; a list stands for each of its elements. */
export function bindFields(predicate: Predicate, record: Row): Predicate {
  return Object.fromEntries(
    Object.entries(predicate).map(([key, value]: [string, unknown]) => {
      if ((key === 'and' || key === 'or') && Array.isArray(value))
        return [key, (value as Predicate[]).map((part) => bindFields(part, record))];
      if (key === 'not') return [key, bindFields(value as Predicate, record)];
      return [key, bindComparison(value as { [operator: string]: unknown }, record)];
    }),
  ) as Predicate;
}

function bindComparison(comparison: { [operator: string]: unknown }, record: Row): { [operator: string]: unknown } {
  const bound = (operand: unknown): unknown => {
    if (!isReference(operand)) return operand;
    const value = Object.hasOwn(record, operand.$field) ? (record[operand.$field] ?? null) : null;
    return Array.isArray(value) ? value.map(literal) : literal(value);
  };
  return Object.fromEntries(
    Object.entries(comparison).map(([operator, operand]) => [
      operator,
      Array.isArray(operand) ? operand.flatMap(bound) : bound(operand),
    ]),
  );
}

/** A value is meant as it is written: a text that starts like a variable is none, and an object names no field. */
function literal(value: Json): unknown {
  if (typeof value === 'object' && value !== null) return [];
  return typeof value === 'string' && value.startsWith('$') ? { $text: value } : value;
}

function* comparisons(predicate: Predicate): Generator<[field: string, comparison: unknown]> {
  const waiting: unknown[] = [predicate];
  while (waiting.length > 0) {
    const each = waiting.pop();
    if (typeof each !== 'object' || each === null) continue;
    for (const [key, value] of Object.entries(each)) {
      if ((key === 'and' || key === 'or') && Array.isArray(value)) waiting.push(...value);
      else if (key === 'not') waiting.push(value);
      else yield [key, value];
    }
  }
}

function comparedFields(comparison: unknown): string[] {
  if (typeof comparison !== 'object' || comparison === null) return [];
  return Object.values(comparison)
    .flat()
    .filter(isReference)
    .map((operand) => operand.$field);
}

function isReference(operand: unknown): operand is { $field: string } {
  return typeof operand === 'object' && operand !== null && '$field' in operand;
}
