/** An uploaded workbook as rows of texts: what is wrong with it is said in one sentence. */
import { open } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { problem } from '../errors.ts';
import { Fault } from '../values/fault.ts';
import { WorkbookProblem } from '../xlsx/fault.ts';
import { CUT, NO_VALUE, readSheet } from '../xlsx/sheet.ts';
import { openWorkbook, type Sheet } from '../xlsx/workbook.ts';
import { importPath, unpackedMax } from './file.ts';
import { type FileRow, isBlank } from './read.ts';

type Place = Pick<Config, 'data_dir' | 'import_max_mb'>;

const ZIP = '504b';
const OLE = 'd0cf11e0';
/** Where old Excel files and encrypted ones say what they are. */
const OLE_HEAD = 4 * 1024 * 1024;

/** @returns the sheets; null when the file is no workbook. @throws Problem 422 for one that cannot be read */
export async function findSheets(config: Place, id: number): Promise<Sheet[] | null> {
  const path = importPath(config, id);
  const head = await readHead(path, 4);
  const magic = head.toString('hex');
  if (magic === OLE) {
    const encrypted = (await readHead(path, OLE_HEAD)).includes(Buffer.from('EncryptedPackage', 'utf16le'));
    throw problem(422, encrypted ? 'workbook_encrypted' : 'workbook_old');
  }
  if (!magic.startsWith(ZIP)) return null;
  return inWords(async () => {
    const workbook = await openWorkbook(path, unpackedMax(config));
    workbook.entries.close();
    return workbook.sheets;
  });
}

/** @throws Problem 422 */
export async function* readSheetRows(config: Place, id: number, name: string): AsyncGenerator<FileRow[]> {
  const workbook = await inWords(() => openWorkbook(importPath(config, id), unpackedMax(config)));
  try {
    const sheet = workbook.sheets.find((each) => each.name === name);
    if (!sheet) throw problem(422, 'workbook_no_such_sheet', { sheet: name });
    const rows = readSheet(workbook, sheet);
    for (;;) {
      const { done, value } = await inWords(() => rows.next());
      if (done) return;
      yield value.filter(({ cells }) => !isBlank(cells));
    }
  } finally {
    workbook.entries.close();
  }
}

/** Why a cell has no value, where that is so. */
export function noValueFault(cell: string): Fault | null {
  if (!cell.startsWith(NO_VALUE)) return null;
  return cell === CUT ? new Fault('import_cell_cut') : new Fault('import_cell_error', { error: shownCell(cell) });
}

/** A cell as people see it. */
export function shownCell(cell: string): string {
  return cell.startsWith(NO_VALUE) ? cell.slice(NO_VALUE.length) : cell;
}

async function readHead(path: string, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof WorkbookProblem ? problem(422, error.key, error.params, { cause: error }) : error;
  }
}
