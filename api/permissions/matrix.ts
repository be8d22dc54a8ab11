/** Every role and resource on one page: what the code grants, what staff changed, and what is so now. */
import type { Deps } from '../context.ts';
import type { Pair, PermissionCell, PermissionMatrix, Resource, Role, RoleGrant } from '../contract.ts';
import { GROUPS, inMenuOrder } from '../groups.ts';
import { accessOf } from '../records/access.ts';
import { resourceContext } from '../records/resource-context.ts';
import { defaultOf } from './apply.ts';
import { readChanges } from './store.ts';

export async function permissionMatrix(deps: Deps): Promise<PermissionMatrix> {
  const roles = await deps.db
    .selectFrom('base.roles')
    .select(['code', 'name_zh', 'name_en', 'base_role', 'people'])
    .orderBy('id')
    .execute();
  const changes = new Map((await readChanges(deps.db)).map((change) => [`${change.role} ${change.resource}`, change]));
  const resources = inMenuOrder(deps.resources.values());
  const cells: PermissionCell[] = [];
  for (const { code } of roles) {
    for (const resource of resources) {
      const changed = changes.get(`${code} ${resource.name}`);
      const by_default = grantOf(code!, defaultOf(resource));
      const now = grantOf(code!, resource);
      if (by_default.letters === '' && now.letters === '' && !changed) continue;
      const { role: _role, resource: _resource, ...said } = changed ?? {};
      const kept = changed ? (said as PermissionCell['changed']) : null;
      cells.push({ role: code!, resource: resource.name, by_default, now, changed: kept });
    }
  }
  return {
    roles: roles.map(({ code, name_zh, name_en, base_role, people }) => ({
      code: code!,
      label: [name_zh!, name_en!] as Pair,
      base_role,
      people: people ?? 0,
    })),
    groups: [...GROUPS],
    resources: resources.map(describe),
    cells,
  };
}

function describe(resource: Resource): PermissionMatrix['resources'][number] {
  const { name, label, group, icon, offers = 'crudix', actions = {} } = resource;
  return {
    name,
    label,
    group,
    ...(icon ? { icon } : {}),
    offers,
    fields: Object.fromEntries(
      Object.entries(resource.fields).map(([field, { label: said, readonly = false, pii }]) => [
        field,
        { label: said, readonly, pii: pii !== undefined },
      ]),
    ),
    actions: Object.fromEntries(
      Object.entries(actions)
        .filter(([, each]) => !each.hidden)
        .map(([action, each]) => [action, each.label]),
    ),
    context: resourceContext(resource),
  };
}

/** As somebody with this role alone, who sees personal data. */
function grantOf(code: string, resource: Resource): RoleGrant {
  const role = code as Role;
  const access = accessOf({ id: 0, name: '', email: '', roles: [role], pii: true, lang: 'zh' }, resource);
  const letters = [
    access.create && 'c',
    access.list && 'r',
    access.edit && 'u',
    access.delete && 'd',
    access.import && 'i',
    access.export && 'x',
  ].filter(Boolean);
  const fields = Object.entries(resource.fields);
  const writes = access.create || access.edit;
  const unread = fields.filter(([name, field]) => field.kind !== 'password' && !access.fields.get(name)?.read);
  const unwritten = fields.filter(([name, field]) => !field.readonly && !access.fields.get(name)?.write);
  const names = (list: typeof fields) => list.map(([name]) => name);
  return {
    letters: letters.join(''),
    rows: access.rows,
    unread: access.list ? names(unread) : [],
    unwritten: writes ? names(unwritten) : [],
    actions: Object.entries(resource.actions ?? {})
      .filter(([, each]) => access.list && (code === 'administrator' || each.roles.includes(role)))
      .map(([name]) => name),
  };
}
