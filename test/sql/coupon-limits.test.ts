/** What is scarce about coupons holds for 32 clients at once: limits, caps, budgets, codes. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedNew } from '../../api/seed.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from './budgets.ts';
import { coupons } from './coupons.ts';

let t: TestDatabase;
let c: Awaited<ReturnType<typeof coupons>>;
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  c = await coupons(t);
});
afterAll(() => t?.close());

describe('32 clients at once', () => {
  test('never have more than there are in all, and exactly as many', async () => {
    const template = await c.template({ total_limit: 40 });
    const people = await c.customers(32);
    const answers = await Promise.all(
      Array.from({ length: 96 }, (_, n) => c.issue(template, [people[n % 32]!])).map((each) => each),
    );
    const given = answers.flat().filter(({ coupon_id }) => coupon_id !== null);
    expect(given).toHaveLength(40);
    expect(new Set(answers.flat().map(({ refusal }) => refusal))).toEqual(new Set([null, 'limit_reached']));
    expect(await c.count(template)).toBe(40);
    // What is taken back is there for somebody else.
    await c.voided(given[0]!.external_id);
    expect((await c.issue(template, [people[0]!]))[0]).toMatchObject({ refusal: null });
    expect((await c.issue(template, [people[0]!]))[0]).toMatchObject({ refusal: 'limit_reached' });
  });

  test('of sets and single ones, with limits that staff raise and lower meanwhile, is exact in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 8, maxLength: 32 }),
        async (limit, sizes) => {
          const template = await c.template({ total_limit: limit, budget_amount: '500.00', amount: '10.00' });
          const people = await c.customers(9);
          const answers = await Promise.all(sizes.map((size) => c.issue(template, people.slice(0, size))));
          const given = answers.flat().filter(({ coupon_id }) => coupon_id !== null).length;
          const asked = sizes.reduce((sum, size) => sum + size, 0);
          expect(given).toBe(Math.min(limit, asked, 50));
          await c.change(template, { total_limit: limit + 5, budget_amount: '550.00' });
          const more = await c.issue(template, people);
          const room = Math.min(limit + 5, 55) - given;
          expect(more.filter(({ coupon_id }) => coupon_id !== null)).toHaveLength(Math.min(9, Math.max(room, 0)));
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 8), seed: 5 },
    );
  }, 60_000);

  test('ask for the same number and get one coupon; a refusal is repeated', async () => {
    const template = await c.template({ per_customer_limit: 1 });
    const people = await c.customers(1);
    const same = `same-${template}`;
    const answers = await Promise.all(Array.from({ length: 32 }, () => c.issue(template, people, [same])));
    expect(new Set(answers.flat().map(({ coupon_id }) => coupon_id)).size).toBe(1);
    const other = `other-${template}`;
    expect((await c.issue(template, people, [other]))[0]).toMatchObject({ refusal: 'customer_limit_reached' });
    await c.change(template, { per_customer_limit: 2 });
    expect((await c.issue(template, people, [other]))[0]).toMatchObject({ refusal: 'customer_limit_reached' });
    expect((await c.issue(template, people))[0]).toMatchObject({ refusal: null });
  });

  test('spend a budget to the last yuan that makes a coupon', async () => {
    const b = await budgets(t);
    const budget = await b.budget({ starts_on: '2020-01-01', ends_on: '2099-12-31' }, { other: 395 });
    const template = await c.template({ amount: '10.00', budget_id: budget });
    const people = await c.customers(32);
    const answers = await Promise.all(people.map((person) => c.issue(template, [person])));
    const lines = await b.lines(budget);
    const given = answers.flat().filter(({ coupon_id }) => coupon_id !== null);
    expect(given).toHaveLength(9);
    expect(Math.max(...lines.map(({ reserved }) => Number(reserved)))).toBe(90);
    await c.voided(given[0]!.external_id);
    expect(Math.max(...(await b.lines(budget)).map(({ reserved }) => Number(reserved)))).toBe(80);
  });

  test('get each code once, wait in their order when there are none, and are served in it', async () => {
    const template = await c.template({ code_mode: 'imported' });
    await c.codes(template, 20);
    const people = await c.customers(32);
    await Promise.all(people.map((person) => c.issue(template, [person])));
    const have = await c.of(template);
    expect(have.filter(({ status }) => status === 'claimed')).toHaveLength(20);
    expect(new Set(have.map(({ code }) => code).filter(Boolean)).size).toBe(20);
    expect(have.filter(({ status }) => status === 'waiting')).toHaveLength(12);
    await c.codes(template, 5);
    expect((await c.of(template)).filter(({ status }) => status === 'waiting')).toHaveLength(12);
    // Whoever comes now is behind those who wait, also when codes are there.
    const late = await c.customers(1);
    await c.issue(template, late);
    const after = await c.of(template);
    const waiting = after.filter(({ status }) => status === 'waiting').map(({ id }) => id);
    const line = have
      .filter(({ status }) => status === 'waiting')
      .sort((a, b) => a.claimed_at.localeCompare(b.claimed_at) || a.id - b.id)
      .map(({ id }) => id);
    expect(waiting.slice().sort()).toEqual([...line.slice(5), after.at(-1)!.id].sort());
    await Promise.all([c.codes(template, 20), sql`select ops.serve_coupons(${template}, now())`.execute(t.db)]);
    await sql`select ops.serve_coupons(${template}, now())`.execute(t.db);
    expect((await c.of(template)).every(({ status }) => status === 'claimed')).toBe(true);
  });
});
