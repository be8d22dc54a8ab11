/** The pages of a calendar: whole weeks, and bars that never cover one another. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeInWeek, stretchOf, turn, weeksOf } from '../../admin/list/calendar-days.ts';
import { dayNumber, dayText } from '../../api/recurrence.ts';

const day = fc.integer({ min: dayNumber('2020-01-01'), max: dayNumber('2030-12-31') }).map(dayText);
const stretch = fc.constantFrom('month' as const, 'quarter' as const);

test('a month and a quarter begin and end with their months', () => {
  expect(stretchOf('2028-02-11', 'month')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
  expect(stretchOf('2026-11-30', 'quarter')).toEqual({ from: '2026-10-01', to: '2026-12-31' });
  expect(turn('2026-01-31', 'month', -1)).toBe('2025-12-01');
  expect(turn('2026-11-30', 'quarter', 1)).toBe('2027-01-01');
});

test('there and back again is where one was', () => {
  fc.assert(
    fc.property(day, stretch, fc.integer({ min: -30, max: 30 }), (from, each, steps) => {
      expect(turn(turn(from, each, steps), each, -steps)).toBe(stretchOf(from, each).from);
    }),
  );
});

test('the weeks hold every day of the stretch once and begin on Mondays', () => {
  fc.assert(
    fc.property(day, stretch, (from, each) => {
      const inside = stretchOf(from, each);
      const days = weeksOf(inside).flat();
      expect(new Set(days).size).toBe(days.length);
      expect(days.length % 7).toBe(0);
      expect(new Date(`${days[0]}T00:00:00Z`).getUTCDay()).toBe(1);
      expect(days.filter((one) => one >= inside.from && one <= inside.to)).toHaveLength(
        dayNumber(inside.to) - dayNumber(inside.from) + 1,
      );
    }),
  );
});

test('bars of a week stay within it and never cover one another', () => {
  const spans = fc.array(
    fc.tuple(fc.integer({ min: -10, max: 20 }), fc.integer({ min: 0, max: 15 })).map(([from, days]) => ({
      starts_on: dayText(dayNumber('2026-11-16') + from),
      ends_on: dayText(dayNumber('2026-11-16') + from + days),
    })),
  );
  const week = weeksOf({ from: '2026-11-16', to: '2026-11-16' })[0]!;
  fc.assert(
    fc.property(spans, (items) => {
      const taken = new Set<string>();
      const placed = placeInWeek(items, week);
      for (const { first, days, line, item, before, after } of placed) {
        expect(first >= 0 && first + days <= 7 && days > 0).toBe(true);
        expect(before).toBe(item.starts_on < week[0]!);
        expect(after).toBe(item.ends_on > week[6]!);
        for (let at = first; at < first + days; at++) {
          expect(taken.has(`${line} ${at}`)).toBe(false);
          taken.add(`${line} ${at}`);
        }
      }
      expect(placed).toHaveLength(
        items.filter((each) => each.starts_on <= week[6]! && each.ends_on >= week[0]!).length,
      );
    }),
  );
});
