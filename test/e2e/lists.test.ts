/** Lists as people like them, in a browser: shared views, habits, totals, keys. */
import { sql } from 'kysely';
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
  // Its box follows the address, a moment later.
  await panel.locator('.column-list li').nth(2).getByRole('checkbox').click();
  await page.keyboard.press('Escape');
  await page.getByRole('columnheader').nth(1).getByRole('button').click();
  // Kept a moment after the last of them.
  await expect
    .poll(async () => {
      const kept = await t.db.selectFrom('app.user_preferences').select('settings').executeTakeFirst();
      return Object.keys(kept?.settings ?? {}).sort();
    })
    .toEqual(['columns', 'density', 'pinned', 'sort', 'widths']);
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

test('recurring campaigns stand in the calendar, and the whole series is moved by keys or by dragging', J, async () => {
  await t.db
    .insertInto('app.campaigns')
    .values([
      {
        code: 'day_ten',
        name: '每月福利日',
        name_en: 'Day ten',
        form: 'benefit_day',
        starts_on: '2026-01-10',
        repeat: 'month',
      },
      {
        code: 'theme',
        name: '主题月',
        name_en: 'Theme',
        form: 'theme',
        starts_on: '2026-01-01',
        ends_on: '2026-01-31',
        repeat: 'quarter',
      },
    ])
    .execute();
  const page = await browser.open('operator', '/campaigns?layout=calendar');
  const heading = page.locator('.calendar-head h2');
  await heading.waitFor();
  // To April 2027: whatever today is, the arrows lead there.
  const monthsTo = async () => {
    const [year, month] = ((await heading.textContent()) ?? '').match(/\d+/g)!.map(Number) as [number, number];
    return (2027 - year) * 12 + 4 - month;
  };
  for (let left = await monthsTo(); left !== 0; left = await monthsTo())
    await page.getByRole('button', { name: left > 0 ? '下个月' : '上个月' }).click();
  const ten = page.getByRole('link', { name: /每月福利日/ });
  await ten.first().waitFor();
  expect(await ten.first().getAttribute('aria-label')).toContain('2027-04-10');
  expect(await page.getByRole('link', { name: /主题月、2027-04-01 – 2027-04-30、重复/ }).count()).toBe(5);
  expect(await axe(page)).toEqual([]);

  await ten.first().focus();
  await page.keyboard.press('Alt+ArrowRight');
  await page.getByRole('dialog').getByText('每一次都会移动 1 天').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '移动' }).click();
  await page.getByRole('link', { name: /每月福利日、2027-04-11/ }).waitFor();
  await page.getByRole('link', { name: /每月福利日、2027-04-11/ }).dragTo(page.locator('[data-day="2027-04-15"]'));
  await page.getByRole('dialog').getByRole('button', { name: '移动' }).click();
  await page.getByRole('link', { name: /每月福利日、2027-04-15/ }).waitFor();
  const [row] = await t.db.selectFrom('app.campaigns').select('starts_on').where('code', '=', 'day_ten').execute();
  expect(row?.starts_on).toBe('2026-01-15');

  await page.getByRole('button', { name: '季度' }).click();
  await page.locator('.timeline').waitFor();
  expect(await page.getByRole('link', { name: /每月福利日、2027-0[456]-15/ }).count()).toBe(3);
  expect(await axe(page)).toEqual([]);
  const viewer = await browser.open('viewer', '/campaigns?layout=calendar', { width: 390, height: 844 });
  await viewer.locator('.agenda, .tree-note').first().waitFor();
  expect(await viewer.locator('[draggable="true"]').count()).toBe(0);
  expect(faults.get(page)).toEqual([]);
});

