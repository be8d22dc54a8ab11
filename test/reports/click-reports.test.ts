/** Reports of clicks: given what a few visits did, the rows of each. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MetricDetails, ReportResult } from '../../api/contract-reports.ts';
import { pageChanges, pageFigures } from '../../api/report/retrospective-pages.ts';
import { reportStore } from '../../api/report/store.ts';
import { measuredPage, publishedVersion } from '../api/collecting.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

const DAY = '2026-03-02';
const NAMED = [{ id: 'hero', label: '主图', label_en: 'Hero' }];
let t: TestDatabase;
let a: TestApp;
let elements: Map<string, number>;
let versions: [first: number, second: number];
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  const { id: campaign_id } = await t.owner
    .insertInto('app.campaigns')
    .values({ code: 'tea', name: '春茶节', name_en: 'Spring tea', form: 'other', starts_on: DAY })
    .returning('id')
    .executeTakeFirstOrThrow();
  const spring = await measuredPage(t, 'spring', { elements: NAMED });
  const shop = await measuredPage(t, 'shop', { pattern: 'https://shop.example/*' });
  versions = [spring.page_version_id, await publishedVersion(t, spring.page_id, 2, NAMED)];
  await t.owner.updateTable('app.pages').set({ campaign_id }).where('id', '=', spring.page_id).execute();
  const { rows } = await sql<{ page_version_id: number; element: string; element_id: number }>`
    select * from ops.name_elements(
      ${versions.flatMap((each) => [each, each])}::bigint[], ${versions.flatMap(() => ['hero', 'coupon'])}::text[]
    )`.execute(t.db);
  elements = new Map(rows.map((row) => [`${versions.indexOf(row.page_version_id)} ${row.element}`, row.element_id]));
  const at = (name: string, version = 0) => elements.get(`${version} ${name}`)!;

  const element_path = (
    step: number,
    from: string | null,
    to: string | null,
    first: string | null,
    visits: number,
  ) => ({
    ...{ page_version_id: versions[0], day: DAY, device_class: 'phone', step, visit_count: visits },
    from_element_id: from ? at(from) : 0,
    to_element_id: to ? at(to) : 0,
    first_element_id: first ? at(first) : 0,
  });
  await t.owner
    .insertInto('app.elem_path_day')
    .values([
      element_path(1, null, null, null, 40),
      element_path(1, null, 'hero', 'hero', 50),
      element_path(1, null, 'coupon', 'coupon', 10),
      element_path(2, 'hero', 'coupon', 'hero', 30),
      element_path(2, 'hero', null, 'hero', 20),
      element_path(2, 'coupon', 'hero', 'coupon', 6),
      element_path(2, 'coupon', null, 'coupon', 4),
      element_path(3, 'coupon', null, 'hero', 30),
      element_path(3, 'hero', null, 'coupon', 6),
      { ...element_path(1, null, null, null, 100), page_version_id: versions[1] },
    ])
    .execute();
  await t.owner
    .insertInto('app.elem_day')
    .values([
      { ...elem(0, at('hero')), click_count: 100, visit_count: 56, rage_count: 5, dead_count: 20 },
      { ...elem(0, at('coupon')), click_count: 40, visit_count: 40, rage_count: 0, dead_count: 0 },
      { ...elem(1, at('hero', 1)), click_count: 70, visit_count: 70, rage_count: 0, dead_count: 1 },
      { ...elem(1, at('coupon', 1)), click_count: 40, visit_count: 40, rage_count: 0, dead_count: 0 },
    ])
    .execute();
  await t.owner
    .insertInto('app.page_day')
    .values(
      versions.map((page_version_id) => ({
        ...{ page_version_id, day: DAY, device_class: 'phone', view_count: 120, visit_count: 100, bot_view_count: 9 },
      })),
    )
    .execute();
  await t.owner
    .insertInto('app.scroll_day')
    .values(
      [10, 60, 30].map((visit_count, place) => ({
        ...{ page_version_id: versions[0], day: DAY, device_class: 'phone', depth_tenths: place * 5, visit_count },
      })),
    )
    .execute();
  const cell = (x: number, y: number, visits: number) => ({
    ...{ page_version_id: versions[0], week_on: DAY, device_class: 'phone', element_id: at('hero') },
    ...{ grid: 20, cell_x: x, cell_y: y, click_count: visits * 2, visit_count: visits, rage_count: 0, dead_count: 1 },
  });
  await t.owner
    .insertInto('app.cell_week')
    .values([cell(0, 0, 9), cell(19, 3, 3), cell(7, 7, 2)])
    .execute();
  const path = (step: number, from: number, to: number, visit_count: number) => ({
    ...{ day: DAY, device_class: 'phone', step, visit_count },
    ...{ from_page_id: from, to_page_id: to, first_page_id: spring.page_id },
  });
  await t.owner
    .insertInto('app.page_path_day')
    .values([
      path(1, spring.page_id, shop.page_id, 7),
      path(1, spring.page_id, 0, 3),
      path(2, shop.page_id, 0, 7),
      { ...path(1, shop.page_id, 0, 5), first_page_id: shop.page_id },
    ])
    .execute();
});
afterAll(async () => {
  reportStore(a.deps).close();
  await t?.close();
});

const elem = (version: number, element_id: number) => ({
  ...{ page_version_id: versions[version]!, day: DAY, device_class: 'phone', element_id },
});

/** The columns named, as numbers where they are, rounded to four places. */
async function rows(address: string, columns: string[]): Promise<unknown[][]> {
  const answer = await a.as('analyst')(
    'GET',
    `/api/_reports/run/clicks/${address}&period=2026-03-01..2026-03-31`,
    undefined,
    { 'accept-language': 'en' },
  );
  expect(answer.status, `${address}: ${await answer.clone().text()}`).toBe(200);
  const result = (await answer.json()) as ReportResult;
  return result.rows.map((row) =>
    columns.map((name) => {
      const value = row[result.columns.indexOf(name)];
      return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Math.round(Number(value) * 1e4) / 1e4 : value;
    }),
  );
}

