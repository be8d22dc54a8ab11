/**
 * What staff do most, from the first key to the last and without a mouse, in either language; each page they end on is
 * clean by axe, and on a phone too.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Lang } from '../../api/contract.ts';
import { runJob } from '../../api/jobs.ts';
import { REPORTS_FOLDER } from '../../api/report/metrics.ts';
import { reportStore } from '../../api/report/store.ts';
import type { Person } from '../app.ts';
import { DEMO_MS, type TestDatabase, testDatabase } from '../database.ts';
import { axe, faults, PATIENCE_MS, picture, type TestBrowser, testBrowser } from './browser.ts';
import { choose, date, press, reach, type } from './keyboard.ts';

const folder = mkdtempSync(join(tmpdir(), 'evergreen-journeys-'));
let t: TestDatabase;
let browser: TestBrowser;
beforeAll(async () => {
  t = await testDatabase({ demo: true });
  browser = await testBrowser(t);
  mkdirSync(join(folder, 'pages', 'own'), { recursive: true });
  symlinkSync(join(REPORTS_FOLDER, 'metrics'), join(folder, 'metrics'));
  reportStore(browser.app.deps, folder);
}, DEMO_MS);
afterAll(async () => {
  reportStore(browser.app.deps, folder).close();
  await browser?.close();
  await t?.close();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Every second journey is walked in Chinese, the others in English, so that each run hears both; `JOURNEYS_LANG=zh` or
 * `=en` walks all of them in one.
 */
let lang: Lang = 'zh';
let journeys = 0;
function journey(name: string, walk: () => Promise<void>): void {
  const given = process.env.JOURNEYS_LANG;
  const own: Lang = given === 'zh' || given === 'en' ? given : journeys++ % 2 === 0 ? 'zh' : 'en';
  test(`${name} (${own})`, { timeout: 8 * PATIENCE_MS }, () => {
    lang = own;
    return walk();
  });
}
const says = (zh: string, en: string) => (lang === 'zh' ? zh : en);
/** What a field is called on the screen. */
function label(resource: string, name: string, inner?: string): string {
  const field = browser.app.deps.resources.get(resource)!.fields[name]!;
  const part = inner && 'fields' in field ? field.fields[inner]! : field;
  return part.label[lang === 'zh' ? 0 : 1];
}
const open = (person: Person, path: string) => browser.open(person, path, { lang });
const box = (page: Page, name: string) => page.locator('form.record-form').getByLabel(name).first();
const button = (within: Page | Locator, zh: string, en: string) =>
  within.getByRole('button', { name: says(zh, en), exact: true });
const save = (page: Page) => page.keyboard.press('Control+s');
const told = (page: Page, zh: string, en: string) => page.getByText(says(zh, en)).first().waitFor();

/** Saves what is refused; the summary of what is wrong has the focus then. */
async function refused(page: Page, zh: string, en: string): Promise<void> {
  await save(page);
  await page.locator('.error-summary').getByText(says(zh, en)).first().waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.matches('.error-summary'))).toBe(true);
}

/** As it is now, and as a phone shows it. */
async function inspect(page: Page, name: string): Promise<void> {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.waitForTimeout(150);
    await picture(page, `journey-${name}-${lang}-${width}`);
    expect(await axe(page), `${name} ${width}`).toEqual([]);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wider, `${name} is wider than ${width}`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(faults.get(page)).toEqual([]);
}

journey('a tier is made after it broke every rule', async () => {
  const of = (name: string) => label('tiers', name);
  const page = await open('operator', '/tiers');
  await page.locator('.row-link').first().waitFor();
  await page.keyboard.press('c');
  await type(page, box(page, of('name')), '钻石会员');
  await type(page, box(page, of('name_en')), 'Diamond');
  await type(page, box(page, of('code')), 'diamond');
  await type(page, box(page, of('rank')), '4');
  await choose(page, box(page, of('basis')), says('消费金额', 'Spend'));
  await refused(page, '请填写滚动天数', 'Days is required');
  await told(page, '请填写升级门槛', 'Enter at is required');
  await type(page, box(page, of('window_days')), '365');
  await type(page, box(page, of('enter_at')), '12000');
  await type(page, box(page, of('retain_at')), '13000');
  await refused(page, '保级门槛不能高于升级门槛', 'The retain threshold must not exceed the enter threshold');
  await type(page, box(page, of('retain_at')), '11000');
  await type(page, box(page, of('reenter_at')), '10000');
  await refused(page, '刚降级就会重回', 'who falls would be back at once');
  await type(page, box(page, of('reenter_at')), '');
  await choose(page, box(page, of('validity_kind')), says('至本考核周期结束', 'To the end of the period'));
  await refused(page, '滚动或累计的考核没有周期', 'has no end of a period');
  await choose(page, box(page, of('validity_kind')), says('自定级起若干个月', 'Months from entering'));
  // “Months” begins the name of a choice, too.
  const months = page.locator('form.record-form [id$="-validity_months"]');
  await type(page, months, '');
  await refused(page, '请填写有效月数', 'Months is required');
  await type(page, months, '12');
  await refused(page, '升级门槛须高于“白金会员”的', 'The enter threshold must be above that of');
  await inspect(page, 'tier-rules');
  await type(page, box(page, of('enter_at')), '30000');
  await type(page, box(page, of('retain_at')), '25000');
  await save(page);
  await page.getByRole('heading', { name: says('钻石会员', 'Diamond') }).waitFor();
  await inspect(page, 'tier');
});

