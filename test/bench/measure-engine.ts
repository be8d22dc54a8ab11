/**
 * What the engine costs, beside one statement by hand of the same effect, on the facts of the bench's own orders. Everything
 * happens in transactions of the owner that are rolled back. Ratios are of processor time, so that a busy machine does not count.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { processFacts, processWithin, settleDay, settleWithin } from '../../api/engine/process.ts';
import { shiftDate } from '../../api/predicate/values.ts';
import type { DB } from '../../api/schema.ts';
import { readSql } from '../../api/storage/sql-files.ts';
import { BOOKS, WORKINGS } from './books.ts';
import { cpuOf } from './machine.ts';
import { measureLive } from './measure-engine-live.ts';
import type { Setting } from './setting.ts';

const COUNTED = ['points_lots', 'points_entries', 'decisions', 'tier_stays'];
const GOAL = 0.5;
/** Whose history is made ten times as long. */
const FLAT_CUSTOMERS = 300;
const FLAT_DAYS = 5;
const FLAT_GOAL = 1.5;

export interface EngineFigure {
  name: string;
  figure: string;
  aim: string;
  met: boolean | null;
}

interface Cost {
  wall_s: number;
  cpu_s: number;
}

/** @param customers whose whole history is worked in, all of the database's when it has no more */
export async function measureEngine(
  setting: Setting,
  { customers, lines }: { customers: number; lines: number },
): Promise<EngineFigure[]> {
  return [
    ...(await rolledBack(setting, (trx) => measureBacklog(setting, trx, customers))),
    await measureFlatness(setting),
    ...(await measureLive(setting, { customers, lines })),
  ];
}

/** A backlog and, over the books it leaves, midnights a month later: each by the engine and by hand. */
async function measureBacklog(setting: Setting, trx: Kysely<DB>, customers: number): Promise<EngineFigure[]> {
  const { today } = await dates(trx);
  const month_later = shiftDate(today, 31)!;
  const costs: { [name: string]: Cost } = {};
  const rows: { [name: string]: string } = {};
  for (const how of ['hand', 'engine'] as const) {
    await sql`savepoint history`.execute(trx);
    const facts = await noteHistory(trx, customers);
    await until(trx, today);
    costs[how] = await cost(setting, () =>
      how === 'hand'
        ? byHand(trx, 'engine-by-hand.sql')
        : processWithin(trx, { resources: new Map() }, midnight(today)),
    );
    costs[how].cpu_s /= facts;
    costs[how].wall_s /= facts;
    rows[how] = await countBooks(trx);
    if (how === 'hand') await sql`rollback to savepoint history`.execute(trx);
  }
  for (const table of BOOKS) await sql`analyze ${sql.id('app', table)}`.execute(trx);
  const before = await countBooks(trx);
  await until(trx, month_later);
  let due = 0;
  for (const how of ['hand_day', 'engine_day'] as const) {
    await sql`savepoint day`.execute(trx);
    due = await countDue(trx);
    costs[how] = await cost(setting, () =>
      how === 'hand_day' ? byHand(trx, 'day-by-hand.sql') : settleWithin(trx, midnight(month_later)),
    );
    rows[how] = await countBooks(trx);
    await sql`rollback to savepoint day`.execute(trx);
  }
  const { hand, engine, hand_day, engine_day } = costs as { [name: string]: Cost };
  const ratio = hand!.cpu_s / engine!.cpu_s;
  const day_ratio = hand_day!.cpu_s / engine_day!.cpu_s;
  return [
    {
      name: `a backlog of ${customers} customers worked in, all effects`,
      figure: `${ratio.toFixed(2)} x one insert … select by hand (${perSecond(engine!.wall_s)} / ${perSecond(hand!.wall_s)} facts/s; rows ${rows.engine} / ${rows.hand})`,
      aim: `>= ${GOAL} x`,
      met: ratio >= GOAL,
    },
    {
      name: `midnight a month later, ${due} customers due`,
      figure: `${day_ratio.toFixed(2)} x one statement by hand (${engine_day!.wall_s.toFixed(2)} / ${hand_day!.wall_s.toFixed(2)} s; rows ${before} -> ${rows.engine_day} / ${rows.hand_day})`,
      aim: `>= ${GOAL} x`,
      met: day_ratio >= GOAL,
    },
  ];
}

