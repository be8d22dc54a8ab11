/**
 * Drafts of rules and tiers over what has happened. Some customers at a time are worked from their first fact in a book of
 * their own: up to the beginning of the window by the rules as they held, then once more so and once by the drafts, each from
 * that same point. The transaction is rolled back, so that no book is left behind, whatever ends the process; what it came to
 * is kept by another one.
 */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { DB } from '../schema.ts';
import { openRun, runRounds } from './process.ts';
import { rolledBack } from './rolled-back.ts';
import type { TriedVersion } from './trial-drafts.ts';

/** Of one transaction: large enough for sets to pay, small enough that a cancel is heard soon. */
const CUSTOMERS = 250;
const LIMITS = { statement_ms: 120_000, lock_ms: 10_000 };

type EngineDeps = Pick<Deps, 'db' | 'resources'>;
/** What ops.trial_outcome answers; only SQL looks into it. */
type Outcome = object;

export interface Window {
  trial_id: number;
  since_at: string;
  until_at: string;
  versions: readonly TriedVersion[];
}

/**
 * Works one trial until its customers are done, somebody cancels it, or `stopped` says so; then it goes on another time.
 * @returns whether it is done with
 */
export async function workTrial(deps: Deps, trial_id: number, stopped: () => boolean): Promise<boolean> {
  const trial = await begin(deps.db, trial_id);
  if (!trial) return true;
  for (;;) {
    if (stopped()) return false;
    const customers = await nextCustomers(deps.db, trial_id);
    if (customers.length === 0) return true;
    const started = performance.now();
    const part = await rolledBack(deps.db, LIMITS, (trx) => bothWays(trx, deps, { ...trial, customers }));
    const took_ms = Math.round(performance.now() - started);
    const { rows } = await sql<{ left_over: number }>`
      select ops.trial_store(
        ${trial_id}::bigint, ${JSON.stringify(part.real)}::jsonb, ${JSON.stringify(part.draft)}::jsonb,
        ${part.facts}::bigint, ${took_ms}::bigint
      ) as left_over
    `.execute(deps.db);
    if (Number(rows[0]!.left_over) === 0) return true;
  }
}

/** What customers came to by the rules as they held, and by the drafts. For a transaction that is rolled back. */
export async function bothWays(
  trx: Kysely<DB>,
  deps: EngineDeps,
  { trial_id, customers, since_at, until_at, versions }: Window & { customers: readonly number[] },
): Promise<{ real: Outcome; draft: Outcome; facts: number }> {
  const run = await openRun(trx);
  const named = `{${customers.join(',')}}`;
  const work = async (from_at: string, to_at: string, to_the_end: boolean): Promise<number> => {
    const { rows } = await sql<{ facts: number }>`
      select ops.trial_begin(
        ${run}::bigint, ${named}::bigint[], ${from_at}::timestamptz, ${to_at}::timestamptz, ${to_the_end}::boolean
      ) as facts
    `.execute(trx);
    const { rounds } = await trx
      .selectFrom('app.engine_turns')
      .select(({ fn }) => fn.coalesce(fn.max('round'), sql<number>`0`).as('rounds'))
      .where('run_id', '=', run)
      .executeTakeFirstOrThrow();
    await runRounds(trx, { run, rounds: Number(rounds), resources: deps.resources });
    await sql`select ops.trial_clear(${run}::bigint)`.execute(trx);
    return Number(rows[0]!.facts);
  };
  const outcome = async (): Promise<Outcome> => {
    const { rows } = await sql<{ outcome: Outcome }>`
      select ops.trial_outcome(
        ${trial_id}::bigint, ${run}::bigint, ${named}::bigint[], ${since_at}::timestamptz, ${until_at}::timestamptz
      ) as outcome
    `.execute(trx);
    return rows[0]!.outcome;
  };
  const before = await work('-infinity', since_at, false);
  await sql`savepoint window_begins`.execute(trx);
  const within = await work(since_at, until_at, true);
  const real = await outcome();
  await sql`rollback to savepoint window_begins`.execute(trx);
  await sql`select ops.trial_hold(${JSON.stringify(versions)}::jsonb, ${since_at}::timestamptz)`.execute(trx);
  await work(since_at, until_at, true);
  const draft = await outcome();
  return { real, draft, facts: before + 2 * within };
}

/** @returns null when it is not to be worked (any more) */
async function begin(db: Kysely<DB>, trial_id: number): Promise<Window | null> {
  const row = await db
    .updateTable('app.trials')
    .set({ state: 'running', started_at: sql<string>`coalesce(started_at, now())` })
    .where('id', '=', trial_id)
    .where('state', 'in', ['waiting', 'running'])
    .returning(['since_at', 'until_at', 'versions'])
    .executeTakeFirst();
  if (!row) return null;
  return {
    trial_id,
    since_at: row.since_at,
    until_at: row.until_at,
    versions: row.versions as unknown as TriedVersion[],
  };
}

/** Empty as well when somebody cancelled the trial meanwhile. */
async function nextCustomers(db: Kysely<DB>, trial_id: number): Promise<number[]> {
  const rows = await db
    .selectFrom('app.trial_customers')
    .innerJoin('app.trials', 'app.trials.id', 'app.trial_customers.trial_id')
    .select('app.trial_customers.customer_id')
    .where('app.trials.id', '=', trial_id)
    .where('app.trials.state', '=', 'running')
    .where('app.trial_customers.points_draft', 'is', null)
    .orderBy('app.trial_customers.place')
    .limit(CUSTOMERS)
    .execute();
  return rows.map((row) => row.customer_id);
}
