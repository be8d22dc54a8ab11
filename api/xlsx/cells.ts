/** Cells and rows of a sheet as XML. Texts stand in their cells (no table of shared strings), so that rows can stream. */
import { STYLE, type StyleName } from './styles.ts';

/** What a spreadsheet holds at most: rows of a sheet, the header included, and letters of a cell. */
export const SHEET_ROWS_MAX = 1_048_576;
export const CELL_LETTERS_MAX = 32_767;

/** @param at from 0: A, B, … Z, AA, … */
export function columnName(at: number): string {
  const last = String.fromCharCode(65 + (at % 26));
  return at < 26 ? last : columnName(Math.floor(at / 26) - 1) + last;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot hold them
const SPECIAL = /[&<>"\u0000-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;
const NAMED: { [letter: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as XML; what XML cannot hold is written _xHHHH_, as spreadsheets do, and what looks like that already too. */
export function xmlText(text: string): string {
  return text.replace(SPECIAL, (letter) => {
    if (NAMED[letter]) return NAMED[letter];
    if (letter === '\n' || letter === '\t' || letter === '\r') return `&#${letter.charCodeAt(0)};`;
    return `_x${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
  });
}

export interface SheetCell {
  text: string;
  style?: StyleName;
}
export interface NumberCell {
  /** Plain digits. */
  number: string;
  style: StyleName;
}

/** @param row_no from 1 */
export function rowXml(row_no: number, cells: readonly (SheetCell | NumberCell | string | null)[]): string {
  const xml = cells.map((cell, at) => {
    if (cell === null || cell === '') return '';
    const place = `${columnName(at)}${row_no}`;
    if (typeof cell === 'object' && 'number' in cell)
      return `<c r="${place}" s="${STYLE[cell.style]}"><v>${cell.number}</v></c>`;
    const { text, style = 'general' } = typeof cell === 'string' ? { text: cell } : cell;
    return `<c r="${place}" s="${STYLE[style]}" t="inlineStr"><is><t xml:space="preserve">${xmlText(cutText(text))}</t></is></c>`;
  });
  return `<row r="${row_no}">${xml.join('')}</row>`;
}

/** Without half a letter at the end. */
function cutText(text: string): string {
  return text.length <= CELL_LETTERS_MAX ? text : text.slice(0, CELL_LETTERS_MAX).toWellFormed();
}
