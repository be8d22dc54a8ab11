/** Points last longer: consented to, and in the customer's books at once. */
import { sql } from 'kysely';
import { processCustomers, settleCustomer } from '../engine/process.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (deps, { id, input, writer, trx }) => {
  const { customer_id, until_on } = await trx
    .selectFrom('app.points_extensions')
    .select(['customer_id', 'until_on'])
    .where('id', '=', id!)
    .executeTakeFirstOrThrow();
  const only = [customer_id];
  const now = async () => {
    const { rows } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(trx);
    return rows[0]!.at;
  };
  await sql`select ops.lock_account(${customer_id}::bigint)`.execute(trx);
  // What has come and what has expired by now, first: that is what is decided on.
  const before = await now();
  await processCustomers(trx, deps, { until_at: before, only });
  await settleCustomer(trx, { until_at: before, customer_id });
  const note = (input.decision_note as string | null | undefined) ?? null;
  await sql`
    select ops.decide_points_extension(${id!}::bigint, ${writer.caller.id}::bigint, 'applied', ${note}::text)
  `.execute(trx);
  await processCustomers(trx, deps, { until_at: await now(), only });
  const { points } = await trx
    .selectFrom('app.points_entries')
    .select(({ fn }) => fn.sum<string>('points').as('points'))
    .where('book_id', '=', 0)
    .where('customer_id', '=', customer_id)
    .where('fact_kind', '=', 'extend')
    .where('fact_id', '=', id!)
    .executeTakeFirstOrThrow();
  return {
    message: [`${points} 积分延期至 ${until_on}`, `${points} points last through ${until_on} now`],
  };
};
