/** Statements of our own about what reports may read, asked as reports are: by the report login, bounded, rolled back. */
import type { Compilable } from 'kysely';
import type { Deps } from '../context.ts';
import type { Json } from '../contract.ts';
import { askReport } from './connection.ts';

const TIMEOUT_MS = 10_000;

/** @param keep the statement is short and asked often: its connection keeps it */
export async function ask(
  deps: Deps,
  query: Compilable,
  time_zone: string,
  { keep = false }: { keep?: boolean } = {},
): Promise<{ columns: string[]; rows: Json[][] }> {
  const { sql: text, parameters } = query.compile();
  const answer = await askReport(deps.report, {
    text,
    values: parameters as Json[],
    timeout_ms: TIMEOUT_MS,
    time_zone,
    keep,
  });
  return { columns: answer.columns.map(({ name }) => name), rows: answer.rows };
}
