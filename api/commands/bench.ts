/** `pnpm bench …`: measures the product beside a thin server; see test/bench/run.ts for what it takes. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..', '..');

export async function run(args: string[]): Promise<number> {
  const script = join(ROOT, 'test', 'bench', 'run.ts');
  return spawnSync(process.execPath, [script, ...args], { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}
