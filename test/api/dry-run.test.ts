/** Trying a made-up fact: what it would bring, why not, and that nothing of it stays. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import type { DryRun, TrialRule } from '../../api/contract-trials.ts';
import { dryRunWithin } from '../../api/engine/dry-run.ts';
import { processFacts } from '../../api/engine/process.ts';
import { rolledBack } from '../../api/engine/rolled-back.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
const id: { [name: string]: number } = {};
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  const made = async (path: string, body: Row) => {
    const answer = await a.as('administrator')('POST', path, body);
    expect(answer.status, await answer.clone().text()).toBe(201);
    return ((await answer.json()) as { id: number }).id;
  };
  const rule = (code: string, values: Row) =>
    made('/api/earn_rules', { code, name: code, name_en: code, status: 'active', ...values });
  id.purchase = await rule('purchase', { points: 1, per_amount: '1' });
  id.growth = await rule('growth', { account: 'growth', points: 1, per_amount: '1' });
  id.double = await rule('double', { effect: 'multiply', factor: '2', condition: { birthday_month: { eq: true } } });
  id.picky = await rule('picky', {
    effect: 'fixed',
    points: 50,
    weekdays: ['6', '7'],
    from_hour: 9,
    until_hour: 12,
    condition: { amount: { gte: '100' }, or: [{ city: { eq: 'Shanghai' } }, { tags: { has: 'vip' } }] },
    max_per_fact: 30,
  });
  id.tea = await rule('tea', { effect: 'fixed', points: 7, scope: 'categories', categories: ['tea'] });
  id.welcome = await rule('welcome', { trigger: 'sign_up', effect: 'fixed', points: 100 });
  id.one = await rule('one', { effect: 'fixed', points: 5, stacking: 'exclusive', stack_group: 'g', priority: 1 });
  id.two = await rule('two', { effect: 'fixed', points: 9, stacking: 'exclusive', stack_group: 'g', priority: 2 });
  id.daily = await rule('daily', { trigger: 'check_in', effect: 'fixed', points: 2 });
  id.sale = await rule('sale', {
    ...{ trigger: 'share', effect: 'fixed', points: 40, condition: { sold: { eq: true } } },
  });
  id.praise = await rule('praise', {
    ...{ trigger: 'review', effect: 'fixed', points: 15, condition: { rating: { gte: 4 } } },
  });
  id.task = await rule('task', {
    ...{ trigger: 'task_action', effect: 'fixed', points: 8, condition: { task_code: { eq: 'profile' } } },
  });
  const spend = { basis: 'spend', window_kind: 'lifetime' };
  await made('/api/tiers', {
    ...{ code: 'regular', name: '普通', name_en: 'Regular', rank: 0, enter_at: '0' },
    ...{ ...spend, validity_kind: 'forever', downgrade: 'none' },
  });
  id.gold = await made('/api/tiers', {
    ...{ code: 'gold', name: '金卡', name_en: 'Gold', rank: 1, enter_at: '500', ...spend, point_multiplier: '1.5' },
    ...{ validity_kind: 'months', validity_months: 12 },
  });
  id.customer = await made('/api/customers', { external_id: 'anna', birth_on: '1990-05-05', city: 'Shanghai' });
  await sql`select ops.keep_version('points_policies', 1, 0, (select to_jsonb(points_policies) from app.points_policies), '-infinity')`.execute(
    t.db,
  );
  await processFacts(a.deps, { until_at: new Date().toISOString() });
});
afterAll(() => t?.close());

const ask = (body: Row, person: Person = 'operator') => a.as(person)('POST', '/api/_trials/dry_run', body);
async function tried(body: Row, person: Person = 'operator'): Promise<DryRun> {
  const answer = await ask(body, person);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as DryRun;
}
const ruleOf = ({ rules }: DryRun, name: string): TrialRule => rules.find((rule) => rule.name[1] === name)!;
/** What was missing. */
const failed = (rule: TrialRule) =>
  [...rule.checks, ...rule.condition].filter((part) => !part.met).map((part) => part.text[1]);
const SATURDAY = '2031-03-01T10:30:00+08:00';
const MONDAY = '2031-03-03T10:30:00+08:00';

