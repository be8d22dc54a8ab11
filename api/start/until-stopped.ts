/** Runs something until the process is asked to end (Ctrl+C, SIGTERM, a closed terminal), then stops it in order. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * @param start Gives what is to be called at the end; a signal that comes before it answered ends it when it has.
 * @returns when everything has stopped. A second signal ends the process at once.
 */
export async function untilStopped(start: () => Promise<() => Promise<void>>): Promise<void> {
  const asked = new Promise<void>((done) => {
    let times = 0;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        times += 1;
        if (times > 1) process.exit(130);
        done();
      });
    }
  });
  const stop = await start();
  await asked;
  await stop();
}
