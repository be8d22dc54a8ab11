/** Looks at every status rule once a day, when the figures of the day are there; open_alerts does for the rest of the day. */
import { judgeAlerts } from '../alerts/judge.ts';
import type { JobContext } from '../jobs.ts';

export const label = ['状态提醒', 'Alerts'] as const;
export const every = '30 7 * * *';
export const after = [
  'segment_snapshot',
  'rfm_scores',
  'points_day',
  'benefit_day',
  'customer_values',
  'health_report',
];

/** @returns how many notices there are */
export function run({ deps, stopped }: JobContext): Promise<number> {
  return judgeAlerts(deps, { due: false, stopped });
}
