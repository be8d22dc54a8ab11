/** What was wrong with the rows of a file: the list people see, and the file of wrong rows they mend and send again. */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Config } from '../config.ts';
import type { Field, ImportFormat, ImportMapping, Lang } from '../contract.ts';
import { csvRow } from '../export/csv.ts';
import type { Refusal } from './apply.ts';
import { importPath } from './file.ts';
import { ownText } from './map.ts';
import { type FileRow, readRows } from './read.ts';
import type { RowFault } from './stage.ts';
import { type ImportRow, sayFault } from './store.ts';
import { shownCell } from './workbook.ts';

/** Beyond this the file of wrong rows stops: whoever has more has chosen the wrong column. */
const KEPT = 100_000;

export interface FaultLog {
  /** Where the reader of rows puts what it finds; emptied by settle. */
  batch: RowFault[];
  settle(): void;
  /** What SQL found. */
  addRefusal(refusal: Refusal, options: { mapping: ImportMapping; fields: { [name: string]: Field } }): void;
  sorted(): RowFault[];
  byRow(): Map<number, RowFault[]>;
}

export function openFaultLog(): FaultLog {
  const kept: RowFault[] = [];
  const batch: RowFault[] = [];
  const keep = (fault: RowFault) => {
    if (kept.length < KEPT) kept.push(fault);
  };
  return {
    batch,
    settle() {
      for (const fault of batch) keep(fault);
      batch.length = 0;
    },
    addRefusal([row, field, key, params], { mapping, fields }) {
      const column = (field && (mapping.columns[field] ?? field)) ?? '';
      const label = fields[field ?? '']?.label;
      keep({ row, column, key, params: { ...(label ? { label } : {}), ...params }, value: '' });
    },
    sorted: () => kept.toSorted((a, b) => a.row - b.row),
    byRow() {
      const rows = new Map<number, RowFault[]>();
      for (const fault of kept) rows.set(fault.row, [...(rows.get(fault.row) ?? []), fault]);
      return rows;
    },
  };
}

/**
 * The wrong rows as they came, behind their reasons in both languages: in front, so that a row with a cell too many does not
 * push them out of their columns. Made before anybody asks for it.
 */
export async function writeErrorsFile(config: Config, id: number, faults: FaultLog, row: ImportRow): Promise<void> {
  const path = importPath(config, id, 'errors.csv');
  await rm(path, { force: true });
  const wrong = faults.byRow();
  if (wrong.size === 0) return;
  const format = row.format as unknown as ImportFormat;
  // Cells of a workbook have no apostrophes yet; those of a delimited file are as they came.
  const line = format.sheet === undefined ? csvLine : csvRow;
  async function* lines(): AsyncGenerator<string> {
    // The mark tells spreadsheets that it is UTF-8.
    yield `\uFEFF${line([REASON.zh, REASON.en, ...row.headers])}`;
    for await (const batch of readRows(config, id, format)) {
      const text = batch.flatMap((each) => wrongLine(each, wrong, row.headers, line)).join('');
      if (text !== '') yield text;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path, { mode: 0o600 }));
}

const REASON: { [lang in Lang]: string } = { zh: '问题', en: 'Problem' };

function wrongLine(
  { row_no, cells }: FileRow,
  wrong: ReadonlyMap<number, RowFault[]>,
  headers: readonly string[],
  line: (cells: readonly string[]) => string,
): string[] {
  const faults = wrong.get(row_no);
  if (!faults) return [];
  // SQL names the row and the field; what the file said there is known only here.
  for (const fault of faults)
    if (fault.value === '') fault.value = ownText(shownCell(cells[headers.indexOf(fault.column)] ?? '').slice(0, 200));
  const padded = Array.from({ length: Math.max(headers.length, cells.length) }, (_, at) => shownCell(cells[at] ?? ''));
  const said = (['zh', 'en'] as const).map((lang) =>
    faults.map((fault) => `${fault.column}: ${sayFault(fault, lang)}`).join(lang === 'zh' ? '；' : '; '),
  );
  return [line([...said, ...padded])];
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** A cell that a spreadsheet would run as a formula is kept from it by an apostrophe; numbers stay numbers. */
export function csvCell(cell: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
