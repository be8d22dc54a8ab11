/** Forms as staff laid them out, kept by the definitions; which of them a person has follows from their roles. */
import type { Field, FormLayout, Pair, Resource } from '../contract.ts';
import type { Overlay } from '../live-definitions.ts';

export const reads: Overlay['reads'] = ['form_layouts', 'roles'];

const RESOURCE = 'form_layouts';

/** The last result by the resource as it was given: what did not change stays the same object. */
const kept = new WeakMap<Resource, { said: string; result: Resource }>();

export const overlay: Overlay['overlay'] = async (db, resources) => {
  const rows = await db
    .selectFrom('app.form_layouts')
    .select(['resource', 'role', 'layout'])
    .where('active', '=', true)
    .orderBy('id')
    .execute();
  const next = new Map(resources);
  for (const [name, layouts] of Map.groupBy(rows, (row) => row.resource)) {
    const resource = resources.get(name);
    if (!resource) continue;
    const by_role = Object.fromEntries(layouts.map((row) => [row.role ?? '', row.layout as unknown as FormLayout]));
    next.set(
      name,
      same(resource, by_role, () => ({ ...resource, layouts: by_role })),
    );
  }
  const own = resources.get(RESOURCE);
  if (own) {
    const roles = await db.selectFrom('app.roles').select(['code', 'name_zh', 'name_en']).orderBy('id').execute();
    const editable = [...resources.values()].filter(isEditable);
    next.set(
      RESOURCE,
      same(own, [roles, editable.map((each) => each.label)], () => withChoices(own, roles, editable)),
    );
  }
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

/** What nobody can save has no form. */
function isEditable({ access, offers = 'crudix' }: Resource): boolean {
  const may = (letters: string) => [...letters].some((letter) => 'cu'.includes(letter) && offers.includes(letter));
  return may('cu') && (Object.values(access).some(may) || offers.includes('u'));
}

function withChoices(
  own: Resource,
  roles: readonly { code: string; name_zh: string; name_en: string }[],
  editable: readonly Resource[],
): Resource {
  const role_choices = Object.fromEntries(roles.map((role) => [role.code, [role.name_zh, role.name_en] as Pair]));
  const choices = Object.fromEntries(editable.map((each) => [each.name, each.label]));
  const { resource, role } = own.fields;
  return {
    ...own,
    fields: {
      ...own.fields,
      resource: { ...resource, choices } as Field,
      role: { ...role, choices: role_choices } as Field,
    },
  };
}
