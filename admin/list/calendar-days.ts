/** Months and quarters as weeks of days, and which line of a week each span takes. Pure. */
import { dayNumber, dayText, type Span } from '../../api/recurrence.ts';

export type Stretch = 'month' | 'quarter';

/** @param day any day in it @returns its first and last day */
export function stretchOf(day: string, stretch: Stretch): { from: string; to: string } {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7)) - 1;
  const first = stretch === 'month' ? month : month - (month % 3);
  const length = stretch === 'month' ? 1 : 3;
  const text = (at: number, date: number) => new Date(Date.UTC(year, at, date)).toISOString().slice(0, 10);
  return { from: text(first, 1), to: text(first + length, 0) };
}

/** The first day of the stretch so many before or after. */
export function turn(day: string, stretch: Stretch, steps: number): string {
  const { from } = stretchOf(day, stretch);
  const months = (stretch === 'month' ? 1 : 3) * steps;
  return new Date(Date.UTC(Number(from.slice(0, 4)), Number(from.slice(5, 7)) - 1 + months, 1))
    .toISOString()
    .slice(0, 10);
}

/** Whole weeks, Monday first, that hold the stretch: each the days of one week. */
export function weeksOf({ from, to }: { from: string; to: string }): string[][] {
  const first = mondayOf(dayNumber(from));
  const last = mondayOf(dayNumber(to));
  const weeks: string[][] = [];
  for (let monday = first; monday <= last; monday += 7)
    weeks.push(Array.from({ length: 7 }, (_, day) => dayText(monday + day)));
  return weeks;
}

export interface Placed<T> {
  item: T;
  /** 0..6 in the week. */
  first: number;
  days: number;
  /** Which line under the dates. */
  line: number;
  /** It began before this week, or goes on after it. */
  before: boolean;
  after: boolean;
}

/** Spans of one week, the longer and earlier ones on the upper lines; none covers another. */
export function placeInWeek<T extends Span>(items: readonly T[], week: readonly string[]): Placed<T>[] {
  const monday = week[0]!;
  const sunday = week[6]!;
  const here = items
    .filter(({ starts_on, ends_on }) => starts_on <= sunday && ends_on >= monday)
    .sort((left, right) => compare(left.starts_on, right.starts_on) || compare(right.ends_on, left.ends_on));
  const ends: number[] = [];
  return here.map((item) => {
    const first = Math.max(0, dayNumber(item.starts_on) - dayNumber(monday));
    const last = Math.min(6, dayNumber(item.ends_on) - dayNumber(monday));
    const free = ends.findIndex((end) => end < first);
    const line = free < 0 ? ends.length : free;
    ends[line] = last;
    return {
      item,
      first,
      days: last - first + 1,
      line,
      before: item.starts_on < monday,
      after: item.ends_on > sunday,
    };
  });
}

const mondayOf = (day: number): number => day - ((((day + 3) % 7) + 7) % 7);
const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
