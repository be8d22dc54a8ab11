/**
 * Lists and records: from a query string or an id to one statement whose single row holds the finished JSON.
 * Permissions and masking are in the select list and the where, so what Postgres answers is passed through.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Access, accessOf, permissionsOf } from './access.ts';
import { type Columns, readColumns } from './columns.ts';
import type { Caller, Deps } from './context.ts';
import type { Lang, Predicate, PredicateContext, Resource } from './contract.ts';
import { problem } from './errors.ts';
import { behindCursor, cursorColumn, readCursor, type SortKey } from './keyset.ts';
import { type ListQuery, PAGE_MAX, parseListQuery, searchableFields } from './list-query.ts';
import { loosely } from './loose-tables.ts';
import { checkPredicate, type Moment } from './predicate.ts';
import { predicateToSql } from './predicate-sql.ts';
import { readMoment } from './programme.ts';
import { resourceContext } from './resource-context.ts';
import { searchCondition } from './search.ts';
import { compileStatement, fillSlots, runStatement, type Statement, slot, statementCache } from './statements.ts';
import { ROW, type RowBuilder, readableFields, readableRefs, relationOf, titleValue, wireFields } from './wire.ts';

/** Counting stops here unless an exact count is asked for. */
export const COUNT_CAP = 10_001;

export interface ListAnswer {
  /** A JSON array. */
  body: string;
  total: number | null;
  relation: 'eq' | 'gte' | null;
  cursor: string | null;
}
export interface Reader {
  caller: Caller;
  lang: Lang;
}
interface Plan {
  statement: Statement;
  query: ListQuery;
}
interface Scene extends Reader {
  resource: Resource;
  resources: ReadonlyMap<string, Resource>;
  access: Access;
  context: PredicateContext;
  columns: Columns;
  moment: Moment;
}

const plans = new WeakMap<object, ReturnType<typeof statementCache<Plan>>>();
const PAGE = /(?:^|&)_(start|end)=(\d{1,9})(?=&|$)/g;

/**
 * @param search the query string without its "?"
 * @throws Problem 400 or 403 naming the parameter or field
 */
export async function listRows(deps: Deps, resource: Resource, search: string, reader: Reader): Promise<ListAnswer> {
  const access = accessOf(reader.caller, resource);
  if (!access.list) throw problem(403, 'forbidden_list', { resource: resource.name });
  const { rest, start, end } = splitPage(search);
  const key = `list ${resource.name} ${permissionsOf(reader.caller)} ${reader.lang} ${end === null ? '*' : ''}${rest}`;
  const cache = planCache(deps);
  let plan = cache.get(key);
  if (!plan) {
    const scene = await sceneOf(deps, resource, reader);
    const query = parseListQuery(search, scene);
    plan = { query, statement: listStatement(deps, scene, query) };
    // What counts from now, or from who asks, is made again for each request.
    if (!rest.includes('$') && !rest.includes('%24') && !JSON.stringify(relevantRows(deps, scene)).includes('$'))
      cache.set(key, plan);
  }
  const from = start ?? plan.query.start;
  const to = end ?? plan.query.end;
  const size = pageSize(from, to, plan.query.after !== null);
  const values = fillSlots(plan.statement, { limit: size ?? PAGE_MAX + 1, offset: from });
  const [row] = await runStatement<[body: string, rows: number, total: number | null]>(
    deps.pool,
    plan.statement,
    values,
  );
  const [body, rows, counted] = row!;
  if (size === null && rows > PAGE_MAX) throw problem(400, 'page_needed', { max: PAGE_MAX });
  return {
    body,
    ...totalOf(plan.query, counted),
    cursor: plan.query.after !== null && rows === size ? lastCursor(body) : null,
  };
}

/**
 * One record as JSON text, and its version where it has one.
 * @returns null when there is none that the caller may see
 * @throws Problem 403 when the caller may not read the resource at all
 */
export async function getRow(
  deps: Deps,
  resource: Resource,
  id: number,
  reader: Reader & { labels?: boolean },
): Promise<{ body: string; version: number | null } | null> {
  const access = accessOf(reader.caller, resource);
  if (!access.list) throw problem(403, 'forbidden_list', { resource: resource.name });
  const key = `get ${resource.name} ${permissionsOf(reader.caller)}${reader.labels ? ` ${reader.lang}` : ''}`;
  const cache = planCache(deps);
  let statement = cache.get(key)?.statement;
  if (!statement) {
    const scene = await sceneOf(deps, resource, reader);
    statement = recordStatement(deps, scene, reader.labels ?? false);
    if (!JSON.stringify(relevantRows(deps, scene)).includes('$')) cache.set(key, { statement, query: EMPTY });
  }
  const [row] = await runStatement<[string, number | null]>(deps.pool, statement, fillSlots(statement, { id }));
  return row ? { body: row[0], version: row[1] } : null;
}

