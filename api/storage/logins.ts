/**
 * The three logins of a database: the owner (migrations and rebuild), the app (everything the API does) and the report
 * login (reads schema `report`). The owner makes the other two as `<owner>_app` and `<owner>_report`, with passwords
 * derived from its own, so that every process of every release finds the same ones and none is stored.
 * Logins given in APP_DATABASE_URL and REPORT_DATABASE_URL are used as they are.
 */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { StartError } from '../config.ts';
import type { DB } from '../schema.ts';

export interface Login {
  role: string;
  url: string;
}
export interface Logins {
  owner: Login;
  app: Login;
  report: Login;
  /** Roles that the owner makes. */
  made: readonly ('app' | 'report')[];
}

export interface LoginUrls {
  owner_url: string;
  app_database_url?: string | null;
  report_database_url?: string | null;
}

export function findLogins({ owner_url, app_database_url, report_database_url }: LoginUrls): Logins {
  const owner = login(owner_url);
  const app = app_database_url ? login(app_database_url) : derived(owner, 'app');
  const report = report_database_url ? login(report_database_url) : derived(owner, 'report');
  const made = (['app', 'report'] as const).filter(
    (name) => !(name === 'app' ? app_database_url : report_database_url),
  );
  return { owner, app, report, made };
}

/** Makes the missing logins and gives them their passwords. @throws StartError when the owner may not. */
export async function makeLogins(owner: Kysely<DB>, logins: Logins): Promise<void> {
  for (const name of logins.made) {
    const { role, url } = logins[name];
    const password = new URL(url).password;
    try {
      await sql`create role ${sql.id(role)} login`.execute(owner);
    } catch (error) {
      const code = (error as { code?: string }).code;
      // Another database of this server, or another process, was first.
      if (code === '42501') {
        throw new StartError(
          `The login ${logins.owner.role} may not make the login ${role}: give it CREATEROLE, or make two logins and name them in APP_DATABASE_URL and REPORT_DATABASE_URL.`,
        );
      }
      if (code !== '42710' && code !== '23505') throw error;
    }
    if (password && !(await signsIn(url))) {
      await sql`alter role ${sql.id(role)} password ${sql.lit(scramVerifier(decodeURIComponent(password), role))}`.execute(
        owner,
      );
    }
  }
}

/**
 * Looks whether both logins can sign in; those that the owner makes get their password anew once (the owner's own was
 * changed). @throws StartError naming the one that cannot
 */
export async function checkLogins(owner: Kysely<DB>, logins: Logins, { mend }: { mend: boolean }): Promise<void> {
  const refused = await refusal(logins);
  if (refused === null) return;
  if (mend && logins.made.includes(refused.name)) {
    await makeLogins(owner, logins);
    if ((await refusal(logins)) === null) return;
  }
  const { name, why } = refused;
  const where = new URL(logins[name].url).host || 'the socket';
  throw new StartError(
    `The login ${logins[name].role} cannot sign in at ${where} (${why}): see ${name === 'app' ? 'APP' : 'REPORT'}_DATABASE_URL.`,
  );
}

async function refusal(logins: Logins): Promise<{ name: 'app' | 'report'; why: string } | null> {
  for (const name of ['app', 'report'] as const) {
    const error = await tryToSignIn(logins[name].url);
    if (error) return { name, why: error.message || (error.code ?? 'no answer') };
  }
  return null;
}

/** Wrong password or none yet; anything else (no right to connect, say) is not about the password. */
async function signsIn(url: string): Promise<boolean> {
  const error = await tryToSignIn(url);
  return error?.code !== '28P01' && error?.code !== '28000';
}

async function tryToSignIn(url: string): Promise<{ code?: string; message: string } | null> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return null;
  } catch (error) {
    return error as { code?: string; message: string };
  }
}

function login(url: string): Login {
  return { role: decodeURIComponent(new URL(url).username), url };
}

function derived(owner: Login, name: 'app' | 'report'): Login {
  const url = new URL(owner.url);
  const role = `${owner.role}_${name}`;
  const secret = decodeURIComponent(url.password) || process.env.PGPASSWORD || '';
  url.username = encodeURIComponent(role);
  url.password = secret ? createHmac('sha256', secret).update(`evergreen login ${role}`).digest('base64url') : '';
  return { role, url: url.href };
}

/** What Postgres stores instead of the password (RFC 5803), so that the password is in no statement and no server log. */
function scramVerifier(password: string, role: string): string {
  const rounds = 4096;
  const salt = createHash('sha256').update(`evergreen salt ${role} ${password}`).digest().subarray(0, 16);
  const salted = pbkdf2Sync(password, salt, rounds, 32, 'sha256');
  const key = (name: string) => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`;
}
