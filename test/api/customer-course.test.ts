/** What a customer did beside buying, their benefits and campaigns on the timeline; and that a page costs what it holds. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Timeline } from '../../api/contract.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { benefitProgramme } from '../sql/benefits.ts';
import { programme } from '../sql/points.ts';

let t: TestDatabase;
let a: TestApp;
let p: Awaited<ReturnType<typeof programme>>;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  p = await programme(t);
  await p.rule({ code: 'praise', trigger: 'review', effect: 'fixed', points: 15, condition: { rating: { gte: 4 } } });
  await p.rule({ code: 'sale', trigger: 'share', effect: 'fixed', points: 40, condition: { sold: { eq: true } } });
});
afterAll(() => t?.close());

async function told(customer: number, query = ''): Promise<Timeline> {
  const answer = await a.as('viewer')('GET', `/api/customers/${customer}/_timeline${query}`);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as Timeline;
}
const texts = ({ entries }: Timeline, lang = 1) =>
  entries.map(({ text, reasons }) => [text[lang], ...reasons.map((each) => each[lang])]);

test('reviews, shares and what became of them, with the rules that gave for them', async () => {
  const [customer, buyer] = [await p.customer(), await p.customer()];
  const order = await p.order(buyer, { at: '2026-01-05', amount: '80', external_id: 'S-1' });
  await p.event(customer, { at: '2026-01-06', kind: 'review', rating: 5 });
  await p.event(customer, { at: '2026-01-07', kind: 'share', order_id: order.id });
  await p.event(customer, { at: '2026-01-08', kind: 'check_in' });
  await p.refund(order, { at: '2026-01-09', amount: '40' });
  await p.work();
  expect(texts(await told(customer, '?kinds=event'))).toEqual([
    ['What a share had sold came back, 20 points taken back'],
    ['Checked in'],
    ['Shared, which led to an order, earned 40 points', 'Order S-1', 'sale (version 1): 40 at once, gives 40'],
    ['Reviewed with 5 of 5, earned 15 points', 'praise (version 1): 15 at once, gives 15'],
  ]);
  expect(texts(await told(customer, '?kinds=event'), 0)[0]).toEqual(['分享带来的订单被退货，追回 20 积分']);
});

test('campaigns that reached somebody, and whether they were meant', async () => {
  const customer = await p.customer();
  const campaign = (code: string, meant: object) =>
    t.db
      .insertInto('app.campaigns')
      .values({
        code,
        name: `${code}中文`,
        name_en: code,
        form: 'theme',
        status: 'approved',
        starts_on: '2026-01-01',
        ...meant,
      })
      .execute();
  const tier = await p.tier({ code: 'gold', rank: 9, enter_at: '9000' });
  await campaign('spring', {});
  await campaign('golden', { tiers: [tier] });
  for (const [code, kind, day] of [
    ['spring', 'ad_click', 6],
    ['golden', 'campaign_entry', 7],
    ['unknown', 'scan', 8],
  ] as const)
    await t.db
      .insertInto('app.events')
      .values({
        ...{ customer_id: customer, occurred_on: `2026-01-0${day}`, source: 'test', external_id: `c ${day}`, kind },
        ...{ occurred_at: `2026-01-0${day} 12:00+08`, campaign_code: code, channel: 'wecom' },
      })
      .execute();
  expect(texts(await told(customer, '?kinds=campaign'))).toEqual([
    ['Scan: campaign “unknown”', 'Channel: wecom'],
    ['Campaign entry: campaign “golden”', 'Channel: wecom', 'Not who the campaign is for'],
    ['Ad click: campaign “spring”', 'Channel: wecom'],
  ]);
  // It earns nothing: it is no fact of the engine.
  expect(texts(await told(customer, '?kinds=event'))).toEqual([]);
});

test('a package that was granted, uses of its benefits, what was given back and what lapsed', async () => {
  const b = benefitProgramme(t);
  const benefit = await b.benefit({
    code: 'shipping',
    name: '包邮',
    name_en: 'Free shipping',
    quota: 3,
    quota_period: 'month',
  });
  const customer = await b.customer();
  const used = async (external_id: string) => {
    const answer = await a.as('operator')('POST', '/api/v1/benefits/use', {
      ...{ external_id, customer_external_id: (await named(customer)) as string, benefit: 'shipping' },
    });
    expect(answer.status, await answer.clone().text()).toBe(201);
    return ((await answer.json()) as { id: number }).id;
  };
  await used('U-1');
  const back = await used('U-2');
  const answer = await a.as('operator')('POST', `/api/v1/benefits/uses/${back}/cancel`, { reason: 'not shipped' });
  expect(answer.status, await answer.clone().text()).toBe(200);
  // Months that are over: of one two were left, of another some of two benefits.
  const access = await b.benefit({
    code: 'access',
    name: '抢先购',
    name_en: 'Early access',
    quota: 5,
    quota_period: 'month',
  });
  for (const [of, month, until] of [
    [benefit, '2026-01-01', '2026-02-01'],
    [benefit, '2026-02-01', '2026-03-01'],
    [access, '2026-02-01', '2026-03-01'],
  ] as const)
    await t.db
      .insertInto('app.benefit_quotas')
      .values({
        ...{ customer_id: customer, benefit_id: of, period_from: month, period_until: until },
        ...{ usable_from: month, quota: 3, used: 1 },
        version_id: sql<number>`(select max(id) from app.programme_versions)`,
      })
      .execute();
  const timeline = await told(customer, '?kinds=benefit');
  expect(texts(timeline)).toEqual([
    ['Gave back the benefit “Free shipping”', 'Reason: not shipped'],
    ['Used the benefit “Free shipping”'],
    ['Used the benefit “Free shipping”'],
    ['Benefits lapsed: Free shipping (2), Early access (2)', 'The period was over, and they were not brought along'],
    ['2 left of the benefit “Free shipping” lapsed', 'The period was over, and they were not brought along'],
  ]);
  expect(timeline.entries.at(-1)!.at).toBe('2026-01-31T16:00:00.000Z');
});

async function named(customer: number): Promise<string> {
  const { external_id } = await t.db
    .selectFrom('app.customers')
    .select('external_id')
    .where('id', '=', customer)
    .executeTakeFirstOrThrow();
  return external_id;
}

/** Blocks that a page touches, as Postgres counts them. */
async function blocks(customer: number, before: string | null): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { [name: string]: number } }] }>`
    explain (analyze, buffers, format json)
    select * from ops.customer_timeline(
      ${sql.lit(customer)}::bigint,
      array['sign_up', 'order', 'return', 'event', 'campaign', 'redemption', 'benefit', 'adjustment', 'points', 'tier', 'segment', 'extension', 'automation'],
      ${before === null ? sql`null` : sql.lit(before)}::timestamptz, ${before === null ? sql`null` : sql.lit('10')}, 26
    )
  `.execute(t.owner);
  const { Plan } = rows[0]!['QUERY PLAN'][0];
  return Plan['Shared Hit Blocks']! + Plan['Shared Read Blocks']!;
}

