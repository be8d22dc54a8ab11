/** Forms as staff laid them out: which layout a person has, and whether one that is to be saved fits its form. */
import type { Caller, Deps } from '../context.ts';
import { contextsOf } from '../contexts.ts';
import type { FormLayout, Resource, Row } from '../contract.ts';
import type { FieldFault } from '../errors.ts';
import { applyLayout, lockedBy } from '../form-layout.ts';
import { Fault } from '../values/fault.ts';
import { isMissing, parseFieldValue } from '../values/parse-value.ts';

export interface LaidOut {
  /** Labels, sections, defaults and what is required as the person has them. */
  resource: Resource;
  /** Fields that the person only reads in it. */
  locked: ReadonlySet<string>;
  layout: FormLayout | null;
}

const kept = new WeakMap<Resource, Map<string, LaidOut>>();
const NONE: ReadonlySet<string> = new Set();

/** The first of the person's roles that has a layout decides, else the one for everybody. */
export function laidOut(resource: Resource, { roles }: Pick<Caller, 'roles'>): LaidOut {
  const { layouts } = resource;
  const role = layouts && ([...roles, ''].find((each) => Object.hasOwn(layouts, each)) ?? null);
  if (!layouts || role === null || role === undefined) return { resource, locked: NONE, layout: null };
  let known = kept.get(resource);
  if (!known) {
    known = new Map();
    kept.set(resource, known);
  }
  let found = known.get(role);
  if (!found) {
    const layout = layouts[role]!;
    found = { resource: applyLayout(resource, layout), locked: lockedBy(layout), layout };
    known.set(role, found);
  }
  return found;
}

/** By path: fields that the form does not have, defaults that do not fit, forms that nobody could save. */
export function layoutFaults(deps: Deps, resource: Resource, whole: Row): { [path: string]: FieldFault } {
  const errors: { [path: string]: FieldFault } = {};
  for (const [name, field] of Object.entries(resource.fields)) {
    if (field.kind !== 'layout') continue;
    const target = deps.resources.get(String(whole[field.of]));
    const layout = whole[name] as unknown as FormLayout | null;
    if (!target || !layout) continue;
    for (const [path, fault] of faultsOf(deps, target, layout)) errors[`${name}.${path}`] = fault;
  }
  return errors;
}

function faultsOf(deps: Deps, target: Resource, layout: FormLayout): [string, FieldFault][] {
  const known = (name: string) => Object.hasOwn(target.fields, name);
  const placed = (layout.sections ?? []).flatMap((section, at) =>
    section.fields
      .flat()
      .flatMap((name): [string, FieldFault][] =>
        known(name) ? [] : [[`sections.${at}.fields`, { key: 'layout_unknown', params: { name } }]],
      ),
  );
  const changed = Object.entries(layout.fields ?? {}).flatMap(([name, change]): [string, FieldFault][] => {
    const path = `fields.${name}`;
    if (!known(name)) return [[path, { key: 'layout_unknown', params: { name } }]];
    const field = target.fields[name]!;
    const { label } = field;
    if (change.default !== undefined) {
      const surroundings = { contexts: contextsOf(deps.resources) };
      const value = field.readonly
        ? new Fault('readonly')
        : parseFieldValue(field, change.default, 'json', surroundings);
      if (value instanceof Fault) return [[`${path}.default`, { key: value.key, params: { label, ...value.params } }]];
    }
    const must = (field.required || change.required) && !field.readonly;
    const empty = isMissing(change.default ?? field.default);
    if (must && empty && (change.hidden || change.readonly))
      return [[path, { key: 'layout_impossible', params: { label } }]];
    return [];
  });
  return [...placed, ...changed];
}
