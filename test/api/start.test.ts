/** Starting and stopping with the embedded database, as real processes that are really killed. */
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../api/config.ts';
import { openFolder, processesOf, type Running, serverOf, startIn } from '../processes.ts';

/** Said of work that only a first start, or one of a new release, has. */
const MAKES = /Making an empty database|Migration |Building/;
const READY = 'The worker runs the jobs.';
const root = process.getuid?.() === 0;

/** Data of a start that was stopped in order; each test works on a copy. */
let made: string;
let folder: string;
let running: Running[] = [];

beforeAll(async () => {
  made = openFolder();
  folder = made;
  const first = start('worker');
  await stopped(first);
  expect(first.output()).toMatch(MAKES);
});
afterAll(() => rmSync(made, { recursive: true, force: true }));
beforeEach(() => {
  folder = openFolder();
  running = [];
});
afterEach(async () => {
  for (const each of running) await each.kill('SIGKILL');
  for (const pid of processesOf(folder)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

describe('configuration', () => {
  test.each([
    ['PORT', '80a', 'PORT=80a is not a port: give a number from 0 to 65535.'],
    ['PORT', '70000', 'PORT=70000 is not a port: give a number from 0 to 65535.'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL=loud is unknown: give one of silent, fatal, error, warn, info, debug, trace.'],
    ['DEMO', 'maybe', 'DEMO=maybe is neither yes nor no: give 1 or 0.'],
    ['DATABASE_URL', 'localhost/x', 'DATABASE_URL is not an address like postgres://user:password@host:5432/database.'],
    ['DATABASE_URL', 'postgres://u@h/', 'DATABASE_URL names no database: end it with /database.'],
    ['DATABASE_URL', 'postgres://h/d', 'DATABASE_URL names no user: write it as postgres://user@host/database.'],
    [
      'REPORT_DATABASE_URL',
      'postgres://u@h/d',
      'REPORT_DATABASE_URL is set but DATABASE_URL is not: the embedded database makes its own logins.',
    ],
  ])('%s=%s is answered with one sentence', (name, value, sentence) => {
    expect(() => readConfig({ [name]: value })).toThrow(sentence);
  });

  test('the demo is for the embedded database unless asked for', () => {
    expect(readConfig({}).demo).toBe(true);
    expect(readConfig({ DATABASE_URL: 'postgres://u@h/d' }).demo).toBe(false);
    expect(readConfig({ DATABASE_URL: 'postgres://u@h/d', DEMO: '1' }).demo).toBe(true);
  });

  test('a server that cannot be reached is named, without its password', async () => {
    const answer = await finished(start('worker', { DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/db' }));
    expect(answer.code).toBe(1);
    expect(answer.output.trim()).toBe(
      'The database of DATABASE_URL (127.0.0.1:1/db) cannot be reached: connect ECONNREFUSED 127.0.0.1:1.',
    );
  });
});

describe('the embedded database', () => {
  beforeEach(() => {
    execFileSync('cp', ['-a', `${made}/.`, folder]);
  });

  test('Ctrl+C leaves nothing running', async () => {
    const process = start('worker');
    await process.says(READY);
    expect(processesOf(folder).length).toBeGreaterThan(0);
    expect(await process.kill('SIGINT')).toBe(0);
    expect(processesOf(folder)).toEqual([]);
  });

  test('a second start makes nothing that is there', async () => {
    const process = start('worker');
    await stopped(process);
    expect(process.output()).not.toMatch(MAKES);
  });

  test('a killed process loses nothing: the next one takes its server over and stops it', async () => {
    const first = start('worker');
    await first.says(READY);
    await first.kill('SIGKILL');
    const orphan = serverOf(folder);
    const second = start('worker');
    await second.says('Taking over the database');
    await second.says(READY);
    expect(serverOf(folder)).toBe(orphan);
    expect(await second.kill('SIGTERM')).toBe(0);
    expect(processesOf(folder)).toEqual([]);
  });

  test('a killed server is started again under the running process', async () => {
    const process = start('worker');
    await process.says(READY);
    const before = serverOf(folder)!;
    globalThis.process.kill(before, 'SIGKILL');
    await process.says('The embedded database is back.');
    expect(serverOf(folder)).not.toBe(before);
    expect(await process.kill('SIGINT')).toBe(0);
    expect(processesOf(folder)).toEqual([]);
  });

  test('both killed: the next start recovers', async () => {
    const first = start('worker');
    await first.says(READY);
    const server = serverOf(folder)!;
    process.kill(server, 'SIGKILL');
    await first.kill('SIGKILL');
    await stopped(start('worker'));
    expect(processesOf(folder)).toEqual([]);
  });

  test('the id of a dead server that another process has now is not taken for it', async () => {
    const lines = [String(process.pid), join(folder, 'postgres', 'cluster'), '1', '5432', folder, '', '', 'ready'];
    writeFileSync(join(folder, 'postgres', 'cluster', 'postmaster.pid'), `${lines.join('\n')}\n`);
    await stopped(start('worker'));
  });

  test('a second process joins the server of the first and leaves it running', async () => {
    const first = start('worker');
    await first.says(READY);
    const server = serverOf(folder);
    const file = join(folder, 'beside.backup');
    const answer = await finished(start('backup', {}, [file]));
    expect(answer).toMatchObject({ code: 0, output: expect.stringContaining(`to ${file}`) });
    expect(serverOf(folder)).toBe(server);
    await first.kill('SIGINT');
  });

  test('several processes that start together on nothing make one server and share it', async () => {
    rmSync(join(folder, 'postgres'), { recursive: true });
    const all = [start('worker'), start('worker'), start('worker'), start('worker')];
    for (const each of all) await each.says(READY);
    expect(processesOf(folder).filter((pid) => pid === serverOf(folder)).length).toBe(1);
    await Promise.all(all.map((each) => each.kill('SIGINT')));
    expect(processesOf(folder)).toEqual([]);
  });

  test('data of another major version stops the start and says which commands upgrade it', async () => {
    const cluster = join(folder, 'postgres', 'cluster');
    writeFileSync(join(cluster, 'PG_VERSION'), '17\n');
    const answer = await finished(start('worker'));
    expect(answer.code).toBe(1);
    expect(answer.output).toMatch(/is of PostgreSQL 17, the embedded server is 18: run `pnpm backup FILE`/);
  });

  test('a path too long for a socket gets a short private one', async () => {
    const long = join(folder, 'x'.repeat(120));
    await stopped(start('worker', { DATA_DIR: long }));
  });

  test.runIf(root)('below a folder that is private to root the data is put where its user can enter', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'evergreen-closed-'));
    const data = join(closed, '.data');
    try {
      await stopped(start('worker', { DATA_DIR: data }));
      expect(lstatSync(join(data, 'postgres')).isSymbolicLink()).toBe(true);
      await stopped(start('worker', { DATA_DIR: data }));
    } finally {
      if (existsSync(join(data, 'postgres'))) rmSync(realpathSync(join(data, 'postgres')), { recursive: true });
      rmSync(closed, { recursive: true, force: true });
    }
  });
});

test('a taken port is said in one sentence before a database is made, and nothing stays running', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => holder.once('listening', done));
  const { port } = holder.address() as { port: number };
  const answer = await finished(start('start', { PORT: String(port), DEMO: '0' }));
  holder.close();
  expect(answer.code).toBe(1);
  expect(answer.output).toContain(`Port ${port} of 127.0.0.1 is taken`);
  expect(answer.output).not.toMatch(MAKES);
  expect(existsSync(join(folder, 'postgres'))).toBe(false);
  expect(processesOf(folder)).toEqual([]);
});

/* ------------------------------------------------------------------ processes */

function start(command: string, env: { [name: string]: string } = {}, args: string[] = []): Running {
  const each = startIn(folder, command, env, args);
  running.push(each);
  return each;
}

async function stopped(each: Running): Promise<void> {
  await each.says(READY);
  expect(await each.kill('SIGINT')).toBe(0);
}

async function finished(each: Running): Promise<{ code: number | null; output: string }> {
  return { code: await each.ended, output: each.output() };
}
