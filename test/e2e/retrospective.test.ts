/** The monthly retrospective by screen: written, commented, put into words beside somebody else, decided, signed; for phones too. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportStore } from '../../api/report/store.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
  await sql`
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount)
    select day, channel, true, 10, case when day >= '2026-01-01' then 1500 else 1000 + extract(month from day)::integer % 2 end, 0
    from generate_series('2025-01-01'::date, '2026-02-10', interval '1 day') as day
    cross join (values ('online'), ('store')) as channels (channel)
  `.execute(t.owner);
  await sql`
    insert into app.order_period (grain, starts_on, buyer_count, repeat_buyer_count)
    values ('month', '2025-12-01', 300, 90), ('month', '2026-01-01', 310, 81)
  `.execute(t.owner);
  await sql`
    insert into app.metric_targets (metric, grain, measure, target_value, starts_on)
    values ('orders', 'month', 'number', 700, '2025-01-01')
  `.execute(t.owner);
}, 240_000);
afterAll(async () => {
  if (browser) reportStore(browser.app.deps).close();
  await browser?.close();
  await t?.close();
});

const MONTH = '/reports/retrospectives/2026-01';

test('a month is written, commented, put into words, decided, handed in and signed by somebody else', {
  timeout: 12 * PATIENCE_MS,
}, async () => {
  await browser.app.as('analyst')('POST', '/api/_retrospectives/2026-01', {});
  const page = await browser.open('analyst', '/reports/retrospectives');
  await page.getByRole('link', { name: '2026-01 · 第 1 版' }).click();
  await page.getByRole('heading', { name: '2026-01 月度复盘' }).waitFor();
  await page.getByRole('table', { name: '记分卡' }).waitFor();
  expect(
    await page
      .getByRole('table', { name: '记分卡' })
      .getByRole('row', { name: /^订单数/ })
      .textContent(),
  ).toContain('未达成');
  expect(await page.getByText('净销售额 ¥93,000.00，上月 ¥62,000.00，变动 +¥31,000.00。').count()).toBe(1);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'retrospective');

  const text = page.getByRole('textbox', { name: '编者按' });
  await text.fill('一月客单价提高');
  await page.getByText('已保存').waitFor();
  // Somebody else writes meanwhile: theirs is shown, mine stays until I choose.
  const { version } = (await (await browser.app.as('operator')('GET', '/api/_retrospectives/2026-01')).json()) as {
    version: number;
  };
  await browser.app.as('operator')('PUT', '/api/_retrospectives/2026-01/1/text', { text: '别人的话', version });
  await text.fill('我的话');
  await page.getByText('其他人刚刚保存了另一段文字').waitFor();
  expect(await page.getByText('别人的话').count()).toBe(1);
  await page.getByRole('button', { name: '用我的覆盖' }).click();
  await page.getByText('已保存').waitFor();

  const drivers = page.getByRole('region', { name: '变化与原因' });
  await drivers.getByRole('button', { name: '评论' }).click();
  await drivers.getByRole('textbox', { name: '写评论' }).fill('为什么？');
  await drivers.getByRole('button', { name: /发\s*表/ }).click();
  await drivers.getByText('为什么？').waitFor();
  await browser.app.as('analyst')('POST', '/api/retrospective_actions', {
    ...{
      decision: '给沉睡客户打电话',
      month_on: '2026-01-01',
      due_on: '2026-03-01',
      owner_id: browser.app.id('operator'),
    },
  });
  await page.getByRole('button', { name: '提交审阅' }).click();
  await page.getByText('审阅中').waitFor();
  expect(await page.getByRole('link', { name: '给沉睡客户打电话' }).count()).toBe(1);
  expect(faults.get(page)?.filter((fault) => !fault.includes('412'))).toEqual([]);

  const signer = await browser.open('manager', MONTH);
  await signer.getByRole('button', { name: /^签\s*署$/ }).click();
  await signer
    .getByRole('tooltip')
    .getByRole('button', { name: /签\s*署/ })
    .click();
  await signer.getByText('Test manager 于', { exact: false }).waitFor();
  expect(await signer.getByRole('textbox', { name: '编者按' }).count()).toBe(0);
  expect(await signer.getByText('我的话').count()).toBe(1);
});

test('what moved since is named; on a phone, in English and in the dark nothing reaches over the edge', {
  timeout: 10 * PATIENCE_MS,
}, async () => {
  await sql`update app.order_day set returned_amount = 60 where day = '2026-01-31' and channel = 'online'`.execute(
    t.owner,
  );
  await browser.app.as('analyst')('POST', '/api/_retrospectives/2026-01', {});
  const look = { lang: 'en', theme: 'dark', width: 390 } as const;
  const page = await browser.open('manager', `${MONTH}/changes/2`, look);
  await page.getByRole('row', { name: /^Net sales 2026-01/ }).waitFor();
  const within = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
  expect(await within()).toBe(true);
  expect(await axe(page)).toEqual([]);

  await page.goto(new URL(MONTH, page.url()).href);
  await page.getByRole('heading', { name: 'What changed, and by what' }).waitFor();
  expect(await within()).toBe(true);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'retrospective-phone');
});
