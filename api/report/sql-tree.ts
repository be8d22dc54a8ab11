/** Stage 3, the walk: every node of the parsed statement against the allow-lists. Default deny. */

import { NODES } from './functions.ts';
import { failAt, type ReportSource } from './problem.ts';
import {
  checkColumn,
  checkFunction,
  checkIndirection,
  checkOperator,
  checkRelation,
  checkType,
  fail,
  names,
  refuseNode,
  type Scope,
  type Tree,
  type Walk,
} from './sql-checks.ts';

/** The parser leaves out the wrapper (`{"SelectStmt": …}`) of fields whose type is fixed. */
const BARE: { [field: string]: string } = {
  withClause: 'WithClause',
  intoClause: 'IntoClause',
  alias: 'Alias',
  join_using_alias: 'Alias',
  typeName: 'TypeName',
  over: 'WindowDef',
  search_clause: 'CTESearchClause',
  cycle_clause: 'CTECycleClause',
};

/** @param statement one parsed statement. @returns the views of schema report it reads. @throws ReportError */
export function checkTree(
  source: ReportSource,
  statement: unknown,
  { toSource, start }: { toSource(byte: number): number; start: number },
): string[] {
  const walk: Walk = { source, views: new Set(), toSource };
  const [kind, body] = Object.entries((statement ?? {}) as Tree)[0] ?? ['', {}];
  if (kind !== 'SelectStmt') {
    failAt(
      source,
      start,
      'not_a_select',
      ['只能是一条 select（可以带 with）', 'The statement must be a select (with "with" if needed)'],
      ['报表只能读数据', 'A report only reads'],
    );
  }
  walkNode(walk, kind, body as Tree, { ctes: new Set(), near: 0 });
  return [...walk.views].sort();
}

function walkNode(walk: Walk, kind: string, body: Tree, outer: Scope): void {
  const scope = {
    ...outer,
    near: typeof body.location === 'number' && body.location >= 0 ? body.location : outer.near,
  };
  if (!NODES.has(kind)) refuseNode(walk, kind, scope);
  switch (kind) {
    case 'SelectStmt':
      walkSelect(walk, body, scope);
      return;
    case 'RangeVar':
      checkRelation(walk, body, scope);
      break;
    case 'FuncCall':
      checkFunction(walk, body, scope);
      break;
    case 'TypeName':
      checkType(walk, body, scope);
      break;
    case 'ColumnRef':
      checkColumn(walk, body, scope);
      return;
    case 'A_Indirection':
      checkIndirection(walk, body, scope);
      break;
    case 'A_Const':
      return;
    case 'A_Expr':
      checkOperator(walk, names(body.name), scope);
      break;
    case 'SortBy':
      checkOperator(walk, names(body.useOp), scope);
      break;
    case 'SubLink':
      checkOperator(walk, names(body.operName), scope);
      break;
  }
  walkFields(walk, body, scope);
}

/** Names of a `with` are visible to later ones (all of them when recursive) and to the select itself, nowhere else. */
function walkSelect(walk: Walk, body: Tree, scope: Scope): void {
  const clause = body.withClause as Tree | undefined;
  const ctes = ((clause?.ctes ?? []) as Tree[]).map((cte) => cte.CommonTableExpr as Tree);
  const all = new Set([...scope.ctes, ...ctes.map((cte) => String(cte.ctename))]);
  let visible = new Set(clause?.recursive ? all : scope.ctes);
  for (const cte of ctes) {
    const name = String(cte.ctename);
    if (name.startsWith('pg_')) {
      fail(walk, { ...scope, near: Number(cte.location ?? scope.near) }, 'bad_name', [
        `with 的名字不能以 pg_ 开头：${name}`,
        `A "with" cannot be named ${name}: pg_ is reserved`,
      ]);
    }
    walkNode(walk, 'CommonTableExpr', cte, { ...scope, ctes: visible });
    visible = new Set([...visible, name]);
  }
  const { larg, rarg, withClause: _done, ...rest } = body;
  const inner = { ...scope, ctes: all };
  // The sides of a union are bare selects; those of a join, named alike, are not.
  for (const side of [larg, rarg]) if (side) walkNode(walk, 'SelectStmt', side as Tree, inner);
  walkFields(walk, rest, inner);
}

function walkFields(walk: Walk, body: Tree, scope: Scope): void {
  for (const [field, value] of Object.entries(body)) walkValue(walk, field, value, scope);
}

function walkValue(walk: Walk, field: string, value: unknown, scope: Scope): void {
  if (Array.isArray(value)) {
    for (const item of value) walkValue(walk, '', item, scope);
  } else if (typeof value === 'object' && value !== null) {
    const bare = BARE[field];
    if (bare) {
      walkNode(walk, bare, value as Tree, scope);
      return;
    }
    const entries = Object.entries(value);
    if (entries.length === 0) return;
    const [kind, body] = entries[0]!;
    if (entries.length > 1 || typeof body !== 'object' || body === null) refuseNode(walk, field || kind, scope);
    walkNode(walk, kind, body as Tree, scope);
  }
}