async function everything(): Promise<string> {
  const { rows } = await sql<{ counts: string }>`
    select string_agg(
      format('%s %s', tables.relname, (xpath('//n/text()', query_to_xml(format('select count(*) as n from app.%I', tables.relname), true, true, '')))[1]),
      ', ' order by tables.relname
    ) as counts
    from pg_class as tables
    where tables.relnamespace = 'app'::regnamespace and tables.relkind in ('r', 'p')
  `.execute(t.owner);
  return rows[0]!.counts;
}

test('every rule that held says what it came to, or what it missed', async () => {
  const run = await tried({ customer_id: id.customer!, kind: 'order', at: SATURDAY, amount: '200' });
  expect(run.rules.map((rule) => [rule.name[1], rule.outcome, rule.points])).toEqual([
    ['one', 'granted', 5],
    ['two', 'outranked', 0],
    ['purchase', 'granted', 200],
    ['double', 'not_met', 0],
    ['picky', 'capped', 30],
    ['tea', 'not_met', 0],
    ['welcome', 'not_met', 0],
    ['daily', 'not_met', 0],
    ['sale', 'not_met', 0],
    ['praise', 'not_met', 0],
    ['task', 'not_met', 0],
    ['growth', 'granted', 200],
  ]);
  expect(run).toMatchObject({ points: 235, growth: 200, on: '2031-03-01', hour: 10, weekday: '6' });
  expect(failed(ruleOf(run, 'double'))).toEqual(['In the month of the birthday is yes']);
  expect(failed(ruleOf(run, 'tea'))).toEqual(['Has goods of: tea']);
  expect(failed(ruleOf(run, 'welcome'))).toEqual(['Somebody enrols']);
  // Rolling twelve months, through the anniversary.
  expect(ruleOf(run, 'purchase').expires_at).toBe('2032-03-01T16:00:00.000Z');
  expect(run.tier).toMatchObject({ before: ['普通', 'Regular'], after: ['普通', 'Regular'] });
  expect(run.balance.after.available - run.balance.before.available).toBe(235);
});

test('a condition tells part by part, alternatives among them', async () => {
  const who = { enrolled_on: '2030-01-01', city: 'Beijing', birth_on: '1990-03-09' };
  const run = await tried({ ...who, kind: 'order', at: MONDAY, amount: '99.99' });
  const picky = ruleOf(run, 'picky');
  expect(picky.outcome).toBe('not_met');
  expect(failed(picky)).toEqual(['On Sat, Sun', 'City is "Shanghai" or Tags includes "vip"', 'Order amount ≥ 100']);
  expect(picky.condition[0]!.any_of!.map((part) => part.met)).toEqual([false, false]);
  expect(picky.checks.find(({ key }) => key === 'hours')).toMatchObject({ met: true });
  const double = ruleOf(run, 'double');
  expect(double).toMatchObject({ outcome: 'multiplied' });
  expect(ruleOf(run, 'purchase')).toMatchObject({ points: 199, raw_points: '199.9800' });
  expect(ruleOf(run, 'purchase').multipliers).toEqual([
    { rule_id: id.double, name: ['double', 'double'], factor: '2' },
  ]);
});

test('goods count by their lines, the tier by its multiplier, and an order may lift it', async () => {
  const lines = [
    { category: 'tea', amount: '30' },
    { category: 'pots', amount: '70' },
  ];
  const who = { enrolled_on: '2030-01-01', tier_id: id.gold! };
  const run = await tried({ ...who, kind: 'order', at: MONDAY, amount: '600', lines });
  expect(ruleOf(run, 'tea')).toMatchObject({ outcome: 'granted', points: 7 });
  expect(ruleOf(run, 'purchase')).toMatchObject({ points: 900, tier_factor: '1.50' });
  const lifted = await tried({ enrolled_on: '2030-01-01', kind: 'order', at: MONDAY, amount: '600' });
  expect(lifted.tier).toMatchObject({ before: ['普通', 'Regular'], after: ['金卡', 'Gold'] });
  // One year, to the midnight after.
  expect(lifted.tier.valid_until_at).toBe('2032-03-02T16:00:00.000Z');
});

test('somebody enrols', async () => {
  const run = await tried({ kind: 'sign_up' });
  expect(ruleOf(run, 'welcome')).toMatchObject({ outcome: 'granted', points: 100 });
  expect(run.tier).toMatchObject({ before: null, after: ['普通', 'Regular'] });
  expect(run.points).toBe(100);
});

