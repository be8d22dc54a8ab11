import { expect, test } from 'vitest';
import type { ReportParam } from '../../api/contract-reports.ts';
import { printRange, resolveDay, resolveRange } from '../../api/report/dates.ts';
import { bindTypes, resolveParams } from '../../api/report/params.ts';

const TODAY = '2026-03-10';
const range = (text: string) => {
  const found = resolveRange(text, TODAY);
  return found && `${found.from} ${found.to}`;
};

test('named ranges end with today or this month, half-open', () => {
  expect(range('last_28d')).toBe('2026-02-11 2026-03-11');
  expect(range('last_2w')).toBe('2026-02-25 2026-03-11');
  expect(range('last_12m')).toBe('2025-04-01 2026-03-11');
  expect(range('this_month')).toBe('2026-03-01 2026-03-11');
  expect(range('last_month')).toBe('2026-02-01 2026-03-01');
  expect(range('this_quarter')).toBe('2026-01-01 2026-03-11');
  expect(range('last_year')).toBe('2025-01-01 2026-01-01');
  expect(range('all')).toBe('0001-01-01 9999-12-31');
});

test('a range is two days with both inside, one day, or one month', () => {
  expect(range('2026-01-01..2026-01-31')).toBe('2026-01-01 2026-02-01');
  expect(range('$today-6d..$today')).toBe('2026-03-04 2026-03-11');
  expect(range('2026-02-28')).toBe('2026-02-28 2026-03-01');
  expect(range('2026-12')).toBe('2026-12-01 2027-01-01');
  expect(printRange(resolveRange('2026-02', TODAY)!)).toBe('2026-02-01..2026-02-28');
});

test('what is no day of the calendar is refused', () => {
  for (const text of ['2026-02-30', '2026-13-01', '2026-1-1', 'yesterday', "2026-01-01'; drop", '']) {
    expect(resolveDay(text, TODAY), text).toBeNull();
  }
  for (const text of ['last_0d', 'last_28', '2026-02-02..2026-01-01', '2026-13', '..'])
    expect(range(text), text).toBeNull();
});

const PARAMS: { [name: string]: ReportParam } = {
  period: { type: 'daterange', default: 'last_28d', max: '40d' },
  on: { type: 'date', default: '$today-7d' },
  grain: { type: 'enum', values: ['day', 'week'], default: 'day' },
  channel: { type: 'text', many: true },
  score: { type: 'integer', min: 1, max: 5 },
  limit: { type: 'decimal', max: 10 },
  known: { type: 'boolean' },
};
const resolve = (query: { [name: string]: string[] }) => resolveParams(PARAMS, query, { today: TODAY, lang: 'en' });

test('defaults count from the programme day; what has none is null, which means all', () => {
  expect(resolve({}).bound).toEqual({
    lang: 'en',
    today: TODAY,
    period_from: '2026-02-11',
    period_to: '2026-03-11',
    on: '2026-03-03',
    grain: 'day',
    channel: null,
    score: null,
    limit: null,
    known: null,
  });
  expect(resolve({}).shown).toMatchObject({ period: '2026-02-11..2026-03-10', on: '2026-03-03', channel: null });
});

test('the address wins over the default, exactly', () => {
  const { bound, wrong } = resolve({
    grain: ['week'],
    channel: ['online', "o'neil; --"],
    score: ['5'],
    limit: ['9.999999'],
    known: ['false'],
  });
  expect(wrong).toBeNull();
  expect(bound).toMatchObject({
    grain: 'week',
    channel: ['online', "o'neil; --"],
    score: 5,
    limit: '9.999999',
    known: false,
  });
});

test.each([
  ['an unknown parameter', { chanel: ['x'] }, 'chanel'],
  ['a name of Object.prototype', { constructor: ['x'] }, 'constructor'],
  ['a value outside the choices', { grain: ['month'] }, 'grain'],
  ['a parameter with a default emptied', { grain: [''] }, 'grain'],
  ['two values for one', { grain: ['day', 'week'] }, 'grain'],
  ['a range that is too long', { period: ['last_41d'] }, 'period'],
  ['all where a range has a maximum', { period: ['all'] }, 'period'],
  ['no range', { period: ['soon'] }, 'period'],
  ['no date', { on: ['2026-02-30'] }, 'on'],
  ['a number that is none', { score: ['1e3'] }, 'score'],
  ['a number below the minimum', { score: ['0'] }, 'score'],
  ['a number above the maximum', { limit: ['10.000001'] }, 'limit'],
  ['a whole number with a fraction', { score: ['1.5'] }, 'score'],
  ['no boolean', { known: ['yes'] }, 'known'],
  ['a text with a zero byte', { channel: ['a\0b'] }, 'channel'],
])('%s is refused by name', (_what, query, name) => {
  expect(resolve(query as { [name: string]: string[] }).wrong?.name).toBe(name);
});

test('each parameter is bound with its type', () => {
  expect(Object.fromEntries(bindTypes(PARAMS))).toEqual({
    lang: 'text',
    today: 'date',
    period_from: 'date',
    period_to: 'date',
    on: 'date',
    grain: 'text',
    channel: 'text[]',
    score: 'bigint',
    limit: 'numeric',
    known: 'boolean',
  });
});
