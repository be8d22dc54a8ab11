import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerEvent } from '../../api/contract.ts';
import type { ReportCatalogue, ReportDefinition, ReportDetails, ReportResult } from '../../api/contract-reports.ts';
import { REPORTS_FOLDER } from '../../api/report/metrics.ts';
import { type ReportStore, reportStore } from '../../api/report/store.ts';
import customers from '../../api/resources/customers.ts';
import { endEvents } from '../../api/routes/events.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { reportText, reportWorld } from '../reports/report-fixture.ts';

const ROWS = 'select sold_on, channel, orders\nfrom report.sales\n';
const SALES = reportText({
  head: 'limits: { rows: 3, timeout: 2s }\n',
  params: `
  period: { type: daterange, default: all }
  channel: { type: text, many: true, options: "select distinct channel, upper(channel) || :lang from report.sales order by 1" }`,
  columns: `
  sold_on: { role: time, label: [日期, Day] }
  channel: { role: series, labels: { online: [线上, =Online] } }
  orders: { role: measure, metric: orders }
  amount: { role: measure, metric: revenue_gross }
  sold_at: { role: detail, label: [时刻, Moment] }
  key: { role: detail, label: [键, Key], hidden: true }`,
  select: `select sold_on, channel, orders, amount, (sold_on + time '08:00')::timestamptz as sold_at, channel as key
from report.sales
where sold_on >= :period_from and sold_on < :period_to and (:channel is null or channel = any(:channel))
order by sold_on, channel`,
});

let t: TestDatabase;
let app: TestApp;
let store: ReportStore;
let folder: string;
const save = (slug: string, text: string) => writeFileSync(join(folder, 'pages', `${slug}.sql`), text);

beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t, { resources: new Map([['customers', customers]]) });
  await reportWorld(t);
  folder = mkdtempSync(join(tmpdir(), 'evergreen-reports-'));
  cpSync(join(REPORTS_FOLDER, 'metrics'), join(folder, 'metrics'), { recursive: true });
  mkdirSync(join(folder, 'pages', 'sales'), { recursive: true });
  save('sales/all', SALES);
  save('sales/few', reportText({ access: 'access: { roles: [manager] }' }));
  save(
    'sales/slow',
    reportText({
      head: 'limits: { rows: 5, timeout: 1s }\n',
      select: `with recursive n as (select 1 as i union all select i + 1 from n where i < 1000000000)\n${ROWS}where (select count(*) from n) = 0`,
    }),
  );
  save(
    'sales/zero',
    reportText({ select: 'select sold_on, channel, orders / (orders - 3) as orders\nfrom report.sales' }),
  );
  save('sales/wrong', reportText({ select: ROWS.replace('orders', 'oders') }));
  store = reportStore(app.deps, folder);
});
afterAll(async () => {
  endEvents(app.deps);
  store.close();
  rmSync(folder, { recursive: true });
  await t.close();
});

const run = async (query = '', person: Parameters<TestApp['as']>[0] = 'analyst') => {
  const answer = await app.as(person)('GET', `/api/_reports/run/sales/all${query}`);
  return {
    status: answer.status,
    body: (await answer.json()) as ReportResult & { message: string; params: { name: string } },
  };
};

test('a report runs with its defaults; values are exact and the cut is said', async () => {
  const { status, body } = await run();
  expect(status).toBe(200);
  expect(body).toMatchObject({
    slug: 'sales/all',
    params: { period: 'all', channel: null },
    columns: ['sold_on', 'channel', 'orders', 'amount', 'sold_at', 'key'],
    rows: [
      ['2026-03-01', 'online', 2, '20.50', '2026-03-01T00:00:00.000Z', 'online'],
      ['2026-03-01', 'store', 1, '7.00', '2026-03-01T00:00:00.000Z', 'store'],
      ['2026-03-02', 'online', 3, '30.00', '2026-03-02T00:00:00.000Z', 'online'],
    ],
    cut: true,
  });
});

