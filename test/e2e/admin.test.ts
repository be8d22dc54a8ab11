/** Journeys through the generated screens, as people make them. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../api/contract.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
const TIER = {
  name: '青铜会员',
  name_en: 'Bronze',
  rank: 11,
  color: '#a0673a',
  basis: 'spend',
  window_kind: 'lifetime',
};

beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});

let rank = 100;

async function addTier(code: string, values: Row = {}): Promise<Row> {
  rank++;
  // Higher tiers ask for more.
  const enter_at = `${rank}000.00`;
  const tier = { ...TIER, rank, code, enter_at, ...values };
  const answer = await browser.app.as('administrator')('POST', '/api/tiers', tier);
  expect(answer.status).toBe(201);
  return (await answer.json()) as Row;
}
const readTier = async (id: unknown): Promise<Row> =>
  (await (await browser.app.as('administrator')('GET', `/api/tiers/${id}`)).json()) as Row;
const field = (page: Page, label: string) => page.getByLabel(label, { exact: false }).first();
const J = { timeout: 4 * PATIENCE_MS };

test('somebody signed out is led to the door and, signed in, to where they were going', J, async () => {
  await t.db.updateTable('app.users').set({ lang: 'zh' }).where('email', '=', 'viewer@test.example').execute();
  const page = await browser.open(null, '/tiers?q=x%26y');
  await page.waitForURL('**/sign-in?to=*');
  await page.getByLabel('邮箱').fill('viewer@test.example');
  await page.getByLabel('密码').fill('wrong password here');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByRole('alert').waitFor();
  await page
    .context()
    .addCookies([
      { name: 'evergreen_session', value: browser.app.cookie('viewer').split('=')[1] ?? '', url: browser.address },
    ]);
  await page.goto(`${browser.address}/tiers?q=x%26y`);
  expect(await page.getByLabel('搜索', { exact: true }).inputValue()).toBe('x&y');
  expect(faults.get(page)).toEqual([]);
});

