import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schemaFiles } from '../../api/schema-dump.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

test('a clone of the template is migrated', async () => {
  const rows = await t.db.selectFrom('app.migrations').select('number').execute();
  expect(rows.length).toBeGreaterThan(4);
  const who = await sql<{ who: string }>`select current_user as who`.execute(t.db);
  expect(who.rows).toEqual([{ who: 'evergreen_app' }]);
});

test('sql/schema.sql and api/schema.ts say what the database is', async () => {
  const stale: string[] = [];
  for (const [path, before, text] of await schemaFiles(t.owner)) {
    const [had, has] = [before.split('\n'), text.split('\n')];
    const line = has.findIndex((each, index) => each !== had[index]);
    if (before !== text) stale.push(`${path}:${line + 1} should be: ${has[line] ?? '(the end)'}; run pnpm migrate`);
  }
  expect(stale).toEqual([]);
});
