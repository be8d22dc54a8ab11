/** Stages 4 and 5: what the select gives, asked of the database without running it, and what it would cost. */
import type pg from 'pg';
import { nameHint } from '../closest-name.ts';
import type { Json, Pair } from '../contract.ts';
import { textOffsets } from '../values/text-offsets.ts';
import { askReport, type ReportAnswer } from './connection.ts';
import { failAt, type ReportSource } from './problem.ts';
import type { ReadDefinition } from './schema.ts';
import type { ReportSql } from './sql.ts';
import { failNode } from './yaml.ts';

type Kind = 'number' | 'text' | 'boolean' | 'day' | 'other';
const KINDS: { [oid: number]: Kind } = {
  16: 'boolean',
  20: 'number',
  21: 'number',
  23: 'number',
  700: 'number',
  701: 'number',
  1700: 'number',
  25: 'text',
  1042: 'text',
  1043: 'text',
  1082: 'day',
  1114: 'day',
  1184: 'day',
  114: 'other',
  3802: 'other',
  1007: 'other',
  1009: 'other',
  1016: 'other',
};
const KIND_NAMES: { [kind in Kind]: Pair } = {
  number: ['数字', 'a number'],
  text: ['文字', 'text'],
  boolean: ['是否', 'a boolean'],
  day: ['日期或时间', 'a date or time'],
  other: ['列表或 JSON', 'a list or JSON'],
};
const FITS: { [role: string]: readonly Kind[] } = {
  time: ['day'],
  measure: ['number'],
  weight: ['number'],
  series: ['text', 'number', 'boolean', 'day'],
  category: ['text', 'number', 'boolean', 'day'],
  detail: ['text', 'number', 'boolean', 'day', 'other'],
};

/** Cost as the planner counts it: about half a minute on one core. A report that needs more reads a rollup instead. */
const MOST_COST = 5_000_000;
const TIMEOUT_MS = 5_000;
const EXPLAIN = 'explain (format json) ';

export interface DescribeContext {
  pool: pg.Pool;
  time_zone: string;
  /** Views of schema report, for "did you mean". */
  views: readonly string[];
}

/** A select as the runner sends it: a subquery, so that the limit holds whatever the text says. */
export function limited(statement: string, rows: number): string {
  return `${PREFIX}${statement}\n) q limit ${rows}`;
}
const PREFIX = 'select * from (\n';

/** @param values what is bound, in the order of `sql.binds`. @throws ReportError */
export async function describeReport(
  source: ReportSource,
  { sql, values, context }: { sql: ReportSql; values: Json[]; context: DescribeContext },
): Promise<{ name: string; type: number }[]> {
  const answer = await ask(source, { text: limited(sql.statement, 0), sql, values, context });
  return answer.columns;
}

/** @throws ReportError when the plan is dearer than a report may be. */
export async function checkCost(
  source: ReportSource,
  { sql, values, rows, context }: { sql: ReportSql; values: Json[]; rows: number; context: DescribeContext },
): Promise<void> {
  const text = `${EXPLAIN}${limited(sql.statement, rows + 1)}`;
  const answer = await ask(source, { text, sql, values, context });
  const plan = answer.rows[0]?.[0] as unknown as [{ Plan: { 'Total Cost': number } }] | undefined;
  const cost = plan?.[0].Plan['Total Cost'] ?? 0;
  if (cost > MOST_COST) {
    failAt(
      source,
      sql.start,
      'too_expensive',
      [
        `估算成本 ${Math.round(cost)} 超过上限 ${MOST_COST}`,
        `The estimated cost ${Math.round(cost)} is above the ceiling ${MOST_COST}`,
      ],
      [
        '检查 join 条件是否缺失，或改读按天汇总的视图',
        'Look for a missing join condition, or read a view that is summed by day',
      ],
    );
  }
}

/** The select's columns against the declared ones: same names, types that fit the roles. @throws ReportError */
export function checkColumns(
  source: ReportSource,
  { read, given, sql }: { read: ReadDefinition; given: { name: string; type: number }[]; sql: ReportSql },
): void {
  const { columns } = read.definition;
  const names = given.map((column) => column.name);
  for (const [index, { name, type }] of given.entries()) {
    const column = columns[name];
    if (names.indexOf(name) !== index) {
      failAt(
        source,
        sql.start,
        'column_twice',
        [`select 给出了两个 ${name}`, `The select gives ${name} twice`],
        ['用 as 改名', 'Rename one with "as"'],
      );
    }
    if (!column) {
      failAt(
        source,
        sql.start,
        'column_undeclared',
        [`select 给出的列 ${name} 没有在 columns 里声明`, `The select gives ${name}, which columns does not declare`],
        name === '?column?'
          ? ['用 as 给这个表达式起名', 'Name the expression with "as"']
          : Object.keys(columns).every((each) => names.includes(each))
            ? [
                `在 columns 里加上 ${name}；select * 请改成逐列写出，视图以后会多出列`,
                `Declare ${name} in columns; instead of select * write the columns out: views grow`,
              ]
            : nameHint(
                name,
                Object.keys(columns).filter((each) => !names.includes(each)),
              ),
      );
    }
    const kind = KINDS[type];
    if (!kind || !FITS[column.role]!.includes(kind)) {
      const is: Pair = kind ? KIND_NAMES[kind] : ['不支持的类型', 'of a type that is not supported'];
      failNode(
        read.part,
        read.columns[name],
        'column_type',
        [
          `列 ${name} 是${is[0]}，不能作 ${column.role}`,
          `The column ${name} is ${is[1]}, which cannot be a ${column.role}`,
        ],
        column.role === 'time'
          ? ['用 ::date 或 date_trunc', 'Use ::date or date_trunc']
          : ['在 SQL 里转换，例如 ::numeric 或 ::text', 'Convert it in SQL, for example ::numeric or ::text'],
      );
    }
  }
  for (const name of Object.keys(columns)) {
    if (!names.includes(name)) {
      failNode(
        read.part,
        read.columns[name],
        'column_missing',
        [`columns 声明了 ${name}，但 select 没有给出`, `columns declares ${name}, which the select does not give`],
        nameHint(
          name,
          names.filter((each) => !columns[each]),
        ),
      );
    }
  }
}