test('a list is searched, filtered, sorted and its address gives the same list again', J, async () => {
  await addTier('list_a', { name: '列表甲', enter_at: '100.00' });
  await addTier('list_b', { name: '列表乙', enter_at: '900.00' });
  const page = await browser.open('operator', '/tiers');
  await page.getByRole('link', { name: '列表甲' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('列表');
  await page.waitForURL('**q=*');
  await page.getByRole('button', { name: '筛选', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '升级门槛' }).click();
  await page.getByLabel('值').fill('500');
  await page.getByRole('button', { name: '应用' }).click();
  await page.getByText('升级门槛 不小于').waitFor();
  await expect
    .poll(() => page.locator('main').getByRole('link', { name: /^列表/ }).allTextContents())
    .toEqual(['列表乙']);
  await page.reload();
  await expect
    .poll(() => page.locator('main').getByRole('link', { name: /^列表/ }).allTextContents())
    .toEqual(['列表乙']);
  await page.getByRole('button', { name: /移除筛选/ }).click();
  await page.getByRole('columnheader', { name: '升级门槛' }).getByRole('button').click();
  await expect
    .poll(() => page.locator('main').getByRole('link', { name: /^列表/ }).allTextContents())
    .toEqual(['列表甲', '列表乙']);
  await page.getByRole('columnheader', { name: '升级门槛' }).getByRole('button').click();
  await expect
    .poll(() => page.locator('main').getByRole('link', { name: /^列表/ }).allTextContents())
    .toEqual(['列表乙', '列表甲']);
  expect(await page.getByRole('columnheader', { name: '升级门槛' }).getAttribute('aria-sort')).toBe('descending');
  expect(faults.get(page)).toEqual([]);
});

test('a record is created after its errors are mended, each led to from the summary', J, async () => {
  const page = await browser.open('operator', '/tiers');
  await page.getByRole('link', { name: '新建会员等级' }).click();
  await field(page, '名称').fill('钻石会员');
  await field(page, '编码').fill('Not A Code');
  await page.getByRole('button', { name: '保存' }).click();
  const summary = page.getByRole('alert');
  await summary.waitFor();
  expect(await summary.textContent()).toContain('英文名称');
  await summary.getByRole('button', { name: '编码' }).click();
  expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe('Not A Code');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('diamond');
  await field(page, '英文名称').fill('Diamond');
  await field(page, '级别').fill('９０');
  await field(page, '滚动天数').last().fill('365');
  await field(page, '升级门槛').fill('9000');
  await page.keyboard.press('Control+s');
  await page.getByRole('heading', { name: '钻石会员' }).waitFor();
  const [row] = await t.db.selectFrom('app.tiers').selectAll().where('code', '=', 'diamond').execute();
  expect(row).toMatchObject({ name: '钻石会员', rank: 90, window_days: 365, point_multiplier: '1.00' });
  expect(faults.get(page)).toEqual([]);
});

test(
  'what is typed survives a save that fails and a change made elsewhere, and is asked about before it is left',
  J,
  async () => {
    const tier = await addTier('guard');
    const page = await browser.open('operator', `/tiers/${tier.id}/edit`);
    await field(page, '名称').fill('改了一半');
    await page.route('**/api/tiers/*', (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    );
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByRole('alert').getByText('无法连接服务器').waitFor();
    expect(await field(page, '名称').inputValue()).toBe('改了一半');
    await page.getByRole('link', { name: '首页' }).click();
    await page.getByRole('dialog').getByText('有未保存的修改').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
    expect(await field(page, '名称').inputValue()).toBe('改了一半');
    await page.unroute('**/api/tiers/*');
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByRole('heading', { name: '改了一半' }).waitFor();
    expect((await readTier(tier.id)).name).toBe('改了一半');
  },
);

test('two people edit one record: different fields merge by themselves', J, async () => {
  const tier = await addTier('merge_apart', { basis: 'growth', enter_at: '10.00' });
  const one = await browser.open('operator', `/tiers/${tier.id}/edit`);
  const two = await browser.open('administrator', `/tiers/${tier.id}/edit`);
  await field(one, '名称').fill('甲的名字');
  await field(two, '升级门槛').fill('2000');
  await two.getByRole('button', { name: '保存' }).click();
  await two.getByRole('heading', { name: String(tier.name) }).waitFor();
  await one.getByRole('button', { name: '保存' }).click();
  await one.getByText('已自动合并').waitFor();
  await one.getByRole('heading', { name: '甲的名字' }).waitFor();
  expect(await readTier(tier.id)).toMatchObject({ name: '甲的名字', enter_at: '2000.00' });
});

test('two people edit one field: each sees what it was, theirs and mine, and one is kept', J, async () => {
  const tier = await addTier('merge_clash', { description: '原来' });
  const one = await browser.open('operator', `/tiers/${tier.id}/edit`);
  const two = await browser.open('administrator', `/tiers/${tier.id}/edit`);
  await field(one, '说明').fill('甲写的');
  await field(one, '名称').fill('甲的名字');
  await field(two, '说明').fill('乙写的');
  await two.keyboard.press('Control+s');
  await two.getByRole('heading', { name: String(tier.name) }).waitFor();
  await one.keyboard.press('Control+s');
  const dialog = one.getByRole('dialog');
  await dialog.getByText('Test administrator').waitFor();
  for (const text of ['原来', '甲写的', '乙写的']) await dialog.getByText(text).waitFor();
  await picture(one, 'merge');
  await dialog.getByRole('radio').last().check();
  await dialog.getByRole('button', { name: '合并并保存' }).click();
  await one.getByRole('heading', { name: '甲的名字' }).waitFor();
  expect(await readTier(tier.id)).toMatchObject({ name: '甲的名字', description: '甲写的' });
});

test('the history says who changed what, from what, to what', J, async () => {
  const tier = await addTier('history', { name: '原名' });
  await browser.app.as('operator')(
    'PATCH',
    `/api/tiers/${tier.id}`,
    { name: '新名' },
    { 'if-match': `"${tier.version}"` },
  );
  const page = await browser.open('manager', `/tiers/${tier.id}`);
  await page.getByRole('button', { name: '变更历史' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByText('Test operator').waitFor();
  expect(await drawer.locator('li').first().textContent()).toMatch(/名称.*原名.*新名/);
});

test('each role sees what it may do and nothing else', J, async () => {
  const tier = await addTier('roles');
  const viewer = await browser.open('viewer', '/tiers');
  await viewer.getByRole('heading', { name: '会员等级' }).waitFor();
  await viewer.getByRole('link', { name: TIER.name }).first().waitFor();
  expect(await viewer.getByRole('link', { name: '新建会员等级' }).count()).toBe(0);
  expect(await viewer.getByRole('link', { name: '系统设置' }).count()).toBe(0);
  await viewer.goto(`${browser.address}/tiers/${tier.id}`);
  await viewer.getByRole('heading', { name: TIER.name }).waitFor();
  expect(await viewer.getByRole('link', { name: '编辑' }).count()).toBe(0);
  await viewer.goto(`${browser.address}/tiers/${tier.id}/edit`);
  await viewer.getByText('没有编辑此记录的权限').waitFor();
  const operator = await browser.open('operator', '/tiers');
  await operator.getByRole('link', { name: '新建会员等级' }).waitFor();
  const administrator = await browser.open('administrator', '/users');
  await administrator.getByRole('heading', { name: '用户' }).waitFor();
});

test('everything of a tier is done by keyboard alone', J, async () => {
  await addTier('keys_one', { name: '键盘甲' });
  await addTier('keys_two', { name: '键盘乙' });
  const page = await browser.open('operator', '/tiers?q=键盘');
  await page.getByRole('link', { name: '键盘乙' }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  await page.keyboard.press('j');
  const first = await focused();
  await page.keyboard.press('j');
  expect(await focused()).not.toBe(first);
  await page.keyboard.press('k');
  expect(await focused()).toBe(first);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: first }).waitFor();
  await page.keyboard.press('e');
  await field(page, '名称').focus();
  await page.keyboard.press('End');
  await page.keyboard.type('改');
  await page.keyboard.press('Control+s');
  await page.getByRole('heading', { name: `${first}改` }).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('会员等级');
  await page
    .getByRole('option', { name: /会员等级/ })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/tiers');
  await page
    .getByRole('link', { name: '新建会员等级' })
    .or(page.getByRole('button', { name: '新建会员等级' }))
    .waitFor();
  await page.keyboard.press('c');
  await page.getByRole('heading', { name: '新建会员等级' }).waitFor();
  expect(faults.get(page)).toEqual([]);
});

test('another language and another theme take hold at once and stay', J, async () => {
  const page = await browser.open('operator', '/tiers');
  await page.getByRole('button', { name: /账号/ }).click();
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Tiers', exact: true }).waitFor();
  await page.getByRole('button', { name: /Account/ }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await page.reload();
  await page.getByRole('heading', { name: 'Tiers', exact: true }).waitFor();
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
});

test('the record before is never shown while the next one loads', J, async () => {
  const one = await addTier('slow_one', { name: '先看的' });
  const two = await addTier('slow_two', { name: '后看的' });
  const page = await browser.open('operator', `/tiers/${one.id}`);
  await page.getByRole('heading', { name: '先看的' }).waitFor();
  const gate = Promise.withResolvers<void>();
  await page.route(`**/api/tiers/${two.id}`, async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.evaluate((path) => {
    history.pushState({}, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  }, `/tiers/${two.id}`);
  await expect.poll(() => page.locator('main').textContent(), { timeout: PATIENCE_MS }).not.toContain('先看的');
  gate.resolve();
  await page.getByRole('heading', { name: '后看的' }).waitFor();
});

test(
  'a record opens with what its row showed, the rest follows, and nothing of another record is ever seen',
  J,
  async () => {
    await addTier('glance_a', { name: '先见甲', description: '甲的说明' });
    await addTier('glance_b', { name: '先见乙', description: '乙的说明' });
    const page = await browser.open('operator', '/tiers?q=先见');
    let answer = () => {};
    const held = () => {
      const gate = new Promise<void>((open) => {
        answer = open;
      });
      return page.route(/\/api\/tiers(\/\d+|\?id=)/, async (route) => {
        await gate;
        await route.continue();
      });
    };
    for (const [name, text, other] of [
      ['先见甲', '甲的说明', '乙'],
      ['先见乙', '乙的说明', '甲'],
    ] as const) {
      await held();
      await page.getByRole('link', { name }).click();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await page.locator('.detail-section .skeleton-line').first().waitFor();
      expect(await page.locator('main').textContent()).not.toContain(other);
      expect(await page.getByRole('button', { name: '更多操作' }).count()).toBe(0);
      if (other === '乙') await picture(page, 'record-waiting');
      answer();
      await page.getByText(text).waitFor();
      expect(await page.locator('.detail-section .skeleton-line').count()).toBe(0);
      await page.unroute(/\/api\/tiers(\/\d+|\?id=)/);
      await page.goBack();
      await page.getByRole('link', { name }).waitFor();
    }
    expect(faults.get(page)).toEqual([]);
  },
);
