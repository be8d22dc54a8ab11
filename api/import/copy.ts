/** Rows into a table by COPY: the one statement Kysely cannot build, and the text form Postgres reads fastest. */
import { type CopyStreamQuery, from } from 'pg-copy-streams';
import type { Json } from '../contract.ts';

/** @param columns from definitions, never from a request */
export function copyInto(table: string, columns: readonly string[]): CopyStreamQuery {
  return from(`copy ${table} (${columns.join(', ')}) from stdin`);
}

// Tabs and line ends part cells and rows; the backslash says that they do not.
const SPECIAL = /[\\\t\n\r]/g;
const ESCAPED: { [letter: string]: string } = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** One value as COPY reads it; lists and objects as JSON. */
export function copyValue(value: Json | undefined): string {
  if (value === null || value === undefined) return '\\N';
  const text = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
  SPECIAL.lastIndex = 0;
  return SPECIAL.test(text) ? text.replace(SPECIAL, (letter) => ESCAPED[letter]!) : text;
}