test('a draft holds instead of what is stored: of a rule, of a new one, of a tier', async () => {
  const fact = { customer_id: id.customer!, kind: 'order', at: MONDAY, amount: '200' };
  const draft = { resource: 'earn_rules', id: id.purchase!, values: { points: 3 } };
  const changed = await tried({ ...fact, draft });
  expect(ruleOf(changed, 'purchase')).toMatchObject({ draft: true, points: 600 });
  const values = { code: 'fresh', name: 'fresh', name_en: 'fresh', status: 'active', effect: 'fixed', points: 11 };
  const fresh = await tried({ ...fact, draft: { resource: 'earn_rules', id: null, values } });
  expect(ruleOf(fresh, 'fresh')).toMatchObject({ draft: true, outcome: 'granted', points: 11 });
  const lower = { resource: 'tiers', id: id.gold!, values: { enter_at: '150', retain_at: '100' } };
  expect((await tried({ ...fact, draft: lower })).tier.after).toEqual(['金卡', 'Gold']);
  expect((await tried(fact)).tier.after).toEqual(['普通', 'Regular']);
  // In the past too: orders of later are not the draft's.
  const past = await tried({ ...fact, at: '2026-01-05T10:00:00+08:00', draft });
  expect(ruleOf(past, 'purchase')?.points).toBe(600);
});

test('what is told of a rule is what the engine does: it applies exactly where nothing is missing', async () => {
  const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
  const rules = fc.array(
    fc.record({
      trigger: fc.constantFrom('order', 'sign_up'),
      status: fc.constantFrom('active', 'active', 'paused'),
      weekdays: fc.subarray(['1', '2', '3', '4', '5', '6', '7']),
      from_hour: some(fc.integer({ min: 0, max: 11 })),
      until_hour: some(fc.integer({ min: 12, max: 24 })),
      starts_at: some(fc.constantFrom('2031-03-02T00:00:00Z', '2031-03-08T00:00:00Z')),
      ends_at: some(fc.constantFrom('2031-03-08T00:00:01Z', '2031-03-12T00:00:00Z')),
      condition: some(
        fc.constantFrom<Row>(
          { amount: { gt: '50' } },
          { city: { eq: 'Xian' }, not: { coupon_used: { eq: true } } },
          { tier: { in: ['gold'] } },
          { first_order: { eq: true } },
        ),
      ),
      scope: fc.constantFrom('all', 'categories'),
    }),
    { minLength: 1, maxLength: 6 },
  );
  const facts = fc.record({
    kind: fc.constantFrom('order', 'order', 'sign_up'),
    at: fc.date({ min: new Date('2031-03-01'), max: new Date('2031-03-14'), noInvalidDate: true }),
    amount: fc.constantFrom('10', '50', '50.01', '600'),
    city: some(fc.constantFrom('Xian', 'Beijing')),
    coupon_used: fc.boolean(),
    lines: fc.constantFrom<Row[]>([], [{ category: 'tea', amount: '1' }]),
    tier_id: some(fc.constant('gold')),
  });
  let applied = 0;
  await fc.assert(
    fc.asyncProperty(rules, fc.array(facts, { minLength: 1, maxLength: 3 }), async (given, happened) => {
      const held = rolledBack(t.db, { statement_ms: 20_000, lock_ms: 5_000 }, async (trx) => {
        for (const [index, rule] of given.entries()) {
          const { condition, scope, ...values } = rule;
          const made = await trx
            .insertInto('app.earn_rules')
            .values({
              ...{ code: `p${index}`, name: 'p', name_en: 'p', effect: 'fixed', points: 3, ...values },
              scope: values.trigger === 'order' ? scope : 'all',
              categories: ['tea'],
              condition: condition && JSON.stringify(condition),
            })
            .returning('id')
            .executeTakeFirstOrThrow();
          await sql`select ops.guard_earn_rules(${made.id}::bigint, 0, null, '{}')`.execute(trx);
        }
        for (const { at, tier_id, ...fact } of happened) {
          const who = { enrolled_on: '2030-01-01', tier_id: tier_id && id.gold! };
          const run = await dryRunWithin(trx, a.deps, {
            fact: { ...who, ...fact, at: at.toISOString() } as Row,
            draft: null,
            caller: null as never,
          });
          for (const rule of run.rules.filter(({ effect }) => effect === 'fixed')) {
            const missing = failed(rule);
            expect([rule.outcome !== 'not_met', missing], JSON.stringify({ fact, at, rule })).toEqual([
              missing.length === 0,
              missing,
            ]);
            if (missing.length === 0) applied += 1;
          }
          await sql`delete from app.inbox`.execute(trx);
        }
      });
      await held;
    }),
    { numRuns: 25 },
  );
  expect(applied).toBeGreaterThan(10);
});

