/** Many records at once, and what becomes of deleted ones, in a browser. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, type Look, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
const J = { timeout: 6 * PATIENCE_MS };

beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
  await t.db.deleteFrom('app.tiers').execute();
  await t.db
    .insertInto('app.tiers')
    .values(
      ['铜', '银', '金', '钻'].map((name, at) => ({
        code: `t${at}`,
        name,
        name_en: `Tier ${at}`,
        rank: at + 1,
        window_days: 365,
        enter_at: String((at + 1) * 100),
      })),
    )
    .execute();
  await t.db
    .insertInto('app.products')
    .values(
      Array.from({ length: 60 }, (_, at) => ({
        external_id: `p${String(at).padStart(2, '0')}`,
        name: `商品${at}`,
        category: at % 3 === 0 ? '茶' : '器',
        price: '1.10',
      })),
    )
    .execute();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});

const pick = (page: Page, title: string) => page.getByRole('checkbox', { name: `选择：${title}`, exact: true });
const field = (page: Page, label: string) => page.getByRole('group', { name: label, exact: true });
const bar = (page: Page) => page.getByRole('region', { name: '所选记录的操作' });
const retained = () => t.db.selectFrom('app.tiers').select(['code', 'retain_at']).orderBy('code').execute();

test('three of four are changed, the one that cannot is left out, and all of it is undone', J, async () => {
  const page = await browser.open('operator', '/tiers');
  for (const title of ['银', '金', '钻']) await pick(page, title).check();
  await page.getByText('已选 3 条').last().waitFor();
  expect(await axe(page)).toEqual([]);
  await bar(page).getByRole('button', { name: '编辑' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('heading', { name: '批量修改 3 条记录' }).waitFor();
  await drawer.getByText('银、金、钻').waitFor();
  // The code is unique and the rank cannot be the same for several.
  expect(await field(page, '编码').count()).toBe(0);
  const keep = field(page, '保级门槛');
  await keep.getByText('设为').click();
  await keep.getByRole('textbox').fill('250');
  expect(await axe(page)).toEqual([]);
  await picture(page, 'bulk edit fields');
  await drawer.getByRole('button', { name: '预检' }).click();
  await drawer.getByText('3 条中将修改 2 条。').waitFor();
  const faulty = drawer.getByRole('region', { name: '1 条无法处理' });
  expect(await faulty.getByRole('link', { name: /银/ }).getAttribute('href')).toMatch(/^\/tiers\/\d+$/);
  expect(await axe(page)).toEqual([]);
  await picture(page, 'bulk edit check');
  const save = drawer.getByRole('button', { name: /^保存/ });
  expect(await save.getAttribute('aria-disabled')).toBe('true');
  await faulty.getByRole('button', { name: '排除这 1 条' }).click();
  await drawer.getByText('2 条中将修改 2 条。').waitFor();
  await drawer.getByRole('button', { name: '保存 2 条修改' }).click();
  await page.getByText('已修改 2 条记录').waitFor();
  expect((await retained()).map((row) => row.retain_at)).toEqual([null, null, '250.00', '250.00']);
  expect(await bar(page).count()).toBe(0);

  await page.getByRole('button', { name: '撤销' }).click();
  await page.getByText('已撤销，恢复了 2 条记录').waitFor();
  expect((await retained()).map((row) => row.retain_at)).toEqual([null, null, null, null]);
  expect(await page.getByText('条记录发生了变化').count()).toBe(0);
  expect(faults.get(page)).toEqual([]);
});

test('a change of many is taken back from the history of one of them', J, async () => {
  const ids = (await t.db.selectFrom('app.products').select('id').where('category', '=', '茶').execute()).map(
    (row) => row.id,
  );
  await browser.app.as('operator')('POST', '/api/products/_bulk', { ids, set: { category: '花茶' } });
  const page = await browser.open('operator', `/products/${ids[0]}`);
  await page.getByRole('button', { name: '变更历史' }).click();
  await page.getByText(`共 ${ids.length} 条`).waitFor();
  await page.getByRole('button', { name: `撤销全部 ${ids.length} 条` }).click();
  await page
    .getByRole('button', { name: `撤销全部 ${ids.length} 条` })
    .last()
    .click();
  await page.getByText(`已撤销，恢复了 ${ids.length} 条记录`).waitFor();
  await expect.poll(() => page.getByRole('button', { name: /撤销全部/ }).count()).toBe(0);
  expect(faults.get(page)).toEqual([]);
});

test('all that match are chosen over pages, a range with Shift, and some left out again', J, async () => {
  const page = await browser.open('operator', '/products?sort=external_id');
  await page.getByRole('link', { name: 'p00' }).waitFor();
  await pick(page, '商品1').check();
  await pick(page, '商品4').click({ modifiers: ['Shift'] });
  await bar(page).getByText('已选 4 条').waitFor();
  await page.getByRole('button', { name: '下一页' }).click();
  await page.getByRole('link', { name: 'p25' }).waitFor();
  await pick(page, '商品25').check();
  await bar(page).getByText('已选 5 条').waitFor();
  await page.getByRole('checkbox', { name: '选择本页全部' }).click();
  await bar(page).getByText('已选 29 条').waitFor();
  await bar(page).getByRole('button', { name: '选择全部 60 条' }).click();
  await bar(page).getByText('已选 60 条').waitFor();
  await pick(page, '商品30').uncheck();
  await bar(page).getByText('已选 59 条').waitFor();
  await bar(page).getByRole('button', { name: '编辑' }).click();
  await field(page, '品类').getByText('设为').click();
  await field(page, '品类').getByRole('textbox').fill('全选');
  await page.getByRole('button', { name: '预检' }).click();
  await page.getByText('59 条中将修改 59 条。').waitFor();
  await page.getByRole('button', { name: '保存 59 条修改' }).click();
  await page.getByText('已修改 59 条记录').waitFor();
  const left = await t.db.selectFrom('app.products').select('name').where('category', '!=', '全选').execute();
  expect(left).toEqual([{ name: '商品30' }]);
  expect(faults.get(page)).toEqual([]);
});

test(
  'what is referred to says by what and leads there; what is not is deleted, undone, deleted and restored',
  J,
  async () => {
    const set = await t.db
      .insertInto('app.segment_rule_sets')
      .values({ code: 'held', name: '在用规则集', name_en: 'Held' })
      .returning('id')
      .executeTakeFirstOrThrow();
    await t.db.insertInto('app.segment_rule_set_versions').values({ rule_set_id: set.id, number: 1 }).execute();
    const page = await browser.open('operator', `/segment_rule_sets/${set.id}`);
    await page.getByRole('button', { name: '更多操作' }).click();
    await page.getByRole('menuitem', { name: '删除' }).click();
    const dialog = page.getByRole('dialog');
    const blocking = dialog.getByRole('region', { name: '仍在引用，阻止删除' });
    await blocking.waitFor();
    const link = blocking.getByRole('link');
    expect(await dialog.getByRole('button', { name: '删除' }).getAttribute('aria-disabled')).toBe('true');
    expect(await axe(page)).toEqual([]);
    await picture(page, 'delete blocked');
    const there = await browser.open('operator', (await link.getAttribute('href')) ?? '');
    await expect.poll(() => there.locator('.row-link').count()).toBe(1);

    const { id } = await t.db
      .insertInto('app.products')
      .values({ external_id: 'gone', name: '将删除', category: '茶', price: '9.90' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const remove = async () => {
      await page.goto(`${browser.address}/products/${id}`);
      await page.getByRole('button', { name: '更多操作' }).click();
      await page.getByRole('menuitem', { name: '删除' }).click();
      await page.getByRole('dialog').getByRole('button', { name: '删除' }).click();
      await page.getByText('已删除“将删除”').waitFor();
    };
    await remove();
    await page.waitForURL('**/products');
    await page.getByRole('button', { name: '撤销' }).click();
    await page.getByText('已恢复“将删除”').waitFor();
    await remove();
    await page.getByRole('button', { name: '更多', exact: true }).click();
    await page.getByRole('menuitem', { name: '回收站' }).click();
    await page.getByRole('button', { name: '将删除', exact: true }).click();
    await page.getByRole('dialog').getByText('Test operator 于').waitFor();
    await page.getByRole('dialog').getByText('¥9.90').waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'trash record');
    await page.getByRole('dialog').getByRole('button', { name: '恢复' }).click();
    await page.getByText('已恢复“将删除”').waitFor();
    await page.getByRole('heading', { name: '回收站是空的' }).waitFor();
    await page.getByRole('button', { name: '查看' }).click();
    await page.waitForURL(`**/products/${id}`);
    expect(faults.get(page)).toEqual([]);
  },
);

