/**
 * The statements of writes: the change and its entry in the audit are one statement, so that one round trip does both.
 * Compiled once per resource, permissions and set of fields; each request fills the slots.
 */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Caller } from '../context.ts';
import type { Field, Json, Resource, Row } from '../contract.ts';
import type { Columns } from '../storage/columns.ts';
import type { LooseTables } from '../storage/loose-tables.ts';
import { compileStatement, type Statement, slot, statementCache } from '../storage/statements.ts';
import type { Access } from './access.ts';
import { actorOf } from './audit.ts';
import { customNames, EXTRAS, extraJson, extrasPatch, fieldColumn } from './field-column.ts';
import { wholeNames } from './whole-extras.ts';
import { columnOf, fieldValue, isVersioned, ROW, readableFields, relationOf, wireFields, wireValue } from './wire.ts';

export interface WriteShape {
  db: Kysely<LooseTables>;
  resource: Resource;
  access: Access;
  columns: Columns;
  /** Fields that are written. */
  names: readonly string[];
}

/** By database and by what the caller may do with the resource as it is defined now. */
const kept = new WeakMap<Columns, WeakMap<Access, ReturnType<typeof statementCache<Statement>>>>();

/** insert; slots: the fields, and those of auditSlots. One row: body, version, id. */
export function insertStatement(shape: WriteShape): Statement {
  const { db, resource } = shape;
  return cached('insert', shape, () => {
    const values = { ...columnValues(shape), ...days(shape, true) };
    const inserted = db.with('written', (query) => {
      const insert = query.insertInto(resource.table);
      const filled = Object.keys(values).length > 0 ? insert.values(values) : insert.defaultValues();
      return filled.returningAll();
    }) as unknown as Kysely<LooseTables>;
    return answer(audited(inserted, shape), shape);
  });
}

/** update of one version of a record; slots: the fields, id, version, and those of auditSlots. No row: it moved on. */
export function updateStatement(shape: WriteShape): Statement {
  const { db, resource, columns } = shape;
  return cached('update', shape, () => {
    const values = { ...columnValues(shape, sql.ref(EXTRAS)), ...days(shape, false) };
    values.version = sql`${sql.ref('version')} + 1`;
    if (columns.get(resource.table)?.has('updated_at')) values.updated_at = sql`now()`;
    const updated = db.with('written', (query) =>
      query
        .updateTable(resource.table)
        .set(values)
        .where('id', '=', bigint('id'))
        .where('version', '=', sql`${slot('version')}::integer`)
        .returningAll(),
    ) as unknown as Kysely<LooseTables>;
    return answer(audited(updated, shape), shape);
  });
}

/** The entry of a change that wrote rows of child tables too, made when they are there. Slots: id, $rows (their part of `after`), auditSlots. */
export function auditStatement(shape: WriteShape): Statement {
  const { db, resource, names } = shape;
  return cached('audit', shape, () => {
    const written = db.with('written', (query) =>
      query.selectFrom(resource.table).selectAll().where('id', '=', bigint('id')),
    ) as unknown as Kysely<LooseTables>;
    return auditInsert(written, {
      resource,
      after: sql`${afterValues(resource, names)} || ${slot('$rows')}::jsonb`,
    }).returning('id');
  });
}

/** Fields kept in tables of their own; they are written beside the record, in its transaction. */
export function rowsFields({ resource, names }: Pick<WriteShape, 'resource' | 'names'>): string[] {
  return names.filter((name) => name !== 'id' && resource.fields[name]!.kind === 'rows');
}

function audited(written: Kysely<LooseTables>, { resource, names }: WriteShape): Kysely<LooseTables> {
  if (rowsFields({ resource, names }).length > 0) return written;
  return written.with('audited', (query) =>
    auditInsert(query as unknown as Kysely<LooseTables>, { resource, after: afterValues(resource, names) }),
  ) as unknown as Kysely<LooseTables>;
}

