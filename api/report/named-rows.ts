/** Rows of report views as the written reports take them: by column, amounts as the text they travel in. */
import type { Json, Pair } from '../contract.ts';

export type NamedRow = { [column: string]: Json };

export function namedRows({ columns, rows }: { columns: string[]; rows: Json[][] }): NamedRow[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])));
}

export function textOf(value: Json | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** @param name of the Chinese column; the English one has _en behind it */
export function pairOf(row: NamedRow, name: string): Pair {
  return [String(row[name]), String(row[`${name}_en`])];
}
