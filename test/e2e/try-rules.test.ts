/** Rules and tiers on their way into force, on the screens: tried, previewed, published from a date, taken back; seen by what orders earn. */
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../api/contract.ts';
import { processFacts } from '../../api/engine/process.ts';
import { runJob } from '../../api/jobs.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
let purchase: number;
let silver: number;
let customer: number;
let number = 0;
const J = { timeout: 6 * PATIENCE_MS };
beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
  purchase = await made('/api/earn_rules', {
    ...{ code: 'purchase', name: '消费积分', name_en: 'Purchase', status: 'active', points: 1, per_amount: '1' },
  });
  const spend = { basis: 'spend', window_kind: 'lifetime', validity_kind: 'forever', downgrade: 'none' };
  await made('/api/tiers', { code: 'regular', name: '普通会员', name_en: 'Regular', rank: 0, enter_at: '0', ...spend });
  silver = await made('/api/tiers', {
    ...{ code: 'silver', name: '银卡会员', name_en: 'Silver', rank: 1, enter_at: '1000', ...spend },
  });
  // Both have been there for long.
  await sql`insert into app.programme_versions (resource, record_id, effective_from_at, body)
    select resource, record_id, '2020-01-01', body from app.programme_versions where resource in ('earn_rules', 'tiers')`.execute(
    t.owner,
  );
  customer = await newCustomer();
  await order(60);
  await work();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});

async function made(path: string, body: Row): Promise<number> {
  const answer = await browser.app.as('operator')('POST', path, body);
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { id: number }).id;
}
const newCustomer = () => made('/api/customers', { external_id: `e${++number}` });
const work = () => processFacts(browser.app.deps, { until_at: new Date(Date.now() + 2_000).toISOString() });

/** An order of 100 so many seconds ago, worked in. @returns what it gave, and the tier it left its customer in */
async function order(seconds = 0): Promise<{ points: number; tier: string | undefined }> {
  const { id } = await t.db
    .insertInto('app.orders')
    .values({
      ...{ customer_id: customer, source: 'test', external_id: `o${++number}`, amount: '100', placed_on: '2026-01-01' },
      placed_at: sql<string>`clock_timestamp() - make_interval(secs => ${seconds})`,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await work();
  const lot = await t.db
    .selectFrom('app.points_lots')
    .select('issued')
    .where('book_id', '=', 0)
    .where('origin_kind', '=', 'order')
    .where('origin_id', '=', id)
    .executeTakeFirst();
  const state = await t.db
    .selectFrom('app.tier_states')
    .innerJoin('app.tiers', 'app.tiers.id', 'app.tier_states.tier_id')
    .select('app.tiers.code')
    .where('book_id', '=', 0)
    .where('customer_id', '=', customer)
    .executeTakeFirst();
  return { points: Number(lot?.issued), tier: state?.code };
}

/** Takes back the latest change, by the history of the record. */
async function takeBack(page: Page, path: string): Promise<void> {
  await page.goto(browser.address + path);
  await page.getByRole('button', { name: '变更历史' }).click();
  await page.getByRole('button', { name: '撤销此次修改' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: '撤销此次修改', exact: true }).last().click();
  await page.getByText('已撤销').waitFor();
}

test(
  'an earn rule is tried, previewed and published from a date; orders then earn by it, and by the old one when it is taken back',
  J,
  async () => {
    expect((await order()).points).toBe(100);
    const page = await browser.open('operator', `/earn_rules/${purchase}/edit`);
    await page.getByLabel('数额', { exact: false }).first().fill('3');

    // What a single order would bring by what is typed, beside the form.
    const [trial] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('button', { name: '试算', exact: true }).click(),
    ]);
    await trial.getByText('正在试算草稿：消费积分').waitFor();
    await trial.getByLabel('订单金额').fill('250');
    await trial.getByRole('button', { name: '试算', exact: true }).click();
    await trial.getByText('+750').first().waitFor();
    await picture(trial, 'try-rules-waterfall');
    expect(await axe(trial)).toEqual([]);
    await trial.close();

    // What it would do to everybody, before it is saved.
    const impact = page.getByRole('complementary', { name: '影响预估' });
    await impact.getByText('1 位更多，0 位更少').waitFor();
    await picture(page, 'try-rules-impact');
    await page.getByRole('button', { name: '另行提交…' }).click();
    await page.getByLabel('生效时间').fill('2099-01-01 00:00');
    await page.keyboard.press('Enter');
    await page.getByLabel('变更说明').fill('周年庆');
    await page.getByRole('dialog').getByRole('button', { name: '提交', exact: true }).click();
    await page.getByText('已提交变更申请').waitFor();
    expect((await order()).points).toBe(100);

    // Its time comes; the job is a few seconds late.
    await sql`update app.change_requests set effective_at = clock_timestamp() - interval '5 seconds',
    submitted_at = now() - interval '1 day', created_at = now() - interval '1 day' where record_id = ${purchase}`.execute(
      t.owner,
    );
    await runJob(browser.app.deps, 'publish_changes', new Date().toISOString().slice(0, 10));
    await work();
    expect((await order()).points).toBe(300);

    await takeBack(page, `/earn_rules/${purchase}`);
    expect((await order()).points).toBe(100);
    expect(faults.get(page)).toEqual([]);
  },
);

