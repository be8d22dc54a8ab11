/** Rows of an uploaded file, in batches, in bounded memory: the reader waits for whoever takes them. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { CsvError, type Options, parse } from 'csv-parse';
import type { Config } from './config.ts';
import type { ImportFormat } from './contract.ts';
import { problem } from './errors.ts';
import { openText } from './import-file.ts';

/** One row as a spreadsheet counts it: the header is row 1 where there is one. */
export interface FileRow {
  row_no: number;
  cells: string[];
}

const BATCH = 1000;
/** Longer than any honest row; what an unclosed quotation mark swallows stops here. */
const ROW_MAX = 1024 * 1024;

/**
 * All rows, the header's included; rows without anything in them are left out but counted.
 * @throws Problem 422 naming the row that cannot be read
 */
export async function* readRows(
  config: Pick<Config, 'data_dir' | 'import_max_mb'>,
  id: number,
  format: ImportFormat,
): AsyncGenerator<FileRow[]> {
  const text = await openText(config, id, format.encoding);
  const rows = format.delimiter === 'whitespace' ? spacedRows(text) : delimitedRows(text, format.delimiter);
  let row_no = 0;
  let batch: FileRow[] = [];
  try {
    for await (const cells of rows) {
      row_no++;
      if (cells.length === 0 || cells.every((cell) => cell === '' || cell.trim() === '')) continue;
      batch.push({ row_no, cells });
      if (batch.length === BATCH) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  } catch (error) {
    throw readable(error, row_no + 1);
  } finally {
    text.destroy();
  }
}

function delimitedRows(text: Readable, delimiter: string): AsyncIterable<string[]> {
  const options: Options = {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    // A quotation mark inside a cell that does not begin with one is a letter like others: 7" RECORD.
    relax_quotes: true,
    max_record_size: ROW_MAX,
  };
  const parser = parse(options);
  text.on('error', (error) => parser.destroy(error));
  return text.pipe(parser) as AsyncIterable<string[]>;
}

async function* spacedRows(text: Readable): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of text as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.write(chunk)).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    if (rest.length > ROW_MAX) throw new CsvError('CSV_MAX_RECORD_SIZE', 'row too long');
    for (const line of lines) yield words(line);
  }
  if (rest !== '') yield words(rest);
}

function words(line: string): string[] {
  const text = line.trim();
  return text === '' ? [] : text.split(/\s+/);
}

function readable(error: unknown, row: number): unknown {
  if (!(error instanceof CsvError)) return error;
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return problem(422, 'import_quote_open', { row });
  if (error.code === 'CSV_MAX_RECORD_SIZE') return problem(422, 'import_row_too_long', { row });
  return problem(422, 'import_unreadable', {}, { cause: error });
}
