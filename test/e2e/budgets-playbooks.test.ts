/** Rows of child tables on the screen: a budget split and mended, a playbook with its clock, by keyboard, on a phone. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_MS, type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase({ demo: true });
  browser = await testBrowser(t);
}, DEMO_MS);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});
const J = { timeout: 6 * PATIENCE_MS };
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
const group = (page: Page, name: string) => page.getByRole('group', { name });

test(
  'a budget is split 20 / 50 / 30: the rule is broken, seen at once, mended, and holds on the server too',
  J,
  async () => {
    const page = await browser.open('operator', '/budgets/new');
    const segments = group(page, '按客群分配');
    await segments.getByText('新客').waitFor();
    // The programme's own split is proposed.
    const shares = segments.getByLabel(/^占比，第 \d 行/);
    expect(await shares.evaluateAll((all) => all.map((each) => (each as HTMLInputElement).value))).toEqual([
      '20',
      '50',
      '30',
      '0',
    ]);
    await page.getByLabel('名称', { exact: false }).first().fill('春季预算');
    await page.getByLabel('英文名称').fill('Spring');
    await page.getByLabel('编码').fill('spring_2026');
    await page.getByLabel('预算总额').fill('100000');
    await page.getByLabel('开始日期').fill('2026-03-01');
    await page.keyboard.press('Enter');
    await page.getByLabel('结束日期').fill('2026-05-31');
    await page.keyboard.press('Enter');
    await segments.getByText('剩余 ¥100,000.00').waitFor();
    await segments.getByRole('button', { name: '按占比分配金额' }).click();
    await segments.getByText('金额合计').waitFor();
    const amounts = segments.getByLabel(/^金额，第 \d 行/);
    expect(await amounts.evaluateAll((all) => all.map((each) => (each as HTMLInputElement).value))).toEqual([
      '20000.00',
      '50000.00',
      '30000.00',
      '0.00',
    ]);
    await group(page, '按费用类别分配').getByRole('button', { name: '按占比分配金额' }).click();

    // The rule broken, and seen before anything is saved.
    await shares.nth(2).fill('35');
    await segments.getByText('超出 5%').waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'budget-broken');
    await page.keyboard.press('Control+s');
    await page.getByText('占比合计应为 100%，现为 105%，相差 -5%').first().waitFor();
    expect(await t.db.selectFrom('app.budgets').select('id').where('code', '=', 'spring_2026').execute()).toEqual([]);

    // A third each cannot be typed to the hundredth: the rest is shared out.
    await shares.nth(0).fill('33');
    await shares.nth(1).fill('33');
    await shares.nth(2).fill('33');
    await segments.getByText('剩余 1%').waitFor();
    await segments.getByRole('button', { name: '补足占比' }).click();
    expect(await shares.evaluateAll((all) => all.map((each) => (each as HTMLInputElement).value))).toEqual([
      '33.34',
      '33.33',
      '33.33',
      '0',
    ]);
    await shares.nth(0).fill('20');
    await shares.nth(1).fill('50');
    await shares.nth(2).fill('30');
    await segments.getByRole('button', { name: '按占比分配金额' }).click();
    await page.keyboard.press('Control+s');
    await page.getByRole('heading', { name: '春季预算' }).waitFor();
    await page.getByRole('button', { name: '启用' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '启用' }).click();
    await page.getByText('预算已启用').waitFor();
    await page.getByText('执行中').first().waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'budget');

    // In force the split is shown, not typed.
    await page.getByRole('link', { name: '编辑' }).click();
    await page.getByText('当前情况下不能修改').first().waitFor({ state: 'attached' });
    expect(await segments.getByLabel(/^占比，第/).count()).toBe(0);
    await page.goBack();
    await page.getByRole('button', { name: '调拨' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('金额').fill('6000');
    await dialog.getByLabel('原因').fill('活动延期');
    await choose(page, dialog, '转出客群', '沉睡');
    await choose(page, dialog, '转入客群', '活跃');
    await picture(page, 'budget-move');
    await dialog.getByRole('button', { name: '调拨' }).click();
    await page.getByText('超过可自行调拨的额度，等待批准').waitFor();
    await page.getByRole('heading', { name: '沉睡 → 活跃' }).waitFor();
    expect(faults.get(page)).toEqual([]);
  },
);

/** Chooses in a list that is found by typing, or looked through. */
async function choose(
  page: Page,
  within: Page | ReturnType<Page['getByRole']>,
  label: string,
  option: string,
): Promise<void> {
  const control = within.getByLabel(label);
  await control.click();
  if (await control.isEditable()) await control.fill(option);
  await page
    .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: option })
    .first()
    .click();
}

