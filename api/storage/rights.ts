/** Looks at start whether the app and report logins hold rights they must not hold. */
import { CompiledQuery, type Kysely } from 'kysely';
import { StartError } from '../config.ts';
import type { DB } from '../schema.ts';
import type { Logins } from './logins.ts';
import { readSql } from './sql-files.ts';

export interface Finding {
  login: string;
  /** The product's promises (audit, signed snapshots, reports that only read) do not hold with it. */
  grave: boolean;
  finding: string;
}

/** Every right too many; a server on which we are no superuser leaves some that are not grave. */
export async function findRights(db: Kysely<DB>, logins: Logins): Promise<Finding[]> {
  const query = CompiledQuery.raw(readSql('catalogue/rights.sql'), [logins.app.role, logins.report.role]);
  return (await db.executeQuery<Finding>(query)).rows;
}

/** @returns what is to be said in the log. @throws StartError when a login could break a promise. */
export async function checkRights(db: Kysely<DB>, logins: Logins): Promise<string[]> {
  const findings = await findRights(db, logins);
  const grave = findings.find((each) => each.grave);
  if (grave) {
    const name = grave.login === logins.app.role ? 'APP_DATABASE_URL' : 'REPORT_DATABASE_URL';
    throw new StartError(
      `The login ${grave.login} ${grave.finding}, which it must not: take the right away, or name another login in ${name}.`,
    );
  }
  return findings.map(({ login, finding }) => `The login ${login} ${finding}.`);
}
