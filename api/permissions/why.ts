/** Why a person may or may not do something with a resource: the answer of the server's own check, with the role or change behind it. */
import type { Caller, Deps } from '../context.ts';
import type { Field, Pair, PermissionReason, PermissionWhy, Resource, Role } from '../contract.ts';
import { problem } from '../errors.ts';
import { accessOf, mayAct } from '../records/access.ts';
import { callerOf } from '../sign-in/sessions.ts';
import { readChanges, type StoredChange } from './store.ts';

const LETTERS: readonly (readonly [letter: string, what: Pair])[] = [
  ['r', ['查看', 'See']],
  ['c', ['新建', 'Create']],
  ['u', ['修改', 'Change']],
  ['d', ['删除', 'Delete']],
  ['i', ['导入', 'Import']],
  ['x', ['导出', 'Export']],
];

interface Case {
  resource: Resource;
  caller: Caller;
  disabled: boolean;
  roles: { code: Role; label: Pair; change: StoredChange | undefined }[];
}

/** @throws Problem 404 */
export async function explain(deps: Deps, user_id: number, resource: Resource): Promise<PermissionWhy> {
  const user = await deps.db
    .selectFrom('app.users')
    .select(['id', 'name', 'email', 'roles', 'pii', 'lang', 'status'])
    .where('id', '=', user_id)
    .executeTakeFirst();
  if (!user) throw problem(404, 'not_found');
  const { status, ...rest } = user;
  const caller = callerOf(rest);
  const labels = await deps.db.selectFrom('app.roles').select(['code', 'name_zh', 'name_en']).execute();
  const changes = (await readChanges(deps.db)).filter((change) => change.resource === resource.name);
  const asked: Case = {
    resource,
    caller,
    disabled: status !== 'active',
    roles: caller.roles.map((code) => {
      const found = labels.find((each) => each.code === code);
      return {
        code,
        label: found ? [found.name_zh, found.name_en] : [code, code],
        change: changes.find((change) => change.role === code),
      };
    }),
  };
  const access = accessOf(caller, resource);
  return {
    letters: LETTERS.map(([letter, what]) => ({ letter, what, ...whyLetter(asked, letter) })),
    rows: { where: access.rows, because: whyRows(asked, access.rows !== null) },
    fields: Object.entries(resource.fields).map(([name, field]) => {
      const { read, write, masked } = access.fields.get(name)!;
      return {
        name,
        label: field.label,
        read: { what: ['查看', 'See'], allowed: read && !asked.disabled, because: whyRead(asked, name, field, read) },
        write: {
          what: ['修改', 'Change'],
          allowed: write && !asked.disabled,
          because: whyWrite(asked, name, field, write),
        },
        masked,
      };
    }),
    actions: Object.entries(resource.actions ?? {}).flatMap(([name, action]) => {
      if (action.hidden) return [];
      const allowed = access.list && mayAct(caller, resource, action) && !asked.disabled;
      const holders = asked.roles.filter((role) => action.roles.includes(role.code));
      const because = general(asked) ?? fromRoles(asked, holders, (change) => name in change.actions);
      return { name, what: action.label, allowed, because };
    }),
  };
}

function whyLetter(asked: Case, letter: string): Omit<PermissionReason, 'what'> {
  const { resource, caller, roles } = asked;
  if (!(resource.offers ?? 'crudix').includes(letter)) {
    return { allowed: false, because: ['此类记录不支持这个操作', 'These records do not offer it to anybody'] };
  }
  const holders = roles.filter((role) => resource.access[role.code]?.includes(letter));
  const administrator = caller.roles.includes('administrator');
  return {
    allowed: (administrator || holders.length > 0) && !asked.disabled,
    because: general(asked) ?? fromRoles(asked, holders, (change) => change.letters !== null),
  };
}

function whyRows(asked: Case, limited: boolean): Pair {
  const found = general(asked);
  if (found) return found;
  if (!limited) return ['可查看所有行', 'Every row'];
  const [change] = asked.roles.map((role) => role.change).filter((each) => each?.rows.mode === 'where');
  return change
    ? [`只能查看符合条件的行，${changedBy(change)[0]}`, `Only rows that satisfy the condition, ${changedBy(change)[1]}`]
    : ['默认只能查看符合条件的行', 'By default only rows that satisfy the condition'];
}

function whyRead(asked: Case, name: string, field: Field, read: boolean): Pair {
  if (field.kind === 'password') return ['密码从不显示', 'Passwords are never shown'];
  if (!accessOf(asked.caller, asked.resource).list) return ['不能查看这类记录', 'They may not see these records'];
  const found = general(asked);
  if (found) return found;
  const holders = asked.roles.filter((role) => !field.access?.read || field.access.read.includes(role.code));
  const because = fromRoles(asked, holders, (change) => change.fields[name]?.read !== undefined);
  return read && field.pii && !asked.caller.pii
    ? [`${because[0]}；个人信息已脱敏`, `${because[1]}; personal data is masked`]
    : because;
}

function whyWrite(asked: Case, name: string, field: Field, write: boolean): Pair {
  if (field.readonly) return ['由系统维护', 'Kept by the system'];
  const access = accessOf(asked.caller, asked.resource);
  if (!access.create && !access.edit)
    return ['不能新建或修改这类记录', 'They may neither create nor change these records'];
  if (!write && access.fields.get(name)?.masked)
    return ['看到的是脱敏内容，因此不能修改', 'They see it masked, so they cannot change it'];
  const found = general(asked);
  if (found) return found;
  if (!write && !access.fields.get(name)?.read && field.kind !== 'password')
    return ['不能查看的字段也不能修改', 'What they cannot see they cannot change'];
  const holders = asked.roles.filter((role) => !field.access?.write || field.access.write.includes(role.code));
  return fromRoles(asked, holders, (change) => change.fields[name]?.write !== undefined);
}

/** What decides whatever the roles say. */
function general({ caller, disabled, roles }: Case): Pair | null {
  if (disabled) return ['账号已停用', 'The account is disabled'];
  if (caller.roles.includes('administrator')) return ['系统管理员拥有全部权限', 'Administrators may do everything'];
  if (roles.length === 0) return ['没有任何角色', 'They have no role'];
  return null;
}

/** Which roles give it, and whether by default or by a change; or that none does. */
function fromRoles({ roles }: Case, holders: Case['roles'], concerns: (change: StoredChange) => boolean): Pair {
  const say = ({ label, change }: Case['roles'][number]): Pair =>
    change && concerns(change)
      ? [`“${label[0]}”${changedBy(change)[0]}`, `${label[1]}, ${changedBy(change)[1]}`]
      : [`“${label[0]}”默认`, `${label[1]}, by default`];
  const join = (list: Case['roles']): Pair => {
    const said = list.map(say);
    return [said.map(([zh]) => zh).join('、'), said.map(([, en]) => en).join('; ')];
  };
  if (holders.length > 0) {
    const [zh, en] = join(holders);
    return [`${zh}允许`, `Given by ${en}`];
  }
  const [zh, en] = join(roles);
  return [`${zh}未授予`, `Not given by ${en}`];
}

function changedBy({ by, at }: StoredChange): Pair {
  const on = at.slice(0, 10);
  return [`由 ${by ?? '已删除的用户'} 于 ${on} 调整后`, `as changed by ${by ?? 'a deleted user'} on ${on}`];
}
