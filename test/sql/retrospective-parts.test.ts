/** What moved: effects add up to the change exactly, whatever the figures. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.close());

/** As the report login, in cents. */
async function effects(before: number[], after: number[], [from, to]: [string, string]) {
  const { rows } = await t.report.query(
    'select report.driver_effects($1::numeric[], $2::numeric[], $3, $4)::text[] as effects',
    [before, after, from, to],
  );
  return rows[0].effects as string[] | null;
}
const cents = (text: string) => Math.round(Number(text) * 100);

describe('the factors of a product', () => {
  test('share its change by their logarithms', async () => {
    // 100 x 1.2 x 50 = 6,000; 120 x 1.25 x 48 = 7,200. ln(1.2) : ln(1.25 / 1.2) : ln(0.96).
    expect(await effects([100, 1.2, 50], [120, 1.25, 48], ['6000', '7200'])).toEqual(['1200.00', '268.68', '-268.68']);
  });

  test('share it too where they cancel out', async () => {
    const found = (await effects([2, 3], [3, 2], ['6', '6']))!;
    expect(found).toEqual(['2.43', '-2.43']);
  });

  test('are not told where one of them is nought', async () => {
    expect(await effects([0, 1.2, 50], [120, 1.25, 48], ['0', '7200'])).toBe(null);
    expect(await effects([10, 1.2, 50], [120, 1.25, -1], ['600', '-150'])).toBe(null);
  });

  test('add up to the change to the cent, and do not depend on their order', async () => {
    const factor = fc.integer({ min: 1, max: 50_000 }).map((number) => number / 100);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(factor, factor), { minLength: 2, maxLength: 5 }), async (pairs) => {
        const total = (at: 0 | 1) => pairs.reduce((product, pair) => product * pair[at], 1).toFixed(2);
        const [from, to] = [total(0), total(1)];
        const ask = (of: typeof pairs) =>
          effects(
            of.map(([before]) => before),
            of.map(([, after]) => after),
            [from, to],
          );
        const found = (await ask(pairs))!.map(cents);
        expect(found.reduce((sum, each) => sum + each, 0)).toBe(cents(to) - cents(from));
        const turned = (await ask([...pairs].reverse()))!.map(cents).reverse();
        for (const [at, each] of found.entries())
          expect(Math.abs(turned[at]! - each)).toBeLessThanOrEqual(pairs.length);
      }),
      { numRuns: 40 },
    );
  });
});

interface Part {
  part: string;
  before_num: number;
  before_den: number;
  after_num: number;
  after_den: number;
}

async function mix(parts: Part[]) {
  const { rows } = await t.report.query(
    `select part, before_rate::text, after_rate::text, rate_effect::text, mix_effect::text, against,
      (rate_effect + mix_effect = after_rate - before_rate) as adds_up
    from report.mix_effects($1)`,
    [JSON.stringify(parts)],
  );
  return rows;
}

describe('the parts of a ratio', () => {
  test('move it by their rates and by their shares', async () => {
    const [whole, a, b] = await mix([
      { part: 'a', before_num: 40, before_den: 100, after_num: 90, after_den: 200 },
      { part: 'b', before_num: 10, before_den: 100, after_num: 10, after_den: 50 },
    ]);
    // Shares 0.5, 0.5 -> 0.8, 0.2; rates 0.4, 0.1 -> 0.45, 0.2; whole 0.25 -> 0.4.
    expect(whole).toEqual({
      ...{ part: null, before_rate: '0.250000', after_rate: '0.400000', adds_up: true, against: false },
      ...{ rate_effect: '0.067500', mix_effect: '0.082500' },
    });
    expect(a).toMatchObject({ rate_effect: '0.032500', mix_effect: '0.127500' });
    expect(b).toMatchObject({ rate_effect: '0.035000', mix_effect: '-0.045000' });
  });

  test('that all move against the whole are told', async () => {
    const [whole] = await mix([
      { part: 'a', before_num: 81, before_den: 87, after_num: 234, after_den: 270 },
      { part: 'b', before_num: 192, before_den: 263, after_num: 55, after_den: 80 },
    ]);
    expect(whole).toMatchObject({ before_rate: '0.780000', after_rate: '0.825714', against: true, adds_up: true });
  });

  test('that are new or gone have moved nothing but their share', async () => {
    const rows = await mix([
      { part: 'a', before_num: 40, before_den: 100, after_num: 40, after_den: 100 },
      { part: 'new', before_num: 0, before_den: 0, after_num: 90, after_den: 100 },
      { part: 'never', before_num: 0, before_den: 0, after_num: 0, after_den: 0 },
    ]);
    expect(rows.map(({ part, rate_effect }) => [part, Number(rate_effect)])).toEqual([
      [null, 0],
      ['a', 0],
      ['new', 0],
    ]);
    expect(rows[0]).toMatchObject({ mix_effect: '0.250000', adds_up: true, against: false });
  });

  test('add up exactly, whatever they are', async () => {
    const den = fc.integer({ min: 0, max: 10_000 });
    const part = fc.record({ before_num: den, before_den: den, after_num: den, after_den: den });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 6 }), async (given) => {
        const parts = given.map((each, at) => ({
          ...{ part: `p${at}`, before_den: each.before_den, after_den: each.after_den },
          before_num: each.before_den === 0 ? 0 : each.before_num,
          after_num: each.after_den === 0 ? 0 : each.after_num,
        }));
        const [whole] = await mix(parts);
        const known = parts.some((each) => each.before_den > 0) && parts.some((each) => each.after_den > 0);
        if (known) expect(whole).toMatchObject({ part: null, adds_up: true });
        else expect(whole?.rate_effect ?? null).toBe(null);
      }),
      { numRuns: 60 },
    );
  });

  test('of nothing are nothing', async () => {
    expect(await mix([])).toEqual([]);
    const { rows } = await t.report.query('select * from report.mix_effects(null)');
    expect(rows).toEqual([]);
  });
});

test('the effects of a month are those of its buyers, orders and returns, and of whoever is not known', async () => {
  await t.owner
    .insertInto('app.order_day')
    .values([
      { day: '2026-01-10', channel: 'online', identified: true, order_count: 120, amount: 6100, returned_amount: 100 },
      { day: '2026-01-10', channel: 'store', identified: false, order_count: 5, amount: 500, returned_amount: 0 },
      { day: '2026-02-10', channel: 'online', identified: true, order_count: 150, amount: 7200, returned_amount: 0 },
      { day: '2026-02-11', channel: 'store', identified: false, order_count: 4, amount: 300, returned_amount: 0 },
    ])
    .execute();
  await t.owner
    .insertInto('app.order_period')
    .values([
      { grain: 'month', starts_on: '2026-01-01', buyer_count: 100, repeat_buyer_count: 1 },
      { grain: 'month', starts_on: '2026-02-01', buyer_count: 120, repeat_buyer_count: 1 },
    ])
    .execute();
  const rows = await t.db.selectFrom('report.net_sales_drivers').selectAll().orderBy('month_on').execute();
  expect(rows[0]).toMatchObject({
    net_amount: '6500.00',
    previous_net_amount: null,
    buyers_effect: null,
    unknown_effect: null,
  });
  expect(rows[1]).toMatchObject({
    ...{ net_amount: '7500.00', previous_net_amount: '6500.00', net_change: '1000.00', buyer_count: 120 },
    ...{ orders_per_buyer: '1.2500', net_per_order: '48.00' },
    ...{
      buyers_effect: '1200.00',
      frequency_effect: '268.68',
      order_value_effect: '-268.68',
      unknown_effect: '-200.00',
    },
  });
});
