/**
 * Relations that no foreign key can keep: lists of ids, and ids inside lists of records. Who writes one locks the named
 * records first, who deletes a record looks afterwards for those who name it; so one of the two always sees the other.
 */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Field, Json, Lang, Pair, Predicate, Resource, Row } from '../contract.ts';
import { type FieldFault, fieldErrors, type Problem, problem } from '../errors.ts';
import { bindFields, recordFields } from '../predicate/fields.ts';
import { checkPredicate, type Moment } from '../predicate.ts';
import { predicateToSql } from '../predicate-sql.ts';
import { readMoment } from '../programme.ts';
import type { DB } from '../schema.ts';
import { readColumns } from '../storage/columns.ts';
import { loosely } from '../storage/loose-tables.ts';
import { accessOf } from './access.ts';
import { EXTRAS, extraValue, fieldColumn } from './field-column.ts';
import { visibleRows } from './query.ts';
import { resourceContext } from './resource-context.ts';
import { childRows, relationOf, titleValue } from './wire.ts';

/** Records that a value names. */
export interface Named {
  /** Key of the answer: "tiers", "rules.2.segment_id". */
  path: string;
  label: Pair;
  to: string;
  many: boolean;
  ids: readonly number[];
  /** A foreign key keeps it: a single relation in a column of its own. */
  kept: boolean;
  /** What may be chosen there, with the values of the record put in. */
  options?: Predicate;
}

/** How many of those who refer to a record are named when it cannot be deleted. */
const NAMED_MAX = 3;

/** What the values name beyond what the record as it was named in the same field. */
export function newlyNamed(fields: { [name: string]: Field }, values: Row, current: Row = {}): Named[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) return [];
    const known = new Map<string, Set<number>>();
    for (const each of namedBy(field, current[name] ?? null, name)) {
      const place = placeOf(each.path);
      known.set(place, new Set([...(known.get(place) ?? []), ...each.ids]));
    }
    return namedBy(field, value, name).flatMap((each) => {
      const ids = each.ids.filter((id) => !known.get(placeOf(each.path))?.has(id));
      return ids.length > 0 ? [{ ...each, ids }] : [];
    });
  });
}

/**
 * What the values name in fields that offer some records only, where the field or what its offer depends on is written.
 * @param whole the record as it is to be
 */
export function offeredNamed(fields: { [name: string]: Field }, values: Row, whole: Row): Named[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const touched = (each: Field) =>
      Object.hasOwn(values, name) ||
      [...recordFields(optionsOf(each) ?? {})].some((other) => Object.hasOwn(values, other));
    const inner = field.kind === 'items' || field.kind === 'rows' ? Object.values(field.fields) : [field];
    if (!inner.some((each) => optionsOf(each) && touched(each))) return [];
    return namedBy(field, whole[name] ?? null, name).flatMap((each) => {
      const part = fieldAt(field, each.path.split('.').slice(1));
      const options = part && optionsOf(part);
      if (!options || !touched(part)) return [];
      const at = each.path.split('.')[1];
      const row = at === undefined ? {} : ((whole[name] as Row[])[Number(at)] ?? {});
      return [{ ...each, options: bindFields(options, { ...whole, ...row }) }];
    });
  });
}

/** By field: what names records that are not among those the field offers. */
export async function notOffered(
  deps: Deps,
  named: readonly Named[],
  caller: Caller,
  trx?: Kysely<DB>,
): Promise<{ [field: string]: FieldFault }> {
  const errors: { [field: string]: FieldFault } = {};
  // Rows that ask the same are asked about once.
  for (const parts of Map.groupBy(named, (each) => `${each.to} ${JSON.stringify(each.options)}`).values()) {
    const { to, options } = parts[0]!;
    const ids = [...new Set(parts.flatMap((each) => each.ids))];
    const found = await visibleIds(deps, deps.resources.get(to)!, ids, { caller, options, trx });
    for (const { path, label, ids: asked } of parts) {
      if (asked.some((id) => !found.has(id))) errors[path] = { key: 'ref_not_offered', params: { label } };
    }
  }
  return errors;
}

/** By field: what names records that do not exist, or that the caller may not see. @param trx sees what it made itself */
export async function missingNamed(
  deps: Deps,
  named: readonly Named[],
  caller: Caller,
  trx?: Kysely<DB>,
): Promise<{ [field: string]: FieldFault }> {
  const errors: { [field: string]: FieldFault } = {};
  for (const [to, parts] of Map.groupBy(named, (each) => each.to)) {
    const target = deps.resources.get(to)!;
    const ids = [...new Set(parts.flatMap((each) => each.ids))];
    const found = accessOf(caller, target).list
      ? await visibleIds(deps, target, ids, { caller, trx })
      : new Set<number>();
    for (const each of parts) {
      const missing = each.ids.filter((id) => !found.has(id));
      if (missing.length > 0) errors[each.path] = missingFault(each, missing);
    }
  }
  return errors;
}

