/**
 * The approval rules of staff, laid over the resources they are about. Conditions are not looked at here: fields that staff
 * added come in a later layer, and a condition that is no longer understood must ask rather than be left out
 * (records/approval.ts).
 */
import type { ApprovalRule, Choices, Field, Pair, Predicate, RecordRule, Resource, Role } from '../contract.ts';
import type { Overlay } from '../live-definitions.ts';

export const reads: Overlay['reads'] = ['approval_rules', 'roles'];

const RESOURCE = 'approval_rules';
const REQUESTS = 'change_requests';
/** What the people who decide on changes do. */
const DECISIONS = ['approve', 'reject'];

/** The last result by the resource as it was given: what did not change stays the same object. */
const kept = new WeakMap<Resource, { said: string; result: Resource }>();

export const overlay: Overlay['overlay'] = async (db, resources) => {
  const rows = await db
    .selectFrom('app.approval_rules')
    .select(['id', 'resource', 'name', 'name_en', 'occasions', 'condition', 'roles'])
    .where('active', '=', true)
    .orderBy('id')
    .execute();
  const roles = await db
    .selectFrom('app.roles')
    .select(['code', 'name_zh', 'name_en', 'base_role'])
    .orderBy('id')
    .execute();
  const next = new Map(resources);
  const put = (name: string, said: unknown, make: (resource: Resource) => Resource) => {
    const resource = next.get(name);
    if (resource)
      next.set(
        name,
        same(resource, said, () => make(resource)),
      );
  };
  for (const [name, found] of Map.groupBy(rows, (row) => row.resource)) {
    const approval = found.map(
      ({ id, name: zh, name_en, occasions, condition, roles: by }): ApprovalRule => ({
        ...{ id, name: [zh, name_en], when: (condition ?? {}) as Predicate },
        ...{ on: occasions as ApprovalRule['on'], by: by as Role[] },
      }),
    );
    put(name, approval, (resource) => ({ ...resource, approval }));
  }
  const deciders = [...new Set(rows.flatMap((row) => row.roles))];
  if (deciders.length > 0) put(REQUESTS, deciders, (requests) => withDeciders(requests, deciders as Role[]));
  const editable = [...resources.values()].filter(isEditable);
  const readers = [REQUESTS, ...editable.map((each) => each.name)].map((name) => resources.get(name)?.access);
  put(RESOURCE, [next.get(RESOURCE)?.approval, roles, readers], (own) =>
    withChoices(own, { roles, editable, requests: resources.get(REQUESTS) }),
  );
  return next;
};

function same(resource: Resource, said: unknown, make: () => Resource): Resource {
  const text = JSON.stringify(said);
  const known = kept.get(resource);
  if (known?.said === text) return known.result;
  const result = make();
  kept.set(resource, { said: text, result });
  return result;
}

/** What staff cannot change needs nobody's consent, and neither does what everybody has of their own. */
function isEditable({ offers = 'crudix', access }: Resource): boolean {
  const own = access.viewer?.includes('u');
  return !own && [...'cud'].some((letter) => offers.includes(letter));
}

/** Who is named in a rule can decide on what it makes wait. */
function withDeciders(requests: Resource, deciders: readonly Role[]): Resource {
  const actions = Object.fromEntries(
    Object.entries(requests.actions ?? {}).map(([name, each]) => [
      name,
      DECISIONS.includes(name) ? { ...each, roles: [...new Set([...each.roles, ...deciders])] } : each,
    ]),
  );
  return { ...requests, actions };
}

interface RoleRow {
  code: string;
  base_role: string | null;
  name_zh: string;
  name_en: string;
}

function withChoices(
  own: Resource,
  {
    roles,
    editable,
    requests,
  }: { roles: readonly RoleRow[]; editable: readonly Resource[]; requests: Resource | undefined },
): Resource {
  const reads = ({ code, base_role }: RoleRow, { access }: Resource) =>
    code === 'administrator' || access[(base_role ?? code) as Role]?.includes('r') === true;
  const able = roles.filter((role) => requests && reads(role, requests));
  const role_choices: Choices = Object.fromEntries(
    able.map((role) => [role.code, [role.name_zh, role.name_en] as Pair]),
  );
  const choices: Choices = Object.fromEntries(editable.map((each) => [each.name, each.label]));
  const { resource, roles: by } = own.fields;
  const rules = editable.map(
    ({ name, label, ...rest }): RecordRule => ({
      name: `sees_${name}`,
      when: {
        or: [
          { resource: { ne: name } },
          { roles: { overlaps: able.filter((role) => reads(role, { name, label, ...rest })).map(({ code }) => code) } },
        ],
      },
      field: 'roles',
      message: [
        `这些角色都看不到“${label[0]}”，请加上看得到的角色`,
        `None of these roles sees ${label[1].toLowerCase()}; add one that does`,
      ],
    }),
  );
  return {
    ...own,
    fields: {
      ...own.fields,
      resource: { ...resource, choices } as Field,
      roles: { ...by, choices: role_choices } as Field,
    },
    rules: [...(own.rules ?? []), ...rules],
  };
}
