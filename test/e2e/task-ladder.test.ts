/** The newcomer ladder from the first order to the coupons, on the screens; and titles that are given and revoked by hand. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followUp } from '../../api/engine/follow-ups.ts';
import { processFacts } from '../../api/engine/process.ts';
import { seedNew } from '../../api/seed.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
let ladder: number;
let newcomer: number;
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  browser = await testBrowser(t);
  const found = await t.db
    .selectFrom('app.tasks')
    .select('id')
    .where('code', '=', 'newcomer_growth')
    .executeTakeFirstOrThrow();
  ladder = found.id;
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});
const J = { timeout: 8 * PATIENCE_MS };
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

/** As the shop tells it. */
async function tell(path: string, body: object): Promise<{ id: number }> {
  const answer = await browser.app.as('operator')('POST', path, body);
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  return (await answer.json()) as { id: number };
}
const order = (external_id: string) =>
  tell('/api/v1/orders', {
    ...{ external_id, customer_external_id: 'N-1', placed_at: new Date().toISOString() },
    lines: [{ sku: 'N-TEA', quantity: 1, unit_price: '88.00' }],
  });
/** What the loop of the server does all the time. */
async function work() {
  const at = () => new Date(Date.now() + 2_000).toISOString();
  for (let turn = 0; turn < 2; turn++) {
    await processFacts(browser.app.deps, { until_at: at() });
    await followUp(browser.app.deps, { at: at() });
  }
}

test('staff open the ladder and read its steps and its rules', J, async () => {
  const page = await browser.open('operator', '/');
  await page.getByRole('navigation').getByRole('link', { name: '任务', exact: true }).click();
  await page.getByRole('link', { name: '新手成长计划' }).click();
  await page.getByRole('heading', { name: '新手成长计划' }).waitFor();
  for (const said of ['首单', '3天内再次下单', '邀请好友注册', '新手成长 复购券50元', '新手成长 邀请券20元'])
    await page.getByText(said, { exact: false }).first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'task-ladder');
  expect(faults.get(page)).toEqual([]);
});

test('a second order in time gives a coupon of 50, two invited friends one of 20 each, a refund takes it back', J, async () => {
  newcomer = (await tell('/api/customers', { external_id: 'N-1', name: '苏晓' })).id;
  await order('N-1-a');
  await work();
  const page = await browser.open('operator', `/customers/${newcomer}?tab=tasks`);
  const progress = page.getByRole('region', { name: '任务进度' });
  const rewards = page.getByRole('region', { name: '任务奖励' });
  await progress.getByText('新手成长计划').waitFor();
  await progress.getByText('进行中', { exact: true }).waitFor();
  await rewards.getByText('暂无', { exact: false }).first().waitFor();

  await order('N-1-b');
  await work();
  await page.reload();
  await rewards.getByText('复购券50元', { exact: false }).first().waitFor();
  await rewards.getByText('已发放').waitFor();
  await page.getByRole('tab', { name: '优惠券' }).click();
  await page.getByRole('region', { name: '客户优惠券' }).getByText('新手成长 复购券50元').waitFor();

  for (const friend of ['N-2', 'N-3']) await tell('/api/customers', { external_id: friend, referrer_code: 'N-1' });
  await work();
  await page.goto(`${browser.address}/customers/${newcomer}?tab=tasks`);
  await progress.getByText('已完成', { exact: true }).waitFor();
  await progress.getByText('100%').waitFor();
  await expect.poll(() => rewards.getByText('新手成长 邀请券20元').count()).toBe(2);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'task-ladder-customer');

  // The same on the lists that everybody's are on, on a phone, in English, in the dark.
  const list = await browser.open('operator', '/task_grants?scope=given', {
    ...{ lang: 'en', width: 390, height: 844, theme: 'dark' },
  });
  await list.getByText('A second order within 3 days').first().waitFor();
  expect(await fits(list)).toBe(true);
  expect(await axe(list)).toEqual([]);
  await picture(list, 'task-grants-390-dark');

  await tell('/api/v1/returns', {
    ...{ external_id: 'N-1-r', order_external_id: 'N-1-b', returned_at: new Date().toISOString() },
  });
  await work();
  await page.reload();
  await rewards.getByText('已收回').waitFor();
  await progress.getByText('进行中', { exact: true }).waitFor();
  await page.getByRole('tab', { name: '优惠券' }).click();
  const coupons = page.getByRole('region', { name: '客户优惠券' });
  await coupons.getByText('已作废').waitFor();
  await expect.poll(() => coupons.getByText('可使用').count()).toBe(2);
  await picture(page, 'task-ladder-coupons');

  // Why, in their timeline.
  await page.goto(`${browser.address}/customers/${newcomer}`);
  const course = page.getByRole('region', { name: '动态' });
  await course.getByText('3天内再次下单', { exact: false }).first().waitFor();
  await picture(page, 'task-ladder-timeline');
  expect([...faults.get(page)!, ...faults.get(list)!]).toEqual([]);
});

test('the record of how far somebody is says each step, when it was reached, and what it gave', J, async () => {
  const page = await browser.open('operator', `/task_progress?task_id=${ladder}`);
  await page.getByText('苏晓').first().waitFor();
  await picture(page, 'task-progress');
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  await page.getByRole('region', { name: '步骤达成' }).getByText('邀请好友注册').first().waitFor();
  await page.getByRole('region', { name: '任务奖励' }).getByText('已收回').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'task-progress-record');
  expect(faults.get(page)).toEqual([]);
});

test('a title is given with a reason, shown, not given twice, and revoked with a reason', J, async () => {
  const page = await browser.open('operator', `/customers/${newcomer}?tab=tasks`);
  const give = async (reason: string) => {
    await page.getByRole('button', { name: '更多操作' }).click();
    await page.getByRole('menuitem', { name: '授予头衔' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').fill('产品共创官');
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: '产品共创官' }).click();
    await dialog.getByLabel('原因', { exact: false }).fill(reason);
    await dialog.getByRole('button', { name: '授予头衔' }).click();
    return dialog;
  };
  await give('新品试用建议被采纳');
  const titles = page.getByRole('region', { name: '客户头衔' });
  await titles.getByText('产品共创官').waitFor();
  const again = await give('再次');
  await again.getByText('已', { exact: false }).first().waitFor();
  await picture(page, 'title-twice');
  await again.getByRole('button', { name: '取消' }).click();
  await titles.getByText('产品共创官').click();
  await page.getByRole('button', { name: '撤销' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '撤销' }).click();
  await dialog.getByText('请填写', { exact: false }).first().waitFor();
  await dialog.getByLabel('原因', { exact: false }).fill('误发');
  expect(await axe(page)).toEqual([]);
  await picture(page, 'title-revoke');
  await dialog.getByRole('button', { name: '撤销' }).click();
  await page.getByText('已撤销').first().waitFor();
  await page.getByText('误发').first().waitFor();
  await picture(page, 'title-revoked');
  expect(faults.get(page)).toEqual([]);
});
