/** Settings of the programme, and the moment a request's relative dates ("$today-30d") are counted from. */
import type { Kysely } from 'kysely';
import type { Caller } from './context.ts';
import type { Pair } from './contract.ts';
import type { Moment } from './predicate.ts';
import type { DB } from './schema.ts';

export interface Programme {
  time_zone: string;
  currency: string;
  programme_name: Pair;
}

/** Another process may save settings; this one sees them within these milliseconds. */
const KEPT_MS = 10_000;
const kept = new WeakMap<object, { programme: Programme; until: number }>();
const formats = new Map<string, Intl.DateTimeFormat>();
/** The day each zone had in the latest minute that was asked for. */
const days = new Map<string, { minute: number; day: string }>();

/**
 * @param through the transaction of the caller: whoever holds a connection must not wait for a second one, because those who
 *   have the others may be waiting for what this one has locked
 */
export async function readProgramme(db: Kysely<DB>, through: Kysely<DB> = db): Promise<Programme> {
  const found = kept.get(db);
  if (found && found.until > performance.now()) return found.programme;
  const row = await through
    .selectFrom('app.settings')
    .select(['time_zone', 'currency', 'programme_name_zh', 'programme_name_en'])
    .executeTakeFirstOrThrow();
  const programme: Programme = {
    time_zone: row.time_zone,
    currency: row.currency,
    programme_name: [row.programme_name_zh, row.programme_name_en],
  };
  kept.set(db, { programme, until: performance.now() + KEPT_MS });
  return programme;
}

/** To be called when settings were saved here. */
export function forgetProgramme(db: Kysely<DB>): void {
  kept.delete(db);
}

/** Now and today in the programme's time zone, as `caller` may compare with them. */
export async function readMoment(
  db: Kysely<DB>,
  caller: Pick<Caller, 'id'> | null,
  through: Kysely<DB> = db,
): Promise<Moment> {
  const { time_zone } = await readProgramme(db, through);
  const now = new Date();
  return { now: now.toISOString(), today: dayIn(time_zone, now), me: caller?.id ?? null, time_zone };
}

/** @returns the calendar day there, "YYYY-MM-DD" */
export function dayIn(time_zone: string, time: Date): string {
  // Every zone changes its day on a full minute; formatting costs more than the rest of a request's moment together.
  const minute = Math.floor(time.getTime() / 60_000);
  const known = days.get(time_zone);
  if (known?.minute === minute) return known.day;
  let format = formats.get(time_zone);
  if (!format) {
    // Swedish writes a date as ISO 8601 does.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: time_zone, dateStyle: 'short' });
    formats.set(time_zone, format);
  }
  const day = format.format(time);
  days.set(time_zone, { minute, day });
  return day;
}