test('nothing is written', async () => {
  const before = await everything();
  await tried({ customer_id: id.customer!, kind: 'order', amount: '200', lines: [{ category: 'tea', amount: '1' }] });
  await tried({ kind: 'sign_up', draft: { resource: 'earn_rules', id: id.welcome!, values: { points: 5 } } });
  await tried({
    kind: 'order',
    amount: '9',
    draft: { resource: 'tiers', id: id.gold!, values: { enter_at: '8', retain_at: '8' } },
  });
  expect(await everything()).toBe(before);
});

test.each<[string, Row]>([
  ['kind', { kind: 'burn' }],
  ['amount', { amount: null }],
  ['amount', { amount: '-1' }],
  ['amount', { amount: '1e400' }],
  ['at', { at: 'tomorrow' }],
  ['customer_id', { customer_id: 999_999 }],
  ['customer_id', { customer_id: '1; drop table app.orders' }],
  ['tier_id', { tier_id: 999_999 }],
  ['lines.0.product_id', { lines: [{ product_id: 999_999, amount: '1' }] }],
  ['lines.0.amount', { lines: [{ category: 'tea' }] }],
  ['order_channel', { order_channel: 'moon' }],
  ['secret', { secret: 1 }],
  ['rating', { kind: 'review', rating: 6 }],
  ['task_code', { kind: 'task_action' }],
  ['order_id', { kind: 'refund', order_id: 999_999 }],
  ['refund_line', { kind: 'refund', refund_by: 'line' }],
  ['refund_line', { kind: 'refund', refund_by: 'line', refund_line: 3 }],
  ['refund_amount', { kind: 'refund', refund_by: 'amount', refund_amount: '10.01' }],
  ['points', { kind: 'redeem' }],
  ['points', { kind: 'redeem', points: 5 }],
  ['points', { kind: 'redeem', points: -5 }],
  ['points', { kind: 'adjust', points: 0 }],
  ['reward_id', { kind: 'redeem', reward_id: 999_999 }],
  ['redemption_id', { kind: 'cancel' }],
  ['redemption_id', { kind: 'cancel', redemption_id: 999_999 }],
  ['draft', { draft: [] }],
  ['draft.resource', { draft: { resource: 'users', id: null, values: {} } }],
  ['draft.id', { draft: { resource: 'tiers', id: 'x', values: {} } }],
  ['draft.points', { draft: { resource: 'earn_rules', id: 1, values: { points: -1 } } }],
  ['draft.nothing', { draft: { resource: 'earn_rules', id: 1, values: { nothing: 1 } } }],
  ['draft.condition', { draft: { resource: 'earn_rules', id: 1, values: { condition: { phone: { eq: '1' } } } } }],
])('what is wrong is named: %s', async (field, wrong) => {
  if ((wrong.draft as Row | undefined)?.id === 1) wrong.draft = { ...(wrong.draft as Row), id: id.purchase! };
  const answer = await ask({ kind: 'order', amount: '10', ...wrong });
  expect(answer.status, await answer.clone().text()).toBe(422);
  expect(Object.keys(((await answer.json()) as ApiError).errors ?? {})).toEqual([field]);
});

test('times at the edge of the calendar are refused or answered, never a failure', async () => {
  for (const at of ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '1970-01-01T00:00:00Z', '2100-02-28T16:00:00Z']) {
    const answer = await ask({ kind: 'order', amount: '10', at });
    expect(answer.status, `${at} ${await answer.clone().text()}`).toBeLessThan(500);
  }
});

