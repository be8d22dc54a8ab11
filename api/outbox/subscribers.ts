/** Tells subscribers what they asked for, in every process that runs jobs: by the mail server, or through the queue of webhooks. */
import { sql } from 'kysely';
import { type Claimed, isQuiet, type Told, tell } from '../alerts/digest.ts';
import { leaveAddress } from '../alerts/leave.ts';
import { maySee, sightOf, subscriberOf } from '../alerts/subscriber.ts';
import type { Deps } from '../context.ts';
import { retrying } from '../errors.ts';
import { readProgramme } from '../programme.ts';
import { alertMail } from './alert-mail.ts';
import { linkBase } from './claim.ts';
import type { Outcome } from './parcel.ts';
import { readSecrets } from './secrets.ts';
import { type MailPools, type MailServer, sendLetter } from './smtp.ts';

const AT_ONCE = 8;

interface Ended {
  outcome: Outcome['outcome'] | 'skipped' | 'withheld';
  said: string | null;
  sent_to?: string;
  sha256?: string | null;
}

/** One turn. Without a mail server e-mails wait. @returns how many deliveries were in it */
export async function tellSubscribers(deps: Deps, pools: MailPools): Promise<number> {
  const { db } = deps;
  const adapter = await db
    .selectFrom('app.message_adapters')
    .selectAll()
    .where('channel', '=', 'email')
    .where('kind', '=', 'smtp')
    .where('status', '=', 'active')
    .executeTakeFirst();
  const { rows: claimed } = await retrying(() =>
    sql<Claimed>`
      select * from ops.claim_subscription_deliveries(${AT_ONCE}, ${adapter !== undefined}, clock_timestamp())
    `.execute(db),
  );
  await Promise.all(
    claimed.map(async (delivery) => {
      const ended = await deliver(deps, delivery, { pools, adapter }).catch(
        (error: Error): Ended => ({ outcome: 'unsent', said: error.message.slice(0, 300) }),
      );
      if (!ended) return;
      const { outcome, said, sent_to = null, sha256 = null } = ended;
      await sql`
        select ops.note_subscription_delivery(
          ${delivery.id}::bigint, ${delivery.attempt}::integer, ${outcome}, clock_timestamp(), ${said}, ${sent_to}, ${sha256}
        )
      `.execute(db);
    }),
  );
  return claimed.length;
}

/** @returns what came of it; null where that is noted already */
async function deliver(
  deps: Deps,
  delivery: Claimed,
  { pools, adapter }: { pools: MailPools; adapter: MailServer | undefined },
): Promise<Ended | null> {
  const caller = await subscriberOf(deps, delivery.user_id);
  const sight = caller && (await sightOf(deps, caller));
  if (!caller || !sight || !maySee(sight, delivery.about, delivery.target))
    return { outcome: 'withheld', said: 'the subscriber may not see it' };
  if (delivery.status !== 'active') return { outcome: 'withheld', said: 'the subscription has ended' };
  const told = await tell(deps, delivery, sight);
  // A single notice that they may not see, or a digest without anything new.
  if (!told.digest && told.notices.length === 0) return { outcome: 'withheld', said: 'the subscriber may not see it' };
  if (delivery.when_quiet === 'skip' && (await isQuiet(deps, delivery, told)))
    return { outcome: 'skipped', said: null };
  if (delivery.channel === 'webhook') {
    await handOver(deps, delivery, told);
    return null;
  }
  return mail(deps, delivery, { told, to: caller.email, pools, adapter: adapter! });
}

async function handOver({ db, config }: Deps, { id, attempt, endpoint_id, subscription_id }: Claimed, told: Told) {
  const { sha256, path, ...said } = told;
  const body = { subscription_id, ...said, address: `${linkBase(config)}${path}` };
  await retrying(() =>
    sql`
      select ops.hand_to_webhook(
        ${id}::bigint, ${attempt}::integer, ${endpoint_id}::bigint, clock_timestamp(), ${JSON.stringify(body)}::jsonb, ${sha256}
      )
    `.execute(db),
  );
}

async function mail(
  deps: Deps,
  { id, subscription_id, lang }: Claimed,
  { told, to, pools, adapter }: { told: Told; to: string; pools: MailPools; adapter: MailServer },
): Promise<Ended> {
  const { db, config } = deps;
  const [secrets, { programme_name, time_zone }] = await Promise.all([
    readSecrets(db, config, { kind: 'message_adapters', record_id: adapter.id }),
    readProgramme(db),
  ]);
  const leave = leaveAddress(config, subscription_id);
  const letter = await alertMail(told, {
    ...{ lang, programme: [programme_name[0], programme_name[1]], base: linkBase(config), leave, time_zone },
  });
  const { outcome, said } = await sendLetter(pools, adapter, secrets[0] ?? null, {
    ...{ id: `subscription-${id}`, to, ...letter },
    headers: { 'List-Unsubscribe': `<${leave}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  });
  return { outcome, said, sent_to: to, sha256: told.sha256 };
}
