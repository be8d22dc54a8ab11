/** Dates and times: strict from JSON; from files the spellings people and spreadsheets use, year always first. */

import { isDay, readDate, readTime, zoneOffset } from '../predicate/values.ts';
import { Fault } from './fault.ts';
import type { Parser } from './parse-value.ts';

const DAY = String.raw`(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d))`;
const CLOCK = String.raw`(\d{1,2})[:时](\d\d)(?:[:分](?:(\d\d)(?:[.,](\d{1,9}))?秒?)?)?`;
const DATE_IN_FILE = new RegExp(`^${DAY}(?:[T ]\\s*0?0:00(?::00(?:\\.0+)?)?)?$`);
const TIME_IN_FILE = new RegExp(`^${DAY}(?:[T ]?\\s*${CLOCK}\\s*(Z|[+-]\\d\\d(?::?[0-5]\\d)?)?)?$`, 'i');

/** "2026-03-01"; files may also say 2026/3/1, 20260301, 2026年3月1日, or carry a midnight. */
export function dateParser(source: 'json' | 'text'): Parser {
  return (raw) => {
    const date = readDate(raw);
    if (date !== null) return date;
    if (source === 'json' || typeof raw !== 'string') return new Fault('not_a_date');
    const text = raw.trim();
    if (text === '') return null;
    const match = DATE_IN_FILE.exec(text);
    return (match && dayText(match)) ?? new Fault('not_a_date');
  };
}

/**
 * RFC 3339 in UTC. Files may leave out the offset or the clock: then it is local time in `time_zone`, midnight without a clock.
 */
export function timeParser(source: 'json' | 'text'): Parser {
  return (raw, { time_zone = 'UTC' }) => {
    if (source === 'text' && typeof raw === 'string' && LOCAL_SECOND.test(raw)) {
      const hour = hourInZone(raw.slice(0, 13), time_zone);
      if (hour !== null) return `${hour}${raw.slice(13)}.000Z`;
    }
    const time = readTime(raw);
    if (time !== null) return wireTime(time);
    if (source === 'json' || typeof raw !== 'string') return new Fault('not_a_time');
    const text = raw.trim();
    if (text === '') return null;
    const match = TIME_IN_FILE.exec(text);
    const date = match && dayText(match);
    if (!match || date === null) return new Fault('not_a_time');
    const [hour = '0', minute = '00', second = '00', fraction = '', offset] = match.slice(6);
    const local = `${date}T${hour.padStart(2, '0')}:${minute}:${second}`;
    const canonical = readTime(`${local}${fraction && `.${fraction}`}${offset ?? 'Z'}`);
    if (canonical === null) return new Fault('not_a_time');
    if (offset) return wireTime(canonical);
    const instant = localInstant(Date.parse(`${local}Z`), time_zone);
    return wireTime(`${new Date(instant).toISOString().slice(0, 20)}${canonical.slice(20)}`);
  };
}

/** Milliseconds, as they travel; microseconds only where the source has them. */
function wireTime(canonical: string): string {
  return canonical.endsWith('000Z') ? `${canonical.slice(0, 23)}Z` : canonical;
}

function dayText(match: RegExpExecArray): string | null {
  const year = match[1]!;
  const month = (match[2] ?? match[4]!).padStart(2, '0');
  const day = (match[3] ?? match[5]!).padStart(2, '0');
  return isDay(Number(year), Number(month), Number(day)) ? `${year}-${month}-${day}` : null;
}

const LOCAL_SECOND = /^\d{4}-\d\d-\d\d[ T]\d\d:[0-5]\d:[0-5]\d$/;
const hours = new Map<string, Map<string, string | null>>();

/**
 * The UTC hour "2026-03-01T00" in which a local hour "2026-03-01 08" lies; null where the two do not coincide, or it is none.
 * Kept, because a large file has few of them: this is what most of the time of an import would go into.
 */
function hourInZone(local: string, time_zone: string): string | null {
  let known = hours.get(time_zone);
  if (!known) {
    known = new Map();
    hours.set(time_zone, known);
  }
  let hour = known.get(local);
  if (hour === undefined) {
    const [date = '', clock = ''] = local.split(/[ T]/);
    const start = Date.parse(`${date}T${clock}:00:00Z`);
    const instant = readDate(date) !== null && clock < '24' ? localInstant(start, time_zone) : Number.NaN;
    const whole = instant % HOUR === 0 && localInstant(start + HOUR - 1, time_zone) === instant + HOUR - 1;
    hour = whole ? new Date(instant).toISOString().slice(0, 13) : null;
    if (known.size > 50_000) known.clear();
    // A copy: a slice would keep the whole piece of the file alive that it was cut from.
    known.set(Buffer.from(local).toString(), hour);
  }
  return hour;
}

const HOUR = 3_600_000;
const DAY_LENGTH = 24 * HOUR;
/** Offsets of days without a clock change, by zone and day number: files come sorted by time, more or less. */
const steady = new Map<string, Map<number, number | null>>();

/**
 * The instant at which clocks of the zone show a local time (given as if it were UTC). As Postgres does it: a time that is
 * skipped in spring counts by the offset before the change, one that comes twice in autumn by the offset after.
 */
export function localInstant(local: number, time_zone: string): number {
  let days = steady.get(time_zone);
  if (!days) {
    days = new Map();
    steady.set(time_zone, days);
  }
  const day = Math.floor(local / DAY_LENGTH);
  let offset = days.get(day);
  if (offset === undefined) {
    const first = zoneOffset(day * DAY_LENGTH - 15 * HOUR, time_zone);
    offset = first === zoneOffset((day + 1) * DAY_LENGTH + 15 * HOUR, time_zone) ? first : null;
    if (days.size > 20_000) days.clear();
    days.set(day, offset);
  }
  if (offset !== null) return local - offset;
  const before = zoneOffset(local - DAY_LENGTH, time_zone);
  const after = zoneOffset(local + DAY_LENGTH, time_zone);
  if (zoneOffset(local - after, time_zone) === after) return local - after;
  return local - before;
}
