/**
 * Lists: from a query string to one statement whose single row holds the finished JSON and the count. Permissions and
 * masking are in the select list and the where, so what Postgres answers is passed through.
 */
import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Resource } from '../contract.ts';
import { problem } from '../errors.ts';
import { type LooseTables, loosely } from '../storage/loose-tables.ts';
import {
  compileStatement,
  definitionCache,
  fillSlots,
  runStatement,
  type Statement,
  slot,
} from '../storage/statements.ts';
import { accessOf, permissionsOf } from './access.ts';
import { fieldColumn } from './field-column.ts';
import { behindCursor, cursorColumn, readCursor, type SortKey } from './keyset.ts';
import { listConditions } from './list-conditions.ts';
import { type ListQuery, PAGE_MAX, parseListQuery } from './list-query.ts';
import { isNullable, labels, type Reader, type Scene, saysMoment, sceneOf } from './query.ts';
import { sumsOf } from './sums.ts';
import { toneColumn, tonesSayMoment } from './tones.ts';
import { layOut, wholeNames } from './whole-extras.ts';
import { ROW, readableFields, relationOf, wireFields } from './wire.ts';

/** Counting stops here unless an exact count is asked for. */
export const COUNT_CAP = 10_001;
/** A list known to be longer than that is not counted again for so long: every page of it would say the same. */
const KNOWN_LONG_MS = 10_000;

export interface ListAnswer {
  /** A JSON array. */
  body: string;
  total: number | null;
  relation: 'eq' | 'gte' | null;
  cursor: string | null;
  /** JSON: the sums that were asked for, over every row of the list. */
  sums: string | null;
}
interface Page {
  /** Null: no page was asked for; all rows, when they are few. */
  size: number | null;
  start: number;
  counted: boolean;
  /** Fields that are laid out when the rows are there. */
  whole: readonly string[];
}
interface Plan {
  query: ListQuery;
  /** Fields that come with the extras as a whole, as long as the rows allow it. */
  whole: readonly string[];
  compile: (page: Page) => Statement;
  statements: Map<string, Statement>;
  long_until: number;
}
type Rows = SelectQueryBuilder<LooseTables, string, object>;
type PageAnswer = [body: string, rows: number, counted: number | null, sums: string | null];

const planCache = definitionCache<Plan>(200);
const PAGE = /(?:^|&)_(start|end)=(\d{1,9})(?=&|$)/g;

/**
 * @param search the query string without its "?"
 * @throws Problem 400 or 403 naming the parameter or field
 */
export async function listRows(deps: Deps, resource: Resource, search: string, reader: Reader): Promise<ListAnswer> {
  if (!accessOf(reader.caller, resource).list) throw problem(403, 'forbidden_list', { resource: resource.label });
  const { rest, start, end } = splitPage(search);
  const key = `${resource.name} ${permissionsOf(reader.caller)} ${reader.lang} ${rest}`;
  const cache = planCache(deps);
  let plan = cache.get(key);
  if (!plan) {
    const scene = await sceneOf(deps, resource, reader);
    const query = parseListQuery(search, scene);
    const whole = wholeNames(resource, scene.access, fieldsShown(scene, query));
    const compile: Plan['compile'] = (page) => listStatement(deps, scene, query, page);
    plan = { query, whole, compile, statements: new Map(), long_until: 0 };
    // What counts from now, or from who asks, is made again for each request.
    const moment = JSON.stringify(query.filters).includes('$') || (query.tones && tonesSayMoment(scene));
    if (!moment && !saysMoment(deps, scene)) cache.set(key, plan);
  }
  const { query } = plan;
  const from = start ?? 0;
  const size = pageSize(from, end, query.after !== null);
  const long = query.count === 'capped' && plan.long_until > performance.now();
  const counted = query.count !== 'none' && !long;
  const read = async (whole: readonly string[]): Promise<PageAnswer> => {
    const statement = statementFor(plan, { size, start: from, counted, whole });
    const [row] = await runStatement<PageAnswer>(
      deps.pool,
      statement,
      fillSlots(statement, { offset: from, limit: size }),
    );
    return row!;
  };
  let answer = await read(plan.whole);
  if (size === null && answer[1] > PAGE_MAX) throw problem(400, 'page_needed', { max: PAGE_MAX });
  let laid_out = plan.whole.length > 0 ? layOut(resource, plan.whole, answer[0]) : answer[0];
  if (laid_out === null) {
    answer = await read([]);
    laid_out = answer[0];
  }
  const [body, rows, found, sums] = answer;
  const total = long ? COUNT_CAP : (found ?? null);
  const relation = total === null ? null : query.count === 'capped' && total >= COUNT_CAP ? 'gte' : 'eq';
  if (relation === 'gte' && !long) plan.long_until = performance.now() + KNOWN_LONG_MS;
  const cursor = query.after !== null && rows === size ? lastCursor(body) : null;
  return { body: laid_out, total, relation, cursor, sums };
}

