/** The figures of a heatmap against the single events that they are of. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../api/contract.ts';
import type { ClickComparison, ClickHints, ClickMap } from '../../api/contract-clicks.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { batchOf, clicked, collect, measuredPage, newVisit, publishedVersion } from './collecting.ts';

let t: TestDatabase;
let a: TestApp;
const MAP = '/api/_clicks/map?page=spring&version=1';

beforeAll(async () => {
  t = await testDatabase();
  const { page_id } = await measuredPage(t, 'spring');
  await publishedVersion(t, page_id, 2);
  await measuredPage(t, 'shop', { pattern: 'https://shop.example/*' });
  a = await testApp(t);
  // Ten visits: all click "hero" at one point, four "coupon", where it has no effect; one each clicks somewhere else.
  for (let at = 0; at < 10; at++) {
    const events = [
      { kind: 'view', at: Date.now() - 2000 },
      clicked({ x: 2500, y: 7500 }),
      ...(at < 4
        ? [
            clicked({ element: 'coupon', x: 5000, y: 5000 }),
            clicked({ kind: 'dead', element: 'coupon', x: 5000, y: 5000 }),
          ]
        : []),
      ...(at === 9
        ? [clicked({ element: 'lonely', x: 1, y: 1 }), clicked({ kind: 'rage', element: 'lonely', x: 1, y: 1 })]
        : []),
      { kind: 'scroll', at: Date.now() - 100, y: at < 5 ? 9999 : 3400 },
    ];
    expect((await collect(a, batchOf({ visit: newVisit(), events }))).body).toMatchObject({ invalid: 0 });
  }
  // On a desk, on the other version, and by a robot: none of these are among those on a telephone.
  await collect(a, batchOf({ visit: newVisit(), width: 1440 }));
  await collect(a, batchOf({ visit: newVisit(), version: 2 }));
  await collect(a, batchOf({ visit: newVisit(), robot: true }));
  await sql`select ops.refresh_click_days()`.execute(t.db);
}, 120_000);
afterAll(() => t?.close());

async function ask<T>(path: string): Promise<T> {
  const answer = await a.as('analyst')('GET', path);
  expect(answer.status, path).toBe(200);
  return (await answer.json()) as T;
}

test('elements, scrolling and devices are as the single events say', async () => {
  const map = await ask<ClickMap>(MAP);
  expect(map).toMatchObject({ page: 'spring', version: 1, device: 'phone', too_few: false });
  expect(
    map.elements.map((each) => [each.element, each.click_count, each.visit_count, each.dead_count, each.rage_count]),
  ).toEqual([
    ['hero', 10, 10, 0, 0],
    ['coupon', 4, 4, 4, 0],
    ['lonely', 1, 1, 0, 1],
  ]);
  const { rows } = await sql<Row>`select report.wilson_low(4, 10) as low, report.wilson_high(4, 10) as high`.execute(
    t.db,
  );
  expect(map.elements[1]).toMatchObject({
    ...{ page_visit_count: 10, click_rate: '0.400000', dead_rate: '1.000000' },
    ...{ click_rate_low: rows[0]!.low, click_rate_high: rows[0]!.high },
  });
  expect(map.scroll.map((each) => each.visit_count)).toEqual([10, 10, 10, 10, 5, 5, 5, 5, 5, 5, 5]);
  expect(map.devices.map((each) => [each.device_class, each.visit_count])).toEqual([
    ['phone', 10],
    ['desktop', 1],
  ]);
});

test('places are where the clicks are; cells of fewer than three visits are not shown', async () => {
  const { places } = await ask<ClickMap>(MAP);
  expect(places.cells).toEqual([
    ['hero', 2500, 7500, 10, 0, 0, 100],
    ['coupon', 5000, 5000, 4, 0, 4, 100],
  ]);
  expect(places).toMatchObject({ shown_count: 14, hidden_count: 1, summed: false, known_from: null });
});

test('many clicks are drawn from cells of days and weeks, and what these do not hold yet from the single ones', async () => {
  const { page_version_id: version } = await measuredPage(t, 'crowded');
  await sql`select ops.name_elements(array[${version}::bigint], array['wall'])`.execute(t.db);
  const add = async (days: string) => {
    await sql`
      insert into app.page_event (occurred_at, visit_id, page_version_id, element_id, received_on, x, y, kind, device_class, bot)
      select
        days.day + interval '12 hours', numbers.n, ${version}, page_elements.id, days.day,
        numbers.n * 7 % 10000, numbers.n * 13 % 10000, 'click', 'phone', false
      from base.programme
      cross join unnest(${days}::integer[]) as back (days)
      cross join lateral (select programme.today_on - back.days as day) as days
      cross join generate_series(1, 1500) as numbers (n)
      inner join app.page_elements on page_elements.page_version_id = ${version} and page_elements.element = 'wall'
    `.execute(t.owner);
    await sql`
      insert into app.dirty_click_days (page_version_id, day)
      select ${version}, programme.today_on - days from base.programme cross join unnest(${days}::integer[]) as back (days)
    `.execute(t.owner);
    await sql`select ops.refresh_click_days()`.execute(t.db);
  };
  const places = async () => (await ask<ClickMap>('/api/_clicks/map?page=crowded&version=1&period=last_28d')).places;
  const whole = (of: ClickMap['places']) => of.shown_count + of.hidden_count;
  await add('{1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17}');
  // Days were counted, their cells are not made before the night.
  const before = await places();
  expect([before.summed, whole(before)]).toEqual([false, 17 * 1500]);
  await sql`select ops.refresh_click_history(today_on) from base.programme`.execute(t.db);
  const after = await places();
  expect([after.summed, whole(after)]).toEqual([true, 17 * 1500]);
  // What came late opens a day, and with it its week, again.
  await add('{3,10}');
  expect(whole(await places())).toBe(19 * 1500);
  for (const [, x, y, , , , grid] of (await places()).cells)
    expect([50, 20, 10].includes(grid) && Math.min(x, y) >= 0 && Math.max(x, y) < 10_000, `${x} ${y} ${grid}`).toBe(
      true,
    );
});

test('what is not read within its time says to choose fewer days, in the language of who asked', async () => {
  const holding = await t.owner.startTransaction().execute();
  await sql`lock table app.elem_day, app.page_event in access exclusive mode`.execute(holding);
  const answer = await a.as('analyst')('GET', MAP, undefined, { 'accept-language': 'zh' });
  await holding.rollback().execute();
  const { key, message } = (await answer.json()) as { key: string; message: string };
  expect([answer.status, key, message]).toEqual([504, 'too_many_clicks', expect.stringContaining('日期')]);
  expect((await a.as('analyst')('GET', MAP)).status).toBe(200);
}, 60_000);

test('of fewer than five customers nothing is said', async () => {
  await t.owner.transaction().execute(async (trx) => {
    await sql`insert into app.tiers (code, name, name_en, rank, color) values ('rare', '稀', 'Rare', 90, '#333333') on conflict do nothing`.execute(
      trx,
    );
  });
  const map = await ask<ClickMap>(`${MAP}&tier=rare`);
  expect(map).toMatchObject({ too_few: true, elements: [], places: { cells: [] } });
});

test('two versions are compared by their rates with an interval', async () => {
  const { elements } = await ask<ClickComparison>('/api/_clicks/compare?page=spring&version=1&with_version=2');
  expect(elements.find(({ element }) => element === 'hero')).toMatchObject({
    ...{ click_rate: '1.000000', other_click_rate: '1.000000', verdict: 'unclear' },
  });
});

test('a rule speaks only where the whole interval is beyond its threshold', async () => {
  await t.owner.deleteFrom('app.page_hints').execute();
  const hint = (code: string, threshold: string) => ({
    ...{
      code,
      name: code,
      name_en: code,
      measure: 'dead_rate',
      threshold,
      min_count: 10,
      advice: '改',
      advice_en: 'Change it',
    },
  });
  await t.owner
    .insertInto('app.page_hints')
    .values([hint('low', '0.1000'), hint('high', '0.9000')])
    .execute();
  const said = async () =>
    (await ask<ClickHints>('/api/_clicks/hints?page=spring&version=1')).hints.map((each) => [each.code, each.element]);
  // Four clicks are too few for any rule.
  expect(await said()).toEqual([]);
  for (let at = 0; at < 8; at++) {
    const places = { element: 'coupon', x: 5000, y: 5000 };
    await collect(
      a,
      batchOf({
        visit: newVisit(),
        version: 2,
        events: [clicked(places), ...(at < 5 ? [clicked({ ...places, kind: 'dead' })] : [])],
      }),
    );
    await collect(a, batchOf({ visit: newVisit(), version: 2, events: [clicked(places)] }));
  }
  await sql`select ops.refresh_click_days()`.execute(t.db);
  // 5 of 16: its interval begins above a tenth and ends below nine.
  expect((await ask<ClickHints>('/api/_clicks/hints?page=spring&version=2')).hints.map(({ code }) => code)).toEqual([
    'low',
  ]);
});

test.each([
  ['page', '?page=1%20or%201'],
  ['version', '?page=spring&version=-1'],
  ['device', '?page=spring&device=watch'],
  ['period', '?page=spring&period=yesterday-ish'],
  ['period', '?page=spring&period=2020-01-01..2026-01-01'],
  ['segment', "?page=spring&segment=x';drop"],
  ['tier', '?page=spring&tier=%00'],
  ['colour', '?page=spring&colour=red'],
  ['device', '?page=spring&device=phone&device=desktop'],
])('a wrong %s is refused by its name', async (name, query) => {
  const answer = await a.as('analyst')('GET', `/api/_clicks/map${query}`);
  expect([answer.status, (await answer.json()) as Row]).toMatchObject([
    400,
    { key: 'bad_parameter', message: expect.stringContaining(name) },
  ]);
});

test('pages of others have a tag and no picture; who may not read reports sees nothing', async () => {
  const { pages } = await ask<{ pages: Row[] }>('/api/_clicks/pages');
  expect(pages.find(({ code }) => code === 'shop')).toMatchObject({
    kind: 'external',
    script: expect.stringContaining('data-page="shop"'),
  });
  expect((await a.as('analyst')('GET', '/api/_clicks/picture?page=shop')).status).toBe(404);
  expect((await a.as('customer_service')('GET', '/api/_clicks/pages')).status).toBe(403);
  expect((await a.as('analyst')('GET', '/api/_clicks/hints?page=spring&tops=hero:nowhere')).status).toBe(400);
  const csv = await (await a.as('analyst')('GET', '/api/_clicks/csv?page=spring&version=1&_lang=en')).text();
  expect(csv.split('\r\n')[1]).toMatch(/^hero,hero,10,10,10,10,1\.000000,/);
});
