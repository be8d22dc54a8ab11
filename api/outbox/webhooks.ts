/** Tells others what happened, in every process that runs jobs: outside any transaction, in order for each customer, until it arrives. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import { retrying } from '../errors.ts';
import { type Answer, post } from './post.ts';
import { readSecrets } from './secrets.ts';
import { SIGNATURE_HEADER, signature } from './signature.ts';

const AT_ONCE = 16;

interface Delivery {
  id: number;
  attempt: number;
  endpoint_id: number;
  url: string;
  timeout_seconds: number;
  topic: string;
  occurred_at: string;
  body: { [key: string]: unknown };
}

/** One turn. @returns how many deliveries were in it */
export async function tellSome({ db, config }: Pick<Deps, 'db' | 'config'>): Promise<number> {
  const claimed = await retrying(() =>
    db.transaction().execute(async (trx) => {
      const { rows } = await sql<Delivery>`select * from ops.claim_webhooks(${AT_ONCE}, clock_timestamp())`.execute(
        trx,
      );
      return rows;
    }),
  );
  const endpoints = [...new Set(claimed.map(({ endpoint_id }) => endpoint_id))];
  const secrets = new Map<number, string[] | Error>();
  for (const record_id of endpoints)
    secrets.set(
      record_id,
      await readSecrets(db, config, { kind: 'webhook_endpoints', record_id }).catch((error: Error) => error),
    );
  await Promise.all(
    claimed.map(async (delivery) => {
      const { id, attempt } = delivery;
      const answer = await tell(delivery, secrets.get(delivery.endpoint_id)!, config.private_webhooks);
      const arrived = answer.status >= 200 && answer.status < 300;
      const said = (answer.status ? `${answer.status} ${answer.body}` : answer.body).slice(0, 300);
      await sql`
        select ops.note_webhook(
          ${id}::bigint, ${attempt}::integer, ${arrived}, clock_timestamp(), ${said}, ${answer.retry_after}::integer
        )
      `.execute(db);
    }),
  );
  return claimed.length;
}

/** Idempotency-Key and id are the same at each attempt. */
async function tell(delivery: Delivery, secrets: string[] | Error, allow_private: boolean): Promise<Answer> {
  const { id, url, timeout_seconds, topic, occurred_at, body } = delivery;
  const failed = (error: Error): Answer => ({ status: 0, body: error.message, retry_after: null });
  if (secrets instanceof Error) return failed(secrets);
  const text = JSON.stringify({ id, topic, occurred_at: new Date(occurred_at).toISOString(), ...body });
  const headers = {
    'idempotency-key': `evergreen-delivery-${id}`,
    'evergreen-topic': topic,
    ...(secrets.length > 0 ? { [SIGNATURE_HEADER]: signature(secrets, { body: text, at: Date.now() }) } : {}),
  };
  return post(url, { body: text, headers, timeout_seconds, allow_private }).catch(failed);
}
