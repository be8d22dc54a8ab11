/** Sends written health reports to their subscribers, through the programme's mail server. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Lang } from '../contract.ts';
import type { HealthReport } from '../contract-written.ts';
import { retrying } from '../errors.ts';
import { readProgramme } from '../programme.ts';
import { linkBase } from './claim.ts';
import { type HealthMail, healthMail } from './health-mail.ts';
import type { Outcome } from './parcel.ts';
import { readSecrets } from './secrets.ts';
import { type MailPools, sendLetter } from './smtp.ts';

const AT_ONCE = 8;

interface Claimed {
  id: number;
  attempt: number;
  health_report_id: number;
  email: string;
  lang: Lang;
}

/** One turn. Without a mail server they wait. @returns how many e-mails were in it */
export async function mailSome(deps: Pick<Deps, 'db' | 'config'>, pools: MailPools): Promise<number> {
  const { db, config } = deps;
  const adapter = await db
    .selectFrom('app.message_adapters')
    .selectAll()
    .where('channel', '=', 'email')
    .where('kind', '=', 'smtp')
    .where('status', '=', 'active')
    .executeTakeFirst();
  if (!adapter) return 0;
  const { rows: claimed } = await retrying(() =>
    sql<Claimed>`select * from ops.claim_report_deliveries(${AT_ONCE}, clock_timestamp())`.execute(db),
  );
  if (claimed.length === 0) return 0;
  const secrets = await readSecrets(db, config, { kind: 'message_adapters', record_id: adapter.id }).catch(
    (error: Error) => error,
  );
  const { programme_name } = await readProgramme(db);
  const written = new Map<string, Promise<HealthMail>>();
  const letter = ({ health_report_id, lang }: Claimed) => {
    const key = `${health_report_id} ${lang}`;
    const found = written.get(key) ?? write(deps, { health_report_id, lang, programme: programme_name });
    written.set(key, found);
    return found;
  };
  await Promise.all(
    claimed.map(async (delivery) => {
      const { id, attempt, email } = delivery;
      const outcome: Outcome = await letter(delivery).then(
        (mail) =>
          secrets instanceof Error
            ? unsent(secrets)
            : sendLetter(pools, adapter, secrets[0] ?? null, { id: `report-${id}`, to: email, ...mail }),
        unsent,
      );
      await sql`
        select ops.note_report_delivery(
          ${id}::bigint, ${attempt}::integer, ${outcome.outcome}, clock_timestamp(), ${outcome.said}
        )
      `.execute(db);
    }),
  );
  return claimed.length;
}

const unsent = (error: Error): Outcome => ({ outcome: 'unsent', said: error.message.slice(0, 300), number: null });

async function write(
  { db, config }: Pick<Deps, 'db' | 'config'>,
  { health_report_id, lang, programme }: { health_report_id: number; lang: Lang; programme: readonly [string, string] },
): Promise<HealthMail> {
  const { body, reported_on } = await db
    .selectFrom('app.health_reports')
    .select(['body', 'reported_on'])
    .where('id', '=', health_report_id)
    .executeTakeFirstOrThrow();
  const address = `${linkBase(config)}/reports/health?day=${reported_on}`;
  return healthMail(body as unknown as HealthReport, { lang, programme: [...programme], address });
}