test('parameters of the address are bound, whatever they contain', async () => {
  expect((await run('?period=2026-03-02..2026-03-09&channel=store')).body.rows).toHaveLength(1);
  expect((await run('?channel=store&channel=online&period=2026-03-01')).body).toMatchObject({ cut: false });
  expect((await run(`?channel=${encodeURIComponent("' or 1=1; --")}`)).body.rows).toEqual([]);
});

test('a parameter that is unknown or does not fit is a 400 that names it', async () => {
  for (const [query, name] of [
    ['?chanel=x', 'chanel'],
    ['?period=soon', 'period'],
    ['?period=', 'period'],
  ]) {
    const { status, body } = await run(query);
    expect(status).toBe(400);
    expect(body.params.name).toBe(name);
    expect(body.message).toContain(name);
  }
});

test('a report is for its roles and administrators; others neither see nor run it', async () => {
  const seen = async (person: Parameters<TestApp['as']>[0]) => {
    const catalogue = (await (await app.as(person)('GET', '/api/_reports')).json()) as ReportCatalogue;
    return catalogue.reports.map((report) => report.slug);
  };
  expect(await seen('manager')).toEqual(['sales/few']);
  expect(await seen('analyst')).toEqual(['sales/all', 'sales/slow', 'sales/wrong', 'sales/zero']);
  expect((await seen('administrator')).length).toBe(5);
  expect(await seen('viewer')).toEqual([]);
  for (const kind of ['run', 'csv', 'details']) {
    expect((await app.as('viewer')('GET', `/api/_reports/${kind}/sales/all`)).status).toBe(403);
    expect((await app.anyone('GET', `/api/_reports/${kind}/sales/all`)).status).toBe(401);
  }
  expect((await app.as('viewer')('GET', '/api/_reports/options/sales/all/channel')).status).toBe(403);
  expect((await app.as('analyst')('GET', '/api/_reports/run/sales/none')).status).toBe(404);
});

test('a slow report ends at its timeout with a sentence, one that divides by zero names its line', async () => {
  const slow = await app.as('analyst')('GET', '/api/_reports/run/sales/slow');
  expect(slow.status).toBe(504);
  expect((await slow.json()) as { message: string }).toMatchObject({ message: expect.stringContaining('too long') });
  const zero = await app.as('analyst')('GET', '/api/_reports/run/sales/zero');
  expect(zero.status).toBe(422);
  expect((await zero.json()) as { message: string }).toMatchObject({
    message: expect.stringContaining('division by zero'),
  });
});

test('a file that never compiled is listed with its problem and answers 409', async () => {
  const catalogue = (await (await app.as('analyst')('GET', '/api/_reports?_lang=zh')).json()) as ReportCatalogue;
  const wrong = catalogue.reports.find((report) => report.slug === 'sales/wrong');
  expect(wrong?.problem).toMatchObject({
    code: 'column_unknown',
    file: 'reports/pages/sales/wrong.sql',
    line: 11,
    column: 26,
  });
  expect(wrong?.problem?.message).toBe('没有列 oders');
  expect((await app.as('analyst')('GET', '/api/_reports/run/sales/wrong')).status).toBe(409);
});

test('CSV has the labels of the language, codes said, formulas disarmed, hidden columns left out, the cut in its name', async () => {
  const answer = await app.as('analyst')('GET', '/api/_reports/csv/sales/all?_lang=en');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  expect(new TextDecoder().decode(bytes)).toBe(
    [
      'Day,Channel,Orders,Order value,Moment',
      "2026-03-01,'=Online,2,20.50,2026-03-01T00:00:00.000Z",
      '2026-03-01,Store,1,7.00,2026-03-01T00:00:00.000Z',
      "2026-03-02,'=Online,3,30.00,2026-03-02T00:00:00.000Z",
      '',
    ]
      .join('\r\n')
      .replace('Store', 'store'),
  );
  expect(answer.headers.get('x-report-cut')).toBe('1');
  expect(decodeURIComponent(answer.headers.get('content-disposition') ?? '')).toContain('Sales (first 3 rows).csv');
});

