/** The forecast of a retrospective: all days together, beside as many days before and the target by days. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RetrospectiveRead } from '../../api/contract-written.ts';
import { reportStore } from '../../api/report/store.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  await sql`
    insert into app.order_day (day, channel, identified, order_count, amount, returned_amount)
    select day, 'online', true, 10, 1500, 0 from generate_series('2025-11-01'::date, '2026-02-01', interval '1 day') as day
  `.execute(t.owner);
  await sql`
    insert into app.metric_targets (metric, grain, measure, target_value, starts_on)
    values ('orders', 'month', 'number', 560, '2025-01-01')
  `.execute(t.owner);
  // Made too early, in time, and so late that it looks back itself.
  await sql`
    insert into app.forecast_models (measure, as_of_on, alpha, beta, gamma, phi, deviation, fitted_days, checked_days)
    select measure, as_of_on::date, 0.1, 0.1, 0.1, 0.9, 1, 90, 0
    from (values ('orders'), ('revenue_gross')) as measures (measure)
    cross join (values ('2026-01-31'), ('2026-02-02'), ('2026-03-20')) as days (as_of_on)
  `.execute(t.owner);
  await sql`
    insert into app.forecast_days (measure, as_of_on, day, expected, low, high)
    select measure, as_of_on, as_of_on + at, 12, 8, 16
    from app.forecast_models cross join generate_series(0, 3) as at
  `.execute(t.owner);
});
afterAll(async () => {
  if (a) reportStore(a.deps).close();
  await t?.close();
});

test('adds the days up, its band by the root of the squares, and is judged by the target of these days', async () => {
  await a.as('analyst')('POST', '/api/_retrospectives/2026-01', {});
  const { body } = (await (await a.as('manager')('GET', '/api/_retrospectives/2026-01')).json()) as RetrospectiveRead;
  expect(body.forecasts).toMatchObject([
    // 4 x 12, give or take sqrt(4 x 4²); 28 days of February share 560.
    {
      ...{ measure: 'orders', as_of_on: '2026-02-02', starts_on: '2026-02-02', ends_on: '2026-02-05' },
      ...{ expected: '48.00', low: '40.00', high: '56.00', before_value: '40', target: '80.00', status: 'missed' },
    },
    { measure: 'revenue_gross', expected: '48.00', before_value: '6000.00', target: null, status: null },
  ]);
  expect(body.waits.map(({ chapter }) => chapter)).not.toContain('forecast');
  expect(body.figures.filter(({ chapter }) => chapter === 'forecast')).toEqual([]);
});
