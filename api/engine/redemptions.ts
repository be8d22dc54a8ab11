/** Spending points: the account is brought up to date, checked and charged in one transaction, so that nothing is spent twice. */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Json, Row } from '../contract.ts';
import type { DB } from '../schema.ts';
import { processCustomers, settleCustomer } from './process.ts';

type EngineDeps = Pick<Deps, 'db' | 'resources'>;

/** @param asked what ops.reserve_points takes; throws what it raises */
export async function reservePoints(
  trx: Kysely<DB>,
  deps: EngineDeps,
  { customer_id, asked }: { customer_id: number; asked: Row },
): Promise<{ answer: 'accepted' | 'replayed'; id: number; differs?: boolean }> {
  const until_at = await bringUpToDate(trx, deps, customer_id);
  const { rows } = await sql<{ said: { answer: 'accepted' | 'replayed'; id: number; differs?: boolean } }>`
    select ops.reserve_points(${customer_id}::bigint, ${JSON.stringify(asked)}::jsonb, ${until_at}::timestamptz) as said
  `.execute(trx);
  const { said } = rows[0]!;
  if (said.answer === 'accepted') await processCustomers(trx, deps, { until_at, only: [customer_id] });
  return said;
}

/** @returns null when there is no such redemption */
export async function decideRedemption(
  trx: Kysely<DB>,
  deps: EngineDeps,
  { id, decision, reason }: { id: number; decision: 'confirm' | 'cancel'; reason: string | null },
): Promise<{ answer: 'accepted' | 'replayed'; customer_id: number; status: string } | null> {
  const owner = await trx.selectFrom('app.redemptions').select('customer_id').where('id', '=', id).executeTakeFirst();
  if (!owner) return null;
  const until_at = await bringUpToDate(trx, deps, owner.customer_id);
  const { rows } = await sql<{ said: { answer: 'accepted' | 'replayed'; customer_id: number; status: string } | null }>`
    select ops.decide_redemption(${id}::bigint, ${decision}, ${reason}, ${until_at}::timestamptz) as said
  `.execute(trx);
  const { said } = rows[0]!;
  if (said?.answer === 'accepted') await processCustomers(trx, deps, { until_at, only: [owner.customer_id] });
  return said;
}

/** What is known of a redemption and of the balance behind it. */
export async function describeRedemption(trx: Kysely<DB>, id: number): Promise<Row> {
  const row = await trx
    .selectFrom('app.redemptions')
    .innerJoin('app.points_accounts', (join) =>
      join
        .onRef('app.points_accounts.customer_id', '=', 'app.redemptions.customer_id')
        .on('app.points_accounts.book_id', '=', 0),
    )
    .leftJoin('app.rewards', 'app.rewards.id', 'app.redemptions.reward_id')
    .select([
      'app.redemptions.id',
      'app.redemptions.source',
      'app.redemptions.external_id',
      'app.redemptions.points',
      'app.rewards.code as reward',
      'app.redemptions.quantity',
      'app.redemptions.status',
      'app.redemptions.reserved_until_at',
      sql<Json>`app.points_accounts.available - app.points_accounts.debt`.as('balance'),
    ])
    .where('app.redemptions.id', '=', id)
    .executeTakeFirstOrThrow();
  return row as unknown as Row;
}

/** Locks the account, works in what waits, and lets time do its part. @returns the moment up to which that is so */
export async function bringUpToDate(trx: Kysely<DB>, deps: EngineDeps, customer_id: number): Promise<string> {
  const only = [customer_id];
  // The lock first: the moment is one after everything that was done under it before.
  await sql`select ops.lock_account(${customer_id}::bigint)`.execute(trx);
  const { rows } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(trx);
  const until_at = rows[0]!.at;
  await processCustomers(trx, deps, { until_at, only });
  await settleCustomer(trx, { until_at, customer_id });
  return until_at;
}
