/** Somebody subscribes on a report's page, an alert fires, the mail arrives, and it recovers. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mailPools } from '../../api/outbox/smtp.ts';
import { tellSubscribers } from '../../api/outbox/subscribers.ts';
import { reportStore } from '../../api/report/store.ts';
import { type MailReceiver, mailReceiver } from '../api/receivers.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

let t: TestDatabase;
let browser: TestBrowser;
let mail: MailReceiver;
const pools = mailPools();
beforeAll(async () => {
  t = await testDatabase();
  browser = await testBrowser(t);
  mail = await mailReceiver();
  await sql`
    insert into app.message_adapters (code, name, name_en, channel, kind, status, host, port, security, from_address, from_name)
    values ('mail', 'm', 'm', 'email', 'smtp', 'active', '127.0.0.1', ${mail.port}, 'none', 'console@example.com', 'Evergreen')
  `.execute(t.owner);
}, 240_000);
afterAll(async () => {
  pools.close();
  if (browser) reportStore(browser.app.deps).close();
  await mail?.close();
  await browser?.close();
  await t?.close();
});

const judge = (value: number) =>
  sql`select ops.note_alerts(
    jsonb_build_object(
      'rule', 'report:sales/orders-by-month#net_sales/value', 'report', 'sales/orders-by-month', 'metric', 'revenue_net',
      'area', 'sales', 'name', '每月订单 · 净销售额', 'name_en', 'Orders by month · Net sales', 'unit', 'money',
      'owner', 'analytics', 'roles', '["manager", "analyst"]'::jsonb, 'against', 'value', 'side', 'below', 'bad', 90,
      'for', 1, 'step', 'month'
    ),
    jsonb_build_array(jsonb_build_object('subject', '{}'::jsonb, 'bucket_on', (date_trunc('month', now()) - interval '1 month')::date, 'value', ${value}::numeric)),
    null, clock_timestamp()
  )`.execute(t.owner);

test('who subscribes is told by mail, finds the alert on its page and sees it recover', {
  timeout: 10 * PATIENCE_MS,
}, async () => {
  const page = await browser.open('manager', '/reports/sales/orders-by-month');
  await page.getByRole('button', { name: '订阅', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('有提醒时立即').waitFor();
  await picture(page, 'subscribe');
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.getByRole('button', { name: '已订阅' }).waitFor();

  await judge(50);
  await tellSubscribers(browser.app.deps, pools);
  expect(mail.mails).toHaveLength(1);

  await page.goto(new URL('/alerts?scope=open', page.url()).href);
  await page.getByText('每月订单 · 净销售额').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'alerts');
  await page.getByText('每月订单 · 净销售额').first().click();
  await page.getByRole('button', { name: '静音' }).first().waitFor();
  await picture(page, 'alert');

  await judge(100);
  await tellSubscribers(browser.app.deps, pools);
  expect(mail.mails).toHaveLength(2);
  await page.goto(new URL('/alerts?scope=open', page.url()).href);
  await page.getByRole('heading', { name: '提醒' }).first().waitFor();
  expect(await page.getByText('每月订单 · 净销售额').count()).toBe(0);
  expect(faults.get(page)).toEqual([]);
});

test('on a phone, in English and in the dark the alerts reach over no edge', {
  timeout: 10 * PATIENCE_MS,
}, async () => {
  await judge(40);
  const page = await browser.open('manager', '/alerts', { lang: 'en', theme: 'dark', width: 390 });
  await page.getByText('Orders by month · Net sales').first().waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await picture(page, 'alerts-phone');
});
