/** A tier given by staff, with a reason; from now on, through a day or as long as the tier itself says. */
import { sql } from 'kysely';
import { processCustomers } from '../engine/process.ts';
import { fieldErrors } from '../errors.ts';
import { dayIn, readProgramme } from '../programme.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (deps, { id, input, writer, trx }) => {
  const { time_zone } = await readProgramme(trx);
  const until_on = (input.until_on as string | null | undefined) ?? null;
  if (until_on !== null && until_on < dayIn(time_zone, new Date()))
    throw fieldErrors({ until_on: { key: 'day_is_past', params: {} } });
  await sql`select ops.lock_account(${id}::bigint)`.execute(trx);
  await trx
    .insertInto('app.tier_grades')
    .values({
      customer_id: id!,
      tier_id: Number(input.tier_id),
      until_on,
      reason: String(input.reason),
      graded_at: sql<string>`clock_timestamp()`,
      graded_by: writer.caller.id,
    })
    .execute();
  const { rows } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(trx);
  await processCustomers(trx, deps, { until_at: rows[0]!.at, only: [id!] });
  const { name, name_en } = await trx
    .selectFrom('app.tier_states')
    .innerJoin('app.tiers', 'app.tiers.id', 'app.tier_states.tier_id')
    .select(['app.tiers.name', 'app.tiers.name_en'])
    .where('book_id', '=', 0)
    .where('customer_id', '=', id!)
    .executeTakeFirstOrThrow();
  return { message: [`等级现为“${name}”`, `The tier is “${name_en}” now`] };
};
