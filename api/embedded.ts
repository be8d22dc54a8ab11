/**
 * The embedded PostgreSQL: started by the first process that needs it, joined by the others, stopped by the one that
 * started it. It listens on a private socket only. A server left behind by a killed process is taken over.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from './config.ts';
import { dataVersion, findPlace, type Place, programVersion } from './embedded-place.ts';

/** The superuser of an embedded cluster; owner of the product's database in it. */
const OWNER = 'evergreen';
const START_LIMIT_MS = 120_000;
const LOG_LIMIT_BYTES = 20_000_000;

export interface Cluster {
  /** Address of a database of this cluster for its owner. */
  url(database: string): string;
  /** Another live process of ours runs the server; stop() leaves it alone. */
  joined: boolean;
  /** The server was found running after its process was killed. */
  adopted: boolean;
  pid: number;
  /** Waits until the server has ended. */
  stop(): Promise<void>;
}

export interface ClusterOptions {
  data_dir: string;
  /** Folder of other programs than those from npm. */
  bin?: string;
  /** Data that need not survive: nothing is forced to disk. */
  throwaway?: boolean;
  say?: (line: string) => void;
}

/** Starts, joins or takes over the server of `data_dir`. @throws StartError */
export async function startCluster({ data_dir, bin, throwaway, say = () => {} }: ClusterOptions): Promise<Cluster> {
  const place = findPlace(data_dir, bin);
  const unlock = await lock(join(place.home, 'starting'));
  try {
    const found = runningServer(place);
    if (found) {
      await ready(place, found);
      const owner = readOwner(place);
      const joined = owner !== null && owner.pid !== process.pid && isAlive(owner);
      if (!joined) {
        writeOwner(place);
        say('Took over the database of a process that was killed.');
      }
      return cluster(place, found, { joined, adopted: !joined });
    }
    rmSync(join(place.cluster, 'postmaster.pid'), { force: true });
    checkVersion(place);
    if (dataVersion(place.cluster) === null) {
      say('Making an empty database …');
      initialise(place);
    }
    writeOwner(place);
    const pid = await launch(place, throwaway ?? false);
    return cluster(place, pid, { joined: false, adopted: false });
  } finally {
    unlock();
  }
}

function cluster(place: Place, pid: number, state: { joined: boolean; adopted: boolean }): Cluster {
  // The last resort of a process that ends without closing: a fast shutdown, not waited for.
  const onExit = () => signal(pid, 'SIGINT');
  if (!state.joined) process.once('exit', onExit);
  let stopping: Promise<void> | undefined;
  async function stop() {
    signal(pid, 'SIGINT');
    while (isRunning(pid, place.cluster)) await sleep(20);
    process.removeListener('exit', onExit);
    rmSync(join(place.home, 'owner'), { force: true });
  }
  return {
    ...state,
    pid,
    url: (database) => `postgres://${OWNER}@localhost/${database}?host=${encodeURIComponent(socketOf(place))}`,
    stop: async () => {
      if (state.joined) return;
      stopping ??= stop();
      await stopping;
    },
  };
}

function checkVersion(place: Place): void {
  const data = dataVersion(place.cluster);
  const programs = programVersion(place.bin);
  if (data !== null && data !== programs) {
    throw new StartError(
      `The data in ${place.cluster} is of PostgreSQL ${data}, the embedded server is ${programs}: run \`pnpm backup FILE\` with the release that made it, then \`pnpm restore FILE\` with this one and another DATA_DIR.`,
    );
  }
}

function initialise(place: Place): void {
  const locale =
    programVersion(place.bin) >= 17 ? ['--locale-provider=builtin', '--locale=C.UTF-8'] : ['--locale=C.UTF-8'];
  const making = `${place.cluster}.making`;
  rmSync(making, { recursive: true, force: true });
  const answer = spawnSync(
    join(place.bin, 'initdb'),
    ['-D', making, '-U', OWNER, '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions', ...locale],
    { ...place.user, encoding: 'utf8', cwd: place.home, env: serverEnvironment() },
  );
  if (answer.status !== 0) {
    throw new StartError(`The embedded database could not be made: ${lastLine(answer.stderr || String(answer.error))}`);
  }
  // A half-made cluster never carries the final name.
  spawnSync('mv', [making, place.cluster]);
}

