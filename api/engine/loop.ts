/** Works in new facts as they come, and does what follows: looked for every moment, in each process that runs jobs; they share the customers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import { followUp } from './follow-ups.ts';
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
  const stopped = () => signal.aborted;
  // Facts that cannot be worked in do not keep from being followed up what could.
  const parts: [string, (at: string) => Promise<unknown>][] = [
    ['facts could not be worked in', (at) => processFacts(deps, { until_at: at, stopped })],
    ['facts could not be followed up', (at) => followUp(deps, { at, stopped })],
  ];
  while (!signal.aborted) {
    let rest = REST_MS;
    for (const [failed, part] of parts) {
      try {
        await deps.definitions.fresh();
        const { rows } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(deps.db);
        await part(rows[0]!.at);
      } catch (error) {
        if (signal.aborted) return;
        deps.log.error({ err: error }, failed);
        rest = PAUSE_MS;
      }
    }
    await sleep(rest, undefined, { signal }).catch(() => undefined);
  }
}