describe('paths', () => {
  test('lead from the opening over what was clicked to the end, by name', async () => {
    expect(await rows('paths?version=1', ['step', 'from_element', 'to_element', 'visits'])).toEqual([
      [1, 'Opened', 'Hero', 50],
      [1, 'Opened', 'coupon', 10],
      [1, 'Opened', 'Left', 40],
      [2, 'Hero', 'coupon', 30],
      [2, 'coupon', 'Hero', 6],
      [2, 'Hero', 'Left', 20],
      [2, 'coupon', 'Left', 4],
      [3, 'coupon', 'Left', 30],
      [3, 'Hero', 'Left', 6],
    ]);
  });

  test('of one first click are those of its visits alone, to their end', async () => {
    expect(await rows('paths?version=1&first=coupon', ['step', 'from_element', 'to_element', 'visits'])).toEqual([
      [1, 'Opened', 'coupon', 10],
      [2, 'coupon', 'Hero', 6],
      [2, 'coupon', 'Left', 4],
      [3, 'Hero', 'Left', 6],
    ]);
  });

  test('beyond fifty are summed, and none is lost', async () => {
    const names = Array.from({ length: 80 }, (_, at) => `e.${at}`);
    const { rows: made } = await sql<{ element_id: number }>`
      select element_id from ops.name_elements(
        array_fill(${versions[1]}::bigint, array[80]), ${names}::text[]
      )`.execute(t.db);
    const many = made.map(({ element_id }, at) => ({
      ...{ page_version_id: versions[1], day: '2026-03-03', device_class: 'tablet', step: 1, from_element_id: 0 },
      ...{ to_element_id: element_id, first_element_id: element_id, visit_count: at + 1 },
    }));
    await t.owner.insertInto('app.elem_path_day').values(many).execute();
    const found = await rows('paths?version=2&device=tablet', ['from_element', 'to_element', 'visits']);
    expect(found).toHaveLength(51);
    expect(found.at(-1)).toEqual(['Other', 'Other', (30 * 31) / 2]);
    expect(found.reduce((sum, [, , visits]) => sum + Number(visits), 0)).toBe((80 * 81) / 2);
    await t.owner.deleteFrom('app.elem_path_day').where('device_class', '=', 'tablet').execute();
  });

  test('between pages have entry and exit, and follow one first page', async () => {
    expect(await rows('page-paths?', ['step', 'from_page', 'to_page', 'visits'])).toEqual([
      [1, 'spring', 'shop', 7],
      [1, 'shop', 'Left', 5],
      [1, 'spring', 'Left', 3],
      [2, 'shop', 'Left', 7],
    ]);
    expect(await rows('page-paths?first=shop', ['from_page', 'visits'])).toEqual([['shop', 5]]);
    expect(await rows('page-entry-exit?', ['page', 'place', 'visits'])).toEqual([
      ['shop', 'entry', 5],
      ['shop', 'exit', 12],
      ['spring', 'entry', 10],
      ['spring', 'exit', 3],
    ]);
  });

  test('lose visits at each step; of fewer than thirty nothing is said', async () => {
    expect(await rows('drop-off?version=1', ['step', 'reached', 'left', 'drop_off'])).toEqual([
      [1, 100, 40, 0.4],
      [2, 60, 24, 0.4],
      [3, 36, 36, 1],
    ]);
    expect(await rows('drop-off?version=1&first=coupon', ['reached', 'drop_off', 'low'])).toEqual([
      [10, null, null],
      [10, null, null],
      [6, null, null],
    ]);
  });

  test('begin and end with elements', async () => {
    expect(await rows('entry-exit?version=1', ['element', 'place', 'visits'])).toEqual([
      ['Hero', 'first', 50],
      ['Hero', 'last', 26],
      ['coupon', 'first', 10],
      ['coupon', 'last', 34],
    ]);
  });
});