test('who may not read rules and customers may not try; who may not save a rule tries those in force', async () => {
  expect((await ask({ kind: 'sign_up' }, 'viewer')).status).toBe(
    (await a.as('viewer')('GET', '/api/customers')).status,
  );
  const draft = { resource: 'earn_rules', id: id.purchase!, values: { points: 2 } };
  const answer = await ask({ kind: 'order', amount: '1', draft }, 'customer_service');
  expect(answer.status).toBe(403);
  await tried({ kind: 'order', amount: '1' }, 'customer_service');
});

test.each<[string, Row, string, number]>([
  ['a check-in', { kind: 'check_in' }, 'daily', 2],
  ['a share that sold', { kind: 'share', sold: true }, 'sale', 40],
  ['a review of five', { kind: 'review', rating: 5 }, 'praise', 15],
  ['a task', { kind: 'task_action', task_code: 'profile' }, 'task', 8],
])('%s earns, with every rule and why', async (_what, fact, rule, points) => {
  const run = await tried({ ...fact, enrolled_on: '2030-01-01', at: MONDAY });
  expect(ruleOf(run, rule)).toMatchObject({ outcome: 'granted', points });
  expect(run.rules.filter((each) => each.points > 0).map((each) => each.name[1])).toEqual([rule]);
  expect(failed(ruleOf(run, 'welcome'))).toEqual(['Somebody enrols']);
  expect(run).toMatchObject({ points, movements: [{ kind: ['获得', 'Earned'], to: ['可用', 'Available'], points }] });
});

test('an event that misses what a rule asks says so', async () => {
  const bad = await tried({ kind: 'review', rating: 3, at: MONDAY });
  expect(failed(ruleOf(bad, 'praise'))).toEqual(['Rating ≥ 4']);
  const shared = await tried({ kind: 'share', sold: false, at: MONDAY });
  expect(failed(ruleOf(shared, 'sale'))).toHaveLength(1);
  const draft = { resource: 'earn_rules', id: id.daily!, values: { points: 9 } };
  const drafted = await tried({ kind: 'check_in', at: MONDAY, draft });
  expect(ruleOf(drafted, 'daily')).toMatchObject({ draft: true, points: 9 });
});

test('an order that was just tried is refunded: whole, by line, by amount', async () => {
  const lines = [
    { category: 'tea', amount: '30' },
    { category: 'pots', amount: '70' },
  ];
  const order = { kind: 'refund', at: MONDAY, enrolled_on: '2030-01-01', amount: '100', lines };
  const whole = await tried(order);
  // 100 for the purchase, 7 for tea, 5 of the group; as many growth.
  expect(whole).toMatchObject({ rules: [], points: -112, growth: -100 });
  expect(whole.balance).toMatchObject({ before: { available: 112 }, after: { available: 0 } });
  expect(whole.movements.map(({ kind, rule, points }) => [kind[1], rule?.[1], points]).sort()).toEqual([
    ['Taken back', 'growth', 100],
    ['Taken back', 'one', 5],
    ['Taken back', 'purchase', 100],
    ['Taken back', 'tea', 7],
  ]);
  const line = await tried({ ...order, refund_by: 'line', refund_line: 1 });
  expect(line.movements.find(({ rule }) => rule?.[1] === 'purchase')).toMatchObject({
    points: 30,
    origin: ['订单', 'Order'],
  });
  const part = await tried({ ...order, refund_by: 'amount', refund_amount: '12.50' });
  expect(part.movements.find(({ rule }) => rule?.[1] === 'purchase')).toMatchObject({ points: 13 });
  // By a draft, it gave more and gives more back.
  const draft = { resource: 'earn_rules', id: id.purchase!, values: { points: 3 } };
  expect((await tried({ ...order, draft })).points).toBe(-312);
});

