/** Rows of an uploaded file, in batches, in bounded memory: the reader waits for whoever takes them. */
import type { Config } from '../config.ts';
import type { ImportFormat } from '../contract.ts';
import { problem } from '../errors.ts';
import { cutRows, RowProblem } from './csv.ts';
import { openText } from './file.ts';
import { isNotesRow } from './notes.ts';
import { readSheetRows } from './workbook.ts';

/** One row as a spreadsheet counts it: the header is row 1 where there is one. */
export interface FileRow {
  row_no: number;
  cells: string[];
}

/**
 * All rows, the header's included; rows without anything in them are left out but counted.
 * @throws Problem 422 naming the row that cannot be read
 */
export async function* readRows(
  config: Pick<Config, 'data_dir' | 'import_max_mb'>,
  id: number,
  format: ImportFormat,
): AsyncGenerator<FileRow[]> {
  if (format.sheet !== undefined) {
    yield* readSheetRows(config, id, format.sheet);
    return;
  }
  const text = openText(config, id, format.encoding);
  let row_no = 0;
  try {
    for await (const rows of cutRows(text, format.delimiter)) {
      const batch: FileRow[] = [];
      for (const cells of rows) {
        row_no++;
        if (!isBlank(cells) && !(row_no === 2 && isNotesRow(cells))) batch.push({ row_no, cells });
      }
      if (batch.length > 0) yield batch;
    }
  } catch (error) {
    throw error instanceof RowProblem ? problem(422, error.key, { row: error.row }) : error;
  }
}

/** Nothing in it that people could see. */
export function isBlank(cells: readonly string[]): boolean {
  for (const cell of cells) if (cell !== '' && cell.trim() !== '') return false;
  return true;
}