test('choices of a parameter come from its query in the language of the page', async () => {
  const answer = await app.as('analyst')('GET', '/api/_reports/options/sales/all/channel?_lang=en');
  expect(await answer.json()).toEqual([
    { value: 'online', label: 'ONLINEen' },
    { value: 'store', label: 'STOREen' },
  ]);
  expect((await app.as('analyst')('GET', '/api/_reports/options/sales/all/period')).status).toBe(404);
});

test('details give the query, the metrics and the views read', async () => {
  const details = (await (await app.as('analyst')('GET', '/api/_reports/details/sales/all')).json()) as ReportDetails;
  expect(details.sql).toMatch(/^select sold_on/);
  expect(details.metrics.map((metric) => metric.code)).toEqual(['orders', 'revenue_gross']);
  expect(details.views).toMatchObject([{ name: 'sales', columns: [{ name: 'sold_on' }, {}, {}, {}] }]);
});

const report = async (slug: string): Promise<ReportDefinition | undefined> => {
  const catalogue = (await (await app.as('administrator')('GET', '/api/_reports')).json()) as ReportCatalogue;
  return catalogue.reports.find((each) => each.slug === slug);
};
const until = (holds: () => Promise<boolean>) => expect.poll(holds).toBe(true);

test('saving a file tells the open pages; a broken save keeps the last good one live, also after a restart', async () => {
  const answer = await app.as('administrator')('GET', '/api/_events');
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const events = readEvents(answer);
  await events.opened;

  save('sales/live', reportText());
  await until(async () => (await report('sales/live')) !== undefined);
  save('sales/live', reportText().replace('[销售, Sales]', '[销售, Better]'));
  await until(async () => (await report('sales/live'))?.title[1] === 'Better');
  save('sales/live', reportText().replace('report.sales', 'report.sale'));
  await until(async () => (await report('sales/live'))?.problem !== undefined);
  const broken = await report('sales/live');
  expect(broken).toMatchObject({
    title: ['销售', 'Better'],
    problem: { code: 'relation_unknown', line: 12, hint: 'Did you mean sales?' },
  });
  expect((await app.as('administrator')('GET', '/api/_reports/run/sales/live')).status).toBe(200);
  await until(
    async () => events.seen.filter((event) => event.type === 'report' && event.slug === 'sales/live').length >= 3,
  );

  // Another pool object is another process to the store: it starts from the files and what was published.
  const restarted = reportStore({ ...app.deps, report: Object.create(t.report) as typeof t.report }, folder);
  expect((await restarted.get('sales/live'))?.live?.definition.title[1]).toBe('Better');
  restarted.close();

  rmSync(join(folder, 'pages/sales/live.sql'));
  await until(async () => (await report('sales/live')) === undefined);
  await events.close();
});

test('what another process announces reaches the open pages', async () => {
  const events = readEvents(await app.as('viewer')('GET', '/api/_events'));
  await events.opened;
  const event: ServerEvent = { type: 'resource', name: 'customers', ids: [1, 2] };
  await until(async () => {
    await sql`select pg_notify('evergreen_events', ${JSON.stringify(event)})`.execute(t.db);
    await sql`select pg_notify('evergreen_events', 'not an event')`.execute(t.db);
    return events.seen.length > 0;
  });
  expect(events.seen[0]).toEqual(event);
  await events.close();
});

test('a metric that is changed is in force at once, one that is broken changes nothing', async () => {
  const path = join(folder, 'metrics', 'orders.yaml');
  const label = async () => (await report('sales/all'))?.columns.orders?.label[1];
  const text = (await import('node:fs')).readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('Orders]', 'Order count]'));
  await until(async () => (await label()) === 'Order count');
  writeFileSync(path, 'label: [订单数');
  await store.refresh();
  expect(await label()).toBe('Order count');
  writeFileSync(path, text);
  await until(async () => (await label()) === 'Orders');
});