journey('a benefit package of ten', async () => {
  const benefits = await t.db
    .selectFrom('app.benefits')
    .select(['id', 'name', 'name_en'])
    .where('status', '=', 'active')
    .orderBy('id')
    .limit(10)
    .execute();
  const of = (name: string) => label('benefit_packages', name);
  const page = await open('operator', '/benefit_packages/new');
  await type(page, box(page, of('name')), '冬季权益卡');
  await type(page, box(page, of('name_en')), 'Winter card');
  await type(page, box(page, of('code')), 'winter_card');
  await choose(page, box(page, of('segments')), says('活跃', 'Active'));
  await page.keyboard.press('Escape');
  for (const [at, benefit] of benefits.entries()) {
    await press(page, button(page, '添加一行', 'Add a row'));
    const line = page.locator('.rows-input tbody tr').nth(at);
    await choose(page, line.getByRole('combobox').first(), says(benefit.name, benefit.name_en));
  }
  await inspect(page, 'package');
  await save(page);
  await page.getByRole('heading', { name: says('冬季权益卡', 'Winter card') }).waitFor();
  const items = await t.db
    .selectFrom('app.benefit_package_items')
    .innerJoin('app.benefit_packages', 'app.benefit_packages.id', 'app.benefit_package_items.package_id')
    .select('app.benefit_package_items.benefit_id')
    .where('app.benefit_packages.code', '=', 'winter_card')
    .orderBy('app.benefit_package_items.position')
    .execute();
  expect(items.map((each) => each.benefit_id)).toEqual(benefits.map((each) => each.id));
  expect(faults.get(page)).toEqual([]);
});

journey('a budget is split New 20, Active 50, Dormant 30', async () => {
  const of = (name: string) => label('budgets', name);
  const page = await open('operator', '/budgets/new');
  const split = page.getByRole('group', { name: of('segment_lines') });
  await split.getByText(says('新客', 'New')).first().waitFor();
  await type(page, box(page, of('name')), '夏季预算');
  await type(page, box(page, of('name_en')), 'Summer');
  await type(page, box(page, of('code')), 'summer_2026');
  await type(page, box(page, of('total')), '200000');
  await date(page, box(page, of('starts_on')), '2026-06-01');
  await date(page, box(page, of('ends_on')), '2026-08-31');
  const shares = split.getByLabel(new RegExp(`^${label('budgets', 'segment_lines', 'share')}`));
  await type(page, shares.nth(2), '35');
  await page.keyboard.press('Tab');
  await split.getByText(says('超出 5%', '5% over')).waitFor();
  await type(page, shares.nth(2), '30');
  const by_share = says('按占比分配金额', 'Amount by share');
  await press(page, split.getByRole('button', { name: by_share }));
  await press(page, page.getByRole('group', { name: of('cost_lines') }).getByRole('button', { name: by_share }));
  await inspect(page, 'budget-form');
  await save(page);
  await page.getByRole('heading', { name: says('夏季预算', 'Summer') }).waitFor();
  const lines = await t.db
    .selectFrom('app.budget_lines')
    .innerJoin('app.budgets', 'app.budgets.id', 'app.budget_lines.budget_id')
    .select('app.budget_lines.amount')
    .where('app.budgets.code', '=', 'summer_2026')
    .where('app.budget_lines.dimension', '=', 'segment')
    .orderBy('app.budget_lines.position')
    .execute();
  expect(lines.map((line) => line.amount).slice(0, 3)).toEqual(['40000.00', '100000.00', '60000.00']);
  await inspect(page, 'budget');
});

