/** The programme configured on its screens: a tier that breaks every rule first, a card of ten benefits. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyDefaults } from '../../api/default-programme.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase();
  await t.owner.transaction().execute(applyDefaults);
  browser = await testBrowser(t);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});
const J = { timeout: 6 * PATIENCE_MS };

const box = (page: Page, label: string) => page.locator('form.record-form').getByLabel(label).first();
async function choose(page: Page, label: string, option: string): Promise<void> {
  await box(page, label).click();
  await page
    .locator('.ant-select-dropdown:visible .ant-select-item-option')
    .filter({ hasText: option })
    .first()
    .click();
}
const save = (page: Page) => page.keyboard.press('Control+s');

test('a tier is made after it broke every rule, each said at its field', J, async () => {
  const page = await browser.open('operator', '/tiers/new');
  await box(page, '名称').fill('钻石会员');
  await box(page, '英文名称').fill('Diamond');
  await box(page, '编码').fill('diamond');
  await box(page, '级别').fill('4');
  await choose(page, '定级依据', '消费金额');
  await save(page);
  await page.getByText('请填写滚动天数').first().waitFor();
  await page.getByText('请填写升级门槛').first().waitFor();
  await box(page, '滚动天数').fill('365');
  await box(page, '升级门槛').fill('12000');
  await box(page, '保级门槛').fill('13000');
  await save(page);
  await page.getByText('保级门槛不能高于升级门槛').first().waitFor();
  await box(page, '保级门槛').fill('11000');
  await box(page, '重回门槛').fill('10000');
  await save(page);
  await page.getByText('刚降级就会重回').first().waitFor();
  await box(page, '重回门槛').fill('');
  await choose(page, '等级有效期', '至本考核周期结束');
  await save(page);
  await page.getByText('滚动或累计的考核没有周期').first().waitFor();
  await choose(page, '等级有效期', '自定级起若干个月');
  await box(page, '有效月数').fill('');
  await save(page);
  await page.getByText('请填写有效月数').first().waitFor();
  await box(page, '有效月数').fill('12');
  // Platinum asks for 15,000 already, and only the database knows.
  await save(page);
  await page.getByText('升级门槛须高于“白金会员”的 15000.00').first().waitFor();
  await picture(page, 'tier-rules');
  expect(await axe(page)).toEqual([]);
  await box(page, '升级门槛').fill('30000');
  await box(page, '保级门槛').fill('25000');
  await page.getByRole('button', { name: '添加一项' }).click();
  const criterion = page.locator('.items li').first();
  await criterion.getByLabel('升级门槛').fill('20');
  await save(page);
  await page.getByRole('heading', { name: '钻石会员' }).waitFor();
  // What does not apply to it is not there.
  await page.getByText('其他定级条件').waitFor();
  await expect.poll(() => page.locator('.detail dt').allTextContents()).not.toContain('起始月份');
  const row = await t.db.selectFrom('app.tiers').selectAll().where('code', '=', 'diamond').executeTakeFirstOrThrow();
  expect(row).toMatchObject({ enter_at: '30000.00', retain_at: '25000.00', reenter_at: null, validity_months: 12 });
  expect(row.criteria).toMatchObject([{ basis: 'referrals', enter_at: '20.00' }]);
  expect(faults.get(page)).toEqual([]);
});

test('a benefit package of ten is put together, and refused while it is empty', J, async () => {
  const benefits = await t.db.selectFrom('app.benefits').select(['id', 'name']).orderBy('id').limit(10).execute();
  const page = await browser.open('operator', '/benefit_packages/new');
  await box(page, '名称').fill('夏季权益卡');
  await box(page, '英文名称').fill('Summer card');
  await box(page, '编码').fill('summer_card');
  await choose(page, '状态', '发放中');
  await save(page);
  await page.getByText('自动发放的权益包须选择等级或客群').first().waitFor();
  await choose(page, '客群', '活跃');
  await page.keyboard.press('Escape');
  await save(page);
  await page.getByText('权益包里还没有权益').first().waitFor();
  for (const [at, benefit] of benefits.entries()) {
    await page.getByRole('button', { name: '添加一行' }).click();
    const line = page.locator('.rows-input tbody tr').nth(at);
    await line.getByRole('combobox').first().click();
    await line.getByRole('combobox').first().fill(benefit.name);
    await page
      .locator('.ant-select-dropdown:visible .ant-select-item-option')
      .filter({ hasText: benefit.name })
      .first()
      .click();
  }
  await picture(page, 'package-of-ten');
  expect(await axe(page)).toEqual([]);
  await save(page);
  await page.getByRole('heading', { name: '夏季权益卡' }).waitFor();
  const items = await t.db
    .selectFrom('app.benefit_package_items')
    .innerJoin('app.benefit_packages', 'app.benefit_packages.id', 'app.benefit_package_items.package_id')
    .select('app.benefit_package_items.benefit_id')
    .where('app.benefit_packages.code', '=', 'summer_card')
    .orderBy('app.benefit_package_items.position')
    .execute();
  expect(items.map((each) => each.benefit_id)).toEqual(benefits.map((each) => each.id));
  await page.locator('.detail').getByText(benefits[9]!.name).waitFor();
  expect(faults.get(page)).toEqual([]);
});
