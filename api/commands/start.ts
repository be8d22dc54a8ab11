/** `npm start`: the product, until it is asked to stop. */
import { readConfig } from '../config.ts';
import { startServer } from '../server.ts';

export async function run(): Promise<void> {
  const running = await startServer(readConfig(process.env));
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done());
  });
  // Asked twice: at once.
  process.once('SIGINT', () => process.exit(130));
  await running.stop();
}