test('a tier change is previewed, lifts who reaches it, and lifts nobody once it is taken back', J, async () => {
  customer = await newCustomer();
  expect((await order()).tier).toBe('regular');
  const page = await browser.open('operator', `/tiers/${silver}/edit`);
  const enter = page.getByLabel('升级门槛', { exact: false }).first();
  await enter.fill('150');
  const impact = page.getByRole('complementary', { name: '影响预估' });
  await impact.getByText('谁会变动').waitFor();
  await picture(page, 'try-rules-tier-impact');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  // The record's page again, not the form's.
  await page.waitForURL(`**/tiers/${silver}`);
  expect((await order()).tier).toBe('silver');
  const rose = customer;

  await takeBack(page, `/tiers/${silver}`);
  customer = await newCustomer();
  await order();
  expect((await order()).tier).toBe('regular');
  // Nothing that was reached is taken away.
  customer = rose;
  expect((await order()).tier).toBe('silver');
  expect(faults.get(page)).toEqual([]);
});

test('a back-test of a form’s values: started, worked, read, in English, dark and on a phone', J, async () => {
  const page = await browser.open('operator', `/earn_rules/${purchase}/edit`, { lang: 'en', theme: 'dark' });
  await page.getByLabel('Points', { exact: false }).first().fill('2');
  const [tests] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('button', { name: 'Back-test', exact: true }).click(),
  ]);
  await tests.getByRole('list', { name: 'Changes to test' }).getByText('Purchase').waitFor();
  expect(await axe(tests)).toEqual([]);
  await tests.getByRole('button', { name: 'Start', exact: true }).click();
  await tests.getByText('customers were worked').waitFor();
  await tests.getByRole('heading', { name: 'Who gets more', exact: true }).waitFor();
  await tests.getByRole('img', { name: /Points given each month/ }).waitFor();
  for (const width of [1440, 390]) {
    await tests.setViewportSize({ width, height: 900 });
    await tests.waitForTimeout(300);
    await picture(tests, `try-rules-back-test-${width}`);
    expect(await axe(tests), String(width)).toEqual([]);
    const wider = await tests.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wider, String(width)).toBeLessThanOrEqual(0);
  }
});

test('a check-in and a refund by line are tried, in English, dark and on a phone', J, async () => {
  await made('/api/earn_rules', {
    ...{ code: 'daily', name: '每日签到', name_en: 'Daily check-in', status: 'active' },
    ...{ trigger: 'check_in', effect: 'fixed', points: 5 },
  });
  const page = await browser.open('operator', '/trial', { lang: 'en', theme: 'dark' });
  const choose = async (what: string, label = 'What happens') => {
    await page.getByRole('combobox', { name: label }).click();
    await page.getByTitle(what, { exact: true }).click();
  };
  const tryIt = () => page.getByRole('button', { name: /^Try/ }).click();
  await choose('Check-in');
  await tryIt();
  await page.getByText('+5').first().waitFor();
  await choose('An order is refunded');
  await page.getByLabel('Order amount').fill('120.50');
  await choose('An amount', 'Refunded');
  await tryIt();
  await page.getByText('required').or(page.getByText('Amount refunded is')).first().waitFor();
  await page.getByLabel('Amount refunded').fill('20.25');
  await tryIt();
  const moves = page.getByRole('table');
  await moves.getByText('Taken back', { exact: true }).waitFor();
  await moves.getByRole('cell', { name: '20', exact: true }).waitFor();
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(300);
    await picture(page, `try-rules-refund-${width}`);
    expect(await axe(page), String(width)).toEqual([]);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wider, String(width)).toBeLessThanOrEqual(0);
  }
  expect(faults.get(page)).toEqual([]);
});
