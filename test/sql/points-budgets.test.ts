/** Points and the money behind them: granted as far as the budget goes, and followed from lot to line by whatever happens. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { settleDay } from '../../api/engine/process.ts';
import { seedNew } from '../../api/seed.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from './budgets.ts';
import { programme } from './points.ts';
import { jobDeps } from './segments.ts';

let t: TestDatabase;
let b: Awaited<ReturnType<typeof budgets>>;
let p: Awaited<ReturnType<typeof programme>>;
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  b = await budgets(t);
});
afterAll(() => t?.close());
beforeEach(async () => {
  await t.owner.deleteFrom('app.programme_versions').execute();
  await t.db.updateTable('app.points_policies').set({ point_value: '0.01' }).execute();
  p = await programme(t);
});

let rules = 0;
async function rule(budget_id: number | null, more: { [field: string]: unknown } = {}): Promise<number> {
  return p.rule({ code: `r${++rules}`, effect: 'per_amount', points: 100, per_amount: '1', budget_id, ...more });
}
async function member(segment = 'new'): Promise<number> {
  const id = await p.customer();
  await b.member(id, segment);
  return id;
}
async function line(budget_id: number, of: string): Promise<string> {
  const found = (await b.lines(budget_id)).find((each) => each.of === of)!;
  return [found.reserved, found.committed, found.spent, found.released].map(Number).join(' ');
}
async function decided(customer: number): Promise<string[]> {
  const { rows } = await sql<{ said: string }>`
    select concat_ws(' ', outcome, points, detail ->> 'reason') as said
    from app.decisions where customer_id = ${customer} and book_id = 0 order by occurred_at, id
  `.execute(t.db);
  return rows.map(({ said }) => said);
}
const settle = (until_at: string) => settleDay(jobDeps(t), { until_at: `${until_at} 00:00+08` });

describe('the money of points', () => {
  test('is reserved while they wait, committed when they can be used, spent with them, released when they lapse', async () => {
    const budget_id = await b.budget();
    await rule(budget_id, { pending_days: 5, expiry_months: 2 });
    const customer = await member();
    await p.order(customer, { at: '2026-01-05', amount: '10' });
    await p.work('2026-01-05 20:00+08');
    expect(await line(budget_id, 'new')).toBe('10 0 0 0');
    await settle('2026-01-10');
    expect(await line(budget_id, 'new')).toBe('0 10 0 0');
    const redeemed = await p.redeem(customer, { at: '2026-01-11', points: 300 });
    await p.work('2026-01-12 00:00+08');
    expect(await line(budget_id, 'new')).toBe('0 7 3 0');
    await p.cancel(redeemed, '2026-01-13');
    await p.work('2026-01-14 00:00+08');
    expect(await line(budget_id, 'new')).toBe('0 10 0 0');
    await p.redeem(customer, { at: '2026-01-15', points: 400 });
    await p.work('2026-01-16 00:00+08');
    await settle('2026-03-10');
    expect(await line(budget_id, 'new')).toBe('0 0 4 6');
    expect(await line(budget_id, 'promotion')).toBe('0 0 4 6');
    const days = await t.db
      .selectFrom('app.budget_postings')
      .select(['kind', 'posted_on', 'amount'])
      .where('budget_id', '=', budget_id)
      .orderBy('id')
      .execute();
    expect(days.map(({ kind, posted_on, amount }) => `${posted_on} ${kind} ${amount}`)).toEqual([
      '2026-01-05 reserve 10.00',
      '2026-01-10 commit 10.00',
      '2026-01-11 spend 3.00',
      '2026-01-13 restore 3.00',
      '2026-01-15 spend 4.00',
      '2026-03-06 release 6.00',
    ]);
    await b.addUp();
  });

  test('comes back with a refund, of spent points too', async () => {
    const budget_id = await b.budget();
    await rule(budget_id);
    const customer = await member();
    const order = await p.order(customer, { at: '2026-01-05', amount: '10' });
    await p.redeem(customer, { at: '2026-01-06', points: 900 });
    await p.refund(order, { at: '2026-01-07', amount: '5' });
    await p.work();
    expect(await line(budget_id, 'new')).toBe('0 0 5 5');
    await p.refund(order, { at: '2026-01-08', amount: '5' });
    await p.work();
    expect(await line(budget_id, 'new')).toBe('0 0 0 10');
    await b.addUp();
  });

  test('of a fact that comes late is what it would have been on time', async () => {
    const budget_id = await b.budget();
    await rule(budget_id, { max_per_day: 1500 });
    const customer = await member();
    await p.order(customer, { at: '2026-01-05T18:00', amount: '10' });
    await p.redeem(customer, { at: '2026-01-06', points: 1000 });
    await p.work();
    expect(await line(budget_id, 'new')).toBe('0 0 10 0');
    await p.order(customer, { at: '2026-01-05T09:00', amount: '9' });
    await p.work();
    // Nine for the earlier one, six for the later: ten of them spent.
    expect(await line(budget_id, 'new')).toBe('0 5 10 0');
    await b.addUp();
  });

  test('falls on the segment of the day on which they were earned, wherever the customer is later', async () => {
    const budget_id = await b.budget();
    await rule(budget_id);
    const customer = await p.customer();
    await b.member(customer, 'new', '2026-01-01', '2026-02-01');
    await b.member(customer, 'active', '2026-02-01');
    await p.order(customer, { at: '2026-01-31', amount: '1' });
    await p.order(customer, { at: '2026-02-01', amount: '2' });
    await p.redeem(customer, { at: '2026-03-01', points: 250 });
    await p.work();
    expect([await line(budget_id, 'new'), await line(budget_id, 'active')]).toEqual(['0 0 1 0', '0 0.5 1.5 0']);
  });

  test('growth value costs nothing, and neither do points that are worth nothing', async () => {
    const budget_id = await b.budget();
    await rule(budget_id, { account: 'growth' });
    const customer = await member('dormant');
    await p.order(customer, { at: '2026-01-05', amount: '10' });
    await p.work();
    expect(await decided(customer)).toEqual(['granted 1000']);
    await t.db.updateTable('app.points_policies').set({ point_value: '0' }).execute();
    await t.owner.deleteFrom('app.programme_versions').execute();
    p = await programme(t);
    await rule(budget_id);
    await p.order(customer, { at: '2026-01-06', amount: '10' });
    await p.work();
    expect(await decided(customer)).toEqual(['granted 1000', 'granted 1000']);
    expect(
      await t.db.selectFrom('app.budget_postings').select('id').where('budget_id', '=', budget_id).execute(),
    ).toEqual([]);
  });
});

describe('where the money ends', () => {
  test('nothing is granted, with the reason, and who needs less still gets it', async () => {
    const budget_id = await b.budget();
    await rule(budget_id);
    const customers = [await member(), await member(), await member()];
    await p.order(customers[0]!, { at: '2026-01-05T09:00', amount: '600' });
    await p.order(customers[1]!, { at: '2026-01-05T10:00', amount: '600' });
    await p.order(customers[2]!, { at: '2026-01-05T11:00', amount: '400' });
    await p.work();
    expect(await Promise.all(customers.map(decided))).toEqual([
      ['granted 60000'],
      ['refused 0 budget_exhausted'],
      ['granted 40000'],
    ]);
    expect(await line(budget_id, 'new')).toBe('0 1000 0 0');
    await b.addUp();
  });

  test.each<[string, { [field: string]: unknown }, { [field: string]: unknown }, string]>([
    ['refused 0 budget_not_active', { status: 'draft' }, {}, 'new'],
    ['refused 0 outside_budget_period', { ends_on: '2026-01-04' }, {}, 'new'],
    ['refused 0 no_budget_line', {}, {}, 'dormant'],
    ['refused 0 no_budget_line', {}, { cost_kind: 'technology' }, 'new'],
    ['refused 0 budget_exhausted', {}, { cost_kind: 'referral' }, 'new'],
    ['refused 0 budget_exhausted', { stop_at: '0.5', warn_at: '0.4' }, {}, 'new'],
    ['granted 60000', { at_limit: 'warn' }, {}, 'active'],
    ['granted 60000', {}, {}, 'new'],
  ])('%s: %j %j %s', async (said, budget, more, segment) => {
    const budget_id = await b.budget(budget);
    await rule(budget_id, more);
    const customer = await member(segment);
    await p.order(customer, { at: '2026-01-05', amount: '600' });
    await p.work();
    expect(await decided(customer)).toEqual([said]);
    await b.addUp();
  });

  test('what was refused stays refused when the customer is done again, and what was granted stays', async () => {
    const budget_id = await b.budget({}, { new: 305, active: 0, other: 0 });
    await rule(budget_id, { cost_kind: 'referral' });
    const [customer, other] = [await member(), await member()];
    await p.order(customer, { at: '2026-01-05', amount: '200' });
    await p.order(other, { at: '2026-01-05T13:00', amount: '90' });
    await p.order(customer, { at: '2026-01-06', amount: '50' });
    await p.work();
    expect(await decided(customer)).toEqual(['granted 20000', 'refused 0 budget_exhausted']);
    // Money comes back, then something earlier is told.
    const [first] = await t.db
      .selectFrom('app.orders')
      .select(['id', 'external_id'])
      .where('customer_id', '=', other)
      .execute();
    await p.refund(
      { customer: other, id: first!.id, external_id: first!.external_id },
      { at: '2026-01-07', amount: '90' },
    );
    await p.work();
    await p.order(customer, { at: '2026-01-04', amount: '30' });
    await p.work();
    expect(await decided(customer)).toEqual(['granted 3000', 'granted 20000', 'refused 0 budget_exhausted']);
    expect(await line(budget_id, 'new')).toBe('0 230 0 90');
    await b.addUp();
  });

  test('a late fact that makes an earlier grant larger asks for the difference only', async () => {
    const budget_id = await b.budget({}, { new: 320, active: 0, other: 0 });
    const rule_id = await rule(budget_id, { cost_kind: 'referral', max_per_customer: 30_000 });
    const customer = await member();
    const order = await p.order(customer, { at: '2026-01-06', amount: '250' });
    const before = await p.order(customer, { at: '2026-01-05', amount: '200' });
    await p.work();
    expect(await decided(customer)).toEqual(['granted 20000', 'capped 10000']);
    // The earlier order never was: the later one would have had 25000, of which 10000 are held.
    await t.db.updateTable('app.orders').set({ status: 'cancelled' }).where('id', '=', before.id).execute();
    await p.work();
    const lot = await t.db
      .selectFrom('app.points_lots')
      .select('issued')
      .where('book_id', '=', 0)
      .where('rule_id', '=', rule_id)
      .where('origin_id', '=', order.id)
      .executeTakeFirstOrThrow();
    // Its own money is still held by the order that never was, so what is left is all it can have.
    expect(lot.issued).toBe(10_000);
    await b.addUp();
    expect(await line(budget_id, 'new')).toBe('0 100 0 0');
  });
});

test('books that are done again change nothing, and nothing of a run is left', async () => {
  const budget_id = await b.budget();
  await rule(budget_id, { pending_days: 3 });
  const customer = await member();
  const order = await p.order(customer, { at: '2026-01-05', amount: '5' });
  await p.redeem(customer, { at: '2026-02-01', points: 100 });
  await p.work();
  const postings = () =>
    t.db.selectFrom('app.budget_postings').selectAll().where('budget_id', '=', budget_id).execute();
  const before = [await postings(), await decided(customer)];
  await t.db
    .insertInto('app.inbox')
    .values({ customer_id: customer, fact_kind: 'order', fact_id: order.id, again: true })
    .execute();
  await p.work();
  expect([await postings(), await decided(customer)]).toEqual(before);
  for (const table of ['app.engine_runs', 'app.engine_lines'] as const) {
    expect(await t.db.selectFrom(table).selectAll().execute()).toEqual([]);
  }
});

test('thirty-two at once, by points and by grants, take no cent more than there is', async () => {
  const budget_id = await b.budget({}, { new: 200, active: 180, other: 0 });
  await rule(budget_id, { cost_kind: 'referral', points: 37 });
  const customers = await Promise.all(Array.from({ length: 64 }, (_, at) => member(at % 2 ? 'new' : 'active')));
  await Promise.all(
    Array.from({ length: 32 }, async (_, at) => {
      for (const customer of [customers[at]!, customers[at + 32]!, customers[(at * 7) % 64]!]) {
        await p.order(customer, { at: '2026-01-05', amount: String(3 + (at % 11)) });
        await p.work('2026-01-06 00:00+08', 1 + (at % 5));
        await b.ask([
          {
            budget_id,
            customer_id: customer,
            amount: '2.37',
            source_key: `both-${at}-${customer}`,
            cost_kind: 'referral',
          },
        ]);
      }
    }),
  );
  await p.work('2026-01-06 00:00+08');
  await b.addUp();
  const said = await t.db.selectFrom('app.decisions').select('outcome').where('customer_id', 'in', customers).execute();
  const of = (outcome: string) => said.filter((each) => each.outcome === outcome).length;
  expect([of('granted') > 10, of('refused') > 10, of('granted') + of('refused')]).toEqual([true, true, 96]);
});
