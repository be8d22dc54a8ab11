/** Drafts over the history of customers, beside what held. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { workTrial } from '../../api/engine/back-test.ts';
import type { TriedVersion } from '../../api/engine/trial-drafts.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from './points.ts';
import { jobDeps } from './segments.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
const UNTIL = '2026-07-01 00:00+08';
const id: { [name: string]: number } = {};
beforeAll(async () => {
  t = await testDatabase();
  p = await programme(t);
  id.purchase = await p.rule({ code: 'purchase', effect: 'per_amount', points: 1, per_amount: '1' });
  id.growth = await p.rule({ code: 'growth', account: 'growth', effect: 'per_amount', points: 1, per_amount: '1' });
  id.online = await p.rule({
    ...{ code: 'online', effect: 'multiply', factor: '2' },
    condition: { order_channel: { eq: 'online' } },
  });
  id.daily = await p.rule({ code: 'daily', effect: 'fixed', points: 30, max_per_day: 40, pending_days: 7 });
  id.greeting = await p.rule({ code: 'greeting', trigger: 'check_in', effect: 'fixed', points: 3, max_per_day: 5 });
  id.regular = await p.tier({ code: 'regular', rank: 0, enter_at: '0', validity_kind: 'forever', downgrade: 'none' });
  id.silver = await p.tier({
    ...{ code: 'silver', rank: 1, enter_at: '300', retain_at: '200', point_multiplier: '1.2', window_days: 60 },
    ...{ validity_kind: 'months', validity_months: 2, downgrade: 'one_step', grace_days: 5 },
  });
  id.gold = await p.tier({
    ...{ code: 'gold', rank: 2, basis: 'growth', enter_at: '900', point_multiplier: '1.5', window_days: 90 },
    ...{ validity_kind: 'months', validity_months: 1, downgrade: 'full' },
  });
});
afterAll(() => t?.close());

const deps = () => ({ ...jobDeps(t), resources: new Map() });

async function stored(resource: 'earn_rules' | 'tiers', record_id: number): Promise<TriedVersion> {
  const { body } = await t.db
    .selectFrom('app.programme_versions')
    .select('body')
    .where('resource', '=', resource)
    .where('record_id', '=', record_id)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  return { resource, record_id, body: body as TriedVersion['body'] };
}

async function open(versions: TriedVersion[], { months = 6, sample = 10_000 } = {}): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    select ops.trial_open('a test', '[]', ${JSON.stringify(versions)}::jsonb, ${months}, ${sample}, null, ${UNTIL}) as id
  `.execute(t.db);
  return rows[0]!.id;
}

const people = (trial: number) =>
  t.db.selectFrom('app.trial_customers').selectAll().where('trial_id', '=', trial).orderBy('customer_id').execute();
const figures = (trial: number, side: string) =>
  t.db
    .selectFrom('app.trial_figures')
    .select(['month_on', 'tier_id', 'segment_code', 'issued', 'reversed', 'spent', 'expired', 'growth'])
    .where('trial_id', '=', trial)
    .where('side', '=', side)
    .orderBy('month_on')
    .orderBy('tier_id')
    .orderBy('segment_code')
    .execute();
const stateOf = (trial: number) =>
  t.db.selectFrom('app.trials').selectAll().where('id', '=', trial).executeTakeFirstOrThrow();

/** Rows of every table that a run works in, real books left out. */
async function leftovers(): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`
    select
      (select count(*) from app.points_accounts where book_id <> 0) as accounts,
      (select count(*) from app.points_lots where book_id <> 0) as lots,
      (select count(*) from app.points_entries where book_id <> 0) as entries,
      (select count(*) from app.decisions where book_id <> 0) as decisions,
      (select count(*) from app.tier_states where book_id <> 0) as states,
      (select count(*) from app.tier_stays where book_id <> 0) as stays,
      (select count(*) from app.engine_turns) as turns,
      (select count(*) from app.engine_rules) as rules,
      (select count(*) from app.tiers) - 3 as tiers
  `.execute(t.owner);
  return rows[0]!;
}
const NOTHING = { accounts: 0, lots: 0, entries: 0, decisions: 0, states: 0, stays: 0, turns: 0, rules: 0, tiers: 0 };

