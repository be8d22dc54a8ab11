/**
 * The steps of a time axis. Days, weeks and months that nothing happened in have their place too, so that distances on the
 * axis are distances in time; and the step that is still running is known, because what it shows is not the whole of it.
 */

export type Grain = 'day' | 'week' | 'month';
export interface TimeSteps {
  grain: Grain;
  /** Every step from the first value to the last. */
  steps: string[];
}

/** A decade of days is more than an axis can tell apart. */
const STEPS_MAX = 1_500;
const DAY_MS = 86_400_000;

/** @param values as the rows have them; null where they are no days, or too far apart for an axis of steps */
export function timeSteps(values: readonly string[]): TimeSteps | null {
  const days = [...new Set(values)].sort();
  if (days.length < 2 || !days.every((day) => /^\d{4}-\d{2}-\d{2}$/.test(day))) return null;
  const grain = grainOf(days);
  const steps: string[] = [];
  const last = days.at(-1)!;
  for (let step = days[0]!; step <= last; step = after(step, grain)) {
    if (steps.length === STEPS_MAX) return null;
    steps.push(step);
  }
  return { grain, steps };
}

/** Whether a month or week has not ended yet. @param today the programme's day */
export function isRunning(step: string, grain: Grain | undefined, today: string | undefined): boolean {
  if (!today || grain === undefined || grain === 'day') return false;
  return step <= today && today < after(step, grain);
}

/** Months begin on a first, weeks are whole weeks apart. */
function grainOf(days: readonly string[]): Grain {
  if (days.every((day) => day.endsWith('-01'))) return 'month';
  const first = Date.parse(days[0]!);
  return days.every((day) => ((Date.parse(day) - first) / DAY_MS) % 7 === 0) ? 'week' : 'day';
}

function after(day: string, grain: Grain): string {
  const date = new Date(day);
  if (grain === 'month') date.setUTCMonth(date.getUTCMonth() + 1);
  else date.setUTCDate(date.getUTCDate() + (grain === 'week' ? 7 : 1));
  return date.toISOString().slice(0, 10);
}
