/**
 * `pnpm dev`: the product while it is being written. The console comes from vite's development server and changes in the
 * open page; the API starts again when its code changes; views and routines are rebuilt in place when theirs does, and
 * reports compile by themselves. PORT is the console's, the API takes the one above.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join, resolve } from 'node:path';
import { createServer } from 'vite';
import { readConfig } from '../config.ts';
import { openOwner } from '../database.ts';
import { migrate } from '../migrate.ts';
import { untilStopped } from '../start/until-stopped.ts';
import { findLogins } from '../storage/logins.ts';
import { reachOwner } from '../storage/owner.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
/** An editor that saves many files at once means one change. */
const SETTLE_MS = 150;

export async function run(): Promise<void> {
  const config = readConfig(process.env);
  const say = (line: string) => console.log(line);
  await untilStopped(async () => {
    const access = await reachOwner(config, say);
    const api = startApi(config.port + 1);
    const console_ = await createServer({
      configFile: join(ROOT, 'admin', 'vite.config.ts'),
      server: {
        host: config.host,
        port: config.port,
        strictPort: true,
        // The host stays what the browser asked for, so that the origin it names is the same one.
        proxy: { '/api': { target: `http://${config.host}:${config.port + 1}`, changeOrigin: false } },
      },
    });
    await console_.listen();
    console_.printUrls();
    const watchers = [
      watchFolder('api', (path) => path !== 'schema.ts' && api.restart()),
      watchFolder('sql', async (path) => {
        if (path === 'schema.sql') return;
        const owner = openOwner(access.owner_url);
        try {
          const logins = findLogins({ ...config, owner_url: access.owner_url });
          const { migrated, rebuilt } = await migrate(owner, { logins, say });
          if (migrated.length > 0 || rebuilt) say('The database is as sql/ says.');
        } catch (error) {
          console.error((error as Error).message);
        } finally {
          await owner.destroy();
        }
      }),
    ];
    return async () => {
      for (const watcher of watchers) watcher.close();
      await console_.close();
      await api.stop();
      await access.close();
    };
  });
}

/** The API in a process of its own, started again on demand; one that ended by itself waits for the next change. */
function startApi(port: number) {
  let child: ChildProcess | null = null;
  let turn = Promise.resolve();
  function begin(): void {
    child = spawn(process.execPath, [join(ROOT, 'api', 'command.ts'), 'start', '--without-console'], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, PORT: String(port) },
    });
  }
  async function end(): Promise<void> {
    const ending = child;
    child = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = new Promise((done) => ending.once('exit', done));
    ending.kill('SIGTERM');
    await gone;
  }
  begin();
  return {
    restart: () => {
      turn = turn.then(end).then(begin);
    },
    stop: () => turn.then(end),
  };
}

/** Calls once for what changed within a moment, with the path from the folder of the last change. */
function watchFolder(folder: string, changed: (path: string) => unknown) {
  let timer: NodeJS.Timeout | undefined;
  return watch(join(ROOT, folder), { recursive: true }, (_, path) => {
    if (!path || !/\.(ts|sql)$/.test(path)) return;
    clearTimeout(timer);
    timer = setTimeout(() => changed(path), SETTLE_MS);
  });
}
