/** The three kinds of check, each run by its own program, counted alike. Output is shown when a program ends. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..', '..');

export interface Result {
  passed: number;
  failed: number;
}

export function types(): Promise<Result> {
  // What was checked before is kept, so that only what changed and what depends on it is checked again.
  return one('Types', 'tsc', ['-p', '.', '--incremental', '--tsBuildInfoFile', join('.data', 'types.tsbuildinfo')]);
}

export function lint(): Promise<Result> {
  return one('Lint', 'biome', ['check', '--error-on-warnings', '.']);
}

/** Runs vitest over the given files, all when none are given. A file that cannot be loaded is one failure. */
export async function runTests(files: readonly string[], env: NodeJS.ProcessEnv): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'evergreen-results-'));
  const file = join(folder, 'results.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const { status } = await program('vitest', ['run', ...reporters, ...files], { env, show: true });
    if (!existsSync(file)) return { passed: 0, failed: 1 };
    const results = JSON.parse(readFileSync(file, 'utf8')) as VitestResults;
    const unloaded = results.testResults.filter(
      (each) => each.status === 'failed' && each.assertionResults.length === 0,
    );
    const failed = results.numFailedTests + unloaded.length;
    // An error outside any test fails the run without failing a test.
    return { passed: results.numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints the sum as the last line. @returns the exit code */
export function report(results: readonly Result[]): number {
  const passed = results.reduce((sum, each) => sum + each.passed, 0);
  const failed = results.reduce((sum, each) => sum + each.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

interface VitestResults {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

async function one(name: string, command: string, args: string[]): Promise<Result> {
  const { status, output } = await program(command, args, { env: process.env, show: false });
  if (status !== 0) console.log(output);
  console.log(`${name}: ${status === 0 ? 'ok' : 'failed'}`);
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function program(
  command: string,
  args: readonly string[],
  { env, show }: { env: NodeJS.ProcessEnv; show: boolean },
): Promise<{ status: number; output: string }> {
  return new Promise((done) => {
    const child = spawn(join(ROOT, 'node_modules', '.bin', command), args, {
      cwd: ROOT,
      env,
      stdio: show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('error', (error) => done({ status: 1, output: error.message }));
    child.on('close', (code) => done({ status: code ?? 1, output }));
  });
}
