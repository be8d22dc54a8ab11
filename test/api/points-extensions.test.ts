/** Points that shall last longer: asked for by one, consented to by another, and in the books as any other fact. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Row, Timeline } from '../../api/contract.ts';
import { settleDay } from '../../api/engine/process.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from '../sql/points.ts';

let t: TestDatabase;
let a: TestApp;
let p: Awaited<ReturnType<typeof programme>>;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  p = await programme(t);
  await p.rule({ code: 'purchase', effect: 'per_amount', points: 1, per_amount: '1' });
});
afterAll(() => t?.close());

/** A day of Shanghai, so many from now. */
const day = (after: number) => new Date(Date.now() + 8 * 3_600_000 + after * 86_400_000).toISOString().slice(0, 10);
/** The day on which points had to be earned that have their last day so many days from now. */
function earnedFor(after: number): string {
  const last = new Date(`${day(after)}T00:00:00Z`);
  last.setUTCFullYear(last.getUTCFullYear() - 1);
  return last.toISOString().slice(0, 10);
}
/** A customer with 100 points that can be used through a day. */
async function withPoints(after: number): Promise<number> {
  const customer = await p.customer();
  await p.order(customer, { at: earnedFor(after), amount: '100.00' });
  await p.work();
  await settle();
  return customer;
}
const settle = async () => settleDay(a.deps, { until_at: `${day(0)} 00:00+08` });
const ask = (customer: number, body: Row, person: Parameters<TestApp['as']>[0] = 'customer_service') =>
  a.as(person)('POST', `/api/customers/${customer}/_actions/extend_points`, { reason: 'a long illness', ...body });
async function waiting(customer: number): Promise<number> {
  const answer = await a.as('viewer')('GET', `/api/points_extensions?customer_id=${customer}&state=waiting`);
  return ((await answer.json()) as { id: number }[])[0]!.id;
}
const decide = (id: number, what: 'approve' | 'refuse', person: Parameters<TestApp['as']>[0] = 'manager') =>
  a.as(person)('POST', `/api/points_extensions/${id}/_actions/${what}`, { decision_note: 'seen' });
async function lots(customer: number) {
  return t.db
    .selectFrom('app.points_lots')
    .select([
      'available',
      'expired',
      sql<string>`((expires_at at time zone 'Asia/Shanghai')::date - 1)::text`.as('last_on'),
    ])
    .where('book_id', '=', 0)
    .where('customer_id', '=', customer)
    .orderBy('earned_at')
    .execute();
}

test('asked, consented to by somebody else, and in the books with who and why', async () => {
  const customer = await withPoints(10);
  await p.order(customer, { at: earnedFor(40), amount: '50.00' });
  await p.work();
  const asked = await ask(customer, { expiring_until_on: day(20), until_on: day(90) }, 'operator');
  expect(asked.status, await asked.clone().text()).toBe(200);
  const id = await waiting(customer);
  expect((await lots(customer))[0]!.last_on).toBe(day(10));

  expect((await decide(id, 'approve', 'operator')).status).toBe(403);
  expect((await decide(id, 'approve', 'customer_service')).status).toBe(403);
  const again = await ask(customer, { expiring_until_on: day(20), until_on: day(90) });
  expect(again.status).toBe(409);

  const approved = await decide(id, 'approve');
  expect(approved.status, await approved.clone().text()).toBe(200);
  expect(((await approved.json()) as { message: string }).message).toBe(`100 points last through ${day(90)} now`);
  expect(await lots(customer)).toEqual([
    { available: 100, expired: 0, last_on: day(90) },
    // Expires later than what was asked about.
    { available: 50, expired: 0, last_on: day(40) },
  ]);
  expect((await decide(id, 'approve')).status).toBe(409);

  const answer = await a.as('viewer')('GET', `/api/customers/${customer}/_timeline?kinds=extension`);
  const { entries } = (await answer.json()) as Timeline;
  expect(entries.map(({ text }) => text[1])).toEqual([
    `100 points last through ${day(90)} now`,
    `Asked for 100 points to last through ${day(90)}`,
  ]);
  expect(entries[0]!.reasons.map(([, en]) => en)).toEqual(['Reason: a long illness', 'Note: seen']);
  const changes = await a.as('viewer')('GET', `/api/points_entries?customer_id=${customer}&kind=extend`);
  expect(await changes.json()).toMatchObject([{ points: 100, change: 0, fact_kind: 'extend', fact_id: id }]);

  // An order that comes late is worked in as if it had been on time: its points last longer as well.
  await p.order(customer, { at: earnedFor(12), amount: '7.00' });
  await p.work();
  expect((await lots(customer))[1]).toEqual({ available: 7, expired: 0, last_on: day(90) });
});

test('refused with a reason nothing changes, and it can be asked again', async () => {
  const customer = await withPoints(10);
  await ask(customer, { expiring_until_on: day(20), until_on: day(90) });
  const id = await waiting(customer);
  const unsaid = await a.as('manager')('POST', `/api/points_extensions/${id}/_actions/refuse`, {});
  expect(unsaid.status).toBe(422);
  expect((await decide(id, 'refuse')).status).toBe(200);
  expect(await lots(customer)).toMatchObject([{ last_on: day(10) }]);
  expect((await ask(customer, { expiring_until_on: day(20), until_on: day(60) })).status).toBe(200);
});

