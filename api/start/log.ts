/** The log: lines for people on a terminal, JSON elsewhere. */
import { type Logger, pino } from 'pino';
import type { Config } from '../config.ts';

export function openLog(config: Pick<Config, 'log_level'>): Logger {
  if (!process.stdout.isTTY) return pino({ level: config.log_level, base: null });
  return pino({ level: config.log_level, base: null }, { write: (line) => process.stdout.write(`${plain(line)}\n`) });
}

/** A JSON line as time, level when it matters, message and the rest. */
function plain(line: string): string {
  const { level, time, msg, ...rest } = JSON.parse(line) as { level: number; time: number; msg?: string };
  const names: { [level: number]: string } = { 40: 'warning', 50: 'error', 60: 'fatal' };
  const clock = new Date(time).toTimeString().slice(0, 8);
  const more = Object.keys(rest).length > 0 ? JSON.stringify(rest) : '';
  return [clock, names[level], msg, more].filter(Boolean).join('  ');
}
