/**
 * One record as JSON that Postgres assembles, and what every query over a resource starts from: who asks, what they may
 * see of it, and which of its rows. Lists are in list.ts.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Lang, PredicateContext, Resource } from '../contract.ts';
import { problem } from '../errors.ts';
import type { Moment } from '../predicate.ts';
import { predicateToSql } from '../predicate-sql.ts';
import { readMoment } from '../programme.ts';
import { type Columns, readColumns, readLetterTables } from '../storage/columns.ts';
import { loosely } from '../storage/loose-tables.ts';
import { compileStatement, definitionCache, slot } from '../storage/statements.ts';
import { type Access, accessOf, permissionsOf } from './access.ts';
import { fieldColumn } from './field-column.ts';
import { type Gathering, readGathered } from './gathered-reads.ts';
import { besideId } from './id-within.ts';
import { resourceContext } from './resource-context.ts';
import { layOut, wholeNames } from './whole-extras.ts';
import { ROW, readableFields, readableRefs, relationOf, titleValue, wireFields } from './wire.ts';

export interface Reader {
  caller: Caller;
  lang: Lang;
}
export interface Scene extends Reader {
  resource: Resource;
  resources: ReadonlyMap<string, Resource>;
  access: Access;
  context: PredicateContext;
  columns: Columns;
  /** The search fields have an index of wide_letters. */
  letters: boolean;
  moment: Moment;
}

interface Reading extends Gathering {
  /** Fields that are still to be laid out. */
  whole: readonly string[];
}
const readingsOf = definitionCache<Reading>(200);

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
  if (!access.list) throw problem(403, 'forbidden_list', { resource: resource.label });
  const reading = await readingOf(deps, resource, reader, true);
  const row = await readGathered(deps.pool, reading, id);
  if (!row || reading.whole.length === 0) return row ? { body: row[0], version: row[1] } : null;
  const body = layOut(resource, reading.whole, row[0]);
  if (body !== null) return { body, version: row[1] };
  const looked_at = await readGathered(deps.pool, await readingOf(deps, resource, reader, false), id);
  return looked_at ? { body: looked_at[0], version: looked_at[1] } : null;
}

/** @param wholly dozens of added fields may come as a whole */
async function readingOf(
  deps: Deps,
  resource: Resource,
  reader: Reader & { labels?: boolean },
  wholly: boolean,
): Promise<Reading> {
  const of = `${resource.name} ${permissionsOf(reader.caller)}${reader.labels ? ` ${reader.lang}` : ''}`;
  const key = `${wholly ? 'whole' : 'each'} ${of}`;
  const cache = readingsOf(deps);
  let reading = cache.get(key);
  if (!reading) {
    const scene = await sceneOf(deps, resource, reader);
    const { access } = scene;
    const whole = wholly ? wholeNames(resource, access, readableFields(resource, access)) : [];
    reading = { ...recordStatements(deps, scene, reader.labels ?? false, whole), whole };
    if (!saysMoment(deps, scene)) cache.set(key, reading);
  }
  return reading;
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
    letters: (await readLetterTables(deps.db)).has(resource.table),
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
  return predicateToSql(rows, resourceContext(resource), {
    column: (field) => fieldColumn(resource, field, table),
    moment,
    fixed: !JSON.stringify(rows).includes('$'),
  });
}

/** A view says that all its columns may be null; what it takes from its table under the same name tells better. */
export function isNullable({ resource, columns }: Pick<Scene, 'resource' | 'columns'>, field: string): boolean {
  const own = columns.get(resource.table)?.get(field) ?? columns.get(relationOf(resource))?.get(field);
  return field !== 'id' && (own?.nullable ?? true);
}

/** The names of what the record refers to, by field (of a list, by field and id), as far as the caller may see them. */
export function labels(
  scene: { fields: readonly string[]; moment: Moment; lang: Lang; deps: Deps } & Parameters<typeof readableRefs>[0],
): RawBuilder<unknown> {
  const { caller, lang, moment, deps } = scene;
  const entries = readableRefs(scene).map(({ name, many, target, ids }) => {
    const table = 'target';
    const access = accessOf(caller, target);
    const visible = visibleRows({ resource: target, caller, moment, table });
    const title = loosely(deps.db)
      .selectFrom(`${relationOf(target)} as ${table}`)
      .select((inner) => {
        const name_of = titleValue({ resource: target, access, lang, table }, inner);
        const by_id = sql`coalesce(json_object_agg(${inner.ref(`${table}.id`)}, ${name_of}), '{}')`;
        return (many ? by_id : name_of).as('title');
      })
      .where(sql<SqlBool>`${sql.ref(`${table}.id`)} = ${ids}`)
      .$call((rows) => (visible ? rows.where(visible) : rows));
    return sql`${sql.lit(name)}, (${title})`;
  });
  return entries.length > 0 ? sql`json_build_object(${sql.join(entries)})` : sql`json_build_object()`;
}

/** True when a condition on the rows counts from now or from who asks: then nothing of it can be kept. */
export function saysMoment(deps: Deps, { resource, caller, access }: Scene): boolean {
  const targets = readableRefs({
    fields: readableFields(resource, access),
    resource,
    resources: deps.resources,
    caller,
  });
  const rows = [access.rows, ...targets.map(({ target }) => accessOf(caller, target).rows)];
  return JSON.stringify(rows).includes('$');
}

function recordStatements(deps: Deps, scene: Scene, labelled: boolean, whole: readonly string[]): Gathering {
  const { resource, access, columns } = scene;
  const fields = readableFields(resource, access);
  const visible = visibleRows(scene);
  const versioned = columns.get(relationOf(resource))?.has('version');
  const page = (id: RawBuilder<unknown>) => {
    const beside = besideId(resource, id, ROW);
    return loosely(deps.db)
      .selectFrom(
        loosely(deps.db)
          .selectFrom(`${relationOf(resource)} as ${ROW}`)
          .select((row) => wireFields({ resource, access, columns, fields, whole }, row))
          .where(`${ROW}.id`, '=', id)
          .$call((rows) => (beside ? rows.where(beside) : rows))
          .$call((rows) => (visible ? rows.where(visible) : rows))
          .$call((rows) => (labelled ? rows.select(labels({ ...scene, fields, deps }).as('$labels')) : rows))
          .as('$page'),
      )
      .select([
        sql<string>`row_to_json(${sql.ref('$page')})::text`.as('body'),
        (versioned ? sql<number | null>`${sql.ref('$page.version')}` : sql<number | null>`null`).as('version'),
      ]);
  };
  return {
    one: compileStatement(page(sql`${slot('id')}::bigint`)),
    many: compileStatement(
      loosely(deps.db)
        .selectFrom(sql<{ id: number }>`unnest(${slot('ids')}::bigint[])`.as<'$asked'>(sql`${sql.id('$asked')} (id)`))
        .innerJoinLateral(page(sql.ref('$asked.id')).as('$read'), (join) => join.onTrue())
        .select(['$asked.id', '$read.body', '$read.version']),
    ),
  };
}
