/** Where there is not enough for everybody who comes first counts, and it is recorded: no line is exceeded, and nothing changes by doing it again. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processFacts, settleDay } from '../../api/engine/process.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from './budgets.ts';
import { programme } from './points.ts';
import { addsUp, books, date, entries, shuffled, story, tell } from './points-stories.ts';
import { jobDeps } from './segments.ts';

let t: TestDatabase;
let b: Awaited<ReturnType<typeof budgets>>;
let p: Awaited<ReturnType<typeof programme>>;
let rules: number[];
beforeAll(async () => {
  t = await testDatabase();
  await t.db.insertInto('app.segment_rule_sets').values({ code: 'lifecycle', name: 'x', name_en: 'x' }).execute();
  await t.db.updateTable('app.points_policies').set({ expiry_months: 1 }).execute();
  b = await budgets(t);
  p = await programme(t);
  const spend = { effect: 'per_amount', points: 100, per_amount: '1', cost_kind: 'referral' };
  rules = [
    await p.rule({ code: 'spend', ...spend }),
    await p.rule({ code: 'later', ...spend, pending_days: 10, cost_kind: 'promotion', max_per_day: 2_000 }),
  ];
});
afterAll(() => t?.close());

test('told in any order no line gives more than it has, and doing it again changes nothing', async () => {
  const deps = { ...jobDeps(t), resources: new Map() };
  let told = 0;
  let refusals = 0;
  await fc.assert(
    fc.asyncProperty(story, fc.integer({ min: 1, max: 90 }), async ({ facts, keys, runs, midnights }, money) => {
      const budget_id = await b.budget({}, { other: 300 + money });
      await t.owner.deleteFrom('app.programme_versions').where('resource', '=', 'earn_rules').execute();
      for (const id of rules) {
        await t.db.updateTable('app.earn_rules').set({ budget_id }).where('id', '=', id).execute();
        await p.keep('earn_rules', id);
      }
      const people = [await tell(t, p, facts, `${++told}`), await tell(t, p, facts, `${told}`)];
      let said = 0;
      for (const at of shuffled(facts, keys)) {
        for (const each of people) await each.say(at);
        said++;
        if (said % runs[said % runs.length]! === 0) await p.work();
        const midnight = midnights[said % midnights.length];
        if (midnight != null) await settleDay(deps, { until_at: `${date(midnight)} 00:00+08` });
        await b.addUp();
      }
      await p.work();
      await settleDay(deps, { until_at: '2026-07-01 00:00+08' });
      await b.addUp();

      const state = async (customer: number) => [
        await books(t, customer),
        await entries(t, customer),
        await t.db
          .selectFrom('app.decisions')
          .select(['id', 'outcome', 'points', 'detail'])
          .where('customer_id', '=', customer)
          .orderBy('id')
          .execute(),
        await b.lines(budget_id),
      ];
      for (const { customer } of people) {
        const before = await state(customer);
        await t.db
          .insertInto('app.inbox')
          .values({ customer_id: customer, fact_kind: 'order', fact_id: 0, again: true })
          .execute();
        await p.work();
        expect(await state(customer)).toEqual(before);
        await addsUp(t, customer);
        refusals += (before[2] as { outcome: string }[]).filter(({ outcome }) => outcome === 'refused').length;
      }

      // All of it taken back: no money is left with anybody but what was spent on points that stay spent.
      for (const each of people) await each.undoAll();
      await processFacts(deps, { until_at: '2026-07-01 00:00+08' });
      await b.addUp();
      for (const line of await b.lines(budget_id)) {
        expect([line.reserved, line.committed, line.spent]).toEqual(['0.00', '0.00', '0.00']);
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 12), seed: 11, endOnFailure: true },
  );
  expect(refusals).toBeGreaterThan(0);
}, 300_000);
