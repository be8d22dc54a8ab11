/** Times travel in UTC and are read and written in the programme's time zone. */
const formats = new Map<string, Intl.DateTimeFormat>();

function parts(instant: number, zone: string): { [part: string]: number } {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  const found: { [part: string]: number } = {};
  for (const { type, value } of format.formatToParts(instant)) found[type] = Number(value);
  return found;
}

const two = (value: number | undefined): string => String(value ?? 0).padStart(2, '0');

/** "2026-03-01T08:00:00.000Z" in Asia/Shanghai -> "2026-03-01 16:00:00"; what is no time comes back as it is. */
export function utcToZoned(time: string, zone: string): string {
  const instant = Date.parse(time);
  if (Number.isNaN(instant)) return time;
  const at = parts(instant, zone);
  const day = `${String(at.year).padStart(4, '0')}-${two(at.month)}-${two(at.day)}`;
  return `${day} ${two(at.hour)}:${two(at.minute)}:${two(at.second)}`;
}

/**
 * "2026-03-01 16:00:00" in Asia/Shanghai -> "2026-03-01T08:00:00.000Z". A wall time that occurs twice (clocks go back)
 * is the earlier one; one that does not occur is moved on by the gap.
 */
export function zonedToUtc(wall: string, zone: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?$/.exec(wall);
  if (!match) return wall;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0)) as number[];
  const naive = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const offset = (instant: number): number => {
    const at = parts(instant, zone);
    return Date.UTC(at.year!, at.month! - 1, at.day, at.hour, at.minute, at.second) - instant;
  };
  // The zone's distance from UTC a day before and after cover both sides of a change of clocks.
  const candidates = [offset(naive - 86_400_000), offset(naive + 86_400_000)]
    .map((distance) => naive - distance)
    .filter((instant) => instant + offset(instant) === naive);
  const instant = candidates.length > 0 ? Math.min(...candidates) : naive - offset(naive - 86_400_000);
  return new Date(instant).toISOString();
}
