/** What the app and report logins cannot do, and that a start notices when they can. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openOwner, openPools } from '../../api/database.ts';
import { migrate } from '../../api/migrate.ts';
import { findLogins } from '../../api/storage/logins.ts';
import { checkRights, findRights } from '../../api/storage/rights.ts';
import { emptyDatabase, type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

const DENIED = { code: '42501' };

test.each([
  'update app.audit_entries set actor = null',
  'delete from app.audit_entries',
  'truncate app.audit_entries',
  'delete from app.migrations',
  'create table app.mine (id bigint)',
  'alter table app.customers add mine text',
  'drop view base.customers',
  'create schema mine',
  'create function ops.mine() returns bigint language sql return 1',
])('the app login cannot: %s', async (statement) => {
  await expect(t.pool.query(statement)).rejects.toMatchObject(DENIED);
});

test('the app login can append to the audit', async () => {
  await t.db.insertInto('app.audit_entries').values({ actor: 'x', resource: 'y', action: 'create' }).execute();
});

test.each([
  'select * from app.customers',
  'select * from base.customers',
  'select ops.refresh_rollups(current_date)',
  "copy (select 1) to program 'true'",
  'select * from app.sessions',
])('the report login cannot: %s', async (statement) => {
  const client = await t.report.connect();
  try {
    await client.query('set default_transaction_read_only = off');
    await expect(client.query(statement)).rejects.toMatchObject(DENIED);
  } finally {
    client.release(true);
  }
});

test('where we are superuser the report login cannot call what reaches beyond rows', async () => {
  const { is_superuser } = (await sql<{ is_superuser: string }>`show is_superuser`.execute(t.owner)).rows[0]!;
  expect(is_superuser).toBe('on');
  for (const call of [
    "set_config('statement_timeout', '0', false)",
    'pg_sleep(1)',
    'lo_create(0)',
    "lo_from_bytea(0, 'x')",
    "pg_notify('x', 'y')",
    'pg_advisory_lock(1)',
    'pg_terminate_backend(1)',
    "pg_read_file('PG_VERSION')",
    "query_to_xml('select 1', true, true, '')",
  ]) {
    await expect(t.report.query(`select ${call}`), call).rejects.toMatchObject(DENIED);
  }
  expect(await findRights(t.owner, findLogins({ owner_url: t.config.database_url! }))).toEqual([]);
});

test('where we are superuser the report login cannot make temporary tables either', async () => {
  const empty = await emptyDatabase();
  const owner = openOwner(empty.owner_url);
  const logins = findLogins({ owner_url: empty.owner_url });
  await migrate(owner, { logins });
  const pools = openPools(logins);
  try {
    const temporary = 'begin; set transaction read write; create temporary table mine (id bigint)';
    await expect(pools.report.query(temporary)).rejects.toMatchObject(DENIED);
  } finally {
    await pools.close();
    await owner.destroy();
    await empty.drop();
  }
});

test('a right too many stops the start and is named', async () => {
  const logins = findLogins({ owner_url: t.config.database_url! });
  await sql`grant update on app.audit_entries to ${sql.id(logins.app.role)}`.execute(t.owner);
  await expect(checkRights(t.owner, logins)).rejects.toThrow(
    `The login ${logins.app.role} may change app.audit_entries, which it must not: take the right away, or name another login in APP_DATABASE_URL.`,
  );
  await sql`revoke update on app.audit_entries from ${sql.id(logins.app.role)}`.execute(t.owner);
  await sql`grant usage on schema base to ${sql.id(logins.report.role)}`.execute(t.owner);
  await sql`grant select on base.customers to ${sql.id(logins.report.role)}`.execute(t.owner);
  await expect(checkRights(t.owner, logins)).rejects.toThrow('may read base.customers, which it must not');
});

test('the owner as app login is refused', async () => {
  const owner_url = t.config.database_url!;
  await expect(checkRights(t.owner, findLogins({ owner_url, app_database_url: owner_url }))).rejects.toThrow(
    'is a superuser',
  );
});

describe('on a server where the owner is no superuser', () => {
  test('the two logins are made with passwords nobody stored, and what could not be revoked is reported', async () => {
    const empty = await emptyDatabase();
    const superuser = openOwner(empty.owner_url);
    const role = `plain_${Date.now().toString(36)}`;
    const url = new URL(empty.owner_url);
    const database = url.pathname.slice(1);
    url.username = role;
    url.password = 'p%40ss';
    await sql`create role ${sql.id(role)} login password 'p@ss' createrole`.execute(superuser);
    await sql`alter database ${sql.id(database)} owner to ${sql.id(role)}`.execute(superuser);
    const owner = openOwner(url.href);
    const logins = findLogins({ owner_url: url.href });
    try {
      await migrate(owner, { logins });
      const findings = await checkRights(owner, logins);
      const passwords = await sql<{ rolname: string; scram: boolean }>`
        select rolname, rolpassword like 'SCRAM-SHA-256$4096:%' as scram
        from pg_authid
        where rolname like ${`${role}\\_%`}
        order by rolname
      `.execute(superuser);
      const pools = openPools(logins);
      const denied = pools.pool.query('delete from app.audit_entries');
      await expect(denied).rejects.toMatchObject(DENIED);
      await expect(pools.report.query('select * from app.customers')).rejects.toMatchObject(DENIED);
      await pools.close();
      expect(new URL(logins.app.url).password).not.toBe('');
      expect(passwords.rows.filter((each) => each.scram).map((each) => each.rolname)).toEqual(
        // A server that trusts this connection never asks for a password, so none is set.
        passwords.rows.some((each) => each.scram) ? [`${role}_app`, `${role}_report`] : [],
      );
      expect(findings).toEqual([
        expect.stringMatching(new RegExp(`^The login ${role}_report may call .*pg_sleep.*set_config`)),
      ]);
    } finally {
      await owner.destroy();
      await sql`drop schema if exists app, base, report, ops cascade`.execute(superuser);
      await superuser.destroy();
      await empty.drop();
    }
  });
});