test('the grid of an element has all of its cells, those of fewer than three visits without a number', async () => {
  const cells = await rows('grid?', ['across', 'down', 'clicks', 'element']);
  expect(cells).toHaveLength(400);
  expect(cells.filter(([, , clicks]) => clicks !== null)).toEqual([
    [0, 0, 18, 'Hero'],
    [95, 15, 6, 'Hero'],
  ]);
  expect(await rows('grid?element=coupon', ['clicks'])).toEqual([]);
});

test('scroll reach goes from all of the visits down to those that saw the end', async () => {
  const reach = await rows('scroll-reach?', ['depth', 'reach', 'visits', 'low', 'high']);
  expect(reach.map((row) => row.slice(0, 3))).toEqual([
    ...[0].map((depth) => [depth, 1, 100]),
    ...[10, 20, 30, 40, 50].map((depth) => [depth, 0.9, 90]),
    ...[60, 70, 80, 90, 100].map((depth) => [depth, 0.3, 30]),
  ]);
  // Wilson, 30 of 100.
  expect(reach.at(-1)!.slice(3)).toEqual([0.2189, 0.3958]);
});

test('elements have a click rate with its interval and their part of all clicks', async () => {
  const columns = ['element', 'click_rate', 'low', 'high', 'clicking', 'visits', 'clicks', 'page_clicks'];
  expect(await rows('elements?version=1', columns)).toEqual([
    ['Hero', 0.56, 0.4623, 0.6533, 56, 100, 100, 140],
    ['coupon', 0.4, 0.3094, 0.498, 40, 100, 40, 140],
  ]);
});

test('rage and dead clicks are shares of the clicks on an element', async () => {
  expect(await rows('rage-dead?version=1', ['element', 'trouble', 'rate', 'troubled', 'clicks'])).toEqual([
    ['Hero', 'rage', 0.05, 5, 100],
    ['Hero', 'dead', 0.2, 20, 100],
  ]);
});

test('two versions differ by the difference of their rates, with its interval', async () => {
  const columns = ['element', 'rate', 'other_rate', 'difference', 'low', 'high', 'compared'];
  const found = await rows('versions?', columns);
  expect(found.map((row) => row.slice(0, 4))).toEqual([
    ['Hero', 0.56, 0.7, 0.14],
    ['coupon', 0.4, 0.4, 0],
  ]);
  expect(found[0]!.at(-1)).toBe('v1 → v2');
  const { rows: asked } = await sql<{ low: string; high: string }>`
    select report.newcombe_low(70, 100, 56, 100) as low, report.newcombe_high(70, 100, 56, 100) as high`.execute(t.db);
  expect(found[0]!.slice(4, 6)).toEqual(
    [asked[0]!.low, asked[0]!.high].map((each) => Math.round(Number(each) * 1e4) / 1e4),
  );
  // The other way round.
  expect((await rows('versions?version=2&other=1', columns))[0]!.slice(3, 4)).toEqual([-0.14]);
});

test('devices and campaigns have visits, click rate and trouble', async () => {
  expect(
    await rows('devices?version=1', ['device_class', 'visits', 'click_rate', 'clicks', 'rage', 'dead_rate']),
  ).toEqual([['phone', 100, 0.6, 140, 5, 0.1429]]);
  expect(await rows('campaigns?', ['campaign', 'visits', 'clicking', 'click_rate', 'clicks'])).toEqual([
    ['Spring tea', 200, 60, 0.3, 250],
  ]);
});