const day = fc.integer({ min: 0, max: 210 });
const dateOf = (at: number) => new Date(Date.UTC(2025, 11, 1) + at * 86_400_000).toISOString().slice(0, 10);
const history = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('order' as const),
        day,
        amount: fc.integer({ min: 1, max: 60_000 }).map((cents) => (cents / 100).toFixed(2)),
        channel: fc.constantFrom('online', 'store'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('refund' as const), day, share: fc.constantFrom(0.5, 1) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('redeem' as const), day, points: fc.integer({ min: 1, max: 200 }) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('check_in' as const), day }) },
  ),
  { minLength: 1, maxLength: 12 },
);

test('the rules as they are make no difference at all, and come to what the books say', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(history, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 8 }),
      async (lives, months) => {
        const made: number[] = [];
        for (const life of lives) {
          const customer = await p.customer();
          made.push(customer);
          let last: Awaited<ReturnType<typeof p.order>> | null = null;
          for (const fact of life) {
            const at = `${dateOf(fact.day)}T1${fact.day % 10}:00`;
            if (fact.kind === 'order')
              last = await p.order(customer, { at, amount: fact.amount, channel: fact.channel });
            else if (fact.kind === 'check_in') await p.event(customer, { at, kind: 'check_in' });
            else if (fact.kind === 'redeem') await p.redeem(customer, { at, points: fact.points });
            else if (last) {
              const of = await t.db
                .selectFrom('app.orders')
                .select('amount')
                .where('id', '=', last.id)
                .executeTakeFirstOrThrow();
              await p.refund(last, { at, amount: (Number(of.amount) * fact.share).toFixed(2) });
              last = null;
            }
          }
        }
        await p.work(UNTIL);
        const versions = [
          await stored('earn_rules', id.purchase!),
          await stored('earn_rules', id.daily!),
          await stored('tiers', id.silver!),
          await stored('tiers', id.gold!),
        ];
        const trial = await open(versions, { months });
        expect(await workTrial(deps(), trial, () => false)).toBe(true);
        expect(await figures(trial, 'draft')).toEqual(await figures(trial, 'real'));
        const found = await people(trial);
        expect(
          found.map((each) => [each.customer_id, each.points_draft, each.growth_draft, each.tier_draft_id]),
        ).toEqual(found.map((each) => [each.customer_id, each.points_real, each.growth_real, each.tier_real_id]));
        const { since_at } = await stateOf(trial);
        for (const each of found.filter(({ customer_id }) => made.includes(customer_id))) {
          const booked = await sql<{ points: number }>`
          select coalesce(sum(case kind when 'earn' then points when 'reverse' then -points end), 0) as points
          from app.points_entries
          where book_id = 0 and customer_id = ${each.customer_id} and account = 'points'
            and occurred_at >= ${since_at} and occurred_at < ${UNTIL}
        `.execute(t.db);
          expect(each.points_real).toBe(Number(booked.rows[0]!.points));
        }
      },
    ),
    { numRuns: 8 },
  );
  expect(await leftovers()).toEqual(NOTHING);
});

test('what customers do beside buying is worked by a draft too', async () => {
  const customer = await p.customer();
  for (const at of ['2026-05-05T10:00', '2026-05-06T10:00']) await p.event(customer, { at, kind: 'check_in' });
  await p.work(UNTIL);
  const greeting = await stored('earn_rules', id.greeting!);
  const trial = await open([{ ...greeting, body: { ...greeting.body, points: 10, max_per_day: null } }], { months: 3 });
  expect(await workTrial(deps(), trial, () => false)).toBe(true);
  const [mine] = (await people(trial)).filter((each) => each.customer_id === customer);
  expect(mine).toMatchObject({ points_real: 6, points_draft: 20 });
});

