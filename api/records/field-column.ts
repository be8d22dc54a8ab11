/**
 * Where a field of a row is read: its column, or for a field that staff added the entry of the row's extras. What stands
 * there and no longer fits the kind is null (an empty list), never an error. The functions app.<type>_of are those of
 * the indexes over such fields, so that a comparison and an index say the same.
 */
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Field, Json, Resource } from '../contract.ts';
import type { Constant } from '../predicate/plan.ts';
import type { SqlOptions } from '../predicate-sql.ts';
import { isList } from '../values/parse-value.ts';

/** Every table that may have added fields keeps them in this column. */
export const EXTRAS = 'extras';

/** @param table the alias under which the statement reads the resource */
export function fieldColumn({ fields }: Pick<Resource, 'fields'>, name: string, table: string): RawBuilder<unknown> {
  return columnFrom(name, Object.hasOwn(fields, name) ? fields[name] : undefined, table);
}

/** The same for a field at hand. */
export function columnFrom(name: string, field: Field | undefined, table: string): RawBuilder<unknown> {
  return field?.custom ? extraValue(name, field, sql.ref(`${table}.${EXTRAS}`)) : sql.ref(`${table}.${name}`);
}

/** An added field's value, of the type that its kind has in a column. */
export function extraValue(name: string, field: Field, extras: Expression<unknown>): RawBuilder<unknown> {
  const entry = sql`(${extras} ->> ${sql.lit(name)})`;
  switch (field.kind) {
    case 'integer':
    case 'points':
    case 'ref':
      return sql`app.integer_of(${entry})`;
    case 'money':
      return sql`app.decimal_of(${entry})::numeric(32, 2)`;
    case 'decimal':
      return sql`app.decimal_of(${entry})::numeric(32, ${sql.lit(field.scale)})`;
    case 'rate':
      return sql`app.decimal_of(${entry})`;
    case 'boolean':
      return sql`app.boolean_of(${entry})`;
    case 'date':
      return sql`app.date_of(${entry})`;
    case 'datetime':
      return sql`app.time_of(${entry})`;
    case 'choices':
    case 'tags':
      return sql`app.list_of(${extras} -> ${sql.lit(name)})`;
    default:
      return entry;
  }
}

/** What is put over the extras of a row; null takes an entry out. Slots are JSON text. */
export function extrasPatch(
  names: readonly string[],
  slot: (name: string) => RawBuilder<unknown>,
  before?: Expression<unknown>,
): RawBuilder<unknown> {
  const pairs = names.map((name) => sql`${sql.lit(name)}, ${slot(name)}::jsonb`);
  const patch = sql`jsonb_build_object(${sql.join(pairs)})`;
  return sql`jsonb_strip_nulls(${before ? sql`${before} || ${patch}` : patch})`;
}

/** An added field's value as it is kept: as it travels; a list without entries is none. */
export function extraJson(field: Field, value: Json | undefined): string {
  const empty = isList(field) && Array.isArray(value) && value.length === 0;
  return JSON.stringify(empty ? null : (value ?? null));
}

/** Names of the fields that staff added. */
export function customNames({ fields }: Pick<Resource, 'fields'>, names = Object.keys(fields)): string[] {
  return names.filter((name) => fields[name]?.custom);
}

const VALUES_MAX = 20;

/**
 * What an index over the extras can find of an equality, to stand beside the comparison itself; for SqlOptions.narrow.
 * @param table the alias of the resource
 */
export function extrasNarrow({ fields }: Pick<Resource, 'fields'>, table: string): SqlOptions['narrow'] {
  return (name, type, values) => {
    if (!Object.hasOwn(fields, name) || !fields[name]!.custom) return null;
    // Dates and decimals have several spellings; texts, whole numbers and booleans one.
    if (!['text', 'integer', 'boolean', 'list'].includes(type)) return null;
    if (values.length === 0 || values.length > VALUES_MAX) return null;
    const entries = values
      .flatMap(spellings)
      .map(
        (value) =>
          sql`${sql.ref(`${table}.${EXTRAS}`)} @> ${JSON.stringify({ [name]: type === 'list' ? [value] : value })}::jsonb`,
      );
    return sql<SqlBool>`(${sql.join(entries, sql` or `)})`;
  };
}

/** What was kept under the same key as another kind may say the same. */
function spellings(value: Constant): Constant[] {
  const text = String(value);
  const plain = /^(?:true|false|-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?)$/.test(text)
    ? [JSON.parse(text) as Constant]
    : [];
  return [text, ...plain];
}