journey('the playbook of a public-opinion crisis has two hours, and a step more', async () => {
  const of = (name: string) => label('risk_playbooks', name);
  const page = await open('operator', '/risk_playbooks');
  await press(page, page.getByRole('link', { name: says('舆情危机', 'Public-opinion crisis') }));
  const response = page.getByRole('region', { name: says('响应', 'Response'), exact: true });
  await response.waitFor();
  expect(await response.textContent()).toMatch(lang === 'zh' ? /响应时限2.*小时/ : /Response within2.*hours/i);
  await page.keyboard.press('e');
  const steps = page.getByRole('group', { name: of('steps') });
  await press(page, steps.getByRole('button', { name: says('添加一行', 'Add a row') }));
  await page.keyboard.insertText(says('复盘舆情', 'Look back'));
  const added = steps.locator('tbody tr').last();
  await choose(page, added.getByRole('combobox').first(), says('运营', 'Operations'));
  await type(page, added.getByLabel(new RegExp(`^${label('risk_playbooks', 'steps', 'due_after')}`)), '72');
  await inspect(page, 'playbook-form');
  await save(page);
  await told(page, '复盘舆情', 'Look back');
  await inspect(page, 'playbook');
});

journey('a field is added and used in a filter, an export and a report', async () => {
  const of = (name: string, inner?: string) => label('custom_fields', name, inner);
  const page = await open('pii', '/custom_fields');
  await page.locator('.page-head, h1').first().waitFor();
  await page.keyboard.press('c');
  await choose(page, box(page, of('resource')), says('客户', 'Customers'));
  await type(page, box(page, of('key')), 'cup_size');
  await type(page, box(page, of('label')), '杯型');
  await type(page, box(page, of('label_en')), 'Cup size');
  await choose(page, box(page, of('kind')), says('单选', 'One choice'));
  const items = page.locator('.items li');
  for (const [at, texts] of [
    ['small', '小杯', 'Small'],
    ['large', '大杯', 'Large'],
  ].entries()) {
    await press(page, button(page, '添加一项', 'Add an item'));
    for (const [place, text] of texts.entries()) await type(page, items.nth(at).locator('input').nth(place), text);
  }
  await press(page, box(page, of('in_list')), 'Space');
  await inspect(page, 'field-form');
  await save(page);
  await page.getByRole('heading', { name: says('杯型', 'Cup size') }).waitFor();

  await page.goto(`${browser.address}/customers/new`);
  await type(page, box(page, label('customers', 'external_id')), 'CUP1');
  await choose(page, page.getByRole('combobox', { name: says('杯型', 'Cup size') }), says('大杯', 'Large'));
  await save(page);
  await page.getByRole('tab', { name: says('动态', 'Timeline') }).focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tab', { name: says('资料', 'Profile'), selected: true }).waitFor();
  await page.getByText(says('大杯', 'Large')).first().waitFor();

  await page.goto(`${browser.address}/customers`);
  await page.locator('.row-link').first().waitFor();
  await press(page, button(page, '筛选', 'Filter'));
  const filter = page.getByRole('dialog');
  await press(page, filter.getByRole('button', { name: says('杯型', 'Cup size') }));
  await press(
    page,
    filter
      .getByRole('listitem')
      .filter({ hasText: says('大杯', 'Large') })
      .getByRole('checkbox'),
    'Space',
  );
  await press(page, button(filter, '应用', 'Apply'));
  await expect.poll(() => page.locator('tr[data-id]').count(), { timeout: PATIENCE_MS }).toBe(1);
  await inspect(page, 'field-filter');

  await press(page, page.getByRole('button', { name: says('导出', 'Export') }));
  const dialog = page.getByRole('dialog');
  await press(page, dialog.getByRole('radio', { name: /xlsx|Excel/i }));
  await page.keyboard.press('ArrowDown');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    press(page, dialog.getByRole('button', { name: says('导出', 'Export') })),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  expect(text).toContain(says('杯型', 'Cup size'));
  expect(text).toMatch(new RegExp(`CUP1.*${says('大杯', 'Large')}`));

  writeFileSync(join(folder, 'pages', 'own', 'cups.sql'), REPORT);
  await reportStore(browser.app.deps, folder).refresh();
  await page.goto(`${browser.address}/reports/own/cups`);
  await page.getByRole('heading', { name: says('杯型偏好', 'Cups') }).waitFor();
  await page.getByText('large').first().waitFor();
  await inspect(page, 'field-report');
});

const REPORT = `/*---
report: 1
title: [杯型偏好, Cups]
owner: analytics
columns:
  cup_size:  { role: category, label: [杯型, Cup size] }
  customers: { role: measure, metric: customers }
chart: { kind: table }
limits: { rows: 20, timeout: 5s }
access: { roles: [analyst, operator] }
---*/

select
  customers_custom.cup_size,
  count(*) as customers
from report.customers_custom
where customers_custom.cup_size is not null
group by customers_custom.cup_size
`;

