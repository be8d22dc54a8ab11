/** Relative days of report parameters ("last_28d", "$today-7d"), resolved against the programme's day. */

/** Half-open: the first day, and the first day after the last. */
export interface DayRange {
  from: string;
  to: string;
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
    return from && last && from <= last ? { from, to: addDays(last, 1) } : null;
  }
  const day = resolveDay(text, today);
  if (day) return { from: day, to: addDays(day, 1) };
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return { from: `${text}-01`, to: addMonths(`${text}-01`, 1) };
  const tomorrow = addDays(today, 1);
  const last = /^last_(\d{1,4})([dwm])$/.exec(text);
  if (last) {
    const count = Number(last[1]);
    if (count < 1) return null;
    if (last[2] === 'm') return { from: addMonths(today, 1 - count), to: tomorrow };
    return { from: addDays(tomorrow, -count * (last[2] === 'w' ? 7 : 1)), to: tomorrow };
  }
  const month = addMonths(today, 0);
  const year = `${today.slice(0, 4)}-01-01`;
  switch (text) {
    case 'all':
      return ALL_DAYS;
    case 'this_month':
      return { from: month, to: tomorrow };
    case 'last_month':
      return { from: addMonths(today, -1), to: month };
    case 'this_quarter':
      return { from: addMonths(today, -((Number(today.slice(5, 7)) - 1) % 3)), to: tomorrow };
    case 'this_year':
      return { from: year, to: tomorrow };
    case 'last_year':
      return { from: addMonths(year, -12), to: year };
    default:
      return null;
  }
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

/** First day of the month that lies `months` away from the day's own. */
function addMonths(day: string, months: number): string {
  const index = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}-01`;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().slice(0, 10) === text;
}
