/**
 * Working facts into the books of customers: each run takes the waiting facts of some customers, one fact of each customer a
 * round, and ends with everything or nothing. Two processes may do it at the same time: they take different customers.
 */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import { retrying } from '../errors.ts';
import { readProgramme } from '../programme.ts';
import type { DB } from '../schema.ts';
import { audiencesOf, writeAudiences } from './audiences.ts';
import { type Follower, readFollowers, wantedBy } from './followers.ts';
import { conditionsOf, writeMatches } from './matches.ts';

type EngineDeps = Pick<Deps, 'db' | 'resources'>;

/** Customers of one run: large enough for sets to pay, small enough that nobody waits for it. */
const CUSTOMERS = 500;
const MANY_CUSTOMERS = 10 * CUSTOMERS;
const BOOKS = ['points_accounts', 'points_lots', 'points_entries', 'points_allocations', 'decisions'];

/** Works in whatever waits and has happened by `until_at`. @returns how many facts */
export async function processFacts(
  deps: EngineDeps,
  {
    until_at,
    stopped = () => false,
    customers = CUSTOMERS,
    followers,
  }: { until_at: string; stopped?: () => boolean; customers?: number; followers?: readonly Follower[] },
): Promise<number> {
  let worked = 0;
  while (!stopped()) {
    const turns = await retrying(() =>
      deps.db.transaction().execute((trx) => runFacts(trx, deps, { until_at, customers, only: null, followers })),
    );
    if (turns === 0) return worked;
    worked += turns;
  }
  return worked;
}

/**
 * Works in what waits for the customers named, within the given transaction, which holds their accounts locked from then on.
 * @returns how many facts
 */
export async function processCustomers(
  trx: Kysely<DB>,
  deps: EngineDeps,
  { until_at, only }: { until_at: string; only: readonly number[] },
): Promise<number> {
  return runFacts(trx, deps, { until_at, customers: only.length, only });
}

/** What falls due by the moment, a midnight of the programme: points become available or expire. @returns customers settled */
export async function settleDay(
  deps: EngineDeps,
  {
    until_at,
    stopped = () => false,
    customers = MANY_CUSTOMERS,
  }: { until_at: string; stopped?: () => boolean; customers?: number },
): Promise<number> {
  let settled = 0;
  while (!stopped()) {
    const found = await retrying(() =>
      deps.db.transaction().execute((trx) => runDay(trx, { until_at, customers, only: null })),
    );
    if (found === 0) return settled;
    settled += found;
  }
  return settled;
}

/** The same for one customer, within the given transaction. */
export async function settleCustomer(
  trx: Kysely<DB>,
  { until_at, customer_id }: { until_at: string; customer_id: number },
): Promise<void> {
  await runDay(trx, { until_at, customers: 1, only: customer_id });
}

/**
 * Everything that waits, and all that falls due, within the given transaction of the owner: for data that is made whole. What
 * follows from it is made by those who make the data.
 */
export async function processWithin(
  trx: Kysely<DB>,
  deps: Pick<EngineDeps, 'resources'>,
  until_at: string,
): Promise<void> {
  let customers = CUSTOMERS;
  while ((await runFacts(trx, deps, { until_at, customers, only: null, followers: [] })) > 0) {
    if (customers > CUSTOMERS) continue;
    // Nobody else tells the planner that the books are no longer empty, before the transaction ends.
    for (const table of BOOKS) await sql`analyze ${sql.id('app', table)}`.execute(trx);
    // Nobody waits for their turn.
    customers = MANY_CUSTOMERS;
  }
  await settleWithin(trx, until_at);
}

/** The same for what falls due alone. */
export async function settleWithin(trx: Kysely<DB>, until_at: string): Promise<void> {
  while ((await runDay(trx, { until_at, customers: MANY_CUSTOMERS, only: null })) > 0);
}

async function runDay(
  trx: Kysely<DB>,
  { until_at, customers, only }: { until_at: string; customers: number; only: number | null },
): Promise<number> {
  const run = await openRun(trx);
  const { rows } = await sql<{ chosen: number }>`
    select ops.engine_begin_day(
      ${run}::bigint, ${customers}::integer, ${only}::bigint, ${until_at}::timestamptz
    ) as chosen
  `.execute(trx);
  const { chosen } = rows[0]!;
  if (chosen === 0) return 0;
  await sql`select ops.engine_settle(${run}::bigint, 1)`.execute(trx);
  await sql`select ops.engine_finish(${run}::bigint)`.execute(trx);
  return chosen;
}

async function runFacts(
  trx: Kysely<DB>,
  { resources }: Pick<EngineDeps, 'resources'>,
  {
    until_at,
    customers,
    only,
    followers,
  }: {
    until_at: string;
    customers: number;
    only: readonly number[] | null;
    followers?: readonly Follower[] | undefined;
  },
): Promise<number> {
  const run = await openRun(trx);
  const wanted = wantedBy(followers ?? (await readFollowers()));
  const named = only === null ? null : `{${only.join(',')}}`;
  const { rows } = await sql<{ rounds: number }>`
    select ops.engine_begin(
      ${run}::bigint, ${customers}::integer, ${named}::bigint[], ${until_at}::timestamptz, ${wanted}
    ) as rounds
  `.execute(trx);
  const { rounds } = rows[0]!;
  if (rounds === 0) return 0;
  const { turns } = await trx
    .selectFrom('app.engine_turns')
    .select(({ fn }) => fn.countAll<number>().as('turns'))
    .where('run_id', '=', run)
    .executeTakeFirstOrThrow();
  await runRounds(trx, { run, rounds, resources });
  await sql`select ops.engine_finish(${run}::bigint)`.execute(trx);
  return Number(turns);
}

/**
 * Works in the turns of a run, laid out already, round after round.
 * @param settled told before the facts of a round are applied: time has done its part, conditions are matched
 */
export async function runRounds(
  trx: Kysely<DB>,
  {
    run,
    rounds,
    resources,
    settled,
  }: {
    run: number;
    rounds: number;
    resources: Deps['resources'];
    settled?: (round: number) => Promise<void>;
  },
): Promise<void> {
  const { time_zone } = await readProgramme(trx);
  const conditionals = await conditionsOf(trx, run);
  const audiences = await audiencesOf(trx, run);
  for (let round = 1; round <= rounds; round++) {
    await sql`select ops.engine_settle(${run}::bigint, ${round}::integer)`.execute(trx);
    if (conditionals.length > 0) await writeMatches(trx, conditionals, { run, round, time_zone, resources });
    if (audiences.length > 0) await writeAudiences(trx, audiences, { run, round, time_zone, resources });
    await settled?.(round);
    await sql`select ops.engine_apply(${run}::bigint, ${round}::integer)`.execute(trx);
  }
}

/** Runs are told apart by their transaction; one is open at a time in each. */
export async function openRun(trx: Kysely<DB>): Promise<number> {
  const { rows } = await sql<{ run: number }>`select pg_current_xact_id()::text::bigint as run`.execute(trx);
  return rows[0]!.run;
}
