/** Works in new facts as they come: looked for every moment, in each process that runs jobs; they share the customers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import { processFacts } from './process.ts';

const REST_MS = 500;
/** After a failure, so that a fault does not keep the machine busy. */
const PAUSE_MS = 5_000;

export interface Engine {
  stop(): Promise<void>;
}

export function startEngine(deps: Deps): Engine {
  const ending = new AbortController();
  const running = work(deps, ending.signal);
  return {
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}

async function work(deps: Deps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let rest = REST_MS;
    try {
      await deps.definitions.fresh();
      const { rows } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(deps.db);
      await processFacts(deps, { until_at: rows[0]!.at, stopped: () => signal.aborted });
    } catch (error) {
      if (signal.aborted) return;
      deps.log.error({ err: error }, 'facts could not be worked in');
      rest = PAUSE_MS;
    }
    await sleep(rest, undefined, { signal }).catch(() => undefined);
  }
}
