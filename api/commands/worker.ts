/** `pnpm worker`: the jobs alone, beside servers that run with JOBS=0. */
import { readConfig } from '../config.ts';
import { openDatabases } from '../database.ts';
import { loadResources } from '../definitions.ts';
import { startEngine } from '../engine/loop.ts';
import { heedChanges } from '../heed-changes.ts';
import { withDefinitions } from '../live-definitions.ts';
import { startSender } from '../outbox/loop.ts';
import { startScheduler } from '../scheduler.ts';
import { openLog } from '../start/log.ts';
import { untilStopped } from '../start/until-stopped.ts';

export async function run(): Promise<void> {
  const config = readConfig(process.env);
  const log = openLog(config);
  await untilStopped(async () => {
    const databases = await openDatabases(config, log);
    const { db, pool, report } = databases;
    const deps = await withDefinitions({ config, db, pool, report, log }, await loadResources());
    const deafen = heedChanges(deps);
    const scheduler = await startScheduler(deps);
    const engine = startEngine(deps);
    const sender = startSender(deps);
    log.info('The worker runs the jobs.');
    return async () => {
      deafen();
      await engine.stop();
      await sender.stop();
      await scheduler.stop();
      await databases.close();
    };
  });
}