/** delete of one version of a record; slots: id, version, and those of auditSlots. One row: its id. */
export function deleteStatement(shape: WriteShape): Statement {
  const { db, resource } = shape;
  return cached('delete', shape, () => {
    const written = db
      .with('written', (query) =>
        query
          .deleteFrom(resource.table)
          .where('id', '=', bigint('id'))
          .where('version', '=', sql`${slot('version')}::integer`)
          .returningAll(),
      )
      .with('audited', (query) =>
        auditInsert(query as unknown as Kysely<LooseTables>, { resource, after: sql`null::jsonb` }),
      );
    return (written as unknown as Kysely<LooseTables>).selectFrom('written').select('id');
  });
}

/**
 * The whole record as the server knows it, unmasked and in wire types. Slot: id. One row: the record as JSON.
 * @param visible the rows the caller may see, when that is not all of them
 * @param added the added fields that are read; null: all of them
 */
export function currentStatement(
  shape: Omit<WriteShape, 'names'>,
  visible: RawBuilder<SqlBool> | null,
  added: readonly string[] | null = null,
): Statement {
  const { db, resource } = shape;
  const build = () => {
    const record = db
      .selectFrom(`${relationOf(resource)} as ${ROW}`)
      .select((row) => [
        row.ref(`${ROW}.id`).as('id'),
        row.ref(`${ROW}.version`).as('version'),
        ...Object.entries(resource.fields)
          .filter(([name, field]) => field.kind !== 'password' && (!field.custom || (added?.includes(name) ?? true)))
          .map(([name, field]) => fieldValue(name, field, ROW).as(name)),
      ])
      .where(`${ROW}.id`, '=', bigint('id'))
      .$call((rows) => (visible ? rows.where(visible) : rows));
    return db.selectFrom(record.as('$page')).select(sql`row_to_json(${sql.ref('$page')})`.as('record'));
  };
  // Which rows those are follows from the access, but where they are counted from now or from who asks.
  const keep = !visible || !JSON.stringify(shape.access.rows).includes('$');
  const kind = `current${visible ? ' seen' : ''}${added ? ' of' : ''}`;
  return keep ? cached(kind, { ...shape, names: added ?? [] }, build) : compileStatement(build(), false);
}

/** What a write says of itself. `before`: wire values of the fields that change. */
export function auditSlots({
  caller,
  before,
  action,
  reason,
  request_id,
}: {
  caller: Caller;
  before: Row | null;
  action: string;
  reason: string | null;
  request_id: string | null;
}): { [slot: string]: unknown } {
  return {
    $user: caller.id,
    $actor: actorOf(caller),
    $token: caller.token?.id ?? null,
    $action: action,
    $before: before && JSON.stringify(before),
    $reason: reason,
    $request: request_id,
  };
}

/** A value as the driver takes it: lists as arrays; items, predicates and added fields as JSON text. */
export function driverValue(field: Field, value: Json | undefined): unknown {
  if (field.custom) return extraJson(field, value);
  if (value === null || value === undefined) return null;
  return ['items', 'predicate', 'layout', 'json'].includes(field.kind) ? JSON.stringify(value) : value;
}

interface Values {
  [column: string]: RawBuilder<unknown>;
}

/** @param before the extras that are there, where there are any */
export function columnValues({ resource, names }: WriteShape, before?: RawBuilder<unknown>): Values {
  const rows = rowsFields({ resource, names });
  const added = customNames(resource, [...names]);
  const values: Values = Object.fromEntries(
    names
      .filter((name) => !rows.includes(name) && !added.includes(name))
      .map((name) => [name === 'id' ? name : columnOf(name, resource.fields[name]!), sql`${slot(name)}`]),
  );
  if (added.length > 0) values[EXTRAS] = extrasPatch(added, (name) => sql`${slot(name)}`, before);
  return values;
}

