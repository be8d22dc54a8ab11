/** The product as real processes over a folder of their own, to be really killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

export interface Running {
  child: ChildProcess;
  output(): string;
  /** Waits until the words were printed. */
  says(words: string): Promise<void>;
  /** @returns the exit code */
  kill(signal: NodeJS.Signals): Promise<number | null>;
  ended: Promise<number | null>;
}

/** mkdtemp makes it private to root; a checkout usually is not. */
export function openFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'evergreen-start-'));
  chmodSync(path, 0o755);
  return path;
}

export function startIn(
  folder: string,
  command: string,
  env: { [name: string]: string } = {},
  args: string[] = [],
): Running {
  const child = spawn(process.execPath, [join(ROOT, 'api', 'command.ts'), command, ...args], {
    env: { PATH: process.env.PATH, DATA_DIR: folder, DEMO: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<number | null>((done) => child.on('close', done));
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return {
    child,
    ended,
    output: () => output,
    says: async (words) => {
      const until = Date.now() + 60_000;
      while (!output.includes(words)) {
        if (child.exitCode !== null || Date.now() > until) throw new Error(`It never said "${words}" but:\n${output}`);
        await new Promise((done) => setTimeout(done, 20));
      }
    },
    kill: async (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Processes whose command line names the folder. */
export function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => read(`/proc/${pid}/cmdline`).includes(folder));
}

/** The process of its database server. */
export function serverOf(folder: string): number | null {
  return Number(read(join(folder, 'postgres', 'cluster', 'postmaster.pid')).split('\n')[0]) || null;
}

/** A port that nobody listened at a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
