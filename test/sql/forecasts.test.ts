/** The next four weeks, forecast from the days that were. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runJob } from '../../api/jobs.ts';
import { shiftDate } from '../../api/predicate/values.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { jobDeps } from './segments.ts';

const UNTIL = '2026-03-02';
const WEEK = [10, 12, 11, 13, 20, 30, 25];
let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.close());

async function days(count: number): Promise<void> {
  await t.owner.deleteFrom('app.order_day').execute();
  for (let at = 0; at < count; at++) {
    const order_count = WEEK[at % 7]! + (at % 3);
    await t.owner
      .insertInto('app.order_day')
      .values({
        ...{ day: shiftDate(UNTIL, at - count)!, channel: 'online', identified: true, order_count },
        ...{ amount: order_count * 100, returned_amount: 0 },
      })
      .execute();
  }
}
async function run(day = UNTIL): Promise<number> {
  const done = await runJob(jobDeps(t), 'forecasts', day);
  expect(done).toMatchObject({ state: 'done', error: null });
  return done.rows_written;
}
const ahead = (measure: string) =>
  t.db
    .selectFrom('report.forecast_days')
    .selectAll()
    .where('measure', '=', measure)
    .where('latest', '=', true)
    .orderBy('day')
    .execute();

test('less than eight weeks say nothing', async () => {
  await days(55);
  expect(await run()).toBe(0);
  expect(await ahead('orders')).toEqual([]);
});

test('twenty-eight days from the first one not known, near what such a weekday brings, within their band', async () => {
  await days(140);
  expect(await run()).toBe(56);
  const orders = await ahead('orders');
  expect([orders.length, orders[0]!.day, orders.at(-1)!.day]).toEqual([28, UNTIL, '2026-03-29']);
  for (const [at, { expected, low, high }] of orders.entries()) {
    expect(Math.abs(Number(expected) - WEEK[at % 7]! - 1)).toBeLessThan(2);
    expect(Number(low)).toBeLessThanOrEqual(Number(expected));
    expect(Number(high)).toBeGreaterThanOrEqual(Number(expected));
  }
  const revenue = await ahead('revenue_gross');
  for (const [at, { expected }] of revenue.entries())
    expect(Number(expected) / Number(orders[at]!.expected)).toBeCloseTo(100, -1);
});

test('earlier models are asked what they would have said: three times four weeks, and better than repeating a week', async () => {
  const model = await t.db
    .selectFrom('report.forecast_models')
    .selectAll()
    .where('measure', '=', 'orders')
    .executeTakeFirstOrThrow();
  // 140 days leave 112, 84 and 56 to fit on.
  expect(model).toMatchObject({ fitted_days: 140, checked_days: 84 });
  expect(Number(model.error_rate)).toBeLessThan(0.1);
  expect(Number(model.error_rate)).toBeLessThan(Number(model.naive_error_rate));
  expect(Number(model.inside_rate)).toBeGreaterThan(0.85);
});

test('the same day again says the same; a history too short to check is forecast and says so; gaps are days of nothing', async () => {
  const before = await ahead('orders');
  expect(await run()).toBe(56);
  expect(await ahead('orders')).toEqual(before);
  await days(60);
  await t.owner.deleteFrom('app.order_day').where('day', '=', '2026-02-01').execute();
  expect(await run('2026-03-05')).toBe(56);
  const model = await t.db
    .selectFrom('report.forecast_models')
    .selectAll()
    .where('measure', '=', 'orders')
    .where('as_of_on', '=', '2026-03-05')
    .executeTakeFirstOrThrow();
  expect(model).toMatchObject({ fitted_days: 60, checked_days: 0, error_rate: null });
  // The facts end before the day: it begins where they do.
  expect((await ahead('orders'))[0]).toMatchObject({ as_of_on: '2026-03-05', day: UNTIL });
});
