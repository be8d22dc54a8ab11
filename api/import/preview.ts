/** The first records that an import changes, as their history will tell it. */
import { type Kysely, sql } from 'kysely';
import type { ImportChange, Row } from '../contract.ts';
import { isSameValue } from '../records/same-value.ts';
import type { LooseTables } from '../storage/loose-tables.ts';
import { type ApplyContext, STAGED } from './apply.ts';

const SHOWN = 20;

/** The audit's last entry before the import writes any. */
export async function lastEntry(trx: Kysely<LooseTables>): Promise<number> {
  const { id } = await trx
    .selectFrom('app.audit_entries')
    .select(sql<number>`coalesce(max(id), 0)`.as('id'))
    .executeTakeFirstOrThrow();
  return id;
}

/** @param after the entry that lastEntry gave; the staged rows must still be there */
export async function previewChanges(
  trx: Kysely<LooseTables>,
  { import_id, resource, fields, request_id }: ApplyContext,
  after: number,
): Promise<ImportChange[]> {
  const key = fields.key[0]!;
  const entries = trx
    .selectFrom('app.audit_entries')
    .select(['id', 'record_id', 'before', 'after'])
    .where('id', '>', after)
    .where('request_id', '=', request_id)
    .where('resource', '=', resource.name)
    .where('action', '=', 'import')
    .where('record_id', 'is not', null)
    .orderBy('id')
    .limit(SHOWN);
  const rows = await trx
    .with('entries', () => entries)
    .selectFrom('entries')
    .innerJoin(`${STAGED} as staged`, (join) =>
      join
        .on('staged.batch_id', '=', import_id)
        .on(
          sql<boolean>`(staged.record_id = entries.record_id or (staged.record_id is null and staged.data ->> ${key} = entries.after ->> ${key}))`,
        ),
    )
    .select(['staged.row_no', sql<string | null>`staged.data ->> ${key}`.as('key'), 'entries.before', 'entries.after'])
    .orderBy('staged.row_no')
    .execute();
  return rows.map(({ row_no, key: name, before, after: now }) => ({
    row: Number(row_no),
    key: name ?? '',
    action: before === null ? 'create' : 'update',
    changes: changesOf(resource.fields, before as Row | null, (now ?? {}) as Row),
  }));
}

function changesOf(
  fields: ApplyContext['resource']['fields'],
  before: Row | null,
  after: Row,
): ImportChange['changes'] {
  const changes: ImportChange['changes'] = {};
  for (const [name, field] of Object.entries(fields)) {
    if (!Object.hasOwn(after, name)) continue;
    const [old, now] = [before?.[name] ?? null, after[name] ?? null];
    if (!isSameValue(field, old, now)) changes[name] = { before: old, after: now };
  }
  return changes;
}
