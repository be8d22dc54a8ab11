/** Stage 3, the single checks: relations, functions, types, fields and operators that a report may name. */
import { nameHint } from '../closest-name.ts';
import type { Pair } from '../contract.ts';
import { readReportFunctions } from '../storage/sql-files.ts';
import { CLOCK, FUNCTIONS, TYPES } from './functions.ts';
import { failAt, type ReportSource } from './problem.ts';

/** What sql/functions makes: plain arithmetic over what it is given. */
const OWN_FUNCTIONS: ReadonlySet<string> = new Set(readReportFunctions());

export type Tree = { [key: string]: unknown };

export interface Walk {
  source: ReportSource;
  views: Set<string>;
  toSource(byte: number): number;
}

export interface Scope {
  ctes: ReadonlySet<string>;
  /** Byte offset of the nearest node that has one. */
  near: number;
}

/** Refusals that deserve their own sentence. */
const REFUSED: { [node: string]: [code: string, message: Pair, hint?: Pair] } = {
  IntoClause: [
    'select_into',
    ['不能用 select into', 'select into is not allowed'],
    ['报表只能读数据', 'A report only reads'],
  ],
  LockingClause: [
    'locking',
    ['不能用 for update / for share', 'for update / for share is not allowed'],
    ['报表只能读数据', 'A report only reads'],
  ],
  InsertStmt: ['writes', ['报表不能写数据', 'A report cannot write']],
  UpdateStmt: ['writes', ['报表不能写数据', 'A report cannot write']],
  DeleteStmt: ['writes', ['报表不能写数据', 'A report cannot write']],
  MergeStmt: ['writes', ['报表不能写数据', 'A report cannot write']],
  SQLValueFunction: [
    'clock',
    ['不能读当前时间或当前用户', 'The clock and the current user cannot be read'],
    ['用 :today，或加一个默认值为 $today 的日期参数', 'Use :today, or a date parameter with default $today'],
  ],
};

export function checkRelation(walk: Walk, body: Tree, scope: Scope): void {
  const name = String(body.relname);
  if (body.catalogname === undefined && body.schemaname === 'report') {
    walk.views.add(name);
    return;
  }
  if (body.schemaname === undefined && body.catalogname === undefined && scope.ctes.has(name)) return;
  const said = [body.catalogname, body.schemaname, name].filter(Boolean).join('.');
  fail(
    walk,
    scope,
    'relation_not_allowed',
    [`不能读 ${said}：只能读 report 里的视图`, `${said} cannot be read: only views of schema report`],
    body.schemaname === undefined
      ? [`写成 report.${name}`, `Write report.${name}`]
      : [
          '能读的视图：在报表编辑器里按 Ctrl+Space，或看 docs/reports.md；缺少的请在 sql/views/report/ 里加一个',
          'Ctrl+Space in the editor of reports lists the views, and docs/reports.md names them; one that is missing is added in sql/views/report/',
        ],
  );
}

export function checkFunction(walk: Walk, body: Tree, scope: Scope): void {
  const path = names(body.funcname);
  const name = path.at(-1) ?? '';
  if (path.length === 2 && path[0] === 'report') {
    if (OWN_FUNCTIONS.has(name)) return;
    fail(
      walk,
      scope,
      'function_not_allowed',
      [`没有函数 report.${name}`, `There is no function report.${name}`],
      nameHint(name, OWN_FUNCTIONS),
    );
  }
  if (path.length > 2 || (path.length === 2 && path[0] !== 'pg_catalog')) {
    fail(walk, scope, 'function_not_allowed', [`不能调用 ${path.join('.')}`, `${path.join('.')} cannot be called`]);
  }
  const args = (body.args ?? []) as Tree[];
  if (CLOCK.has(name) || (name === 'age' && args.length < 2)) {
    const [code, message, hint] = REFUSED.SQLValueFunction!;
    fail(walk, scope, code, message, hint);
  }
  if (!FUNCTIONS.has(name)) {
    fail(
      walk,
      scope,
      'function_not_allowed',
      [`不能调用函数 ${name}`, `The function ${name} is not allowed`],
      nameHint(name, FUNCTIONS),
    );
  }
  if ((name === 'lpad' || name === 'rpad') && !isSmall(args[1])) {
    fail(walk, scope, 'function_not_allowed', [
      `${name} 的长度要直接写成不超过 100 的数字`,
      `The length of ${name} must be a number up to 100, written out`,
    ]);
  }
}

function isSmall(argument: Tree | undefined): boolean {
  const constant = argument?.A_Const as { ival?: { ival?: number } } | undefined;
  return constant?.ival !== undefined && (constant.ival.ival ?? 0) <= 100;
}

export function checkType(walk: Walk, body: Tree, scope: Scope): void {
  const path = names(body.names);
  const name = path.at(-1) ?? '';
  const foreign = path.length > 2 || (path.length === 2 && path[0] !== 'pg_catalog');
  if (foreign || body.setof || body.pct_type || !TYPES.has(name)) {
    fail(
      walk,
      scope,
      'type_not_allowed',
      [`不能用类型 ${path.join('.')}`, `The type ${path.join('.')} is not allowed`],
      nameHint(name, TYPES),
    );
  }
}

/** `row.pg_something` calls a function of one argument; no column is named like that. */
export function checkColumn(walk: Walk, body: Tree, scope: Scope): void {
  const path = names(body.fields);
  const wrong = path.find((name) => /^(pg_|lo_|set_|current_setting|query_to|dblink)/.test(name));
  if (wrong)
    fail(walk, scope, 'function_not_allowed', [`不能用 ${path.join('.')}`, `${path.join('.')} is not allowed`]);
}

/** `(value).name` is a function call too: only subscripts are left. */
export function checkIndirection(walk: Walk, body: Tree, scope: Scope): void {
  for (const step of (body.indirection ?? []) as Tree[]) {
    if (!('A_Indices' in step)) {
      fail(
        walk,
        scope,
        'field_not_allowed',
        ['不能写 (值).名称', '(value).name is not allowed'],
        [
          '从子查询或 with 里按列名取，JSON 用 ->>',
          'Select the column by its name from a subquery or "with"; use ->> for JSON',
        ],
      );
    }
  }
}

export function checkOperator(walk: Walk, path: string[], scope: Scope): void {
  if (path.length > 1 && path[0] !== 'pg_catalog') {
    fail(walk, scope, 'operator_not_allowed', [
      `不能用运算符 ${path.join('.')}`,
      `The operator ${path.join('.')} is not allowed`,
    ]);
  }
}

export function names(list: unknown): string[] {
  return ((list ?? []) as Tree[]).map((item) => String((item.String as Tree | undefined)?.sval ?? '*'));
}

export function refuseNode(walk: Walk, kind: string, scope: Scope): never {
  const known = REFUSED[kind];
  if (known) fail(walk, scope, known[0], known[1], known[2]);
  fail(
    walk,
    scope,
    'sql_not_allowed',
    [`报表里不支持这种写法（${kind}）`, `This form of SQL is not allowed in a report (${kind})`],
    [
      '只用 select、join、where、group by、窗口函数和常用函数',
      'Use select, join, where, group by, window functions and the usual functions',
    ],
  );
}

export function fail(walk: Walk, scope: Scope, code: string, message: Pair, hint?: Pair): never {
  failAt(walk.source, walk.toSource(scope.near), code, message, hint);
}
