import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openOwner, openPools, queryPrepared } from '../../api/database.ts';
import { checkInstalled, migrate } from '../../api/migrate.ts';
import type { DB } from '../../api/schema.ts';
import { findLogins, type Logins } from '../../api/storage/logins.ts';
import { schemaFiles } from '../../api/storage/schema-dump.ts';
import { readMigrations, SQL_FOLDER } from '../../api/storage/sql-files.ts';
import { emptyDatabase, testDatabase } from '../database.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const LAST = readMigrations().at(-1)!.number;

let empty: { owner_url: string; drop(): Promise<void> };
let owner: Kysely<DB>;
let logins: Logins;
/** A copy of sql/ that a test may change: the next release. */
let folder: string;

beforeEach(async () => {
  empty = await emptyDatabase();
  owner = openOwner(empty.owner_url);
  logins = findLogins({ owner_url: empty.owner_url });
  folder = join(mkdtempSync(join(tmpdir(), 'evergreen-sql-')), 'sql');
  cpSync(SQL_FOLDER, folder, { recursive: true });
});
afterEach(async () => {
  await owner.destroy();
  await empty.drop();
  rmSync(resolve(folder, '..'), { recursive: true, force: true });
});

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

function nextMigration(text: string, step = 1): string {
  const name = `${String(LAST + step).padStart(4, '0')}_next`;
  write(`migrations/${name}.sql`, text);
  return name;
}

test('sql/schema.sql and api/schema.ts say what the database is', async () => {
  const t = await testDatabase();
  const files = await schemaFiles(t.owner);
  await t.close();
  const stale: string[] = [];
  for (const [path, before, text] of files) {
    const [had, has] = [before.split('\n'), text.split('\n')];
    const line = has.findIndex((each, index) => each !== had[index]);
    if (before !== text) stale.push(`${path}:${line + 1} should be: ${has[line] ?? '(the end)'}; run pnpm migrate`);
  }
  expect(stale).toEqual([]);
});

describe('installing', () => {
  test('an empty database gets every migration once; a second time there is nothing to do', async () => {
    const first = await migrate(owner, { logins });
    const second = await migrate(owner, { logins });
    expect(first).toEqual({ migrated: readMigrations().map((each) => each.number), rebuilt: true, newer: null });
    expect(second).toEqual({ migrated: [], rebuilt: false, newer: null });
  });

  test('twenty processes that start together install it once, and all of them succeed', async () => {
    const exits = await Promise.all(Array.from({ length: 20 }, () => migrateInProcess(empty.owner_url)));
    const migrations = await owner.selectFrom('app.migrations').select('number').execute();
    const rebuilds = await owner.selectFrom('app.rebuilds').select('id').execute();
    expect(exits).toEqual(Array.from({ length: 20 }, () => ({ code: 0, error: '' })));
    expect(migrations.length).toBe(readMigrations().length);
    expect(rebuilds.length).toBe(1);
  }, 120_000);

  test('a process that must not migrate says what is lacking', async () => {
    await expect(checkInstalled(owner, { logins })).rejects.toThrow('lacks every migration and NO_MIGRATE is set');
    await migrate(owner, { logins });
    const name = nextMigration('create table app.next (id bigint primary key);');
    await expect(checkInstalled(owner, { logins, folder })).rejects.toThrow(`lacks migration ${name}`);
    await expect(checkInstalled(owner, { logins })).resolves.toMatchObject({ migrated: [] });
  });

  test('an owner without the right to make schemas is told so', async () => {
    const role = `weak_${Date.now().toString(36)}`;
    await sql`create role ${sql.id(role)} login password 'weak' createrole`.execute(owner);
    const url = new URL(empty.owner_url);
    url.username = role;
    url.password = 'weak';
    const weak = openOwner(url.href);
    try {
      await expect(migrate(weak, { logins: findLogins({ owner_url: url.href }) })).rejects.toThrow(
        `The login ${role} of DATABASE_URL may not make schemas`,
      );
    } finally {
      await weak.destroy();
      await sql`drop role ${sql.id(role)}`.execute(owner);
    }
  });
});

