/**
 * Stage 3: one select over schema `report`, read by PostgreSQL's own parser. `:name` becomes a typed `$n`; the tree is
 * walked against allow-lists of nodes, functions and types, so that what is not known to be harmless is refused.
 * The rights of the report login refuse it a second time.
 */
import { setFlagsFromString } from 'node:v8';
import { hasSqlDetails, loadModule, parseSync, type ScanToken, scanSync } from 'libpg-query';
import { closestName, nameHint } from '../closest-name.ts';
import type { Pair } from '../contract.ts';
import { textOffsets } from '../values/text-offsets.ts';
import { failAt, type ReportSource } from './problem.ts';
import { checkTree } from './sql-tree.ts';

// V8 would compile the parser's huge functions a second time, optimised, and take 500 MB for a second or two doing it.
// What it makes at first is quick enough, so nothing is left to optimise but a function that is not there.
setFlagsFromString('--wasm-tier-up-filter=999999999');
await loadModule();

export interface ReportSql {
  /** With `($1::type)` for each parameter; no semicolon. */
  statement: string;
  /** Names of what is bound to $1, $2, … */
  binds: string[];
  /** Views read, without the schema. */
  views: string[];
  /** Columns of the select that are nothing but sum(…) or avg(…) of a column, and where. */
  sums: { [column: string]: number };
  /** Where the statement starts in the file. */
  start: number;
  /** An index into `statement` to an index into the source's text. */
  toSource(index: number): number;
}

interface Place {
  name: string;
  from: number;
  to: number;
}

/**
 * @param sql the text; it starts at `start` of `source.text`.
 * @param types parameters that may be bound -> SQL type.
 * @param required those that must be used.
 * @throws ReportError
 */
export function readReportSql(
  source: ReportSource,
  {
    sql,
    start,
    types,
    required,
  }: { sql: string; start: number; types: Map<string, string>; required: readonly string[] },
): ReportSql {
  const original = textOffsets(sql);
  const tokens = scan(source, sql, start);
  const words = tokens.filter((token) => !/COMMENT/.test(token.tokenName));
  if (words.length === 0) {
    failAt(
      source,
      start + sql.length,
      'sql_missing',
      ['没有 SQL', 'There is no SQL'],
      ['在 ---*/ 之后写一条 select', 'Write one select after ---*/'],
    );
  }
  refuseWide(source, words, (byte) => start + original.fromByte(byte));
  const end = oneStatement(source, words, start, original.fromByte) ?? sql.length;
  const text = sql.slice(0, end);
  const places = findParams(source, { words, start, types, fromByte: original.fromByte });
  for (const name of required) {
    if (!places.some((place) => place.name === name)) {
      failAt(
        source,
        paramLine(source.text, name),
        'param_unused',
        [`参数 :${name} 没有用到`, `The parameter :${name} is never used`],
        [`在 SQL 里用上 :${name}，或删掉这个参数`, `Use :${name} in the SQL, or remove the parameter`],
      );
    }
  }
  const rewritten = bindParams(text, places, types);
  const toSource = (index: number) => start + rewritten.toOriginal(index);
  const fromByte = (byte: number) => toSource(rewritten.offsets.fromByte(byte));
  const tree = parse(source, rewritten.statement, toSource);
  const views = checkTree(source, tree, { toSource: fromByte, start: start + original.fromByte(words[0]!.start) });
  return {
    statement: rewritten.statement,
    binds: rewritten.binds,
    views,
    sums: sumsOf(tree, fromByte),
    start: start + original.fromByte(words[0]!.start),
    toSource,
  };
}

function scan(source: ReportSource, sql: string, start: number): ScanToken[] {
  try {
    return scanSync(sql).tokens;
  } catch {
    // The scanner does not say where; the parser does, once parameters look like something it knows.
    const known = sql.replace(/(?<!:):[A-Za-z_]\w*/g, (name) => '$1'.padEnd(name.length));
    parse(source, known, (index) => start + index);
    return failAt(source, start, 'sql_syntax', ['SQL 无法解析', 'The SQL cannot be read']);
  }
}