test('a card is moved on a board by keys alone: by a change, or by the action that leads there', J, async () => {
  const product = await t.db
    .insertInto('app.products')
    .values({ external_id: 'board', name: '看板商品', category: '看板' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const page = await browser.open('operator', '/products?layout=kanban&q=看板商品');
  const card = page.getByRole('link', { name: '看板商品' });
  await card.waitFor();
  await card.focus();
  await page.keyboard.press('Space');
  await page.getByText('已拿起“看板商品”').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByText(/“看板商品”已移到/).waitFor();
  const { status } = await t.db
    .selectFrom('app.products')
    .select('status')
    .where('id', '=', product.id)
    .executeTakeFirstOrThrow();
  expect(status).not.toBe('active');
  expect(await axe(page)).toEqual([]);

  const made = await browser.app.as('administrator')('POST', '/api/campaigns', {
    ...{ code: 'board', name: '看板活动', name_en: 'Board', form: 'discount', channels: ['sms'] },
    ...{ starts_on: '2099-01-01', ends_on: '2099-01-02' },
  });
  expect(made.status).toBe(201);
  const board = await browser.open('operator', '/campaigns?layout=kanban&q=看板活动');
  await board.getByRole('button', { name: '移动“看板活动”' }).click();
  await board.getByRole('menuitem', { name: '移到“待审批”' }).click();
  await board.getByRole('region', { name: '待审批' }).getByRole('link', { name: '看板活动' }).waitFor();
  // Nobody leads from review to its end: the menu says so, and the server would too.
  await board.getByRole('button', { name: '移动“看板活动”' }).click();
  await board.keyboard.press('Escape');
  const reviewer = await browser.open('reviewer', '/campaigns?layout=kanban&q=看板活动');
  await reviewer.getByRole('button', { name: '移动“看板活动”' }).click();
  await reviewer.getByRole('menuitem', { name: '移到“已批准”' }).click();
  await reviewer.getByRole('dialog').getByRole('button', { name: '批准' }).click();
  await reviewer.getByRole('region', { name: '已批准' }).getByRole('link', { name: '看板活动' }).waitFor();
  expect(faults.get(reviewer)).toEqual([]);
});

test('a tree opens and closes by arrow keys', J, async () => {
  const ask = (code: string, name: string, parent_id: number | null) =>
    browser.app.as('operator')('POST', '/api/campaigns', {
      ...{ code, name, name_en: name, form: 'theme', starts_on: '2098-01-01', parent_id },
    });
  const top = (await (await ask('top', '树顶', null)).json()) as { id: number };
  await ask('leaf', '树叶', top.id);
  const page = await browser.open('viewer', '/campaigns?layout=tree');
  const item = page.getByRole('treeitem', { name: '树顶' });
  await item.waitFor();
  await item.focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('treeitem', { name: '树叶' }).waitFor();
  expect(await item.getAttribute('aria-expanded')).toBe('true');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  expect(await item.getAttribute('aria-expanded')).toBe('false');
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '树顶' }).waitFor();
  expect(faults.get(page)).toEqual([]);
});

test('conditions are joined by or in groups, and "me" is whoever looks', J, async () => {
  const goal = (person: 'operator' | 'manager', name: string, metric: string) => ({
    ...{ stage: 'short', name, name_en: name, metric, owner_id: browser.app.id(person), target_rate: '0.5' },
    ...{ measure: 'rate', direction: 'up', target_kind: 'absolute' },
  });
  await t.db
    .insertInto('app.goals')
    .values([
      goal('operator', '我的目标', 'wake_up_rate'),
      goal('manager', '别人的目标', 'nps'),
      goal('manager', '又一个', 'csat'),
    ])
    .execute();
  const page = await browser.open('operator', '/goals');
  const names = () => page.locator('.row-link').allTextContents();
  await expect.poll(async () => (await names()).sort()).toEqual(['别人的目标', '又一个', '我的目标'].sort());
  await page.getByRole('button', { name: '筛选', exact: true }).click();
  await page.getByRole('button', { name: '组合条件（且 / 或）' }).click();
  const dialog = page.getByRole('dialog');
  const combo = (label: string, at: number) => dialog.getByRole('combobox', { name: label }).nth(at);
  const choose = async (label: string, at: number, option: string) => {
    await combo(label, at).click();
    await page.locator('.ant-select-dropdown:visible').getByText(option, { exact: true }).click();
  };
  await dialog.getByLabel('条件关系').selectOption('or');
  await dialog.getByRole('button', { name: '添加条件', exact: true }).click();
  await choose('字段', 0, '责任人');
  await dialog.getByLabel('与什么比较').first().selectOption('me');
  expect(await dialog.getByRole('button', { name: '应用' }).getAttribute('aria-disabled')).toBeNull();
  await dialog.getByRole('button', { name: '添加条件', exact: true }).click();
  expect(await dialog.getByRole('button', { name: '应用' }).getAttribute('aria-disabled')).toBe('true');
  await dialog.getByRole('textbox', { name: '值' }).last().fill('又一个');
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole('button', { name: '应用' }).click();
  await expect.poll(async () => (await names()).sort()).toEqual(['又一个', '我的目标'].sort());
  // The same address means another "me" for somebody else.
  const other = await browser.open('manager', new URL(page.url()).pathname + new URL(page.url()).search);
  await expect.poll(() => other.locator('.row-link').count()).toBe(2);
  expect(await other.getByRole('link', { name: '我的目标' }).count()).toBe(0);
  expect(faults.get(page)).toEqual([]);
});

test('totals over more rows than are counted wait to be asked for', J, async () => {
  await t.owner
    .insertInto('app.orders')
    .columns(['customer_id', 'source', 'external_id', 'placed_at', 'placed_on', 'amount'])
    .expression((eb) =>
      eb
        .selectFrom(sql<{ at: number }>`generate_series(1, 10001)`.as<'made'>(sql`made (at)`))
        .select([
          sql<number>`(select min(id) from app.customers where id > 0)`.as('customer_id'),
          sql<string>`'sums'`.as('source'),
          sql<string>`'sums-' || made.at`.as('external_id'),
          sql<string>`'2026-02-01 10:00+08'`.as('placed_at'),
          sql<string>`'2026-02-01'`.as('placed_on'),
          sql<string>`'2.00'`.as('amount'),
        ]),
    )
    .execute();
  const page = await browser.open('administrator', '/orders');
  await page.getByRole('button', { name: '计算合计' }).click();
  await page.locator('.sum-row').getByText('20,002.00').waitFor();
  expect(await axe(page)).toEqual([]);
  expect(faults.get(page)).toEqual([]);
});
