/**
 * The same POST twice has one effect: the first answer is kept under its Idempotency-Key, in the transaction of what it
 * did, and given again. A second request that comes meanwhile waits for the first.
 */
import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Json } from '../contract.ts';
import { problem, retrying } from '../errors.ts';
import type { DB } from '../schema.ts';
import { inTransaction } from './announce.ts';

export interface KeptAnswer {
  status: number;
  body: Json;
  /** Told to who did it, and not kept. */
  secret?: string | undefined;
}

/**
 * @param request what makes two requests the same one: its path and body
 * @param work does it in the transaction and gives its answer; an error leaves no trace, so that it can be tried again
 * @throws Problem 400 for a key that is none, 422 when the key was used for another request
 */
export async function onceOnly(
  deps: Pick<Deps, 'db' | 'log' | 'definitions'>,
  { caller, key, request }: { caller: Caller; key: string; request: string },
  work: (trx: Kysely<DB>) => Promise<KeptAnswer>,
): Promise<KeptAnswer> {
  if (key.length < 1 || key.length > 200) throw problem(400, 'bad_key');
  const request_hash = createHash('sha256').update(request).digest('base64url');
  return retrying(() =>
    inTransaction(deps, async (trx) => {
      // Waits for whoever holds the same key; then either they are done, or gave up and it is ours.
      const ours = await trx
        .insertInto('app.idempotency_keys')
        .values({ user_id: caller.id, key, request_hash, status: 0, body: '{}' })
        .onConflict((conflict) => conflict.doNothing())
        .returning('key')
        .executeTakeFirst();
      if (!ours) return keptAnswer(trx, { caller, key, request_hash });
      const answer = await work(trx);
      await trx
        .updateTable('app.idempotency_keys')
        .set({ status: answer.status, body: JSON.stringify(answer.body) })
        .where('user_id', '=', caller.id)
        .where('key', '=', key)
        .execute();
      return answer;
    }),
  );
}

async function keptAnswer(
  trx: Kysely<DB>,
  { caller, key, request_hash }: { caller: Caller; key: string; request_hash: string },
): Promise<KeptAnswer> {
  const kept = await trx
    .selectFrom('app.idempotency_keys')
    .select(['request_hash', 'status', 'body'])
    .where('user_id', '=', caller.id)
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  if (kept.request_hash !== request_hash) throw problem(422, 'idempotency_mismatch');
  return { status: kept.status, body: kept.body as Json };
}