/** What a condition on a resource is compiled against, for those who build their own statements over its rows. */
export async function sceneOf(deps: Deps, resource: Resource, reader: Reader): Promise<Scene> {
  return {
    ...reader,
    resource,
    resources: deps.resources,
    access: accessOf(reader.caller, resource),
    context: resourceContext(resource),
    columns: await readColumns(deps.db),
    moment: await readMoment(deps.db, reader.caller),
  };
}

/** The rows of the resource (under the alias `table`) that the caller may see; null when that is all of them. */
export function visibleRows({
  resource,
  caller,
  moment,
  table = ROW,
}: {
  resource: Resource;
  caller: Caller;
  moment: Moment;
  table?: string;
}): RawBuilder<SqlBool> | null {
  const { rows } = accessOf(caller, resource);
  if (!rows) return null;
  return predicateToSql(rows, resourceContext(resource), { column: (field) => sql.ref(`${table}.${field}`), moment });
}

function listStatement(deps: Deps, scene: Scene, query: ListQuery): Statement {
  const { resource, access, columns } = scene;
  const db = loosely(deps.db);
  const fields = query.fields ?? readableFields(resource, access);
  const where = conditions(scene, query);
  const matching = db
    .selectFrom(`${relationOf(resource)} as ${ROW}`)
    .$call((rows) => (where ? rows.where(where) : rows));

  let page = matching
    .select((row) => wireFields({ resource, access, columns, fields }, row))
    .limit(sql<number>`${slot('limit')}::bigint`);
  const keys = sortKeys(scene, query);
  for (const { column, descending } of keys) page = page.orderBy(column, descending ? 'desc' : 'asc');
  if (query.labels) {
    page = page.select((row) => labels({ ...scene, fields, deps }, row).as('$labels'));
  }
  if (query.after === null) page = page.offset(sql<number>`${slot('offset')}::bigint`);
  else {
    page = page.select(cursorColumn(keys).as('$cursor'));
    if (query.after !== '') page = page.where(behindCursor(keys, readCursor(query.after, keys)));
  }

  const counted =
    query.count === 'capped'
      ? matching.select(sql`1`.as('one')).limit(sql<number>`${sql.lit(COUNT_CAP)}`)
      : matching.select(sql`1`.as('one'));
  const answer = db
    .selectFrom(page.as('$page'))
    .select([
      sql<string>`coalesce(json_agg(${sql.ref('$page')}), '[]')::text`.as('body'),
      sql<number>`count(*)`.as('rows'),
      ...(query.count === 'none' ? [] : [sql<number>`(select count(*) from ${counted.as('counted')})`.as('total')]),
    ]);
  return compileStatement(answer, query.plain);
}

function recordStatement(deps: Deps, scene: Scene, labelled: boolean): Statement {
  const { resource, access, columns } = scene;
  const fields = readableFields(resource, access);
  const visible = visibleRows(scene);
  const record = loosely(deps.db)
    .selectFrom(`${relationOf(resource)} as ${ROW}`)
    .select((row) => wireFields({ resource, access, columns, fields }, row))
    .where(`${ROW}.id`, '=', sql`${slot('id')}::bigint`)
    .$call((rows) => (visible ? rows.where(visible) : rows))
    .$call((rows) => (labelled ? rows.select((row) => labels({ ...scene, fields, deps }, row).as('$labels')) : rows));
  const versioned = columns.get(relationOf(resource))?.has('version');
  return compileStatement(
    loosely(deps.db)
      .selectFrom(record.as('$page'))
      .select([
        sql<string>`row_to_json(${sql.ref('$page')})::text`.as('body'),
        (versioned ? sql<number | null>`${sql.ref('$page.version')}` : sql<number | null>`null`).as('version'),
      ]),
  );
}

/** Everything a row must satisfy: the caller's rows, scope and filters, the words searched for. */
function conditions(scene: Scene, query: ListQuery): RawBuilder<SqlBool> | null {
  const { resource, access, context, moment } = scene;
  const column = (field: string) => sql.ref(`${ROW}.${field}`);
  const parts: RawBuilder<SqlBool>[] = [];
  const filters = query.filters.map((each) => checkPredicate(each, context));
  const wanted: Predicate[] = access.rows ? [access.rows, ...filters] : filters;
  for (const each of wanted) parts.push(predicateToSql(each, context, { column, moment }));
  if (query.words.length > 0) {
    const fields = searchableFields({ resource, access });
    parts.push(
      searchCondition(
        query.words,
        fields.map((name) => ({ column: column(name), nullable: isNullable(scene, name) })),
      ),
    );
  }
  return parts.length > 0 ? sql<SqlBool>`${sql.join(parts, sql` and `)}` : null;
}

