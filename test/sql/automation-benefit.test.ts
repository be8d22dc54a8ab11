/** A step that grants a benefit: to whom, how often, for how long; refused by name where it cannot be given or paid for. */
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { automationProgramme, type Step } from './automations.ts';
import { benefitProgramme } from './benefits.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof automationProgramme>>;
let b: ReturnType<typeof benefitProgramme>;
beforeEach(async () => {
  t = await testDatabase();
  p = await automationProgramme(t);
  b = benefitProgramme(t);
});
afterEach(() => t.close());

const gives = (benefit_id: number, more: object = {}): Step[] => [
  { code: 'give', kind: 'benefit', benefit_id, benefit_days: 10, ...more },
];
async function asleep(count = 1): Promise<number[]> {
  const customers: number[] = [];
  for (let at = 0; at < count; at++) {
    const customer = await p.customer();
    await p.stay(customer, 'dormant', '2026-01-10');
    customers.push(customer);
  }
  return customers;
}
const outcomes = async (customers: readonly number[]) =>
  Promise.all(customers.map(async (customer) => (await p.trace(customer))[1]));
const budget = async (total: string, at_limit = 'stop') => {
  const { id } = await t.db
    .insertInto('app.budgets')
    .values({ code: 'b', name: 'b', name_en: 'b', kind: 'campaign', status: 'active', total, at_limit } as never)
    .returning('id')
    .executeTakeFirstOrThrow();
  const line = { budget_id: id, share: '1', amount: total };
  await t.db
    .insertInto('app.budget_lines')
    .values([
      { ...line, position: 1, dimension: 'segment', segment_id: p.segments.dormant, cost_kind: null },
      { ...line, position: 2, dimension: 'cost_kind', segment_id: null, cost_kind: 'promotion' },
    ])
    .execute();
  return id;
};

test('whoever comes to it has the benefit for its days with its uses, whatever tier it is otherwise for', async () => {
  const benefit = await b.benefit({ code: 'care', quota: 3, quota_period: 'month', tiers: '{12345}' });
  await p.automation(gives(benefit));
  const [customer] = await asleep();
  await p.day('2026-01-10');
  await p.day('2026-01-10');
  expect(await p.trace(customer!)).toEqual(['entry entered', 'give done', 'end finished']);
  const quotas = await t.db
    .selectFrom('app.benefit_quotas')
    .select(['grant_id', 'period_from', 'usable_from', 'usable_until', 'quota', 'used'])
    .execute();
  expect(quotas).toEqual([
    {
      grant_id: 0,
      period_from: '2026-01-10',
      usable_from: '2026-01-10',
      usable_until: '2026-01-20',
      quota: 3,
      used: 0,
    },
  ]);
  const left = await sql<{ left_uses: number }>`
    select left_uses from ops.benefits_left(${customer!}, '2026-01-19 12:00+08')
  `.execute(t.db);
  expect(left.rows).toEqual([{ left_uses: 3 }]);
  const over = await sql`select from ops.benefits_left(${customer!}, '2026-01-20 12:00+08')`.execute(t.db);
  expect(over.rows).toEqual([]);
  const { rows } = await sql`
    select from app.automation_steps inner join app.benefit_quotas on benefit_quotas.id = made_id where kind = 'benefit'
  `.execute(t.db);
  expect(rows).toHaveLength(1);
});

test('it does not outlast the benefit, and is refused by name where that is not given out', async () => {
  const ending = await b.benefit({ code: 'ending', ends_on: '2026-01-12' });
  const over = await b.benefit({ code: 'over', ends_on: '2026-01-05' });
  const later = await b.benefit({ code: 'later', starts_on: '2026-02-01' });
  const retired = await b.benefit({ code: 'retired', status: 'retired' });
  for (const benefit of [ending, over, later, retired]) await p.automation(gives(benefit));
  const [customer] = await asleep();
  await p.day('2026-01-10');
  const said = (await p.trace(customer!)).filter((step) => step.startsWith('give'));
  expect(said).toEqual([
    'give done',
    'give refused (expired)',
    'give refused (not_started)',
    'give refused (not_active)',
  ]);
  const quotas = await t.db.selectFrom('app.benefit_quotas').select(['benefit_id', 'usable_until']).execute();
  expect(quotas).toEqual([{ benefit_id: ending, usable_until: '2026-01-13' }]);
});

test('who has it by themselves already is not given it again; who has used it up is', async () => {
  const benefit = await b.benefit({ code: 'once', quota: 1, quota_period: 'month' });
  const [has, used] = await asleep(2);
  await p.automation(gives(benefit), { code: 'first' });
  await p.day('2026-01-10');
  await t.db.updateTable('app.benefit_quotas').set({ used: 1 }).where('customer_id', '=', used!).execute();
  await p.automation(gives(benefit), {
    code: 'second',
    trigger: 'calendar',
    repeat_from: '2026-01-12',
    trigger_segments: '{}',
  });
  await p.day('2026-01-12');
  expect((await p.trace(has!)).filter((step) => step.startsWith('give'))).toEqual([
    'give done',
    'give refused (duplicate)',
  ]);
  expect((await p.trace(used!)).filter((step) => step.startsWith('give'))).toEqual(['give done', 'give done']);
});

test('its budget could pay for all uses of those who get it, and nobody beyond that', async () => {
  const budget_id = await budget('100');
  const benefit = await b.benefit({ code: 'paid', quota: 2, quota_period: 'month', unit_cost: '20', budget_id });
  await p.automation(gives(benefit));
  const customers = await asleep(4);
  await p.day('2026-01-10');
  expect((await outcomes(customers)).sort()).toEqual([
    ...['give done', 'give done'],
    ...['give refused (budget_exhausted)', 'give refused (budget_exhausted)'],
  ]);
  // It is a question: the cost is booked with each use.
  const lines = await t.db.selectFrom('app.budget_lines').select(['reserved', 'committed', 'spent']).execute();
  for (const line of lines) expect(line).toEqual({ reserved: '0.00', committed: '0.00', spent: '0.00' });
});

test('two who become one have it once, with what both had used', async () => {
  const benefit = await b.benefit({ code: 'care', quota: 3, quota_period: 'month' });
  await p.automation(gives(benefit));
  const [one, other] = await asleep(2);
  await p.day('2026-01-10');
  await t.db.updateTable('app.benefit_quotas').set({ used: 1 }).execute();
  await sql`select ops.merge_customers(${one!}, ${other!}, null, 'test')`.execute(t.db);
  const quotas = await t.db.selectFrom('app.benefit_quotas').select(['customer_id', 'quota', 'used']).execute();
  expect(quotas).toEqual([{ customer_id: one, quota: 3, used: 2 }]);
});

test('a form cannot take a benefit that only packages or tiers give', async () => {
  const by_package = await b.benefit({ code: 'by_package', by_package_only: true });
  const doubles = await b.benefit({ code: 'doubles', kind: 'point_multiplier', point_multiplier: '2' });
  const draft = await b.benefit({ code: 'draft', status: 'draft' });
  const fine = await b.benefit({ code: 'fine' });
  const faults = async (benefit_id: number) =>
    (
      await sql<{
        field: string;
        key: string;
      }>`select field, key from ops.automation_faults(${JSON.stringify(gives(benefit_id))}::jsonb)`.execute(t.db)
    ).rows;
  for (const benefit of [by_package, doubles, draft, 99_999])
    expect(await faults(benefit)).toEqual([{ field: 'benefit_id', key: 'benefit_not_active' }]);
  expect(await faults(fine)).toEqual([]);
});