function statementFor(plan: Plan, page: Page): Statement {
  const key = `${page.size} ${page.start > 0} ${page.counted} ${page.whole.length > 0}`;
  let statement = plan.statements.get(key);
  if (!statement) {
    statement = plan.compile(page);
    plan.statements.set(key, statement);
  }
  return statement;
}

/**
 * Filtered lists that are counted collect what matches first, up to the cap: when that is all, the page is taken from it
 * and nothing is looked for twice; when there is more, the page is found quickly in the order of an index. So a plan
 * made for a frequent value costs no more than one scan when the value is rare.
 */
function listStatement(deps: Deps, scene: Scene, query: ListQuery, page: Page): Statement {
  const db = loosely(deps.db);
  const relation = `${relationOf(scene.resource)} as ${ROW}`;
  const where = listConditions(scene, query);
  const keys = sortKeys(scene, query);
  const cut = { page, values: query.after ? readCursor(query.after, keys) : null };
  const shown = (rows: Rows) => shownRows(deps, scene, { query, keys, rows, whole: page.whole });
  const matching = db.selectFrom(relation).$call((rows) => (where ? rows.where(where) : rows)) as Rows;
  const upToCap = (rows: Rows) => rows.limit(literal(COUNT_CAP));
  const one = matching.select(sql`1`.as('one')) as Rows;
  const countOf = (rows: Rows) => sql<number>`(select count(*) from ${rows.as('counted')})`;
  // The size is part of the text: for a size that it does not know the planner prepares for a tenth of the table.
  const named = query.plain && page.start === 0;
  const sums = query.sums.length > 0 ? sumsOf(scene, query.sums, matching) : undefined;

  const withIds = (ids: Rows) =>
    sorted(shown(db.selectFrom(ids.as('page')).innerJoin(relation, `${ROW}.id`, 'page.id') as unknown as Rows), keys);
  const id = sql.ref(`${ROW}.id`).as('id');
  // Rows that are only counted off are not made: their ids are enough.
  const inOrder = (rows: Rows) =>
    page.start > 0 ? withIds(pageOf(rows.select(id), keys, cut)) : pageOf(shown(rows), keys, cut);
  if (!page.counted) return compileStatement(answerOver(db, inOrder(matching), { sums }), named);
  if (!where || isWhole(scene, query)) {
    const total = countOf(query.count === 'capped' ? upToCap(one) : one);
    return compileStatement(answerOver(db, inOrder(matching), { total, sums }), named);
  }

  const collected = upToCap(matching.select([id, ...keys.map(({ column }, at) => sql`${column}`.as(`k${at}`))]));
  const collectedKeys = keys.map((key, at) => ({ ...key, column: sql.ref(`matching.k${at}`) }));
  const collectedTotal = sql<number>`(select count(*) from matching)`;
  const ids = db.selectFrom('matching').select('matching.id') as Rows;
  const few = (page_ids: Rows) => withIds(pageOf(page_ids, collectedKeys, cut));
  const isAll = sql<SqlBool>`${collectedTotal} < ${literal(COUNT_CAP)}`;
  const total =
    query.count === 'exact'
      ? sql<number>`case when ${isAll} then ${collectedTotal} else ${countOf(one)} end`
      : collectedTotal;
  const rows = db
    .selectFrom(few(ids.where(isAll)).as('few'))
    .selectAll()
    .unionAll(db.selectFrom(inOrder(matching.where(sql<SqlBool>`not ${isAll}`)).as('many')).selectAll());
  const withMatching = db.with('matching', () => collected) as unknown as typeof db;
  return compileStatement(answerOver(withMatching, rows as Rows, { total, sums }), named);
}

