/**
 * Stage 1: a report file into its YAML head and its SQL, and the head into nodes that know where they stand.
 * The traps people fall into when they write YAML by hand are named instead of left to the parser's own words.
 */
import { type Document, isAlias, type Node, parseDocument, visit, type YAMLError } from 'yaml';
import type { Pair } from '../contract.ts';
import { failAt, type ReportSource } from './problem.ts';

/** YAML with its place in the file: a node's offset in the file is `start` + its range. */
export interface YamlPart {
  source: ReportSource;
  start: number;
  document: Document.Parsed;
}
export interface ReportParts {
  head: YamlPart;
  /** The select, and where it starts in the file. */
  sql: string;
  sql_start: number;
}

const OPEN = '/*---';
const CLOSE = '---*/';

/** @throws ReportError when the head is missing or is not YAML. */
export function parseReport(source: ReportSource): ReportParts {
  const { text } = source;
  if (text.length > 200_000)
    failAt(
      source,
      0,
      'file_too_long',
      ['文件超过 20 万字符', 'The file is longer than 200,000 characters'],
      ['一张报表只写一条查询；数据不要写在文件里', 'A report is one query; data do not belong into its file'],
    );
  const open = text.search(/\S/);
  if (open < 0) {
    failAt(
      source,
      0,
      'file_empty',
      ['文件是空的', 'The file is empty'],
      ['以 /*--- 开头写报表说明，再写一条 select', 'Start with /*--- and the definition, then write one select'],
    );
  }
  if (!text.startsWith(OPEN, open)) {
    failAt(
      source,
      open,
      'head_missing',
      ['文件必须以 /*--- 开头', 'The file must start with /*---'],
      [
        '报表说明写在 /*--- 与 ---*/ 之间，放在 SQL 前面',
        'The definition stands between /*--- and ---*/, before the SQL',
      ],
    );
  }
  const start = open + OPEN.length;
  const close = text.indexOf(CLOSE, start);
  const early = text.indexOf('*/', start);
  if (early >= 0 && (close < 0 || early < close + 3)) {
    failAt(
      source,
      early,
      'head_comment',
      ['说明里不能出现 */', 'The definition cannot contain */'],
      [
        '结尾要写 ---*/；定时请写 every: 15m，不要写 cron',
        'It ends with ---*/; write every: 15m instead of a cron expression',
      ],
    );
  }
  if (close < 0) {
    failAt(
      source,
      open,
      'head_open',
      ['/*--- 没有对应的 ---*/', '/*--- has no matching ---*/'],
      ['在报表说明之后、SQL 之前写 ---*/', 'Write ---*/ after the definition, before the SQL'],
    );
  }
  const inner = text.indexOf('/*', start);
  if (inner >= 0 && inner < close) {
    failAt(
      source,
      inner,
      'head_comment',
      ['说明里不能出现 /*', 'The definition cannot contain /*'],
      ['注释请用 #', 'Write comments with #'],
    );
  }
  const sql_start = close + CLOSE.length;
  return { head: parseYaml(source, start, close), sql: text.slice(sql_start), sql_start };
}

/** YAML between two offsets of a file; also used for whole .yaml files. */
export function parseYaml(source: ReportSource, start: number, end: number): YamlPart {
  const text = source.text.slice(start, end);
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true, prettyErrors: false, strict: true });
  const error = document.errors[0];
  if (error) failYaml(source, start, text, error);
  visit(document, {
    Node(_key, node: Node) {
      if (isAlias(node) || ('anchor' in node && node.anchor)) {
        failAt(
          source,
          start + (node.range?.[0] ?? 0),
          'yaml_anchor',
          ['不支持 & 和 * 引用', 'Anchors (&) and aliases (*) are not supported'],
          ['如果是文字，请加引号', 'If it is text, quote it'],
        );
      }
    },
  });
  return { source, start, document };
}

function failYaml(source: ReportSource, start: number, text: string, error: YAMLError): never {
  const at = error.pos[0];
  const trap = findTrap(text, at, error.code);
  if (trap) failAt(source, start + trap.at, trap.code, trap.message, trap.hint);
  const known = YAML_ERRORS[error.code];
  failAt(
    source,
    start + at,
    'yaml',
    known?.[0] ?? [`YAML 写法有误：${error.message}`, `Not valid YAML: ${error.message}`],
    known?.[1] ?? [
      '检查这一行和上一行的缩进、冒号和引号',
      'Look at indentation, colons and quotes of this line and the one before',
    ],
  );
}

