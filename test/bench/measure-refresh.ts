/** The refresh of one day with the same facts, beside a database that has a tenth of the history: it costs what came in. */
import { type Kysely, sql } from 'kysely';
import { openOwner } from '../../api/database.ts';
import { shiftDate } from '../../api/predicate/values.ts';
import type { DB } from '../../api/schema.ts';
import { percentile } from './load.ts';
import { timed } from './measure-database.ts';
import { ORDERS, orderOn } from './measure-jobs.ts';
import { databaseBeside, type Setting, type Size } from './setting.ts';

const ROUNDS = 9;
const WARMING = 2;
export const FLAT = 1.3;

export interface RefreshFigure {
  /** Orders that come in for the day before each refresh. */
  orders: number;
  /** Milliseconds, medians: with a tenth of the history, with all of it. */
  tenth: number;
  whole: number;
}

export async function measureRefresh(setting: Setting, { customers, orders }: Size): Promise<RefreshFigure> {
  const tenth = openOwner(await databaseBeside(setting, { customers, orders: Math.round(orders / 10) }));
  const times = { tenth: [] as number[], whole: [] as number[] };
  try {
    const day = shiftDate(await lastDay(setting.owner), 1)!;
    for (let round = -WARMING; round < ROUNDS; round++) {
      for (const [name, db] of [['tenth', tenth] as const, ['whole', setting.owner] as const]) {
        await orderOn(db, day, `-${round}`);
        const ms = await timed(() => sql`select ops.refresh_rollups(${day}::date)`.execute(db));
        if (round >= 0) times[name].push(ms);
      }
    }
  } finally {
    await tenth.destroy();
  }
  return { orders: ORDERS, tenth: percentile(times.tenth, 0.5), whole: percentile(times.whole, 0.5) };
}

async function lastDay(db: Kysely<DB>): Promise<string> {
  const { day } = await db
    .selectFrom('app.order_day')
    .select(({ fn }) => fn.max('day').as('day'))
    .executeTakeFirstOrThrow();
  return day;
}
