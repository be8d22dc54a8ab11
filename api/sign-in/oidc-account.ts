/** Who a person that the identity provider vouches for is here: found by the provider's own id, at first by e-mail. */
import { type Kysely, sql } from 'kysely';
import type { OidcConfig } from '../config.ts';
import type { Deps } from '../context.ts';
import type { Row } from '../contract.ts';
import { recordAudit } from '../records/audit.ts';
import type { DB } from '../schema.ts';
import { recordSignIn } from './auth-audit.ts';
import { forgetCallers } from './kept-callers.ts';
import type { Claims } from './oidc-client.ts';
import { OidcFault } from './oidc-fault.ts';
import type { From } from './own-account.ts';
import { openSession } from './sessions.ts';

/**
 * Links, creates and re-roles the account as configured, and signs in.
 * @returns the session's token
 * @throws OidcFault saying why not
 */
export async function enterByOidc(deps: Deps, config: OidcConfig, claims: Claims, from: From): Promise<string> {
  const { email } = claims;
  if (!email || !claims.email_verified) throw new OidcFault('oidc_no_email');
  if (config.domains.length > 0 && !config.domains.includes(email.slice(email.lastIndexOf('@') + 1))) {
    throw new OidcFault('oidc_domain');
  }
  const known = deps.resources.get('users')?.fields.roles;
  const roles = rolesOf(config, claims, known?.kind === 'choices' ? Object.keys(known.choices) : []);
  const token = await deps.db.transaction().execute(async (trx) => {
    const user = await findOrMake(trx, config, claims, { email, roles });
    if (user.status !== 'active') {
      await recordSignIn(deps.db, { ...from, action: 'sign_in_failed', user });
      throw new OidcFault('oidc_disabled');
    }
    if (roles) await giveRoles(trx, user, roles, from);
    await trx.updateTable('app.users').set({ last_sign_in_at: sql`now()` }).where('id', '=', user.id).execute();
    await recordSignIn(trx, { ...from, action: 'sign_in', user });
    return openSession(trx, { ...from, user_id: user.id, password_hash: user.password_hash });
  });
  forgetCallers(deps.db);
  return token;
}

type User = { id: number; email: string; roles: string[]; status: string; password_hash: string | null };

async function findOrMake(
  trx: Kysely<DB>,
  config: OidcConfig,
  { issuer, subject, name }: Claims,
  { email, roles }: { email: string; roles: string[] | null },
): Promise<User> {
  const users = trx
    .selectFrom('app.users as users')
    .select(['users.id', 'users.email', 'users.roles', 'users.status', 'users.password_hash']);
  const linked = await users
    .innerJoin('app.user_identities as identities', 'identities.user_id', 'users.id')
    .where('identities.issuer', '=', issuer)
    .where('identities.subject', '=', subject)
    .executeTakeFirst();
  if (linked) return linked;
  const known = await users.where('users.email', '=', email).executeTakeFirst();
  if (!known && !config.auto_create) throw new OidcFault('oidc_unknown');
  const user = known ?? (await makeUser(trx, { email, name: name ?? email, roles: roles ?? [config.default_role] }));
  const link = await trx
    .insertInto('app.user_identities')
    .values({ issuer, subject, user_id: user.id })
    .onConflict((conflict) => conflict.doNothing())
    .returning('user_id')
    .executeTakeFirst();
  // The address belongs to an account that another identity of this provider uses: it was given to somebody else there.
  if (!link) throw new OidcFault('oidc_other_person');
  return user;
}

async function makeUser(
  trx: Kysely<DB>,
  { email, name, roles }: { email: string; name: string; roles: string[] },
): Promise<User> {
  const user = await trx
    .insertInto('app.users')
    .values({ email, name: name.slice(0, 80), roles })
    .returning(['id', 'email', 'roles', 'status', 'password_hash'])
    .executeTakeFirstOrThrow();
  const after: Row = { email, name, roles };
  await recordAudit(trx, {
    caller: null,
    resource: 'users',
    record_id: user.id,
    action: 'create',
    after,
    reason: 'OIDC',
  });
  return user;
}

/** The roles the provider's claim stands for; null when roles are given here. @throws OidcFault `oidc_no_role` */
function rolesOf({ role_claim, roles }: OidcConfig, { all }: Claims, known: string[]): string[] | null {
  if (!roles) return null;
  let value: unknown = all;
  for (const part of role_claim.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as { [key: string]: unknown })[part] : undefined;
  }
  const said = new Set([value].flat().map(String));
  const found = [
    ...new Set(roles.filter(([claim, role]) => said.has(claim) && known.includes(role)).map(([, role]) => role)),
  ];
  if (found.length === 0) throw new OidcFault('oidc_no_role');
  return found.sort();
}

async function giveRoles(trx: Kysely<DB>, user: User, roles: string[], { request_id }: From): Promise<void> {
  if (JSON.stringify([...user.roles].sort()) === JSON.stringify(roles)) return;
  // Whatever the provider says, somebody must be able to administer.
  if (user.roles.includes('administrator') && !roles.includes('administrator')) {
    const { other } = await trx
      .selectNoFrom(sql<boolean>`ops.other_administrator(${user.id}::bigint)`.as('other'))
      .executeTakeFirstOrThrow();
    if (!other) return;
  }
  await trx
    .updateTable('app.users')
    .set((row) => ({ roles, version: row('version', '+', 1), updated_at: sql`now()` }))
    .where('id', '=', user.id)
    .execute();
  await recordAudit(trx, {
    caller: null,
    resource: 'users',
    record_id: user.id,
    action: 'update',
    before: { roles: user.roles },
    after: { roles },
    reason: 'OIDC',
    request_id,
  });
}
