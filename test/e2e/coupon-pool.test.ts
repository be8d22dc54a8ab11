/** A pool of codes that runs out and is refilled: by screen, from the file to the customers who waited. */
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

test('codes are imported, run out, customers wait in line, and a refill serves them in their order', {
  timeout: 8 * PATIENCE_MS,
}, async () => {
  const ask = browser.app.as('operator');
  const made = async (path: string, body: object) => {
    const answer = await ask('POST', path, body);
    expect(answer.status, await answer.clone().text()).toBeLessThan(300);
    return (await answer.json()) as { id: number; status?: string };
  };
  await made('/api/coupon_templates', {
    ...{ code: 'cinema', name: '观影券', name_en: 'Ticket', kind: 'gift', gift_name: '观影一次', status: 'active' },
    ...{ distribution: 'claim', valid_for: 30, code_mode: 'imported', pool_warn_at: 1 },
  });
  const page = await browser.open('operator', '/coupon_codes/import');
  await made('/api/coupon_templates', {
    ...{ code: 'theatre', name: '演出券', name_en: 'Theatre', kind: 'gift', gift_name: '演出一场', status: 'active' },
    ...{ distribution: 'claim', valid_for: 30, code_mode: 'imported', pool_warn_at: 1 },
  });
  const bring = async (codes: readonly string[], template = '观影券') => {
    await page.goto(`${browser.address}/coupon_codes/import`);
    const text = ['券码,优惠券', ...codes.map((code) => `${code},${template}`)].join('\r\n');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: '券码.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByText('已对应 2 列').waitFor();
    await page.getByRole('button', { name: '预检', exact: true }).click();
  };
  await bring(['FILM-0001', 'FILM-0002']);
  await page.getByText('预检通过').waitFor();
  await page.getByRole('button', { name: '开始导入' }).click();
  await page.getByText('导入完成').waitFor();

  const statuses: unknown[] = [];
  for (const n of [1, 2, 3, 4]) {
    await made('/api/customers', { external_id: `W-${n}`, name: `客户${n}` });
    const claimed = await made('/api/v1/coupons/claim', {
      ...{ external_id: `L-${n}`, customer_external_id: `W-${n}`, template: 'cinema' },
    });
    statuses.push(claimed.status);
  }
  expect(statuses).toEqual(['claimed', 'claimed', 'waiting', 'waiting']);

  const pools = await browser.open('operator', '/coupon_pools?scope=low');
  await pools.getByText('观影券').first().waitFor();
  expect(await axe(pools)).toEqual([]);
  await picture(pools, 'coupon-pools-low');
  const waiting = await browser.open('operator', '/coupons?scope=waiting');
  await waiting.getByText('待补码').first().waitFor();
  await picture(waiting, 'coupons-waiting');

  // A code that is there already, for something else, is told by its row.
  await bring(['SHOW-0001', 'FILM-0002'], '演出券');
  await page.getByText('1 行有错误').waitFor();
  await page.getByText('已有相同的券码').first().waitFor();
  await picture(page, 'coupon-codes-duplicate');
  await bring(['FILM-0003', 'FILM-0004', 'FILM-0005']);
  await page.getByText('预检通过').waitFor();
  await page.getByRole('button', { name: '开始导入' }).click();
  await page.getByText('导入完成').waitFor();

  const held = await t.db.selectFrom('app.coupons').select(['status', 'code']).orderBy('id').execute();
  expect(held).toEqual([
    { status: 'claimed', code: 'FILM-0001' },
    { status: 'claimed', code: 'FILM-0002' },
    { status: 'claimed', code: 'FILM-0003' },
    { status: 'claimed', code: 'FILM-0004' },
  ]);
  const all = await browser.open('operator', '/coupon_pools');
  await all.getByText('观影券').first().waitFor();
  await picture(all, 'coupon-pools-refilled');
  for (const each of [page, pools, waiting, all]) expect(faults.get(each)).toEqual([]);
});