test.each([
  ['expiring_until_on', { expiring_until_on: day(5) }, 'no points by then'],
  ['expiring_until_on', { expiring_until_on: '0001-01-01' }, 'a day long ago'],
  ['expiring_until_on', { expiring_until_on: 'soon' }, 'no day'],
  ['until_on', { until_on: day(20) }, 'not later'],
  ['until_on', { until_on: day(3000) }, 'years ahead'],
  ['until_on', { until_on: null }, 'nothing'],
  ['reason', { reason: '' }, 'no reason'],
])('%s is refused: %j (%s)', async (field, wrong, _why) => {
  const customer = await withPoints(10);
  const answer = await ask(customer, { expiring_until_on: day(20), until_on: day(90), ...wrong });
  expect(answer.status).toBe(422);
  expect(Object.keys(((await answer.json()) as ApiError).errors ?? {})).toEqual([field]);
  const { n } = await t.db
    .selectFrom('app.points_extensions')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('customer_id', '=', customer)
    .executeTakeFirstOrThrow();
  expect(Number(n)).toBe(0);
});

test('twenty who approve at once: one of them does', async () => {
  const customer = await withPoints(10);
  await ask(customer, { expiring_until_on: day(20), until_on: day(90) });
  const id = await waiting(customer);
  const answers = await Promise.all(Array.from({ length: 20 }, () => decide(id, 'approve')));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
  const { n } = await t.db
    .selectFrom('app.points_entries')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('customer_id', '=', customer)
    .where('kind', '=', 'extend')
    .executeTakeFirstOrThrow();
  expect(Number(n)).toBe(1);
});

test('what has expired comes back only as far as the policy says', async () => {
  const customer = await withPoints(-3);
  expect(await lots(customer)).toEqual([{ available: 0, expired: 100, last_on: day(-3) }]);
  const body = { expiring_until_on: day(0), until_on: day(30) };
  expect((await ask(customer, body)).status).toBe(422);
  const policy = await a.as('manager')('GET', '/api/points_policies/1');
  const saved = await a.as('manager')(
    'PATCH',
    '/api/points_policies/1',
    { reinstate_days: 7 },
    {
      'if-match': policy.headers.get('etag')!,
    },
  );
  expect(saved.status, await saved.clone().text()).toBe(200);
  expect((await ask(customer, body)).status).toBe(200);
  expect((await decide(await waiting(customer), 'approve')).status).toBe(200);
  expect(await lots(customer)).toEqual([{ available: 100, expired: 0, last_on: day(30) }]);
  const long_ago = await withPoints(-9);
  expect((await ask(long_ago, body)).status).toBe(422);
});

test('points that come back by a refund after their day expire again, unless it was extended', async () => {
  for (const extended of [false, true]) {
    const customer = await withPoints(2);
    await p.order(customer, { at: earnedFor(1), amount: '1.00' });
    const redemption = await p.redeem(customer, { at: day(-1), points: 101 });
    await p.work();
    if (extended) {
      // Nothing is left of them; what may come back lasts longer all the same.
      await t.db
        .insertInto('app.points_extensions')
        .values({
          ...{ customer_id: customer, expiring_until_on: day(5), until_on: day(60), points: 1, reason: 'test' },
          ...{ state: 'applied', decided_at: sql`now()` as never },
        })
        .execute();
    }
    await p.cancel(redemption, day(10));
    await p.work();
    expect((await lots(customer)).map(({ available }) => available)).toEqual(extended ? [1, 100] : [0, 0]);
  }
});

test('reminders stand in the queue 30, 7 and 1 days before the last day, once each', async () => {
  const customer = await withPoints(30);
  const reminders = async () =>
    (
      await t.db
        .selectFrom('app.points_reminders')
        .select(['days_before', 'points', 'remind_on'])
        .where('customer_id', '=', customer)
        .orderBy('remind_on')
        .execute()
    ).map((each) => `${each.days_before} ${each.points} ${each.remind_on}`);
  for (let after = 0; after <= 31; after++) {
    await sql`select ops.remind_of_expiry(${day(after)}::date)`.execute(t.db);
    await sql`select ops.remind_of_expiry(${day(after)}::date)`.execute(t.db);
  }
  expect(await reminders()).toEqual([`30 100 ${day(0)}`, `7 100 ${day(23)}`, `1 100 ${day(29)}`]);
  await ask(customer, { expiring_until_on: day(30), until_on: day(60) });
  await decide(await waiting(customer), 'approve');
  await sql`select ops.remind_of_expiry(${day(30)}::date)`.execute(t.db);
  expect((await reminders()).at(-1)).toBe(`30 100 ${day(30)}`);
});

test('the statement goes from month to month without a gap, and ends at the balance; the calendar holds what can expire', async () => {
  const customer = await withPoints(10);
  const order = await p.order(customer, { at: earnedFor(100), amount: '300.00' });
  await p.work();
  const redemption = await p.redeem(customer, { at: day(-40), points: 120 });
  await p.work();
  await p.refund(order, { at: day(-5), amount: '300.00' });
  await p.cancel(redemption, day(-1));
  await p.work();
  const answer = await a.as('viewer')(
    'GET',
    `/api/points_statements?customer_id=${customer}&_sort=month_on&_order=ASC`,
  );
  const months = (await answer.json()) as { [field: string]: number }[];
  expect(months.length).toBeGreaterThan(2);
  let balance = 0;
  for (const { opening, earned, spent, expired, reversed, closing } of months) {
    expect(opening).toBe(balance);
    expect(opening! + earned! + spent! + expired! + reversed!).toBe(closing);
    balance = closing!;
  }
  const account = await a.as('viewer')('GET', `/api/points_accounts/${customer}`);
  expect(((await account.json()) as Row).balance).toBe(balance);
  const expiries = await a.as('viewer')('GET', `/api/points_expiries?customer_id=${customer}`);
  expect(await expiries.json()).toMatchObject([{ last_on: day(10), available: 100, lot_count: 1 }]);
  expect((await a.as('viewer')('GET', '/api/points_statements/1')).status).toBe(404);
});
