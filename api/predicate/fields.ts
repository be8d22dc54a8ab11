/** The fields that a predicate mentions, compared or compared with. */
import type { Predicate } from '../contract.ts';

/** @param predicate of any shape; what is no predicate simply mentions nothing (its check says so) */
export function predicateFields(predicate: Predicate): Set<string> {
  const fields = new Set<string>();
  const waiting: unknown[] = [predicate];
  while (waiting.length > 0) {
    const each = waiting.pop();
    if (typeof each !== 'object' || each === null) continue;
    for (const [key, value] of Object.entries(each)) {
      if ((key === 'and' || key === 'or') && Array.isArray(value)) waiting.push(...value);
      else if (key === 'not') waiting.push(value);
      else {
        fields.add(key);
        for (const name of comparedFields(value)) fields.add(name);
      }
    }
  }
  return fields;
}

function comparedFields(comparison: unknown): string[] {
  if (typeof comparison !== 'object' || comparison === null) return [];
  return Object.values(comparison)
    .flat()
    .filter(
      (operand): operand is { $field: string } =>
        typeof operand === 'object' && operand !== null && '$field' in operand,
    )
    .map((operand) => operand.$field);
}
