/** What an uploaded file is: encoding, delimiter, whether it has a header. Found from all of its bytes and its first rows. */
import type { Config } from '../config.ts';
import type { ImportFormat } from '../contract.ts';
import { problem } from '../errors.ts';
import type { Sheet } from '../xlsx/workbook.ts';
import { openBytes } from './file.ts';
import { readRows } from './read.ts';
import { findSheets, shownCell } from './workbook.ts';

const SAMPLE_ROWS = 20;
const COLUMNS_MAX = 500;
const HEAD = 64 * 1024;
const CELL_SHOWN = 200;

export interface Detected {
  format: ImportFormat;
  headers: string[];
  /** The first rows below the header, cells cut to a length people can look at. */
  sample: string[][];
  /** Lines with something in them, less the header: what progress is measured against. */
  rows_total: number;
}

/** @throws Problem 422 for a file that is no text, or has no rows */
export async function detect(config: Config, id: number): Promise<Detected> {
  const sheets = await findSheets(config, id);
  if (sheets) return detectSheet(config, id, sheets);
  const { head, encoding, lines } = await scan(config, id);
  const text = new TextDecoder(encoding).decode(head);
  const delimiter = detectDelimiter(text);
  const format: ImportFormat = { encoding, delimiter, header: true };
  const first = await firstRows(config, id, format);
  format.header = looksLikeHeader(first);
  return describe(format, first, lines);
}

/** The same with a format somebody chose. @param lines of the file, the header's included */
export async function describeAs(config: Config, id: number, format: ImportFormat, lines: number): Promise<Detected> {
  if (format.sheet !== undefined) return describeSheet(config, id, format);
  return describe(format, await firstRows(config, id, format), lines);
}

/** The first sheet that people see, or else the first that has anything in it. */
async function detectSheet(config: Config, id: number, sheets: readonly Sheet[]): Promise<Detected> {
  const names = sheets.map(({ name }) => name);
  const [first] = sheets.filter(({ hidden }) => !hidden);
  const format: ImportFormat = {
    encoding: 'utf-8',
    delimiter: ',',
    header: true,
    sheet: (first ?? sheets[0]!).name,
    sheets: names,
  };
  format.header = looksLikeHeader(await firstRows(config, id, format));
  return describeSheet(config, id, format);
}

/** Reads all of it once: a sheet that is damaged further down must not fail at the end of an import. */
async function describeSheet(config: Config, id: number, format: ImportFormat): Promise<Detected> {
  const first: string[][] = [];
  let rows = 0;
  for await (const batch of readRows(config, id, format)) {
    rows += batch.length;
    for (const { cells } of batch) if (first.length <= SAMPLE_ROWS) first.push(cells);
  }
  return describe(format, first, rows);
}

function describe(format: ImportFormat, rows: string[][], lines: number): Detected {
  const first = rows.map((cells) => cells.map(shownCell));
  const width = first.reduce((most, cells) => Math.max(most, cells.length), 0);
  if (width > COLUMNS_MAX) throw problem(422, 'import_too_many_columns', { max: COLUMNS_MAX });
  const headers = format.header
    ? distinctHeaders(first[0] ?? [])
    : Array.from({ length: width }, (_, at) => String(at + 1));
  const sample = first
    .slice(format.header ? 1 : 0, SAMPLE_ROWS + 1)
    .map((cells) => Array.from(cells, (cell) => cell.slice(0, CELL_SHOWN).toWellFormed()));
  if (sample.length === 0) throw problem(422, first.length === 0 ? 'import_empty' : 'import_no_rows');
  return { format, headers, sample, rows_total: lines - (format.header ? 1 : 0) };
}

async function firstRows(config: Config, id: number, format: ImportFormat): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const batch of readRows(config, id, format)) {
    for (const { cells } of batch) rows.push(cells);
    if (rows.length > SAMPLE_ROWS) break;
  }
  return rows.slice(0, SAMPLE_ROWS + 1);
}

/** Empty headers are named by their place, repeated ones numbered, so that each column has a name of its own. */
export function distinctHeaders(cells: readonly string[]): string[] {
  const used = new Set<string>();
  return cells.map((cell, at) => {
    const name = cell.trim().slice(0, CELL_SHOWN) || `#${at + 1}`;
    let header = name;
    for (let copy = 2; used.has(header); copy++) header = `${name} (${copy})`;
    used.add(header);
    return header;
  });
}

