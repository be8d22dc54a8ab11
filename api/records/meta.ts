/** The definitions as one person may use them: what they cannot see is absent, what they cannot do is said. */
import { createHash } from 'node:crypto';
import type { Caller, Deps } from '../context.ts';
import { contextsOf } from '../contexts.ts';
import type { Field, Meta, MetaField, MetaResource, Predicate, Resource, Section } from '../contract.ts';
import { GROUPS, inMenuOrder } from '../groups.ts';
import { importKey } from '../import/fields.ts';
import { pagesFor } from '../pages.ts';
import { predicateFields } from '../predicate/fields.ts';
import { readProgramme } from '../programme.ts';
import { listViews, readPreferences } from '../views/store.ts';
import { accessOf, mayAct } from './access.ts';
import { laidOut } from './layouts.ts';

const builds = new WeakMap<object, string>();

export async function describeFor(deps: Deps, caller: Caller): Promise<Meta> {
  const resources = inMenuOrder(deps.resources.values()).flatMap((each) =>
    describeResource(each, caller, deps.resources),
  );
  const used = new Set([...resources, ...pagesFor(caller, deps.resources)].map((each) => each.group));
  const known = new Set(GROUPS.map((each) => each.name));
  const others = [...used].filter((name) => !known.has(name)).map((name) => ({ name, label: [name, name] as const }));
  const { id, name, email, roles, pii, lang } = caller;
  return {
    build: buildOf(deps),
    user: { id, name, email, roles: [...roles], pii, lang },
    settings: await readProgramme(deps.db),
    groups: [...GROUPS.filter((each) => used.has(each.name)), ...others],
    pages: pagesFor(caller, deps.resources),
    resources,
    contexts: [...contextsOf(deps.resources).values()],
    views: await listViews(deps, caller),
    preferences: await readPreferences(deps, caller),
  };
}

/** @returns nothing when the caller may not see the resource at all */
function describeResource(given: Resource, caller: Caller, all: ReadonlyMap<string, Resource>): MetaResource[] {
  const access = accessOf(caller, given);
  if (!access.list) return [];
  const { resource, locked, layout } = laidOut(given, caller);
  const {
    table: _table,
    view: _view,
    id_within: _idWithin,
    access: _access,
    offers: _offers,
    guard: _guard,
    rows: _rows,
    by_token: _by_token,
    layouts: _layouts,
    ...rest
  } = resource;
  const shown = (name: string) => {
    const field = access.fields.get(name);
    return name === 'id' || field?.read === true || field?.write === true;
  };
  const usable = (where: Predicate) => [...predicateFields(where)].every(shown);
  const shownFields = (fields: Resource['fields']) =>
    Object.fromEntries(
      Object.entries(fields)
        .filter(([name]) => shown(name))
        .map(([name, field]) => [name, decidable(field, shown)]),
    );
  const shownForm = (form: Resource['form']) =>
    form?.map((block) => shownSection(block, shown)).filter((block) => block.fields.length > 0);
  const fields = shownFields(resource.fields);
  const before_access: { [name: string]: MetaField } = {};
  const field_access: { [name: string]: MetaField } = {};
  for (const name of Object.keys(fields)) {
    const seen = access.fields.get(name)!;
    before_access[name] = seen;
    field_access[name] = locked.has(name) ? { ...seen, write: false } : seen;
  }
  const { list, create, edit, delete: remove, import: bring, export: take } = access;
  return [
    {
      ...rest,
      ...(resource.table === 'app.users' ? { people: true as const } : {}),
      title: shownTitle(resource, shown),
      fields,
      field_access,
      can: { list, create, edit, delete: remove, import: bring, export: take },
      import: bring ? { ...resource.import, key: importKey(resource, caller) } : undefined,
      rules: resource.rules?.filter((rule) => usable(rule.when)),
      approval: resource.approval?.filter((rule) => usable(rule.when)),
      list: {
        ...resource.list,
        where: undefined,
        columns: resource.list.columns.filter((name) => access.fields.get(name)?.read),
        sort: shown(resource.list.sort.replace(/^-/, '')) ? resource.list.sort : 'id',
        scopes: Object.fromEntries(
          Object.entries(resource.list.scopes ?? {}).filter(([, scope]) => usable(scope.where)),
        ),
        tones: Object.fromEntries(Object.entries(resource.list.tones ?? {}).filter(([, tone]) => usable(tone.where))),
      },
      form: shownForm(resource.form),
      before_layout: layout
        ? {
            fields: shownFields(given.fields),
            form: shownForm(given.form),
            form_tabs: given.form_tabs,
            field_access: before_access,
          }
        : undefined,
      actions: Object.fromEntries(
        Object.entries(resource.actions ?? {}).filter(
          ([, action]) => !action.hidden && mayAct(caller, resource, action),
        ),
      ),
      children: resource.children?.filter((child) => {
        const target = all.get(child.resource)!;
        return accessOf(caller, target).list;
      }),
      tabs: resource.tabs?.filter(({ shows }) =>
        shows.some((part) => part.startsWith('$') || accessOf(caller, all.get(part)!).list),
      ),
    },
  ];
}

/** A field without the conditions that hang on what this person cannot see: they are the server's to decide. */
function decidable(field: Field, seen: (name: string) => boolean): Field {
  const kept: Field = { ...field };
  for (const key of ['showWhen', 'readonlyWhen', 'requiredWhen'] as const) {
    if (field[key] && ![...predicateFields(field[key])].every(seen)) delete kept[key];
  }
  if (kept.kind === 'items' || kept.kind === 'rows') {
    const { fields } = kept;
    const inside = (name: string) => Object.hasOwn(fields, name) || seen(name);
    kept.fields = Object.fromEntries(Object.entries(fields).map(([name, part]) => [name, decidable(part, inside)]));
  }
  return kept;
}

function shownTitle(resource: Resource, shown: (name: string) => boolean): Resource['title'] {
  const names = [resource.title].flat();
  return names.every(shown) ? resource.title : 'id';
}

function shownSection(block: Section, shown: (name: string) => boolean): Section {
  const fields = block.fields.flatMap((line): (string | string[])[] => {
    if (typeof line === 'string') return shown(line) ? [line] : [];
    const kept = line.filter(shown);
    return kept.length > 0 ? [kept] : [];
  });
  return { ...block, fields };
}

/** Changes with the definitions, so that an open admin notices a new release. */
function buildOf({ resources }: Deps): string {
  let build = builds.get(resources);
  if (!build) {
    const text = JSON.stringify([[...resources.values()], [...contextsOf(resources).values()]]);
    build = createHash('sha256').update(text).digest('base64url').slice(0, 12);
    builds.set(resources, build);
  }
  return build;
}
