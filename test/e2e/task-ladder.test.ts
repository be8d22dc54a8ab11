/** The newcomer ladder from the first order to the coupons, on the screens; and titles that are given and revoked by hand. */
import { sql } from 'kysely';
import type { Locator, Page } from 'playwright-core';
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
const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
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
  const menu = page.getByRole('navigation');
  await menu.getByRole('button', { name: '会员计划', exact: true }).click();
  await menu.getByRole('link', { name: '任务', exact: true }).click();
  await page.getByRole('link', { name: '新手成长计划' }).click();
  await page.getByRole('heading', { name: '新手成长计划' }).waitFor();
  for (const said of ['首单', '3天内再次下单', '邀请好友注册', '新手成长 复购券50元', '新手成长 邀请券20元'])
    await page.getByText(said, { exact: false }).first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'task-ladder');
  expect(faults.get(page)).toEqual([]);
});

test(
  'a second order in time gives a coupon of 50, two invited friends one of 20 each, a refund takes it back',
  J,
  async () => {
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
  },
);

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
    await page
      .locator('.ant-select-dropdown:visible .ant-select-item-option')
      .filter({ hasText: '产品共创官' })
      .click();
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

test(
  'a task is built from nothing: what is wrong is told at its field, what it would come to beside it, then it is published',
  J,
  async () => {
    await tell('/api/customers', { external_id: 'N-8', enrolled_at: ago(24) });
    const page = await browser.open('operator', '/tasks');
    await page.getByText('新手成长计划').waitFor();
    await page.getByRole('link', { name: '新建任务' }).click();
    const form = page.locator('form.record-form');
    const box = (label: string) => form.getByLabel(label, { exact: false }).first();
    const pick = async (control: Locator, option: string) => {
      await control.click();
      await page
        .locator('.ant-select-dropdown:visible .ant-select-item-option')
        .filter({ hasText: option })
        .first()
        .click();
    };
    const save = () => page.getByRole('button', { name: '保存', exact: true }).click();

    await save();
    await page.getByText('请填写名称').first().waitFor();
    await box('名称').fill('秋日打卡');
    await box('英文名称').fill('Autumn check-in');
    await box('编码').fill('autumn_check_in');
    await pick(box('状态'), '进行中');
    await pick(box('开始时机'), '一直开放');
    await save();
    await page.getByText('任务还没有步骤', { exact: false }).first().waitFor();
    await picture(page, 'task-form-no-step');

    await form.getByRole('button', { name: '添加一行' }).click();
    const step = form.locator('.rows-input tbody tr').first();
    const cell = (name: string) => step.locator(`td[data-name="${name}"]`);
    await cell('name').locator('input').fill('连续签到');
    await cell('name_en').locator('input').fill('Days in a row');
    await cell('goal').locator('select').selectOption({ label: '连续天数' });
    // What is counted is asked for where an activity is counted, and an order's amount is not.
    await cell('event_kind').waitFor();
    expect(await cell('min_amount').count()).toBe(0);
    await cell('target').locator('input').fill('2.5');
    await save();
    await cell('event_kind').locator('.field-error').waitFor();
    await cell('event_kind').locator('select').selectOption({ label: '签到' });
    await save();
    await cell('target').getByText('目标须为整数').waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'task-form-fault');
    await cell('target').locator('input').fill('2');
    await cell('times').locator('input').fill('0');
    await save();
    await cell('times').locator('.field-error').waitFor();
    await cell('times').locator('input').fill('3');
    await cell('points').locator('input').fill('15');

    // Beside the form, what the last three months would have come to.
    const impact = page.getByRole('complementary').or(page.locator('.impact')).first();
    await impact.getByText('近 90 天若已启用', { exact: false }).waitFor();
    await impact.getByText('连续签到').waitFor();
    await picture(page, 'task-form');
    const phone = { width: 390, height: 844 };
    await page.setViewportSize(phone);
    expect(await fits(page)).toBe(true);
    await picture(page, 'task-form-390');
    await page.setViewportSize({ width: 1440, height: 900 });

    await save();
    await page.getByRole('heading', { name: '秋日打卡' }).waitFor();
    await picture(page, 'task-published');

    // From then on it counts: two days in a row.
    const { id } = await t.db
      .selectFrom('app.tasks')
      .select('id')
      .where('code', '=', 'autumn_check_in')
      .executeTakeFirstOrThrow();
    await sql`select ops.keep_task_version(${id}::bigint, 0, '2020-01-01')`.execute(t.db);
    await tell('/api/customers', { external_id: 'N-9', name: '秋禾', enrolled_at: ago(72) });
    for (const hours of [25, 1])
      await tell('/api/v1/events', {
        ...{ external_id: `N-9-${hours}`, kind: 'check_in', customer_external_id: 'N-9', occurred_at: ago(hours) },
      });
    await work();
    await page.reload();
    await page.getByRole('region', { name: '任务进度' }).getByText('秋禾').waitFor();
    const given = await t.db
      .selectFrom('app.task_grants')
      .select(['kind', 'state', 'points'])
      .where('task_id', '=', id)
      .execute();
    expect(given).toEqual([{ kind: 'points', state: 'given', points: 15 }]);
    expect(faults.get(page)).toEqual([]);
  },
);