test('a stored order is refunded, and what its points have paid for is owed', async () => {
  const made = await a.as('operator')('POST', '/api/customers', { external_id: 'ben' });
  const { id: ben } = (await made.json()) as { id: number };
  const placed = await t.db
    .insertInto('app.orders')
    .values({
      ...{ customer_id: ben, source: 'test', external_id: 'A-1', amount: '80', placed_on: '2026-01-05' },
      placed_at: sql<string>`clock_timestamp()`,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const redeemed = await tried({ kind: 'redeem', customer_id: ben, points: 60, confirm: false });
  expect(redeemed.points).toBe(-60);
  expect(redeemed.balance.before.available - redeemed.balance.after.available).toBe(60);
  expect(redeemed.movements.every(({ kind, to }) => kind[1] === 'Reserved' && to[1] === 'Reserved')).toBe(true);
  const run = await tried({ kind: 'refund', order_id: placed.id });
  expect(run.movements.map(({ rule, points }) => [rule?.[1], points])).toContainEqual(['purchase', 80]);
  expect(run.points).toBe(-85);
  expect(run.balance.before.available - run.balance.after.available).toBe(85);
  const more = await ask({ kind: 'refund', order_id: placed.id, refund_by: 'amount', refund_amount: '80.01' });
  expect(more.status).toBe(422);
  expect(((await more.json()) as ApiError).errors).toHaveProperty('refund_amount');
});

test('staff give and take', async () => {
  const given = await tried({ kind: 'adjust', points: 20, at: MONDAY });
  expect(given).toMatchObject({ points: 20, movements: [{ kind: ['获得', 'Earned'], points: 20 }] });
  expect(given.movements[0]!.expires_at).toBe('2032-03-03T16:00:00.000Z');
  const taken = await tried({ kind: 'adjust', points: -20, at: MONDAY, enrolled_on: '2030-01-01' });
  expect(taken).toMatchObject({ points: -20, balance: { after: { debt: 20 } } });
  expect(taken.movements.map(({ from, to }) => [from[1], to[1]])).toEqual([['Owed', 'Spent']]);
});

test('a redemption is cancelled, and its points are back on their lots', async () => {
  const answer = await a.as('operator')('POST', '/api/v1/redemptions', {
    ...{ external_id: 'R-1', customer_external_id: 'anna', points: 30, purpose: 'till', confirm: true },
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  const { id: redemption } = (await answer.json()) as { id: number };
  const run = await tried({ kind: 'cancel', redemption_id: redemption });
  expect(run).toMatchObject({ points: 30, rules: [] });
  expect(run.movements.map(({ kind }) => kind[1])).toContain('Given back');
});

test('a rule of a campaign says whether the campaign is for the customer', async () => {
  const campaign = async (meant: Row) => {
    const { id: campaign_id } = await t.db
      .insertInto('app.campaigns')
      .values({
        ...{ code: `c${Math.random().toString(36).slice(2)}`, name: '春', name_en: 'Spring', form: 'theme' },
        ...{ status: 'approved', starts_on: '2031-03-01', ends_on: '2031-03-31', ...meant },
      } as never)
      .returning('id')
      .executeTakeFirstOrThrow();
    return campaign_id;
  };
  const held_out = await campaign({ holdout_rate: '0.5' });
  const golden = await campaign({ tiers: [id.gold!] as never });
  const named = await campaign({ audience_filter: JSON.stringify({ city: { eq: 'Xian' } }) as never });
  const values = { code: 'spring', name: 'spring', name_en: 'spring', status: 'active', effect: 'fixed', points: 11 };
  const run = async (campaign_id: number, who: Row = {}) => {
    const draft = { resource: 'earn_rules', id: null, values: { ...values, campaign_id } };
    return ruleOf(await tried({ kind: 'order', at: MONDAY, amount: '1', ...who, draft }), 'spring');
  };
  const away = await run(golden);
  expect(away).toMatchObject({
    outcome: 'refused',
    points: 0,
    reason: ['不属于活动受众', 'Not who the campaign is for'],
  });
  expect(failed(away)).toEqual(['The campaign is not for this customer']);
  expect(await run(golden, { tier_id: id.gold! })).toMatchObject({ outcome: 'granted', points: 11 });
  expect((await run(named, { city: 'Beijing' })).outcome).toBe('refused');
  expect((await run(named, { city: 'Xian' })).outcome).toBe('granted');
  const { rows } = await sql<{
    out: boolean;
  }>`select ops.campaign_draw(${held_out}, ${id.customer!}) < 0.5 as out`.execute(t.db);
  const drawn = await run(held_out, { customer_id: id.customer! });
  expect(drawn.outcome).toBe(rows[0]!.out ? 'refused' : 'granted');
  expect(drawn.checks.find(({ key }) => key === 'audience')!.met).toBe(!rows[0]!.out);
});
