/** Before staged rows are written: which record each one means, and which must not be written at all. */
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Json, Pair, RecordRule } from '../contract.ts';
import { predicateToSql } from '../predicate-sql.ts';
import { accessOf } from '../records/access.ts';
import { fieldColumn } from '../records/field-column.ts';
import { resourceContext } from '../records/resource-context.ts';
import type { LooseTables } from '../storage/loose-tables.ts';
import { requiredParams } from '../values/fault.ts';
import { type ApplyContext, definedDefaults, type Refusal, STAGED, wireObject } from './apply.ts';

/**
 * Finds the record of each row by the natural key and locks it, so that what is then read of it stays true until the
 * import ends: whoever saves it meanwhile waits, and loses nothing.
 */
export async function matchRecords(
  trx: Kysely<LooseTables>,
  { import_id, resource, fields }: Pick<ApplyContext, 'import_id' | 'resource' | 'fields'>,
): Promise<void> {
  const follow = resource.import?.follow;
  const sameKey = fields.key.map(
    (name) => sql<SqlBool>`${sql.ref(`t.${name}`)}::text = staged.data ->> ${sql.lit(name)}`,
  );
  await trx
    .updateTable(`${STAGED} as staged`)
    .from(`${resource.table} as t`)
    .set({ record_id: follow ? sql<number>`coalesce(${sql.ref(`t.${follow}`)}, t.id)` : sql.ref('t.id') })
    .where('staged.batch_id', '=', import_id)
    .where('staged.kind', '=', 'row')
    .where((row) => row.and(sameKey))
    .execute();
  const named = trx
    .selectFrom(STAGED)
    .select('record_id')
    .where('batch_id', '=', import_id)
    .where('record_id', 'is not', null);
  const locked = trx
    .selectFrom(`${resource.table} as t`)
    .select('t.id')
    .where('t.id', 'in', named)
    .orderBy('t.id')
    .forUpdate();
  await trx
    .with('locked', () => locked)
    .selectFrom('locked')
    .select((row) => row.fn.countAll().as('count'))
    .execute();
}

/** Keeps what each record says now, in wire types, for the history. */
export async function rememberRecords(
  trx: Kysely<LooseTables>,
  { import_id, resource, given }: ApplyContext,
): Promise<void> {
  await trx
    .updateTable(`${STAGED} as staged`)
    .from(`${resource.table} as t`)
    .set({ before: wireObject(resource, given, 't') })
    .where('staged.batch_id', '=', import_id)
    .whereRef('staged.record_id', '=', 't.id')
    .execute();
}

/**
 * Refuses rows that repeat an earlier one, that the mode does not want, whose record the caller may not see, and new ones
 * that lack what is required or break a rule.
 * @param records each row is saved like a form, which sees to the latter
 */
export async function refuseRows(
  trx: Kysely<LooseTables>,
  context: ApplyContext,
  { records }: { records: boolean },
): Promise<Refusal[]> {
  const { import_id, resource, fields, mode } = context;
  const key = fields.key[0]!;
  const label = fields.fields[key]?.label ?? [key, key];
  const refused: Refusal[] = [];
  const refuse = async (
    where: RawBuilder<SqlBool>,
    field: string,
    message: string,
    params: { [name: string]: Json | Pair },
  ) => {
    const rows = await trx
      .updateTable(STAGED)
      .set({ kind: 'wrong' })
      .where('batch_id', '=', import_id)
      .where('kind', '=', 'row')
      .where(where)
      .returning('row_no')
      .execute();
    for (const { row_no } of rows) refused.push([Number(row_no), field, message, params as { [name: string]: Json }]);
  };

  const repeated = await trx
    .selectFrom(
      sql<{ row_no: number; first_row_no: number }>`ops.import_rows_repeated(${import_id}, ${fields.key})`.as(
        'repeated',
      ),
    )
    .select([sql<number>`row_no`.as('row_no'), sql<number>`first_row_no`.as('first_row_no')])
    .execute();
  for (const { row_no, first_row_no } of repeated)
    refused.push([row_no, key, 'import_repeated', { row: first_row_no }]);

  if (mode === 'insert') await refuse(sql`record_id is not null`, key, 'import_unique', { label });
  if (mode === 'update') await refuse(sql`record_id is null`, key, 'import_missing', {});
  if (resource.import?.follow)
    await refuse(
      sql`exists (
        select from ${sql.table(STAGED)} as earlier
        where earlier.batch_id = import_rows.batch_id and earlier.kind = 'row'
          and earlier.record_id = import_rows.record_id and earlier.row_no < import_rows.row_no
      )`,
      key,
      'import_same_record',
      {},
    );
  if (resource.import?.refuse) {
    const routine = sql.id('ops', resource.import.refuse);
    await refuse(sql`row_no in (select ${routine}(${import_id}::bigint))`, key, resource.import.refuse, {});
  }
  const unseen = unseenRecords(context);
  if (unseen) await refuse(unseen, key, 'import_missing', {});
  // An id is given by the server: what names one that is not there means none.
  if (key === 'id') await refuse(sql`record_id is null and data ->> 'id' is not null`, key, 'import_missing', {});
  if (records) return refused;
  for (const [name, field] of Object.entries(resource.fields)) {
    if (!field.required || field.default !== undefined || field.readonly) continue;
    await refuse(sql`record_id is null and data ->> ${sql.lit(name)} is null`, name, 'required', {
      ...(requiredParams(field) as { [name: string]: Json }),
    });
  }
  for (const rule of resource.rules ?? []) {
    await refuse(brokenBy(rule, context), rule.field, 'rule', { reason: rule.message });
  }
  return refused;
}

/** Rows whose record would break a rule: the new one with the defaults under it, the old one with the row over it. */
function brokenBy(rule: RecordRule, { resource, moment }: ApplyContext): RawBuilder<SqlBool> {
  const holds = predicateToSql(rule.when, resourceContext(resource), {
    column: (field) => sql.ref(`new.${field}`),
    moment,
  });
  const table = sql.table(resource.table);
  const defaults = sql`${JSON.stringify(definedDefaults(resource))}::jsonb`;
  return sql`case
    when record_id is null then exists (
      select from jsonb_populate_record(null::${table}, ${defaults} || data) as new where (${holds}) is not true
    )
    else exists (
      select from ${table} as old, jsonb_populate_record(old, data) as new where old.id = record_id and (${holds}) is not true
    )
  end`;
}

function unseenRecords({ resource, caller, moment }: ApplyContext): RawBuilder<SqlBool> | null {
  const visible = accessOf(caller, resource).rows;
  if (!visible) return null;
  const where = predicateToSql(visible, resourceContext(resource), {
    column: (field) => fieldColumn(resource, field, 't'),
    moment,
  });
  const relation = sql.table(resource.view ?? resource.table);
  return sql`record_id is not null and not exists (select from ${relation} as t where t.id = record_id and ${where})`;
}
