/**
 * Pages of the console as PDF. Chromium runs below a process of its own (press.ts), so that neither it nor what steers it takes
 * memory of the server: started at the first need, one page after the other, ended after a while without work.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Lang } from '../contract.ts';
import { problem } from '../errors.ts';

export interface PressJob {
  /** Of the console: "/paper/retrospectives/2026-10?number=2". */
  path: string;
  /** What the page may read: JSON by path. */
  answers: { [path: string]: string };
  lang: Lang;
  time_zone: string;
  /** Where links of the page lead, e.g. "https://loyalty.example.com"; null: nowhere. */
  links: string | null;
}
/** `pdf` is null where there is no Chromium. */
export type PressAnswer = { pdf: Uint8Array | null } | { failed: string };

/** Those that wait for their turn; more are told to come again. */
const WAITING_MAX = 8;
const PRINT_MS = 60_000;
const IDLE_MS = 60_000;
/** What the press and Chromium are told of the environment: no passwords, no keys. */
const TOLD =
  /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|CHROMIUM|LD_LIBRARY_PATH|FONTCONFIG_\w+|XDG_\w+|SYSTEMROOT|USERPROFILE|LOCALAPPDATA|PROGRAMFILES.*)$/i;

let press: ChildProcess | null = null;
let idle: NodeJS.Timeout | undefined;
let turn: Promise<unknown> = Promise.resolve();
let waiting = 0;

/** @throws Problem 503 without Chromium or while too many wait, 500 when it fails or takes too long */
export function printPage(job: PressJob): Promise<Uint8Array> {
  if (waiting >= WAITING_MAX) throw problem(503, 'print_busy');
  waiting += 1;
  const printed = turn.then(() => printNow(job));
  turn = printed.catch(() => undefined);
  return printed;
}

/** Ends the press, at once. What is being printed fails. */
export async function closePress(): Promise<void> {
  clearTimeout(idle);
  const ending = press;
  press = null;
  if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
  const gone = new Promise<void>((done) => ending.once('exit', () => done()));
  // It closes Chromium first; whoever hangs is not waited for.
  if (ending.connected) ending.disconnect();
  const late = setTimeout(() => ending.kill('SIGKILL'), 2_000);
  await gone;
  clearTimeout(late);
}

async function printNow(job: PressJob): Promise<Uint8Array> {
  clearTimeout(idle);
  try {
    const answer = await ask(job);
    if ('failed' in answer) throw problem(500, 'print_failed', {}, { cause: answer.failed });
    if (answer.pdf === null) throw problem(503, 'no_chromium');
    return answer.pdf;
  } catch (error) {
    // Whatever state it is in: the next one begins anew.
    await closePress();
    throw error;
  } finally {
    waiting -= 1;
    if (waiting === 0) {
      idle = setTimeout(() => void closePress(), IDLE_MS);
      idle.unref();
    }
  }
}

function ask(job: PressJob): Promise<PressAnswer> {
  press ??= startPress();
  const asked = press;
  return new Promise((done) => {
    const end = (answer: PressAnswer) => {
      clearTimeout(late);
      asked.off('message', heard).off('exit', left);
      done(answer);
    };
    const heard = (answer: unknown) => end(answer as PressAnswer);
    const left = (code: number | null) => end({ failed: `the press ended with ${code}` });
    const late = setTimeout(() => end({ failed: `no answer in ${PRINT_MS / 1000} s` }), PRINT_MS);
    asked.once('message', heard).once('exit', left);
    asked.send(job, (error) => {
      if (error) end({ failed: error.message });
    });
  });
}

function startPress(): ChildProcess {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => TOLD.test(name)));
  const child = fork(join(import.meta.dirname, 'press.ts'), {
    ...{ env, execArgv: [], serialization: 'advanced' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.on('error', () => {});
  child.on('exit', () => {
    if (press === child) press = null;
  });
  return child;
}