/** The programme days of times that are written; of now, where a new record leaves the time to its default. */
export function days({ resource, names }: WriteShape, creating: boolean): Values {
  const values: Values = {};
  for (const [name, field] of Object.entries(resource.fields)) {
    if (field.kind !== 'date' || !field.dayOf) continue;
    const given = names.includes(field.dayOf);
    const time = given ? sql`${slot(field.dayOf)}::timestamptz` : sql`now()`;
    if (given || creating) values[name] = sql`(${time} at time zone (select time_zone from app.settings))::date`;
  }
  return values;
}

/** The fields that were written, as the database now has them. A password leaves only its name. */
export function afterValues(resource: Resource, names: readonly string[]): RawBuilder<unknown> {
  const rows = rowsFields({ resource, names });
  const fields = names.filter((name) => name !== 'id' && !rows.includes(name));
  const pairs = fields.map((name) => {
    const field = resource.fields[name]!;
    const value = field.kind === 'password' ? sql`null` : wireValue(field, fieldColumn(resource, name, 'written'));
    return sql`${sql.lit(name)}, ${value}`;
  });
  return pairs.length > 0 ? sql`jsonb_build_object(${sql.join(pairs)})` : sql`'{}'::jsonb`;
}

function auditInsert(
  query: Kysely<LooseTables>,
  { resource, after }: { resource: Resource; after: RawBuilder<unknown> },
) {
  return query
    .insertInto('app.audit_entries')
    .columns([
      'user_id',
      'token_id',
      'actor',
      'resource',
      'record_id',
      'action',
      'before',
      'after',
      'reason',
      'request_id',
    ])
    .expression(
      query
        .selectFrom('written')
        .select((row) => [
          bigint('$user').as('user_id'),
          bigint('$token').as('token_id'),
          text('$actor').as('actor'),
          sql`${sql.lit(resource.name)}::text`.as('resource'),
          row.ref('written.id').as('record_id'),
          text('$action').as('action'),
          sql`${slot('$before')}::jsonb`.as('before'),
          after.as('after'),
          text('$reason').as('reason'),
          text('$request').as('request_id'),
        ]),
    );
}

/**
 * The record as the caller reads it, dozens of added fields as a whole. Over a view, or with child tables, it is read again
 * afterwards; here only its version and id.
 */
function answer(written: Kysely<LooseTables>, { db, resource, access, columns }: WriteShape) {
  if (resource.view || Object.values(resource.fields).some((field) => field.kind === 'rows')) {
    return written
      .selectFrom('written')
      .select([sql`null::text`.as('body'), sql.ref('version').as('version'), sql.ref('id').as('id')]);
  }
  const fields = readableFields(resource, access);
  const whole = wholeNames(resource, access, fields);
  const record = db
    .selectFrom(`written as ${ROW}`)
    .select((row) => wireFields({ resource, access, columns, fields, whole }, row));
  return written
    .selectFrom(record.as('$page'))
    .select([
      sql`row_to_json(${sql.ref('$page')})::text`.as('body'),
      isVersioned(resource, columns) ? sql.ref('$page.version').as('version') : sql`null`.as('version'),
      sql.ref('$page.id').as('id'),
    ]);
}

function bigint(name: string): RawBuilder<unknown> {
  return sql`${slot(name)}::bigint`;
}

function text(name: string): RawBuilder<unknown> {
  return sql`${slot(name)}::text`;
}

function cached(
  kind: string,
  { access, columns, names }: WriteShape,
  build: () => Parameters<typeof compileStatement>[0],
): Statement {
  let by_access = kept.get(columns);
  if (!by_access) {
    by_access = new WeakMap();
    kept.set(columns, by_access);
  }
  let cache = by_access.get(access);
  if (!cache) {
    cache = statementCache(50);
    by_access.set(access, cache);
  }
  const key = `${kind} ${names.join()}`;
  let statement = cache.get(key);
  if (!statement) {
    statement = compileStatement(build());
    cache.set(key, statement);
  }
  return statement;
}
