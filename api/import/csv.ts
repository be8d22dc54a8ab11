/**
 * Text with delimiters, cut into cells as it streams by. Written here because every general parser measured spends most of
 * an import looking at each letter; a line without quotation marks, which is nearly every line, needs only a split.
 *
 * Quoting as RFC 4180 has it, read leniently: a mark inside a cell that does not begin with one is a letter (7" RECORD),
 * and what follows a closing mark belongs to the cell. Lines end in \n, \r\n or, where a file has nothing else, \r.
 */

/** A row that cannot be read; `row` counts from 1. */
export class RowProblem extends Error {
  readonly key: 'import_quote_open' | 'import_row_too_long';
  readonly row: number;
  constructor(key: RowProblem['key'], row: number) {
    super(key);
    this.key = key;
    this.row = row;
  }
}

/** Longer than any honest row; what an unclosed quotation mark swallows stops here. */
export const ROW_MAX = 1024 * 1024;

/**
 * @param chunks text in pieces of any size
 * @param delimiter one character, or `whitespace`: any run of spaces, without quoting
 * @yields the rows of each piece, empty ones as []
 * @throws RowProblem
 */
export async function* cutRows(chunks: AsyncIterable<string>, delimiter: string): AsyncGenerator<string[][]> {
  const cut = delimiter === 'whitespace' ? cutSpaced : (line: string) => line.split(delimiter);
  const quotes = delimiter !== 'whitespace';
  let newline: '\n' | '\r' | null = null;
  let rest = '';
  let open = '';
  let row = 0;

  function take(line: string, rows: string[][]): void {
    const text = open === '' ? line : `${open}\n${line}`;
    if (text.length > ROW_MAX) throw new RowProblem(open === '' ? 'import_row_too_long' : 'import_quote_open', row + 1);
    if (!quotes || !text.includes('"')) {
      row++;
      rows.push(text === '' ? [] : cut(text));
      return;
    }
    const cells = cutQuoted(text, delimiter);
    open = cells === null ? text : '';
    if (cells === null) return;
    row++;
    rows.push(cells);
  }

  for await (const chunk of chunks) {
    rest = rest === '' ? chunk : rest + chunk;
    if (newline === null && rest.length > 1) newline = rest.includes('\n') ? '\n' : /\r[^\n]/.test(rest) ? '\r' : null;
    if (newline === null) {
      if (rest.length > ROW_MAX) throw new RowProblem('import_row_too_long', row + 1);
      continue;
    }
    const lines = rest.split(newline);
    rest = lines.pop()!;
    if (rest.length > ROW_MAX) throw new RowProblem('import_row_too_long', row + lines.length + 1);
    const rows: string[][] = [];
    for (const line of lines) take(line.endsWith('\r') ? line.slice(0, -1) : line, rows);
    yield rows;
  }
  const rows: string[][] = [];
  if (rest !== '') take(rest.replace(/\r$/, ''), rows);
  if (open !== '') throw new RowProblem('import_quote_open', row + 1);
  yield rows;
}

function cutSpaced(line: string): string[] {
  const text = line.trim();
  return text === '' ? [] : text.split(/\s+/);
}

/** @returns null when a quotation mark is still open at the end of the text */
function cutQuoted(text: string, delimiter: string): string[] | null {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] !== '"') {
      const end = text.indexOf(delimiter, at);
      cells.push(end < 0 ? text.slice(at) : text.slice(at, end));
      if (end < 0) return cells;
      at = end + 1;
      continue;
    }
    let cell = '';
    let from = at + 1;
    for (;;) {
      const mark = text.indexOf('"', from);
      if (mark < 0) return null;
      cell += text.slice(from, mark);
      if (text[mark + 1] !== '"') {
        from = mark + 1;
        break;
      }
      cell += '"';
      from = mark + 2;
    }
    const end = text.indexOf(delimiter, from);
    cells.push(cell + (end < 0 ? text.slice(from) : text.slice(from, end)));
    if (end < 0) return cells;
    at = end + 1;
  }
}
