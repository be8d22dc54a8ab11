/**
 * Staged rows of any resource into its table: what is there by the natural key is updated where it differs, the rest is
 * inserted, in a few statements whatever the number of rows. Each record's history gets its entry.
 */
import { type ExpressionBuilder, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Caller } from '../context.ts';
import type { ImportMode, Json, Resource } from '../contract.ts';
import type { Moment } from '../predicate.ts';
import { actorOf } from '../records/audit.ts';
import { customNames, EXTRAS, fieldColumn } from '../records/field-column.ts';
import { wireValue } from '../records/wire.ts';
import type { LooseTables } from '../storage/loose-tables.ts';
import { isList } from '../values/parse-value.ts';
import type { ImportFields } from './fields.ts';
import { matchRecords, refuseRows, rememberRecords } from './match.ts';

/** As the ops routines of imports answer it. */
export interface Applied {
  created: number;
  updated: number;
  unchanged: number;
  skipped: number;
  wrong: number;
  counts: { [name: string]: number };
  errors: Refusal[];
}
export type Refusal = [row: number, field: string | null, key: string, params: { [name: string]: Json } | null];

export interface ApplyContext {
  import_id: number;
  resource: Resource;
  fields: ImportFields;
  /** Fields the file brings. */
  given: readonly string[];
  mode: ImportMode;
  caller: Caller;
  moment: Moment;
  request_id: string;
}

export const STAGED = 'app.import_rows';

/** @param trx the import's transaction; the caller commits it, or rolls it back after a check */
export async function applyRows(trx: Kysely<LooseTables>, context: ApplyContext): Promise<Applied> {
  await matchRecords(trx, context);
  await rememberRecords(trx, context);
  const errors = await refuseRows(trx, context, { records: false });
  const right = await countRows(trx, context.import_id);
  const updated = await updateRecords(trx, context);
  const created = await insertRecords(trx, context);
  return {
    created,
    updated,
    unchanged: right - updated - created,
    skipped: 0,
    wrong: errors.length,
    counts: {},
    errors,
  };
}

