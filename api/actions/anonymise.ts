/** What tells who a customer is goes for good: from the database by one routine, and with the files that imports keep for a while. */
import { sql } from 'kysely';
import type { Json } from '../contract.ts';
import { dropUpload } from '../import/file.ts';
import type { ActionHandler } from '../records/action.ts';

export const act: ActionHandler['act'] = async ({ config }, { id, input, writer, trx }) => {
  const { rows } = await sql<{ result: Json }>`
    select ops.anonymise_customer(${id}::bigint, ${writer.caller.id}::bigint, ${JSON.stringify(input)}::jsonb) as result
  `.execute(trx);
  // Which of them name the person nobody knows without reading them all; they are kept for convenience only.
  const ended = await trx
    .selectFrom('app.imports')
    .select('id')
    .where('state', 'in', ['done', 'failed', 'cancelled'])
    .where('created_at', '>', sql<string>`now() - interval '30 days'`)
    .execute();
  for (const each of ended) await dropUpload(config, each.id);
  return rows[0]!.result;
};
