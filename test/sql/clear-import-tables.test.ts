import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

/** Rows of 2 kB each: six thousand are more than 8 MB. */
async function stage(batch_id: number, rows = 6000): Promise<void> {
  await sql`
    insert into app.import_rows (batch_id, row_no, kind, data)
    select ${batch_id}, n, 'row', jsonb_build_object('text', (select string_agg(md5((n * 1000 + part)::text), '') from generate_series(1, 60) part))
    from generate_series(1, ${rows}) n`.execute(database.db);
}

async function clear(): Promise<boolean> {
  const { cleared } = await database.db
    .selectNoFrom((each) => each.fn<boolean>('ops.clear_import_tables', []).as('cleared'))
    .executeTakeFirstOrThrow();
  return cleared;
}
async function rows(): Promise<number> {
  const { count } = await database.db
    .selectFrom('app.import_rows')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}
async function size(): Promise<number> {
  const { bytes } = await database.db
    .selectNoFrom(sql<number>`pg_relation_size('app.import_rows')`.as('bytes'))
    .executeTakeFirstOrThrow();
  return bytes;
}

test('what an import left is taken away, with its room when that is large', async () => {
  await stage(1);
  expect(await size()).toBeGreaterThan(8_000_000);

  expect(await clear()).toBe(true);

  expect(await size()).toBe(0);
});

test('a few rows are taken away without their room', async () => {
  await stage(1, 10);

  expect(await clear()).toBe(false);

  expect(await rows()).toBe(0);
  expect(await size()).toBeGreaterThan(0);
});

test('an import under way is neither waited for nor disturbed', async () => {
  await stage(1);
  await database.db.transaction().execute(async (trx) => {
    await sql`insert into app.import_rows (batch_id, row_no, kind, data) values (3, 1, 'row', '{}')`.execute(trx);

    expect(await clear()).toBe(false);

    expect(await rows()).toBe(0);
  });
  expect(await rows()).toBe(1);
  expect(await size()).toBeGreaterThan(8_000_000);
});
