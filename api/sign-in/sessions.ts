/** Sessions: a random token in the browser, its SHA-256 in app.sessions. */
import { createHash, randomBytes } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Caller } from '../context.ts';
import type { Lang, Role } from '../contract.ts';
import type { DB } from '../schema.ts';
import { forgetCallers, keptCaller } from './kept-callers.ts';

export const SESSION_COOKIE = 'evergreen_session';
/** Signed out after this long without a request, and after this long whatever happens. */
export const IDLE_HOURS = 8;
export const ABSOLUTE_DAYS = 7;
const PER_USER = 50;

type Handle = Kysely<DB>;

const COOKIE = new RegExp(`(?:^|;) *${SESSION_COOKIE}=([A-Za-z0-9_-]{43})(?= *(?:;|$))`);

/** The token in a Cookie header; one expression, because every request passes here. */
export function tokenIn(cookies: string | undefined): string | undefined {
  return cookies === undefined ? undefined : COOKIE.exec(cookies)?.[1];
}

/** SHA-256 of a token or an address, as the tables keep it. */
export function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** 32 random bytes as 43 characters that need no escaping in a cookie or an address. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** @returns who is signed in with this token; null for anything else, tampered tokens included. */
export async function findSession(db: Handle, token: string | undefined): Promise<Caller | null> {
  if (!token || !/^[A-Za-z0-9_-]{43}$/.test(token)) return null;
  return keptCaller(db, token, () => load(db, digest(token)));
}

/**
 * Starts a session for somebody who was just verified.
 * @param password_hash the hash a password was verified against: if it changed meanwhile, the session is born dead;
 *   null for who has none and came another way
 * @returns the token for the cookie; it is kept nowhere else
 */
export async function openSession(
  trx: Handle,
  {
    user_id,
    password_hash,
    user_agent,
    ip,
  }: { user_id: number; password_hash: string | null; user_agent: string | null; ip: string | null },
): Promise<string> {
  const token = randomToken();
  await trx
    .deleteFrom('app.sessions')
    .where('user_id', '=', user_id)
    .where('token_hash', 'not in', (query) =>
      query
        .selectFrom('app.sessions as newest')
        .select('newest.token_hash')
        .where('newest.user_id', '=', user_id)
        .orderBy('newest.created_at', 'desc')
        .limit(PER_USER - 1),
    )
    .execute();
  await trx
    .insertInto('app.sessions')
    .values({
      token_hash: digest(token),
      user_id,
      password_mark: digest(password_hash ?? ''),
      expires_at: sql`now() + make_interval(days => ${ABSOLUTE_DAYS}::integer)`,
      user_agent: user_agent?.slice(0, 300) ?? null,
      ip,
    })
    .execute();
  return token;
}

/** Ends one session. */
export async function closeSession(db: Handle, token: string): Promise<void> {
  await db.deleteFrom('app.sessions').where('token_hash', '=', digest(token)).execute();
  forgetCallers(db);
}

/** To be called after people changed: those disabled lose their sessions, everybody's roles are read again. */
export async function usersChanged(db: Handle): Promise<void> {
  await db
    .deleteFrom('app.sessions')
    .where('user_id', 'in', (query) => query.selectFrom('app.users').select('id').where('status', '<>', 'active'))
    .execute();
  forgetCallers(db);
}

/** A stored user as the one who asks. */
export function callerOf(
  user: Pick<Selectable<DB['app.users']>, 'id' | 'name' | 'email' | 'roles' | 'pii' | 'lang'>,
): Caller {
  return { ...user, roles: user.roles as Role[], lang: user.lang as Lang };
}

/** What the roles of `users` amount to among the built-in ones. */
export const builtInRoles = sql<string[]>`array(
  select distinct coalesce(base_role, code) from app.roles where code = any (users.roles) order by 1
)`;

async function load(db: Handle, hash: Buffer): Promise<Caller | null> {
  const found = await db
    .selectFrom('app.sessions as sessions')
    .innerJoin('app.users as users', 'users.id', 'sessions.user_id')
    .select(['users.id', 'users.name', 'users.email', 'users.roles', 'users.pii', 'users.lang'])
    .select(builtInRoles.as('stands_for'))
    .select(sql<boolean>`sessions.last_seen_at < now() - interval '1 minute'`.as('seen_long_ago'))
    .where('sessions.token_hash', '=', hash)
    .where('users.status', '=', 'active')
    .where('sessions.password_mark', '=', sql<Buffer>`sha256(coalesce(users.password_hash, '')::bytea)`)
    .where('sessions.expires_at', '>', sql<string>`now()`)
    .where('sessions.last_seen_at', '>', sql<string>`now() - make_interval(hours => ${IDLE_HOURS}::integer)`)
    .executeTakeFirst();
  if (!found) return null;
  const { seen_long_ago, ...user } = found;
  if (seen_long_ago) {
    await db.updateTable('app.sessions').set({ last_seen_at: sql`now()` }).where('token_hash', '=', hash).execute();
  }
  return callerOf(user);
}
