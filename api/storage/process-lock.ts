/** Who a process is, beyond its id, which the system gives again; and locks that a killed process does not hold for ever. */
import { spawnSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process in one line: its id and when it began. */
export function describeProcess(pid = process.pid): string | null {
  const began = beganAt(pid);
  return began === null ? null : `${pid} ${began}`;
}

/** Whether the process of such a line still lives. */
export function isLiving(line: string | null): boolean {
  const pid = Number(line?.split(' ')[0]);
  return Number.isInteger(pid) && pid > 0 && describeProcess(pid) === line;
}

/** The command line of a process, null when it is gone (or only waits to be reaped). */
export function commandOf(pid: number): string | null {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || null;
  }
  return (readIfThere(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ') || null;
}

/** Waits its turn. @returns what gives the lock back. */
export async function takeLock(path: string): Promise<() => void> {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, describeProcess() ?? String(process.pid));
  try {
    for (;;) {
      try {
        // Unlike creating a file, a link appears with its content.
        linkSync(own, path);
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      if (!isLiving(readIfThere(path))) putAway(path, `${own}.abandoned`);
      await sleep(20 + Math.random() * 20);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** Another process may have done so and taken the lock since we looked: then it gets it back. */
function putAway(path: string, aside: string): void {
  try {
    renameSync(path, aside);
    if (isLiving(readIfThere(aside))) linkSync(aside, path);
  } catch {
    // It is gone already.
  }
  rmSync(aside, { force: true });
}

export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function beganAt(pid: number): string | null {
  if (process.platform !== 'linux') {
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || null;
  }
  const stat = readIfThere(`/proc/${pid}/stat`);
  // Fields are counted after the command, which may hold blanks and brackets: the state, …, the 20th is the start time.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return !fields || fields[0] === 'Z' ? null : (fields[19] ?? null);
}
