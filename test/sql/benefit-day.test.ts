/** What days bring for benefits: who has them, for which period, with what is brought along, and what is reminded of. */
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { benefitProgramme } from './benefits.ts';
import { jobDeps } from './segments.ts';

let t: TestDatabase;
let b: ReturnType<typeof benefitProgramme>;
beforeEach(async () => {
  t = await testDatabase();
  b = benefitProgramme(t);
});
afterEach(() => t.close());

const MONTHLY = { quota: 3, quota_period: 'month' };

async function tierNamed(code: string, rank: number): Promise<number> {
  const { id } = await t.db
    .insertInto('app.tiers')
    .values({ code, name: code, name_en: code, rank, basis: 'spend', window_kind: 'lifetime', enter_at: '0' })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** A segment with these customers from a day on. @returns its id, as configuration names it */
async function segment(customers: readonly number[], from: string): Promise<number> {
  const { id: rule_set_id } = await t.db
    .insertInto('app.segment_rule_sets')
    .values({ code: 'life', name: 'life', name_en: 'life' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await t.db
    .insertInto('app.segment_rule_set_versions')
    .values({
      ...{ rule_set_id, number: 1, state: 'published', effective_from: '1990-01-01' },
      rules: JSON.stringify([{ code: 'active', name: 'active', name_en: 'active', condition: {} }]),
    })
    .execute();
  await t.db
    .insertInto('app.segment_memberships')
    .values(customers.map((customer_id) => ({ customer_id, rule_set_id, entered_on: from, segment_code: 'active' })))
    .execute();
  const { rows } = await sql<{ id: number }>`select id from base.segments where segment_code = 'active'`.execute(t.db);
  return Number(rows[0]!.id);
}

async function use(customer_id: number, benefit_id: number, uses: number): Promise<void> {
  await t.db
    .updateTable('app.benefit_quotas')
    .set((eb) => ({ used: eb('used', '+', uses) }))
    .where('customer_id', '=', customer_id)
    .where('benefit_id', '=', benefit_id)
    .where('period_from', '=', (eb) =>
      eb
        .selectFrom('app.benefit_quotas as latest')
        .select(({ fn }) => fn.max('latest.period_from').as('period_from'))
        .where('latest.customer_id', '=', customer_id)
        .where('latest.benefit_id', '=', benefit_id),
    )
    .execute();
}

async function everything(): Promise<string> {
  const { rows } = await sql<{ all: string }>`
    select jsonb_build_object(
      'grants', (select jsonb_agg(to_jsonb(benefit_grants) - array['recorded_at', 'id'] order by customer_id, package_id, period_from) from app.benefit_grants),
      'quotas', (select jsonb_agg(to_jsonb(benefit_quotas) - array['opened_at', 'id', 'grant_id'] order by customer_id, benefit_id, period_from, grant_id > 0, quota) from app.benefit_quotas),
      'reminders', (select jsonb_agg(to_jsonb(benefit_reminders) - array['id', 'grant_id'] order by customer_id, benefit_id, period_from) from app.benefit_reminders)
    )::text as all`.execute(t.db);
  return rows[0]!.all;
}

describe('periods', () => {
  test.each([
    ['month', '2026-01-31', ['2026-01-01..2026-02-01 3+0 -0']],
    ['quarter', '2026-05-31', ['2026-04-01..2026-07-01 3+0 -0']],
    ['year', '2024-02-29', ['2024-01-01..2025-01-01 3+0 -0']],
    ['lifetime', '2026-01-31', ['2020-01-01.. 3+0 -0']],
  ])('of a %s are those of the calendar (%s)', async (quota_period, day, open) => {
    const customer = await b.customer();
    const benefit = await b.benefit({ quota: 3, quota_period });
    await b.day(day);
    expect(await b.quotas(customer, benefit)).toEqual(open);
    await b.day(day);
    expect(await b.quotas(customer, benefit)).toEqual(open);
  });

  test('follow each other, each with its own uses', async () => {
    const customer = await b.customer();
    const benefit = await b.benefit(MONTHLY);
    await b.day('2026-01-31');
    await use(customer, benefit, 2);
    await b.day('2026-02-01');
    expect(await b.quotas(customer, benefit)).toEqual([
      '2026-01-01..2026-02-01 3+0 -2',
      '2026-02-01..2026-03-01 3+0 -0',
    ]);
  });

  test.each([
    [null, '3+4'],
    [2, '3+2'],
  ])('bring along what was left, at most %s', async (carry_over_cap, brought) => {
    const customer = await b.customer();
    const benefit = await b.benefit({ ...MONTHLY, carry_over: true, carry_over_cap });
    await b.day('2026-01-05');
    await use(customer, benefit, 1);
    await b.day('2026-02-01');
    await use(customer, benefit, carry_over_cap === null ? 1 : 0);
    await b.day('2026-03-01');
    expect((await b.quotas(customer, benefit)).at(-1)).toBe(`2026-03-01..2026-04-01 ${brought} -0`);
  });

  test('that nobody was there for are made up for in their order', async () => {
    const customer = await b.customer();
    const benefit = await b.benefit({ ...MONTHLY, carry_over: true });
    await b.day('2026-01-20');
    await use(customer, benefit, 1);
    await b.day('2026-03-15');
    expect(await b.quotas(customer, benefit)).toEqual([
      '2026-01-01..2026-02-01 3+0 -1',
      '2026-02-01..2026-03-01 3+2 -0',
      '2026-03-01..2026-04-01 3+5 -0',
    ]);
    const before = await everything();
    await b.day('2026-02-10');
    expect(await everything()).toBe(before);
  });

  test('keep what they gave when a quota becomes less, and get more when it becomes more', async () => {
    const customer = await b.customer();
    const benefit = await b.benefit({ code: 'x', ...MONTHLY });
    await b.day('2026-01-02');
    await b.benefit({ code: 'x', ...MONTHLY, quota: 1 }, '2026-01-05 10:00+08');
    await b.day('2026-01-06');
    expect(await b.quotas(customer, benefit)).toEqual(['2026-01-01..2026-02-01 3+0 -0']);
    await b.benefit({ code: 'x', ...MONTHLY, quota: 5 }, '2026-01-07 10:00+08');
    await b.day('2026-01-08');
    expect(await b.quotas(customer, benefit)).toEqual(['2026-01-01..2026-02-01 5+0 -0']);
    await b.benefit({ code: 'x', ...MONTHLY, quota: 5, status: 'retired' }, '2026-01-09 10:00+08');
    await b.day('2026-02-01');
    expect(await b.quotas(customer, benefit)).toEqual(['2026-01-01..2026-02-01 5+0 -0']);
  });
});

describe('who has a benefit', () => {
  test('follows the tier of the day', async () => {
    const gold = await tierNamed('gold', 2);
    const [inside, outside, later] = [await b.customer(), await b.customer(), await b.customer()];
    await b.tier(inside, gold, '2026-01-01', '2026-01-15');
    await b.tier(later, gold, '2026-01-08');
    const benefit = await b.benefit({ ...MONTHLY, tiers: [gold] });
    await b.day('2026-01-05');
    await b.day('2026-01-10');
    expect(await b.quotas(inside, benefit)).toHaveLength(1);
    expect(await b.quotas(outside, benefit)).toEqual([]);
    expect(await b.quotas(later, benefit)).toEqual(['2026-01-01..2026-02-01 3+0 -0']);
    await b.day('2026-02-01');
    expect(await b.quotas(inside, benefit)).toHaveLength(1);
    expect(await b.quotas(later, benefit)).toHaveLength(2);
  });

  test('follows the segment of the day, or the tier', async () => {
    const gold = await tierNamed('gold', 2);
    const [tiered, member, none] = [await b.customer(), await b.customer(), await b.customer()];
    await b.tier(tiered, gold, '2026-01-01');
    const active = await segment([member], '2026-01-03');
    const benefit = await b.benefit({ ...MONTHLY, tiers: [gold], segments: [active] });
    await b.day('2026-01-02');
    expect(await b.quotas(member, benefit)).toEqual([]);
    await b.day('2026-01-03');
    expect(await b.quotas(member, benefit)).toHaveLength(1);
    expect(await b.quotas(tiered, benefit)).toHaveLength(1);
    expect(await b.quotas(none, benefit)).toEqual([]);
  });

  test('follows a condition over what they are on the day', async () => {
    const [old, young] = [await b.customer(), await b.customer({ enrolled_on: '2026-01-01' })];
    const benefit = await b.benefit({ ...MONTHLY, customer_condition: { enrolled_days: { gte: 90 } } });
    await b.day('2026-03-20');
    expect([await b.quotas(old, benefit), await b.quotas(young, benefit)].map((open) => open.length)).toEqual([1, 0]);
    await b.day('2026-04-01');
    expect(await b.quotas(young, benefit)).toHaveLength(1);
  });

  test.each([
    ['birthday', null, { birth_on: '1992-02-29' }, '2026-02-27', '2026-02-28', '2026-02-28..2026-03-01'],
    ['birthday', null, { birth_on: '1992-02-29' }, '2028-02-28', '2028-02-29', '2028-02-29..2028-03-01'],
    ['birthday_month', null, { birth_on: '1990-03-31' }, '2026-02-28', '2026-03-01', '2026-03-01..2026-04-01'],
    ['enrolment', 30, { enrolled_on: '2026-01-31' }, '2026-01-30', '2026-01-31', '2026-01-31..2026-03-02'],
    ['anniversary', 3, { enrolled_on: '2024-02-29' }, '2026-02-27', '2026-02-28', '2026-02-28..2026-03-03'],
    ['anniversary', null, { enrolled_on: '2025-12-31' }, '2026-12-30', '2026-12-31', '2026-12-31..2027-01-01'],
  ])('waits for the %s', async (occasion, occasion_days, who, before, on, open) => {
    const customer = await b.customer(who);
    const benefit = await b.benefit({ quota: 1, quota_period: 'year', occasion, occasion_days });
    await b.day(before);
    expect(await b.quotas(customer, benefit)).toEqual([]);
    await b.day(on);
    expect(await b.quotas(customer, benefit)).toEqual([`${open} 1+0 -0`]);
  });

  test('waits for the first order, and for an upgrade', async () => {
    const gold = await tierNamed('gold', 2);
    const customer = await b.customer();
    const first = await b.benefit({ quota: 1, quota_period: 'lifetime', occasion: 'first_order', occasion_days: 7 });
    const risen = await b.benefit({ quota: 1, quota_period: 'year', occasion: 'tier_upgrade', occasion_days: 10 });
    await b.day('2026-01-04');
    expect([...(await b.quotas(customer, first)), ...(await b.quotas(customer, risen))]).toEqual([]);
    await t.db
      .insertInto('app.orders')
      .values({
        ...{ customer_id: customer, source: 'test', external_id: 'o', amount: '5.00', channel: 'online' },
        ...{ placed_at: '2026-01-04 12:00+08', placed_on: '2026-01-04' },
      })
      .execute();
    await t.db
      .insertInto('app.customer_start')
      .values({ customer_id: customer, first_order_on: '2026-01-04' })
      .execute();
    await b.tier(customer, gold, '2026-01-05');
    await b.day('2026-01-05');
    expect(await b.quotas(customer, first)).toEqual(['2026-01-04..2026-01-11 1+0 -0']);
    expect(await b.quotas(customer, risen)).toEqual(['2026-01-05..2026-01-15 1+0 -0']);
  });

  test('is limited by its first and last day, and by being in use', async () => {
    const customer = await b.customer();
    const timed = await b.benefit({ ...MONTHLY, starts_on: '2026-01-10', ends_on: '2026-01-20' });
    const draft = await b.benefit({ ...MONTHLY, status: 'draft' });
    const by_package = await b.benefit({ ...MONTHLY, by_package_only: true });
    await b.day('2026-01-09');
    expect(await b.quotas(customer, timed)).toEqual([]);
    await b.day('2026-01-10');
    expect(await b.quotas(customer, timed)).toEqual(['2026-01-10..2026-01-21 3+0 -0']);
    expect([...(await b.quotas(customer, draft)), ...(await b.quotas(customer, by_package))]).toEqual([]);
  });

  test('leaves out whoever is blocked, anonymous or not yet there', async () => {
    const blocked = await b.customer({ status: 'blocked' });
    const future = await b.customer({ enrolled_on: '2026-02-01' });
    const benefit = await b.benefit(MONTHLY);
    await b.day('2026-01-05');
    expect([
      ...(await b.quotas(blocked, benefit)),
      ...(await b.quotas(future, benefit)),
      ...(await b.quotas(0, benefit)),
    ]).toEqual([]);
  });
});

describe('a package', () => {
  test('is granted at the start of each period to whoever qualifies then, with all it holds', async () => {
    const [member, other] = [await b.customer(), await b.customer()];
    const active = await segment([member], '2025-12-15');
    const monthly = await b.benefit({ quota: 1, quota_period: 'month', carry_over: true, by_package_only: true });
    const counted = await b.benefit({ ...MONTHLY, by_package_only: true });
    const unlimited = await b.benefit({ by_package_only: true });
    const card = await b.package(
      [
        [monthly, null],
        [counted, 6],
        [unlimited, null],
      ],
      { segments: [active] },
    );
    await b.day('2026-01-01');
    expect(await b.holders(card)).toEqual([member]);
    expect(await b.quotas(member, counted)).toEqual(['2026-01-01..2026-04-01 6+0 -0']);
    expect(await b.quotas(member, monthly)).toEqual(['2026-01-01..2026-02-01 1+0 -0']);
    expect(await b.quotas(member, unlimited)).toEqual(['2026-01-01..2026-04-01 null+0 -0']);
    await t.db
      .insertInto('app.segment_memberships')
      .values({ customer_id: other, rule_set_id: 1, entered_on: '2026-01-10', segment_code: 'active' })
      .execute();
    await b.day('2026-02-01');
    expect(await b.holders(card)).toEqual([member]);
    expect((await b.quotas(member, monthly)).at(-1)).toBe('2026-02-01..2026-03-01 1+1 -0');
    await b.day('2026-04-01');
    expect(await b.holders(card)).toEqual([member, member, other]);
    // What was left of March comes along into the next card.
    expect((await b.quotas(member, monthly)).at(-1)).toBe('2026-04-01..2026-05-01 1+3 -0');
  });

  test('that was not run for in time is granted as of the beginning of its periods', async () => {
    const member = await b.customer();
    const active = await segment([member], '2025-12-15');
    const counted = await b.benefit({ ...MONTHLY, by_package_only: true });
    const card = await b.package([[counted, 6]], { segments: [active], period: 'month' });
    await b.day('2026-01-20');
    await t.db.updateTable('app.segment_memberships').set({ left_on: '2026-02-10' }).execute();
    await b.day('2026-03-20');
    expect(await b.holders(card)).toEqual([member, member]);
    expect(await b.quotas(member, counted)).toEqual(['2026-01-20..2026-02-01 6+0 -0', '2026-02-01..2026-03-01 6+0 -0']);
  });

  test('is granted on entry, for so many days, and not again while it is held', async () => {
    const gold = await tierNamed('gold', 2);
    const [early, late] = [await b.customer(), await b.customer()];
    await b.tier(early, gold, '2025-06-01');
    const benefit = await b.benefit({ by_package_only: true, quota: 2, quota_period: 'lifetime' });
    const card = await b.package([[benefit, null]], {
      ...{
        tiers: [gold],
        grant_kind: 'on_entry',
        period: 'days',
        period_days: 10,
        remind_days: 3,
        remind_channels: ['sms'],
      },
    });
    await b.day('2026-01-01');
    await b.tier(late, gold, '2026-01-02', '2026-01-04');
    await b.day('2026-01-03');
    await b.tier(late, gold, '2026-01-05');
    await b.day('2026-01-06');
    expect(await b.holders(card)).toEqual([late]);
    expect(await b.quotas(late, benefit)).toEqual(['2026-01-03..2026-01-13 2+0 -0']);
    expect(await b.day('2026-01-09')).toBe(0);
    await b.day('2026-01-10');
    expect(
      await t.db
        .selectFrom('app.benefit_reminders')
        .select(['customer_id', 'package_id', 'due_on', 'last_on', 'left_uses', 'channels'])
        .execute(),
    ).toEqual([
      {
        ...{ customer_id: late, package_id: card, due_on: '2026-01-10', last_on: '2026-01-12' },
        ...{ left_uses: 2, channels: ['sms'] },
      },
    ]);
  });

  test('never goes to more than its most, however many grant at once; members of longest standing come first', async () => {
    const members: number[] = [];
    for (let n = 0; n < 12; n++) members.push(await b.customer({ enrolled_on: `2025-01-${String(28 - n)}` }));
    const active = await segment(members, '2025-12-15');
    const benefit = await b.benefit({ by_package_only: true });
    const card = await b.package([[benefit, 1]], { segments: [active], max_grants: 5 });
    const hand = (customer: number) =>
      sql`select ops.grant_package(${card}, '2026-01-01 00:00+08', 'manual', null, array[${customer}]::bigint[], 0, 'x')`.execute(
        t.db,
      );
    await Promise.all([
      b.day('2026-01-01'),
      ...members.slice(0, 3).map(hand),
      b.day('2026-01-01'),
      ...members.map(hand),
    ]);
    expect(await b.holders(card)).toHaveLength(5);
    await b.day('2026-04-01');
    expect((await b.holders(card)).slice(5)).toEqual(members.slice(-5).sort((one, other) => one - other));
  });
});

describe('reminders', () => {
  test('are noted once, days before the end, for whoever has uses left', async () => {
    const [left, none] = [await b.customer(), await b.customer()];
    const benefit = await b.benefit({ ...MONTHLY, remind_days: 5, remind_channels: ['in_site', 'sms'] });
    await b.day('2026-01-01');
    await use(left, benefit, 1);
    await use(none, benefit, 3);
    await b.day('2026-01-26');
    expect(await t.db.selectFrom('app.benefit_reminders').selectAll().execute()).toEqual([]);
    await b.day('2026-01-27');
    await b.day('2026-01-27');
    await b.day('2026-01-28');
    expect(
      await t.db
        .selectFrom('app.benefit_reminders')
        .select(['customer_id', 'due_on', 'left_uses', 'last_on'])
        .execute(),
    ).toEqual([{ customer_id: left, due_on: '2026-01-27', left_uses: 2, last_on: '2026-01-31' }]);
  });
});

describe('a day', () => {
  async function world(): Promise<void> {
    const gold = await tierNamed('gold', 2);
    const members: number[] = [];
    for (let n = 0; n < 20; n++) {
      const customer = await b.customer({
        birth_on: `1990-0${(n % 3) + 1}-1${n % 10}`,
        enrolled_on: `2025-0${(n % 9) + 1}-01`,
      });
      members.push(customer);
      if (n % 3 === 0) await b.tier(customer, gold, `2026-01-0${(n % 9) + 1}`);
    }
    const active = await segment(members.slice(0, 8), '2025-12-20');
    const monthly = await b.benefit({ ...MONTHLY, carry_over: true, remind_days: 5 });
    const birthday = await b.benefit({ quota: 1, quota_period: 'year', occasion: 'birthday_month' });
    const tiered = await b.benefit({ quota: 1, quota_period: 'quarter', tiers: [gold], remind_days: 20 });
    const conditional = await b.benefit({ ...MONTHLY, customer_condition: { enrolled_days: { gt: 200 } } });
    await b.package(
      [
        [monthly, null],
        [birthday, 1],
        [tiered, 4],
        [conditional, null],
      ],
      {
        ...{ segments: [active], remind_days: 30, max_grants: 6 },
      },
    );
  }
  const DAYS = ['2026-01-01', '2026-01-04', '2026-01-27', '2026-02-01', '2026-02-14', '2026-03-05'];

  test('twice, stopped half way and gone on with, or at two workers: the same', async () => {
    await world();
    for (const day of DAYS) await b.day(day);
    const want = await everything();
    const clear = () =>
      sql`truncate app.benefit_grants, app.benefit_package_periods, app.benefit_quotas, app.benefit_openings, app.benefit_reminders`.execute(
        t.owner,
      );

    await clear();
    for (const day of DAYS) {
      for (const after of [1, 3, 4]) {
        let units = 0;
        const { benefitDay } = await import('../../api/engine/benefit-day.ts');
        await benefitDay(
          async (work) =>
            t.db.transaction().execute(async (trx) => {
              const done = await work(trx);
              if (++units === after) throw new Error('killed');
              return done;
            }),
          b.deps,
          { as_of_on: day },
        ).catch(() => undefined);
      }
      await Promise.all([b.day(day), b.day(day), b.day(day)]);
      await b.day(day);
    }
    expect(await everything()).toBe(want);
  });

  test('is run by the job, which says what it wrote', async () => {
    await world();
    const deps = { ...jobDeps(t), resources: new Map() };
    expect(await runJob(deps, 'benefit_day', '2026-01-01')).toMatchObject({ state: 'done', error: null });
    expect(await runJob(deps, 'benefit_day', '2026-01-01')).toMatchObject({ state: 'done', rows_written: 0 });
  });

  test('begins at midnight of the programme, also where the clocks change', async () => {
    await t.owner.updateTable('app.settings').set({ time_zone: 'America/New_York' }).execute();
    // 9 March 2026 begins an hour early for whoever counts in hours: the clocks went forward on the 8th.
    const before = await b.customer({ enrolled_at: '2026-03-09T03:59:59Z', enrolled_on: '2026-03-08' });
    const after = await b.customer({ enrolled_at: '2026-03-09T04:00:01Z', enrolled_on: '2026-03-09' });
    const benefit = await b.benefit(MONTHLY);
    await b.day('2026-03-09');
    expect(await b.quotas(before, benefit)).toHaveLength(1);
    expect(await b.quotas(after, benefit)).toEqual([]);
  });
});
