/** `pnpm check`: types, lint and the quick tests: those of pure code, and the conventions. Well under 15 seconds. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lint, ROOT, report, runTests, types } from '../start/checks.ts';

const CONVENTIONS = 'test/sql/conventions.test.ts';

export async function run(): Promise<number> {
  return report(await Promise.all([types(), lint(), runTests(quickTests(), process.env)]));
}

/** A test that opens a database, a browser or a process, or that asks for more time, is not quick. */
function quickTests(): string[] {
  const slow = /playwright|child_process|\}, \d+_000\)/;
  const slowFiles = new Set([join('test', 'database.ts')]);
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  const imports = (path: string): string[] =>
    [...read(path).matchAll(/from '(\.[^']+)'/g)]
      .map(([, name]) => join(dirname(path), name!))
      .filter((each) => each.startsWith('test'));
  const isSlow = (path: string): boolean => slowFiles.has(path) || slow.test(read(path)) || imports(path).some(isSlow);
  return readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.test\.tsx?$/.test(path) && !path.startsWith('bench'))
    .map((path) => join('test', path))
    .filter((path) => path === CONVENTIONS || !isSlow(path));
}
