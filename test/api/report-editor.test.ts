/** Reports written in the browser: kept in versions, published whole, read like any other, and only by who may write them. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReportCatalogue, ReportCheck, ReportSaved, ReportText } from '../../api/contract-reports.ts';
import { REPORTS_FOLDER } from '../../api/report/metrics.ts';
import { type ReportStore, refreshReports, reportStore } from '../../api/report/store.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { reportText, reportWorld } from '../reports/report-fixture.ts';

const GOOD = reportText();
const WRONG = GOOD.replace('orders\nfrom', 'oders\nfrom');

let t: TestDatabase;
let app: TestApp;
let store: ReportStore;
let folder: string;
beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t);
  await reportWorld(t);
  folder = mkdtempSync(join(tmpdir(), 'evergreen-editor-'));
  cpSync(join(REPORTS_FOLDER, 'metrics'), join(folder, 'metrics'), { recursive: true });
  mkdirSync(join(folder, 'pages', 'sales'), { recursive: true });
  writeFileSync(join(folder, 'pages', 'sales', 'file.sql'), GOOD);
  writeFileSync(join(folder, 'pages', 'sales', 'managers.sql'), GOOD.replace('[analyst]', '[manager]'));
  store = reportStore(app.deps, folder);
});
afterAll(async () => {
  store?.close();
  rmSync(folder, { recursive: true });
  await t?.close();
});

const PATH = '/api/_report-editor';
const put = async (slug: string, body: object, person: Person = 'analyst') => {
  const answer = await app.as(person)('PUT', `${PATH}/text/${slug}`, body);
  return { status: answer.status, body: (await answer.json()) as ReportSaved & { errors: object; record: object } };
};
const read = async (slug: string, person: Person = 'analyst') => {
  const answer = await app.as(person)('GET', `${PATH}/text/${slug}`);
  return { status: answer.status, body: (await answer.json()) as ReportText };
};
const status = async (person: Person, path: string) => (await app.as(person)('GET', path)).status;
const slugs = async (person: Person = 'analyst') => {
  const answer = await app.as(person)('GET', '/api/_reports');
  return ((await answer.json()) as ReportCatalogue).reports.map((report) => report.slug);
};

test('a text is published, is in the catalogue, runs for its roles, and is read by nobody once it is withdrawn', async () => {
  const saved = await put('sales/mine', { text: GOOD, note: 'first', version: null, publish: true });
  expect(saved).toMatchObject({
    status: 201,
    body: { number: 1, problem: null, report: { version: 2, live_number: 1 } },
  });
  expect(await slugs()).toContain('sales/mine');
  expect(await slugs('manager')).not.toContain('sales/mine');
  expect(await status('analyst', '/api/_reports/run/sales/mine')).toBe(200);
  expect(await status('analyst', '/api/_reports/csv/sales/mine')).toBe(200);
  expect(await status('manager', '/api/_reports/run/sales/mine')).toBe(403);

  const gone = await app.as('analyst')('POST', `${PATH}/text/sales/mine/unpublish`, { version: 2 });
  expect(gone.status).toBe(204);
  expect(await slugs()).not.toContain('sales/mine');
  expect(await status('analyst', '/api/_reports/run/sales/mine')).toBe(404);
  expect((await read('sales/mine')).body).toMatchObject({ text: GOOD, report: { live_number: null, last_number: 1 } });
});

test('a text with a mistake is kept as a draft and leaves what people read', async () => {
  await put('sales/kept', { text: GOOD, note: null, version: null, publish: true });
  const draft = await put('sales/kept', { text: WRONG, note: null, version: 2, publish: true });
  expect(draft).toMatchObject({
    status: 200,
    body: {
      number: 2,
      problem: { code: 'column_unknown', file: 'sales/kept.sql', line: 11 },
      report: { live_number: 1 },
    },
  });
  expect((await store.get('sales/kept'))?.live?.source.text).toBe(GOOD);
  const { body } = await read('sales/kept');
  expect(body).toMatchObject({ origin: 'browser', text: WRONG });
  expect(body.versions.map(({ number, published, by }) => [number, published, by])).toEqual([
    [2, false, 'Test analyst'],
    [1, true, 'Test analyst'],
  ]);
  const first = await app.as('analyst')('GET', `${PATH}/text/sales/kept/1`);
  expect(await first.json()).toEqual({ text: GOOD });
});

test('of two who save the same version the second is told who was first, and two new ones of a name are one', async () => {
  const [a, b] = await Promise.all(
    [1, 2].map((n) => put('sales/both', { text: `${GOOD}-- ${n}`, note: null, version: null, publish: true })),
  );
  expect([a!.status, b!.status].sort()).toEqual([201, 412]);
  const late = await put('sales/both', { text: GOOD, note: null, version: 1, publish: true });
  expect(late).toMatchObject({ status: 412, body: { record: { version: 2, number: 1, by: 'Test analyst' } } });
});

test('a file counts before a report of the browser, which is told so', async () => {
  expect(await put('sales/file', { text: GOOD, note: null, version: null, publish: true })).toMatchObject({
    status: 422,
    body: { errors: { slug: { key: 'report_is_file' } } },
  });
  await put('sales/later', { text: GOOD, note: null, version: null, publish: true });
  writeFileSync(join(folder, 'pages', 'sales', 'later.sql'), `${GOOD}-- the file`);
  await store.refresh();
  expect(await store.get('sales/later')).toMatchObject({ origin: 'file', text: `${GOOD}-- the file` });
  expect((await read('sales/later')).body).toMatchObject({ origin: 'file', report: { behind_file: true } });
  rmSync(join(folder, 'pages', 'sales', 'later.sql'));
  await store.refresh();
  expect(await store.get('sales/later')).toMatchObject({ origin: 'browser', text: GOOD });
});

test('a deleted report is gone from the lists; its name is free, and its versions are still there', async () => {
  await put('sales/gone', { text: GOOD, note: null, version: null, publish: true });
  expect((await app.as('analyst')('POST', `${PATH}/text/sales/gone/delete`, { version: 1 })).status).toBe(412);
  expect((await app.as('analyst')('POST', `${PATH}/text/sales/gone/delete`, { version: 2 })).status).toBe(204);
  expect(await slugs()).not.toContain('sales/gone');
  const again = await put('sales/gone', { text: `${GOOD}-- again`, note: null, version: null, publish: true });
  expect(again).toMatchObject({ status: 200, body: { number: 2 } });
  expect((await read('sales/gone')).body.versions).toHaveLength(2);
});

test('who may not write reports reads, checks and keeps none; who may not read a file does not read its text', async () => {
  for (const person of ['manager', 'viewer', 'operator', 'reviewer'] as const) {
    expect(await status(person, PATH)).toBe(403);
    expect((await read('sales/file', person)).status).toBe(403);
    expect((await put('sales/theirs', { text: GOOD, note: null, version: null }, person)).status).toBe(403);
    expect((await app.as(person)('POST', `${PATH}/check`, { text: GOOD, run: true })).status).toBe(403);
  }
  expect((await read('sales/managers')).status).toBe(403);
  expect((await read('sales/managers', 'administrator')).status).toBe(200);
  expect(await status('analyst', PATH)).toBe(200);
});

test('what is no text, no name, no area or no version is named', async () => {
  for (const [slug, body, field] of [
    ['sales/x', { text: 5, version: null }, 'text'],
    ['sales/x', { text: GOOD }, 'version'],
    ['sales/x', { text: GOOD, version: 0 }, 'version'],
    ['sales/x', { text: GOOD, version: null, note: 'x'.repeat(201) }, 'note'],
    ['sales/x', { text: GOOD, version: null, publish: 'yes' }, 'publish'],
    ['sales/x', { text: GOOD, version: null, more: 1 }, 'more'],
    ['sales/x', { text: 'x'.repeat(200_001), version: null }, 'text'],
    ['sales/X', { text: GOOD, version: null }, 'slug'],
    ['nowhere/x', { text: GOOD, version: null }, 'slug'],
    ['edit/x', { text: GOOD, version: null }, 'slug'],
  ] as const) {
    const answer = await put(slug, body);
    expect([slug, field, answer.status]).toEqual([slug, field, 422]);
    expect(Object.keys(answer.body.errors)).toEqual([field]);
  }
  expect((await put('sales/x', { text: GOOD, version: 3 })).status).toBe(404);
});

test('a text is run unsaved with what was chosen beside it, and a draft that was never published is in no list', async () => {
  const text = reportText({
    params:
      '\n  channel: { type: text, options: "select distinct channel, upper(channel) from report.sales order by 1" }',
    select: 'select sold_on, channel, orders\nfrom report.sales\nwhere :channel is null or channel = :channel',
  });
  const answer = await app.as('analyst')('POST', `${PATH}/check`, {
    ...{ slug: 'sales/try', text, run: true, params: { channel: ['store'], gone: ['x'] } },
  });
  const check = (await answer.json()) as ReportCheck;
  expect(check.result?.rows).toHaveLength(2);
  expect(check.choices).toEqual({
    channel: [
      { value: 'online', label: 'ONLINE' },
      { value: 'store', label: 'STORE' },
    ],
  });
  expect(await store.get('sales/try')).toBeUndefined();
  await put('sales/try', { text, note: null, version: null, publish: false });
  expect(await slugs()).not.toContain('sales/try');
});

test('every version and withdrawal is in the audit, and no login of the application alters a version', async () => {
  const entries = await t.db
    .selectFrom('app.audit_entries')
    .select(['action', 'user_id'])
    .where('resource', '=', 'browser_reports')
    .execute();
  expect(new Set(entries.map(({ action }) => action))).toEqual(
    new Set(['publish', 'unpublish', 'update', 'delete', 'create']),
  );
  expect(new Set(entries.map(({ user_id }) => user_id))).toEqual(new Set([app.id('analyst')]));
  await expect(t.db.updateTable('app.browser_report_versions').set({ note: 'x' }).execute()).rejects.toThrow(
    /permission/,
  );
  await expect(t.db.deleteFrom('app.browser_report_versions').execute()).rejects.toThrow(/permission/);
});

test('what another process published is read after its announcement', async () => {
  const { id } = await t.db
    .insertInto('app.browser_reports')
    .values({ slug: 'sales/elsewhere', live_number: 1 })
    .returning('id')
    .executeTakeFirstOrThrow();
  await t.db
    .insertInto('app.browser_report_versions')
    .values({ report_id: id, number: 1, body: GOOD, published: true, written_by: app.id('analyst') })
    .execute();
  expect(await store.get('sales/elsewhere')).toBeUndefined();
  const heard: string[] = [];
  const stop = store.onChange((slug) => heard.push(slug));
  await refreshReports(app.deps);
  stop();
  expect(heard).toEqual(expect.arrayContaining(['sales/elsewhere']));
  expect((await store.get('sales/elsewhere'))?.live).not.toBeNull();
});
