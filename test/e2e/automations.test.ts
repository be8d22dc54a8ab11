/** The win-back is made from the default one, mended where it was wrong, launched, and a customer goes through it. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { advance, enterByDay } from '../../api/engine/automations.ts';
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

test('a win-back is built, launched, and a customer goes through it', J, async () => {
  const { id } = await t.db
    .selectFrom('app.automations')
    .select('id')
    .where('code', '=', 'win_back')
    .executeTakeFirstOrThrow();
  const page = await browser.open('operator', `/automations/${id}`);
  await page.getByRole('region', { name: '步骤流程图' }).getByText('是否高价值客户').waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'automation-flow');

  await page.getByRole('button', { name: '复制', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('新编码', { exact: false }).fill('win_back_test');
  await dialog.getByLabel('名称', { exact: false }).first().fill('时光礼馈（测试）');
  await dialog.getByLabel('英文名称', { exact: false }).fill('Win-back test');
  await dialog.getByRole('button', { name: '复制' }).click();
  await page.getByRole('heading', { name: '时光礼馈（测试）' }).waitFor();
  const made = Number(new URL(page.url()).pathname.split('/').at(-1));

  // A step that leads nowhere is named at its field.
  await page.goto(`${browser.address}/automations/${made}/edit`);
  const onward = page.locator('[id$="-steps-2-next_step"]').first();
  await onward.fill('nowhere');
  await page.getByRole('button', { name: '保存', exact: false }).first().click();
  await page.getByText('没有编码为“nowhere”的步骤').first().waitFor();
  await picture(page, 'automation-form-fault');
  await onward.fill('');
  await page.getByRole('button', { name: '保存', exact: false }).first().click();
  await page.getByRole('heading', { name: '时光礼馈（测试）' }).waitFor();
  await page.waitForURL(new RegExp(`/automations/${made}(\\?|$)`));

  await page.getByRole('button', { name: '启动' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '启动' }).click();
  await page.getByText('已启动').first().waitFor();
  await t.owner.updateTable('app.automations').set({ holdout_rate: '0' }).where('id', '=', made).execute();

  // Somebody falls asleep, and the night comes.
  const customer = (
    (await (
      await browser.app.as('operator')('POST', '/api/customers', {
        external_id: 'sleepy',
        name: '沈眠',
        consent_push: true,
      })
    ).json()) as { id: number }
  ).id;
  const { rows } = await sql<{ today: string }>`select today_on::text as today from base.programme`.execute(t.db);
  const today = rows[0]!.today;
  await sql`
    insert into app.segment_memberships (customer_id, rule_set_id, entered_on, segment_code)
    select ${customer}::bigint, rule_set_id, ${today}::date, 'dormant' from base.segments where segment_code = 'dormant'
  `.execute(t.owner);
  const deps = { resources: browser.app.deps.resources };
  const unit = <T>(work: (trx: typeof t.db) => Promise<T>) => t.db.transaction().execute(work as never) as Promise<T>;
  const at = new Date().toISOString();
  await enterByDay(unit as never, deps, { as_of_on: today, at });
  await advance(unit as never, deps, { at });

  await page.goto(`${browser.address}/customers/${customer}?tab=automation`);
  const steps = page.getByRole('region', { name: '自动化步骤记录' });
  await steps.getByText('发时光礼券').waitFor();
  await steps.getByText('短信与推送').waitFor();
  await steps.getByText('等 72 小时').waitFor();
  expect(await axe(page)).toEqual([]);
  await picture(page, 'automation-customer');
  const later = new Date(Date.now() + 73 * 3_600_000).toISOString();
  await advance(unit as never, deps, { at: later });
  await page.reload();
  await steps.getByText('走完').waitFor();

  // On a phone, in English, in the dark.
  const phone = await browser.open('operator', `/automations/${made}`, {
    lang: 'en',
    width: 390,
    height: 844,
    theme: 'dark',
  });
  await phone.getByRole('region', { name: 'Steps as a picture' }).getByText('High value?').waitFor();
  expect(await phone.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await picture(phone, 'automation-390-dark');
  expect([...faults.get(page)!, ...faults.get(phone)!]).toEqual([]);
});