test('a month says how its pages, elements and paths differ from those of the month before', async () => {
  const april = { page_version_id: versions[0], day: '2026-04-05', device_class: 'phone' };
  const hero = elements.get('0 hero')!;
  const path = { ...april, step: 1, from_element_id: 0 };
  await t.owner
    .insertInto('app.elem_path_day')
    .values([
      { ...path, to_element_id: hero, first_element_id: hero, visit_count: 90 },
      { ...path, to_element_id: 0, first_element_id: 0, visit_count: 10 },
    ])
    .execute();
  const clicks = { click_count: 100, visit_count: 90, rage_count: 1, dead_count: 2 };
  await t.owner
    .insertInto('app.elem_day')
    .values({ ...april, element_id: hero, ...clicks })
    .execute();
  await t.owner
    .insertInto('app.scroll_day')
    .values({ ...april, depth_tenths: 5, visit_count: 100 })
    .execute();

  const { pages } = await pageChanges(a.deps, { month_on: '2026-04-01', time_zone: 'Asia/Shanghai' });
  expect(pages).toMatchObject([
    {
      ...{ code: 'spring', visits: 100, before_visits: 200, clicks: 100, claims: 0 },
      click_rate: { before: '0.300000', after: '0.900000', low: '0.825634' },
      rage_rate: { before: '0.020000', after: '0.010000' },
      dead_rate: { before: '0.084000', after: '0.020000' },
      half_rate: { before: '0.900000', after: '1.000000' },
      end_rate: { before: '0.300000', after: '0.000000' },
    },
  ]);
  const [element] = pages[0]!.elements;
  expect(element).toMatchObject({ label: ['主图', 'Hero'], click_rate: { before: '0.630000', after: '0.900000' } });
  expect(element!.difference).toMatchObject({ value: '0.270000' });
  expect(Number(element!.difference!.low)).toBeGreaterThan(0.15);
  expect(pages[0]!.paths[0]).toMatchObject({
    ...{ from: null, to: ['主图', 'Hero'] },
    ...{ share: { before: '0.250000', after: '0.900000' }, difference: { value: '0.650000' } },
  });
  // Nothing is said of what did not move by more than its interval.
  expect(pages[0]!.paths.every(({ difference: { low, high } }) => Number(low) > 0 || Number(high) < 0)).toBe(true);
  const ids = pageFigures({ pages }, '2026-04-01').map(({ id, value }) => [id, value]);
  expect(ids[0]).toEqual(['pages/spring/click_rate/2026-04-01', '0.900000']);
});

test('metrics of pages are read by month: visits, click rate, trouble and claims', async () => {
  const of = async (code: string) => {
    const answer = await a.as('analyst')('GET', `/api/_metrics/${code}?grain=month`);
    const { course } = (await answer.json()) as MetricDetails;
    const march = course!.rows.find(([step]) => step === '2026-03-01');
    return ['num', 'den', 'value'].map((name) => Number(march?.[course!.columns.indexOf(name)] ?? 0));
  };
  expect(await of('page_click_rate')).toEqual([60, 200, 0.3]);
  expect(await of('page_rage_rate')).toEqual([5, 250, 0.02]);
  expect(await of('page_dead_rate')).toEqual([21, 250, 0.084]);
  expect((await of('page_visits')).at(-1)).toBe(200);

  const { id: customer_id } = await t.owner
    .insertInto('app.customers')
    .values({ external_id: 'P-1', enrolled_on: '2026-01-01' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { id: template_id } = await t.owner
    .insertInto('app.coupon_templates')
    .values({ code: 'tea', name: '茶券', name_en: 'Tea', kind: 'fixed', amount: '5', distribution: 'claim' })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const [number, source, answer] of [
    [1, 'page', {}],
    [2, 'till', {}],
    [3, 'page', { refusal: 'expired' }],
  ] as const) {
    await sql`
      with coupon as (
        insert into app.coupons (customer_id, template_id, source, external_id, status, claimed_at, claimed_on, issued_at, issued_on, valid_from_at, valid_until_at)
        values (${customer_id}, ${template_id}, ${source}, ${`c-${number}`}, 'claimed', '2026-03-02T03:00:00Z', '2026-03-02', '2026-03-02T03:00:00Z', '2026-03-02',
          '2026-03-02T03:00:00Z', '2026-05-02T03:00:00Z')
        returning id
      )
      insert into app.fact_keys (source, kind, external_id, customer_id, fact_id, answer)
      select ${source}, 'coupon', ${`spring.offer.${customer_id}.${number}`}, ${customer_id}, coupon.id, ${JSON.stringify(answer)}::jsonb
      from coupon`.execute(t.owner);
  }
  expect(await of('page_claim_conversion')).toEqual([1, 200, 0.005]);
});
