/** The server process of an embedded cluster: launching it, finding it, asking it. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from '../config.ts';
import { dataVersion, type Place, programVersion } from './embedded-place.ts';
import { commandOf, readIfThere } from './process-lock.ts';

/** The superuser of an embedded cluster; owner of the product's database in it. */
export const OWNER = 'evergreen';
const START_LIMIT_MS = 120_000;
const LOG_LIMIT_BYTES = 20_000_000;
/** After a killed server its children hold the data for a moment. */
const LAUNCH_TRIES = 20;

/** @throws StartError when the data is of another major version than the programs. */
export function checkVersion(place: Place): void {
  const data = dataVersion(place.cluster);
  const programs = programVersion(place.bin);
  if (data !== null && data !== programs) {
    throw new StartError(
      `The data in ${place.cluster} is of PostgreSQL ${data}, the embedded server is ${programs}: run \`pnpm backup FILE\` with the release that made it, then \`pnpm restore FILE\` with this one and another DATA_DIR.`,
    );
  }
}

/** Makes an empty cluster; one that was made by halves never carries the final name. */
export function initialise(place: Place): void {
  const locale =
    programVersion(place.bin) >= 17 ? ['--locale-provider=builtin', '--locale=C.UTF-8'] : ['--locale=C.UTF-8'];
  const making = `${place.cluster}.making`;
  rmSync(making, { recursive: true, force: true });
  const answer = spawnSync(
    join(place.bin, 'initdb'),
    ['-D', making, '-U', OWNER, '-A', 'trust', '-E', 'UTF8', '--no-instructions', ...locale],
    { ...place.user, encoding: 'utf8', cwd: place.home, env: serverEnvironment() },
  );
  if (answer.status !== 0) {
    throw new StartError(`The embedded database could not be made: ${lastLine(answer.stderr || String(answer.error))}`);
  }
  renameSync(making, place.cluster);
}

/** Starts the server and waits until it answers. @returns its process id. @throws StartError */
export async function launch(place: Place, throwaway: boolean): Promise<number> {
  for (let tries = 1; ; tries++) {
    // The caller has seen that no server lives. A killed one that nobody has waited for still answers to its id, as may
    // somebody who was given the id since, and PostgreSQL would believe these files.
    for (const left of [join(place.cluster, 'postmaster.pid'), join(place.socket_dir, '.s.PGSQL.5432.lock')])
      rmSync(left, { force: true });
    const ended = await launchOnce(place, throwaway);
    if (typeof ended === 'number') return ended;
    if (tries === LAUNCH_TRIES || !ended.includes('in use')) {
      throw new StartError(`The embedded database did not start: ${ended} (see ${place.log_file}).`);
    }
    await sleep(500);
  }
}

/** @returns the process id, or why it ended. */
async function launchOnce(place: Place, throwaway: boolean): Promise<number | string> {
  const large = existsSync(place.log_file) && statSync(place.log_file).size > LOG_LIMIT_BYTES;
  const log = openSync(place.log_file, large ? 'w' : 'a', 0o600);
  const settings = throwaway ? { ...SETTINGS, ...THROWAWAY } : SETTINGS;
  const child = spawn(
    join(place.bin, 'postgres'),
    [
      ['-D', place.cluster],
      ['-k', place.socket_dir],
      Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ].flat(),
    // Its own session, so that Ctrl+C reaches only this process, which then stops it in order.
    { ...place.user, cwd: place.home, detached: true, stdio: ['ignore', log, log], env: serverEnvironment() },
  );
  let ended: string | null = null;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', () => {
    ended ??= lastFatal(place.log_file);
  });
  child.unref();
  const from = Date.now();
  while (Date.now() - from < START_LIMIT_MS) {
    if (ended !== null) return ended;
    if (child.pid && (await answers(place))) return child.pid;
    await sleep(20);
  }
  return 'it does not answer within two minutes';
}

const SETTINGS: { [name: string]: string } = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '100',
  shared_buffers: '256MB',
  work_mem: '16MB',
  maintenance_work_mem: '256MB',
  effective_cache_size: '1GB',
  random_page_cost: '1.1',
  max_wal_size: '2GB',
  // Measured: compressing page images (these programs have no other way than pglz) took 15 times as long as writing them.
  wal_compression: 'off',
  // Nobody replicates it: what is loaded into a table of the same transaction, and an index that is built, need no log.
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  // Containers often give /dev/shm only 64 MB; parallel queries would fail there.
  dynamic_shared_memory_type: 'mmap',
  log_min_messages: 'warning',
  log_line_prefix: '%m [%p] %u ',
};
const THROWAWAY: { [name: string]: string } = {
  max_connections: '300',
  shared_buffers: '128MB',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
};

function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LANG: 'C', LC_ALL: 'C', TZ: 'UTC' };
}

/** The process id of a live server of this cluster. */
export function runningServer(place: Place): number | null {
  const pid = Number(postmasterLines(place)[0]);
  return Number.isInteger(pid) && pid > 1 && isServer(pid, place) ? pid : null;
}

/** An id alone may have been given to somebody else since: the command line must name our data. */
export function isServer(pid: number, place: Place): boolean {
  return commandOf(pid)?.includes(place.cluster) ?? false;
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

/** The folder of the socket: a running server may use another than this process would choose. */
export function socketOf(place: Place): string {
  return postmasterLines(place)[4]?.trim() || place.socket_dir;
}

/** Waits until a server that was found running answers. @throws StartError */
export async function ready(place: Place, pid: number): Promise<void> {
  const from = Date.now();
  while (!(await answers(place))) {
    if (!isServer(pid, place)) throw new StartError('The embedded database is just being stopped: start again.');
    if (Date.now() - from > START_LIMIT_MS) {
      throw new StartError(`The running embedded database (process ${pid}) does not answer: see ${place.log_file}.`);
    }
    await sleep(50);
  }
}

async function answers(place: Place): Promise<boolean> {
  const client = new pg.Client({ host: socketOf(place), user: OWNER, database: 'postgres' });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

function postmasterLines(place: Place): string[] {
  return (readIfThere(join(place.cluster, 'postmaster.pid')) ?? '').split('\n');
}

function lastFatal(log_file: string): string {
  // A throwaway's log may be gone with its folder before the server's end is heard of.
  const lines = (readIfThere(log_file) ?? '').trim().split('\n');
  const line = lines.findLast((each) => /FATAL|PANIC/.test(each)) ?? lines.at(-1) ?? '';
  return line.replace(/^.*?(?:FATAL|PANIC):\s*/, '');
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
