/** What a form says beside an automation: who would have entered by the facts of each day, and what all it gives would cost at most. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Impact } from '../../api/contract.ts';
import { shiftDate } from '../../api/predicate/values.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { automationProgramme } from '../sql/automations.ts';

let t: TestDatabase;
let a: TestApp;
let p: Awaited<ReturnType<typeof automationProgramme>>;
let today: string;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  p = await automationProgramme(t);
  const { rows } = await sql<{ today: string }>`select today_on::text as today from base.programme`.execute(t.db);
  today = rows[0]!.today;
});
afterAll(() => t?.close());

const STEPS = [{ code: 'gift', name: '券', name_en: 'Gift', kind: 'add_tag', tag: 'x' }];
async function outlook(values: object): Promise<Impact> {
  const asked = {
    ...{ code: 'past', name: '回测', name_en: 'Past', trigger: 'segment_enter', reentry: 'always', holdout_rate: '0' },
    ...{ trigger_segments: [p.segments.dormant], goal_days: 30, cost_kind: 'promotion', steps: STEPS, exits: [] },
    ...values,
  };
  const answer = await a.as('operator')('POST', '/api/automations/_impact', { values: asked });
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as Impact;
}
const entered = ({ tables }: Impact): number =>
  (tables[0]?.rows ?? []).reduce((sum, row) => sum + Number(row.entered), 0);
const said = ({ lines }: Impact) => lines.map(({ text }) => text[0]).join('\n');

test('the further condition is asked by the facts of each day, not by those of today', async () => {
  const [then, later, never] = [await p.customer(), await p.customer(), await p.customer({ city: '北京' })];
  const on = shiftDate(today, -40)!;
  for (const customer of [then, later, never]) await p.stay(customer, 'dormant', on);
  await p.order(then, `${shiftDate(on, -5)} 09:00+08`, { amount: '900.00' });
  // What was bought after the day is no fact of it.
  await p.order(later, `${shiftDate(on, 5)} 09:00+08`, { amount: '900.00' });
  const plain = await outlook({});
  expect(entered(plain)).toBe(3);
  expect(said(plain)).not.toContain('其他条件');
  const spent = await outlook({ audience_filter: { net_amount: { gte: 500 } } });
  expect(entered(spent)).toBe(1);
  expect(said(spent)).toContain('“其他条件”已按每一天当时的订单与退货计入');
  // A date in the condition is counted from the day, too.
  expect(entered(await outlook({ audience_filter: { last_order_on: { gte: '$today-10d' } } }))).toBe(1);
  expect(entered(await outlook({ audience_filter: { last_order_on: { gte: '$today-3d' } } }))).toBe(0);
  const here = await outlook({ audience_filter: { and: [{ city: { eq: '北京' } }, { order_count: { eq: 0 } }] } });
  expect(entered(here)).toBe(1);
  expect(said(here)).toContain('没有历史，按现在的值判断');
  expect(said(here)).toMatch(/“[^”]*城市[^”]*”/);
  expect(said(here)).not.toContain('订单数');
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from app.automation_entrants`.execute(
    t.db,
  );
  expect(rows[0]!.count).toBe(0);
});

test('a condition that leaves somebody out leaves room for the day on which it holds', async () => {
  await sql`delete from app.segment_memberships`.execute(t.owner);
  const customer = await p.customer();
  const [first, second] = [shiftDate(today, -60)!, shiftDate(today, -20)!];
  await p.stay(customer, 'dormant', first, shiftDate(first, 10)!);
  await p.stay(customer, 'dormant', second);
  await p.order(customer, `${shiftDate(second, -2)} 09:00+08`);
  const values = { reentry: 'once', audience_filter: { order_count: { gte: 1 } } };
  const { tables } = await outlook(values);
  expect(tables[0]!.rows.map(({ month, entered: count }) => [month, count])).toEqual([[second.slice(0, 7), 1]]);
});

test('a birthday on 29 February is kept on the 28th where a year has none', async () => {
  await p.customer({ birth_on: '1992-02-29' });
  const year = Number(today.slice(0, 4)) - (today.slice(5) < '03-01' ? 1 : 0);
  const { rows } = await sql<{ on_day: string }>`
    select chances.on_day::text
    from ops.automation_chances('{"trigger": "birthday", "days_before": 3}', ${today}::date, 12) as chances
    where customer_id = (select max(id) from app.customers)
  `.execute(t.db);
  expect(rows).toEqual([{ on_day: shiftDate(year % 4 === 0 ? `${year}-02-29` : `${year}-02-28`, -3) }]);
});

test('its cost counts coupons, points, a benefit with its uses, and packages with all they hold', async () => {
  const cost = async (steps: object[]) =>
    (
      await sql<{ cost: string }>`select ops.automation_cost(${JSON.stringify(steps)}::jsonb)::text as cost`.execute(
        t.db,
      )
    ).rows[0]!.cost;
  const benefit = async (code: string, values: object) =>
    (
      await t.db
        .insertInto('app.benefits')
        .values({ code, name: code, name_en: code, layer: 'basic', kind: 'other', status: 'active', ...values })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id;
  const monthly = await benefit('monthly', { quota: 2, quota_period: 'month', unit_cost: '3' });
  const open = await benefit('open', { unit_cost: '5' });
  const { id } = await t.db
    .insertInto('app.benefit_packages')
    .values({ code: 'card', name: 'c', name_en: 'c', status: 'active', period: 'quarter' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await t.db
    .insertInto('app.benefit_package_items')
    .values([
      { package_id: id, benefit_id: monthly, position: 0 },
      { package_id: id, benefit_id: open, position: 1, quota: 4 },
    ])
    .execute();
  expect(Number(await cost([{ kind: 'benefit', benefit_id: monthly }]))).toBe(6);
  expect(Number(await cost([{ kind: 'benefit', benefit_id: open }]))).toBe(5);
  // Three months of two at 3, and four at 5.
  expect(Number(await cost([{ kind: 'package', package_id: id }]))).toBe(38);
});
