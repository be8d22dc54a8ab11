import { expect, test } from 'vitest';
import {
  formatDecimal,
  formatInteger,
  formatMoney,
  formatRate,
  percentToRate,
  rateToPercent,
} from '../../admin/fields/numbers.ts';
import { utcToZoned, zonedToUtc } from '../../admin/fields/zoned-time.ts';

test('a decimal is shown to its last digit, beyond what a float holds', () => {
  expect(formatMoney('123456789012345678.90', 'CNY')).toBe('¥123,456,789,012,345,678.90');
  expect(formatDecimal('0.1', 2)).toBe('0.10');
  expect(formatInteger(1234567)).toBe('1,234,567');
});

test('what is no number is shown as it is', () => {
  expect(formatDecimal('abc', 2)).toBe('abc');
  expect(formatInteger('***')).toBe('***');
});

test.each([
  ['0.125', '12.5'],
  ['1', '100'],
  ['0', '0'],
  ['0.0005', '0.05'],
  ['0.07', '7'],
  ['-0.3', '-30'],
])('the rate %s is %s %%, and back, without a float between', (rate, percent) => {
  expect(rateToPercent(rate)).toBe(percent);
  expect(percentToRate(percent)).toBe(rate);
  expect(formatRate(rate)).toBe(`${percent}%`);
});

test('a time in UTC is the wall clock of the programme, and back', () => {
  expect(utcToZoned('2026-02-28T17:30:00.000Z', 'Asia/Shanghai')).toBe('2026-03-01 01:30:00');
  expect(zonedToUtc('2026-03-01 01:30:00', 'Asia/Shanghai')).toBe('2026-02-28T17:30:00.000Z');
});

test('clocks that jump: the hour that occurs twice is its first, the one that does not is moved on', () => {
  expect(zonedToUtc('2026-10-25 01:30:00', 'Europe/London')).toBe('2026-10-25T00:30:00.000Z');
  expect(utcToZoned(zonedToUtc('2026-03-29 01:30:00', 'Europe/London'), 'Europe/London')).toBe('2026-03-29 02:30:00');
});
