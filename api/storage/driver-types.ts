/**
 * How Postgres values become JavaScript values, for every connection of the product.
 *
 * date -> "2026-03-01"; timestamptz -> "2026-03-01T08:00:00.000Z" (connections run in UTC; microseconds are cut, as
 * to_char's MS does in JSON that Postgres builds); numeric -> string; bigint -> number, an error beyond 2^53-1;
 * json and jsonb -> parsed; bytea -> Buffer; arrays of these -> arrays.
 */
import pg from 'pg';

type Parse = (text: string) => unknown;

const OID = { int8: 20, json: 114, date: 1082, timestamp: 1114, timestamptz: 1184, numeric: 1700, jsonb: 3802 };
const ARRAY_OID = { int8: 1016, date: 1182, timestamp: 1115, timestamptz: 1185, numeric: 1231 };

const asIs: Parse = (text) => text;

/** @throws when the number cannot be held exactly. */
function parseBigint(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is beyond the numbers that can be held exactly`);
  return number;
}

/** "2026-03-01 08:00:00.123456+00" -> "2026-03-01T08:00:00.123Z". Infinity and years before Christ stay as Postgres writes them. */
export function parseTime(text: string): string {
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?(?:\+00)?$/.exec(text);
  if (!match) return text;
  return `${match[1]}T${match[2]}.${(match[3] ?? '').slice(0, 3).padEnd(3, '0')}Z`;
}

const parsers = new Map<number, Parse>([
  [OID.int8, parseBigint],
  [OID.date, asIs],
  [OID.timestamp, asIs],
  [OID.timestamptz, parseTime],
  [OID.numeric, asIs],
  [ARRAY_OID.int8, listOf(parseBigint)],
  [ARRAY_OID.date, listOf(asIs)],
  [ARRAY_OID.timestamp, listOf(asIs)],
  [ARRAY_OID.timestamptz, listOf(parseTime)],
  [ARRAY_OID.numeric, listOf(asIs)],
]);

/** The `types` of a pg pool or client. */
export const driverTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : parsers.get(oid);
    return own ?? pg.types.getTypeParser(oid, format as 'text');
  },
} as pg.CustomTypesConfig;

/** Arrays of these types hold no quotes but around times, so the text[] parser takes them apart. */
function listOf(parse: Parse): Parse {
  const TEXT_ARRAY = 1009;
  const split = pg.types.getTypeParser(TEXT_ARRAY as number) as (text: string) => (string | null)[];
  return (text) => split(text).map((each) => (each === null ? null : parse(each)));
}
