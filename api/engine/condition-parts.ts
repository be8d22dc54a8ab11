/** A rule's condition, part by part: what each says, and whether a fact satisfies it. */
import type { Kysely } from 'kysely';
import { contextsOf } from '../contexts.ts';
import type { Pair, Predicate, Resource } from '../contract.ts';
import type { TrialPart } from '../contract-trials.ts';
import { checkPredicate, PredicateError, printPredicate } from '../predicate.ts';
import type { DB } from '../schema.ts';
import { satisfied } from './matches.ts';

const UNREADABLE: Pair = ['条件已无法识别（例如字段已停用）', 'The condition can no longer be read (a field is gone)'];

interface Part {
  predicate: Predicate;
  any_of: Part[];
}

/**
 * Everything a condition asks that must hold together; of alternatives (`or`) each with what it asks.
 * @param condition as a rule stores it; null: nothing is asked
 */
export async function conditionParts(
  trx: Kysely<DB>,
  condition: unknown,
  fact: {
    run: number;
    round: number;
    customer_id: number;
    time_zone: string;
    resources: ReadonlyMap<string, Resource>;
  },
): Promise<TrialPart[]> {
  if (condition === null || condition === undefined) return [];
  const context = contextsOf(fact.resources).get('earn_fact')!;
  let parts: Part[];
  try {
    parts = split(checkPredicate(condition, context));
  } catch (error) {
    if (error instanceof PredicateError) return [{ text: UNREADABLE, met: false }];
    throw error;
  }
  const flat = parts.flatMap((part) => [part, ...part.any_of]);
  const met = await satisfied(
    trx,
    flat.map((part) => part.predicate),
    fact,
  );
  const told = (part: Part): TrialPart => ({
    text: [printPredicate(part.predicate, context, 'zh'), printPredicate(part.predicate, context, 'en')],
    met: met[flat.indexOf(part)]!,
    ...(part.any_of.length > 0 ? { any_of: part.any_of.map(told) } : {}),
  });
  return parts.map(told);
}

function split(predicate: Predicate): Part[] {
  return Object.entries(predicate).flatMap(([key, value]): Part[] => {
    if (key === 'and') return (value as Predicate[]).flatMap(split);
    const part = { [key]: value } as Predicate;
    const any_of = key === 'or' ? (value as Predicate[]).map((one): Part => ({ predicate: one, any_of: [] })) : [];
    return [{ predicate: part, any_of }];
  });
}