function parse(source: ReportSource, statement: string, toSource: (index: number) => number) {
  try {
    const tree = parseSync(statement) as { stmts?: { stmt?: unknown }[] };
    return tree.stmts?.[0]?.stmt;
  } catch (error) {
    return failParse(source, error, (position) => toSource(textOffsets(statement).fromCharacter(position)));
  }
}

function failParse(source: ReportSource, error: unknown, at: (position: number) => number): never {
  if (!hasSqlDetails(error)) throw error;
  const message = error.sqlDetails?.message ?? error.message;
  failAt(
    source,
    at(error.sqlDetails?.cursorPosition ?? 0),
    'sql_syntax',
    [`SQL 语法错误：${zhSyntax(message)}`, `SQL: ${message}`],
    SYNTAX_HINTS.find(([pattern]) => pattern.test(message))?.[1] ?? [
      '看看这里之前是不是少了逗号、括号或关键字，或用了中文标点',
      'Look for a missing comma, bracket or keyword before this place, or a full-width sign',
    ],
  );
}

/** Words that people take for names of columns. */
const RESERVED =
  'order|group|user|end|limit|offset|desc|asc|all|case|check|column|default|table|to|union|window|unique|primary';
const SYNTAX_HINTS: [pattern: RegExp, hint: Pair][] = [
  [
    new RegExp(`at or near "(${RESERVED})"`, 'i'),
    [
      '这是 SQL 的保留字：当列名用时写成 "名称" 或 视图.名称，否则看看前面是不是少了逗号',
      'That is a reserved word: as a name write "name" or view.name; otherwise look for a missing comma before it',
    ],
  ],
  [/unterminated quoted/, ['在文字末尾补上引号', 'Close the quote at the end of the text']],
  [/unterminated \/\*/, ['用 */ 结束注释', 'Close the comment with */']],
  [
    /end of input/,
    ['语句没有写完：检查括号和最后一行', 'The statement is not finished: look at brackets and the last line'],
  ],
];

/** Signs of a Chinese keyboard or a word processor, outside texts and comments: SQL takes them for letters of a name. */
function refuseWide(source: ReportSource, words: ScanToken[], at: (byte: number) => number): void {
  for (const word of words) {
    const found = word.tokenName === 'SCONST' || word.text.startsWith('"') ? -1 : word.text.search(WIDE);
    if (found < 0) continue;
    const sign = word.text[found]!;
    const plain = PLAIN[WIDE_SIGNS.indexOf(sign)]!;
    failAt(
      source,
      at(word.start) + found,
      'sql_wide',
      [`SQL 里用了中文标点 ${sign}`, `The SQL contains ${sign}, which is no sign of SQL`],
      [`改成英文的 ${plain}`, `Write ${plain}`],
    );
  }
}
const WIDE_SIGNS = '‘’“”，；：（）＝＜＞';
const PLAIN = `''"",;:()=<>`;
const WIDE = new RegExp(`[${WIDE_SIGNS}]`);

/** A sum or a mean of what a view gives as one number, by the name of its column. */
function sumsOf(tree: unknown, toSource: (byte: number) => number): ReportSql['sums'] {
  const targets = (tree as { SelectStmt?: { targetList?: { ResTarget?: Target }[] } } | undefined)?.SelectStmt
    ?.targetList;
  const sums: ReportSql['sums'] = {};
  for (const { ResTarget: target } of targets ?? []) {
    const call = target?.val?.FuncCall;
    const called = call?.funcname?.at(-1)?.String?.sval;
    if (!call || !['sum', 'avg'].includes(called ?? '') || !call.args?.[0]?.ColumnRef) continue;
    sums[target.name ?? called!] = toSource(call.location ?? 0);
  }
  return sums;
}
interface Target {
  name?: string;
  val?: {
    FuncCall?: { funcname?: { String?: { sval?: string } }[]; args?: { ColumnRef?: unknown }[]; location?: number };
  };
}

