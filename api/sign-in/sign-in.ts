/**
 * Signing in. The answer tells nothing about which addresses exist: a stranger's address is counted, hashed against and
 * locked just like a known one. Every attempt is counted in the database before its password is looked at.
 */
import { type Kysely, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import { problem } from '../errors.ts';
import { type Buckets, buckets, network } from '../rate-limit/bucket.ts';
import type { DB } from '../schema.ts';
import { recordSignIn } from './auth-audit.ts';
import { passwordMatches } from './passwords.ts';
import { callerOf, digest, openSession } from './sessions.ts';

export interface Attempt {
  email: string;
  password: string;
  ip: string;
  user_agent: string | null;
  request_id: string | null;
}

/** Wrong sign-ins from one network address, whoever it claims to be. */
const guesses = new WeakMap<Kysely<DB>, Buckets>();
/** The last attempt under each address in this process: the same person twice at once must not lock themselves out. */
const lines = new Map<string, Promise<unknown>>();

/**
 * @returns the token for the cookie and who signed in.
 * @throws Problem 401 `sign_in_failed`, 403 `account_disabled` (only to who knows the password),
 *   429 `sign_in_locked` or `too_many_attempts` with `seconds`.
 */
export async function signIn(deps: Deps, attempt: Attempt): Promise<{ token: string; caller: Caller }> {
  const user = await checkPassword(deps, attempt);
  if (!user) throw problem(401, 'sign_in_failed');
  const { password_hash, status, ...shown } = user;
  const { ip, user_agent, request_id } = attempt;
  if (status !== 'active') {
    await recordSignIn(deps.db, { action: 'sign_in_failed', user, ip, request_id });
    throw problem(403, 'account_disabled');
  }
  const token = await deps.db.transaction().execute(async (trx) => {
    await trx.updateTable('app.users').set({ last_sign_in_at: sql`now()` }).where('id', '=', user.id).execute();
    await recordSignIn(trx, { action: 'sign_in', user, ip, request_id });
    return openSession(trx, { user_id: user.id, password_hash, user_agent, ip });
  });
  return { token, caller: callerOf(shown) };
}

/**
 * Counts the attempt, then compares the password; a right one clears the count.
 * @returns the user, disabled ones too; null when the password is wrong or nobody has the address.
 * @throws Problem 429 `sign_in_locked` or `too_many_attempts` with `seconds`.
 */
export async function checkPassword(deps: Deps, attempt: Attempt) {
  const limits = guessesOf(deps);
  const address = network(attempt.ip);
  const wait = limits?.take(address) ?? 0;
  if (wait > 0) throw problem(429, 'too_many_attempts', { seconds: wait });
  const email = spelledEmail(attempt.email);
  const user = await afterOthers(email, () => compare(deps, { ...attempt, email }));
  if (user) limits?.refund(address);
  return user;
}

/** As app.users keeps it. */
export function spelledEmail(email: string): string {
  return email.trim().toLowerCase();
}

async function compare({ db }: Deps, { email, password, ip, request_id }: Attempt) {
  const address = digest(email);
  const failures = await countAttempt(db, address);
  if (failures === null) throw problem(429, 'sign_in_locked', { seconds: await secondsLocked(db, address) });

  const user = await userWith(db, email);
  const matches = await passwordMatches(password, user?.password_hash ?? null);
  if (matches && user?.password_hash) {
    await db.deleteFrom('app.sign_in_failures').where('email_hash', '=', address).execute();
    return { ...user, password_hash: user.password_hash };
  }
  const action = (await secondsLocked(db, address)) > 0 ? 'locked' : 'sign_in_failed';
  await recordSignIn(db, { action, user: user ?? null, ip, request_id });
  return null;
}

/** @returns how many in a row this is; null while the address is locked. */
async function countAttempt(db: Kysely<DB>, address: Buffer): Promise<number | null> {
  const { failures } = await db
    .selectNoFrom(sql<number | null>`ops.count_sign_in(${address}::bytea)`.as('failures'))
    .executeTakeFirstOrThrow();
  return failures;
}

async function secondsLocked(db: Kysely<DB>, address: Buffer): Promise<number> {
  const row = await db
    .selectFrom('app.sign_in_failures')
    .select(sql<number>`greatest(0, ceil(extract(epoch from locked_until - clock_timestamp())))::integer`.as('seconds'))
    .where('email_hash', '=', address)
    .where('locked_until', 'is not', null)
    .executeTakeFirst();
  return row?.seconds ?? 0;
}

function userWith(db: Kysely<DB>, email: string) {
  return (
    db
      .selectFrom('app.users')
      .select(['id', 'name', 'email', 'roles', 'pii', 'lang', 'status', 'password_hash'])
      // PostgreSQL has no NUL in text, so nobody has such an address.
      .where('email', '=', email.includes('\0') ? '' : email)
      .executeTakeFirst()
  );
}

async function afterOthers<T>(email: string, work: () => Promise<T>): Promise<T> {
  const before = lines.get(email) ?? Promise.resolve();
  const mine = before.then(work, work);
  lines.set(email, mine);
  try {
    return await mine;
  } finally {
    if (lines.get(email) === mine) lines.delete(email);
  }
}

function guessesOf({ db, config }: Deps): Buckets | null {
  if (!config.limits.sign_in) return null;
  let counted = guesses.get(db);
  if (!counted) {
    counted = buckets(config.limits.sign_in);
    guesses.set(db, counted);
  }
  return counted;
}
