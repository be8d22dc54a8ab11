/**
 * Changes what a role may do with a kind of record: an action on the role, so that the rules of approval ask about it like
 * about any other change. Sent by the screen of permissions; for administrators, whatever an action's roles are made to say.
 */
import type { Json, Pair, PermissionChange, Resource, Row } from '../contract.ts';
import { fieldErrors, problem } from '../errors.ts';
import { checkChange, saveChange } from '../permissions/store.ts';
import { printPredicate } from '../predicate.ts';
import type { ActionHandler } from '../records/action.ts';
import { resourceContext } from '../records/resource-context.ts';

const DONE: Pair = ['权限已保存', 'Permissions saved'];

export const act: ActionHandler['act'] = async (deps, { before, input, writer, trx }) => {
  if (!writer.caller.roles.includes('administrator')) throw problem(403, 'forbidden');
  const resource = deps.resources.get(String(input.resource));
  if (!resource) throw problem(404, 'not_found');
  const change = { role: String(before!.code), input: read(input.change), version: Number(input.from_version) };
  await saveChange(deps, resource, change, { ...writer, trx });
  return { message: DONE as unknown as Json };
};

const LETTERS: { [letter: string]: Pair } = {
  r: ['查看', 'view'],
  c: ['新建', 'create'],
  u: ['修改', 'edit'],
  d: ['删除', 'delete'],
  i: ['导入', 'import'],
  x: ['导出', 'export'],
};

/** What would be said about the role, as the one who is to agree to it reads it. */
export const describe: ActionHandler['describe'] = (deps, input) => {
  const resource = deps.resources.get(String(input.resource));
  if (!resource) return [];
  const change = checkChange(resource, read(input.change));
  return [
    { label: ['对象', 'Kind of record'], value: resource.label },
    { label: ['操作', 'Actions'], value: lettersOf(change) },
    { label: ['行范围', 'Rows'], value: rowsOf(resource, change) },
    ...Object.entries(change.fields).map(([name, { read: seen, write }]) => ({
      label: resource.fields[name]!.label,
      value: joined([allowed(seen, ['查看', 'view']), allowed(write, ['修改', 'edit'])]),
    })),
    ...Object.entries(change.actions).map(([name, may]) => ({
      label: resource.actions![name]!.label,
      value: may ? (['允许', 'Allowed'] as const) : (['不允许', 'Not allowed'] as const),
    })),
  ];
};

function lettersOf({ letters }: PermissionChange): Pair {
  if (letters === null) return ['默认', 'As by default'];
  if (letters === '') return ['全部不允许', 'None'];
  return joined([...letters].map((letter) => LETTERS[letter]!));
}

function rowsOf(resource: Resource, { rows }: PermissionChange): Pair {
  if (rows.mode !== 'where') return rows.mode === 'all' ? ['全部', 'All'] : ['默认', 'As by default'];
  const context = resourceContext(resource);
  return [printPredicate(rows.where, context, 'zh'), printPredicate(rows.where, context, 'en')];
}

function allowed(may: boolean | undefined, [zh, en]: Pair): Pair | null {
  if (may === undefined) return null;
  return may ? [`可${zh}`, `may ${en}`] : [`不可${zh}`, `may not ${en}`];
}

function joined(parts: readonly (Pair | null)[]): Pair {
  const said = parts.filter((part) => part !== null);
  return [said.map(([zh]) => zh).join('、'), said.map(([, en]) => en).join(', ')];
}

/** @throws Problem 422 */
function read(text: Json | undefined): Row {
  try {
    const value: unknown = JSON.parse(String(text));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row;
  } catch {
    // Said below.
  }
  throw fieldErrors({ change: { key: 'not_json' } });
}
