/** A campaign's rules give to those whom the campaign is for, as they were at the time, and never to those it leaves out. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { seedNew } from '../../api/seed.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from './budgets.ts';
import { type Placed, programme } from './points.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
let b: Awaited<ReturnType<typeof budgets>>;
let number = 0;
const tiers: { [code: string]: number } = {};
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  b = await budgets(t);
});
afterAll(() => t?.close());
beforeEach(async () => {
  await t.owner.deleteFrom('app.programme_versions').execute();
  p = await programme(t);
  tiers.regular = await p.tier({
    code: 'regular',
    rank: 0,
    enter_at: '0',
    validity_kind: 'forever',
    downgrade: 'none',
  });
  tiers.silver = await p.tier({
    ...{ code: 'silver', rank: 1, enter_at: '100', validity_kind: 'forever', downgrade: 'none' },
  });
});

interface Meant {
  segments?: number[];
  tiers?: number[];
  audience_filter?: object | null;
  holdout_rate?: string;
}
/** A campaign of January and February, with a rule of 10 points for each order. */
async function campaign({ audience_filter = null, ...meant }: Meant, more: { [field: string]: unknown } = {}) {
  const { id } = await t.db
    .insertInto('app.campaigns')
    .values({
      ...{ code: `c${++number}`, name: 'c', name_en: 'c', form: 'theme', status: 'approved' },
      ...{ starts_on: '2026-01-01', ends_on: '2026-02-28' },
      ...meant,
      audience_filter: audience_filter && JSON.stringify(audience_filter),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const rule = await p.rule({ code: `r${number}`, effect: 'fixed', points: 10, campaign_id: id, ...more });
  return { id, rule };
}
/** What became of each order by a rule: "granted 10", "refused 0 held_out", "-"; the last word on each. */
async function said(orders: readonly Placed[], rule: number): Promise<string[]> {
  const { rows } = await sql<{ said: string }>`
    select coalesce(concat_ws(' ', latest.outcome, latest.points, latest.detail ->> 'reason'), '-') as said
    from unnest(${orders.map(({ id }) => id)}::bigint[]) with ordinality as placed (id, place)
    left join lateral (
      select *
      from app.decisions
      where decisions.book_id = 0 and decisions.fact_kind = 'order' and decisions.fact_id = placed.id and decisions.rule_id = ${rule}
      order by decisions.id desc
      limit 1
    ) as latest on true
    order by placed.place
  `.execute(t.db);
  return rows.map((row) => row.said || '-');
}
const GIVEN = 'granted 10';
const NOT_MEANT = 'refused 0 not_in_audience';

test('by tier: as it was before the order', async () => {
  const { rule } = await campaign({ tiers: [tiers.silver!] });
  const customer = await p.customer();
  const orders = [
    await p.order(customer, { at: '2026-01-05', amount: '150' }),
    await p.order(customer, { at: '2026-01-06', amount: '1' }),
    await p.order(customer, { at: '2026-03-06', amount: '1' }),
  ];
  await p.work();
  // After its last day it says nothing at all.
  expect(await said(orders, rule)).toEqual([NOT_MEANT, GIVEN, '-']);
});

test('by segment: as the evening before the order left it', async () => {
  const [inside, outside, left] = [await p.customer(), await p.customer(), await p.customer()];
  await b.member(inside, 'new');
  await b.member(outside, 'dormant');
  await b.member(left, 'new');
  const stay = await t.db
    .selectFrom('app.segment_memberships')
    .select(['rule_set_id', 'segment_code', 'entered_on'])
    .where('customer_id', '=', inside)
    .executeTakeFirstOrThrow();
  await t.db
    .updateTable('app.segment_memberships')
    .set({ left_on: '2026-01-06' })
    .where('customer_id', '=', left)
    .execute();
  const segment = await sql<{ id: number }>`
    select id from base.segments where rule_set_id = ${stay.rule_set_id} and segment_code = ${stay.segment_code}
  `.execute(t.db);
  const { rule } = await campaign({ segments: [segment.rows[0]!.id] });
  const orders = [
    await p.order(inside, { at: '2026-01-06', amount: '1' }),
    await p.order(outside, { at: '2026-01-06', amount: '1' }),
    await p.order(left, { at: '2026-01-06', amount: '1' }),
    await p.order(left, { at: '2026-01-07', amount: '1' }),
  ];
  await p.work();
  expect(await said(orders, rule)).toEqual([GIVEN, NOT_MEANT, GIVEN, NOT_MEANT]);
});

test('by a further condition: as of the day of the order', async () => {
  const { rule } = await campaign({ audience_filter: { order_count: { gte: 2 }, recency_days: { lte: 10 } } });
  const customer = await p.customer();
  const orders = [
    await p.order(customer, { at: '2026-01-05', amount: '1' }),
    await p.order(customer, { at: '2026-01-05T18:00', amount: '1' }),
    await p.order(customer, { at: '2026-01-06', amount: '1' }),
    await p.order(customer, { at: '2026-01-26', amount: '1' }),
  ];
  await p.work();
  expect(await said(orders, rule)).toEqual([NOT_MEANT, NOT_MEANT, GIVEN, NOT_MEANT]);
});

test('whoever is held out gets nothing, multiplies nothing, and is held out whenever it is asked', async () => {
  const { id, rule } = await campaign({ holdout_rate: '0.3' });
  await p.rule({ code: `doubled${number}`, effect: 'multiply', factor: '2', campaign_id: id });
  const plain = await p.rule({ code: 'plain', effect: 'fixed', points: 1 });
  const customers: number[] = [];
  for (let at = 0; at < 200; at++) customers.push(await p.customer());
  const orders: Placed[] = [];
  for (const customer of customers) orders.push(await p.order(customer, { at: '2026-01-05', amount: '1' }));
  await p.work();
  const first = await said(orders, rule);
  const out = first.filter((each) => each === 'refused 0 held_out').length;
  expect(first.filter((each) => each === 'granted 20').length).toBe(200 - out);
  // 60 are expected; four times what chance explains.
  expect(Math.abs(out - 60)).toBeLessThan(26);
  expect((await said(orders, plain)).filter((each) => each === 'granted 1')).toHaveLength(out);
  const { rows } = await sql<{ other: number }>`
    select count(*) as other from unnest(${customers}::bigint[]) as drawn (id)
    where ops.campaign_draw(${id}, drawn.id) < 0.3 and ops.campaign_draw(${id + 1}, drawn.id) < 0.3
  `.execute(t.db);
  expect(Number(rows[0]!.other)).toBeLessThan(out);
  // Everybody is done again.
  for (const customer of customers) await p.order(customer, { at: '2026-01-04', amount: '1' });
  await p.work();
  expect(await said(orders, rule)).toEqual(first);
});

test('who was turned away first and is meant after all still has to pass the budget', async () => {
  const budget = await b.budget();
  const { rule } = await campaign({ tiers: [tiers.silver!] }, { budget_id: budget });
  const customer = await p.customer();
  await b.member(customer, 'new');
  const order = await p.order(customer, { at: '2026-01-06', amount: '1' });
  await p.work();
  expect(await said([order], rule)).toEqual([NOT_MEANT]);
  await p.order(customer, { at: '2026-01-05', amount: '150' });
  await p.work();
  expect(await said([order], rule)).toEqual([GIVEN]);
  await p.refund((await p.order(customer, { at: '2026-01-04', amount: '300' })) as Placed, {
    at: '2026-01-04T18:00',
    amount: '300',
  });
  await p.work();
  expect(await said([order], rule)).toEqual([GIVEN]);
});

test('the order in which things are heard of makes no difference', async () => {
  const { id, rule } = await campaign({
    tiers: [tiers.silver!],
    audience_filter: { order_count: { between: [1, 4] } },
  });
  await p.rule({ code: `doubled${number}`, effect: 'multiply', factor: '2', campaign_id: id });
  const facts = fc.array(
    fc.record({ day: fc.integer({ min: 1, max: 28 }), amount: fc.integer({ min: 1, max: 200 }), refund: fc.boolean() }),
    { minLength: 2, maxLength: 7 },
  );
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(facts, fc.infiniteStream(fc.nat(10)), async (list, draws) => {
      const told = async (order: number[], pauses: boolean) => {
        const customer = await p.customer();
        const placed: Placed[] = [];
        for (const at of order) {
          const { day, amount, refund } = list[at]!;
          const made = await p.order(customer, {
            ...{ at: `2026-01-${String(day).padStart(2, '0')}T1${at}:00`, amount: `${amount}.00` },
            external_id: `a${customer} ${at}`,
          });
          placed[at] = made;
          if (refund) {
            await p.refund(made, {
              at: `2026-01-${String(day).padStart(2, '0')}T2${at % 4}:30`,
              amount: `${amount}.00`,
            });
            await t.db
              .updateTable('app.orders')
              .set({ returned_amount: `${amount}.00` })
              .where('id', '=', made.id)
              .execute();
          }
          if (pauses) await p.work();
        }
        await p.work();
        return { said: await said(placed, rule), account: await p.account(customer) };
      };
      const inOrder = list.map((_, at) => at);
      const anyhow = inOrder
        .map((at) => ({ at, by: draws.next().value! }))
        .sort((x, y) => x.by - y.by)
        .map(({ at }) => at);
      const straight = await told(inOrder, false);
      for (const each of straight.said) seen.add(each);
      expect(await told(anyhow, true)).toEqual(straight);
    }),
    { numRuns: 25 },
  );
  expect([...seen].sort()).toEqual(['granted 20', NOT_MEANT]);
});
