/**
 * When something that repeats takes place: every day, week, month, quarter or year from its first time on. Pure, so that
 * the calendar draws with it; ops.occurrences says the same in SQL (held together by test/sql/occurrences.test.ts).
 *
 * A month that lacks the day has it on its last one (31 January -> 28 February). What lasts from the first to the last day
 * of months does so every time; anything else lasts the same number of days.
 */

export const REPEATS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Repeat = (typeof REPEATS)[number];

/** Days as "YYYY-MM-DD", both included. */
export interface Span {
  starts_on: string;
  ends_on: string;
}
export interface Recurrence {
  /** Null: once. */
  repeat: Repeat | null;
  /** Every so many of them; 1 when absent. */
  interval?: number | null;
  /** Weeks only: "1" Monday to "7" Sunday; the weekday of the first time when none is named. */
  weekdays?: readonly string[] | null;
  /** No time begins after this day. */
  until?: string | null;
}

const MONTHS: { [repeat in Repeat]?: number } = { month: 1, quarter: 3, year: 12 };

/** The times that share at least a day with the window, in order. @param limit of how many are given */
export function occurrences(first: Span, rule: Recurrence, window: { from: string; to: string }, limit = 1000): Span[] {
  const found: Span[] = [];
  for (const starts of beginnings(first, rule, window)) {
    const span = { starts_on: dayText(starts), ends_on: dayText(endOf(first, rule, starts)) };
    if (span.starts_on > window.to || found.length >= limit) break;
    if (span.ends_on >= window.from) found.push(span);
  }
  return found;
}

/** The same moved by days: the first time, and with it every other. */
export function moveBy(first: Span, rule: Recurrence, days: number): Span & { weekdays: string[] } {
  const turned = (rule.weekdays ?? []).map((day) => String(modulo(Number(day) - 1 + days, 7) + 1)).sort();
  return {
    starts_on: dayText(dayNumber(first.starts_on) + days),
    ends_on: dayText(dayNumber(first.ends_on) + days),
    weekdays: turned,
  };
}

/** Days since 1970-01-01. */
export function dayNumber(text: string): number {
  return Date.parse(`${text}T00:00:00Z`) / 86_400_000;
}

export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** From a little before the window on; a rule without end has no last one. */
function* beginnings(first: Span, rule: Recurrence, { from, to }: { from: string; to: string }): Generator<number> {
  const start = dayNumber(first.starts_on);
  const last = Math.min(rule.until ? dayNumber(rule.until) : Number.POSITIVE_INFINITY, dayNumber(to));
  const { repeat } = rule;
  if (!repeat) {
    if (start <= dayNumber(to)) yield start;
    return;
  }
  const every = Math.max(1, rule.interval ?? 1);
  // No time lasts longer than the first, but for the three days by which months differ.
  const early = dayNumber(from) - (dayNumber(first.ends_on) - start) - 3;
  if (repeat === 'day' || repeat === 'week') {
    const step = every * (repeat === 'week' ? 7 : 1);
    const monday = start - modulo(start + 3, 7);
    const days = repeat === 'week' ? weekdaysOf(rule, start).map((day) => monday + day - 1) : [start];
    for (let turn = Math.max(0, Math.floor((early - start) / step) - 1); ; turn++) {
      for (const day of days) {
        const begins = day + turn * step;
        if (begins > last) return;
        if (begins >= start) yield begins;
      }
    }
  }
  const months = every * MONTHS[repeat]!;
  const elapsed = monthNumber(dayText(Math.max(early, start))) - monthNumber(first.starts_on);
  for (let turn = Math.max(0, Math.floor(elapsed / months) - 1); ; turn++) {
    const begins = dayOfMonth(monthNumber(first.starts_on) + turn * months, Number(first.starts_on.slice(8)));
    if (begins > last) return;
    yield begins;
  }
}

function weekdaysOf({ weekdays }: Recurrence, start: number): number[] {
  if (!weekdays || weekdays.length === 0) return [modulo(start + 3, 7) + 1];
  return weekdays.map(Number).sort((left, right) => left - right);
}

function endOf(first: Span, { repeat }: Recurrence, starts: number): number {
  const begins = dayNumber(first.starts_on);
  const ends = dayNumber(first.ends_on);
  const monthly = repeat !== null && MONTHS[repeat] !== undefined;
  const whole = monthly && first.starts_on.endsWith('-01') && dayText(ends + 1).endsWith('-01');
  if (!whole) return starts + ends - begins;
  const months = monthNumber(first.ends_on) - monthNumber(first.starts_on) + 1;
  return dayOfMonth(monthNumber(dayText(starts)) + months, 1) - 1;
}

/** Months since year 0. */
function monthNumber(text: string): number {
  return Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1;
}

/** The day of a month, or its last one where it has fewer. */
function dayOfMonth(month: number, day: number): number {
  const begins = Date.UTC(Math.floor(month / 12), month % 12, 1) / 86_400_000;
  const length = Date.UTC(Math.floor((month + 1) / 12), (month + 1) % 12, 1) / 86_400_000 - begins;
  return begins + Math.min(day, length) - 1;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
