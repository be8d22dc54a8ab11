/**
 * A database without anybody who may administer it offers a one-time link, printed in the log at start: who can read the
 * log may take the console over, nobody else. The same way back in serves when the last administrator was disabled.
 */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Pair } from '../contract.ts';
import { type FieldFault, fieldErrors, problem } from '../errors.ts';
import type { DB } from '../schema.ts';
import { recordSignIn } from './auth-audit.ts';
import { forgetCallers } from './kept-callers.ts';
import { hashPassword, passwordProblem } from './passwords.ts';
import { digest, openSession, randomToken } from './sessions.ts';
import { spelledEmail } from './sign-in.ts';

export const FIRST_ADMINISTRATOR_EMAIL = 'admin@evergreen.local';
const LINK_HOURS = 24;
const EMAIL: Pair = ['邮箱', 'The e-mail'];

/**
 * @returns the token of a new link, good for 24 hours and as long as there is no administrator; null when there is one.
 *   Links of earlier starts stay good as long: of several processes that start together each prints one.
 */
export async function firstAdministratorLink({ db }: Pick<Deps, 'db'>): Promise<string | null> {
  return db.transaction().execute(async (trx) => {
    await oneAtATime(trx);
    if (await anyAdministrator(trx)) return null;
    await trx
      .insertInto('app.users')
      .values({ email: FIRST_ADMINISTRATOR_EMAIL, name: '管理员', roles: ['administrator'], pii: true })
      .onConflict((conflict) => conflict.column('email').doNothing())
      .execute();
    const { id } = await trx
      .selectFrom('app.users')
      .select('id')
      .where('email', '=', FIRST_ADMINISTRATOR_EMAIL)
      .executeTakeFirstOrThrow();
    const token = randomToken();
    await trx
      .insertInto('app.sign_in_links')
      .values({
        token_hash: digest(token),
        user_id: id,
        purpose: 'first_administrator',
        expires_at: sql`now() + make_interval(hours => ${LINK_HOURS}::integer)`,
      })
      .execute();
    return token;
  });
}

/** What a link would do: null when it is unknown, used or too old. */
export async function linkOf({ db }: Pick<Deps, 'db'>, token: string) {
  const link = await db
    .selectFrom('app.sign_in_links as links')
    .innerJoin('app.users as users', 'users.id', 'links.user_id')
    .select(['links.purpose', 'users.email', 'users.name'])
    .where('links.token_hash', '=', digest(token))
    .where('links.used_at', 'is', null)
    .where('links.expires_at', '>', sql<string>`now()`)
    .executeTakeFirst();
  if (!link) return null;
  if (link.purpose === 'first_administrator' && (await anyAdministrator(db))) return null;
  return { first_administrator: link.purpose === 'first_administrator', email: link.email, name: link.name };
}

export interface SetPassword {
  token: string;
  password: string;
  /** The first administrator may say who they are; others keep what is stored. */
  email?: string;
  name?: string;
  ip: string;
  user_agent: string | null;
  request_id: string | null;
}

/**
 * Uses a link: sets the password and signs in. Of two at once one wins.
 * @returns the session's token.
 * @throws Problem 410 `link_invalid`, 422 with what is wrong with the password or address.
 */
export async function setPassword(deps: Deps, given: SetPassword): Promise<string> {
  const link = await linkOf(deps, given.token);
  if (!link) throw problem(410, 'link_invalid');
  const email = link.first_administrator && given.email !== undefined ? spelledEmail(given.email) : link.email;
  const name = link.first_administrator && given.name?.trim() ? given.name.trim() : link.name;
  const errors: { [field: string]: FieldFault } = {};
  if (!/^[^\s@\0]{1,64}@[^\s@\0]{1,189}$/.test(email)) errors.email = { key: 'not_an_email', params: { label: EMAIL } };
  if (name.length > 80 || name.includes('\0'))
    errors.name = { key: 'too_long', params: { label: ['姓名', 'The name'], max: 80 } };
  const wrong = passwordProblem(given.password, [email, name]);
  if (wrong) errors.password = wrong;
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);

  const password_hash = await hashPassword(given.password);
  const token = await deps.db.transaction().execute(async (trx) => {
    if (link.first_administrator) {
      await oneAtATime(trx);
      if (await anyAdministrator(trx)) throw problem(410, 'link_invalid');
    }
    const used = await trx
      .updateTable('app.sign_in_links')
      .set({ used_at: sql`now()` })
      .where('token_hash', '=', digest(given.token))
      .where('used_at', 'is', null)
      .where('expires_at', '>', sql<string>`now()`)
      .returning('user_id')
      .executeTakeFirst();
    if (!used) throw problem(410, 'link_invalid');
    const { user_id } = used;
    const taken = await trx
      .selectFrom('app.users')
      .select('id')
      .where('email', '=', email)
      .where('id', '<>', user_id)
      .executeTakeFirst();
    if (taken) throw fieldErrors({ email: { key: 'unique', params: { label: EMAIL } } });
    await trx
      .updateTable('app.users')
      .set((user) => ({
        password_hash,
        email,
        name,
        version: user('version', '+', 1),
        updated_at: sql`now()`,
        last_sign_in_at: sql`now()`,
        ...(link.first_administrator ? { status: 'active', roles: ['administrator'], pii: true } : {}),
      }))
      .where('id', '=', user_id)
      .execute();
    await trx
      .updateTable('app.sign_in_links')
      .set({ used_at: sql`now()` })
      .where('user_id', '=', user_id)
      .where('used_at', 'is', null)
      .execute();
    const { ip, user_agent, request_id } = given;
    await recordSignIn(trx, { action: 'set_password', user: { id: user_id, email }, ip, request_id });
    return openSession(trx, { user_id, password_hash, user_agent, ip });
  });
  forgetCallers(deps.db);
  return token;
}

async function anyAdministrator(db: Kysely<DB>): Promise<boolean> {
  const found = await db
    .selectFrom('app.users')
    .select('id')
    .where(sql<boolean>`'administrator' = any (roles)`)
    .where('status', '=', 'active')
    .where('password_hash', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

async function oneAtATime(trx: Kysely<DB>): Promise<void> {
  await trx
    .selectNoFrom(sql`pg_advisory_xact_lock(hashtextextended('evergreen first administrator', 0))`.as('locked'))
    .execute();
}
