/** A webhook by screen: its secret is seen once, what arrives is signed, the secret is replaced, what failed is sent again. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tellSome } from '../../api/outbox/webhooks.ts';
import { type HttpReceiver, httpReceiver, type Posted } from '../api/receivers.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { writing } from '../sql/messages.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
let http: HttpReceiver;
beforeAll(async () => {
  t = await testDatabase();
  http = await httpReceiver();
  browser = await testBrowser(t);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await http?.close();
  await t?.close();
});

/** As docs/operating.md tells receivers to. */
function isSigned({ headers, body }: Posted, secret: string): boolean {
  const parts = String(headers['evergreen-signature']).split(',');
  const seconds = parts.find((part) => part.startsWith('t='))?.slice(2);
  const own = createHmac('sha256', secret).update(`${seconds}.${body}`).digest();
  return parts.some((part) => {
    const theirs = Buffer.from(part.slice(3), 'hex');
    return part.startsWith('v1=') && theirs.length === own.length && timingSafeEqual(theirs, own);
  });
}

/** @returns the new secret, as the dialog shows it */
async function replaceSecret(page: Page, old_hours: string): Promise<string> {
  await page.getByRole('button', { name: '更换签名密钥' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('旧密钥继续有效（小时）', { exact: false }).fill(old_hours);
  await dialog.getByRole('button', { name: '更换签名密钥' }).click();
  return shownSecret(page, 'webhook-secret');
}

/** What the dialog shows this once. */
async function shownSecret(page: Page, name: string): Promise<string> {
  const dialog = page.getByRole('dialog');
  const secret = await dialog.getByRole('textbox', { name: '令牌' }).inputValue();
  expect(secret).toMatch(/^egs_/);
  expect(await axe(page)).toEqual([]);
  await picture(page, name);
  await dialog.getByRole('button', { name: '我已保存' }).click();
  await dialog.waitFor({ state: 'detached' });
  return secret;
}

test('a webhook is made, signed, its secret replaced, and what failed is sent again', {
  timeout: 10 * PATIENCE_MS,
}, async () => {
  const customer = await writing(t).customer({ external_id: 'V-1', name: '许望舒' });
  const { rows } = await sql<{ id: number }>`
    insert into app.tiers (code, name, name_en, rank, enter_at, basis, window_kind, validity_kind, downgrade)
    values ('gold', '金卡', 'Gold', 1, 1, 'spend', 'lifetime', 'forever', 'none') returning id`.execute(t.owner);
  const told = async (): Promise<Posted | undefined> => {
    await sql`insert into app.tier_changes (customer_id, to_tier_id, changed_at, reason, fact_kind, fact_id)
      values (${customer}, ${rows[0]!.id}, now(), 'upgrade', 'order', 1)`.execute(t.owner);
    await tellSome(browser.app.deps);
    return http.posted.at(-1);
  };

  const page = await browser.open('administrator', '/webhook_endpoints/new');
  const save = page.getByRole('button', { name: '保存', exact: true });
  await page.getByLabel('名称', { exact: false }).first().fill('商城 CRM');
  await page.getByLabel('接收地址', { exact: false }).fill(http.url.replace('http://', 'http://user:secret@'));
  await page.getByRole('combobox', { name: '通知内容' }).fill('等级');
  await page.locator('.ant-select-dropdown:visible').getByText('等级变动', { exact: true }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('最多尝试次数', { exact: false }).fill('1');
  await save.click();
  await page.getByText('接收地址中不能写用户名和密码').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'webhook-address-refused');
  await page.getByLabel('接收地址', { exact: false }).first().fill(http.url);
  await save.click();
  await page.getByRole('heading', { name: '已创建签名密钥' }).waitFor();
  const first = await shownSecret(page, 'webhook-made');
  await page.getByRole('heading', { name: '商城 CRM' }).waitFor();
  const path = new URL(page.url()).pathname;

  await page.reload();
  await page.getByRole('heading', { name: '商城 CRM' }).waitFor();
  expect(await page.content()).not.toContain(first);
  const one = (await told())!;
  expect(one.json).toMatchObject({ topic: 'tier.changed', customer_external_id: 'V-1', data: { to_tier: 'gold' } });
  expect(isSigned(one, first)).toBe(true);
  expect(isSigned({ ...one, body: `${one.body} ` }, first)).toBe(false);

  // While the receiver learns the new one, either will do.
  const second = await replaceSecret(page, '24');
  const both = (await told())!;
  expect([isSigned(both, first), isSigned(both, second)]).toEqual([true, true]);
  await page.getByText('旧密钥有效至').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'webhook-two-secrets');
  await sql`update app.sealed_secrets set until_at = now() - interval '1 second' where until_at is not null`.execute(
    t.owner,
  );
  const after = (await told())!;
  expect([isSigned(after, first), isSigned(after, second)]).toEqual([false, true]);
  // One that leaked ends at once.
  const third = await replaceSecret(page, '0');
  const last = (await told())!;
  expect([isSigned(last, second), isSigned(last, third)]).toEqual([false, true]);

  http.answers(() => [503, 'down for maintenance']);
  const refused = (await told())!;
  const failed = await browser.open('administrator', '/webhook_deliveries?scope=failed');
  await failed.getByText('503 down for maintenance').first().waitFor();
  expect(await axe(failed)).toEqual([]);
  await picture(failed, 'webhook-deliveries-failed');
  await failed.getByRole('rowheader').getByRole('link').first().click();
  http.answers(() => [200]);
  await failed.getByRole('button', { name: '重新发送' }).first().click();
  await failed.getByRole('dialog').getByRole('button', { name: '重新发送' }).click();
  await failed.getByText('将再次发送').first().waitFor();
  await tellSome(browser.app.deps);
  expect(http.posted.at(-1)!.body).toBe(refused.body);
  expect(http.posted.at(-1)!.headers['idempotency-key']).toBe(refused.headers['idempotency-key']);
  await failed.reload();
  await failed.getByText('已送达').first().waitFor();
  await failed.getByRole('heading', { name: '等级变动', level: 1 }).waitFor();
  await picture(failed, 'webhook-delivery-arrived');

  const phone = await browser.open('administrator', path, { lang: 'en', width: 390, height: 844, theme: 'dark' });
  await phone.getByText('Told of').first().waitFor();
  expect(await phone.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  expect(await axe(phone)).toEqual([]);
  await picture(phone, 'webhook-390-dark');
  expect([page, failed, phone].flatMap((each) => faults.get(each)!)).toEqual([]);
});
