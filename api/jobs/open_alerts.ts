/** Looks at the status rules that are new, that something is wrong with, or that are to be looked at more often than once a day. */
import { judgeAlerts } from '../alerts/judge.ts';
import type { JobContext } from '../jobs.ts';

export const label = ['进行中的提醒', 'Open alerts'] as const;
export const every = '*/5 * * * *';

/** @returns how many notices there are */
export function run({ deps, stopped }: JobContext): Promise<number> {
  return judgeAlerts(deps, { due: true, stopped });
}