/**
 * Holds the named records until the transaction ends, where no foreign key does.
 * @throws Problem 422 when one has been deleted meanwhile
 */
export async function lockNamed(deps: Deps, trx: Kysely<DB>, named: readonly Named[]): Promise<void> {
  const columns = await readColumns(deps.db);
  const loose = named.filter((each) => !each.kept);
  for (const [to, parts] of [...Map.groupBy(loose, (each) => each.to)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { table } = deps.resources.get(to)!;
    // What has no version is never deleted here, and some of it may not be locked.
    if (!columns.get(table)?.has('version')) continue;
    const ids = [...new Set(parts.flatMap((each) => each.ids))];
    const rows = await loosely(trx)
      .selectFrom(table)
      .select('id')
      .where('id', '=', sql`any(${ids}::bigint[])`)
      .orderBy('id')
      .forKeyShare()
      .execute();
    const found = new Set(rows.map((row) => row.id as number));
    const errors: { [field: string]: FieldFault } = {};
    for (const each of parts) {
      const missing = each.ids.filter((id) => !found.has(id));
      if (missing.length > 0) errors[each.path] = missingFault(each, missing);
    }
    if (Object.keys(errors).length > 0) throw fieldErrors(errors);
  }
}

/** Whether some definition names records of this one where no foreign key keeps them. */
export function isNamedLoosely(deps: Pick<Deps, 'resources'>, resource: Resource): boolean {
  return looseNamers(deps, resource).length > 0;
}

/**
 * To be called in the transaction that deleted the records, after the delete.
 * @throws Problem 409 with those that still name it, as far as the caller may see them
 */
export async function refuseWhileNamed(
  deps: Deps,
  trx: Kysely<DB>,
  { resource, ids, caller, lang }: { resource: Resource; ids: readonly number[]; caller: Caller; lang: Lang },
): Promise<void> {
  const by: Pair[] = [];
  for (const { namer, names } of looseNamers(deps, resource)) {
    const count = await loosely(trx)
      .selectFrom(`${namer.table} as t`)
      .select((row) => row.fn.countAll<number>().as('count'))
      .where(names(ids))
      .executeTakeFirstOrThrow();
    if (count.count > 0)
      by.push(await describe(deps, trx, { namer, names: names(ids), count: count.count, caller, lang }));
  }
  if (by.length > 0) throw blocked(by);
}

function blocked(by: readonly Pair[]): Problem {
  const words: Pair = [by.map(([zh]) => zh).join('；'), by.map(([, en]) => en).join('; ')];
  return problem(409, 'blocked_by', { by: words });
}

/** "权益（生日礼、免邮 等 5 条）": the label, and the first of them by name where the caller may see them. */
async function describe(
  deps: Deps,
  trx: Kysely<DB>,
  {
    namer,
    names,
    count,
    caller,
    lang,
  }: { namer: Resource; names: RawBuilder<SqlBool>; count: number; caller: Caller; lang: Lang },
): Promise<Pair> {
  const access = accessOf(caller, namer);
  if (!access.list) return namer.label;
  const visible = visibleRows({
    resource: namer,
    caller,
    moment: await readMoment(deps.db, caller, trx),
    table: 'named',
  });
  const naming = loosely(trx).selectFrom(`${namer.table} as t`).select('t.id').where(names);
  const rows = await loosely(trx)
    .selectFrom(`${relationOf(namer)} as named`)
    .select((row) => titleValue({ resource: namer, access, lang, table: 'named' }, row).as('title'))
    .where('named.id', 'in', naming)
    .$call((found) => (visible ? found.where(visible) : found))
    .orderBy('named.id')
    .limit(NAMED_MAX)
    .execute();
  const titles = rows.map((row) => row.title as string);
  if (titles.length === 0) return namer.label;
  const more = count > titles.length;
  return [
    `${namer.label[0]}（${titles.join('、')}${more ? ` 等 ${count} 条` : ''}）`,
    `${namer.label[1]} (${titles.join(', ')}${more ? ` … ${count} in all` : ''})`,
  ];
}

/** A field that names records of another resource without a foreign key. */
export interface LooseNamer {
  namer: Resource;
  field: string;
  /** True of the rows, under the alias `t`, that name one of them. */
  names(ids: Ids): RawBuilder<SqlBool>;
}
/** Known here, or an expression that gives a bigint[]. */
export type Ids = readonly number[] | RawBuilder<number[]>;

export function looseNamers({ resources }: Pick<Deps, 'resources'>, target: Resource): LooseNamer[] {
  const seen = new Set<string>();
  return [...resources.values()].flatMap((namer) =>
    Object.entries(namer.fields).flatMap(([name, field]) =>
      conditionsOf(field, name, target.name).flatMap(({ key, names }) => {
        if (seen.has(`${namer.table} ${key}`)) return [];
        seen.add(`${namer.table} ${key}`);
        return [{ namer, field: name, names }];
      }),
    ),
  );
}

function conditionsOf(field: Field, name: string, to: string): { key: string; names: LooseNamer['names'] }[] {
  const column = sql.ref(`t.${name}`);
  if (field.kind === 'ref' && field.custom && field.to === to) {
    const value = extraValue(name, field, sql.ref(`t.${EXTRAS}`));
    return [{ key: name, names: (ids) => sql<SqlBool>`${value} = any(${idArray(ids)})` }];
  }
  if (field.kind === 'refs' && field.to === to) {
    return [{ key: name, names: (ids) => sql<SqlBool>`${column} && ${idArray(ids)}` }];
  }
  if (field.kind === 'rows') {
    return Object.entries(field.fields)
      .filter(([, part]) => part.kind === 'refs' && part.to === to)
      .map(([inner]) => ({
        key: `${name}.${inner}`,
        names: (ids) => {
          const mine = childRows(field, sql.ref('t.id'));
          const shared = sql`${sql.ref(`child.${inner}`)} && ${idArray(ids)}`;
          return sql<SqlBool>`exists (select from ${sql.table(field.table)} as child where ${mine} and ${shared})`;
        },
      }));
  }
  if (field.kind !== 'items') return [];
  return Object.entries(field.fields)
    .filter(([, part]) => (part.kind === 'ref' || part.kind === 'refs') && part.to === to)
    .map(([inner]) => ({
      key: `${name}.${inner}`,
      names: (ids) => {
        const path = `$[*].${inner}[*] ? (@ == $ids[*])`;
        return sql<SqlBool>`jsonb_path_exists(${column}, ${path}::jsonpath, jsonb_build_object('ids', ${idArray(ids)}))`;
      },
    }));
}

function idArray(ids: Ids): RawBuilder<unknown> {
  return 'toOperationNode' in ids ? ids : sql`${[...ids]}::bigint[]`;
}

function namedBy(field: Field, value: Json, path: string, inside = false): Named[] {
  if (value === null) return [];
  if (field.kind === 'ref' || field.kind === 'refs') {
    const ids = [value].flat().filter((id) => typeof id === 'number');
    const many = field.kind === 'refs';
    return ids.length > 0
      ? [{ path, label: field.label, to: field.to, many, ids, kept: !many && !inside && !field.custom }]
      : [];
  }
  if ((field.kind !== 'items' && field.kind !== 'rows') || !Array.isArray(value)) return [];
  // The single relations of rows have columns, and so foreign keys, of their own.
  const loose = inside || field.kind === 'items';
  return (value as Row[]).flatMap((item, at) =>
    Object.entries(field.fields).flatMap(([name, part]) =>
      namedBy(part, item[name] ?? null, `${path}.${at}.${name}`, loose),
    ),
  );
}

/** The rows of the target, under the alias `target`, that a relation offers. @throws PredicateError */
export function offeredRows(target: Resource, options: Predicate, moment: Moment): RawBuilder<SqlBool> {
  const context = resourceContext(target);
  const column = (field: string) => fieldColumn(target, field, 'target');
  return predicateToSql(checkPredicate(options, context), context, { column, moment });
}

function optionsOf(field: Field): Predicate | undefined {
  return field.kind === 'ref' || field.kind === 'refs' ? field.options : undefined;
}

/** @param path inside the field: ["2", "segment_id"] */
function fieldAt(field: Field, [, name]: readonly string[]): Field | undefined {
  if (field.kind !== 'items' && field.kind !== 'rows') return field;
  return name !== undefined && Object.hasOwn(field.fields, name) ? field.fields[name] : undefined;
}

/** "rules.2.segment_id" -> "rules.segment_id": moved within its list a relation is still the same. */
function placeOf(path: string): string {
  return path.replace(/\.\d+(?=\.)/g, '');
}

function missingFault({ label, many }: Named, missing: readonly number[]): FieldFault {
  return many
    ? { key: 'refs_missing', params: { label, ids: missing.slice(0, 10).join(', ') } }
    : { key: 'ref_missing', params: { label } };
}

async function visibleIds(
  deps: Deps,
  target: Resource,
  ids: readonly number[],
  { caller, options, trx }: { caller: Caller; options?: Predicate; trx: Kysely<DB> | undefined },
): Promise<Set<number>> {
  const moment = await readMoment(deps.db, caller, trx);
  const visible = visibleRows({ resource: target, caller, moment, table: 'target' });
  const offered = options && offeredRows(target, options, moment);
  const rows = await loosely(trx ?? deps.db)
    .selectFrom(`${relationOf(target)} as target`)
    .select('target.id')
    .where('target.id', '=', sql`any(${[...ids]}::bigint[])`)
    .$call((found) => (visible ? found.where(visible) : found))
    .$call((found) => (offered ? found.where(offered) : found))
    .execute();
  return new Set(rows.map((row) => row.id as number));
}
