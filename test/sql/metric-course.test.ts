/** A course of a metric: what is put beside each step, and how sure it is. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.close());

interface Asked {
  parts: { step_on: string; num: number | null; den?: number | null; part_num?: number }[];
  grain?: string;
  first_on?: string;
  known_until?: string;
  ratio?: boolean;
  fills?: boolean;
  interval_kind?: string;
  matures?: number;
  good?: string;
}

/** As the report login, which is the one that asks. */
async function course(asked: Asked) {
  const { parts, grain = 'month', first_on = '2026-01-01', known_until = '2026-04-11', matures = 0 } = asked;
  const { rows } = await t.report.query(
    `select step_on::text, state, num::float8, value::float8, low::float8, high::float8, previous_value::float8,
      previous_difference::float8, previous_change::float8, last_year_value::float8, target::float8, expected::float8, status
    from report.metric_course($1, 'repurchase_rate', $2, $3, '2026-04-11', $4, $5, $6, $7, $8, $9)`,
    [
      JSON.stringify(parts),
      grain,
      first_on,
      known_until,
      asked.ratio ?? false,
      asked.fills ?? false,
      asked.interval_kind ?? 'none',
      matures,
      asked.good ?? 'up',
    ],
  );
  return rows;
}

describe('the Wilson interval', () => {
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is the published one', async (successes, trials, low, high) => {
    const { rows } = await t.report.query(
      'select round(report.wilson_low($1, $2), 4)::float8 as low, round(report.wilson_high($1, $2), 4)::float8 as high',
      [successes, trials],
    );
    expect(rows[0]).toEqual({ low, high });
  });

  test('is unknown without trials and where the parts do not fit', async () => {
    const { rows } = await t.report.query(
      'select report.wilson_low(0, 0) as none, report.wilson_high(5, 3) as more, report.wilson_low(null, 3) as unknown',
    );
    expect(rows[0]).toEqual({ none: null, more: null, unknown: null });
  });
});

describe('the Newcombe interval', () => {
  test.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
  ])('of %i in %i less %i in %i is the published one', async (...given) => {
    const { rows } = await t.report.query(
      `select round(report.newcombe_low($1, $2, $3, $4), 4)::float8 as low,
        round(report.newcombe_high($1, $2, $3, $4), 4)::float8 as high`,
      given.slice(0, 4),
    );
    expect(rows[0]).toEqual({ low: given[4], high: given[5] });
  });

  test('is unknown where one of the rates is', async () => {
    const { rows } = await t.report.query(
      'select report.newcombe_low(0, 0, 1, 2) as low, report.newcombe_high(1, 2, 0, 0) as high',
    );
    expect(rows[0]).toEqual({ low: null, high: null });
  });
});

describe('XmR limits', () => {
  const limits = async (values: (number | null)[]) => {
    const { rows } = await t.report.query(
      'select report.xmr_low($1::numeric[])::float8 as low, report.xmr_high($1::numeric[])::float8 as high',
      [values],
    );
    return rows[0];
  };

  test('are the mean and 2.66 times the mean move on either side; what is not known is passed over', async () => {
    // Mean 12, moves 2 each.
    expect(await limits([11, 13, 11, 13, null, 11, 13, 11, 13])).toEqual({ low: 6.68, high: 17.32 });
    expect(await limits([5, 5, 5, 5, 5, 5, 5, 5])).toEqual({ low: 5, high: 5 });
  });

  test('take eight values', async () => {
    expect(await limits([1, 2, 3, 4, 5, 6, 7])).toEqual({ low: null, high: null });
    expect(await limits([])).toEqual({ low: null, high: null });
  });
});

