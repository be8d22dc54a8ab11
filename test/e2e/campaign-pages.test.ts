/** A page is built of blocks with the preview beside it, published, and opened by visitors with telephones and at desks. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../api/campaign-pages/signed-token.ts';
import { seedNew } from '../../api/seed.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  browser = await testBrowser(t);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});
const J = { timeout: 8 * PATIENCE_MS };

/** A page of the default programme, as it waits to be published. */
async function publish(code: string): Promise<void> {
  const { id, state } = await t.db
    .selectFrom('app.page_versions')
    .innerJoin('app.pages', 'app.pages.id', 'app.page_versions.page_id')
    .select(['app.page_versions.id', 'state'])
    .where('code', '=', code)
    .executeTakeFirstOrThrow();
  if (state === 'draft') await browser.app.as('operator')('POST', `/api/page_versions/${id}/_actions/publish`, {});
}

test('a page is built, previewed, published and opened', J, async () => {
  const page = await browser.open('operator', '/pages/new');
  await page.getByLabel('名称', { exact: false }).first().fill('春日焕新');
  await page.getByLabel('英文名称', { exact: false }).fill('Spring');
  await page.getByLabel('编码', { exact: false }).fill('spring');
  await page.getByRole('button', { name: '保存', exact: false }).first().click();
  await page.getByRole('heading', { name: '春日焕新' }).waitFor();
  await page.getByRole('link', { name: '春日焕新 v1' }).first().click();
  await page
    .getByRole('link', { name: '编辑' })
    .or(page.getByRole('button', { name: '编辑' }))
    .first()
    .click();

  await page.getByRole('button', { name: '添加' }).last().click();
  const block = (at: number, field: string) => page.locator(`[id$="-blocks-${at}-${field}"]`).first();
  await block(0, 'code').fill('hero');
  await block(0, 'title').fill('换季，也换个心情');
  await block(0, 'title_en').fill('A new season');
  await block(0, 'text').fill('三件小事，让家焕然一新。');
  await block(0, 'action').fill('看看怎么做');
  await block(0, 'action_link').fill('javascript:alert(1)');
  const preview = page.frameLocator('iframe[title="页面预览"]');
  await page.getByRole('button', { name: '保存', exact: false }).first().click();
  await page.locator('[id$="-blocks-0-action_link-error"]').waitFor();
  await block(0, 'action_link').fill('#words');
  await preview.getByRole('heading', { name: '换季，也换个心情', level: 1 }).waitFor();
  await preview.getByRole('link', { name: '看看怎么做' }).waitFor();

  await page.getByRole('button', { name: '添加' }).last().click();
  await block(1, 'code').fill('words');
  await block(1, 'kind')
    .selectOption({ label: '图文' })
    .catch(async () => {
      await block(1, 'kind').click();
      await page.locator('.ant-select-item-option', { hasText: '图文' }).last().click();
    });
  await block(1, 'body').fill('- 换一套床品\n- 开一扇窗\n\n更多见 **会员中心**。');
  await preview.getByRole('listitem').filter({ hasText: '换一套床品' }).waitFor();
  await page.getByRole('button', { name: 'English', exact: true }).last().click();
  await preview.getByRole('heading', { name: 'A new season' }).waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'page-form');
  await page.getByRole('button', { name: '保存', exact: false }).first().click();
  await page.waitForURL(/page_versions\/\d+(\?|$)/);

  await page.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '发布' }).click();
  await page.getByText('版本 1 已发布').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'page-version');
  expect(faults.get(page)).toEqual([]);

  for (const width of [390, 1440]) {
    const visitor = await browser.open(null, '/p/spring?lang=zh', { width });
    await visitor.getByRole('heading', { name: '换季，也换个心情', level: 1 }).waitFor();
    expect(await visitor.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    // What is measured is asked for elsewhere; nothing else may go wrong.
    expect((faults.get(visitor) ?? []).filter((each) => !each.includes('t.js'))).toEqual([]);
  }
});

test.each([
  ['newcomer_day', 'zh'],
  ['newcomer_day', 'en'],
  ['quarter_card', 'zh'],
  ['referral', 'zh'],
  ['referral', 'en'],
] as const)('the page %s in %s is read by everybody, on a telephone, a tablet and at a desk', J, async (code, lang) => {
  await publish(code);
  for (const width of [390, 820, 1440]) {
    const page = await browser.open(null, `/p/${code}?lang=${lang}`, { width });
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate(() => document.fonts.ready);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await picture(page, `page-${code}-${lang}-${width}`);
    // The page lets no script in but its own, so what looks at it comes as one of the browser's.
    expect(await axe(page)).toEqual([]);
  }
});

test('a visitor who is known claims the coupon, and reads why there is no second one', J, async () => {
  await publish('newcomer_day');
  const answer = await browser.app.as('operator')('POST', '/api/customers', { external_id: 'visitor', name: '周末' });
  const { id } = (await answer.json()) as { id: number };
  const token = signToken(t.config, 'page visitor', id, 1);
  const page = await browser.open(null, `/p/newcomer_day?lang=zh&c=${token}`, { width: 390 });
  await page.getByRole('button', { name: '立即领取' }).click();
  await page.getByText('已领取').waitFor();
  expect(new URL(page.url()).hash).toBe('#coupon');
  expect(await axe(page)).toEqual([]);
  await picture(page, 'page-claimed');
  await page.getByRole('link', { name: 'English' }).click();
  await page.getByText('It is yours').waitFor();
});
