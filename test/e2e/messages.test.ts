/** A template by screen: its preview with a customer, a placeholder put right, a test that arrives at a real mail server. */
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendSome } from '../../api/outbox/loop.ts';
import { mailPools } from '../../api/outbox/smtp.ts';
import { type MailReceiver, mailReceiver } from '../api/receivers.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { writing } from '../sql/messages.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

const PASSWORD = 'p@ss-of-the-mail-server';
let t: TestDatabase;
let browser: TestBrowser;
let mail: MailReceiver;
const pools = mailPools();
beforeAll(async () => {
  t = await testDatabase();
  mail = await mailReceiver({ password: PASSWORD });
  browser = await testBrowser(t);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  pools.close();
  await mail?.close();
  await t?.close();
});

test('a template is written, previewed, put right, and a test of it arrives by mail', {
  timeout: 10 * PATIENCE_MS,
}, async () => {
  const customer = await writing(t).customer({ external_id: 'V-7', name: '许望舒', email: 'own@example.com' });
  const admin = browser.app.as('administrator');
  const made = await admin('POST', '/api/message_adapters', {
    ...{ code: 'mail', name: '商城邮件', name_en: 'Shop mail', channel: 'email', kind: 'smtp', status: 'active' },
    ...{ host: '127.0.0.1', port: mail.port, security: 'none', username: 'evergreen' },
    ...{ from_name: '常青', from_address: 'hello@shop.example' },
  });
  expect(made.status, await made.clone().text()).toBe(201);
  const adapter = ((await made.json()) as { id: number }).id;
  const channel = await browser.open('administrator', `/message_adapters/${adapter}`);
  await channel.getByRole('button', { name: '设置密码' }).click();
  await channel.getByRole('dialog').getByLabel('密码', { exact: false }).first().fill(PASSWORD);
  await channel.getByRole('dialog').getByRole('button', { name: '设置密码' }).click();
  await channel.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await axe(channel)).toEqual([]);
  await picture(channel, 'message-adapter');

  const page = await browser.open('pii', '/message_templates/new');
  const save = page.getByRole('button', { name: '保存', exact: true });
  await page.getByRole('textbox', { name: /^名称/ }).fill('积分提醒');
  await page.getByRole('textbox', { name: '英文名称' }).fill('Points');
  await page.getByRole('textbox', { name: '编码' }).fill('points_note');
  await page.getByRole('combobox', { name: '渠道' }).click();
  await page.locator('.ant-select-dropdown:visible').getByText('邮件', { exact: true }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: /^标题/ }).fill('{{name|朋友}}，您的积分');
  const text = page.getByRole('textbox', { name: /^正文/ });
  await text.fill('{{name|朋友}}您好，{{Points}} 积分可用，暗号 {{code}}。{{link:https://shop.example/points|去看看}}');
  const preview = page.getByRole('complementary', { name: '预览' });
  await preview.getByText('发送时须给出：code').waitFor();

  // {{Points}} is no name of a variable.
  await save.click();
  await page.getByText('看不懂').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'message-template-fault');
  await text.fill('{{name|朋友}}您好，{{points}} 积分可用，暗号 {{code}}。{{link:https://shop.example/points|去看看}}');
  await page.getByRole('combobox', { name: '预览客户' }).fill('许望舒');
  await page.locator('.ant-select-dropdown:visible').getByText('许望舒').first().click();
  await preview.getByText('许望舒您好，0 积分可用').first().waitFor();
  await picture(page, 'message-template-preview');
  await save.click();
  await page.getByRole('heading', { name: '积分提醒' }).waitFor();

  await page.getByRole('button', { name: '测试发送' }).click();
  const dialog = page.getByRole('dialog');
  const choose = async (name: string, typed: string) => {
    await dialog.getByRole('combobox', { name }).click();
    await dialog
      .getByRole('combobox', { name })
      .fill(typed)
      .catch(() => undefined);
    await page.locator('.ant-select-dropdown:visible').getByText(typed).first().click();
  };
  await choose('渠道', '邮件');
  await dialog.getByLabel('接收地址', { exact: false }).fill('tester@shop.example');
  await choose('以此客户的资料', '许望舒');
  const send = dialog.getByRole('button', { name: '测试发送' });
  await send.click();
  await dialog.getByText('请给出变量 code 的值').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'message-test-lacks');
  await dialog.getByLabel('变量', { exact: false }).fill('code = 春风');
  await send.click();
  await page.waitForURL(/\/messages\/\d+/);
  await page.getByText('待发送').first().waitFor();

  const log = pino({ level: 'silent' });
  await sendSome({ db: browser.app.deps.db, config: browser.app.deps.config, log }, pools, 'email');
  expect(mail.mails).toHaveLength(1);
  const arrived = mail.mails[0]!;
  expect(arrived).toMatch(/^To: tester@shop\.example/m);
  expect(arrived).not.toContain('own@example.com');
  await page.reload();
  await page.getByText('已发送').first().waitFor();
  await page.getByText('许望舒您好，0 积分可用，暗号 春风。').first().waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'message-test-sent');

  const outbox = await browser.open('operator', '/messages?scope=tests');
  await outbox.getByText('积分提醒').first().waitFor();
  expect(await axe(outbox)).toEqual([]);
  await picture(outbox, 'messages-tests');
  const phone = await browser.open('operator', '/messages?scope=tests', {
    ...{ lang: 'en', width: 390, height: 844, theme: 'dark' },
  });
  await phone.locator('tbody').getByText('Points', { exact: true }).first().waitFor();
  expect(await phone.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  expect(await axe(phone)).toEqual([]);
  await picture(phone, 'messages-390-dark');
  expect(customer).toBeGreaterThan(0);
  expect([channel, page, outbox, phone].flatMap((each) => faults.get(each)!)).toEqual([]);
});
