/** The days that a range of days is compared with, and which of them each of its days answers to. */
import { addDays, type DayRange, daysBetween, moveMonths } from './dates.ts';

export interface ShiftedRange extends DayRange {
  /** The day within the range itself that one of these answers to. */
  back(day: string): string;
}

/**
 * A year before, or as long as the range is: a range of months is compared with as many months, and where it goes on with as many
 * days of them; any other with as many days just before it.
 */
export function shiftedRange(
  { from, to, months: length = 0 }: DayRange,
  against: 'previous_period' | 'same_period_last_year',
): ShiftedRange {
  const months = against === 'same_period_last_year' ? 12 : length;
  if (months === 0) {
    const days = daysBetween(from, to);
    return { from: addDays(from, -days), to: from, back: (day) => addDays(day, days) };
  }
  // Of a month that goes on the last of its days has another to answer to, of a whole one the first of the next.
  const until = to.endsWith('-01') ? moveMonths(to, -months) : addDays(moveMonths(addDays(to, -1), -months), 1);
  return { from: moveMonths(from, -months), to: until, back: (day) => moveMonths(day, months) };
}
