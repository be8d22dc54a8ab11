/**
 * The resources: every file in api/resources is one. Read by folder at start; a misspelt key, field, role or relation
 * stops the start with the file, the path and the nearest right name. Columns are checked against the database elsewhere.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nameHint } from './closest-name.ts';
import { StartError } from './config.ts';
import {
  type ActionDefinition,
  type Choices,
  type Field,
  type Predicate,
  type Resource,
  ROLES,
  type Role,
} from './contract.ts';
import { checkLayouts } from './definitions-layouts.ts';
import { loadJobs } from './jobs.ts';
import { predicateFields, recordFields } from './predicate/fields.ts';

const FOLDER = join(import.meta.dirname, 'resources');

/** @throws StartError naming the file and the path of the first thing that is wrong. */
export async function loadResources(folder = FOLDER): Promise<ReadonlyMap<string, Resource>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort();
  const resources = new Map<string, Resource>();
  for (const file of files) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as { default?: Resource };
    const found = module.default;
    if (!found?.name || !found.fields)
      throw new StartError(`api/resources/${file}: needs a default export made by resource().`);
    if (`${found.name}.ts` !== basename(file)) {
      throw new StartError(`api/resources/${file}: describes "${found.name}"; file and resource carry the same name.`);
    }
    resources.set(found.name, found);
  }
  const choices = {
    resources: Object.fromEntries([...resources].map(([name, each]) => [name, each.label])),
    jobs: Object.fromEntries([...(await loadJobs())].map(([name, each]) => [name, each.label])),
  };
  for (const each of resources.values()) resources.set(each.name, withFilledChoices(each, choices));
  for (const each of resources.values()) checkResource(each, resources);
  return resources;
}

/** Fields, and what actions ask for, whose choices are the resources themselves, or the jobs. */
function withFilledChoices(resource: Resource, from: { [source: string]: Choices }): Resource {
  const fill = (fields: Resource['fields']) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, each]) => {
        const source = each.kind === 'choice' ? each.choices_from : undefined;
        return [name, source ? ({ ...each, choices: from[source] } as Field) : each];
      }),
    );
  const waiting = (fields: Resource['fields'] = {}) =>
    Object.values(fields).some((each) => each.kind === 'choice' && each.choices_from);
  const actions = Object.entries(resource.actions ?? {});
  if (!waiting(resource.fields) && !actions.some(([, { input }]) => waiting(input))) return resource;
  return {
    ...resource,
    fields: fill(resource.fields),
    actions: resource.actions && Object.fromEntries(actions.map(([name, each]) => [name, withInput(each, fill)])),
  };
}

function withInput(
  action: ActionDefinition,
  fill: (fields: Resource['fields']) => Resource['fields'],
): ActionDefinition {
  return action.input ? { ...action, input: fill(action.input) } : action;
}

