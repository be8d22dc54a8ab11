/** Facets: the values of a field among the rows of a list, with how often each occurs. */
import { type RawBuilder, sql } from 'kysely';
import { nameHint } from '../closest-name.ts';
import type { Deps } from '../context.ts';
import type { Facet, Facets, Field, Predicate, Resource } from '../contract.ts';
import { problem } from '../errors.ts';
import { predicateFields } from '../predicate/fields.ts';
import { loosely } from '../storage/loose-tables.ts';
import { isList } from '../values/parse-value.ts';
import { accessOf } from './access.ts';
import { fieldColumn } from './field-column.ts';
import { listConditions } from './list-conditions.ts';
import { checkSeen, parseListQuery, splitName, takeApart } from './list-query.ts';
import { type Reader, type Scene, sceneOf, visibleRows } from './query.ts';
import { ROW, relationOf, titleValue } from './wire.ts';

/** Counting stops after so many rows, so that a facet of a million rows is as quick as one of these. */
const ROWS_MAX = 100_000;
const VALUES_MAX = 50;
const FIELDS_MAX = 12;
const KINDS: readonly Field['kind'][] = ['choice', 'choices', 'boolean', 'tags', 'ref', 'refs', 'text'];
/** What may stand beside `fields`: the filters of a list. */
const FILTERS = ['_where', '_scope', 'q'];

/**
 * @param search the query string without its "?": `fields`, and the list's own filters
 * @throws Problem 400 or 403 naming the parameter or field
 */
export async function listFacets(deps: Deps, resource: Resource, search: string, reader: Reader): Promise<Facets> {
  if (!accessOf(reader.caller, resource).list) throw problem(403, 'forbidden_list', { resource: resource.label });
  const params = new URLSearchParams(search);
  const names = [...new Set(params.getAll('fields').flatMap(takeApart))];
  params.delete('fields');
  for (const name of params.keys()) {
    if (name.startsWith('_') && !FILTERS.includes(name))
      throw problem(400, 'unknown_parameter', { name: name.slice(0, 60), hint: '' });
  }
  const scene = await sceneOf(deps, resource, reader);
  if (names.length === 0 || names.length > FIELDS_MAX)
    throw problem(400, 'bad_parameter', { name: 'fields', value: String(names.length), expected: `1 … ${FIELDS_MAX}` });
  for (const name of names) checkFacetable(scene, name);
  // Said once more with every filter, so that what is wrong in the filter of a facet's own field is refused too.
  listConditions(scene, parseListQuery(params.toString(), scene));
  const facets: Facets = {};
  for (const name of names) facets[name] = await countValues(deps, scene, name, withoutOwn(params, name, scene));
  return facets;
}

function checkFacetable(scene: Scene, name: string): void {
  const { fields } = scene.resource;
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field) {
    const [zh, en] = nameHint(name.slice(0, 60), Object.keys(fields));
    throw problem(400, 'unknown_column', { field: name.slice(0, 60), hint: [`，${zh}`, `. ${en}`] });
  }
  checkSeen(name, scene);
  if (!KINDS.includes(field.kind) || field.unique) throw problem(400, 'not_facetable', { field: name });
}

/** The filters without those of the field itself: choosing one value must not hide the others. */
function withoutOwn(params: URLSearchParams, name: string, scene: Scene): string {
  const kept = new URLSearchParams();
  for (const [key, value] of params) {
    if (key === '_where') kept.append(key, JSON.stringify(dropField(JSON.parse(value) as Predicate, name)));
    else if (FILTERS.includes(key) || splitName(key, scene).field !== name) kept.append(key, value);
  }
  return kept.toString();
}

/** Drops what is joined by AND and speaks of the field alone. */
function dropField(where: Predicate, name: string): Predicate {
  const rest: [string, unknown][] = [];
  for (const [key, value] of Object.entries(where)) {
    if (key === 'and' && Array.isArray(value)) {
      rest.push([key, (value as Predicate[]).map((part) => dropField(part, name))]);
    } else {
      const named = predicateFields({ [key]: value } as Predicate);
      if (named.size !== 1 || !named.has(name)) rest.push([key, value]);
    }
  }
  return Object.fromEntries(rest) as Predicate;
}

type Found = { values: Facet['values']; rows: number; kinds: number };

async function countValues(deps: Deps, scene: Scene, name: string, search: string): Promise<Facet> {
  const { resource } = scene;
  const field = resource.fields[name]!;
  const where = listConditions(scene, parseListQuery(search, scene));
  const db = loosely(deps.db);
  const list = isList(field);
  const matching = db
    .selectFrom(`${relationOf(resource)} as ${ROW}`)
    .select(fieldColumn(resource, name, ROW).as('value'))
    .$call((rows) => (where ? rows.where(where) : rows))
    .limit(ROWS_MAX + 1);
  // A row without tags still counts, as one without a value.
  const values = list
    ? sql`(select part.value from matching left join unnest(matching.value) as part (value) on true)`
    : sql`matching`;
  const counted = db
    .selectFrom(sql<{ value: unknown }>`${values}`.as('each'))
    .select(['each.value', sql<number>`count(*)`.as('count')])
    .groupBy('each.value')
    .orderBy('count', 'desc')
    .orderBy('each.value')
    .limit(VALUES_MAX + 1);
  const found = (await db
    .with('matching', () => matching)
    .with('counted', () => counted)
    .selectNoFrom([
      sql`(select coalesce(json_agg(${entry(deps, scene, name)} order by counted.count desc, counted.value), '[]') from counted)`.as(
        'values',
      ),
      sql`(select count(*) from counted)`.as('kinds'),
      sql`(select count(*) from matching)`.as('rows'),
    ])
    .executeTakeFirstOrThrow()) as unknown as Found;
  return {
    values: found.values.slice(0, VALUES_MAX),
    cut: found.kinds > VALUES_MAX,
    relation: found.rows > ROWS_MAX ? 'gte' : 'eq',
  };
}

/** A value with its count; a related record with its name, as far as the caller may see it. */
function entry(deps: Deps, { resource, caller, lang, moment }: Scene, name: string): RawBuilder<unknown> {
  const field = resource.fields[name]!;
  const target = field.kind === 'ref' || field.kind === 'refs' ? deps.resources.get(field.to) : undefined;
  if (!target || !accessOf(caller, target).list)
    return sql`json_build_object('value', counted.value, 'count', counted.count)`;
  const table = 'target';
  const visible = visibleRows({ resource: target, caller, moment, table });
  const title = loosely(deps.db)
    .selectFrom(`${relationOf(target)} as ${table}`)
    .select((row) => titleValue({ resource: target, access: accessOf(caller, target), lang, table }, row).as('title'))
    .where(`${table}.id`, '=', sql.ref('counted.value'))
    .$call((rows) => (visible ? rows.where(visible) : rows));
  return sql`json_build_object('value', counted.value, 'count', counted.count, 'label', (${title}))`;
}