test.each(['metrics', 'health', 'stages'])('an area called like a page of ours is refused: %s', async (name) => {
  mkdirSync(join(folder, 'pages', name));
  writeFileSync(join(folder, 'pages', name, '_page.yaml'), 'heading: [指标, Metrics]\n');
  save(`${name}/mine`, reportText());
  await store.refresh();
  expect(await report(`${name}/mine`)).toMatchObject({
    problem: {
      ...{ code: 'area_reserved', file: `reports/pages/${name}/_page.yaml`, line: 1, column: 1 },
      message: `/reports/${name} is a page of the console: no area can be called ${name}`,
      hint: `Rename the folder reports/pages/${name}`,
    },
  });
  expect((await app.as('analyst')('GET', `/api/_reports/run/${name}/mine`)).status).toBe(409);
  expect((await run()).status).toBe(200);

  // The mend that it names.
  renameSync(join(folder, 'pages', name), join(folder, 'pages', `our-${name}`));
  await until(async () => (await report(`our-${name}/mine`)) !== undefined);
  expect((await report(`our-${name}/mine`))?.problem).toBeUndefined();
  rmSync(join(folder, 'pages', `our-${name}`), { recursive: true });
  await store.refresh();
});

test('a heading that is wrong is told, and takes no report away', async () => {
  const path = join(folder, 'pages', 'sales', '_page.yaml');
  writeFileSync(path, 'order: 1\nheadng: [销售, Sales]\n');
  await store.refresh();
  expect((await report('sales/all'))?.problem).toMatchObject({
    ...{ code: 'unknown_key', file: 'reports/pages/sales/_page.yaml', line: 2, hint: 'Did you mean heading?' },
  });
  expect((await run()).status).toBe(200);
  rmSync(path);
  await store.refresh();
  expect((await report('sales/all'))?.problem).toBeUndefined();
});

test('a board names reports that there are, once; what somebody may not read is not on theirs', async () => {
  const path = join(folder, 'pages', 'sales', '_page.yaml');
  const board = async () => {
    const answer = await app.as('analyst')('GET', '/api/_reports');
    return ((await answer.json()) as ReportCatalogue).areas.find(({ name }) => name === 'sales')?.board;
  };
  expect(await board()).toBeUndefined();
  writeFileSync(path, 'heading: [销售, Sales]\nboard: [sales/all, sales/managers]\n');
  save('sales/managers', reportText({ access: 'access: { roles: [manager] }' }));
  await store.refresh();
  expect(await board()).toEqual(['sales/all']);
  for (const [list, code] of [
    ['[sales/all, sales/gone]', 'unknown_report'],
    ['["../../package"]', 'unknown_report'],
    ['[sales/all, sales/all]', 'board_too_long'],
  ]) {
    writeFileSync(path, `heading: [销售, Sales]\nboard: ${list}\n`);
    await store.refresh();
    expect((await report('sales/all'))?.problem).toMatchObject({ code, line: 2 });
    expect((await run()).status).toBe(200);
  }
  rmSync(path);
  rmSync(join(folder, 'pages', 'sales', 'managers.sql'));
  await store.refresh();
});

/** The events of a stream as they come. */
function readEvents(answer: Response) {
  const reader = answer.body!.getReader();
  const seen: ServerEvent[] = [];
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const reading = (async () => {
    for (let text = ''; ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      open();
      text += new TextDecoder().decode(value);
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) if (part.startsWith('data: ')) seen.push(JSON.parse(part.slice(6)) as ServerEvent);
    }
  })();
  return {
    seen,
    opened,
    close: async () => {
      await reader.cancel();
      await reading.catch(() => {});
    },
  };
}
