/**
 * The values predicates compare: how they are read and ordered. The check, the evaluator and the SQL compiler all go
 * through here, so that they cannot differ. Nothing in this file knows of fields or operators.
 *
 * Readers take anything and give the canonical form, or null where the value is not of the type:
 *   decimal  "-12.5"                        no exponent, no leading or trailing zeros
 *   date     "2026-03-01"                   years 0001 to 9999
 *   time     "2026-03-01T08:00:00.000000Z"  UTC, so that text order is time order
 */

/** Text that Postgres can hold: no NUL, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Order by code point, as `collate "C"` does in UTF-8; JavaScript's own `<` goes by UTF-16 unit. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return codePointRank(a) - codePointRank(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above every other unit. */
function codePointRank(unit: number): number {
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** The letters A to Z alone, as `lower(… collate "C")` does on every server: other scripts fold differently between versions. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const DECIMAL = /^([+-]?)(\d{1,60})(?:\.(\d{1,60}))?(?:[eE]([+-]?\d{1,2}))?$/;

/** As most are written already. */
const CANONICAL = /^-?(?:[1-9]\d{0,59}|0(?=\.))(?:\.\d{0,59}[1-9])?$/;

export function readDecimal(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value);
  if (CANONICAL.test(text)) return text;
  const match = DECIMAL.exec(text);
  if (!match) return null;
  let whole = match[2]!;
  let fraction = match[3] ?? '';
  for (let shift = Number(match[4] ?? 0); shift !== 0; shift -= Math.sign(shift)) {
    if (shift > 0) {
      whole += fraction[0] ?? '0';
      fraction = fraction.slice(1);
    } else {
      fraction = (whole.at(-1) ?? '0') + fraction;
      whole = whole.slice(0, -1);
    }
  }
  whole = whole.replace(/^0+/, '') || '0';
  fraction = fraction.replace(/0+$/, '');
  const digits = fraction ? `${whole}.${fraction}` : whole;
  return match[1] === '-' && digits !== '0' ? `-${digits}` : digits;
}

/** Exact order of two canonical decimals. */
export function compareDecimal(left: string, right: string): number {
  const negative = left[0] === '-';
  if (negative !== (right[0] === '-')) return negative ? -1 : 1;
  const order = comparePositive(negative ? left.slice(1) : left, negative ? right.slice(1) : right);
  return negative ? -order : order;
}

/** With equally many digits before the point, two canonical decimals are ordered as texts are: a point comes before any digit. */
function comparePositive(left: string, right: string): number {
  if (left === right) return 0;
  const more = wholeDigits(left) - wholeDigits(right);
  return more !== 0 ? more : left < right ? -1 : 1;
}

function wholeDigits(digits: string): number {
  const point = digits.indexOf('.');
  return point < 0 ? digits.length : point;
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

export function readDate(value: unknown): string | null {
  const match = typeof value === 'string' ? DATE.exec(value) : null;
  return match && isDay(Number(match[1]), Number(match[2]), Number(match[3])) ? (value as string) : null;
}

/** Of two dates. */
export function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

/** Whether the calendar has that day. */
export function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  if (month !== 2) return day <= (month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31);
  return day <= (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28);
}

const TIME =
  /^(\d{4}-\d\d-\d\d)[Tt ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d)(?::?([0-5]\d))?)$/;

/** RFC 3339 with any offset, and the spelling of Postgres. Digits past the microsecond are cut off. */
export function readTime(value: unknown): string | null {
  const match = typeof value === 'string' ? TIME.exec(value) : null;
  if (!match || readDate(match[1]) === null) return null;
  const [, date, hour, minute, second, fraction = '', sign, hours = '0', minutes = '0'] = match;
  const micros = fraction.slice(0, 6).padEnd(6, '0');
  if (Number(hours) > 23) return null;
  const offset = Number(hours) * 60 + Number(minutes);
  if (offset === 0) return `${date}T${hour}:${minute}:${second}.${micros}Z`;
  return toTime(
    Date.parse(`${date}T${hour}:${minute}:${second}Z`) - (sign === '-' ? -offset : offset) * 60_000,
    micros,
  );
}

function toTime(milliseconds: number, micros: string): string | null {
  const text = Number.isNaN(milliseconds) ? '' : new Date(milliseconds).toISOString();
  // Years outside 0001..9999 are longer, or 0000.
  return text.length === 24 && !text.startsWith('0000') ? `${text.slice(0, 20)}${micros}Z` : null;
}

/** @param time canonical; null when the result leaves the calendar. */
export function shiftTime(time: string, minutes: number): string | null {
  return toTime(Date.parse(`${time.slice(0, 19)}Z`) + minutes * 60_000, time.slice(20, 26));
}

export function shiftDate(date: string, days: number): string | null {
  return toTime(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000, '000000')?.slice(0, 10) ?? null;
}

const dayStarts = new Map<string, string | null>();

/** The first instant of a day in a time zone, as a canonical time; null for the edge of the calendar. */
export function dayStart(date: string, time_zone: string): string | null {
  const key = `${date} ${time_zone}`;
  let start = dayStarts.get(key);
  if (start === undefined) {
    const midnight = Date.parse(`${date}T00:00:00Z`);
    // Clocks may change around midnight: of the offsets before and after, the one that gives the earlier instant of that day.
    const before = midnight - zoneOffset(midnight - 86_400_000, time_zone);
    const after = midnight - zoneOffset(midnight + 86_400_000, time_zone);
    const [early, late] = before < after ? [before, after] : [after, before];
    start = toTime(early + zoneOffset(early, time_zone) >= midnight ? early : late, '000000');
    if (dayStarts.size > 5_000) dayStarts.clear();
    dayStarts.set(key, start);
  }
  return start;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC at an instant; both in milliseconds. Throws RangeError for an unknown zone. */
export function zoneOffset(instant: number, time_zone: string): number {
  let clock = clocks.get(time_zone);
  if (!clock) {
    const digits = '2-digit';
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: time_zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      second: digits,
    });
    clocks.set(time_zone, clock);
  }
  const part: { [name: string]: string } = {};
  for (const { type, value } of clock.formatToParts(instant)) part[type] = value;
  const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(part.month) - 1, Number(part.day));
  local.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
  return local.getTime() - Math.floor(instant / 1000) * 1000;
}
