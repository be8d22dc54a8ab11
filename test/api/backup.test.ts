import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOwner } from '../../api/database.ts';
import { backup, restore } from '../../api/storage/backup.ts';
import { findLogins } from '../../api/storage/logins.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'evergreen-backup-'));
const file = join(folder, 'whole.backup');

beforeAll(async () => {
  t = await testDatabase();
  await t.owner
    .insertInto('app.customers')
    .values([
      {
        external_id: 'a\tb\\n"é常青',
        name: '雨\n雪',
        enrolled_on: '2024-02-29',
        tags: ['x,y', '"z"'],
        extras: '{"k":[1,null]}',
      },
      { external_id: 'c', enrolled_on: '2025-01-01' },
    ])
    .execute();
  await sql`
    insert into app.orders (customer_id, source, external_id, placed_at, placed_on, amount)
    select customers.id, 'shop', series::text, '2025-03-01T00:00:00Z', '2025-03-01', series * 1.11
    from app.customers, generate_series(1, 20000) as series
    where customers.external_id = 'c'
  `.execute(t.owner);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await t.close();
});

test('a backup restores into an empty database with every row, and new ids go on from there', async () => {
  const written = await backup(t.config.database_url!, file);
  const empty = await emptyDatabase();
  try {
    const restored = await restore(findLogins({ owner_url: empty.owner_url }), file);
    expect(restored).toEqual(written);
    const owner = openOwner(empty.owner_url);
    const compared = await Promise.all([t.owner, owner].map(digests));
    const created = await owner
      .insertInto('app.customers')
      .values({ external_id: 'new', enrolled_on: '2025-01-02' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const noted = await sql`select 1 from app.inbox where customer_id = 3 and fact_kind = 'sign_up'`.execute(owner);
    const references = await sql`select 1 from pg_constraint where contype = 'f' and convalidated`.execute(owner);
    const before = await sql`select 1 from pg_constraint where contype = 'f' and convalidated`.execute(t.owner);
    await owner.destroy();
    expect(compared[1]).toEqual(compared[0]);
    expect(created.id).toBe(3);
    // Triggers, which kept silent meanwhile, do their work again.
    expect(noted.rows).toHaveLength(1);
    expect(references.rows.length).toBe(before.rows.length);
  } finally {
    await empty.drop();
  }
});

test('only its maker may read the file', async () => {
  await backup(t.config.database_url!, file);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('a database that holds something is not restored over', async () => {
  await backup(t.config.database_url!, file);
  await expect(restore(findLogins({ owner_url: t.config.database_url! }), file)).rejects.toThrow(/not empty/);
});

test.each([
  ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
  [
    'changed in the middle',
    (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 2000), Buffer.from('x'), bytes.subarray(2001)]),
  ],
  ['of something else', () => Buffer.from('hello')],
])('a file %s is refused, and the database stays empty', async (_, change) => {
  await backup(t.config.database_url!, file);
  const wrong = join(folder, 'wrong.backup');
  writeFileSync(wrong, change(readFileSync(file)));
  const empty = await emptyDatabase();
  try {
    await expect(restore(findLogins({ owner_url: empty.owner_url }), wrong)).rejects.toThrow(/cannot be restored/);
    const owner = openOwner(empty.owner_url);
    const left = await sql`select 1 from pg_namespace where nspname in ('app', 'base', 'report', 'ops')`.execute(owner);
    await owner.destroy();
    expect(left.rows).toEqual([]);
  } finally {
    await empty.drop();
  }
});

/** What two databases with the same rows agree on. */
async function digests(db: TestDatabase['owner']): Promise<unknown[]> {
  const customers = await sql`select customers::text from app.customers order by id`.execute(db);
  const orders = await sql`select count(*), sum(amount), min(id), max(id) from app.orders`.execute(db);
  const settings = await sql`select settings::text from app.settings`.execute(db);
  return [customers.rows, orders.rows, settings.rows];
}
