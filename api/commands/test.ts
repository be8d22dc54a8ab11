/** `npm test`: types, lint and every test, Chromium brought first. Ends with one line "N passed, N failed". */

import { lint, runTests, types } from '../checks.ts';
import { findChromium } from '../chromium.ts';

export async function run(args: string[]): Promise<number> {
  const chromium = await findChromium((line) => console.log(line));
  const results = [types(), lint(), runTests(args, { ...process.env, CHROMIUM: chromium })];
  const passed = results.reduce((sum, each) => sum + each.passed, 0);
  const failed = results.reduce((sum, each) => sum + each.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}