describe('a course', () => {
  test('calls what is beyond its usual course a signal, and judges neither what goes on nor what is young', async () => {
    const days = [10, 11, 10, 11, 10, 11, 10, 11, 10, 40, 90];
    const parts = days.map((num, index) => ({ step_on: `2026-04-${String(index + 1).padStart(2, '0')}`, num }));
    const { rows } = await t.report.query(
      `select step_on::text, signal, limit_high::float8 from report.metric_course(
        $1, 'orders', 'day', '2026-04-01', '2026-04-11', '2026-04-11', false, true, 'none', 0, 'up')`,
      [JSON.stringify(parts)],
    );
    expect(rows.filter((row) => row.signal).map((row) => row.step_on)).toEqual(['2026-04-10']);
    // Ten whole days: mean 13.4, moves of 8 x 1 and 30.
    expect(rows[0].limit_high).toBeCloseTo(13.4 + (2.66 * 38) / 9, 5);
  });

  test('gives the difference to the step before its own interval', async () => {
    const { rows } = await t.report.query(
      `select difference_low::float8, difference_high::float8 from report.metric_course(
        $1, 'repurchase_rate', 'month', '2026-02-01', '2026-03-01', '2026-03-01', true, false, 'wilson', 0, 'up')`,
      [
        JSON.stringify([
          { step_on: '2026-01-01', num: 48, den: 80 },
          { step_on: '2026-02-01', num: 56, den: 70 },
        ]),
      ],
    );
    const ends = Object.values<number>(rows[0]).map((end) => Math.round(end * 1e4) / 1e4);
    expect(ends).toEqual([0.0524, 0.3339]);
  });

  test('puts beside each step the one before, the same of last year and its interval', async () => {
    const rows = await course({
      parts: [
        { step_on: '2025-02-01', num: 10, den: 40 },
        { step_on: '2026-01-01', num: 15, den: 148 },
        { step_on: '2026-02-01', num: 81, den: 263 },
      ],
      ratio: true,
      interval_kind: 'wilson',
      known_until: '2026-03-01',
    });

    expect(rows.map((row) => row.step_on)).toEqual(['2026-01-01', '2026-02-01']);
    expect(rows[1]).toMatchObject({ state: 'whole', value: 0.307985, previous_value: 0.101351, last_year_value: 0.25 });
    expect(rows[1].previous_difference).toBeCloseTo(0.206634, 6);
    expect(rows[1].previous_change).toBeCloseTo(2.038796, 5);
    expect([rows[1].low, rows[1].high].map((end) => Math.round(end * 1e4) / 1e4)).toEqual([0.2553, 0.3662]);
  });

  test('compares days and weeks with the same day of the week', async () => {
    const rows = await course({
      parts: [
        { step_on: '2025-04-10', num: 3 },
        { step_on: '2026-04-09', num: 6 },
      ],
      grain: 'day',
      first_on: '2026-04-09',
      known_until: '2026-04-10',
    });
    expect(rows[0]).toMatchObject({ step_on: '2026-04-09', last_year_value: 3 });
  });

  test('says which step goes on and which is too young to be judged', async () => {
    const parts = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01'].map((step_on) => ({ step_on, num: 1 }));
    const states = async (matures: number) => (await course({ parts, matures })).map((row) => row.state);

    expect(await states(0)).toEqual(['whole', 'whole', 'whole', 'running']);
    expect(await states(30)).toEqual(['whole', 'whole', 'immature', 'running']);
    // The last of February has had its thirty days on 2 April, which is known whole.
    expect((await course({ parts, matures: 30, known_until: '2026-03-29' })).map((row) => row.state)).toEqual([
      'whole',
      'immature',
      'running',
    ]);
  });

  test('has nothing happen where sums are absent, and knows nothing where counts of people are', async () => {
    const parts = [
      { step_on: '2026-01-01', num: 5 },
      { step_on: '2026-03-01', num: 7 },
    ];
    const values = async (fills: boolean) =>
      (await course({ parts, fills, known_until: '2026-04-01' })).map((row) => row.value);

    expect(await values(true)).toEqual([5, 0, 7]);
    expect(await values(false)).toEqual([5, null, 7]);
  });

  test('leaves a rate empty where there was nobody to have it', async () => {
    const rows = await course({
      parts: [{ step_on: '2026-01-01', num: 0, den: 0 }],
      ratio: true,
      interval_kind: 'wilson',
      known_until: '2026-02-01',
    });
    expect(rows[0]).toMatchObject({ value: null, low: null, high: null });
  });

  test('has of each step the target that held when it began', async () => {
    await sql`
      insert into app.metric_targets (metric, grain, measure, target_rate, starts_on, ends_on)
      values ('repurchase_rate', 'month', 'rate', 0.3, '2026-01-15', null),
        ('repurchase_rate', 'month', 'rate', 0.35, '2026-03-01', '2026-03-31'),
        ('repurchase_rate', 'day', 'rate', 0.9, '2026-01-01', null),
        ('churn_rate', 'month', 'rate', 0.1, '2026-01-01', null)
    `.execute(t.owner);
    const parts = ['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01'].map((step_on) => ({ step_on, num: 1 }));

    expect((await course({ parts })).map((row) => row.target)).toEqual([null, 0.3, 0.35, null]);
  });

  test('compares what goes on with as many days of the steps it is put beside', async () => {
    const rows = await course({
      parts: [
        { step_on: '2025-04-01', num: 400, part_num: 90 },
        { step_on: '2026-03-01', num: 300, part_num: 80 },
        { step_on: '2026-04-01', num: 100, part_num: 100 },
      ],
      fills: true,
      first_on: '2026-03-01',
    });
    expect(rows[1]).toMatchObject({ state: 'running', value: 100, previous_value: 80, last_year_value: 90 });
    expect(rows[1].previous_change).toBeCloseTo(0.25, 6);

    const unknown = await course({
      parts: [
        { step_on: '2026-03-01', num: 300 },
        { step_on: '2026-04-01', num: 100 },
      ],
      first_on: '2026-03-01',
    });
    expect(unknown[1]).toMatchObject({ state: 'running', previous_value: null, previous_change: null });
  });

  describe('with a target', () => {
    beforeAll(async () => {
      await sql`
        delete from app.metric_targets;
        insert into app.metric_targets (metric, grain, measure, target_value, starts_on)
        values ('repurchase_rate', 'month', 'number', 300, '2026-01-01')
      `.execute(t.owner);
    });
    const status = async (num: number | null, asked: Partial<Asked> = {}) => {
      const row = (await course({ parts: [{ step_on: '2026-03-01', num }], first_on: '2026-03-01', ...asked }))[0];
      return [row.status, row.expected];
    };

    test.each([
      [300, 'up', 'on_track'],
      [286, 'up', 'at_risk'],
      [284, 'up', 'missed'],
      [300, 'down', 'on_track'],
      [314, 'down', 'at_risk'],
      [316, 'down', 'missed'],
    ])('%i, where %s is good, is %s', async (num, good, expected) => {
      expect(await status(num, { good })).toEqual([expected, 300]);
    });

    test('a sum is asked for its share of the days, a level for all of it', async () => {
      // Ten of thirty days.
      const parts = [{ step_on: '2026-04-01', num: 100, part_num: 100 }];
      expect(await status(0, { parts, first_on: '2026-04-01', fills: true })).toEqual(['on_track', 99.9999]);
      expect(await status(0, { parts, first_on: '2026-04-01' })).toEqual(['missed', 300]);
    });

    test('it is too early to say in the first quarter, of the young, and of a share of few', async () => {
      const april = [{ step_on: '2026-04-01', num: 100 }];
      const few = { ratio: true, interval_kind: 'wilson' };
      expect((await status(0, { parts: april, first_on: '2026-04-01', known_until: '2026-04-06' }))[0]).toBe(
        'too_early',
      );
      expect((await status(100, { matures: 30 }))[0]).toBe('too_early');
      expect((await status(0, { ...few, parts: [{ step_on: '2026-03-01', num: 1, den: 29 }] }))[0]).toBe('too_early');
      expect((await status(null))[0]).toBe('too_early');
      expect((await status(100, { good: 'none' }))[0]).toBe(null);
    });

    test('a share is at risk while its interval holds the target', async () => {
      await sql`update app.metric_targets set measure = 'rate', target_rate = 0.35, target_value = null`.execute(
        t.owner,
      );
      const share = async (num: number) =>
        (
          await status(0, { ratio: true, interval_kind: 'wilson', parts: [{ step_on: '2026-03-01', num, den: 263 }] })
        )[0];
      expect([await share(93), await share(81), await share(70)]).toEqual(['on_track', 'at_risk', 'missed']);
    });
  });

  test('of nothing is empty', async () => {
    expect(await course({ parts: [] })).toEqual([]);
  });
});
