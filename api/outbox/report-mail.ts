/** Sends written health reports to their subscribers, through the programme's mail server. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Lang } from '../contract.ts';
import type { HealthReport } from '../contract-written.ts';
import { retrying } from '../errors.ts';
import { readProgramme } from '../programme.ts';
import { linkBase } from './claim.ts';
import { type HealthMail, healthMail } from './health-mail.ts';
import type { MailPools } from './smtp.ts';
import { staffMail, unsent } from './staff-mail.ts';

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
  const { db } = deps;
  const mail = await staffMail(deps, pools);
  if (!mail) return 0;
  const { rows: claimed } = await retrying(() =>
    sql<Claimed>`select * from ops.claim_report_deliveries(${AT_ONCE}, clock_timestamp())`.execute(db),
  );
  if (claimed.length === 0) return 0;
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
      const { outcome, said } = await letter(delivery)
        .then((written) => mail.send({ id: `report-${id}`, to: email, ...written }))
        .catch(unsent);
      await sql`
        select ops.note_report_delivery(
          ${id}::bigint, ${attempt}::integer, ${outcome}, clock_timestamp(), ${said}
        )
      `.execute(db);
    }),
  );
  return claimed.length;
}

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
