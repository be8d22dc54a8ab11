/** How a goal stands: baseline, what is due by now, the interval and the status. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.close());

interface Asked {
  parts: [step_on: string, num: number | null, den?: number | null][];
  grain?: string;
  before_on?: string;
  starts_on?: string;
  due_on?: string;
  known_until?: string;
  gathers?: string;
  interval_kind?: string;
  direction?: string;
  target_kind?: string | null;
  target?: number | null;
  target_max?: number | null;
  baseline?: number | null;
  measure?: string;
}

/** As the report login. A stage of three months from 2026-01-01; half of it is known unless said otherwise. */
async function standing(asked: Asked) {
  const { rows } = await t.report.query(
    `select phase, passed_rate::float8, before_value::float8, baseline::float8, num::float8, den::float8, steps,
      actual::float8, low::float8, high::float8, difference::float8, difference_low::float8, difference_high::float8, change_rate::float8,
      target_value::float8, target_value_max::float8, expected::float8, gap::float8, status
    from report.goal_standing($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      JSON.stringify(asked.parts.map(([step_on, num, den = null]) => ({ step_on, num, den }))),
      asked.grain ?? 'month',
      asked.before_on ?? '2025-10-01',
      asked.starts_on ?? '2026-01-01',
      asked.due_on ?? '2026-03-31',
      asked.known_until ?? '2026-02-15',
      asked.gathers ?? 'ratio',
      asked.interval_kind ?? 'none',
      asked.direction ?? 'up',
      asked.target_kind === undefined ? 'absolute' : asked.target_kind,
      asked.target === undefined ? 0.3 : asked.target,
      asked.target_max ?? null,
      asked.baseline ?? null,
      asked.measure ?? 'rate',
    ],
  );
  return rows[0]!;
}

const BEFORE: Asked['parts'] = [
  ['2025-10-01', 20, 100],
  ['2025-11-01', 10, 100],
  ['2025-12-01', 30, 200],
];

describe('what is compared', () => {
  test('a rate is the ratio of the sums of whole steps on either side of the first day', async () => {
    const row = await standing({ parts: [...BEFORE, ['2026-01-01', 30, 100], ['2026-02-01', 90, 100]] });
    expect(row).toMatchObject({ before_value: 0.15, baseline: 0.15, actual: 0.3, num: 30, den: 100, steps: 1 });
    expect(row.difference).toBe(0.15);
    expect(row.change_rate).toBe(1);
  });

  test('a month that began before the stage and reaches into it is on neither side', async () => {
    const row = await standing({
      parts: [...BEFORE, ['2026-01-01', 99, 100], ['2026-02-01', 30, 100]],
      starts_on: '2026-01-10',
      due_on: '2026-04-09',
      known_until: '2026-03-01',
    });
    expect(row).toMatchObject({ before_value: 0.15, actual: 0.3, steps: 1 });
  });

  test('what lies further back than the stage is long says nothing', async () => {
    const row = await standing({ parts: [['2025-09-01', 100, 100], ...BEFORE, ['2026-01-01', 30, 100]] });
    expect(row.before_value).toBe(0.15);
  });

  test('a sum grows, a level is its last one, a count of people is a mean of its months', async () => {
    const parts: Asked['parts'] = [
      ['2025-11-01', 10],
      ['2025-12-01', 20],
      ['2026-01-01', 30],
      ['2026-02-01', 40],
      ['2026-03-01', 50],
    ];
    const of = (gathers: string) =>
      standing({ parts, gathers, known_until: '2026-03-01', target: 100, measure: 'number' });
    expect(await of('sum')).toMatchObject({ before_value: 30, actual: 70 });
    expect(await of('last')).toMatchObject({ before_value: 20, actual: 40 });
    expect(await of('mean')).toMatchObject({ before_value: 15, actual: 35 });
  });

  test('a ratio of levels is that of the last ones', async () => {
    const row = await standing({
      parts: [
        ['2025-12-31', 100, 10],
        ['2026-01-10', 120, 10],
        ['2026-01-17', 260, 20],
      ],
      grain: 'day',
      gathers: 'last_ratio',
      target: 15,
      measure: 'money',
    });
    expect(row).toMatchObject({ baseline: 10, actual: 13, num: 260, den: 20 });
  });

  test('the interval of the change is Newcombe’s', async () => {
    const row = await standing({
      parts: [
        ['2025-12-01', 5, 56],
        ['2026-01-01', 15, 148],
      ],
      interval_kind: 'wilson',
    });
    expect([row.low, row.high].map((each) => Number(each.toFixed(4)))).toEqual([0.0624, 0.1605]);
    const { rows } = await t.report.query(
      'select report.newcombe_low(15, 148, 5, 56)::float8 as low, report.newcombe_high(15, 148, 5, 56)::float8 as high',
    );
    expect([row.difference_low, row.difference_high]).toEqual([rows[0]!.low, rows[0]!.high]);
  });
});

describe('the target', () => {
  const parts = [...BEFORE, ['2026-01-01', 30, 100]] as Asked['parts'];

  test.each([
    ['a value', { target_kind: 'absolute', target: 0.35 }, 0.35],
    ['a change by a share', { target_kind: 'relative', target: 0.2 }, 0.18],
    ['a change down by a share', { target_kind: 'relative', target: 0.2, direction: 'down' }, 0.12],
    ['a change in points of a rate', { target_kind: 'points', target: 10 }, 0.25],
    ['a change in points of a number', { target_kind: 'points', target: 10, measure: 'number', baseline: 31 }, 41],
    ['a share of a baseline that was typed', { target_kind: 'relative', target: 0.5, baseline: 0.2 }, 0.3],
  ])('%s', async (_, terms, target_value) => {
    expect((await standing({ parts, ...terms })).target_value).toBe(target_value);
  });

  test('a change of what was never measured has none, and says so', async () => {
    const row = await standing({ parts: [['2026-01-01', 30, 100]], target_kind: 'relative', target: 0.2 });
    expect(row).toMatchObject({ baseline: null, target_value: null, status: 'no_baseline' });
  });

  test('a share of fewer than thirty is no baseline', async () => {
    const of = (den: number) =>
      standing({
        parts: [
          ['2025-12-01', 10, den],
          ['2026-01-01', 30, 100],
        ],
        interval_kind: 'wilson',
        target_kind: 'relative',
        target: 0.2,
      });
    expect(await of(29)).toMatchObject({ before_value: null, difference: null, status: 'no_baseline' });
    expect(await of(30)).toMatchObject({ before_value: 0.333333, target_value: 0.4 });
  });

  test('a metric that is only looked at has neither target nor status', async () => {
    const row = await standing({ parts, target_kind: null, target: null });
    expect(row).toMatchObject({ actual: 0.3, target_value: null, expected: null, status: null });
  });
});

describe('the pace', () => {
  test('of a rate is the way from its baseline to the target', async () => {
    const row = await standing({ parts: [...BEFORE, ['2026-01-01', 30, 100]], target: 0.35 });
    expect(row.passed_rate).toBe(0.5);
    expect(row.expected).toBeCloseTo(0.25, 6);
    expect(row.status).toBe('on_track');
  });

  test('of a sum is its share of the days, and nothing yet is nought', async () => {
    const row = await standing({ parts: [], gathers: 'sum', target: 100, measure: 'number' });
    expect(row).toMatchObject({ actual: 0, expected: 50, status: 'at_risk' });
  });

  test('what goes on may still get there: behind its pace beyond doubt is at risk, at the end it is missed', async () => {
    const parts = [...BEFORE, ['2026-01-01', 1000, 10_000]] as Asked['parts'];
    const asked = { parts, target: 0.35, interval_kind: 'wilson' };
    expect((await standing(asked)).status).toBe('at_risk');
    expect(await standing({ ...asked, known_until: '2026-04-01' })).toMatchObject({
      phase: 'ended',
      passed_rate: 1,
      expected: 0.35,
      status: 'missed',
    });
  });

  test('at the end a target within the interval is at risk, a reached one on track', async () => {
    const of = (num: number) =>
      standing({
        parts: [['2026-01-01', num, 100]],
        target: 0.35,
        interval_kind: 'wilson',
        known_until: '2026-05-01',
      });
    expect((await of(30)).status).toBe('at_risk');
    expect((await of(35)).status).toBe('on_track');
    expect((await of(20)).status).toBe('missed');
  });

  test('down is better where that is wanted', async () => {
    const of = (num: number) =>
      standing({ parts: [['2026-01-01', num, 100]], direction: 'down', target: 0.1, known_until: '2026-05-01' });
    expect((await of(9)).status).toBe('on_track');
    expect((await of(20)).status).toBe('missed');
  });

  test.each([
    ['before the stage', { known_until: '2026-01-01' }],
    ['before a quarter of it', { known_until: '2026-01-20' }],
    ['of a share of fewer than thirty', { parts: [['2026-01-01', 20, 29]], interval_kind: 'wilson' }],
    ['without a whole step', { parts: BEFORE }],
  ] as [string, Partial<Asked>][])('too early: %s', async (_, asked) => {
    const row = await standing({ parts: [...BEFORE, ['2026-01-01', 30, 100]], ...asked });
    expect(row.status).toBe('too_early');
  });
});
