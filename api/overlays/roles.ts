/** Roles of staff's own and changed permissions, over every definition; and the roles that people may be given. */
import type { Pair } from '../contract.ts';
import type { Overlay } from '../live-definitions.ts';
import { applyRoles, type RoleChange } from '../permissions/apply.ts';

export const reads: Overlay['reads'] = ['roles', 'role_permissions'];

export const overlay: Overlay['overlay'] = async (db, resources) => {
  const roles = await db
    .selectFrom('app.roles')
    .select(['code', 'name_zh', 'name_en', 'base_role'])
    .orderBy('id')
    .execute();
  const changes = await db
    .selectFrom('app.role_permissions')
    .select(['role', 'resource', 'letters', 'rows_mode', 'rows_where', 'fields', 'actions'])
    .orderBy('id')
    .execute();
  const next = applyRoles(resources, roles, changes as unknown as RoleChange[]);
  const users = next.get('users');
  const field = users?.fields.roles;
  if (field?.kind !== 'choices' || roles.length === Object.keys(field.choices).length) return next;
  const choices = Object.fromEntries(roles.map((role) => [role.code, [role.name_zh, role.name_en] as Pair]));
  return new Map(next).set('users', { ...users!, fields: { ...users!.fields, roles: { ...field, choices } } });
};
