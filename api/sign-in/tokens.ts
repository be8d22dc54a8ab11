/** API tokens: "eg_" and 43 letters in the program, the SHA-256 in app.api_tokens. A token may what its owner may and it was given. */
import { type Kysely, sql } from 'kysely';
import type { Caller } from '../context.ts';
import type { DB } from '../schema.ts';
import { keptCaller } from './kept-callers.ts';
import { builtInRoles, callerOf, digest } from './sessions.ts';

/** The token of an Authorization header; undefined when it holds no Bearer at all, and then cookies count. */
export function bearerIn(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : /^Bearer\b *(.*)$/i.exec(authorization)?.[1];
}

/** @returns the owner with the token beside; null for a token that is unknown, revoked, expired or whose owner is disabled. */
export async function findToken(db: Kysely<DB>, token: string, ip: string): Promise<Caller | null> {
  if (!/^eg_[A-Za-z0-9_-]{43}$/.test(token)) return null;
  return keptCaller(db, token, () => load(db, digest(token), ip));
}

async function load(db: Kysely<DB>, hash: Buffer, ip: string): Promise<Caller | null> {
  const found = await db
    .selectFrom('app.api_tokens as tokens')
    .innerJoin('app.users as users', 'users.id', 'tokens.user_id')
    .select(['users.id', 'users.name', 'users.email', 'users.roles', 'users.pii', 'users.lang'])
    .select(builtInRoles.as('stands_for'))
    .select(['tokens.id as token_id', 'tokens.name as token_name', 'tokens.scopes'])
    .select(
      sql<boolean>`tokens.last_used_at is null or tokens.last_used_at < now() - interval '1 minute'`.as(
        'used_long_ago',
      ),
    )
    .where('tokens.token_hash', '=', hash)
    .where('tokens.revoked_at', 'is', null)
    .where('tokens.expires_at', '>', sql<string>`now()`)
    .where('users.status', '=', 'active')
    .executeTakeFirst();
  if (!found) return null;
  const { token_id, token_name, scopes, used_long_ago, ...user } = found;
  if (used_long_ago) {
    await db
      .updateTable('app.api_tokens')
      .set({ last_used_at: sql`now()`, last_used_ip: ip })
      .where('id', '=', token_id)
      .execute();
  }
  return { ...callerOf(user), token: { id: token_id, name: token_name, scopes } };
}
