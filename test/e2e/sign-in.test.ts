/** Coming in and going out, as people do it. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../api/config.ts';
import type { Lang } from '../../api/contract.ts';
import { addDemoUsers } from '../../api/sign-in/demo-users.ts';
import { hashPassword } from '../../api/sign-in/passwords.ts';
import { digest, randomToken } from '../../api/sign-in/sessions.ts';
import { DEMO_MS, type TestDatabase, testDatabase } from '../database.ts';
import { CLIENT_ID, CLIENT_SECRET, type OidcProvider, startOidcProvider } from '../oidc-provider.ts';
import { axe, faults, type Look, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';

const PASSWORD = 'seven-lotus-pond';
const J = { timeout: 4 * PATIENCE_MS };
const WORDS = {
  zh: {
    email: '邮箱',
    password: '密码',
    enter: '登录',
    wrong: '邮箱或密码不正确',
    out: '退出登录',
    provider: '使用企业账号登录',
    cancelled: '登录已取消',
    unknown: '此邮箱还没有账号',
  },
  en: {
    email: 'E-mail',
    password: 'Password',
    enter: 'Sign in',
    wrong: 'The e-mail or the password is not right',
    out: 'Sign out',
    provider: 'Sign in with 企业账号',
    cancelled: 'The sign-in was cancelled',
    unknown: 'There is no account',
  },
} as const;
const LOOKS: (Look & { lang: Lang })[] = [
  { lang: 'zh', theme: 'light', width: 1440 },
  { lang: 'en', theme: 'dark', width: 390 },
];

let t: TestDatabase;
let provider: OidcProvider;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase();
  await addDemoUsers(t.db);
  provider = await startOidcProvider();
  const { oidc } = readConfig({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT_ID,
    OIDC_CLIENT_SECRET: CLIENT_SECRET,
    OIDC_LABEL: '企业账号',
  });
  browser = await testBrowser(t, { oidc, demo: true });
}, DEMO_MS);
afterAll(async () => {
  await browser?.close();
  await provider?.stop();
  await t?.close();
});

async function person(email: string, lang: Lang): Promise<number> {
  const password_hash = await hashPassword(PASSWORD);
  const values = { email, name: '王小明', roles: ['viewer'], password_hash, lang };
  const { id } = await t.db.insertInto('app.users').values(values).returning('id').executeTakeFirstOrThrow();
  return id;
}
async function type(page: Page, words: (typeof WORDS)[Lang], email: string, password: string) {
  await page.getByLabel(words.email).fill(email);
  await page.getByLabel(words.password, { exact: true }).fill(password);
  await page.getByRole('button', { name: words.enter, exact: true }).click();
}

test.each(LOOKS)('a wrong password is said, a right one leads on, signing out ends it ($lang)', J, async (look) => {
  const words = WORDS[look.lang];
  const email = `typed-${look.lang}@shop.example`;
  await person(email, look.lang);
  const page = await browser.open(null, '/tiers?q=x', look);
  await page.waitForURL('**/sign-in?to=*');
  await page.getByRole('link', { name: words.provider }).waitFor();
  await picture(page, `sign-in ${look.lang} ${look.width}`);
  expect(await axe(page)).toEqual([]);
  await type(page, words, email, 'not my password');
  await page.getByRole('alert').getByText(words.wrong).waitFor();
  await picture(page, `sign-in wrong ${look.lang} ${look.width}`);
  expect(await axe(page)).toEqual([]);
  await type(page, words, email, PASSWORD);
  await page.waitForURL('**/tiers?q=x');
  await page.locator('.user-button').click();
  await page.getByText(words.out).click();
  await page.waitForURL('**/sign-in');
  await page.goto(`${browser.address}/tiers`);
  await page.waitForURL('**/sign-in?to=*');
  expect(faults.get(page)).toEqual([]);
});

test('a demo person comes in by a click', J, async () => {
  const page = await browser.open(null, '/sign-in');
  await page.getByRole('button', { name: /分析师/ }).click();
  await page.waitForURL(`${browser.address}/`);
  await page.locator('.user-button').getByText('程予安').waitFor();
});

test.each(LOOKS)('a link sets a password once ($lang)', J, async (look) => {
  const email = `link-${look.lang}@shop.example`;
  const user_id = await person(email, look.lang);
  const token = randomToken();
  const expires_at = new Date(Date.now() + 3_600_000).toISOString();
  await t.db
    .insertInto('app.sign_in_links')
    .values({ token_hash: digest(token), user_id, expires_at })
    .execute();
  const page = await browser.open(null, `/set-password?token=${token}`, look);
  const [first, again] = [page.locator('input[type=password]').first(), page.locator('input[type=password]').last()];
  await first.fill('short');
  await again.fill('short');
  await page.locator('button[type=submit]').click();
  await page.locator('.door-error').waitFor();
  await picture(page, `set-password ${look.lang} ${look.width}`);
  expect(await axe(page)).toEqual([]);
  await first.fill('nine-willow-bridges');
  await again.fill('nine-willow-bridges');
  await page.locator('button[type=submit]').click();
  await page.waitForURL(`${browser.address}/`);
  await page.goto(`${browser.address}/set-password?token=${token}`);
  await page.getByRole('alert').waitFor();
  expect(faults.get(page)).toEqual([]);
});

test.each(LOOKS)(
  'the identity provider lets in, and what goes wrong there is said in a sentence ($lang)',
  J,
  async (look) => {
    const words = WORDS[look.lang];
    const email = `oidc-${look.lang}@shop.example`;
    await person(email, look.lang);
    provider.behave = { claims: { sub: email, email, email_verified: true }, error: 'access_denied' };
    const page = await browser.open(null, '/tiers', look);
    await page.getByRole('link', { name: words.provider }).click();
    await page.getByRole('alert').getByText(words.cancelled).waitFor();
    await picture(page, `sign-in cancelled ${look.lang} ${look.width}`);
    expect(await axe(page)).toEqual([]);
    provider.behave = { claims: { sub: 'x', email: 'nobody@shop.example', email_verified: true } };
    await page.getByRole('link', { name: words.provider }).click();
    await page.getByRole('alert').getByText(words.unknown).waitFor();
    provider.behave = { claims: { sub: email, email, email_verified: true } };
    await page.getByRole('link', { name: words.provider }).click();
    await page.waitForURL('**/tiers');
    await page.locator('.user-button').waitFor();
    expect(faults.get(page)).toEqual([]);
  },
);