test('by keyboard alone: rows are chosen, changed and deleted, and the deletion is undone', J, async () => {
  const page = await browser.open('operator', '/products?sort=external_id', { lang: 'en' });
  const key = (...names: string[]) =>
    names.reduce((before, name) => before.then(() => page.keyboard.press(name)), Promise.resolve());
  await page.getByRole('link', { name: 'p00' }).waitFor();
  await key('j', 'x', 'j', 'j', 'Shift+X', 'b');
  await page.getByRole('region', { name: 'Chosen records' }).getByText('3 selected').waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Select all');
  await key('Tab', 'Enter');
  const drawer = page.getByRole('dialog', { name: 'Change 3 records' });
  const category = drawer.getByRole('group', { name: 'Category', exact: true });
  await category.waitFor();
  // Into the radios of the field, and on to "Set".
  for (let step = 0; step < 40; step++) {
    await key('Tab');
    if (await category.evaluate((node) => node.contains(document.activeElement))) break;
  }
  await key('ArrowRight', 'Tab');
  await page.keyboard.type('Keys');
  await drawer.getByRole('button', { name: 'Check' }).focus();
  await key('Enter');
  await drawer.getByText('3 of 3 will change.').waitFor();
  await drawer.getByRole('button', { name: 'Save 3 changes' }).focus();
  await key('Enter');
  await page.getByText('3 records changed').waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toContain('row-link');
  await key('j', 'x', 'b', 'Tab', 'Tab', 'Enter');
  const sure = page.getByRole('dialog', { name: 'Delete 1 record?' });
  await sure.getByRole('button', { name: 'Delete 1 record' }).focus();
  await expect
    .poll(() => sure.getByRole('button', { name: 'Delete 1 record' }).getAttribute('aria-disabled'))
    .toBeNull();
  await key('Enter');
  await page.getByText('1 record deleted').waitFor();
  const gone = () => t.db.selectFrom('app.products').select('external_id').where('external_id', 'like', 'p%').execute();
  expect(await gone()).toHaveLength(59);
  await key('u');
  await page.getByText('Undone: 1 record is as before').waitFor();
  expect(await gone()).toHaveLength(60);
  await key('?');
  await page.getByRole('dialog').getByText('Select the row').waitFor();
  expect(faults.get(page)).toEqual([]);
});