async function countRows(trx: Kysely<LooseTables>, import_id: number): Promise<number> {
  const { count } = await trx
    .selectFrom(STAGED)
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('batch_id', '=', import_id)
    .where('kind', '=', 'row')
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** What a row does not mention stays as it is: the new record is filled from the old one. */
async function updateRecords(trx: Kysely<LooseTables>, context: ApplyContext): Promise<number> {
  const { import_id, resource, fields, given } = context;
  const names = given.filter((name) => !fields.key.includes(name) && !resource.fields[name]!.frozen);
  if (names.length === 0) return 0;
  const stored = storedColumns(resource, names);
  const data = withExtras(resource, given, sql`staged.data`, sql.ref(`old.${EXTRAS}`));
  const written = trx
    .with('changed', (query) =>
      query
        .selectFrom(`${STAGED} as staged`)
        .innerJoin(`${resource.table} as old`, 'old.id', 'staged.record_id')
        .innerJoinLateral(recordFrom(sql`old`, data), (join) => join.onTrue())
        .select(['staged.record_id', 'staged.before', ...stored.map((name) => `new.${name}`)])
        .where('staged.batch_id', '=', import_id)
        .where('staged.kind', '=', 'row')
        .where(
          sql<SqlBool>`row(${comparedList(resource, 'new', stored)}) is distinct from row(${comparedList(resource, 'old', stored)})`,
        ),
    )
    .with('written', (query) =>
      query
        .updateTable(`${resource.table} as t`)
        .from('changed')
        .set(Object.fromEntries(stored.map((name) => [name, sql.ref(`changed.${name}`)])))
        .set(dayValues(resource, names, 'changed'))
        .set({ version: sql`t.version + 1`, updated_at: sql`now()` })
        .whereRef('t.id', '=', 'changed.record_id')
        .returning(['t.id', 'changed.before', wireObject(resource, names, 't').as('after')]),
    );
  return auditedCount(loose(written), context, { before: differing('before'), after: differing('after') });
}

/** Of what a row brought, that which was not there already: only this is a change, and is taken back with it. */
function differing(side: 'before' | 'after'): RawBuilder<unknown> {
  return sql`(
    select coalesce(jsonb_object_agg(said.key, ${sql.ref(`written.${side}`)} -> said.key), '{}')
    from jsonb_each(written.after) as said
    where said.value is distinct from written.before -> said.key
  )`;
}

/** A column that neither file nor definition fills is left to the table's own default. */
async function insertRecords(trx: Kysely<LooseTables>, context: ApplyContext): Promise<number> {
  const { import_id, resource, fields, given, mode } = context;
  if (mode === 'update') return 0;
  const defaults = definedDefaults(resource);
  const names = [...new Set([...given, ...Object.keys(defaults)])];
  const stored = storedColumns(resource, names);
  const days = dayValues(resource, names, 'new');
  const data = withExtras(resource, names, sql`(${JSON.stringify(defaults)}::jsonb || staged.data)`, sql`'{}'::jsonb`);
  const values = stored.map((name) =>
    (isDated(resource, name) ? sql`coalesce(${sql.ref(`new.${name}`)}, now())` : sql.ref(`new.${name}`)).as(name),
  );
  const written = trx.with('written', (query) =>
    query
      .insertInto(resource.table)
      .columns([...stored, ...Object.keys(days)])
      .expression((row) =>
        row
          .selectFrom(`${STAGED} as staged`)
          .innerJoinLateral(recordFrom(sql`null::${sql.table(resource.table)}`, data), (join) => join.onTrue())
          .select([...values, ...Object.entries(days).map(([name, day]) => day.as(name))])
          .where('staged.batch_id', '=', import_id)
          .where('staged.kind', '=', 'row')
          .where('staged.record_id', 'is', null)
          .orderBy('staged.row_no'),
      )
      .onConflict((conflict) => conflict.columns([...fields.key]).doNothing())
      .returningAll(),
  );
  return auditedCount(loose(written), context, {
    before: sql`null::jsonb`,
    after: wireObject(resource, names, 'written'),
  });
}

/** Runs what `written` writes, with an entry in the audit for each of its rows. */
async function auditedCount(
  query: Kysely<LooseTables>,
  { resource, caller, request_id }: ApplyContext,
  { before, after }: { before: RawBuilder<unknown>; after: RawBuilder<unknown> },
): Promise<number> {
  const found = await query
    .with('audited', (audit) =>
      audit
        .insertInto('app.audit_entries')
        .columns(['user_id', 'token_id', 'actor', 'resource', 'record_id', 'action', 'before', 'after', 'request_id'])
        .expression((row) =>
          row
            .selectFrom('written')
            .select([
              sql`${caller.id}::bigint`.as('user_id'),
              sql`${caller.token?.id ?? null}::bigint`.as('token_id'),
              sql`${actorOf(caller)}::text`.as('actor'),
              sql`${resource.name}::text`.as('resource'),
              'written.id',
              sql`'import'`.as('action'),
              before.as('before'),
              after.as('after'),
              sql`${request_id}::text`.as('request_id'),
            ]),
        ),
    )
    .selectFrom('written')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(found.count);
}

/** `new`: the base record with what the JSON says put over it. */
function recordFrom(base: RawBuilder<unknown>, data: RawBuilder<unknown>) {
  return (row: ExpressionBuilder<LooseTables, string>) =>
    row
      .selectFrom(sql<{ [column: string]: unknown }>`jsonb_populate_record(${base}, ${data})`.as('record'))
      .selectAll()
      .as('new');
}

/** The columns that keep the fields: one for all that staff added. */
function storedColumns(resource: Resource, names: readonly string[]): string[] {
  const own = names.filter((name) => !resource.fields[name]!.custom);
  return own.length < names.length ? [...own, EXTRAS] : own;
}

/** The JSON of a row with what it says of added fields put over the extras there are. */
function withExtras(
  resource: Resource,
  names: readonly string[],
  data: RawBuilder<unknown>,
  extras: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const added = customNames(resource, [...names]);
  if (added.length === 0) return data;
  const said = sql`(select jsonb_object_agg(entry.key, entry.value) from jsonb_each(${data}) as entry where entry.key = any(${added}::text[]))`;
  const merged = sql`jsonb_strip_nulls(${extras} || coalesce(${said}, '{}'))`;
  return sql`${data} || jsonb_build_object(${sql.lit(EXTRAS)}, ${merged})`;
}

/** The fields of a record as they travel, in one JSON object. */
export function wireObject(resource: Resource, names: readonly string[], table: string): RawBuilder<unknown> {
  const pairs = names.flatMap((name) => [
    sql.lit(name),
    wireValue(resource.fields[name]!, fieldColumn(resource, name, table)),
  ]);
  return sql`jsonb_build_object(${sql.join(pairs)})`;
}

/** Times travel with milliseconds: what the database keeps beyond them is no difference. */
function comparedList({ fields }: Resource, table: string, names: readonly string[]): RawBuilder<unknown> {
  return sql.join(
    names.map((name) => {
      const column = sql.ref(`${table}.${name}`);
      return fields[name]?.kind === 'datetime' ? sql`date_trunc('milliseconds', ${column})` : column;
    }),
  );
}

export function definedDefaults(resource: Resource): { [name: string]: Json } {
  const defaults: { [name: string]: Json } = {};
  for (const [name, field] of Object.entries(resource.fields)) {
    if (field.readonly || field.kind === 'rows') continue;
    if (field.default !== undefined) defaults[name] = field.default;
    else if (isList(field) && !field.custom) defaults[name] = [];
  }
  return defaults;
}

/** The programme days of times that are written; of now, where a new record leaves the time to its default. */
function dayValues(
  resource: Resource,
  names: readonly string[],
  table: 'new' | 'changed',
): { [name: string]: RawBuilder<unknown> } {
  const days: { [name: string]: RawBuilder<unknown> } = {};
  for (const [name, field] of Object.entries(resource.fields)) {
    if (field.kind !== 'date' || !field.dayOf) continue;
    const given = names.includes(field.dayOf);
    if (!given && table === 'changed') continue;
    const time = given ? sql`coalesce(${sql.ref(`${table}.${field.dayOf}`)}, now())` : sql`now()`;
    days[name] = sql`(${time} at time zone (select time_zone from app.settings))::date`;
  }
  return days;
}

/** A time that a day is kept of is never empty. */
function isDated(resource: Resource, name: string): boolean {
  return Object.values(resource.fields).some((field) => field.kind === 'date' && field.dayOf === name);
}

function loose(query: unknown): Kysely<LooseTables> {
  return query as Kysely<LooseTables>;
}