/** @throws StartError for the first key, field, role or relation of the definition that does not exist. */
export function checkResource(resource: Resource, resources: ReadonlyMap<string, Resource>): void {
  const at = (path: string) => `api/resources/${resource.name}.ts: ${path}`;
  const one = (path: string, name: string, names: Iterable<string>) => {
    const all = new Set(names);
    if (!all.has(name)) throw new StartError(`${at(path)}: unknown "${name}". ${nameHint(name, all)[1]}`);
  };
  const keys = (path: string, value: object, allowed: readonly string[]) => {
    for (const key of Object.keys(value)) one(path, key, allowed);
  };
  const fields = [...Object.keys(resource.fields), 'id'];
  const field = (path: string, name: string) => one(path, name, fields);
  const condition = (path: string, where: Predicate | undefined, names: readonly string[] = fields) => {
    if (!where) return;
    for (const name of predicateFields(where)) {
      one(path, name, names);
      const kind = resource.fields[name]?.kind;
      if (kind === 'rows' || kind === 'items')
        throw new StartError(
          `${at(path)}: "${name}" holds rows; a condition can only compare single values and lists.`,
        );
    }
  };
  const roles = (path: string, names: readonly string[]) => {
    for (const role of names) one(path, role, ROLES);
  };

  keys('(definition)', resource, RESOURCE_KEYS);
  for (const [name, each] of Object.entries(resource.fields)) checkField(`fields.${name}`, name, each);
  for (const name of [resource.title].flat()) field('title', name);
  if (resource.id_within) field('id_within.field', resource.id_within.field);
  for (const name of resource.list.columns) field('list.columns', name);
  keys('list', resource.list, ['columns', 'sort', 'scopes', 'where', 'tones', 'layouts']);
  condition('list.where', resource.list.where);
  field('list.sort', resource.list.sort.replace(/^-/, ''));
  for (const [name, scope] of Object.entries(resource.list.scopes ?? {})) condition(`list.scopes.${name}`, scope.where);
  for (const [name, tone] of Object.entries(resource.list.tones ?? {})) {
    keys(`list.tones.${name}`, tone, ['label', 'tone', 'where']);
    one(`list.tones.${name}.tone`, tone.tone, ['good', 'info', 'warning', 'bad', 'quiet']);
    condition(`list.tones.${name}`, tone.where);
  }
  checkLayouts(resource, { keys, field, at });
  for (const [index, block] of (resource.form ?? []).entries()) {
    keys(`form[${index}]`, block, ['name', 'label', 'fields']);
    for (const name of block.fields.flat()) field(`form[${index}].fields`, name);
  }
  for (const [index, rule] of (resource.rules ?? []).entries()) {
    keys(`rules[${index}]`, rule, ['name', 'when', 'field', 'message']);
    condition(`rules[${index}].when`, rule.when);
    field(`rules[${index}].field`, rule.field);
  }
  for (const [role, letters] of Object.entries(resource.access)) {
    one('access', role, ROLES);
    for (const letter of letters) one(`access.${role}`, letter, 'crudix');
  }
  for (const letter of resource.offers ?? '') one('offers', letter, 'crudix');
  roles('rows', Object.keys(resource.rows ?? {}));
  for (const [role, where] of Object.entries(resource.rows ?? {})) condition(`rows.${role}`, where);
  for (const [name, action] of Object.entries(resource.actions ?? {})) {
    const path = `actions.${name}`;
    keys(path, action, [
      'label',
      'procedure',
      'handler',
      'scope',
      'roles',
      'allow',
      'confirm',
      'input',
      'leads_to',
      'hidden',
      'edits',
      'erases',
      'preview',
    ]);
    for (const scope of [action.scope].flat()) one(`${path}.scope`, scope, ['record', 'bulk', 'resource']);
    if (!action.procedure === !action.handler) throw new StartError(`${at(path)}: needs a procedure or a handler.`);
    roles(`${path}.roles`, action.roles as readonly Role[]);
    condition(`${path}.allow`, action.allow);
    for (const name of Object.keys(action.leads_to ?? {})) field(`${path}.leads_to`, name);
    for (const [input, each] of Object.entries(action.input ?? {}))
      checkField(`${path}.input.${input}`, input, each, Object.keys(action.input ?? {}));
  }
  if (resource.on_create) one('on_create', resource.on_create, Object.keys(resource.actions ?? {}));
  for (const [index, child] of (resource.children ?? []).entries()) {
    one(`children[${index}].resource`, child.resource, resources.keys());
    one(`children[${index}].field`, child.field, Object.keys(resources.get(child.resource)!.fields));
  }
  const parts = [
    '$fields',
    ...(resource.timeline ? ['$timeline'] : []),
    ...(resource.children ?? []).map((each) => each.resource),
  ];
  for (const tab of resource.tabs ?? []) {
    keys(`tabs.${tab.name}`, tab, ['name', 'label', 'shows']);
    for (const part of tab.shows) one(`tabs.${tab.name}.shows`, part, parts);
  }
  for (const [what, asked] of [
    ['heads', resource.head],
    ['timelines', resource.timeline],
  ] as const) {
    if (asked && !existsSync(join(import.meta.dirname, what, `${resource.name}.ts`)))
      throw new StartError(`${at(what)}: there is no api/${what}/${resource.name}.ts.`);
  }
  const imported = { ...resource.fields, ...resource.import?.fields };
  for (const name of resource.import?.key ?? []) one('import.key', name, Object.keys(imported));

  /** @param beside what its conditions may name: the fields of the same record or input, and of the one around it */
  function checkField(path: string, name: string, each: Field, beside: readonly string[] = fields): void {
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new StartError(`${at(path)}: names are lower_case_with_underscores.`);
    if (RESERVED.has(name))
      throw new StartError(`${at(path)}: "${name}" is given by the server and cannot be a field.`);
    keys(path, each, [...FIELD_KEYS, ...(KIND_KEYS[each.kind] ?? [])]);
    roles(`${path}.access.read`, each.access?.read ?? []);
    roles(`${path}.access.write`, each.access?.write ?? []);
    if (each.sum && !['integer', 'points', 'decimal', 'money'].includes(each.kind))
      throw new StartError(`${at(path)}: a ${each.kind} has no sum.`);
    if (each.kind === 'date' && each.dayOf) field(`${path}.dayOf`, each.dayOf);
    if (each.kind === 'predicate') {
      if (!each.context === !each.of)
        throw new StartError(`${at(path)}: needs a context, or a field that names a resource.`);
      if (each.of) one(`${path}.of`, each.of, beside);
    }
    if (each.kind === 'ref' || each.kind === 'refs') one(`${path}.to`, each.to, resources.keys());
    if (each.kind === 'items' || each.kind === 'rows') {
      const inside = [...Object.keys(each.fields), ...beside];
      for (const [inner, part] of Object.entries(each.fields))
        checkField(`${path}.fields.${inner}`, inner, part, inside);
      if (each.kind === 'rows') checkRows(path, each);
    }
    if (each.kind === 'ref' || each.kind === 'refs') checkOptions(path, each, beside);
    for (const key of ['showWhen', 'readonlyWhen', 'requiredWhen'] as const)
      condition(`${path}.${key}`, each[key], beside);
  }

  /** What a relation offers is a condition on the other record, with {"$field": …} for values of this one. */
  function checkOptions(
    path: string,
    { to, options }: Field & { kind: 'ref' | 'refs' },
    beside: readonly string[],
  ): void {
    const there = ['id', ...Object.keys(resources.get(to)!.fields)];
    for (const name of predicateFields(options ?? {}, { operands: false })) one(`${path}.options`, name, there);
    for (const name of recordFields(options ?? {})) one(`${path}.options`, name, beside);
  }

  /** The rights of rows are their record's, and nothing looks for them. */
  function checkRows(path: string, { fields: inner, sums = [] }: Field & { kind: 'rows' }): void {
    for (const [name, part] of Object.entries(inner)) {
      for (const key of ['access', 'pii', 'search'] as const) {
        if (part[key] !== undefined)
          throw new StartError(
            `${at(`${path}.fields.${name}`)}: a field of rows cannot have "${key}"; set it on ${path}.`,
          );
      }
      if (['items', 'rows', 'password', 'predicate', 'json'].includes(part.kind))
        throw new StartError(
          `${at(`${path}.fields.${name}`)}: rows hold single values and relations, not ${part.kind}.`,
        );
    }
    for (const [index, sum] of sums.entries()) {
      keys(`${path}.sums[${index}]`, sum, ['field', 'equals', 'weights']);
      one(`${path}.sums[${index}].field`, sum.field, Object.keys(inner));
      if (sum.weights) one(`${path}.sums[${index}].weights`, sum.weights, Object.keys(inner));
      if (typeof sum.equals === 'object') field(`${path}.sums[${index}].equals`, sum.equals.$field);
    }
  }
}

