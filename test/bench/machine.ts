/** Who runs on which core, and what a process weighs. Without taskset, or with one core, nobody is pinned and it is said. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { availableParallelism } from 'node:os';

/** The server under test has one core to itself; load, browser and this process use the other. Postgres floats over both. */
export const SERVER_CORE = '0';
const LOAD_CORE = '1';

export const pinned = availableParallelism() > 1 && spawnSync('taskset', ['-p', String(process.pid)]).status === 0;

export interface Started {
  pid: number;
  /** False once it has ended, however. */
  alive(): boolean;
  /** The last it printed. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts `node <args>` on the server's core; its output is shown when it fails. */
export function startPinned(args: string[], env: { [name: string]: string }): Started {
  const command = pinned ? ['taskset', '-c', SERVER_CORE, process.execPath] : [process.execPath];
  const child = spawn(command[0] as string, [...command.slice(1), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = keepOutput(child);
  return {
    pid: child.pid as number,
    alive: () => child.exitCode === null && child.signalCode === null,
    output,
    stop: async () => {
      const ended = new Promise((done) => child.once('exit', done));
      if (child.exitCode === null && child.kill('SIGTERM')) await ended;
    },
  };
}

/** Moves this process, and what it starts from now on, to the other core. */
export function pinLoad(): void {
  if (pinned) spawnSync('taskset', ['-a', '-c', '-p', LOAD_CORE, String(process.pid)]);
}

/** Lets this process use every core again. */
export function unpin(): void {
  if (pinned) spawnSync('taskset', ['-a', '-c', '-p', `0-${availableParallelism() - 1}`, String(process.pid)]);
}

/** Resident memory in MB: now, and the most there ever was. */
export function memoryOf(pid: number): { now: number; peak: number } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
    return { now: read('VmRSS'), peak: read('VmHWM') };
  } catch {
    return null;
  }
}

/** Processor time a process has used so far, in milliseconds; with those it started when `children`. */
export function cpuOf(pid: number, { children = false } = {}): number {
  const own = (stat: string) => {
    // The name, in parentheses, may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ms = (at: number) => (Number(fields[at]) + Number(fields[at + 1])) * 10;
    return { parent: Number(fields[1]), ms: ms(11), ended_children_ms: ms(13) };
  };
  try {
    const self = own(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (!children) return self.ms;
    let ms = self.ms + self.ended_children_ms;
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const child = own(readFileSync(`/proc/${name}/stat`, 'utf8'));
        if (child.parent === pid) ms += child.ms;
      } catch {
        // It ended while we looked.
      }
    }
    return ms;
  } catch {
    return Number.NaN;
  }
}

/** A port nobody listens on; several benches may run beside each other. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

/** Waits until it answers there. @throws when it ends, or does not within the time */
export async function answering(url: string, started: Pick<Started, 'alive'>, seconds = 60): Promise<void> {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (performance.now() > until || !started.alive()) throw new Error(`nothing answers at ${url}`, { cause: error });
      await new Promise((done) => setTimeout(done, 25));
    }
  }
}

function keepOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (text = (text + part).slice(-4000)));
  child.on('exit', (code) => {
    if (code) console.error(text);
  });
  return () => text;
}