test('the playbook of a public-opinion crisis has its two hours, and its steps are changed in order', J, async () => {
  const page = await browser.open('operator', '/risk_playbooks');
  await page.getByRole('link', { name: '舆情危机' }).click();
  await page.getByRole('heading', { name: '舆情危机' }).waitFor();
  const response = page.getByRole('region', { name: '响应', exact: true });
  expect(await response.textContent()).toMatch(/响应时限2.*小时/);
  await page.getByText('确定并公布解决方案').waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'playbook');
  // A related record is looked at without leaving.
  await page.getByRole('link', { name: '补偿券 30元' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByText('无门槛券').waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'quick-look');
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });

  await page.getByRole('link', { name: '编辑' }).click();
  const steps = group(page, '处置步骤');
  await steps.getByLabel('行动，第 1 行').waitFor();
  await steps.getByRole('button', { name: '下移：2' }).click();
  await page.keyboard.press('Control+s');
  await page.getByText('截止时间早于上一步').first().waitFor();
  await picture(page, 'playbook-fault');
  // The summary leads to the place.
  await page.locator('.error-summary button').first().click();
  await expect.poll(() => page.evaluate(() => document.activeElement?.id ?? '')).toMatch(/steps-2-due_after$/);
  await steps.getByRole('button', { name: '上移：3' }).click();
  await steps.getByLabel('行动，第 1 行').fill('收集舆情，确认事实，指定唯一发言人');
  await page.keyboard.press('Control+s');
  await page.getByText('收集舆情，确认事实，指定唯一发言人').waitFor();
  await page.getByRole('button', { name: '历史' }).click();
  await page.getByText('修改第 1 项').first().waitFor();
  await picture(page, 'playbook-history');
  expect(faults.get(page)).toEqual([]);
});

test(
  'conditions show what is asked, rules speak when a field is left, and a copy starts from what is there',
  J,
  async () => {
    const page = await browser.open('operator', '/risk_playbooks');
    await page.getByRole('link', { name: '库存短缺' }).click();
    await page.getByRole('button', { name: '更多操作' }).click();
    await page.getByRole('menuitem', { name: '复制' }).click();
    await page.getByText('复制时已清空，请重新填写').waitFor();
    expect(await page.getByLabel('名称', { exact: false }).first().inputValue()).toBe('库存短缺（副本）');
    expect(
      await group(page, '处置步骤')
        .getByLabel(/^行动，第/)
        .count(),
    ).toBe(4);
    await page.getByLabel('编码').focus();
    await page.keyboard.press('Tab');
    await page.getByText('请填写编码').waitFor();
    await page.getByLabel('编码').fill('stock_copy');
    expect(await page.getByLabel('阈值').count()).toBe(1);
    await page.getByLabel('触发方式').click();
    await page.locator('.ant-select-item-option', { hasText: '人工启动' }).click();
    expect(await page.getByLabel('阈值').count()).toBe(0);
    await page.keyboard.press('Control+s');
    await page.getByRole('heading', { name: '库存短缺（副本）' }).waitFor();
    const copy = await t.db
      .selectFrom('app.risk_playbooks')
      .selectAll()
      .where('code', '=', 'stock_copy')
      .executeTakeFirstOrThrow();
    expect(copy).toMatchObject({ trigger_kind: 'manual', metric: null, threshold: null });
    expect(faults.get(page)).toEqual([]);
  },
);

