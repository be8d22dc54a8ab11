/** A campaign whose budget is used up: seen stopped with its reason, given money with somebody's consent, let go on. By screen; orders come by the API. */
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processFacts } from '../../api/engine/process.ts';
import { seedNew } from '../../api/seed.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from '../sql/budgets.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
let budget: number;
let campaign: number;
let customer: number;
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  browser = await testBrowser(t);
  const b = await budgets(t);
  // Nothing but the rule of the campaign gives points here.
  await t.owner.deleteFrom('app.programme_versions').where('resource', '=', 'earn_rules').execute();
  budget = await b.budget(
    {
      ...{ name: '秋季满赠预算', name_en: 'Autumn', kind: 'campaign', starts_on: null, ends_on: null },
      ...{ mover_roles: '{operator}', approver_roles: '{manager}', move_limit: '50' },
    },
    { new: 1000, active: 500, other: 0 },
  );
  const made = await t.db
    .insertInto('app.campaigns')
    .values({
      ...{
        code: 'autumn',
        name: '秋季满赠',
        name_en: 'Autumn',
        form: 'discount',
        status: 'running',
        budget_id: budget,
      },
      ...{ starts_on: '2020-01-01', ends_on: '2099-12-31' },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  campaign = made.id;
  const rule = await browser.app.as('operator')('POST', '/api/earn_rules', {
    ...{ code: 'autumn', name: '秋季满赠积分', name_en: 'Autumn', status: 'active', trigger: 'order' },
    ...{ effect: 'per_amount', points: 100, per_amount: '1', campaign_id: campaign },
  });
  expect(rule.status, await rule.clone().text()).toBe(201);
  const person = await t.db
    .insertInto('app.customers')
    .values({ external_id: 'busy', enrolled_at: '2020-01-01 00:00+08', enrolled_on: '2020-01-01' })
    .returning('id')
    .executeTakeFirstOrThrow();
  customer = person.id;
  await b.member(customer, 'active', '2020-01-01');
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});

let number = 0;
/** An order sent by a shop. @returns the points it earned */
async function buys(amount: string): Promise<number> {
  const { rows } = await sql<{ at: string }>`
    select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
  `.execute(t.db);
  const answer = await browser.app.as('operator')('POST', '/api/v1/orders', {
    ...{ external_id: `A-${++number}`, customer_external_id: 'busy', placed_at: rows[0]!.at },
    lines: [{ sku: 'one', quantity: 1, unit_price: amount }],
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  const { id } = (await answer.json()) as { id: number };
  await processFacts(browser.app.deps, { until_at: '2100-01-01' });
  const lot = await t.db
    .selectFrom('app.points_lots')
    .select('issued')
    .where('book_id', '=', 0)
    .where('customer_id', '=', customer)
    .where('origin_kind', '=', 'order')
    .where('origin_id', '=', id)
    .executeTakeFirst();
  return Number(lot?.issued ?? 0);
}

const act = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

test('a campaign stopped by its budget goes on when money was moved with consent', {
  timeout: 8 * PATIENCE_MS,
}, async () => {
  expect(await buys('480')).toBe(48_000);
  expect(await buys('60')).toBe(0);

  const page = await browser.open('operator', `/campaigns/${campaign}`);
  await page.getByText('预算已用完').first().waitFor();
  await page.getByText('已停止').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'campaign-stopped');

  // More than what may be moved without asking: it waits.
  await page.goto(`${browser.address}/budgets/${budget}`);
  await act(page, '调拨');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('金额').fill('200');
  await dialog.getByLabel('原因').fill('活跃客户反响好');
  for (const [label, option] of [
    ['转出客群', '新客'],
    ['转入客群', '活跃'],
  ] as const) {
    const control = dialog.getByLabel(label);
    await control.click();
    if (await control.isEditable()) await control.fill(option);
    await page
      .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: option })
      .first()
      .click();
  }
  await dialog.getByRole('button', { name: '调拨' }).click();
  await page.getByText('超过可自行调拨的额度，等待批准').waitFor();
  await page.getByRole('heading', { name: '新客 → 活跃' }).waitFor();
  expect(await buys('60')).toBe(0);

  // Somebody else agrees, from what waits on their home page.
  const manager = await browser.open('manager', '/');
  await manager
    .getByRole('link', { name: /^预算调拨/ })
    .first()
    .click();
  await manager.getByRole('link', { name: '新客 → 活跃' }).first().click();
  await manager.getByText('活跃客户反响好').first().waitFor();
  await act(manager, '批准');
  await manager.getByRole('dialog').getByRole('button', { name: '批准' }).click();
  await manager.getByText('已调拨').first().waitFor();
  await picture(manager, 'campaign-money-moved');

  await page.goto(`${browser.address}/campaigns/${campaign}`);
  await act(page, '恢复');
  await page.getByRole('dialog').getByRole('button', { name: '恢复' }).click();
  await page.getByText('进行中').first().waitFor();
  await page.getByRole('button', { name: '恢复', exact: true }).waitFor({ state: 'detached' });
  await page.reload();
  // The stop stays on record, with who let it go on.
  await page.getByRole('region', { name: '活动停止记录' }).getByText('Test operator').waitFor();
  await picture(page, 'campaign-resumed');
  expect(await buys('60')).toBe(6_000);
  expect([...faults.get(page)!, ...faults.get(manager)!]).toEqual([]);
});
