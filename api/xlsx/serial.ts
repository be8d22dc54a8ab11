/**
 * Dates as spreadsheets keep them: days since an epoch, read as the day and clock that the sheet shows. No zone is involved
 * anywhere, so the same sheet reads the same in every country.
 */

const DAY_MS = 86_400_000;
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** Day 1 is 1 January 1900; the day 60 that never was (29 February 1900) shifts all after it. */
const EPOCH_1900 = Date.UTC(1899, 11, 31);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * @returns "2026-03-01", "2026-03-01 08:30:00", with milliseconds where there are any, "08:30:00" for a clock alone;
 *   null for what is no date of that system
 */
export function serialText(serial: number, { date1904 }: { date1904: boolean }): string | null {
  if (!Number.isFinite(serial) || serial < 0) return null;
  const ms = Math.round(serial * DAY_MS);
  const days = Math.floor(ms / DAY_MS);
  const clock = clockText(ms - days * DAY_MS);
  if (days === 0 && !date1904) return clock ?? '00:00:00';
  if (!date1904 && days === 60) return null;
  const time = date1904 ? EPOCH_1904 + days * DAY_MS : EPOCH_1900 + (days > 60 ? days - 1 : days) * DAY_MS;
  if (time > LAST) return null;
  const day = new Date(time).toISOString().slice(0, 10);
  return clock === null ? day : `${day} ${clock}`;
}

/** No spreadsheet writes longer ones. */
const CODE_MAX = 255;
const NUMBER_MAX = 400;

/** Formats that come with every workbook, East Asian dates among them. */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/** Whether a number under this format is shown as a date or a clock; durations ([h]:mm) are numbers. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return isBuiltInDate(id);
  const [first = ''] = code.slice(0, CODE_MAX).split(';');
  const bare = first
    .replace(/"[^"]*"/g, '')
    .replace(/\\./g, '')
    .replace(/[_*]./g, '');
  if (/\[(h+|m+|s+)\]/i.test(bare)) return false;
  const letters = bare.replace(/\[[^\]]*\]/g, '').replace(/General|G\/通用格式/gi, '');
  return /[ymdhs年月日时分秒]/i.test(letters) && !/[0#?]\s*E[+-]/i.test(letters);
}

function clockText(ms: number): string | null {
  if (ms === 0) return null;
  const text = new Date(ms).toISOString().slice(11, 23);
  return text.endsWith('.000') ? text.slice(0, 8) : text;
}

/**
 * A number of a cell as people see it: fifteen digits, which is what a spreadsheet counts with, and no exponent. So
 * 0.30000000000000004 is 0.3, and a long number of plain digits stays as it stands in the file.
 */
export function numberText(raw: string): string | null {
  if (raw.length > NUMBER_MAX) return null;
  const text = raw.trim();
  const plain = /^-?\d+(?:\.\d+)?$/.test(text);
  if (plain && (!text.includes('.') || text.replace(/^-?0*\.?0*|\./g, '').length <= 15)) return trimmed(text);
  const number = Number(text);
  if (text === '' || !Number.isFinite(number)) return null;
  if (number === 0) return '0';
  return trimmed(plainDigits(number.toPrecision(15)));
}

function trimmed(text: string): string {
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return short === '-0' || short === '' ? '0' : short;
}

/** Without an exponent. */
function plainDigits(text: string): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign, first = '', fraction = '', power] = match;
  const digits = first + fraction;
  const point = 1 + Number(power);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return point >= digits.length
    ? `${sign}${digits}${'0'.repeat(point - digits.length)}`
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
