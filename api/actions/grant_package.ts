/** A package of benefits granted to a customer by staff, with a reason; theirs from this moment on. */
import { sql } from 'kysely';
import { Problem } from '../errors.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async (_deps, { id, input, writer, trx }) => {
  const package_id = Number(input.package_id);
  await sql`select ops.lock_account(${id}::bigint)`.execute(trx);
  const { rows } = await sql<{ at: string; granted: number[] }>`
    select moment.at, granted.customers as granted
    from (select clock_timestamp()::text as at) as moment
    cross join lateral ops.grant_package(
      ${package_id}::bigint, moment.at::timestamptz, 'manual', null, array[${id}]::bigint[], ${writer.caller.id}::bigint,
      ${String(input.reason)}
    ) as granted (customers)
  `.execute(trx);
  const { at, granted } = rows[0]!;
  if (granted.length === 0) {
    throw new Problem(
      409,
      'package_not_granted',
      {},
      {
        message: [
          '客户本期已持有此权益包，或发放名额已满',
          'The customer holds it already, or all of the period are granted',
        ],
      },
    );
  }
  await sql`
    select ops.open_grants(${package_id}::bigint, ${at}::timestamptz, array[${id}]::bigint[], true)
  `.execute(trx);
  return { message: ['权益包已发放', 'The package was granted'] };
};
