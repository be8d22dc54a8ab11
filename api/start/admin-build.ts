/** Builds the admin with vite when its sources changed since the last build. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartError } from '../config.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const STAMP = join(ROOT, 'admin', 'dist', '.built-from');

/**
 * @param signal Gives the build up.
 * @throws StartError when vite refuses; its output is in the message.
 */
export async function buildAdmin(say: (line: string) => void = () => {}, signal?: AbortSignal): Promise<void> {
  const sources = sourcesHash();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return;
  say('Building the console …');
  const output = await vite(['build', '--config', 'admin/vite.config.ts', '--logLevel', 'warn'], signal);
  if (signal?.aborted) return;
  if (output !== null) throw new StartError(`The console could not be built:\n${output}`);
  writeFileSync(STAMP, sources);
}

/** What the bundle is made of: the admin, the charts, and what both import from the API. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const files = [
    ...filesOf('admin').filter((path) => !path.startsWith(join('admin', 'dist'))),
    ...filesOf('reports').filter((path) => !path.endsWith('.sql')),
    ...filesOf('api').filter((path) => /^api.(contract|predicate)[\w-]*\.ts$/.test(path)),
    'package.json',
    'pnpm-lock.yaml',
  ];
  for (const path of files.sort())
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(ROOT, path)))
      .update('\0');
  return hash.digest('hex');
}

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath.slice(ROOT.length + 1), entry.name));
}

/** @returns what it printed when it failed, null when it did not. */
function vite(args: string[], signal?: AbortSignal): Promise<string | null> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'), ...args], {
      cwd: ROOT,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => done(error.message));
    child.on('close', (code) => done(code === 0 ? null : output));
  });
}