async function ask(
  source: ReportSource,
  { text, sql, values, context }: { text: string; sql: ReportSql; values: Json[]; context: DescribeContext },
): Promise<ReportAnswer> {
  try {
    return await askReport(context.pool, { text, values, timeout_ms: TIMEOUT_MS, time_zone: context.time_zone });
  } catch (error) {
    const before = text.startsWith(EXPLAIN) ? EXPLAIN.length : 0;
    return failDatabase(source, error, { sql, views: context.views, before });
  }
}

interface DatabaseError {
  code?: string;
  message: string;
  position?: string;
  hint?: string;
}

/** The database's refusal at the place in the file it points to. */
export function failDatabase(
  source: ReportSource,
  error: unknown,
  { sql, views, before = 0 }: { sql: ReportSql; views: readonly string[]; before?: number },
): never {
  const { code, message, position, hint } = error as DatabaseError;
  if (!code || /^(08|57P|53)/.test(code)) throw error;
  const at = position === undefined ? 0 : Number(position) - 1 - PREFIX.length - before;
  const index = textOffsets(sql.statement).fromCharacter(at);
  const quoted = /"([^"]+)"/.exec(message)?.[1] ?? /^(?:column|relation) (\S+)/.exec(message)?.[1] ?? '';
  const relation = code === '42P01' ? nameHint(quoted.replace(/^report\./, ''), views) : undefined;
  const meant = hint ? /column "([^"]+)"/.exec(hint)?.[1] : undefined;
  const known = DATABASE_CODES[code];
  failAt(
    source,
    position === undefined
      ? code === '22012'
        ? divisionIn(source, sql)
        : sql.start
      : sql.toSource(Math.max(index, 0)),
    known?.[0] ?? 'sql_refused',
    [known?.[1].replace('$1', () => quoted || message) ?? `数据库：${message}`, message],
    relation ?? (meant ? [`是不是想写 ${meant}？`, hint!] : (known?.[2] ?? (hint ? [hint, hint] : undefined))),
  );
}

/** What failed while it computed has no position: the first division that nothing guards is where to look. */
function divisionIn({ text }: ReportSource, sql: ReportSql): number {
  const found = text.slice(sql.start).search(/(?<![/*])\/(?![/*])(?!\s*(?:nullif\b|\d))/i);
  return found < 0 ? sql.start : sql.start + found;
}

const DATABASE_CODES: { [sqlstate: string]: [code: string, zh: string, hint?: Pair] | undefined } = {
  '42P01': ['relation_unknown', '没有视图 $1'],
  '42703': [
    'column_unknown',
    '没有列 $1',
    [
      '检查拼写，以及 from 里是否写了它所在的视图；文字要用单引号',
      'Look at the spelling, and whether its view stands in "from"; text stands in single quotes',
    ],
  ],
  '42702': ['column_ambiguous', '列 $1 属于多张表，要写明是哪一张', ['写成 视图名.列名', 'Write view.column']],
  '42803': [
    'group_by',
    '列 $1 要写进 group by，或放进聚合函数',
    ['加到 group by，或写成 sum(…)、max(…)', 'Add it to group by, or write sum(…) or max(…)'],
  ],
  '42883': [
    'function_unknown',
    '没有这样的函数或运算符（参数类型不对）：$1',
    [
      '检查两边的类型，需要时用 ::numeric、::date、::text 转换',
      'Look at the types of both sides; convert with ::numeric, ::date or ::text',
    ],
  ],
  '42804': [
    'type_mismatch',
    '类型不一致：$1',
    ['用 ::numeric、::date、::text 转换成同一种类型', 'Convert to one type with ::numeric, ::date or ::text'],
  ],
  '42601': ['sql_syntax', 'SQL 语法错误：$1'],
  '42501': ['not_permitted', '报表账号没有权限：$1'],
  '42P10': ['sql_refused', '引用的列不对：$1'],
  '22P02': [
    'bad_value',
    '值的写法不对：$1',
    ['数字不加引号，日期写成 2026-03-01', 'Numbers stand without quotes, dates are written 2026-03-01'],
  ],
  '22007': ['bad_value', '日期的写法不对：$1', ['写成 2026-03-01', 'Write 2026-03-01']],
  '22012': [
    'division_by_zero',
    '除数为 0',
    ['写成 … / nullif(分母, 0)，分母为 0 时结果为空', 'Write … / nullif(denominator, 0): the result is then empty'],
  ],
  '57014': [
    'timeout',
    '查询超过时限，已停止',
    [
      '缩短默认日期、检查 join 条件，或改读按天汇总的视图',
      'Take a shorter default period, look at the join conditions, or read a view that is summed by day',
    ],
  ],
};