/** One new order of each of some customers, a day at a time: with their history, and with ten times as much. */
async function measureFlatness(setting: Setting): Promise<EngineFigure> {
  const { owner } = setting;
  const { today } = await dates(owner);
  const within = <T>(work: (trx: Kysely<DB>) => Promise<T>) => owner.transaction().execute(work);
  const live = { db: owner, resources: new Map() };
  const costs: number[] = [];
  for (const times of [1, 10]) {
    const { last } = await owner
      .selectFrom('app.programme_versions')
      .select(({ fn }) => fn.max<number>('id').as('last'))
      .executeTakeFirstOrThrow();
    try {
      await within(async (trx) => {
        await lengthen(trx, times);
        await noteHistory(trx, FLAT_CUSTOMERS);
        await processWithin(trx, { resources: new Map() }, midnight(today));
      });
      // As it is by itself soon after: what is gone from a table is no longer read past.
      for (const table of [...BOOKS, ...WORKINGS, 'orders'])
        await sql`vacuum analyze ${sql.id('app', table)}`.execute(owner);
      const each: number[] = [];
      for (let day = 0; day < FLAT_DAYS; day++) {
        await within((trx) => orderOn(trx, shiftDate(today, day)!));
        const until_at = midnight(shiftDate(today, day + 1)!);
        const { cpu_s } = await cost(setting, async () => {
          await processFacts(live, { until_at });
          await settleDay(live, { until_at });
        });
        each.push(cpu_s);
      }
      costs.push(each.reduce((sum, one) => sum + one, 0) / FLAT_DAYS);
    } finally {
      await within(async (trx) => {
        await sql`set local session_replication_role = replica`.execute(trx);
        await trx.deleteFrom('app.orders').where('source', 'like', 'bench%').execute();
        await trx.deleteFrom('app.programme_versions').where('id', '>', last).execute();
        for (const table of BOOKS) await sql`truncate ${sql.id('app', table)}`.execute(trx);
      });
      await sql`vacuum analyze app.orders`.execute(owner);
    }
  }
  const [one, ten] = costs as [number, number];
  return {
    name: `a day's orders of ${FLAT_CUSTOMERS} customers with ten times the history`,
    figure: `${(ten / one).toFixed(2)} x the cost with one (${(ten * 1000).toFixed(0)} / ${(one * 1000).toFixed(0)} ms CPU)`,
    aim: `<= ${FLAT_GOAL} x`,
    met: ten <= FLAT_GOAL * one,
  };
}

/** Empties the books and notes what the customers did, as `pnpm seed` would. @returns how many facts wait */
async function noteHistory(trx: Kysely<DB>, customers: number): Promise<number> {
  for (const table of BOOKS) await sql`truncate ${sql.id('app', table)}`.execute(trx);
  await sql.raw(readSql('bulk/note_history.sql')).execute(trx);
  const some = trx.selectFrom('app.customers').select('id').where('id', '<>', 0).orderBy('id').limit(customers);
  await trx.deleteFrom('app.inbox').where('customer_id', 'not in', some).execute();
  await sql`analyze app.inbox`.execute(trx);
  const { facts } = await trx
    .selectFrom('app.inbox')
    .select(({ fn }) => fn.countAll<number>().as('facts'))
    .executeTakeFirstOrThrow();
  return Number(facts);
}

