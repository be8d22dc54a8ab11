/**
 * What staff changed about roles, laid over the definitions: roles of their own get what the built-in role they are based
 * on has, then each change of a role and resource replaces what the code says. Everything that asks for permissions reads
 * the result, so there is one place where they are enforced.
 */
import type { Field, Grants, Predicate, Resource, Role } from '../contract.ts';
import { checkPredicate } from '../predicate.ts';
import { resourceContext } from '../records/resource-context.ts';

export interface RoleRow {
  code: string;
  base_role: string | null;
}
/** One row of app.role_permissions. */
export interface RoleChange {
  role: string;
  resource: string;
  /** Null: as in the code. */
  letters: string | null;
  rows_mode: 'default' | 'all' | 'where';
  rows_where: unknown;
  fields: { [field: string]: { read?: boolean; write?: boolean } };
  actions: { [action: string]: boolean };
}

/** True for no row at all: what a condition becomes that can no longer be understood. */
const NOTHING: Predicate = { not: {} };
/** What a definition was before it was changed here, to say what is so by default. */
const defaults = new WeakMap<Resource, Resource>();

/** @returns the same objects where nothing changed */
export function applyRoles(
  resources: ReadonlyMap<string, Resource>,
  roles: readonly RoleRow[],
  changes: readonly RoleChange[],
): ReadonlyMap<string, Resource> {
  const codes = roles.map((role) => role.code).filter((code) => code !== 'administrator');
  const known = changes.filter((change) => codes.includes(change.role) && resources.has(change.resource));
  const own = roles.filter((role) => role.base_role !== null);
  if (known.length === 0 && own.length === 0) return resources;
  const next = new Map(resources);
  for (const [name, resource] of resources) {
    const based = own.reduce(withRole, resource);
    const mine = known.filter((change) => change.resource === name);
    const changed = mine.reduce((before, change) => withChange(before, change, codes), based);
    if (changed === resource) continue;
    defaults.set(changed, based);
    next.set(name, changed);
  }
  return next;
}

/** The definition without the changes of staff, roles of their own included. */
export function defaultOf(resource: Resource): Resource {
  return defaults.get(resource) ?? resource;
}

/** A role of staff's own stands wherever the role it is based on stands. */
function withRole(resource: Resource, { code, base_role }: RoleRow): Resource {
  const base = base_role as Role;
  const beside = <R extends readonly Role[] | undefined>(list: R): R =>
    list?.includes(base) ? ([...list, code] as unknown as R) : list;
  const { access, rows, fields, actions, approval } = resource;
  const where = rows?.[base];
  return {
    ...resource,
    access: access[base] === undefined ? access : ({ ...access, [code]: access[base] } as Grants),
    ...(where ? { rows: { ...rows, [code]: where } } : {}),
    fields: mapValues(fields, (field) =>
      field.access?.read?.includes(base) || field.access?.write?.includes(base)
        ? { ...field, access: { read: beside(field.access.read), write: beside(field.access.write) } }
        : field,
    ),
    ...(actions ? { actions: mapValues(actions, (each) => ({ ...each, roles: beside(each.roles) })) } : {}),
    ...(approval ? { approval: approval.map((rule) => ({ ...rule, by: beside(rule.by) })) } : {}),
  };
}

function withChange(resource: Resource, change: RoleChange, codes: readonly string[]): Resource {
  const role = change.role as Role;
  const { access, rows, fields, actions } = resource;
  const next: Resource = { ...resource };
  if (change.letters !== null) next.access = { ...access, [role]: change.letters };
  if (change.rows_mode !== 'default') next.rows = rowsWith(resource, change, rows);
  next.fields = mapValues(fields, (field, name) => {
    const said = change.fields[name];
    return said ? fieldWith(field, said, role, codes as readonly Role[]) : field;
  });
  if (actions) {
    next.actions = mapValues(actions, (each, name) => {
      const may = change.actions[name];
      return may === undefined ? each : { ...each, roles: listWith(each.roles, role, may) };
    });
  }
  return next;
}

function rowsWith(resource: Resource, { role, rows_mode, rows_where }: RoleChange, rows: Resource['rows']) {
  const { [role as Role]: _, ...others } = rows ?? {};
  if (rows_mode === 'all') return others;
  let where = NOTHING;
  try {
    where = checkPredicate(rows_where, resourceContext(resource));
  } catch {
    // A field it was about is gone. Showing every row instead would be the opposite of what was asked.
  }
  return { ...others, [role]: where };
}

function fieldWith(field: Field, said: { read?: boolean; write?: boolean }, role: Role, all: readonly Role[]): Field {
  const access = { ...field.access };
  if (said.read !== undefined) access.read = listWith(access.read ?? all, role, said.read);
  if (said.write !== undefined) access.write = listWith(access.write ?? all, role, said.write);
  return { ...field, access };
}

function listWith(list: readonly Role[], role: Role, may: boolean): readonly Role[] {
  const others = list.filter((each) => each !== role);
  return may ? [...others, role] : others;
}

function mapValues<V>(object: { [key: string]: V }, change: (value: V, key: string) => V): { [key: string]: V } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