/** What is shown of each row: its fields, the names of its relations, its cursor. */
function shownRows(
  deps: Deps,
  scene: Scene,
  { query, keys, rows, whole }: { query: ListQuery; keys: readonly SortKey[]; rows: Rows; whole: readonly string[] },
): Rows {
  const { resource, access, columns } = scene;
  const fields = fieldsShown(scene, query);
  let shown = rows.select((row) => wireFields({ resource, access, columns, fields, whole }, row));
  if (query.labels) shown = shown.select(labels({ ...scene, fields, deps }).as('$labels'));
  if (query.tones) shown = shown.select(toneColumn(scene).as('$tone'));
  if (query.after !== null) shown = shown.select(cursorColumn(keys).as('$cursor'));
  return shown as Rows;
}

/** Rows of child tables come when they are asked for by name. */
function fieldsShown({ resource, access }: Scene, { fields }: ListQuery): readonly string[] {
  return fields ?? readableFields(resource, access).filter((name) => resource.fields[name]!.kind !== 'rows');
}

function pageOf(
  rows: Rows,
  keys: readonly SortKey[],
  { page, values }: { page: Page; values: (string | null)[] | null },
): Rows {
  let cut = sorted(rows, keys).limit(literal(page.size ?? PAGE_MAX + 1));
  if (page.start > 0) cut = cut.offset(sql<number>`${slot('offset')}::bigint`);
  return values ? cut.where(behindCursor(keys, values)) : cut;
}

export function sorted(rows: Rows, keys: readonly SortKey[]): Rows {
  return keys.reduce((all, { column, descending }) => all.orderBy(column, descending ? 'desc' : 'asc'), rows);
}

/** One row: the JSON array, how many rows are in it, the total and the sums where there are any. */
function answerOver(
  db: ReturnType<typeof loosely>,
  rows: Rows,
  { total, sums }: { total?: RawBuilder<number>; sums?: RawBuilder<string> },
) {
  return db
    .selectFrom(rows.as('$page'))
    .select([
      sql<string>`coalesce(json_agg(${sql.ref('$page')}), '[]')::text`.as('body'),
      sql<number>`count(*)`.as('rows'),
      sql<number | null>`${total ?? sql`null`}`.as('total'),
      sql<string | null>`${sums ?? sql`null`}`.as('sums'),
    ]);
}

/** True when nothing is asked of the rows but what every list of the resource asks: nearly all of them satisfy that. */
function isWhole({ resource, access }: Scene, { filters, words }: ListQuery): boolean {
  return !access.rows && words.length === 0 && filters.every((each) => each === resource.list.where);
}

export function sortKeys(scene: Scene, { sorts }: ListQuery): SortKey[] {
  // The closing id runs in the direction of what it closes, so that an index on (field, id) serves both ways.
  const closing = { field: 'id', descending: sorts.at(-1)?.descending ?? false };
  const all = sorts.some(({ field }) => field === 'id') ? sorts : [...sorts, closing];
  const { id_within } = scene.resource;
  const indexed = all.flatMap((each) =>
    id_within && each.field === 'id' ? [{ field: id_within.field, descending: each.descending }, each] : [each],
  );
  return indexed.map(({ field, descending }) => ({
    field,
    descending,
    column: fieldColumn(scene.resource, field, ROW),
    type: scene.context.fields[field]!.type,
    nullable: isNullable(scene, field),
  }));
}

/** Takes the page out of the query string: every page of a list is the same plan. */
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
  if (keyset && start > 0) throw problem(400, 'bad_parameter', { name: '_start', value: String(start), expected: '0' });
  if (end === null) return keyset ? 100 : null;
  if (end < start) throw problem(400, 'bad_parameter', { name: '_end', value: String(end), expected: `>= ${start}` });
  if (end - start > PAGE_MAX) throw problem(400, 'page_too_large', { asked: end - start, max: PAGE_MAX });
  return end - start;
}

/** The cursor is the last key of every row and holds no quotes, so the end of the body says the last row's. */
function lastCursor(body: string): string | null {
  const mark = '"$cursor":"';
  const from = body.lastIndexOf(mark);
  return from < 0 ? null : body.slice(from + mark.length, body.indexOf('"', from + mark.length));
}

/** A number that is part of the statement's text. Never one from a request but a page size within the limit. */
function literal(number: number): RawBuilder<number> {
  return sql<number>`${sql.lit(number)}`;
}
