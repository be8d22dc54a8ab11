/**
 * `npm start`: the whole product in one process, and the embedded database beside it. `--without-console` leaves the
 * admin as it is built (or not): vite serves it during development.
 */

import { readConfig } from '../config.ts';
import { startServer } from '../server.ts';
import { tryAddress } from '../start/address.ts';
import { buildAdmin } from '../start/admin-build.ts';
import { untilStopped } from '../start/until-stopped.ts';

export async function run(args: string[]): Promise<void> {
  const config = readConfig(process.env);
  await untilStopped(async () => {
    await tryAddress(config);
    // The address is told when there is something to see at it.
    const lines: string[] = [];
    const failed = new AbortController();
    const without = args.includes('--without-console');
    const built = without ? Promise.resolve() : buildAdmin((line) => console.log(line), failed.signal);
    const started = startServer(config, { say: (line) => lines.push(line) });
    started.catch(() => failed.abort());
    const [build, server] = await Promise.allSettled([built, started]);
    if (build.status === 'rejected' || server.status === 'rejected') {
      if (server.status === 'fulfilled') await server.value.stop();
      throw server.status === 'rejected' ? server.reason : (build as PromiseRejectedResult).reason;
    }
    for (const line of without ? [] : [...lines, 'Ctrl+C stops it.']) console.log(line);
    return async () => {
      console.log('Stopping …');
      await server.value.stop();
    };
  });
}
