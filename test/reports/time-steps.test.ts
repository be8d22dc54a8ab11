import { expect, test } from 'vitest';
import { isRunning, timeSteps } from '../../reports/time-steps.ts';

test('days, weeks and months without a row have their place', () => {
  expect(timeSteps(['2026-02-27', '2026-03-02', '2026-02-27'])).toEqual({
    grain: 'day',
    steps: ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'],
  });
  expect(timeSteps(['2026-03-23', '2026-03-02'])).toEqual({
    grain: 'week',
    steps: ['2026-03-02', '2026-03-09', '2026-03-16', '2026-03-23'],
  });
  expect(timeSteps(['2025-11-01', '2026-02-01'])).toEqual({
    grain: 'month',
    steps: ['2025-11-01', '2025-12-01', '2026-01-01', '2026-02-01'],
  });
});

test('what is no axis of days is left as it is', () => {
  expect(timeSteps(['2026-03-01'])).toBeNull();
  expect(timeSteps(['2026-03-01', '2026-03-01T08:00:00.000Z'])).toBeNull();
  expect(timeSteps(['1000-01-02', '2026-03-01'])).toBeNull();
});

test('a month runs until its last day has passed, a day is what it is', () => {
  expect(isRunning('2026-03-01', 'month', '2026-03-31')).toBe(true);
  expect(isRunning('2026-03-01', 'month', '2026-04-01')).toBe(false);
  expect(isRunning('2026-04-01', 'month', '2026-03-31')).toBe(false);
  expect(isRunning('2026-03-02', 'week', '2026-03-08')).toBe(true);
  expect(isRunning('2026-03-02', 'week', '2026-03-09')).toBe(false);
  expect(isRunning('2026-03-02', 'day', '2026-03-02')).toBe(false);
  expect(isRunning('2026-03-01', 'month', undefined)).toBe(false);
});
