/** The views of schema report with their comments: what an analyst may read, and what it means. */
import { type Kysely, sql } from 'kysely';
import type { ReportDetails } from '../contract-reports.ts';
import type { DB } from '../schema.ts';
import { readSql } from '../storage/sql-files.ts';

export type ReportView = ReportDetails['views'][number];

export async function readReportViews(db: Kysely<DB>): Promise<ReportView[]> {
  const { rows } = await sql
    .raw<{ view_name: string; view_comment: string; columns: ReportView['columns'] }>(
      readSql('catalogue/report_views.sql'),
    )
    .execute(db);
  return rows.map((row) => ({ name: row.view_name, comment: row.view_comment, columns: row.columns }));
}

/** View of schema report -> the tables it is made of, "app.orders", through however many views between. */
export async function readLineage(db: Kysely<DB>): Promise<Map<string, string[]>> {
  const { rows } = await sql
    .raw<{ view_name: string; table_name: string }>(readSql('catalogue/lineage.sql'))
    .execute(db);
  const tables = new Map<string, string[]>();
  for (const { view_name, table_name } of rows) tables.set(view_name, [...(tables.get(view_name) ?? []), table_name]);
  return tables;
}
