/** The rows of a sheet as texts, in batches, while its part streams by: dates as days, numbers exact, errors marked. */
import { CELL_LETTERS_MAX, SHEET_ROWS_MAX } from './cells.ts';
import { WorkbookProblem } from './fault.ts';
import { numberText, serialText } from './serial.ts';
import { plainText, type Sheet, type Workbook } from './workbook.ts';
import { attributeOf, readXml } from './xml.ts';

export interface SheetRow {
  /** As the spreadsheet counts them, from 1. */
  row_no: number;
  cells: string[];
}

/** Stands before what is no value: an error ("#N/A"), or CUT. No file can hold it otherwise. */
export const NO_VALUE = '\u0000';
/** A text as long as a cell can be: what it said further has been cut off. */
export const CUT = `${NO_VALUE}…`;

const COLUMNS_MAX = 500;
const BATCH = 500;
const BATCH_LETTERS = 1024 * 1024;

/** @throws WorkbookProblem */
export async function* readSheet(workbook: Workbook, sheet: Sheet): AsyncGenerator<SheetRow[]> {
  const { texts, dates, date1904 } = workbook;
  let batch: SheetRow[] = [];
  let row_no = 0;
  let cells: string[] = [];
  let column = -1;
  let type = '';
  let format = 0;
  let value = '';
  let taking = false;
  let reading = false;
  let waiting = 0;

  function cellText(): string {
    switch (type) {
      case 's':
        return texts[Number(value)] ?? '';
      case 'inlineStr':
      case 'str':
        return plainText(value);
      case 'b':
        return value.trim() === '1' || value.trim() === 'true' ? 'true' : 'false';
      case 'e':
        return `${NO_VALUE}${value.trim().slice(0, 20)}`;
      case 'd':
        return value
          .trim()
          .replace('T', ' ')
          .replace(/ 00:00:00(?:\.0+)?$/, '');
      default: {
        const number = numberText(value);
        if (number === null) return value.trim();
        return (dates[format] && serialText(Number(number), { date1904 })) || number;
      }
    }
  }

  const pieces = readXml(workbook.entries.read(sheet.path), {
    open(name, attributes) {
      if (name === 'v' || (name === 't' && !reading)) taking = true;
      else if (name === 'c') {
        column = columnOf(attributeOf(attributes, 'r')) ?? column + 1;
        if (column >= COLUMNS_MAX) throw new WorkbookProblem('workbook_too_many_columns', { max: COLUMNS_MAX });
        type = attributeOf(attributes, 't') ?? 'n';
        format = Number(attributeOf(attributes, 's') ?? 0);
        value = '';
      } else if (name === 'row') {
        const said = Number(attributeOf(attributes, 'r') ?? row_no + 1);
        if (!Number.isInteger(said) || said <= row_no) throw new WorkbookProblem('workbook_damaged');
        row_no = said;
        if (row_no > SHEET_ROWS_MAX) throw new WorkbookProblem('workbook_too_many_rows', { max: SHEET_ROWS_MAX });
        cells = [];
        column = -1;
      } else if (name === 'rPh') reading = true;
    },
    text(piece) {
      // What a cell cannot hold is not kept; its place is marked.
      if (taking && value.length < CELL_LETTERS_MAX) value += piece;
    },
    close(name) {
      if (name === 'v' || name === 't') taking = false;
      else if (name === 'c') {
        if (value === '') return;
        while (cells.length < column) cells.push('');
        const text = cellText();
        cells[column] = text.length >= CELL_LETTERS_MAX ? CUT : text;
        waiting += text.length;
        // One text of the table may stand in millions of cells.
        workbook.entries.count(text.length);
      } else if (name === 'row') {
        if (cells.length > 0) batch.push({ row_no, cells });
      } else if (name === 'rPh') reading = false;
    },
  });
  for await (const _ of pieces) {
    if (batch.length < BATCH && waiting < BATCH_LETTERS) continue;
    yield batch;
    batch = [];
    waiting = 0;
  }
  if (batch.length > 0) yield batch;
}

/** "AB12" -> 27. */
function columnOf(place: string | null): number | null {
  if (place === null) return null;
  let column = 0;
  for (let at = 0; at < place.length; at++) {
    const code = place.charCodeAt(at) & ~32;
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
    if (at > 3) throw new WorkbookProblem('workbook_damaged');
  }
  return column - 1;
}