async function launch(place: Place, throwaway: boolean): Promise<number> {
  const log = openLog(place.log_file);
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
  child.once('exit', (code) => {
    ended ??= `it ended with code ${code}`;
  });
  child.unref();
  const from = Date.now();
  while (Date.now() - from < START_LIMIT_MS) {
    if (ended) throw new StartError(`The embedded database did not start (${ended}): see ${place.log_file}.`);
    if (child.pid && (await answers(place))) return child.pid;
    await sleep(20);
  }
  throw new StartError(`The embedded database did not start within two minutes: see ${place.log_file}.`);
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
  wal_compression: 'on',
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
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum: 'off',
};

function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LANG: 'C', LC_ALL: 'C', TZ: 'UTC' };
}

function openLog(path: string): number {
  const large = existsSync(path) && statSync(path).size > LOG_LIMIT_BYTES;
  return openSync(path, large ? 'w' : 'a', 0o600);
}

/* ------------------------------------------------------------------ is it running? */

/** The process id of a live server of this cluster. */
function runningServer(place: Place): number | null {
  const pid = Number(postmasterLines(place)[0]);
  return Number.isInteger(pid) && pid > 1 && isRunning(pid, place.cluster) ? pid : null;
}

function postmasterLines(place: Place): string[] {
  const file = join(place.cluster, 'postmaster.pid');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
}

function socketOf(place: Place): string {
  return postmasterLines(place)[4]?.trim() || place.socket_dir;
}

/** A process id alone may have been given to somebody else since: the command line must name our data. */
function isRunning(pid: number, cluster: string): boolean {
  const command = commandOf(pid);
  return command?.includes(cluster) ?? false;
}

function commandOf(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      // A zombie's is empty.
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') || null;
    } catch {
      return null;
    }
  }
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || null;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
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

async function ready(place: Place, pid: number): Promise<void> {
  const from = Date.now();
  while (!(await answers(place))) {
    if (!isRunning(pid, place.cluster))
      throw new StartError('The embedded database is just being stopped: start again.');
    if (Date.now() - from > START_LIMIT_MS) {
      throw new StartError(`The running embedded database (process ${pid}) does not answer: see ${place.log_file}.`);
    }
    await sleep(50);
  }
}

/* ------------------------------------------------------------------ the process that runs it */

interface Owner {
  pid: number;
  /** When the process began, so that a reused id is not taken for it. */
  began: string;
}

function readOwner(place: Place): Owner | null {
  const file = join(place.home, 'owner');
  if (!existsSync(file)) return null;
  const [pid, began] = readFileSync(file, 'utf8').trim().split(' ');
  return { pid: Number(pid), began: began ?? '' };
}

function writeOwner(place: Place): void {
  writeFileSync(join(place.home, 'owner'), `${process.pid} ${beganAt(process.pid)}\n`);
}

function isAlive(owner: Owner): boolean {
  return beganAt(owner.pid) === owner.began;
}

function beganAt(pid: number): string | null {
  if (process.platform !== 'linux') return commandOf(pid) === null ? null : 'running';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22, counted after the command, which may hold blanks.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** One process at a time; a lock whose process is gone is taken over. */
async function lock(path: string): Promise<() => void> {
  for (;;) {
    try {
      mkdirSync(path);
      writeFileSync(join(path, 'owner'), `${process.pid} ${beganAt(process.pid)}`);
      return () => rmSync(path, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (isAbandoned(path)) rmSync(path, { recursive: true, force: true });
      else await sleep(30);
    }
  }
}

function isAbandoned(path: string): boolean {
  try {
    const [pid, began] = readFileSync(join(path, 'owner'), 'utf8').split(' ');
    return beganAt(Number(pid)) !== began;
  } catch {
    // Made a moment ago, or left before its owner was written.
    const age = existsSync(path) ? Date.now() - statSync(path).mtimeMs : 0;
    return age > 5_000;
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
