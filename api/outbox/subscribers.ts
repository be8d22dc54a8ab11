/** Tells subscribers what they asked for, in every process that runs jobs: by the mail server, or through the queue of webhooks. */
import { sql } from 'kysely';
import { type Claimed, isQuiet, type Told, tell } from '../alerts/digest.ts';
import { leaveAddress } from '../alerts/leave.ts';
import { nameOf, sightOf, subscriberOf } from '../alerts/subscriber.ts';
import type { Deps } from '../context.ts';
import type { Pair } from '../contract.ts';
import { retrying } from '../errors.ts';
import { readProgramme } from '../programme.ts';
import { alertMail } from './alert-mail.ts';
import { linkBase } from './claim.ts';
import type { Outcome } from './parcel.ts';
import type { MailPools } from './smtp.ts';
import { type StaffMail, staffMail, unsent } from './staff-mail.ts';

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
  const mail = await staffMail(deps, pools);
  const { rows: claimed } = await retrying(() =>
    sql<Claimed>`
      select * from ops.claim_subscription_deliveries(${AT_ONCE}, ${mail !== null}, clock_timestamp())
    `.execute(db),
  );
  await Promise.all(
    claimed.map(async (delivery) => {
      const ended = await deliver(deps, delivery, mail).catch((error: Error): Ended => unsent(error));
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
async function deliver(deps: Deps, delivery: Claimed, mail: StaffMail | null): Promise<Ended | null> {
  const caller = await subscriberOf(deps, delivery.user_id);
  const sight = caller && (await sightOf(deps, caller));
  const name = sight && nameOf(sight, delivery.about, delivery.target);
  if (!caller || !sight || !name) return { outcome: 'withheld', said: 'the subscriber may not see it' };
  if (delivery.status !== 'active') return { outcome: 'withheld', said: 'the subscription has ended' };
  await keepName(deps, delivery.subscription_id, name);
  const told = await tell(deps, delivery, sight);
  // A single notice that they may not see, or a digest without anything new.
  if (!told.digest && told.notices.length === 0) return { outcome: 'withheld', said: 'the subscriber may not see it' };
  if (delivery.when_quiet === 'skip' && (await isQuiet(deps, delivery, told)))
    return { outcome: 'skipped', said: null };
  if (delivery.channel === 'webhook') {
    await handOver(deps, delivery, told);
    return null;
  }
  return write(deps, delivery, { told, to: caller.email, mail: mail! });
}

/** Reports and metrics are renamed in their files; lists of subscriptions say what they were called when something was sent last. */
async function keepName({ db }: Deps, id: number, [target_name, target_name_en]: Pair): Promise<void> {
  await db
    .updateTable('app.subscriptions')
    .set({ target_name, target_name_en })
    .where('id', '=', id)
    .where(({ eb, or }) => or([eb('target_name', '<>', target_name), eb('target_name_en', '<>', target_name_en)]))
    .execute();
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

async function write(
  { db, config }: Deps,
  { id, subscription_id, lang }: Claimed,
  { told, to, mail }: { told: Told; to: string; mail: StaffMail },
): Promise<Ended> {
  const { programme_name, time_zone } = await readProgramme(db);
  const leave = leaveAddress(config, subscription_id);
  const letter = await alertMail(told, {
    ...{ lang, programme: [programme_name[0], programme_name[1]], base: linkBase(config), leave, time_zone },
  });
  const { outcome, said } = await mail.send({
    ...{ id: `subscription-${id}`, to, ...letter },
    headers: { 'List-Unsubscribe': `<${leave}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  });
  return { outcome, said, sent_to: to, sha256: told.sha256 };
}