interface Trap {
  at: number;
  code: string;
  message: Pair;
  hint: Pair;
}

const QUOTE_HINT: Pair = ['给这段文字加上引号："…"', 'Quote the text: "…"'];

/** Looks for a known trap in the entry that holds the error: from its first line up to the error. */
function findTrap(text: string, at: number, code: string): Trap | null {
  if (code === 'TAB_AS_INDENT') {
    return {
      at: text.lastIndexOf('\t', at) >= 0 ? text.lastIndexOf('\t', at) : at,
      code: 'yaml_tab',
      message: ['缩进用了制表符（Tab）', 'The line is indented with a tab'],
      hint: ['YAML 只能用空格缩进', 'YAML is indented with spaces only'],
    };
  }
  if (code === 'BAD_SCALAR_START') {
    const sign = text[at];
    return {
      at,
      code: sign === '%' ? 'yaml_percent' : 'yaml_sign',
      message: [`文字不能直接以 ${sign} 开头`, `Text cannot start with ${sign} unless it is quoted`],
      hint: QUOTE_HINT,
    };
  }
  const line = text.lastIndexOf('\n', at - 1) + 1;
  for (let from = line, first = true; from >= 0; first = false) {
    const end = text.indexOf('\n', from);
    const content = text.slice(from, end < 0 ? text.length : end);
    // An open bracket is only noticed at the start of the next line, which is not at fault.
    const found = first && at === from && code !== 'MULTILINE_IMPLICIT_KEY' ? null : trapOfLine(content);
    if (found) return { ...found, at: from + found.at };
    // Only the entry the error belongs to is searched: stop at a line that starts a top-level key.
    if (from === 0 || (!first && /^\S/.test(content))) return null;
    from = text.lastIndexOf('\n', from - 2) + 1;
  }
  return null;
}

function trapOfLine(line: string): Trap | null {
  const plain = line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, (quoted) => '"'.repeat(quoted.length));
  const wide = plain.search(/^\s*[\w-]+：/);
  if (wide >= 0) {
    return {
      at: plain.indexOf('：'),
      code: 'yaml_wide',
      message: ['键后面用了中文冒号', 'A full-width colon follows the key'],
      hint: ['改成英文冒号加空格 ": "', 'Write ": " (a plain colon and a space)'],
    };
  }
  const bracket = plain.search(/[［］｛｝]/);
  if (bracket >= 0) {
    return {
      at: bracket,
      code: 'yaml_wide',
      message: ['用了全角括号', 'A full-width bracket is used'],
      hint: ['改成英文的 [ ] { }', 'Write [ ] { }'],
    };
  }
  const hash = plain.search(/\s#/);
  if (hash >= 0) {
    return {
      at: hash + 1,
      code: 'yaml_hash',
      message: ['# 之后的内容被当成了注释', 'Everything after # is taken as a comment'],
      hint: QUOTE_HINT,
    };
  }
  const colon = plain.match(/^\s*(?:- )?[\w-]+:\s+[^\s[{"'|>][^:]*:\s/);
  if (colon) {
    return {
      at: colon[0].trimEnd().length - 1,
      code: 'yaml_colon',
      message: ['文字里的 ": " 被当成了键', 'The ": " inside the text is taken as a key'],
      hint: QUOTE_HINT,
    };
  }
  return null;
}

const YAML_ERRORS: { [code: string]: [message: Pair, hint: Pair] | undefined } = {
  DUPLICATE_KEY: [
    ['这个键写了两次', 'This key appears twice'],
    ['删掉其中一个', 'Remove one of them'],
  ],
  BAD_INDENT: [
    ['括号没有闭合，或缩进不对', 'A bracket is not closed, or the indentation is off'],
    [
      '同一层的键要对齐；否则检查上一行的 [ ] 和 { }',
      'Keys of one level are aligned; otherwise check [ ] and { } on the line before',
    ],
  ],
  MISSING_CHAR: [
    ['引号或括号没有闭合', 'A quote or bracket is not closed'],
    ['检查从这里往上最近的引号和括号', 'Check the nearest quote or bracket above'],
  ],
  UNEXPECTED_TOKEN: [
    ['这里多了内容，或缩进不一致', 'Something here is not expected, or the indentation differs'],
    ['同一层的键要对齐；文字里有引号时整段加引号', 'Keys of one level are aligned; quote text that contains quotes'],
  ],
  MULTILINE_IMPLICIT_KEY: [
    ['这一行缺少冒号', 'This line lacks its colon'],
    ['每一项写成 "键: 值"', 'Write each entry as "key: value"'],
  ],
};
