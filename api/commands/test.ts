/**
 * `npm test [FILE …]`: types, lint and every test, Chromium brought first. `--database-only` runs what depends on the
 * version of PostgreSQL. Ends with one line "N passed, N failed".
 */
import { lint, type Result, runTests, types } from '../checks.ts';
import { findChromium } from '../chromium.ts';

const DATABASE_TESTS = ['test/sql/', 'test/api/', 'test/reports/'];

export async function run(args: string[]): Promise<number> {
  const results = args.includes('--database-only') ? [runTests(DATABASE_TESTS, process.env)] : await everything(args);
  const passed = results.reduce((sum, each) => sum + each.passed, 0);
  const failed = results.reduce((sum, each) => sum + each.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

async function everything(files: string[]): Promise<Result[]> {
  const CHROMIUM = await findChromium((line) => console.log(line));
  return [types(), lint(), runTests(files, { ...process.env, CHROMIUM })];
}
