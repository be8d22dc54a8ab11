/** What is remembered of signing in and out: who, from where, whether it worked. Never a password, never an address nobody has. */
import type { Kysely } from 'kysely';
import type { DB } from '../schema.ts';

export type SignInAction = 'sign_in' | 'sign_in_failed' | 'locked' | 'sign_out' | 'set_password' | 'change_password';

export interface SignInRecord {
  action: SignInAction;
  /** Null when nobody has the address that was given. */
  user: { id: number; email: string } | null;
  ip: string | null;
  request_id: string | null;
}

export async function recordSignIn(db: Kysely<DB>, { action, user, ip, request_id }: SignInRecord): Promise<void> {
  await db
    .insertInto('app.audit_entries')
    .values({
      user_id: user?.id ?? null,
      actor: user?.email ?? 'unknown',
      resource: 'sign_ins',
      record_id: user?.id ?? null,
      action,
      after: JSON.stringify({ ip }),
      request_id,
    })
    .execute();
}
