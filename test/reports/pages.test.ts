import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportStore } from '../../api/report-store.ts';
import customers from '../../api/resources/customers.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t, { resources: new Map([['customers', customers]]) });
});
afterAll(async () => {
  reportStore(app.deps).close();
  await t.close();
});

test('every shipped report compiles, runs with its defaults and names no metric that is missing', async () => {
  const entries = await reportStore(app.deps).list();
  expect(entries.length).toBeGreaterThanOrEqual(9);
  for (const entry of entries) {
    expect(entry.problem, entry.slug).toBeNull();
    for (const lang of ['zh', 'en']) {
      const answer = await app.as('administrator')('GET', `/api/_reports/run/${entry.slug}`, undefined, {
        'accept-language': lang,
      });
      expect(answer.status, `${entry.slug}: ${await answer.clone().text()}`).toBe(200);
    }
  }
});