function sortKeys(scene: Scene, { sorts }: ListQuery): SortKey[] {
  const last = sorts.at(-1);
  // The closing id runs in the direction of what it closes, so that an index on (field, id) serves both ways.
  const all = sorts.some(({ field }) => field === 'id')
    ? sorts
    : [...sorts, { field: 'id', descending: last?.descending ?? false }];
  return all.map(({ field, descending }) => ({
    field,
    descending,
    column: sql.ref(`${ROW}.${field}`),
    type: scene.context.fields[field]!.type,
    nullable: isNullable(scene, field),
  }));
}

/** A view says that all its columns may be null; what it takes from its table under the same name tells better. */
export function isNullable({ resource, columns }: Pick<Scene, 'resource' | 'columns'>, field: string): boolean {
  const own = columns.get(resource.table)?.get(field) ?? columns.get(relationOf(resource))?.get(field);
  return field !== 'id' && (own?.nullable ?? true);
}

function labels(
  scene: { fields: readonly string[]; moment: Moment; lang: Lang; deps: Deps } & Parameters<typeof readableRefs>[0],
  row: RowBuilder,
): RawBuilder<unknown> {
  const { caller, lang, moment, deps } = scene;
  const entries = readableRefs(scene).map(({ name, target }) => {
    const table = 'target';
    const access = accessOf(caller, target);
    const visible = visibleRows({ resource: target, caller, moment, table });
    const title = loosely(deps.db)
      .selectFrom(`${relationOf(target)} as ${table}`)
      .select((inner) => titleValue({ resource: target, access, lang, table }, inner).as('title'))
      .where(`${table}.id`, '=', row.ref(`${ROW}.${name}`))
      .$call((rows) => (visible ? rows.where(visible) : rows));
    return sql`${sql.lit(name)}, (${title})`;
  });
  return entries.length > 0 ? sql`json_build_object(${sql.join(entries)})` : sql`json_build_object()`;
}

/** Row conditions that take part in a list: the resource's own and, for labels, those of its relations. */
function relevantRows(deps: Deps, { resource, caller, access }: Scene): unknown[] {
  const targets = readableRefs({
    fields: readableFields(resource, access),
    resource,
    resources: deps.resources,
    caller,
  });
  return [access.rows, ...targets.map(({ target }) => accessOf(caller, target).rows)];
}

function planCache(deps: Deps) {
  let cache = plans.get(deps.pool);
  if (!cache) {
    cache = statementCache<Plan>(200);
    plans.set(deps.pool, cache);
  }
  return cache;
}

/** Takes the page out of the query string: every page of a list is the same statement. */
function splitPage(search: string): { rest: string; start: number | null; end: number | null } {
  const found: { start: number | null; end: number | null } = { start: null, end: null };
  let again = false;
  const rest = search.replace(PAGE, (_, which: 'start' | 'end', digits: string) => {
    again ||= found[which] !== null;
    found[which] = Number(digits);
    return '';
  });
  // Given twice is for the parser to refuse.
  return again ? { rest: search, start: null, end: null } : { rest, ...found };
}

function pageSize(start: number, end: number | null, keyset: boolean): number | null {
  if (end === null) return keyset ? 100 : null;
  if (end < start) throw problem(400, 'bad_parameter', { name: '_end', value: String(end), expected: `>= ${start}` });
  if (end - start > PAGE_MAX) throw problem(400, 'page_too_large', { asked: end - start, max: PAGE_MAX });
  return end - start;
}

function totalOf({ count }: ListQuery, counted: number | null): Pick<ListAnswer, 'total' | 'relation'> {
  if (count === 'none' || counted === null || counted === undefined) return { total: null, relation: null };
  return { total: counted, relation: count === 'capped' && counted >= COUNT_CAP ? 'gte' : 'eq' };
}

/** The cursor is the last key of every row and holds no quotes, so the end of the body says the last row's. */
function lastCursor(body: string): string | null {
  const mark = '"$cursor":"';
  const from = body.lastIndexOf(mark);
  return from < 0 ? null : body.slice(from + mark.length, body.indexOf('"', from + mark.length));
}

const EMPTY: ListQuery = {
  start: 0,
  end: null,
  sorts: [],
  filters: [],
  words: [],
  plain: true,
  fields: null,
  labels: false,
  count: 'none',
  after: null,
};
