/**
 * Sends what is queued, in every process that runs jobs: each channel by itself, some messages at a time, outside any
 * transaction. Processes share the messages; what one of them had in its hands when it was killed is taken up again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import { CHANNELS } from './channels.ts';
import { type Claimed, claimMessages } from './claim.ts';
import type { Outcome } from './parcel.ts';
import { mailSome } from './report-mail.ts';
import { readSecrets } from './secrets.ts';
import { type MailPools, mailPools, sendMail } from './smtp.ts';
import { tellSubscribers } from './subscribers.ts';
import { sendByWebhook } from './webhook.ts';
import { tellSome } from './webhooks.ts';

const REST_MS = 500;
/** Written once a day. */
const REPORTS_REST_MS = 10_000;
const SUBSCRIBERS_REST_MS = 2_000;
/** While something is due that could not be taken, or was held back. */
const BREATH_MS = 20;
/** After a failure of ours, so that a fault does not keep the machine busy. */
const PAUSE_MS = 5_000;
/** In-site messages are there when they are written. */
const INBOX_AT_ONCE = 200;

const STOP_MS = 5_000;

type SenderDeps = Pick<Deps, 'db' | 'config' | 'log'>;

export interface Sender {
  stop(): Promise<void>;
}

export function startSender(deps: Deps): Sender {
  const ending = new AbortController();
  const pools = mailPools();
  const loops = [
    ...Object.keys(CHANNELS).map((channel) => work(deps, pools, channel, ending.signal)),
    repeat(deps, 'reports', ending.signal, async () => ((await mailSome(deps, pools)) > 0 ? 0 : REPORTS_REST_MS)),
    repeat(deps, 'subscribers', ending.signal, async () =>
      (await tellSubscribers(deps, pools)) > 0 ? 0 : SUBSCRIBERS_REST_MS,
    ),
    repeat(deps, 'webhooks', ending.signal, async () => ((await tellSome(deps)) > 0 ? 0 : REST_MS)),
  ];
  return {
    stop: async () => {
      ending.abort();
      // What a slow receiver has in its hands is taken up by the next start.
      await Promise.race([Promise.all(loops), sleep(STOP_MS, undefined, { ref: false })]);
      pools.close();
    },
  };
}

function work(deps: SenderDeps, pools: MailPools, channel: string, signal: AbortSignal): Promise<void> {
  return repeat(deps, channel, signal, async () => {
    if ((await sendSome(deps, pools, channel)) > 0) return 0;
    return (await isDue(deps, channel)) ? BREATH_MS : REST_MS;
  });
}

/** @param turn says how long to rest after it */
async function repeat(deps: SenderDeps, what: string, signal: AbortSignal, turn: () => Promise<number>): Promise<void> {
  while (!signal.aborted) {
    let rest: number;
    try {
      rest = await turn();
    } catch (error) {
      if (signal.aborted) return;
      deps.log.error({ err: error, what }, 'messages could not be sent');
      rest = PAUSE_MS;
    }
    if (rest > 0) await sleep(rest, undefined, { signal }).catch(() => undefined);
  }
}

/** One turn of a channel. @returns how many messages were in it */
export async function sendSome(deps: SenderDeps, pools: MailPools, channel: string): Promise<number> {
  const adapter = await deps.db
    .selectFrom('app.message_adapters')
    .selectAll()
    .where('channel', '=', channel)
    .where('status', '=', 'active')
    .executeTakeFirst();
  const how_many = adapter?.kind === 'inbox' ? INBOX_AT_ONCE : (adapter?.parallel ?? 1);
  const claimed = await claimMessages(deps, { channel, how_many });
  if (claimed.length === 0 || !adapter) return 0;
  // Claimed and secrets read from here on: what fails now is noted with each message.
  const secrets = await readSecrets(deps.db, deps.config, { kind: 'message_adapters', record_id: adapter.id }).catch(
    (error: Error) => error,
  );
  await Promise.all(
    claimed.map(async (parcel) => {
      const outcome = await deliver(deps, pools, adapter, secrets, parcel);
      await note(deps, parcel, outcome);
    }),
  );
  return claimed.length;
}

type Adapter = Parameters<typeof sendMail>[1] & { kind: string; url: string | null };
async function deliver(
  { config }: SenderDeps,
  pools: MailPools,
  adapter: Adapter,
  secrets: string[] | Error,
  parcel: Claimed,
): Promise<Outcome> {
  if (adapter.kind === 'inbox') return { outcome: 'delivered', said: null, number: null };
  if (secrets instanceof Error) return { outcome: 'unsent', said: secrets.message, number: null };
  if (parcel.to === null) return { outcome: 'refused', said: 'no recipient', number: null };
  if (adapter.kind === 'smtp') return sendMail(pools, adapter, secrets[0] ?? null, parcel);
  const { url, timeout_seconds } = adapter;
  return sendByWebhook({ url: url!, timeout_seconds, allow_private: config.private_webhooks }, secrets, parcel);
}

async function note({ db }: SenderDeps, { id, attempt }: Claimed, { outcome, said, number, retry_seconds }: Outcome) {
  await sql`
    select ops.note_message(
      ${id}::bigint, ${attempt}::integer, ${outcome}, clock_timestamp(), ${said}, ${number}, ${retry_seconds ?? null}::integer
    )
  `.execute(db);
}

async function isDue({ db }: SenderDeps, channel: string): Promise<boolean> {
  const due = await db
    .selectFrom('app.messages')
    .select('id')
    .where('channel', '=', channel)
    .where('due_at', '<=', sql<string>`clock_timestamp()`)
    .limit(1)
    .executeTakeFirst();
  return due !== undefined;
}
