import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openOwner } from '../../api/database.ts';
import { migrate } from '../../api/migrate.ts';
import { seedNew } from '../../api/seed.ts';
import { findLogins } from '../../api/storage/logins.ts';
import { readDefaults, readSql } from '../../api/storage/sql-files.ts';
import { emptyDatabase } from '../database.ts';

const NAMES = readDefaults().map((each) => each.name);
let empty: { owner_url: string; drop(): Promise<void> };
let owner: ReturnType<typeof openOwner>;
beforeEach(async () => {
  empty = await emptyDatabase();
  owner = openOwner(empty.owner_url);
});
afterEach(async () => {
  await owner.destroy();
  await empty.drop();
});

const install = (upto?: number) => migrate(owner, { logins: findLogins({ owner_url: empty.owner_url }), upto });
const seed = () => seedNew(owner, { demo: false });
async function applied(): Promise<string[]> {
  const rows = await owner.selectFrom('app.default_files').select('name').orderBy('name').execute();
  return rows.map((each) => each.name);
}
async function tiers(): Promise<string[]> {
  const rows = await owner.selectFrom('app.tiers').select('code').orderBy('rank').execute();
  return rows.map((each) => each.code);
}

test('every file is put in once, however many processes start together', async () => {
  await install();
  const owners = Array.from({ length: 6 }, () => openOwner(empty.owner_url));
  await Promise.all(owners.map((each) => seedNew(each, { demo: false })));
  await Promise.all(owners.map((each) => each.destroy()));
  expect(await applied()).toEqual(NAMES);
  expect(await tiers()).toEqual(['regular', 'silver', 'gold', 'platinum']);
});

test('what people deleted or changed stays so', async () => {
  await install();
  await seed();
  await owner.deleteFrom('app.tiers').where('code', '=', 'platinum').execute();
  await owner.updateTable('app.tiers').set({ name: '黄金' }).where('code', '=', 'gold').execute();
  await seed();
  expect(await tiers()).toEqual(['regular', 'silver', 'gold']);
  expect(await owner.selectFrom('app.tiers').select('name').where('code', '=', 'gold').execute()).toEqual([
    { name: '黄金' },
  ]);
});

test('a database that had its defaults before there were marks gets only the files that are new', async () => {
  const BEFORE_MARKS = 6;
  await install(BEFORE_MARKS);
  await owner.updateTable('app.settings').set({ defaults_at: sql<string>`now()` }).execute();
  await install();
  expect(await applied()).toEqual(['10_segments', '20_rfm_groups', '30_tiers']);
  await seed();
  expect(await applied()).toEqual(NAMES);
  // Its people had deleted all of these.
  expect(await tiers()).toEqual([]);
});

test('a file that comes with a later release is put in', async () => {
  await install();
  await seed();
  await owner.deleteFrom('app.tiers').execute();
  await owner.deleteFrom('app.default_files').where('name', '=', '30_tiers').execute();
  await seed();
  expect(await tiers()).toHaveLength(4);
});

test('the files name nothing of the demo', () => {
  for (const name of NAMES) expect(readSql(`defaults/${name}.sql`)).not.toMatch(/pg_temp|seed\./);
});
