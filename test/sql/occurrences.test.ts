/** What repeats: the calendar's arithmetic and the database's are one. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayNumber, dayText, moveBy, occurrences, REPEATS, type Recurrence, type Span } from '../../api/recurrence.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.close());

const year = { from: '2026-01-01', to: '2026-12-31' };
const starts = (first: Span, rule: Recurrence, window = year) =>
  occurrences(first, rule, window).map((each) => each.starts_on);
const on = (day: string, to = day): Span => ({ starts_on: day, ends_on: to });

describe('what repeats takes place', () => {
  test('on the 10th of each month', () => {
    const days = starts(on('2026-03-10'), { repeat: 'month' });
    expect(days).toHaveLength(10);
    expect(days.every((day) => day.endsWith('-10'))).toBe(true);
  });

  test('through the whole first month of each quarter, however long it is', () => {
    expect(occurrences(on('2026-01-01', '2026-01-31'), { repeat: 'quarter' }, year)).toEqual([
      on('2026-01-01', '2026-01-31'),
      on('2026-04-01', '2026-04-30'),
      on('2026-07-01', '2026-07-31'),
      on('2026-10-01', '2026-10-31'),
    ]);
  });

  test.each<[string, Span, Recurrence, string[]]>([
    ['once', on('2026-05-01', '2026-05-07'), { repeat: null }, ['2026-05-01']],
    [
      'on the last day of months that lack the 31st',
      on('2026-01-31'),
      { repeat: 'month', until: '2026-04-30' },
      ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'],
    ],
    ['on 29 February, or the 28th', on('2024-02-29'), { repeat: 'year' }, ['2026-02-28']],
    [
      'every other week on the days named',
      on('2026-11-18'),
      { repeat: 'week', interval: 2, weekdays: ['5', '1', '3'] },
      [
        '2026-11-18',
        '2026-11-20',
        '2026-11-30',
        '2026-12-02',
        '2026-12-04',
        '2026-12-14',
        '2026-12-16',
        '2026-12-18',
        '2026-12-28',
        '2026-12-30',
      ],
    ],
    ['every ten days', on('2026-12-05'), { repeat: 'day', interval: 10 }, ['2026-12-05', '2026-12-15', '2026-12-25']],
    ['over the turn of the year', on('2025-12-28', '2026-01-03'), { repeat: 'year' }, ['2025-12-28', '2026-12-28']],
    ['not after its end', on('2026-02-10'), { repeat: 'month', until: '2026-03-09' }, ['2026-02-10']],
  ])('%s', (_, first, rule, expected) => {
    expect(starts(first, rule)).toEqual(expected);
  });
});

const day = fc.integer({ min: dayNumber('2019-11-01'), max: dayNumber('2028-03-31') }).map(dayText);
const span = fc.oneof(
  fc.tuple(day, fc.integer({ min: 0, max: 100 })).map(([from, days]) => on(from, dayText(dayNumber(from) + days))),
  fc.tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 1, max: 5 })).map(([month, months]) => {
    const first = (at: number) => new Date(Date.UTC(2020, at, 1)).toISOString().slice(0, 10);
    return on(first(month), dayText(dayNumber(first(month + months)) - 1));
  }),
);
const rule = fc.record({
  repeat: fc.constantFrom(...REPEATS, null),
  interval: fc.option(fc.integer({ min: 1, max: 14 })),
  weekdays: fc.option(fc.subarray(['1', '2', '3', '4', '5', '6', '7'])),
  until: fc.option(day),
});
const window = fc
  .tuple(day, fc.integer({ min: 0, max: 500 }))
  .map(([from, days]) => ({ from, to: dayText(dayNumber(from) + days) }));

test('the database and the calendar agree on every rule', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(span, rule, window), { minLength: 50, maxLength: 50 }), async (cases) => {
      const asked = cases.map(([first, { repeat, interval, weekdays, until }, { from, to }], at) => ({
        at,
        ...first,
        repeat,
        interval,
        weekdays,
        until,
        from,
        to,
      }));
      const { rows } = await sql<{ at: number; spans: Span[] }>`
        select asked.at, coalesce((
          select json_agg(found order by found.starts_on)
          from ops.occurrences(asked.starts_on, asked.ends_on, asked.repeat, asked.interval,
            asked.weekdays, asked.until, asked."from", asked."to") as found
        ), '[]') as spans
        from json_to_recordset(${JSON.stringify(asked)}::json) as asked (
          at integer, starts_on date, ends_on date, repeat text, interval integer, weekdays text[], until date, "from" date, "to" date
        )
        order by asked.at`.execute(t.db);
      for (const { at, spans } of rows) {
        const [first, each, range] = cases[at]!;
        expect(spans, JSON.stringify(cases[at])).toEqual(occurrences(first, each, range, 10_000));
      }
    }),
    { numRuns: 40 },
  );
});

test('every time is within the window, in order, and none is found twice', () => {
  fc.assert(
    fc.property(span, rule, window, (first, each, range) => {
      const found = occurrences(first, each, range, 10_000);
      expect(found.every(({ starts_on, ends_on }) => starts_on <= range.to && ends_on >= range.from)).toBe(true);
      expect(found.every(({ starts_on }) => starts_on >= first.starts_on)).toBe(true);
      const days = found.map(({ starts_on }) => starts_on);
      expect(days).toEqual([...new Set(days)].sort());
    }),
  );
});

test('moved by days, the weekly times all move by them', () => {
  fc.assert(
    fc.property(
      day,
      fc.subarray(['1', '2', '3', '4', '5', '6', '7'], { minLength: 1 }),
      fc.integer({ min: -20, max: 20 }),
      (from, weekdays, days) => {
        const before: Recurrence = { repeat: 'week', weekdays };
        const moved = moveBy(on(from), before, days);
        const range = { from: dayText(dayNumber(from) + 28), to: dayText(dayNumber(from) + 60) };
        const shifted = { from: dayText(dayNumber(range.from) + days), to: dayText(dayNumber(range.to) + days) };
        const after = occurrences(moved, { repeat: 'week', weekdays: moved.weekdays }, shifted);
        const expected = occurrences(on(from), before, range).map((each) => dayText(dayNumber(each.starts_on) + days));
        expect(after.map((each) => each.starts_on)).toEqual(expected);
      },
    ),
  );
});
