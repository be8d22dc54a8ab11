import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** Rows of 2 kB each: six thousand are more than 8 MB. */
async function stage(batch_id: number): Promise<void> {
  await sql`
    insert into app.import_rows (batch_id, row_no, kind, data)
    select ${batch_id}, n, 'row', jsonb_build_object('text', (select string_agg(md5((n * 1000 + part)::text), '') from generate_series(1, 60) part))
    from generate_series(1, 6000) n`.execute(database.db);
}
const unstage = (batch_id: number) =>
  database.db.deleteFrom('app.import_rows').where('batch_id', '=', batch_id).execute();

async function empty(): Promise<boolean> {
  const { emptied } = await database.db
    .selectNoFrom((each) => each.fn<boolean>('ops.empty_import_tables', []).as('emptied'))
    .executeTakeFirstOrThrow();
  return emptied;
}
async function size(): Promise<number> {
  const { bytes } = await database.db
    .selectNoFrom(sql<number>`pg_relation_size('app.import_rows')`.as('bytes'))
    .executeTakeFirstOrThrow();
  return bytes;
}

test('staging tables give their room back when all of it is dead', async () => {
  await stage(1);
  await unstage(1);
  expect(await size()).toBeGreaterThan(8_000_000);

  expect(await empty()).toBe(true);

  expect(await size()).toBe(0);
  expect(await empty()).toBe(false);
});

test('rows of another import stay', async () => {
  await stage(1);
  await stage(2);
  await unstage(1);
  expect(await empty()).toBe(false);
  const { count } = await database.db
    .selectFrom('app.import_rows')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  expect(count).toBe(6000);
  await unstage(2);
});

test('an import under way is neither waited for nor disturbed', async () => {
  await stage(1);
  await unstage(1);
  await database.db.transaction().execute(async (trx) => {
    await sql`insert into app.import_rows (batch_id, row_no, kind, data) values (3, 1, 'row', '{}')`.execute(trx);
    expect(await empty()).toBe(false);
  });
  expect(await size()).toBeGreaterThan(8_000_000);
});