function zhSyntax(message: string): string {
  return message
    .replace(/^syntax error at end of input$/, '语句没有写完')
    .replace(/^syntax error at or near "(.*)"$/s, '“$1” 附近')
    .replace(/^unterminated quoted string.*$/s, '字符串的引号没有闭合')
    .replace(/^unterminated \/\* comment.*$/s, '注释 /* 没有闭合');
}

/** @returns where the closing semicolon stands, if there is one. */
function oneStatement(
  source: ReportSource,
  words: ScanToken[],
  start: number,
  fromByte: (byte: number) => number,
): number | null {
  const semicolon = words.findIndex((token) => token.text === ';');
  if (semicolon < 0) return null;
  const next = words.slice(semicolon + 1).find((token) => token.text !== ';');
  if (next) {
    failAt(
      source,
      start + fromByte(next.start),
      'two_statements',
      ['只能有一条语句', 'Only one statement is allowed'],
      [
        '把第一条语句之后的内容删掉，或用 with 合并',
        'Remove what follows the first statement, or combine them with "with"',
      ],
    );
  }
  return fromByte(words[semicolon]!.start);
}

function findParams(
  source: ReportSource,
  {
    words,
    start,
    types,
    fromByte,
  }: { words: ScanToken[]; start: number; types: Map<string, string>; fromByte(byte: number): number },
): Place[] {
  const places: Place[] = [];
  for (const [index, token] of words.entries()) {
    const at = start + fromByte(token.start);
    if (/^\$\d/.test(token.text)) {
      failAt(
        source,
        at,
        'param_number',
        [`不能直接写 ${token.text}`, `${token.text} cannot be written`],
        ['用 :参数名', 'Use :name of a declared parameter'],
      );
    }
    const name = words[index + 1];
    if (token.text !== ':' || !name || name.start !== token.end || !/^[A-Za-z_]/.test(name.text)) continue;
    if (!types.has(name.text)) {
      const range = types.has(`${name.text}_from`);
      failAt(
        source,
        at,
        'param_unknown',
        [`参数 :${name.text} 没有声明`, `The parameter :${name.text} is not declared`],
        range
          ? [
              `日期范围请用 :${name.text}_from 和 :${name.text}_to`,
              `A daterange gives :${name.text}_from and :${name.text}_to`,
            ]
          : closestName(name.text, types.keys())
            ? nameHint(name.text, types.keys())
            : [
                `在 params 里声明，例如 ${name.text}: { type: text, label: [中文, English] }`,
                `Declare it under params, for example ${name.text}: { type: text, label: [中文, English] }`,
              ],
      );
    }
    places.push({ name: name.text, from: fromByte(token.start), to: fromByte(name.end) });
  }
  return places;
}

/** Each place becomes `($n::type)`; the same name is the same $n. */
function bindParams(text: string, places: Place[], types: Map<string, string>) {
  const binds: string[] = [];
  const shifts: { original_end: number; end: number; original: number; at: number }[] = [];
  let statement = '';
  let last = 0;
  for (const { name, from, to } of places) {
    if (!binds.includes(name)) binds.push(name);
    statement += text.slice(last, from);
    const at = statement.length;
    statement += `($${binds.indexOf(name) + 1}::${types.get(name)})`;
    shifts.push({ original: from, original_end: to, at, end: statement.length });
    last = to;
  }
  statement += text.slice(last);
  const toOriginal = (index: number) => {
    const before = shifts.findLast((shift) => shift.at <= index);
    if (!before) return index;
    return index < before.end ? before.original : index - before.end + before.original_end;
  };
  return { statement, binds, toOriginal, offsets: textOffsets(statement) };
}

/** Where a parameter is declared: the line in the head that starts with its name (a range without its _from / _to). */
function paramLine(text: string, name: string): number {
  const plain = name.replace(/_(from|to)$/, '');
  const found = text.search(new RegExp(`(?<=[\\s{,])(?:${name}|${plain})\\s*:`));
  return Math.max(found, 0);
}
