/**
 * The embedded PostgreSQL: started by the first process that needs it, joined by the others, stopped by the one that
 * started it. A server left behind by a killed process is taken over; a killed server is started again.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataVersion, findPlace, type Place } from './embedded-place.ts';
import {
  checkVersion,
  initialise,
  isServer,
  launch,
  OWNER,
  ready,
  runningServer,
  signal,
  socketOf,
} from './embedded-process.ts';
import { describeProcess, isLiving, readIfThere, takeLock } from './process-lock.ts';

/** How often a process looks whether its server lives. */
const WATCH_MS = 500;

export interface Cluster {
  /** Address of a database of this cluster for its owner. */
  url(database: string): string;
  /** Another live process of ours runs the server; stop() leaves it alone. */
  joined: boolean;
  /** The server was found running after its process was killed. */
  adopted: boolean;
  /** Of the server now; it changes when a killed one was started again. */
  pid(): number;
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
export async function startCluster({
  data_dir,
  bin,
  throwaway = false,
  say = () => {},
}: ClusterOptions): Promise<Cluster> {
  const place = findPlace(data_dir, bin);
  const unlock = await takeLock(join(place.home, 'starting'));
  try {
    const found = runningServer(place);
    if (found !== null) {
      await ready(place, found);
      const joined = isLiving(readIfThere(ownerFile(place)));
      if (!joined) say('Taking over the database of a process that was killed.');
      return handle(place, found, { joined, adopted: !joined, throwaway, say });
    }
    checkVersion(place);
    if (dataVersion(place.cluster) === null) {
      say('Making an empty database …');
      initialise(place);
    }
    const pid = await launch(place, throwaway);
    return handle(place, pid, { joined: false, adopted: false, throwaway, say });
  } finally {
    unlock();
  }
}

interface Handling {
  joined: boolean;
  adopted: boolean;
  throwaway: boolean;
  say: (line: string) => void;
}

function handle(place: Place, first: number, { joined, adopted, throwaway, say }: Handling): Cluster {
  const url = (database: string) =>
    `postgres://${OWNER}@localhost/${database}?host=${encodeURIComponent(socketOf(place))}`;
  if (joined) return { url, joined, adopted, pid: () => first, stop: async () => {} };

  let pid = first;
  let stopped: Promise<void> | undefined;
  let relaunching = Promise.resolve();
  writeFileSync(ownerFile(place), describeProcess() ?? '');
  // The last resort of a process that ends without closing: a fast shutdown, not waited for.
  const onExit = () => signal(pid, 'SIGINT');
  process.once('exit', onExit);
  const watch = setInterval(() => {
    if (!isServer(pid, place)) relaunching = relaunching.then(relaunch);
  }, WATCH_MS).unref();

  async function relaunch(): Promise<void> {
    if (stopped || isServer(pid, place)) return;
    say('The embedded database was killed; starting it again …');
    try {
      pid = await launch(place, throwaway);
      say('The embedded database is back.');
    } catch (error) {
      say((error as Error).message);
      await sleep(5_000);
    }
  }
  async function stop(): Promise<void> {
    clearInterval(watch);
    await relaunching;
    signal(pid, 'SIGINT');
    while (isServer(pid, place)) await sleep(20);
    process.removeListener('exit', onExit);
    rmSync(ownerFile(place), { force: true });
    // One outside of the home (its path was too long) would be left behind with it.
    if (!place.socket_dir.startsWith(place.home)) rmSync(place.socket_dir, { recursive: true, force: true });
  }
  return {
    url,
    joined,
    adopted,
    pid: () => pid,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Tells which process stops the server. */
function ownerFile(place: Place): string {
  return join(place.home, 'owner');
}
