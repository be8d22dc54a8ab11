/** Conditions as SQL: the twin of evaluatePredicate. Values are bound and cast, columns come from the caller. */
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Predicate, PredicateContext, ValueType } from './contract.ts';
import { type Compare, type Constant, type Moment, type Plan, planPredicate } from './predicate/plan.ts';

export interface SqlOptions {
  /**
   * The expression of a field: text, an integer, numeric, boolean, date, timestamptz, text[] for a list, or bigint[] for ids.
   * Anything beyond a column reference comes in parentheses. It is asked only for fields of the context.
   */
  column: (field: string) => Expression<unknown>;
  moment: Moment;
  /** What an index can find of rows whose field equals one of the values (of a list: holds one); null: nothing. */
  narrow?: (field: string, type: ValueType, values: readonly Constant[]) => RawBuilder<SqlBool> | null;
  /**
   * A condition (the default) stands after `where`, `on`, `filter (where`, `case when`: there null counts as false, and
   * plain comparisons stay bare so that indexes serve them. Anywhere else (a column, a check) ask for a `value`: never null.
   */
  as?: 'condition' | 'value';
  /** The values stand in the text: for a condition that is the same each time, so that one plan serves for good. */
  fixed?: boolean;
}
/** What every part of the condition is made with. */
type Making = Pick<SqlOptions, 'column' | 'narrow' | 'fixed'>;

/** @param predicate one that passed checkPredicate in this context; throws PredicateError otherwise. */
export function predicateToSql(
  predicate: Predicate,
  context: PredicateContext,
  { moment, as = 'condition', ...making }: SqlOptions,
): RawBuilder<SqlBool> {
  const condition = toSql(planPredicate(predicate, context, moment), making);
  return as === 'value' ? sql<SqlBool>`((${condition}) is true)` : condition;
}

const COMPARE: { [how in Compare]: RawBuilder<unknown> } = {
  eq: sql`=`,
  ne: sql`<>`,
  gt: sql`>`,
  gte: sql`>=`,
  lt: sql`<`,
  lte: sql`<=`,
};
const TYPES: { [type in ValueType]: RawBuilder<unknown> } = {
  text: sql`text`,
  integer: sql`bigint`,
  decimal: sql`numeric`,
  boolean: sql`boolean`,
  date: sql`date`,
  time: sql`timestamptz`,
  list: sql`text[]`,
  ids: sql`bigint[]`,
};

/**
 * Null may stand for false anywhere in the result: `and` and `or` carry it upwards harmlessly and `not` asks `is not true`.
 */
function toSql(plan: Plan, making: Making): RawBuilder<SqlBool> {
  const values = plan.test === 'eq' ? [plan.value] : plan.test === 'any' || plan.test === 'overlaps' ? plan.values : [];
  const narrowed =
    'field' in plan && 'type' in plan && values.length > 0 ? making.narrow?.(plan.field, plan.type, values) : null;
  const test = testToSql(plan, making);
  return narrowed ? sql`(${narrowed} and ${test})` : test;
}

function testToSql(plan: Plan, making: Making): RawBuilder<SqlBool> {
  const { column, fixed = false } = making;
  const bind = (value: Constant | Constant[], type: ValueType) => bound(fixed ? literalOf(value) : value, type);
  switch (plan.test) {
    case 'and':
    case 'or': {
      if (plan.parts.length === 0) return plan.test === 'and' ? sql`true` : sql`false`;
      const parts = plan.parts.map((part) => toSql(part, making));
      return sql`(${sql.join(parts, plan.test === 'and' ? sql` and ` : sql` or `)})`;
    }
    case 'not':
      return sql`((${toSql(plan.part, making)}) is not true)`;
    case 'never':
      return sql`false`;
    case 'null':
      return isList(plan.type) ? sql`${length(column(plan.field))} = 0` : sql`${column(plan.field)} is null`;
    case 'notNull':
      return isList(plan.type) ? sql`${length(column(plan.field))} > 0` : sql`${column(plan.field)} is not null`;
    case 'any':
      return sql`${column(plan.field)} = any(${bind(plan.values, plan.type)}[])`;
    case 'none':
      // `<> all` of nothing is true even for null.
      if (plan.values.length === 0) return sql`${column(plan.field)} is not null`;
      return sql`${column(plan.field)} <> all(${bind(plan.values, plan.type)}[])`;
    case 'contains':
      return sql`${folded(column(plan.field))} like ${`%${literal(plan.text)}%`}::text`;
    case 'contains_not':
      return sql`${folded(column(plan.field))} not like ${`%${literal(plan.text)}%`}::text`;
    case 'starts':
      return sql`${folded(column(plan.field))} like ${`${literal(plan.text)}%`}::text`;
    case 'ends':
      return sql`${folded(column(plan.field))} like ${`%${literal(plan.text)}`}::text`;
    case 'overlaps':
      return sql`${column(plan.field)} && ${bind(plan.values, plan.type)}`;
    case 'has_field':
      if (plan.type === 'ids') return sql`${column(plan.other)} = any(${column(plan.field)})`;
      return sql`${column(plan.other)} collate "C" = any(${column(plan.field)})`;
    case 'compare_field': {
      const left = column(plan.field);
      const right = column(plan.other);
      // Two columns may disagree about their collation, even for equality.
      if (plan.type === 'text') return sql`${left} collate "C" ${COMPARE[plan.how]} ${right} collate "C"`;
      return sql`${left} ${COMPARE[plan.how]} ${right}`;
    }
    case 'eq':
    case 'ne':
      // Equality is the same under every deterministic collation, and an index on the column serves it.
      return sql`${column(plan.field)} ${COMPARE[plan.test]} ${bind(plan.value, plan.type)}`;
    default:
      if (plan.type === 'text') {
        return sql`${column(plan.field)} collate "C" ${COMPARE[plan.test]} ${bind(plan.value, plan.type)}`;
      }
      return sql`${column(plan.field)} ${COMPARE[plan.test]} ${bind(plan.value, plan.type)}`;
  }
}

function bound(value: unknown, type: ValueType): RawBuilder<unknown> {
  return sql`${value}::${TYPES[type]}`;
}

/** As the driver would send it, quoted by Kysely. */
function literalOf(value: Constant | Constant[]): RawBuilder<unknown> {
  const element = (each: Constant) => `"${String(each).replace(/["\\]/g, '\\$&')}"`;
  return sql.lit(Array.isArray(value) ? `{${value.map(element).join(',')}}` : String(value));
}

function isList(type: ValueType): boolean {
  return type === 'list' || type === 'ids';
}

/** An empty list is as good as none. */
function length(list: Expression<unknown>): RawBuilder<unknown> {
  return sql`coalesce(cardinality(${list}), 0)`;
}

/** Folds A to Z only, on every server and version, like foldCase. */
function folded(text: Expression<unknown>): RawBuilder<unknown> {
  return sql`lower(${text} collate "C")`;
}

/** Without wildcards. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
