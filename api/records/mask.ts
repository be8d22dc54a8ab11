/** Personal data as seen without the `pii` permission: in SQL for rows, in JavaScript for the kept history. Both agree. */
import { type Expression, type RawBuilder, sql } from 'kysely';
import type { Field, Json } from '../contract.ts';

type Mask = NonNullable<Field['pii']>;

/** 13812341234 -> 138****1234, ann@example.com -> a***@example.com, 王小明 -> 王*. Null stays null. */
export function maskSql(mask: Mask, value: Expression<unknown>): RawBuilder<string | null> {
  const text = sql<string>`${value}::text`;
  if (mask === 'phone') {
    return sql`case when length(${text}) < 7 then '****' else left(${text}, greatest(length(${text}) - 8, 0)) || '****' || right(${text}, 4) end`;
  }
  if (mask === 'email') {
    return sql`left(${text}, 1) || '***' || case when position('@' in ${text}) > 1 then substr(${text}, position('@' in ${text})) else '' end`;
  }
  return sql`left(${text}, 1) || '*'`;
}

/** The same for a value that is already here. */
export function maskValue(mask: Mask, value: Json): Json {
  if (value === null || value === undefined) return null;
  const letters = [...(typeof value === 'string' ? value : JSON.stringify(value))];
  const [first = ''] = letters;
  if (mask === 'phone') {
    if (letters.length < 7) return '****';
    return `${letters.slice(0, Math.max(letters.length - 8, 0)).join('')}****${letters.slice(-4).join('')}`;
  }
  if (mask === 'email') {
    const at = letters.indexOf('@');
    return `${first}***${at > 0 ? letters.slice(at).join('') : ''}`;
  }
  return `${first}*`;
}