describe('migrations', () => {
  test('a migration that was edited after it ran is refused', async () => {
    await migrate(owner, { logins });
    write('migrations/0001_programme.sql', `${readFileSync(join(folder, 'migrations/0001_programme.sql'), 'utf8')}\n`);
    await expect(migrate(owner, { logins, folder })).rejects.toThrow('0001_programme.sql was edited after it ran');
  });

  test('a database of a newer release is refused, unless both run side by side', async () => {
    const name = nextMigration('create table app.next (id bigint primary key);');
    await migrate(owner, { logins, folder });
    await expect(migrate(owner, { logins })).rejects.toThrow(`newer than this release: it has migration ${name}`);
    await expect(checkInstalled(owner, { logins })).resolves.toMatchObject({
      newer: expect.stringContaining(`${LAST + 1}`),
    });
  });

  test('an older release leaves the views of a newer one alone', async () => {
    await migrate(owner, { logins });
    await owner.updateTable('app.rebuilds').set({ version: '99.1.0', hash: 'of the newer release' }).execute();
    const installed = await migrate(owner, { logins });
    expect(installed).toEqual({ migrated: [], rebuilt: false, newer: `99.1.0 (migration ${LAST})` });
  });

  test('a migration that alters a column of a view takes the views away and brings them back', async () => {
    write('views/base/probe.sql', 'create view base.probe as select customers.id, customers.city from app.customers;');
    await migrate(owner, { logins, folder });
    nextMigration('alter table app.customers alter column city type varchar(80);');
    nextMigration('create table app.next (id bigint primary key);', 2);
    const installed = await migrate(owner, { logins, folder });
    const probe = await sql`select pg_typeof(city)::text as type from base.probe limit 1`.execute(owner);
    expect(installed).toEqual({ migrated: [LAST + 1, LAST + 2], rebuilt: true, newer: null });
    expect(probe.rows).toEqual([{ type: 'character varying' }]);
  });

  test('a file outside a transaction makes its index while the table is written', async () => {
    await migrate(owner, { logins });
    nextMigration(
      '-- outside a transaction\ndrop index concurrently if exists app.customers_city_idx;\ncreate index concurrently customers_city_idx on app.customers (city);\n',
    );
    const installed = await migrate(owner, { logins, folder });
    const valid = await sql`
      select indisvalid from pg_index where indexrelid = 'app.customers_city_idx'::regclass
    `.execute(owner);
    expect(installed.migrated).toEqual([LAST + 1]);
    expect(valid.rows).toEqual([{ indisvalid: true }]);
  });

  test('a wrong statement names its file, line and column, and nothing of its file stays', async () => {
    await migrate(owner, { logins });
    const name = nextMigration('create table app.next (id bigint primary key);\n\nalter table app.next add nme txt;');
    await expect(migrate(owner, { logins, folder })).rejects.toThrow(
      `sql/migrations/${name}.sql:3:30: type "txt" does not exist`,
    );
    const left = await sql`select to_regclass('app.next') as next`.execute(owner);
    expect(left.rows).toEqual([{ next: null }]);
  });
});

describe('rebuild', () => {
  const PROBE = 'create view report.probe as select 1 as one;';
  const WIDER = 'create view report.probe as select 1 as one, 2 as two;';

  test('happens when a file changed, and only then', async () => {
    await migrate(owner, { logins });
    write('views/report/probe.sql', PROBE);
    const first = await migrate(owner, { logins, folder });
    const second = await migrate(owner, { logins, folder });
    expect([first.rebuilt, second.rebuilt]).toEqual([true, false]);
  });

  test('a view with a mistake names the place and leaves the views as they were', async () => {
    write('views/report/probe.sql', PROBE);
    await migrate(owner, { logins, folder });
    write('views/report/probe.sql', 'create view report.probe as\nselect customers.nme\nfrom app.customers;');
    await expect(migrate(owner, { logins, folder })).rejects.toThrow(
      'sql/views/report/probe.sql:2:8: column customers.nme',
    );
    const probe = await sql`select * from report.probe`.execute(owner);
    expect(probe.rows).toEqual([{ one: 1 }]);
  });

  test('does not wait for an open reader, who finishes on the old views', async () => {
    write('views/report/probe.sql', PROBE);
    await migrate(owner, { logins, folder });
    const reader = new pg.Client({ connectionString: logins.report.url });
    await reader.connect();
    await reader.query('begin transaction isolation level repeatable read');
    await reader.query('select * from report.probe');
    write('views/report/probe.sql', WIDER);
    const installed = await migrate(owner, { logins, folder });
    const now = await sql`select * from report.probe`.execute(owner);
    const leftover = await sql`select to_regnamespace('report_old') is not null as there`.execute(owner);
    await reader.query('commit');
    await reader.end();
    await migrate(owner, { logins, folder });
    const afterwards = await sql`select to_regnamespace('report_old') is not null as there`.execute(owner);
    expect(installed.rebuilt).toBe(true);
    expect(now.rows).toEqual([{ one: 1, two: 2 }]);
    expect(leftover.rows).toEqual([{ there: true }]);
    expect(afterwards.rows).toEqual([{ there: false }]);
  });

  test('readers under load never see an error or a missing view, and stale statements are prepared again', async () => {
    write('views/report/probe.sql', PROBE);
    await migrate(owner, { logins, folder });
    const pools = openPools(logins);
    let asked = 0;
    let stop = false;
    const seen = new Set<string>();
    const errors: string[] = [];
    async function readOn(): Promise<void> {
      while (!stop) {
        try {
          const answer = await queryPrepared(pools.report, { name: 'probe', text: 'select * from report.probe' });
          seen.add(Object.keys(answer.rows[0]!).join());
        } catch (error) {
          errors.push((error as Error).message);
        }
        asked += 1;
      }
    }
    const readers = Array.from({ length: 8 }, readOn);
    for (const text of [WIDER, PROBE, WIDER]) {
      write('views/report/probe.sql', text);
      await migrate(owner, { logins, folder });
    }
    stop = true;
    await Promise.all(readers);
    await pools.close();
    expect(errors).toEqual([]);
    expect([...seen].sort()).toEqual(['one', 'one,two']);
    expect(asked).toBeGreaterThan(50);
  });
});

/** A process of its own, as twenty servers would be. */
function migrateInProcess(owner_url: string): Promise<{ code: number | null; error: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(ROOT, 'api', 'command.ts'), 'migrate'], {
      env: { ...process.env, DATABASE_URL: owner_url, LOG_LEVEL: 'error' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let error = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        error += chunk;
      });
    }
    child.on('close', (code) => done({ code, error }));
  });
}
