/** Pages by position instead of by counting: the cursor holds the sort values of a row, the next page starts behind them. */
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ValueType } from '../contract.ts';
import { problem } from '../errors.ts';

export interface SortKey {
  field: string;
  descending: boolean;
  column: Expression<unknown>;
  type: ValueType;
  nullable: boolean;
}

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

/** The cursor of each row, as a text that needs no escaping in JSON or in an address. */
export function cursorColumn(keys: readonly SortKey[]): RawBuilder<string> {
  const values = keys.map(({ column }) => sql`${column}::text`);
  const json = sql`json_build_array(${signature(keys)}::text, ${sql.join(values)})::text`;
  return sql<string>`translate(encode(convert_to(${json}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`;
}

/** @throws Problem 400 for a cursor that is none, or is one of another order. */
export function readCursor(cursor: string, keys: readonly SortKey[]): (string | null)[] {
  let found: unknown;
  try {
    found = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    found = null;
  }
  const fits =
    Array.isArray(found) &&
    found.length === keys.length + 1 &&
    found[0] === signature(keys) &&
    found.every(
      (value) => value === null || (typeof value === 'string' && !value.includes('\0') && value.isWellFormed()),
    );
  if (!fits) throw problem(400, 'bad_cursor');
  return (found as (string | null)[]).slice(1);
}

/** True for rows behind the cursor's in the order of the keys (nulls where Postgres puts them: last, descending first). */
export function behindCursor(keys: readonly SortKey[], values: readonly (string | null)[]): RawBuilder<SqlBool> {
  const bound = keys.map(({ type }, at) => sql`${values[at]}::${TYPES[type]}`);
  const descending = keys[0]!.descending;
  // An index serves a comparison of whole rows; nulls that come last would be lost by it.
  const plain = keys.every(
    (key, at) => key.descending === descending && values[at] !== null && (!key.nullable || descending),
  );
  if (plain) {
    const columns = sql.join(keys.map((key) => key.column));
    return sql`(${columns}) ${descending ? sql`<` : sql`>`} (${sql.join(bound)})`;
  }
  const steps = keys.map((_, at) => {
    const same = keys.slice(0, at).map((key, before) => sql`${key.column} is not distinct from ${bound[before]}`);
    return sql`(${sql.join([...same, behind(keys[at]!, bound[at]!, values[at] === null)], sql` and `)})`;
  });
  return sql`(${sql.join(steps, sql` or `)})`;
}

function behind({ column, descending }: SortKey, bound: RawBuilder<unknown>, isNull: boolean): RawBuilder<unknown> {
  if (descending) return isNull ? sql`${column} is not null` : sql`${column} < ${bound}`;
  return isNull ? sql`false` : sql`(${column} > ${bound} or ${column} is null)`;
}

function signature(keys: readonly SortKey[]): string {
  return keys.map(({ field, descending }) => `${descending ? '-' : ''}${field}`).join();
}
