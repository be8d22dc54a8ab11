/**
 * Whatever happens to a customer, in whatever order it is told, in however many pieces and between whatever midnights: the
 * same books; and what the ledger says adds up to them.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processFacts, settleDay } from '../../api/engine/process.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from './budgets.ts';
import { programme } from './points.ts';
import { addsUp, books, date, entries, inTime, shuffled, story, tell } from './points-stories.ts';
import { jobDeps } from './segments.ts';

const SHORTFALLS = ['go_negative', 'stop_at_zero', 'pending_only'] as const;
const END = '2026-07-01 00:00+08';

/** More than all stories together can take. */
const AMPLE = 10_000_000;

let databases: {
  shortfall: (typeof SHORTFALLS)[number];
  t: TestDatabase;
  p: Awaited<ReturnType<typeof programme>>;
  b: Awaited<ReturnType<typeof budgets>>;
}[];
beforeAll(async () => {
  databases = await Promise.all(
    SHORTFALLS.map(async (shortfall) => {
      const t = await testDatabase();
      await t.db.updateTable('app.points_policies').set({ expiry_months: 1, reinstate_days: 7 }).execute();
      const p = await programme(t, { shortfall });
      await t.db.insertInto('app.segment_rule_sets').values({ code: 'lifecycle', name: 'x', name_en: 'x' }).execute();
      const b = await budgets(t);
      const budget_id = await b.budget({}, { other: AMPLE });
      await p.rule({ code: 'spend', effect: 'per_amount', points: 1, per_amount: '1', budget_id });
      await p.rule({
        code: 'store',
        effect: 'per_amount',
        points: 1,
        per_amount: '3',
        pending_days: 10,
        budget_id,
        condition: { order_channel: { eq: 'store' } },
      });
      await p.rule({
        code: 'first',
        effect: 'fixed',
        points: 50,
        condition: { first_order: { eq: true } },
        expiry_months: 2,
      });
      await p.rule({ code: 'growth', account: 'growth', effect: 'per_amount', points: 2, per_amount: '1' });
      await p.rule({ code: 'check_in', trigger: 'check_in', effect: 'fixed', points: 30, max_per_day: 40 });
      await p.rule({
        ...{ code: 'praise', trigger: 'review', account: 'growth', effect: 'fixed', points: 90, max_per_customer: 200 },
        condition: { rating: { gte: 4 } },
      });
      // Reached within weeks, lost within weeks: by spend, by number, by growth value, and with the month.
      const quick = { validity_kind: 'months', validity_months: 1, grace_days: 5 };
      await p.tier({ code: 'regular', rank: 0, enter_at: '0', validity_kind: 'forever', downgrade: 'none' });
      const silver = await p.tier({
        ...{ code: 'silver', rank: 1, window_days: 20, enter_at: '100', retain_at: '60', reenter_at: '150' },
        ...{ point_multiplier: '1.5', ...quick },
      });
      await p.tier({
        ...{ code: 'gold', rank: 2, basis: 'orders', window_days: 10, enter_at: '3', downgrade: 'full', ...quick },
        ...{ point_multiplier: '2', growth_multiplier: '1.2', floor_tier_id: silver, validity_kind: 'continuous' },
      });
      await p.tier({
        ...{
          code: 'platinum',
          rank: 3,
          basis: 'growth',
          window_kind: 'month',
          enter_at: '500',
          upgrade: 'next_period',
        },
        ...{ validity_kind: 'next_period_end', downgrade: 'one_step', point_multiplier: '0.5', grace_days: 0 },
      });
      // And somebody changes their mind in the middle.
      await p.tier({ code: 'gold', rank: 2, enter_at: '2', retain_at: '2' }, '2026-02-01 00:00+08');
      return { shortfall, t, p, b };
    }),
  );
});
afterAll(() => Promise.all(databases.map(({ t }) => t.close())));

test.each(SHORTFALLS)(
  'told in any order the books are the same (%s)',
  async (shortfall) => {
    const { t, p, b } = databases.find((each) => each.shortfall === shortfall)!;
    const deps = { ...jobDeps(t), resources: new Map() };
    let told = 0;
    await fc.assert(
      fc.asyncProperty(story, async ({ facts, keys, runs, midnights }) => {
        const mark = `${++told}`;
        const [straight, mixed] = [await tell(t, p, facts, `${mark}`), await tell(t, p, facts, `${mark}`)];
        for (const at of inTime(facts)) await straight.say(at);
        await p.work();
        let said = 0;
        for (const at of shuffled(facts, keys)) {
          await mixed.say(at);
          said++;
          if (said % runs[said % runs.length]! === 0) await p.work();
          const midnight = midnights[said % midnights.length];
          if (midnight != null) await settleDay(deps, { until_at: `${date(midnight)} 00:00+08` });
        }
        await p.work();
        await settleDay(deps, { until_at: END });
        const want = await books(t, straight.customer);
        expect(await books(t, mixed.customer)).toEqual(want);
        for (const { customer } of [straight, mixed]) await addsUp(t, customer);
        await b.addUp();

        // Said again, as if each had changed: nothing is booked.
        const before = await entries(t, mixed.customer);
        await t.db
          .insertInto('app.inbox')
          .values({ customer_id: mixed.customer, fact_kind: 'order', fact_id: 0, again: true })
          .execute();
        await p.work();
        expect(await books(t, mixed.customer)).toEqual(want);
        expect(await entries(t, mixed.customer)).toBe(before);

        // Everything taken back: as if it had never been.
        await mixed.undoAll();
        await processFacts(deps, { until_at: END });
        const left = await books(t, mixed.customer);
        expect(
          left.lots
            .filter((lot) => lot.origin_kind === 'order')
            .every((lot) => lot.reversed === lot.issued || shortfall === 'pending_only'),
        ).toBe(true);
        expect(left.allocations.filter((each) => each.redemption_id === 'redeem')).toEqual([]);
        await addsUp(t, mixed.customer);
        await b.addUp();
      }),
      { numRuns: Number(process.env.RUNS ?? 12), seed: 7, endOnFailure: true },
    );
  },
  300_000,
);
