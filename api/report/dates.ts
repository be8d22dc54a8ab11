/** Relative days of report parameters ("last_28d", "$today-7d"), resolved against the programme's day. */

/** Half-open: the first day, and the first day after the last. */
export interface DayRange {
  from: string;
  to: string;
  /** How many calendar months it is of, the last perhaps unfinished; absent where it is of days. */
  months?: number;
}

/** "2026-03-01" or "$today", "$today-7d", "$today+2w"; null when it is neither, or not a day of the calendar. */
export function resolveDay(text: string, today: string): string | null {
  const relative = /^\$today(?:([+-])(\d{1,4})([dw]))?$/.exec(text);
  if (relative) {
    const days = Number(relative[2] ?? 0) * (relative[3] === 'w' ? 7 : 1);
    return addDays(today, relative[1] === '-' ? -days : days);
  }
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && isDay(text) ? text : null;
}

/**
 * "all", "2026-03" (that month), "2026-03-01" (that day), "2026-01-01..2026-01-31" (both days inclusive, either may be relative), or a named range. Every named range ends with
 * today or the current month, unfinished as it is: last_28d = today and the 27 days before, last_12m = this month and the
 * 11 before; this_month, this_quarter, this_year start at their first day; last_month and last_year are complete.
 */
export function resolveRange(text: string, today: string): DayRange | null {
  const pair = /^(.+?)\.\.(.+)$/.exec(text);
  if (pair) {
    const from = resolveDay(pair[1]!, today);
    const last = resolveDay(pair[2]!, today);
    if (!from || !last || from > last) return null;
    const to = addDays(last, 1);
    return from.endsWith('-01') && to.endsWith('-01') ? ofMonths(from, to) : { from, to };
  }
  const day = resolveDay(text, today);
  if (day) return { from: day, to: addDays(day, 1) };
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return ofMonths(`${text}-01`, addMonths(`${text}-01`, 1));
  const tomorrow = addDays(today, 1);
  const last = /^last_(\d{1,4})([dwm])$/.exec(text);
  if (last) {
    const count = Number(last[1]);
    if (count < 1) return null;
    if (last[2] === 'm') return ofMonths(addMonths(today, 1 - count), tomorrow);
    return { from: addDays(tomorrow, -count * (last[2] === 'w' ? 7 : 1)), to: tomorrow };
  }
  const month = addMonths(today, 0);
  const year = `${today.slice(0, 4)}-01-01`;
  switch (text) {
    case 'all':
      return ALL_DAYS;
    case 'this_month':
      return ofMonths(month, tomorrow);
    case 'last_month':
      return ofMonths(addMonths(today, -1), month);
    case 'this_quarter':
      return ofMonths(addMonths(today, -((Number(today.slice(5, 7)) - 1) % 3)), tomorrow);
    case 'this_year':
      return ofMonths(year, tomorrow);
    case 'last_year':
      return ofMonths(addMonths(year, -12), year);
    default:
      return null;
  }
}

function ofMonths(from: string, to: string): DayRange {
  return { from, to, months: monthOf(addDays(to, -1)) - monthOf(from) + 1 };
}

/** Every day a report can ask for. */
const ALL_DAYS: DayRange = { from: '0001-01-01', to: '9999-12-31' };

/** How a resolved range travels back: both days inclusive. */
export function printRange(range: DayRange): string {
  if (range === ALL_DAYS) return 'all';
  return `${range.from}..${addDays(range.to, -1)}`;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** The same day of another month, or its last where it has none such. */
export function moveMonths(day: string, months: number): string {
  const first = addMonths(day, months);
  const length = daysBetween(first, addMonths(first, 1));
  return addDays(first, Math.min(Number(day.slice(8, 10)), length) - 1);
}

const monthOf = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

/** First day of the month that lies `months` away from the day's own. */
function addMonths(day: string, months: number): string {
  const index = monthOf(day) + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}-01`;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().slice(0, 10) === text;
}
