/** Lists as people like them, in a browser: shared views, habits, totals, keys. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
const J = { timeout: 4 * PATIENCE_MS };

beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
  await t.db
    .insertInto('app.products')
    .values(
      Array.from({ length: 30 }, (_, at) => ({
        external_id: `p${at}`,
        name: `商品${at}`,
        category: at % 3 === 0 ? '茶' : '器',
        price: '1.10',
      })),
    )
    .execute();
  await t.db
    .insertInto('app.customers')
    .values([
      { external_id: 's1', name: '甲', phone: '13800001111', channel: 'store', enrolled_on: '2026-01-01' },
      { external_id: 's2', name: '乙', phone: '13800002222', channel: 'online', enrolled_on: '2026-01-01' },
      {
        external_id: 's3',
        name: '丙',
        phone: '13800003333',
        channel: 'store',
        status: 'blocked',
        enrolled_on: '2026-01-01',
      },
    ])
    .execute();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});

test('a filter is chosen by its counts, saved as a view, shared, and opened by another role', J, async () => {
  const page = await browser.open('pii', '/customers');
  await page.getByRole('link', { name: 's1' }).waitFor();
  await page.getByRole('button', { name: '筛选', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '来源渠道' }).click();
  const store = page.getByRole('dialog').getByRole('listitem').filter({ hasText: '门店' });
  await expect.poll(() => store.textContent()).toMatch(/门店\s*2/);
  await store.getByRole('checkbox').check();
  await page.getByRole('button', { name: '应用' }).click();
  await page.getByText('来源渠道 属于').waitFor();
  await expect.poll(() => page.locator('.row-link').count()).toBe(2);
  // Marked in words too, not by its colour alone.
  expect(await page.getByRole('rowheader', { name: /s3.*已冻结/ }).count()).toBe(1);
  await page.getByRole('button', { name: '全部记录' }).click();
  await page.getByRole('menuitem', { name: '另存为视图' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('名称').fill('门店客户');
  await dialog.getByLabel('所有人').check();
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.getByRole('button', { name: '门店客户' }).waitFor();
  await page.waitForURL('**/customers?view=*');
  expect(faults.get(page)).toEqual([]);

  const code = new URL(page.url()).searchParams.get('view');
  const viewer = await browser.open('viewer', `/v/${code}`, { lang: 'zh' });
  await viewer.getByRole('button', { name: '门店客户' }).waitFor();
  await expect.poll(() => viewer.locator('.row-link').count()).toBe(2);
  expect(await viewer.getByText('13800001111').count()).toBe(0);
  await viewer.getByRole('button', { name: '门店客户' }).click();
  expect(await viewer.getByRole('menuitem', { name: '删除视图' }).count()).toBe(0);
  await viewer.keyboard.press('Escape');
  await viewer.keyboard.press('Control+k');
  await viewer.keyboard.type('门店客户');
  await viewer.getByRole('option', { name: /门店客户/ }).waitFor();
  await viewer.keyboard.press('Enter');
  await viewer.waitForURL(`**/customers?view=${code}`);
  expect(faults.get(viewer)).toEqual([]);
  const nowhere = await browser.open('viewer', '/v/aaaaaaaa');
  await nowhere.getByRole('heading', { name: '没有这个视图，或它没有共享给您' }).waitFor();
});

test('columns, widths, pinning and order are there in another browser', J, async () => {
  const page = await browser.open('operator', '/products');
  await page.getByRole('link', { name: 'p29', exact: true }).or(page.locator('.row-link')).first().waitFor();
  const head = page.getByRole('columnheader').nth(1);
  const label = (await head.textContent()) ?? '';
  await head.getByRole('button').focus();
  const before = (await head.boundingBox())?.width ?? 0;
  for (let press = 0; press < 5; press++) await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(async () => (await head.boundingBox())?.width ?? 0).toBeGreaterThan(before + 50);
  await page.getByRole('button', { name: '列设置' }).click();
  const panel = page.getByRole('dialog', { name: '列设置' });
  await panel.getByRole('button', { name: '紧凑' }).click();
  await panel.getByRole('group', { name: '固定前几列' }).getByRole('button', { name: '2' }).click();
  await panel.locator('.column-list li').nth(2).getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader').nth(1).getByRole('button').click();
  await page.waitForResponse((answer) => answer.url().includes('/api/_preferences/') && answer.status() === 204);
  const columns = await page.getByRole('columnheader').allTextContents();
  const order = await page.getByRole('columnheader').nth(1).getAttribute('aria-sort');
  expect(order).not.toBeNull();

  const other = await browser.open('operator', '/products');
  await other.locator('.row-link').first().waitFor();
  expect(await other.getByRole('columnheader').allTextContents()).toEqual(columns);
  expect(await other.getByRole('columnheader').nth(1).textContent()).toBe(label);
  expect(await other.locator('table.rows-compact').count()).toBe(1);
  expect(await other.locator('thead .pinned').count()).toBe(2);
  expect(await other.getByRole('columnheader').nth(1).getAttribute('aria-sort')).toBe(order);
  expect((await other.getByRole('columnheader').nth(1).boundingBox())?.width).toBeGreaterThan(before + 50);
  expect(faults.get(other)).toEqual([]);
});