/** So many orders, reviews, redemptions, returns and movements, an hour apart, as the engine would have left them. */
async function live(customer: number, facts: number): Promise<void> {
  await sql`set session_replication_role = replica`.execute(t.owner);
  const at = sql`'2020-01-01 00:00+00'::timestamptz + n * interval '1 hour'`;
  await sql`insert into app.orders (customer_id, source, external_id, placed_at, paid_at, placed_on, amount)
    select ${customer}, 'many', ${customer} || ' ' || n, ${at}, ${at}, (${at})::date, 10 from generate_series(1, ${facts}) as n`.execute(
    t.owner,
  );
  await sql`insert into app.events (customer_id, occurred_on, source, external_id, kind, occurred_at)
    select ${customer}, (${at})::date, 'many', ${customer} || ' ' || n, 'check_in', ${at} from generate_series(1, ${facts}) as n`.execute(
    t.owner,
  );
  await sql`insert into app.returns (customer_id, source, external_id, order_id, amount, returned_at, returned_on)
    select customer_id, 'many', external_id, id, 1, placed_at + interval '1 minute', placed_on
    from app.orders where customer_id = ${customer} and id % 5 = 0`.execute(t.owner);
  await sql`insert into app.redemptions (customer_id, source, external_id, points, purpose, status, reserved_at, confirmed_at)
    select ${customer}, 'many', ${customer} || ' ' || n, 1, 'test', 'confirmed', ${at}, ${at} from generate_series(1, ${facts} / 5) as n`.execute(
    t.owner,
  );
  await sql`insert into app.automation_steps (customer_id, run_id, automation_id, visit, step_code, kind, outcome, done_at, done_on)
    select ${customer}, n, 1, 0, 'entry', 'entry', 'entered', ${at}, (${at})::date from generate_series(1, ${facts}) as n`.execute(
    t.owner,
  );
  await sql`insert into app.points_entries (customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points, fact_kind, fact_id, occurred_at)
    select customer_id, moves.kind, 'order', id, 1, 'points', moves.one, moves.other, 1, moves.fact, id, placed_at + moves.after
    from app.orders
    cross join (values
      ('earn', 'issued', 'available', 'order', interval '0'), ('expire', 'available', 'expired', 'day', interval '1 year')
    ) as moves (kind, one, other, fact, after)
    where customer_id = ${customer}`.execute(t.owner);
  await sql`set session_replication_role = origin`.execute(t.owner);
}

test('a page of a history of 50,000 facts costs as much as one of 500, at its beginning and in its middle', async () => {
  const [short, long] = [await p.customer(), await p.customer()];
  await t.owner.connection().execute(async () => {
    await live(short, 200);
    await live(long, 20_000);
  });
  for (const table of ['orders', 'events', 'returns', 'redemptions', 'points_entries', 'automation_steps'])
    await sql`analyze ${sql.id('app', table)}`.execute(t.owner);
  // Trees are deeper, and pages fuller; the whole of it would be a hundred times as much.
  const few = await blocks(short, null);
  expect(await blocks(long, null)).toBeLessThan(4 * few);
  expect(await blocks(long, '2021-02-01 00:00+00')).toBeLessThan(4 * few);
  expect((await told(long)).entries).toHaveLength(25);
});
