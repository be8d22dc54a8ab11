/** Fields added on a screen, beyond the records: in rules of segments, in report files, after a rebuild. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Meta, Row } from '../../api/contract.ts';
import { runJob } from '../../api/jobs.ts';
import { migrate } from '../../api/migrate.ts';
import { REPORTS_FOLDER } from '../../api/report/metrics.ts';
import { reportStore } from '../../api/report/store.ts';
import type { SegmentRule } from '../../api/segment-rules.ts';
import { findLogins } from '../../api/storage/logins.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { publishRules, segmentSizes } from '../sql/segments.ts';

let t: TestDatabase;
let a: TestApp;
const folder = mkdtempSync(join(tmpdir(), 'evergreen-reports-'));
const TODAY = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });

beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  for (const [key, kind, more] of [
    [
      'gift',
      'choice',
      {
        choices: [
          { code: 'cake', label: '蛋糕' },
          { code: 'flowers', label: '鲜花' },
        ],
      },
    ],
    ['visits', 'integer', {}],
    ['likes', 'tags', {}],
    ['diary', 'text', { pii: true }],
  ] as [string, string, Row][])
    await made('/api/custom_fields', {
      resource: 'customers',
      key,
      kind,
      label: `字段 ${key}`,
      label_en: key,
      ...more,
    });
  await made('/api/customers', { external_id: 'a', gift: 'cake', visits: 3, enrolled_at: '2025-01-01T00:00:00.000Z' });
  await made('/api/customers', { external_id: 'b', gift: 'cake', visits: 9, enrolled_at: '2025-01-01T00:00:00.000Z' });
  await made('/api/customers', { external_id: 'c', likes: ['tea'], enrolled_at: '2025-01-01T00:00:00.000Z' });
});
afterAll(async () => {
  reportStore(a.deps).close();
  rmSync(folder, { recursive: true, force: true });
  await t?.close();
});

async function made(path: string, body: Row): Promise<Row> {
  const response = await a.as('pii')('POST', path, body);
  if (response.status !== 201) throw new Error(await response.text());
  return (await response.json()) as Row;
}

test('rules of segments ask about them, preview and snapshot alike; personal data is nothing to ask about', async () => {
  const meta = (await (await a.as('operator')('GET', '/api/_meta')).json()) as Meta;
  const context = meta.contexts.find((each) => each.name === 'segment_customer')!;
  expect(context.fields.gift).toMatchObject({ type: 'text', choices: { cake: ['蛋糕', '蛋糕'] } });
  expect(context.fields).not.toHaveProperty('diary');

  const rules: SegmentRule[] = [
    { code: 'sweet', name: '甜', name_en: 'Sweet', condition: { gift: { eq: 'cake' }, visits: { gte: 5 } } },
    { code: 'tea', name: '茶', name_en: 'Tea', condition: { likes: { has: 'tea' } } },
  ];
  await publishRules(t, 'gifts', rules);
  const run = await runJob(a.deps, 'segment_snapshot', TODAY);
  expect(run.error).toBeNull();
  expect(await segmentSizes(t, 'gifts', TODAY)).toMatchObject({ sweet: 1, tea: 1, other: 1 });

  const [field] = (await (await a.as('pii')('GET', '/api/custom_fields?key=gift')).json()) as Row[];
  const refused = await a.as('pii')('DELETE', `/api/custom_fields/${field!.id}`);
  expect(refused.status).toBe(409);
  expect(((await refused.json()) as ApiError).message).toContain('asks about this field');
});

const REPORT = `/*---
report: 1
title: [生日礼偏好, Birthday gifts]
owner: analytics
columns:
  later:     { role: category, label: [后来, Later] }
  customers: { role: measure, metric: customers }
chart: { kind: column, x: later, y: customers }
limits: { rows: 20, timeout: 5s }
access: { roles: [analyst] }
---*/

select
  customers_custom.later,
  count(*) as customers
from report.customers_custom
where customers_custom.later is not null
group by customers_custom.later
`;

test('a report file reads a field as soon as it is there', async () => {
  mkdirSync(join(folder, 'pages', 'own'), { recursive: true });
  symlinkSync(join(REPORTS_FOLDER, 'metrics'), join(folder, 'metrics'));
  writeFileSync(join(folder, 'pages', 'own', 'gifts.sql'), REPORT);
  const store = reportStore(a.deps, folder);
  expect((await store.get('own/gifts'))!.problem!.message[1]).toContain('later');

  await made('/api/custom_fields', {
    resource: 'customers',
    key: 'later',
    kind: 'text',
    label: '后来',
    label_en: 'Later',
  });
  await made('/api/customers', { external_id: 'd', later: '先付' });

  const result = await a.as('analyst')('GET', '/api/_reports/run/own/gifts');
  expect(await result.json()).toMatchObject({ columns: ['later', 'customers'], rows: [['先付', 1]] });
  const view = (await store.views()).find((each) => each.name === 'customers_custom')!;
  expect(view.columns.find((each) => each.name === 'later')!.comment).toBe('后来\nLater');
});

test('a rebuild of the schemas makes the views again, with what they say and who may read them', async () => {
  const before = await t.report.query('select * from report.customers_custom order by id');
  const logins = findLogins({ owner_url: t.config.database_url! });
  await sql`update app.rebuilds set hash = 'another'`.execute(t.owner);
  expect(await migrate(t.owner, { logins })).toMatchObject({ rebuilt: true });
  const after = await t.report.query('select * from report.customers_custom order by id');
  expect(after.rows).toEqual(before.rows);
  expect(after.rows.length).toBeGreaterThan(3);
});
