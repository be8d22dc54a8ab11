/** Tables below each other on a sheet: amounts as numbers in their format, days as dates, anything else as text that never runs. */
import type { Lang, Pair } from '../contract.ts';
import type { MetricDefinition } from '../contract-reports.ts';
import { type NumberCell, rowXml, type SheetCell } from './cells.ts';
import type { StyleName } from './styles.ts';
import type { SheetPlan } from './write.ts';

export type TableValue =
  | Pair
  | string
  | null
  | { amount: string | number | null; unit: MetricDefinition['unit'] }
  | { day: string | null }
  /** RFC 3339. */
  | { time: string | null };
export interface SheetTable {
  title?: Pair;
  /** Without it there are no headings: each row names itself. */
  head?: readonly Pair[];
  rows: readonly (readonly TableValue[])[];
}
type Cell = SheetCell | NumberCell | null;

const STYLES: { [unit in MetricDefinition['unit']]: StyleName } = {
  ...{ money: 'money', rate: 'rate', count: 'integer', days: 'general', number: 'general' },
};
const WIDTH = { least: 10, most: 64 };
/** Longer texts are broken over lines. */
const LINE = 60;
/** A spreadsheet counts with fifteen digits. */
const DIGITS_MAX = 15;
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(1899, 11, 30);

export function tablesSheet(
  name: string,
  tables: readonly SheetTable[],
  { lang, time_zone }: { lang: Lang; time_zone: string },
): SheetPlan {
  const say = (pair: readonly [string, string]) => pair[lang === 'zh' ? 0 : 1];
  const lines: Cell[][] = tables.flatMap(({ title, head, rows }, at) => [
    ...(at > 0 ? [[]] : []),
    ...(title ? [[{ text: say(title), style: 'title' as const }]] : []),
    ...(head ? [head.map((label) => ({ text: say(label), style: 'header' as const }))] : []),
    ...rows.map((row) => row.map((value) => cellOf(value, { say, time_zone }))),
  ]);
  const titles = new Set(tables.flatMap(({ title }) => (title ? [say(title)] : [])));
  return {
    name,
    header: tables.length === 1 && !tables[0]!.title && tables[0]!.head !== undefined,
    widths: widthsOf(lines, titles),
    rows: lines.map((line, at) => rowXml(at + 1, line)),
  };
}

function cellOf(
  value: TableValue,
  { say, time_zone }: { say: (pair: readonly [string, string]) => string; time_zone: string },
): Cell {
  if (value === null) return null;
  if (typeof value === 'string') return textCell(value);
  if (isPair(value)) return textCell(say(value));
  if ('amount' in value) return value.amount === null ? null : numberCell(String(value.amount), STYLES[value.unit]);
  if ('day' in value) return value.day === null ? null : dateCell(value.day, 'date');
  return value.time === null ? null : dateCell(clockIn(time_zone, value.time), 'time');
}

function isPair(value: TableValue): value is Pair {
  return Array.isArray(value);
}

function textCell(text: string): Cell {
  return { text, style: text.length > LINE || text.includes('\n') ? 'note' : 'text' };
}

function numberCell(number: string, style: StyleName): Cell {
  const plain = /^-?\d+(?:\.\d+)?$/.test(number);
  // Decimals beyond what a spreadsheet counts with may go; whole digits may not.
  if (!plain || number.replace(/^-|\..*$/g, '').length > DIGITS_MAX) return { text: number, style: 'text' };
  return { number, style };
}

/** @param text "2026-10-01" or "2026-10-01 08:30:00" */
function dateCell(text: string, style: 'date' | 'time'): Cell {
  const days = (Date.parse(`${text.replace(' ', 'T')}${style === 'date' ? 'T00:00:00' : ''}Z`) - FIRST_DAY) / DAY_MS;
  // Spreadsheets miscount the days before.
  return days > 60 ? { number: String(Math.round(days * 1e9) / 1e9), style } : { text, style: 'text' };
}

/** Swedish writes a moment as ISO 8601 does. */
function clockIn(time_zone: string, time: string): string {
  return new Date(time).toLocaleString('sv-SE', { timeZone: time_zone });
}

/** A Chinese character takes the room of two letters. Titles reach over what stands beside them. */
function widthsOf(lines: readonly Cell[][], titles: ReadonlySet<string>): number[] {
  const widths: number[] = [];
  for (const line of lines) {
    if (line.length === 1 && line[0] && 'text' in line[0] && titles.has(line[0].text)) continue;
    for (const [at, cell] of line.entries()) widths[at] = Math.max(widths[at] ?? WIDTH.least, roomOf(cell));
  }
  return widths.map((width) => Math.min(width, WIDTH.most));
}

function roomOf(cell: Cell): number {
  if (cell === null) return 0;
  if ('number' in cell) return cell.style === 'time' ? 20 : 14;
  return [...cell.text].reduce((room, letter) => room + (letter.charCodeAt(0) > 0x2e80 ? 2 : 1), 2);
}
