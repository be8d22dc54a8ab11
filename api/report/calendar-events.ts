/** What happened on the days that a chart shows. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { CalendarEvent } from '../contract-reports.ts';
import { ask } from './sandboxed.ts';

/** Earlier ones first. */
export const EVENTS_MAX = 100;

/** What staff noted for the metric or for all of them, and campaigns, from a day on. @param asked.tags their kinds; all without */
export async function calendarEvents(
  deps: Deps,
  { from, metric, tags, time_zone }: { from: string; metric: string; tags?: readonly string[]; time_zone: string },
): Promise<CalendarEvent[]> {
  const query = deps.db
    .selectFrom('report.calendar_events as happened')
    .select(['event_kind', 'event_name', 'event_name_en', 'starts_on', 'ends_on'])
    .where('starts_on', '>=', from)
    .where(sql<boolean>`(happened.metrics = '{}' or ${metric} = any(happened.metrics))`)
    .$if(tags !== undefined, (events) => events.where('event_kind', 'in', [...tags!]))
    .orderBy('starts_on')
    .limit(EVENTS_MAX);
  const { rows } = await ask(deps, query, time_zone, { keep: true });
  return rows.map(([kind, name, name_en, starts_on, ends_on]) => ({
    kind: String(kind),
    name: [String(name), String(name_en)],
    starts_on: String(starts_on),
    ends_on: typeof ends_on === 'string' ? ends_on : null,
  }));
}