test('a coupon that is missing is made from inside the form that needs it', J, async () => {
  const page = await browser.open('operator', '/risk_playbooks');
  await page.getByRole('link', { name: '作弊' }).click();
  await page.getByRole('link', { name: '编辑' }).click();
  await page.getByRole('button', { name: '新建优惠券模板' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('名称', { exact: false }).first().fill('误判补偿券');
  expect(await axe(page)).toEqual([]);
  await picture(page, 'create-in-place');
  await drawer.getByRole('button', { name: '保存' }).click();
  await drawer.locator('.error-summary').waitFor();
  await drawer.getByLabel('英文名称').fill('Compensation: error');
  await drawer.getByLabel('编码').fill('compensation_error');
  await choose(page, drawer, '券类型', '无门槛券');
  await drawer.getByLabel('减免金额').fill('10');
  await choose(page, drawer, '状态', '可发放');
  await drawer.getByLabel('有效时长').fill('30');
  await drawer.getByRole('button', { name: '保存' }).click();
  await drawer.waitFor({ state: 'detached' });
  await page.getByText('误判补偿券').waitFor();
  await page.keyboard.press('Control+s');
  await page.getByRole('link', { name: '误判补偿券' }).waitFor();
  expect(faults.get(page)).toEqual([]);
});

test('with the keyboard alone a step is added, typed, and saved', J, async () => {
  const page = await browser.open('operator', '/risk_playbooks');
  await page.getByRole('link', { name: '参与度低' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '参与度低' }).waitFor();
  await page.keyboard.press('e');
  const steps = group(page, '处置步骤');
  await steps.getByLabel('行动，第 3 行').focus();
  const add = steps.getByRole('button', { name: '添加一行' });
  for (let pressed = 0; pressed < 20 && !(await add.evaluate((node) => node === document.activeElement)); pressed++) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.id ?? '')).toMatch(/steps-3-action$/);
  await page.keyboard.type('复盘并调整奖励');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.type('5');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+s');
  await page.getByText('复盘并调整奖励').waitFor();
  const { due_after, due_unit, owner_role } = await t.db
    .selectFrom('app.risk_playbook_steps')
    .selectAll()
    .where('action', '=', '复盘并调整奖励')
    .executeTakeFirstOrThrow();
  expect({ due_after, due_unit, owner_role }).toEqual({ due_after: 5, due_unit: 'days', owner_role: 'operations' });
  expect(faults.get(page)).toEqual([]);
});

test('on a phone and in the dark nothing is wider than the screen, and axe has nothing to say', J, async () => {
  const id = (
    await t.db.selectFrom('app.budgets').select('id').where('code', '=', 'programme_year').executeTakeFirstOrThrow()
  ).id;
  const crisis = (
    await t.db
      .selectFrom('app.risk_playbooks')
      .select('id')
      .where('code', '=', 'public_opinion')
      .executeTakeFirstOrThrow()
  ).id;
  const looks = [
    { lang: 'zh', theme: 'light', width: 390, height: 844 },
    { lang: 'en', theme: 'dark', width: 1440, height: 900 },
  ] as const;
  for (const look of looks) {
    const page = await browser.open('operator', '/', look);
    for (const [name, path, ready] of [
      ['budget-new', '/budgets/new', '.rows-input tbody tr'],
      ['budget-detail', `/budgets/${id}`, '.items-view tbody tr'],
      ['budget-list', '/budgets', '.row-link'],
      ['playbook-edit', `/risk_playbooks/${crisis}/edit`, '.rows-input tbody tr'],
      ['playbook-list', '/risk_playbooks', '.row-link'],
    ] as const) {
      await page.goto(browser.address + path);
      await page.locator(ready).first().waitFor();
      await expect.poll(() => page.locator('#main [aria-busy=true], #main .skeleton-line').count()).toBe(0);
      await picture(page, `${name}-${look.lang}-${look.theme}-${look.width}`);
      expect(await fits(page), `${name} ${look.width}`).toBe(true);
      expect(await axe(page), `${name} ${look.lang}`).toEqual([]);
      expect(faults.get(page)).toEqual([]);
    }
  }
});