/** The orders of some customers again and again, each time a few hours earlier. */
async function lengthen(trx: Kysely<DB>, times: number): Promise<void> {
  if (times === 1) return;
  // They stand here as history: nobody needs to hear of them.
  await sql`set local session_replication_role = replica`.execute(trx);
  await trx
    .insertInto('app.orders')
    .columns(['customer_id', 'source', 'external_id', 'placed_at', 'placed_on', 'paid_at', 'amount', 'status'])
    .expression((eb) =>
      eb
        .selectFrom('app.orders')
        .innerJoin(
          sql<{ no: number }>`generate_series(1, ${times - 1}::integer)`.as<'copies'>(sql`copies (no)`),
          (join) => join.onTrue(),
        )
        .select([
          'customer_id',
          sql<string>`'bench copy'`.as('source'),
          sql<string>`external_id || ' ' || copies.no`.as('external_id'),
          sql<string>`placed_at - copies.no * interval '7 hours'`.as('placed_at'),
          'placed_on',
          sql<string>`paid_at - copies.no * interval '7 hours'`.as('paid_at'),
          'amount',
          'status',
        ])
        .where('source', 'not like', 'bench%')
        .where('customer_id', 'in', firstCustomers(trx)),
    )
    .execute();
  await sql`set local session_replication_role = origin`.execute(trx);
  await sql`analyze app.orders`.execute(trx);
}

async function orderOn(trx: Kysely<DB>, day: string): Promise<void> {
  await trx
    .insertInto('app.orders')
    .columns(['customer_id', 'source', 'external_id', 'placed_at', 'placed_on', 'amount'])
    .expression((eb) =>
      eb
        .selectFrom('app.customers')
        .select([
          'id',
          sql<string>`'bench'`.as('source'),
          sql<string>`'bench-' || ${day}::text || '-' || id`.as('external_id'),
          sql<string>`${day}::date + time '12:00'`.as('placed_at'),
          sql<string>`${day}::date`.as('placed_on'),
          sql<string>`120.50`.as('amount'),
        ])
        .where('id', 'in', firstCustomers(trx)),
    )
    .execute();
}

function firstCustomers(trx: Kysely<DB>) {
  return trx.selectFrom('app.customers').select('id').where('id', '<>', 0).orderBy('id').limit(FLAT_CUSTOMERS);
}

async function byHand(trx: Kysely<DB>, file: string): Promise<void> {
  await sql.raw(readFileSync(join(import.meta.dirname, file), 'utf8')).execute(trx);
}

/** What it took of this process and of Postgres. */
async function cost({ postgres_pid }: Setting, work: () => Promise<unknown>): Promise<Cost> {
  const used = () => cpuOf(process.pid) + cpuOf(postgres_pid, { children: true });
  const [cpu, started] = [used(), performance.now()];
  await work();
  return { wall_s: (performance.now() - started) / 1000, cpu_s: (used() - cpu) / 1000 };
}

async function rolledBack<T>({ owner }: Setting, work: (trx: Kysely<DB>) => Promise<T>): Promise<T> {
  const trx = await owner.startTransaction().execute();
  try {
    return await work(trx);
  } finally {
    await trx.rollback().execute();
  }
}

async function dates(trx: Kysely<DB>): Promise<{ today: string }> {
  return trx
    .selectFrom('app.orders')
    .select(sql<string>`(max(placed_on) + 1)::text`.as('today'))
    .executeTakeFirstOrThrow();
}

async function until(trx: Kysely<DB>, day: string): Promise<void> {
  await sql`select set_config('bench.until', ${midnight(day)}, true)`.execute(trx);
}

const midnight = (day: string) => `${day} 00:00+08`;

async function countDue(trx: Kysely<DB>): Promise<number> {
  const { due } = await trx
    .selectFrom('app.points_accounts')
    .select(({ fn }) => fn.countAll<number>().as('due'))
    .where('due_at', '<=', sql<string>`current_setting('bench.until')::timestamptz`)
    .executeTakeFirstOrThrow();
  return Number(due);
}

async function countBooks(trx: Kysely<DB>): Promise<string> {
  const counts: number[] = [];
  for (const table of COUNTED) {
    const { rows } = await sql<{ n: number }>`select count(*)::integer as n from ${sql.id('app', table)}`.execute(trx);
    counts.push(rows[0]!.n);
  }
  return counts.map((each) => each.toLocaleString('en')).join(' + ');
}

const perSecond = (each_s: number) => Math.round(1 / each_s).toLocaleString('en');
