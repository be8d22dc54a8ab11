/**
 * `npm test [FILE …]`: types, lint and every test, Chromium brought first. `--database-only` runs what depends on the
 * version of PostgreSQL. Ends with one line "N passed, N failed".
 */
import { lint, report, runTests, types } from '../start/checks.ts';
import { findChromium } from '../start/chromium.ts';

const DATABASE_TESTS = ['test/sql/', 'test/api/', 'test/reports/'];

export async function run(args: string[]): Promise<number> {
  if (args.includes('--database-only')) return report([await runTests(DATABASE_TESTS, process.env)]);
  const CHROMIUM = await findChromium((line) => console.log(line));
  // One after the other: tests of time limits want the machine for themselves.
  return report([await types(), await lint(), await runTests(args, { ...process.env, CHROMIUM })]);
}
