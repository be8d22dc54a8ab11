/** The row of an import in app.imports: what it was given, how far it is, what came of it. */
import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import type { Caller } from '../context.ts';
import type {
  ImportChange,
  ImportError,
  ImportFormat,
  ImportMapping,
  ImportMode,
  ImportState,
  ImportStatus,
  Json,
  Lang,
  Pair,
} from '../contract.ts';
import { fieldError, problem } from '../errors.ts';
import { type Params, say } from '../messages.ts';
import type { DB } from '../schema.ts';
import type { Applied } from './apply.ts';
import type { RowFault } from './stage.ts';

export type ImportRow = Selectable<DB['app.imports']>;
/** States in which a mapping may change and a check or run may begin. */
export const AT_REST: readonly ImportState[] = ['uploaded', 'checked', 'failed', 'cancelled'];
export const ERRORS_SHOWN = 1000;

/** Said in the language of whoever reads it. */
export interface Message {
  key: string;
  params?: Params;
}

/** @throws Problem 404 for an id that is no import */
export async function readImport(db: Kysely<DB>, id: number): Promise<ImportRow> {
  const row = await db.selectFrom('app.imports').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw problem(404, 'not_found');
  return row;
}

/** Moves an import on, if it is in one of the states. @returns whether it was */
export async function moveImport(
  db: Kysely<DB>,
  id: number,
  from: readonly ImportState[],
  values: Updateable<DB['app.imports']>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('app.imports')
    .set(values)
    .where('id', '=', id)
    .where('state', 'in', from as ImportState[])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function addImport(db: Kysely<DB>, values: Insertable<DB['app.imports']>): Promise<number> {
  const { id } = await db.insertInto('app.imports').values(values).returning('id').executeTakeFirstOrThrow();
  return id;
}

/** Columns that hold the outcome of a check or run. */
export function outcomeColumns(
  applied: Applied,
  faults: readonly RowFault[],
  skipped_by: { label: string | Pair; rows: number }[],
  preview: readonly ImportChange[],
) {
  return {
    created_count: applied.created,
    updated_count: applied.updated,
    unchanged_count: applied.unchanged,
    skipped_count: applied.skipped,
    wrong_count: applied.wrong,
    counts: JSON.stringify(applied.counts),
    skipped_by: JSON.stringify(skipped_by),
    errors: JSON.stringify(faults.slice(0, ERRORS_SHOWN)),
    preview: JSON.stringify(preview),
  };
}

export function messageText(message: Message): string {
  return JSON.stringify(message);
}

/** The sentence about one fault in a language. */
export function sayFault({ key, params, column }: Pick<RowFault, 'key' | 'params' | 'column'>, lang: Lang): string {
  if (key === 'rule') return say(lang, 'bad_condition', { label: [column, column], ...params });
  return fieldError({ key, params }, lang).message;
}

/**
 * As it travels, in the caller's language. What cells of the file say is for whoever uploaded it, and for those who may see
 * personal data.
 */
export function importStatus(row: ImportRow, { id, pii, lang }: Pick<Caller, 'id' | 'pii' | 'lang'>): ImportStatus {
  const cells = pii || row.created_by === id;
  const faults = row.errors as unknown as RowFault[];
  const message = row.message === null ? null : (JSON.parse(row.message) as Message);
  const errors: ImportError[] = faults.map((fault) => ({
    row: fault.row,
    column: fault.column,
    key: fault.key,
    message: sayFault(fault, lang),
    value: cells ? fault.value : '',
  }));
  return {
    id: row.id,
    resource: row.resource,
    file_name: row.file_name,
    state: row.state as ImportState,
    headers: row.headers,
    sample: cells ? (row.sample as unknown as string[][]) : [],
    format: row.format as unknown as ImportFormat,
    mapping: row.mapping as unknown as ImportMapping | null,
    mode: row.mode as ImportMode,
    rows_read: row.rows_read,
    rows_total: row.rows_total,
    created: row.created_count,
    updated: row.updated_count,
    unchanged: row.unchanged_count,
    skipped: row.skipped_count,
    wrong: row.wrong_count,
    skipped_by: row.skipped_by as unknown as ImportStatus['skipped_by'],
    counts: row.counts as unknown as { [name: string]: number },
    errors,
    // Values of personal data are for those who may see them.
    preview: cells ? (row.preview as unknown as ImportChange[]) : [],
    errors_cut: row.wrong_count > faults.length && faults.length >= ERRORS_SHOWN,
    message: message && say(lang, message.key, message.params as { [name: string]: Json }),
    created_at: row.created_at,
  };
}
