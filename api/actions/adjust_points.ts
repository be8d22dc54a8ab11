/** Points given or taken by staff, with a reason; in the customer's books at once. */
import { sql } from 'kysely';
import { processCustomers } from '../engine/process.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (deps, { id, input, writer, trx }) => {
  await sql`select ops.lock_account(${id}::bigint)`.execute(trx);
  await sql`
    select ops.adjust_points(
      ${id}::bigint, ${Number(input.points)}::bigint, ${String(input.reason)}::text, ${writer.caller.id}::bigint,
      ${(input.budget_id ?? null) as number | null}::bigint, ${(input.cost_kind ?? 'promotion') as string}::text, clock_timestamp()
    )
  `.execute(trx);
  const { rows } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(trx);
  await processCustomers(trx, deps, { until_at: rows[0]!.at, only: [id!] });
  const account = await trx
    .selectFrom('app.points_accounts')
    .select(sql<number>`available - debt`.as('balance'))
    .where('book_id', '=', 0)
    .where('customer_id', '=', id!)
    .executeTakeFirstOrThrow();
  const balance = String(account.balance);
  return { message: [`积分余额现为 ${balance}`, `The balance is ${balance} now`] };
};