test('a changed rule, a new rule and a tier are told from what held, each customer by themselves', async () => {
  const customer = await p.customer();
  await p.order(customer, { at: '2025-10-05', amount: '100', channel: 'store' });
  await p.order(customer, { at: '2026-05-05', amount: '100', channel: 'store' });
  await p.work(UNTIL);
  const purchase = await stored('earn_rules', id.purchase!);
  const silver = await stored('tiers', id.silver!);
  const fresh = {
    ...purchase,
    record_id: 9_999,
    body: { ...purchase.body, effect: 'fixed', points: 7, per_amount: null },
  };
  const platinum = { ...silver, record_id: 9_998, body: { ...silver.body, code: 'platinum', rank: 3, enter_at: 90 } };
  const trial = await open([
    { ...purchase, body: { ...purchase.body, points: 3 } },
    fresh,
    platinum,
    { ...silver, body: { ...silver.body, enter_at: 80, point_multiplier: 2 } },
  ]);
  expect(await workTrial(deps(), trial, () => false)).toBe(true);
  const found = (await people(trial)).find((each) => each.customer_id === customer)!;
  // What was before the window is as it was; 30 of the daily rule are the same on both sides.
  expect(found).toMatchObject({
    ...{ points_real: 130, points_draft: 337, growth_real: 100, growth_draft: 100 },
    ...{ tier_real_id: id.regular, tier_draft_id: 9_998 },
  });
  expect(await leftovers()).toEqual(NOTHING);
});

test('what was saved since the window began does not count against a draft', async () => {
  const later = await p.rule({ code: 'later', effect: 'fixed', points: 1 });
  const customer = await p.customer();
  await p.order(customer, { at: '2026-02-05', amount: '10', channel: 'store' });
  await p.order(customer, { at: '2026-05-05', amount: '10', channel: 'store' });
  const was = await stored('earn_rules', later);
  await sql`select ops.keep_version('earn_rules', ${later}, 0, ${JSON.stringify({ ...was.body, points: 50 })}::jsonb, '2026-04-01')`.execute(
    t.db,
  );
  await p.work(UNTIL);
  const trial = await open([{ ...was, body: { ...was.body, points: 2 } }]);
  await workTrial(deps(), trial, () => false);
  const found = (await people(trial)).find((each) => each.customer_id === customer)!;
  expect(found.points_draft! - found.points_real!).toBe(4 - 51);
});

test('a sample is the same customers each time, and goes on where it was stopped', async () => {
  const versions = [await stored('earn_rules', id.purchase!)];
  const [one, other] = [await open(versions, { sample: 3 }), await open(versions, { sample: 3 })];
  const drawn = async (trial: number) => (await people(trial)).map((each) => each.customer_id);
  expect(await drawn(one)).toEqual(await drawn(other));
  expect(await drawn(one)).toHaveLength(3);
  expect(await workTrial(deps(), one, () => true)).toBe(false);
  expect(await stateOf(one)).toMatchObject({ state: 'running', done: 0 });
  expect(await workTrial(deps(), one, () => false)).toBe(true);
  expect(await stateOf(one)).toMatchObject({ state: 'done', done: 3 });
});

test('nothing is left of one that is cancelled, or whose connection is cut in the middle', async () => {
  const versions = [await stored('tiers', id.silver!)];
  const trial = await open(versions);
  const cut = workTrial(deps(), trial, () => false);
  let ended = false;
  cut.then(
    () => (ended = true),
    () => (ended = true),
  );
  for (let tries = 0; tries < 400 && !ended; tries++) {
    const { rows } = await sql<{ cut: boolean }>`
      select pg_terminate_backend(pid) as cut
      from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and query like '%engine_apply%' and state <> 'idle'
    `.execute(t.owner);
    if (rows.length > 0) break;
    await new Promise((done) => setTimeout(done, 5));
  }
  await expect(cut).rejects.toThrow();
  expect(await leftovers()).toEqual(NOTHING);
  expect(await stateOf(trial)).toMatchObject({ state: 'running', done: 0 });
  // Taken up again, and cancelled while it is worked: what is not done stays so.
  await t.db.updateTable('app.trials').set({ state: 'cancelled' }).where('id', '=', trial).execute();
  expect(await workTrial(deps(), trial, () => false)).toBe(true);
  expect((await people(trial)).every((each) => each.points_draft === null)).toBe(true);
});