test('an action runs for all that are chosen, or says which of them it cannot', J, async () => {
  const ask = browser.app.as('operator');
  for (const name of ['令牌一', '令牌二', '令牌三'])
    await ask('POST', '/api/api_tokens/_actions/issue', { name, scopes: ['products:r'], days: 7 });
  const [gone] = await t.db.selectFrom('app.api_tokens').select('id').where('name', '=', '令牌三').execute();
  await ask('POST', `/api/api_tokens/${gone!.id}/_actions/revoke`);
  const page = await browser.open('operator', '/api_tokens');
  for (const title of ['令牌一', '令牌二', '令牌三']) await pick(page, title).check();
  await bar(page).getByRole('button', { name: '吊销' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: '吊销：3 条记录' }).waitFor();
  await dialog.getByRole('button', { name: '吊销' }).click();
  await dialog.getByRole('link', { name: /令牌三/ }).waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'bulk action faults');
  await dialog.getByRole('button', { name: '排除这 1 条' }).click();
  await dialog.getByRole('button', { name: '吊销' }).click();
  await page.getByText('已对 2 条记录执行“吊销”').waitFor();
  expect(await t.db.selectFrom('app.api_tokens').select('id').where('revoked_at', 'is', null).execute()).toEqual([]);
  expect(faults.get(page)).toEqual([]);
});

