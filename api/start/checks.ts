/** The three kinds of check, each run by its own program, counted alike. Output is shown when a program ends. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..', '..');

export interface Result {
  passed: number;
  failed: number;
  /** What failed, a line each. */
  why: string[];
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
    if (!existsSync(file)) return { passed: 0, failed: 1, why: ['the tests ended without results'] };
    const results = JSON.parse(readFileSync(file, 'utf8')) as VitestResults;
    const why = results.testResults.flatMap(failures);
    if (why.length === 0 && status !== 0) why.push('an error outside any test (see above)');
    return { passed: results.numPassedTests, failed: why.length, why };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tests of a file that failed; the file itself where it could not be loaded or prepared. */
function failures({ name, status, message, assertionResults }: VitestResults['testResults'][number]): string[] {
  const file = relative(ROOT, name);
  const failed = assertionResults.filter((each) => each.status === 'failed');
  if (failed.length === 0) return status === 'failed' ? [`${file}: ${firstLine(message)}`] : [];
  return failed.map((each) => `${file} > ${each.fullName}: ${firstLine(each.failureMessages[0])}`);
}

const firstLine = (text = '') => text.split('\n', 1)[0]!.slice(0, 300);

/** Prints what failed and, as the last line, the sum. @returns the exit code */
export function report(results: readonly Result[]): number {
  for (const line of results.flatMap(({ why }) => why)) console.log(`Failed: ${line}`);
  const passed = results.reduce((sum, each) => sum + each.passed, 0);
  const failed = results.reduce((sum, each) => sum + each.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

interface VitestResults {
  numPassedTests: number;
  testResults: {
    /** Its file. */
    name: string;
    status: string;
    message?: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

async function one(name: string, command: string, args: string[]): Promise<Result> {
  const { status, output } = await program(command, args, { env: process.env, show: false });
  if (status !== 0) console.log(output);
  console.log(`${name}: ${status === 0 ? 'ok' : 'failed'}`);
  return status === 0 ? { passed: 1, failed: 0, why: [] } : { passed: 0, failed: 1, why: [name] };
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
