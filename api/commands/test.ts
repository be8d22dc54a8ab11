/**
 * `npm test [FILE …]`: types, lint and every test, Chromium brought first. `--database-only` runs what depends on the
 * version of PostgreSQL. Ends with one line "N passed, N failed".
 */
import { lint, report, runTests, types } from '../start/checks.ts';
import { findChromium } from '../start/chromium.ts';

const DATABASE_TESTS = ['test/sql/', 'test/api/', 'test/reports/', '--exclude=test/api/start.test.ts'];

export async function run(args: string[]): Promise<number> {
  if (args.includes('--database-only')) return report([await runTests(DATABASE_TESTS, process.env)]);
  const CHROMIUM = await findChromium((line) => console.log(line));
  // Beside the tests, which wait for a database and a browser at first; no test looks at the clock.
  return report(await Promise.all([types(), lint(), runTests(args, { ...process.env, CHROMIUM })]));
}
