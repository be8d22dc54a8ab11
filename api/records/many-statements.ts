/**
 * The statements of changes to many records at once. Like those of single writes, the change and its entries in the audit
 * are one statement; what was there before comes along as JSON, one element per record.
 */
import { type Compilable, CompiledQuery, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Json, Row } from '../contract.ts';
import type { LooseTables } from '../storage/loose-tables.ts';
import { compileStatement, fillSlots } from '../storage/statements.ts';
import { actorOf } from './audit.ts';
import { EXTRAS } from './field-column.ts';
import { fieldValue, ROW, relationOf } from './wire.ts';
import type { Writer } from './write.ts';
import { afterValues, columnValues, days, driverValue, type WriteShape } from './write-statements.ts';

/** Part of which change the records are, and who makes it. */
export interface ManyWrite {
  shape: WriteShape;
  writer: Writer;
  bulk_id: number | null;
}

/** Locks the rows in the order of their ids, so that two such changes never wait for each other crosswise. */
export async function lockMany({ db, resource }: WriteShape, ids: readonly number[]): Promise<void> {
  await db
    .selectFrom(resource.table)
    .select('id')
    .where('id', '=', sql`any(${[...ids]}::bigint[])`)
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** The whole records as the server knows them, unmasked and in wire types, in the order of their ids. */
export async function readMany(
  { db, resource }: WriteShape,
  ids: readonly number[],
  visible: RawBuilder<SqlBool> | null,
): Promise<Row[]> {
  const record = db
    .selectFrom(`${relationOf(resource)} as ${ROW}`)
    .select((row) => [
      row.ref(`${ROW}.id`).as('id'),
      row.ref(`${ROW}.version`).as('version'),
      ...Object.entries(resource.fields)
        .filter(([, field]) => field.kind !== 'password')
        .map(([name, field]) => fieldValue(name, field, ROW).as(name)),
    ])
    .where(`${ROW}.id`, '=', sql`any(${[...ids]}::bigint[])`)
    .$call((rows) => (visible ? rows.where(visible) : rows))
    .orderBy(`${ROW}.id`);
  const rows = await db
    .selectFrom(record.as('$page'))
    .select(sql<Row>`row_to_json(${sql.ref('$page')})`.as('record'))
    .execute();
  return rows.map((each) => (each as { record: Row }).record);
}

/** Writes the same values into records that are locked. @param before by id: wire values of the fields that change */
export async function updateMany(write: ManyWrite, values: Row, before: ReadonlyMap<number, Row>): Promise<void> {
  const { shape } = write;
  const { db, resource, names, columns } = shape;
  const given: { [slot: string]: unknown } = {};
  for (const name of names) given[name] = driverValue(resource.fields[name]!, values[name]);
  const set: { [column: string]: RawBuilder<unknown> } = {
    ...columnValues(shape, sql.ref(EXTRAS)),
    ...days(shape, false),
  };
  set.version = sql`${sql.ref('version')} + 1`;
  if (columns.get(resource.table)?.has('updated_at')) set.updated_at = sql`now()`;
  const statement = db
    .with('written', (query) =>
      query
        .updateTable(resource.table)
        .set(set)
        .where('id', '=', sql`any(${[...before.keys()]}::bigint[])`)
        .returningAll(),
    )
    .with('audited', (query) =>
      auditMany(query as unknown as Kysely<LooseTables>, write, {
        action: 'update',
        before,
        after: afterValues(resource, names),
      }),
    ) as unknown as Kysely<LooseTables>;
  await runFilled(db, statement.selectFrom('written').select(sql`1`.as('one')), given);
}

/** Deletes records that are locked. */
export async function deleteMany(write: ManyWrite, before: ReadonlyMap<number, Row>): Promise<void> {
  const { db, resource } = write.shape;
  const statement = db
    .with('written', (query) =>
      query
        .deleteFrom(resource.table)
        .where('id', '=', sql`any(${[...before.keys()]}::bigint[])`)
        .returningAll(),
    )
    .with('audited', (query) =>
      auditMany(query as unknown as Kysely<LooseTables>, write, { action: 'delete', before, after: sql`null::jsonb` }),
    ) as unknown as Kysely<LooseTables>;
  await statement.selectFrom('written').select(sql`1`.as('one')).execute();
}

function auditMany(
  query: Kysely<LooseTables>,
  { shape, writer, bulk_id }: ManyWrite,
  { action, before, after }: { action: string; before: ReadonlyMap<number, Row>; after: RawBuilder<unknown> },
) {
  const records = JSON.stringify([...before].map(([id, values]): Json => ({ id, before: values })));
  const { caller, reason = null, request_id } = writer;
  return query
    .insertInto('app.audit_entries')
    .columns([
      ...[
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
        'bulk_id',
      ],
    ])
    .expression(
      query
        .selectFrom('written')
        .innerJoin(
          (old) =>
            old
              .selectFrom(
                sql<{ id: number; before: Row }>`jsonb_to_recordset(${records}::jsonb)`.as<'given'>(
                  sql`given (id bigint, before jsonb)`,
                ),
              )
              .selectAll()
              .as('old'),
          (join) => join.onRef('old.id', '=', 'written.id'),
        )
        .select((row) => [
          sql`${caller.id}::bigint`.as('user_id'),
          sql`${caller.token?.id ?? null}::bigint`.as('token_id'),
          sql`${actorOf(caller)}::text`.as('actor'),
          sql`${shape.resource.name}::text`.as('resource'),
          row.ref('written.id').as('record_id'),
          sql`${action}::text`.as('action'),
          sql.ref('old.before').as('before'),
          after.as('after'),
          sql`${reason}::text`.as('reason'),
          sql`${request_id}::text`.as('request_id'),
          sql`${bulk_id}::bigint`.as('bulk_id'),
        ]),
    );
}

/** Runs a statement once, with these values in its slots. */
async function runFilled(
  db: Kysely<LooseTables>,
  query: Compilable,
  values: { [slot: string]: unknown },
): Promise<void> {
  const statement = compileStatement(query, false);
  await db.executeQuery(CompiledQuery.raw(statement.text, fillSlots(statement, values)));
}