test('an administrator runs a job from its list', J, async () => {
  const page = await browser.open('administrator', '/job_runs');
  await page.getByRole('button', { name: '立即运行' }).click();
  const dialog = page.getByRole('dialog');
  // A long list is searched.
  await dialog.getByRole('combobox').fill('清理登录');
  await page.getByText('清理登录记录', { exact: true }).last().click();
  await picture(page, 'run a job');
  await dialog.getByRole('button', { name: '立即运行' }).click();
  await page.getByText(/“清理登录记录”(已完成|已开始)/).waitFor();
  await expect.poll(() => page.locator('.row-link').count()).toBe(1);
  expect(faults.get(page)).toEqual([]);
});

test('who may change nothing is offered nothing', J, async () => {
  const page = await browser.open('viewer', '/products');
  await page.locator('.row-link').first().waitFor();
  expect(await page.locator('tbody').getByRole('checkbox').count()).toBe(0);
  expect(await page.getByRole('button', { name: '更多', exact: true }).count()).toBe(0);
  const trash = await browser.open('viewer', '/products/trash');
  await trash.getByRole('heading', { name: '没有权限' }).waitFor();
});

test.each<[string, Look]>([
  ['zh wide', { lang: 'zh' }],
  ['en wide dark', { lang: 'en', theme: 'dark' }],
  ['zh narrow dark', { lang: 'zh', theme: 'dark', width: 390, height: 844 }],
  ['en narrow', { lang: 'en', width: 390, height: 844 }],
])('reads well and is accessible: %s', J, async (name, look) => {
  const page = await browser.open('operator', '/tiers', look);
  await page.locator('.pick-area input, .rows .checkbox').nth(1).waitFor();
  const boxes = page.locator('tbody').getByRole('checkbox');
  await boxes.nth(1).check();
  await boxes.nth(2).check();
  await page.locator('.bulk-bar').waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, `bulk list ${name}`);
  await page
    .locator('.bulk-bar')
    .getByRole('button')
    .filter({ hasText: /编辑|Edit/ })
    .click();
  await page.getByText(/预检|Check/).waitFor();
  await page.locator('.bulk-field').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, `bulk drawer ${name}`);
  await page.keyboard.press('Escape');
  await page.locator('.bulk-bar .button-danger').click();
  await expect.poll(() => page.locator('dialog .button-danger').getAttribute('aria-disabled')).toBeNull();
  expect(await axe(page)).toEqual([]);
  await picture(page, `bulk delete ${name}`);
  await page.goto(`${browser.address}/products/trash`);
  await page.locator('.empty, .trash-rows').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, `trash ${name}`);
  expect(faults.get(page)).toEqual([]);
});

test('what is chosen is still chosen after a look at one of them, and on the board', J, async () => {
  const page = await browser.open('operator', '/tiers');
  await page.locator('.row-link').first().waitFor();
  const boxes = page.locator('tbody').getByRole('checkbox');
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.locator('.row-link').first().click();
  await page.locator('.detail-section').first().waitFor();
  await page.goBack();
  await bar(page).getByText('已选 2 条').waitFor();
  expect(await boxes.nth(1).isChecked()).toBe(true);
  await page.goto(`${browser.address}/tiers?layout=kanban`);
  await bar(page).getByText('已选 2 条').waitFor();
  await page.locator('.record-card').getByRole('checkbox', { checked: true }).first().uncheck();
  await bar(page).getByText('已选 1 条').waitFor();
  await bar(page).getByRole('button', { name: '取消选择' }).click();
  await expect.poll(() => bar(page).count()).toBe(0);
  expect(faults.get(page)).toEqual([]);
});