const RESERVED = new Set(['id', 'version', 'q']);
const RESOURCE_KEYS = [
  ...[
    'name',
    'label',
    'group',
    'order',
    'icon',
    'table',
    'view',
    'id_within',
    'title',
    'fields',
    'rules',
    'access',
    'offers',
    'guard',
    'rows',
    'list',
    'form',
  ],
  ...['actions', 'children', 'import', 'impact', 'tried', 'form_tabs', 'layouts', 'diff', 'hidden', 'one', 'by_token'],
  ...['tabs', 'head', 'timeline', 'rows_only', 'on_create'],
];
const FIELD_KEYS = [
  ...['kind', 'label', 'help', 'required', 'search', 'readonly', 'frozen', 'unique', 'pii', 'access', 'default'],
  ...['showWhen', 'whenHidden', 'readonlyWhen', 'requiredWhen', 'aliases', 'sum', 'custom', 'left_out'],
];
const KIND_KEYS: { [kind: string]: string[] } = {
  text: ['max', 'pattern', 'format'],
  longtext: ['max', 'pattern'],
  integer: ['min', 'max', 'plain'],
  points: ['min', 'max'],
  decimal: ['scale', 'min', 'max'],
  money: ['min', 'max'],
  date: ['dayOf'],
  choice: ['choices', 'choices_from'],
  choices: ['choices'],
  ref: ['to', 'options'],
  refs: ['to', 'max', 'options'],
  items: ['fields', 'max', 'flow'],
  rows: ['table', 'by', 'fields', 'max', 'fixed', 'sums'],
  predicate: ['context', 'of'],
  layout: ['of'],
};
