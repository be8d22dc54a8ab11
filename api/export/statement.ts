/**
 * The rows of an export as one COPY. COPY takes no parameters, so every value stands in the text: quoted by the compiler of
 * the query itself, never put in by hand.
 */
import { createQueryId, PostgresQueryCompiler, type RootOperationNode, sql } from 'kysely';
import { type CopyToStreamQuery, to } from 'pg-copy-streams';
import type { Deps } from '../context.ts';
import { sorted, sortKeys } from '../records/list.ts';
import { listConditions } from '../records/list-conditions.ts';
import type { ListQuery } from '../records/list-query.ts';
import type { Scene } from '../records/query.ts';
import { ROW, relationOf } from '../records/wire.ts';
import { loosely } from '../storage/loose-tables.ts';
import type { ExportColumn } from './columns.ts';
import { csvText, rowText, type TextOptions } from './text.ts';

export interface ExportPlan {
  format: 'csv' | 'xlsx';
  scene: Scene;
  query: ListQuery;
  columns: readonly ExportColumn[];
  options: TextOptions;
}

/** Rows as CSV lines without a header, or as `<row>` elements of a sheet from row 2 on, one a line. */
export function copyStatement(deps: Deps, { format, scene, query, columns, options }: ExportPlan): CopyToStreamQuery {
  const db = loosely(deps.db);
  const value = (column: ExportColumn) => (format === 'csv' ? csvText(column, options) : column.value);
  const joined = columns.reduce(
    (rows, { join }) =>
      join ? (rows.leftJoin(`${join.from} as ${join.alias}`, (on) => on.on(join.on)) as typeof rows) : rows,
    matching(deps, scene, query),
  );
  const rows = sorted(
    joined.select(columns.map((column, at) => value(column).as(`c${at}`))) as never,
    sortKeys(scene, query),
  );
  if (format === 'csv') return to(`copy (${immediateText(rows.toOperationNode())}) to stdout with (format csv)`);
  const numbered = db
    .selectFrom(rows.as('ordered'))
    .selectAll()
    .select(sql<string>`(row_number() over () + 1)::text`.as('n'));
  const lines = db.selectFrom(numbered.as('row')).select(rowText(columns, options).as('line'));
  return to(`copy (${immediateText(lines.toOperationNode())}) to stdout`);
}

/** How many rows match, exactly. */
export async function countMatching(db: Deps['db'], { scene, query }: ExportPlan): Promise<number> {
  const { count } = await matching({ db }, scene, query)
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function matching({ db }: Pick<Deps, 'db'>, scene: Scene, query: ListQuery) {
  const where = listConditions(scene, query);
  return loosely(db)
    .selectFrom(`${relationOf(scene.resource)} as ${ROW}`)
    .$call((rows) => (where ? rows.where(where) : rows));
}

/** The text of a statement with its values in it, quoted. */
export function immediateText(node: RootOperationNode): string {
  return new ImmediateCompiler().compileQuery(node, createQueryId()).sql;
}

/** Writes each value as a quoted literal in the place of a parameter. */
class ImmediateCompiler extends PostgresQueryCompiler {
  protected override appendValue(value: unknown): void {
    if (value === null || value === undefined) this.append('null');
    else this.appendStringLiteral(literalText(value));
  }
}

/** As the driver would send it. @throws for what a literal cannot hold */
function literalText(value: unknown): string {
  const text = Array.isArray(value) ? arrayText(value) : String(value);
  if (text.includes('\0')) throw new RangeError('a value with a zero byte');
  return text;
}

function arrayText(values: readonly unknown[]): string {
  const each = values.map((value) => (value === null ? 'null' : `"${String(value).replace(/["\\]/g, '\\$&')}"`));
  return `{${each.join(',')}}`;
}
