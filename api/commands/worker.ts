/** `pnpm worker`: the jobs alone, beside servers that run with JOBS=0. */
import { readConfig } from '../config.ts';
import { openDatabases } from '../database.ts';
import { startScheduler } from '../scheduler.ts';
import { openLog } from '../start/log.ts';
import { untilStopped } from '../start/until-stopped.ts';

export async function run(): Promise<void> {
  const config = readConfig(process.env);
  const log = openLog(config);
  await untilStopped(async () => {
    const databases = await openDatabases(config, log);
    const scheduler = await startScheduler({ db: databases.db, pool: databases.pool, log });
    log.info('The worker runs the jobs.');
    return async () => {
      await scheduler.stop();
      await databases.close();
    };
  });
}