journey('a change is approved for its time, applied, and taken back', async () => {
  const page = await open('operator', '/tiers');
  await press(page, page.getByRole('link', { name: says('银卡会员', 'Silver') }));
  await page.getByRole('heading', { name: says('银卡会员', 'Silver') }).waitFor();
  await page.keyboard.press('e');
  await type(page, box(page, label('tiers', 'point_multiplier')), '3.5');
  await press(page, button(page, '另行提交…', 'Save for later…'));
  const later = page.getByRole('dialog');
  await date(page, later.getByLabel(says('生效时间', 'Takes effect')), '2099-01-01 00:00');
  await type(page, later.getByLabel(says('说明', 'Note')), says('明年预算', 'Budget of next year'));
  await press(page, button(later, '提交', 'Submit'));
  await told(page, '已提交变更申请', 'A change request was made');
  await page
    .getByRole('region', { name: says('变更内容', 'What changes') })
    .getByText('3.5')
    .waitFor();
  await inspect(page, 'change');

  const other = await open('manager', new URL(page.url()).pathname);
  await press(other, button(other, '批准', 'Approve'));
  const consent = other.getByRole('dialog');
  await press(other, button(consent, '批准', 'Approve'));
  await other.getByText(says('待生效', 'Scheduled')).first().waitFor();
  await inspect(other, 'change-approved');

  // Its time has come.
  const { id } = await t.db
    .updateTable('app.change_requests')
    .set({ effective_at: '2026-01-01T00:00:00Z' })
    .where('state', '=', 'approved')
    .returning('id')
    .executeTakeFirstOrThrow();
  await runJob(browser.app.deps, 'publish_changes', '2026-01-01');
  await page.goto(`${browser.address}/change_requests/${id}`);
  await press(page, button(page, '回滚', 'Roll back'));
  await press(page, button(page.getByRole('dialog'), '回滚', 'Roll back'));
  await page
    .getByRole('region', { name: says('变更内容', 'What changes') })
    .getByText('3.5')
    .waitFor();
  expect([...faults.get(page)!, ...faults.get(other)!]).toEqual([]);
});

journey('recurring campaigns stand in the calendar and are moved by keys', async () => {
  await t.db
    .insertInto('app.campaigns')
    .values({
      code: 'journey_day',
      name: '会员日',
      name_en: 'Member day',
      form: 'benefit_day',
      starts_on: '2026-01-10',
      repeat: 'month',
    })
    .execute();
  const page = await open('operator', '/campaigns?layout=calendar');
  const heading = page.locator('.calendar-head h2');
  await heading.waitFor();
  await press(page, button(page, '下个月', 'The next month'));
  const day = page.getByRole('link', { name: new RegExp(says('会员日', 'Member day')) });
  await day.first().waitFor();
  expect(await day.first().getAttribute('aria-label')).toMatch(/-10/);
  await inspect(page, 'calendar');
  await reach(page, day);
  await page.keyboard.press('Alt+ArrowRight');
  await press(page, button(page.getByRole('dialog'), '移动', 'Move'));
  await page
    .getByRole('link', { name: new RegExp(`${says('会员日', 'Member day')}.*-11`) })
    .first()
    .waitFor();
  const row = await t.db
    .selectFrom('app.campaigns')
    .select('starts_on')
    .where('code', '=', 'journey_day')
    .executeTakeFirstOrThrow();
  expect(row.starts_on).toBe('2026-01-11');
});

journey('a list is searched, kept as a view, and shared with everybody', async () => {
  const page = await open('operator', '/benefits');
  await page.locator('.row-link').first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.insertText(says('生日', 'birthday'));
  await page.waitForURL('**/benefits?q=*');
  await press(page, button(page, '全部记录', 'All records'));
  await press(page, page.getByRole('menuitem', { name: says('另存为视图', 'Save as a view') }));
  const dialog = page.getByRole('dialog');
  await type(page, dialog.getByLabel(says('名称', 'Name'), { exact: true }), says('生日权益', 'Birthdays'));
  await reach(page, dialog.getByRole('radio').first());
  await page.keyboard.press('ArrowUp');
  expect(await dialog.getByLabel(says('所有人', 'Everyone')).isChecked()).toBe(true);
  await inspect(page, 'view');
  await press(page, button(dialog, '保存', 'Save'));
  await page.waitForURL('**/benefits?view=*');
  const code = new URL(page.url()).searchParams.get('view');
  const viewer = await open('viewer', `/v/${code}`);
  await button(viewer, '生日权益', 'Birthdays').waitFor();
  await expect.poll(() => viewer.locator('.row-link').count()).toBe(await page.locator('.row-link').count());
  expect([...faults.get(page)!, ...faults.get(viewer)!]).toEqual([]);
});
