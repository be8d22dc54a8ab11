/** Forecasts against figures worked out by hand. */
import { expect, test } from 'vitest';
import { fitSeasonal, forecast, meanError, modelOf, repeatSeason } from '../../api/statistics/holt-winters.ts';

const WEEK = [10, 12, 11, 13, 20, 30, 25];
const weeks = (count: number, change = (value: number, _at: number) => value) =>
  Array.from({ length: count * 7 }, (_, at) => change(WEEK[at % 7]!, at));

test('a week that repeats itself is said again, without a band', () => {
  const model = fitSeasonal(weeks(8), 7);
  const days = forecast(model, 14);
  expect(model.deviation).toBeCloseTo(0, 6);
  for (const [at, day] of days.entries()) {
    expect(day.expected).toBeCloseTo(WEEK[at % 7]!, 4);
    expect(day.high - day.low).toBeCloseTo(0, 4);
  }
});

test('one step follows the textbook: period 2, values 1 3 2 4 5, alpha 0.5, beta 0.1, gamma 0.2, phi 0.9', () => {
  // Means 2 and 3, trend 0.5, level 2 - 0.75 = 1.25; beside it: 1 - 1.75, 2 - 2.75 -> -0.75; 3 - 2.25, 4 - 3.25 -> 0.75.
  const model = modelOf([1, 3, 2, 4], 2, { alpha: 0.5, beta: 0.1, gamma: 0.2, phi: 0.9 });
  // Step 1: before 1.7, error 1 - 1.7 + 0.75 = 0.05; level 1.725, trend 0.455, season -0.74.
  // Step 2: before 2.1345, error 0.1155; level 2.19225, trend 0.42105, season 0.7731.
  // Step 3: before 2.571195, error 0.168805; level 2.6555975, trend 0.3958255, season -0.706239.
  // Step 4: before 3.01184045, error 0.21505955; level 3.119370225, trend 0.377748905, season 0.81611191.
  expect(model.level).toBeCloseTo(3.119370225, 9);
  expect(model.trend).toBeCloseTo(0.377748905, 9);
  expect(model.seasons[0]).toBeCloseTo(-0.706239, 9);
  expect(model.seasons[1]).toBeCloseTo(0.81611191, 9);
  const squares = 0.05 ** 2 + 0.1155 ** 2 + 0.168805 ** 2 + 0.21505955 ** 2;
  expect(model.deviation).toBeCloseTo(Math.sqrt(squares / 4), 9);

  const [next, after, third] = forecast(model, 3);
  expect(next!.expected).toBeCloseTo(3.119370225 + 0.9 * 0.377748905 - 0.706239, 9);
  expect(after!.expected).toBeCloseTo(3.119370225 + 1.71 * 0.377748905 + 0.81611191, 9);
  // Variances: 1; 1 + (0.5 + 0.1 * 0.9)^2; plus (0.5 + 0.1 * 1.71 + 0.2)^2, a season on.
  const half = (day: typeof next) => (day!.high - day!.low) / 2 / 1.959963984540054 / model.deviation;
  expect(half(next)).toBeCloseTo(1, 9);
  expect(half(after)).toBeCloseTo(Math.sqrt(1.3481), 9);
  expect(half(third)).toBeCloseTo(Math.sqrt(1.3481 + 0.871 ** 2), 9);
});

test('a level that moved is followed, and growth goes on, less each step', () => {
  const moved = fitSeasonal(
    weeks(12, (value, at) => value + (at >= 42 ? 50 : 0)),
    7,
  );
  for (const [at, day] of forecast(moved, 7).entries()) expect(day.expected).toBeCloseTo(WEEK[at]! + 50, -1);
  const growing = fitSeasonal(
    weeks(12, (value, at) => value + at),
    7,
  );
  const [first, , , , , , , eighth] = forecast(growing, 8);
  expect(first!.expected).toBeGreaterThan(WEEK[0]! + 80);
  expect(eighth!.expected).toBeGreaterThan(first!.expected);
  expect(eighth!.expected - first!.expected).toBeLessThan(7.5);
});

test('errors are shares of what came; days without anything are left out', () => {
  expect(meanError([100, 200, 0, 50], [90, 220, 7, 50])).toBeCloseTo((0.1 + 0.1 + 0) / 3, 12);
  expect(meanError([0, 0], [1, 2])).toBeNull();
  expect(repeatSeason([9, 9, 1, 2, 3], 3, 5)).toEqual([1, 2, 3, 1, 2]);
});

test('the same figures give the same model', () => {
  const noisy = weeks(20, (value, at) => value + ((at * 7919) % 13) - 6);
  expect(fitSeasonal(noisy, 7)).toEqual(fitSeasonal(noisy, 7));
  // Most of what came since lies within the band of what was known before.
  const days = forecast(fitSeasonal(noisy.slice(0, 112), 7), 28);
  const inside = days.filter(({ low, high }, at) => noisy[112 + at]! >= low && noisy[112 + at]! <= high).length;
  expect(inside).toBeGreaterThanOrEqual(24);
});
