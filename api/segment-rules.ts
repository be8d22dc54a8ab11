/**
 * Ordered rules over ops.segment_facts as expressions: the first rule that a customer satisfies gives the segment, whoever
 * satisfies none is in `other`. The daily snapshot and the preview compile through here, so that they cannot differ.
 */
import { type ExpressionWrapper, expressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely';
import { contextsOf } from './contexts.ts';
import type { Json, Pair, Predicate, PredicateContext, Resource } from './contract.ts';
import { dayStart } from './predicate/values.ts';
import { checkPredicate, type Moment, PredicateError } from './predicate.ts';
import { predicateToSql } from './predicate-sql.ts';
import { EXTRAS, extraValue } from './records/field-column.ts';

/** The segment of whoever satisfies no rule. */
export const OTHER = 'other';
export const OTHER_NAME: Pair = ['其他', 'Other'];
export const SEGMENT_CONTEXT = 'segment_customer';
/** The alias under which statements read ops.segment_facts. */
export const FACTS = 'facts';

export interface SegmentRule {
  code: string;
  name: string;
  name_en: string;
  condition: Predicate;
}

/** The columns of ops.segment_facts that statements name themselves; rules name theirs through the context. */
export interface SegmentFacts {
  customer_id: number;
  order_count: number;
  net_amount: string;
}

/** The rows that rules are asked about: customers known before the day, with what they had done by then. */
export function segmentFacts(as_of_on: string) {
  return sql<SegmentFacts>`ops.segment_facts(${as_of_on}::date)`.as<typeof FACTS>(sql.id(FACTS));
}

/** What rules mean: the fields they may ask about, where those stand, and which day it is. */
export interface RuleScope {
  resources: ReadonlyMap<string, Resource>;
  moment: Moment;
}

/** A rule's `$today` and `$now` are the day it is computed for, never the clock. */
export function momentOf(as_of_on: string, time_zone: string): Moment {
  const now = dayStart(as_of_on, time_zone);
  if (!now) throw new Error(`"${as_of_on}" does not begin in ${time_zone}`);
  return { now, today: as_of_on, me: null, time_zone };
}

/**
 * @param input the rules as stored or as typed into a form
 * @param resources the definitions in force, with the fields that staff added
 * @throws RuleError naming the rule (from 0) and what is wrong with it
 */
export function readRules(input: Json | undefined, resources: RuleScope['resources']): SegmentRule[] {
  const context = segmentContext(resources);
  if (!Array.isArray(input)) throw new RuleError(null, 'rules', ['规则应为列表', 'The rules must be a list']);
  const seen = new Set<string>([OTHER]);
  return input.map((item, index) => {
    const rule = (item ?? {}) as { [name: string]: Json };
    const { code, name, name_en } = rule;
    if (typeof code !== 'string' || !/^[a-z][a-z0-9_]*$/.test(code)) {
      throw new RuleError(index, 'code', [
        '编码由小写字母、数字与下划线组成',
        'A code has lower-case letters, digits and underscores',
      ]);
    }
    if (seen.has(code)) {
      throw new RuleError(index, 'code', [`编码“${code}”重复或已保留`, `The code "${code}" is taken or reserved`]);
    }
    seen.add(code);
    try {
      const condition = checkPredicate(rule.condition ?? {}, context);
      return { code, name: text(name, code), name_en: text(name_en, text(name, code)), condition };
    } catch (error) {
      if (error instanceof PredicateError) throw new RuleError(index, 'condition', error.pair);
      throw error;
    }
  });
}

/** `index` is the rule's place (from 0; null: the list itself), `field` the part of it that is wrong. */
export class RuleError extends Error {
  override name = 'RuleError';
  readonly index: number | null;
  readonly field: string;
  readonly pair: Pair;
  constructor(index: number | null, field: string, pair: Pair) {
    super(index === null ? pair[1] : `Rule ${index + 1}, ${field}: ${pair[1]}`);
    this.index = index;
    this.field = field;
    this.pair = pair;
  }
}

/** Whether a customer of `facts` satisfies the rule, whatever rules stand before it. */
export function ruleCondition(rule: SegmentRule, scope: RuleScope): RawBuilder<SqlBool> {
  return factsCondition(rule.condition, scope);
}

/** A condition of the context of segment rules over `facts`. @throws PredicateError where it does not fit */
export function factsCondition(condition: unknown, { resources, moment }: RuleScope): RawBuilder<SqlBool> {
  const context = segmentContext(resources);
  const added = context.custom_of === undefined ? undefined : resources.get(context.custom_of)?.fields;
  const column = (name: string) => {
    const field = added && Object.hasOwn(added, name) ? added[name] : undefined;
    return field?.custom ? extraValue(name, field, sql.ref(`${FACTS}.${EXTRAS}`)) : sql.ref(`${FACTS}.${name}`);
  };
  return predicateToSql(checkPredicate(condition, context), context, { column, moment });
}

/** The segment of a customer of `facts`: one `case` over the rules in order. */
export function segmentCase(rules: readonly SegmentRule[], scope: RuleScope): ExpressionWrapper<object, never, string> {
  const eb = expressionBuilder<object, never>();
  const other = sql<string>`${OTHER}::text`;
  const [first, ...rest] = rules;
  if (!first) return eb.fn.coalesce(other) as unknown as ExpressionWrapper<object, never, string>;
  let branches = eb.case().when(ruleCondition(first, scope)).then(code(first));
  for (const rule of rest) branches = branches.when(ruleCondition(rule, scope)).then(code(rule));
  return branches.else(other).end() as unknown as ExpressionWrapper<object, never, string>;
}

function code(rule: SegmentRule): RawBuilder<string> {
  return sql<string>`${rule.code}::text`;
}

function segmentContext(resources: RuleScope['resources']): PredicateContext {
  return contextsOf(resources).get(SEGMENT_CONTEXT)!;
}

function text(value: Json | undefined, otherwise: string): string {
  return typeof value === 'string' && value.trim() ? value : otherwise;
}
