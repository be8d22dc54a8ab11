/**
 * What a caller may do with a resource: the grants of all their roles together. Default deny; administrators hold every
 * grant, but see personal data only with the `pii` permission like everybody else.
 */
import type { Caller } from '../context.ts';
import type { ActionDefinition, Field, MetaField, Predicate, Resource, Role } from '../contract.ts';
import { scopeAllows } from '../sign-in/token-scopes.ts';

export interface Access {
  list: boolean;
  create: boolean;
  edit: boolean;
  delete: boolean;
  import: boolean;
  export: boolean;
  fields: ReadonlyMap<string, MetaField>;
  /** The rows this caller sees; null: all. */
  rows: Predicate | null;
}

const KEPT_MAX = 200;
const kept = new WeakMap<Resource, Map<string, Access>>();

/** Callers with the same permissions share one answer, so that it can be part of a statement's key. */
export function accessOf(caller: Caller, resource: Resource): Access {
  let byPermissions = kept.get(resource);
  if (!byPermissions) {
    byPermissions = new Map();
    kept.set(resource, byPermissions);
  }
  const key = permissionsOf(caller);
  let access = byPermissions.get(key);
  if (!access) {
    access = workOut(caller, resource);
    // Tokens come with any mix of scopes; what is dropped here is merely worked out again.
    if (byPermissions.size >= KEPT_MAX) byPermissions.clear();
    byPermissions.set(key, access);
  }
  return access;
}

/** Equal for callers who may do the same things: their roles, `pii` and the scopes of their token. */
export function permissionsOf({ roles, pii, token }: Caller): string {
  const text = `${pii ? 'pii ' : ''}${roles.length > 1 ? [...roles].sort().join(' ') : (roles[0] ?? '')}`;
  return token ? `${text} with ${token.scopes.join(' ')}` : text;
}

/** True when the caller holds one of the roles, or is an administrator. */
export function hasRole(caller: Caller, roles: readonly Role[]): boolean {
  return caller.roles.includes('administrator') || caller.roles.some((role) => roles.includes(role));
}

/** The same where built-in roles are named outside the definitions: a role of staff's own counts as the one it is based on. */
export function standsFor(caller: Caller, roles: readonly Role[]): boolean {
  const held = caller.stands_for ?? caller.roles;
  return held.includes('administrator') || roles.some((role) => held.includes(role));
}

/** True when one of the caller's roles may run the action, and their token too. */
export function mayAct(caller: Caller, resource: Resource, action: ActionDefinition): boolean {
  return hasRole(caller, action.roles) && scopeAllows(caller, resource, 'u');
}

function workOut(caller: Caller, resource: Resource): Access {
  const administrator = caller.roles.includes('administrator');
  const offers = resource.offers ?? 'crudix';
  const may = (letter: string) =>
    offers.includes(letter) &&
    scopeAllows(caller, resource, letter) &&
    (administrator || caller.roles.some((role) => resource.access[role]?.includes(letter)));
  const access = {
    list: may('r'),
    create: may('c'),
    edit: may('u'),
    delete: may('d'),
    import: may('i'),
    export: may('x'),
  };
  const fields = new Map<string, MetaField>();
  for (const [name, field] of Object.entries(resource.fields)) fields.set(name, fieldAccess(caller, field, access));
  return { ...access, fields, rows: rowsOf(caller, resource, administrator) };
}

function fieldAccess(
  caller: Caller,
  field: Field,
  access: { list: boolean; create: boolean; edit: boolean },
): MetaField {
  const allowed = (roles: readonly Role[] | undefined) => !roles || hasRole(caller, roles);
  const read = access.list && field.kind !== 'password' && allowed(field.access?.read);
  const masked = read && field.pii !== undefined && !caller.pii;
  const seen = read || field.kind === 'password';
  // Who sees only asterisks cannot write the field either: a form would send the asterisks back.
  const write = (access.create || access.edit) && seen && !masked && !field.readonly && allowed(field.access?.write);
  return { read, write, masked };
}

function rowsOf(caller: Caller, resource: Resource, administrator: boolean): Predicate | null {
  if (administrator || !resource.rows) return null;
  const readers = caller.roles.filter((role) => resource.access[role]?.includes('r'));
  const conditions = readers.map((role) => resource.rows![role]);
  // One role without a condition sees every row, whatever the caller's other roles see.
  if (conditions.length === 0 || conditions.some((where) => where === undefined)) return null;
  return conditions.length === 1 ? conditions[0]! : { or: conditions as Predicate[] };
}