/** Reads all of it once: a file that is UTF-8 for its first megabyte and not later must not fail at the end of an import. */
async function scan(config: Config, id: number) {
  const heads: Buffer[] = [];
  let size = 0;
  let lines = 0;
  let utf8: TextDecoder | null = new TextDecoder('utf-8', { fatal: true });
  let gb: TextDecoder | null = new TextDecoder('gb18030', { fatal: true });
  let nul = false;
  let mark: ImportFormat['encoding'] | null = null;
  let last = 10;
  for await (const chunk of (await openBytes(config, id)) as AsyncIterable<Buffer>) {
    if (size === 0) mark = byteOrderMark(chunk);
    if (size < HEAD) heads.push(chunk.subarray(0, HEAD - size));
    size += chunk.length;
    nul ||= chunk.includes(0);
    utf8 = stillValid(utf8, chunk);
    // GB18030 has a character for nearly everything; only looked at where UTF-8 is out, from the start of the file.
    gb = stillValid(gb, chunk);
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
    last = chunk.at(-1)!;
  }
  if (size === 0) throw problem(422, 'import_empty');
  if (last !== 10) lines++;
  const head = Buffer.concat(heads);
  const encoding = mark ?? (nul ? utf16Without(head) : utf8 ? 'utf-8' : gb ? 'gb18030' : null);
  if (!encoding || (nul && !encoding.startsWith('utf-16'))) throw problem(422, 'import_binary');
  return { head: wholeCharacters(head, encoding), encoding, lines };
}

function stillValid(decoder: TextDecoder | null, chunk: Buffer): TextDecoder | null {
  try {
    decoder?.decode(chunk, { stream: true });
    return decoder;
  } catch {
    return null;
  }
}

function byteOrderMark(bytes: Buffer): ImportFormat['encoding'] | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : null;
}

/** Without a mark, text in UTF-16 shows itself by zero bytes on one side only. */
function utf16Without(head: Buffer): ImportFormat['encoding'] | null {
  let even = 0;
  let odd = 0;
  for (let at = 0; at < head.length; at++) if (head[at] === 0) at % 2 ? odd++ : even++;
  if (odd > head.length / 8 && even === 0) return 'utf-16le';
  return even > head.length / 8 && odd === 0 ? 'utf-16be' : null;
}

function wholeCharacters(head: Buffer, encoding: ImportFormat['encoding']): Buffer {
  if (encoding.startsWith('utf-16')) return head.subarray(0, head.length - (head.length % 2));
  const cut = head.lastIndexOf(10);
  return head.length < HEAD || cut < 0 ? head : head.subarray(0, cut + 1);
}

/** The delimiter that cuts the first lines into the same number of columns, more than one; the comma when none does. */
export function detectDelimiter(text: string): ImportFormat['delimiter'] {
  const lines = text
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, SAMPLE_ROWS);
  let best: { delimiter: ImportFormat['delimiter']; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of [',', '\t', ';', '|'] as const) {
    const counts = lines.map((line) => outsideQuotes(line, delimiter));
    const score = steadiness(counts);
    if (score > best.score) best = { delimiter, score };
  }
  if (best.score > 0) return best.delimiter;
  const words = lines.map((line) => line.trim().split(/\s+/).length - 1);
  return steadiness(words) >= 0.8 * (words[0] ?? 0) && steadiness(words) > 0 && !text.includes('"')
    ? 'whitespace'
    : ',';
}

function outsideQuotes(line: string, delimiter: string): number {
  return line.replace(/"(?:[^"]|"")*"/g, '').split(delimiter).length - 1;
}

/** How many columns, weighted by the share of lines that agree with the commonest number. */
function steadiness(counts: number[]): number {
  const by = new Map<number, number>();
  for (const count of counts) if (count > 0) by.set(count, (by.get(count) ?? 0) + 1);
  let best = 0;
  for (const [count, lines] of by) {
    const share = lines / counts.length;
    if (share >= 0.6) best = Math.max(best, count * share);
  }
  return best;
}

/** A header names things: no cell of it is a number or a date, unlike the rows below. */
function looksLikeHeader(rows: string[][]): boolean {
  const [first = [], ...rest] = rows;
  const isValue = (cell: string) => /^[\s$¥€£+-]*\d[\d\s.,:/%-]*$/.test(cell);
  if (first.some(isValue)) return false;
  return rest.length === 0 || rest.some((cells) => cells.some(isValue)) || first.every((cell) => cell.trim() !== '');
}
