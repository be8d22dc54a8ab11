/** Points redeemed for a customer at the counter, and taken back: by screen, from the customer's page to the account. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await t?.close();
});

test('a reward is redeemed for a customer, reserved by a shop, and both are cancelled: every point and piece is back', {
  timeout: 6 * PATIENCE_MS,
}, async () => {
  const ask = browser.app.as('operator');
  const made = async (path: string, body: object) => {
    const answer = await ask('POST', path, body);
    expect(answer.status, await answer.clone().text()).toBeLessThan(300);
    return (await answer.json()) as { id: number };
  };
  const { id } = await made('/api/customers', { external_id: 'E-1', name: '赵一鸣' });
  await made(`/api/customers/${id}/_actions/adjust_points`, { points: 500, reason: '测试' });
  const cup = await made('/api/rewards', {
    ...{ code: 'cup', name: '保温杯', name_en: 'Cup', kind: 'goods', status: 'active' },
    ...{ points: 120, stock: 5, max_quantity: 3, handle_hours: 48 },
  });
  const stands = async () => {
    const account = await t.db
      .selectFrom('app.points_accounts')
      .select(['available', 'reserved', 'spent'])
      .where('customer_id', '=', id)
      .where('book_id', '=', 0)
      .executeTakeFirst();
    const reward = await t.db
      .selectFrom('app.rewards')
      .select(['reserved as held', 'taken'])
      .where('id', '=', cup.id)
      .executeTakeFirst();
    return { ...account, ...reward };
  };

  const page = await browser.open('customer_service', `/customers/${id}`);
  const redeem = async (quantity: string) => {
    await page.getByRole('button', { name: '代客兑换' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('兑换商品').click();
    await page.locator('.ant-select-item-option', { hasText: '保温杯' }).click();
    await dialog.getByLabel('数量').fill(quantity);
    await picture(page, 'redeem-dialog');
    await dialog.getByRole('button', { name: '代客兑换' }).click();
    return dialog;
  };
  // More than goes at a time is said in the form, which keeps what was typed.
  const dialog = await redeem('4');
  await dialog.getByText('一次最多兑换 3 份').first().waitFor();
  await dialog.getByLabel('数量').fill('2');
  await dialog.getByRole('button', { name: '代客兑换' }).click();
  await page.getByText('已扣 240 积分，余额 260').first().waitFor();
  expect(await stands()).toEqual({ available: 260, reserved: 0, spent: 240, held: 0, taken: 2 });

  const held = await ask('POST', '/api/v1/redemptions', {
    external_id: 'till-1',
    customer_external_id: 'E-1',
    reward: 'cup',
  });
  expect(held.status).toBe(201);
  expect(await stands()).toEqual({ available: 140, reserved: 120, spent: 240, held: 1, taken: 2 });

  const list = await browser.open('customer_service', '/redemptions?scope=open');
  await list.getByText('保温杯').first().waitFor();
  expect(await axe(list)).toEqual([]);
  await picture(list, 'redemptions-open');

  for (const row of await t.db.selectFrom('app.redemptions').select('id').orderBy('id').execute()) {
    const record = await browser.open('customer_service', `/redemptions/${row.id}`);
    await record.getByRole('button', { name: '取消并退回积分' }).click();
    const asked = record.getByRole('dialog');
    await asked.getByLabel('原因').fill('客户改变主意');
    await asked.getByRole('button', { name: '取消并退回积分' }).click();
    await record.getByText('积分已退回').first().waitFor();
    await record.getByText('已取消').first().waitFor();
    expect(await axe(record)).toEqual([]);
    await picture(record, `redemption-cancelled-${row.id}`);
    expect(faults.get(record)).toEqual([]);
  }
  expect(await stands()).toEqual({ available: 500, reserved: 0, spent: 0, held: 0, taken: 0 });
  expect(faults.get(page)).toEqual([]);
});
