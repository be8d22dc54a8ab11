/** The days that a range of days is compared with, and which of them each of its days answers to. */
import { addDays, daysBetween } from './dates.ts';

export interface ShiftedRange {
  /** First day, and the day after the last. */
  from: string;
  to: string;
  /** The day within the range itself that one of these answers to. */
  back(day: string): string;
}

/**
 * A year before, or as long as the range is: in whole months where it begins with one, so that a month is compared with a month,
 * and one that goes on with as many days of the one before.
 */
export function shiftedRange(
  { from, to }: { from: string; to: string },
  against: 'previous_period' | 'same_period_last_year',
): ShiftedRange {
  const months = against === 'same_period_last_year' ? 12 : from.endsWith('-01') ? monthsOf(from, to) : 0;
  if (months === 0) {
    const days = daysBetween(from, to);
    return { from: addDays(from, -days), to: from, back: (day) => addDays(day, days) };
  }
  return {
    from: moveMonths(from, -months),
    to: moveMonths(to, -months),
    back: (day) => moveMonths(day, months),
  };
}

/** Months that it is of, the last of them perhaps not whole. */
function monthsOf(from: string, to: string): number {
  const last = addDays(to, -1);
  return monthOf(last) - monthOf(from) + 1;
}

const monthOf = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

/** The same day of another month, or its last where it has none such. */
function moveMonths(day: string, months: number): string {
  const month = monthOf(day) + months;
  const first = `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`;
  const next = new Date(`${first}T00:00:00Z`);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const length = daysBetween(first, next.toISOString().slice(0, 10));
  return addDays(first, Math.min(Number(day.slice(8, 10)), length) - 1);
}
