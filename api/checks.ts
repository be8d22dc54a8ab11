/** The three kinds of check, each run by its own program, counted alike. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..');

export interface Result {
  passed: number;
  failed: number;
}

export function types(): Result {
  return one('Types', 'tsc', ['-p', '.']);
}

export function lint(): Result {
  return one('Lint', 'biome', ['check', '--error-on-warnings', '.']);
}

/** Runs vitest over the given files, all when none are given. A file that cannot be loaded is one failure. */
export function runTests(files: readonly string[], env: NodeJS.ProcessEnv): Result {
  const folder = mkdtempSync(join(tmpdir(), 'evergreen-results-'));
  const file = join(folder, 'results.json');
  try {
    const answer = program(
      'vitest',
      ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...files],
      env,
    );
    if (!existsSync(file)) return { passed: 0, failed: 1 };
    const results = JSON.parse(readFileSync(file, 'utf8')) as VitestResults;
    const unloaded = results.testResults.filter(
      (each) => each.status === 'failed' && each.assertionResults.length === 0,
    );
    const failed = results.numFailedTests + unloaded.length;
    // An error outside any test fails the run without failing a test.
    return { passed: results.numPassedTests, failed: failed === 0 && answer !== 0 ? 1 : failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface VitestResults {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

function one(name: string, command: string, args: string[]): Result {
  const status = program(command, args, process.env);
  console.log(`${name}: ${status === 0 ? 'ok' : 'failed'}`);
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function program(command: string, args: readonly string[], env: NodeJS.ProcessEnv): number {
  const path = join(ROOT, 'node_modules', '.bin', command);
  return spawnSync(path, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env }).status ?? 1;
}
