/** What signed-in people do to their own account: a new password, the other language, leaving. */
import { sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Lang } from '../contract.ts';
import { fieldErrors } from '../errors.ts';
import { recordSignIn } from './auth-audit.ts';
import { forgetCallers } from './kept-callers.ts';
import { hashPassword, passwordProblem } from './passwords.ts';
import { closeSession, findSession, openSession } from './sessions.ts';
import { checkPassword } from './sign-in.ts';

export interface From {
  ip: string;
  user_agent: string | null;
  request_id: string | null;
}

/**
 * Every other session of the caller ends with the old password.
 * @returns the token of the session that goes on.
 * @throws Problem 422 naming `current` or `password`; 429 after wrong guesses, counted with those at sign-in.
 */
export async function changePassword(
  deps: Deps,
  { caller, current, password, from }: { caller: Caller; current: string; password: string; from: From },
): Promise<string> {
  const { db } = deps;
  const known = await checkPassword(deps, { ...from, email: caller.email, password: current });
  if (!known) throw fieldErrors({ current: { key: 'wrong_password' } });
  const wrong = passwordProblem(password, [caller.email, caller.name]);
  if (wrong) throw fieldErrors({ password: wrong });
  const password_hash = await hashPassword(password);
  const token = await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('app.users')
      .set((user) => ({ password_hash, version: user('version', '+', 1), updated_at: sql`now()` }))
      .where('id', '=', caller.id)
      .execute();
    await recordSignIn(trx, { ...from, action: 'change_password', user: caller });
    return openSession(trx, { ...from, user_id: caller.id, password_hash });
  });
  forgetCallers(db);
  return token;
}

export async function changeLanguage({ db }: Deps, caller: Caller, lang: Lang): Promise<Caller> {
  await db
    .updateTable('app.users')
    .set((user) => ({ lang, version: user('version', '+', 1), updated_at: sql`now()` }))
    .where('id', '=', caller.id)
    .execute();
  forgetCallers(db);
  return { ...caller, lang };
}

/** Ends the session of this token, if it is one. */
export async function signOut({ db }: Deps, token: string, from: From): Promise<void> {
  const caller = await findSession(db, token);
  if (!caller) return;
  await closeSession(db, token);
  await recordSignIn(db, { ...from, action: 'sign_out', user: caller });
}
