/** `pnpm check`: types, lint and the quick tests: those of pure code, and the conventions. Well under 15 seconds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lint, ROOT, runTests, types } from '../checks.ts';

const CONVENTIONS = 'test/sql/conventions.test.ts';

export async function run(): Promise<number> {
  const results = [types(), lint(), runTests(quickTests(), process.env)];
  const passed = results.reduce((sum, each) => sum + each.passed, 0);
  const failed = results.reduce((sum, each) => sum + each.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

/** A test that opens a database, a browser or a process is not quick. */
function quickTests(): string[] {
  const slow = /from '(?:\.\.?\/)+(?:test\/)?(?:database|app|browser)\.ts'|playwright|child_process/;
  return readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.test\.tsx?$/.test(path) && !path.startsWith('bench'))
    .map((path) => join('test', path))
    .filter((path) => path === CONVENTIONS || !slow.test(readFileSync(join(ROOT, path), 'utf8')));
}
