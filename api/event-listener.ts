/** `listen evergreen_events` on a connection of its own, opened again when it breaks. */
import pg from 'pg';
import type { Deps } from './context.ts';
import type { ServerEvent } from './contract.ts';

export const CHANNEL = 'evergreen_events';
const AGAIN_MS = 2_000;

export interface Hearer {
  tell(event: ServerEvent): void;
  /** From now on, or again after a break: what was told before reached nobody here. */
  listening?(): void;
}

/** Who hears the events of each open application, by its pool: all through one connection. */
const heard = new WeakMap<object, { hearers: Set<Hearer>; end: () => void }>();

/** @returns a function that stops it; the connection ends with the last. */
export function hearEvents(deps: Pick<Deps, 'pool' | 'log'>, hearer: Hearer): () => void {
  let hearing = heard.get(deps.pool);
  if (!hearing) {
    const hearers = new Set<Hearer>();
    const end = listenForEvents(deps, {
      tell: (event) => {
        for (const each of hearers) each.tell(event);
      },
      listening: () => {
        for (const each of hearers) each.listening?.();
      },
    });
    hearing = { hearers, end };
    heard.set(deps.pool, hearing);
  }
  const { hearers, end } = hearing;
  hearers.add(hearer);
  return () => {
    if (!hearers.delete(hearer) || hearers.size > 0) return;
    heard.delete(deps.pool);
    end();
  };
}

/** What is told that is no event is dropped. @returns a function that ends the connection. */
function listenForEvents({ pool, log }: Pick<Deps, 'pool' | 'log'>, { tell, listening }: Required<Hearer>): () => void {
  let client: pg.Client | null = null;
  let again: NodeJS.Timeout | undefined;
  let ended = false;

  const connect = async () => {
    const next = new pg.Client({ ...pool.options, application_name: 'evergreen events' });
    client = next;
    next.on('error', retry);
    next.on('end', retry);
    next.on('notification', ({ payload }) => {
      const event = parse(payload ?? '');
      if (event) tell(event);
    });
    try {
      await next.connect();
      await next.query(`listen ${CHANNEL}`);
      (next as unknown as { unref(): void }).unref();
      if (ended) await next.end();
      else listening();
    } catch (error) {
      log.warn({ err: error }, 'changes made elsewhere cannot be listened for');
      retry();
    }
  };
  const retry = () => {
    const broken = client;
    client = null;
    broken?.end().catch(() => {});
    if (ended || !broken) return;
    clearTimeout(again);
    again = setTimeout(connect, AGAIN_MS);
    again.unref();
  };
  void connect();
  return () => {
    ended = true;
    clearTimeout(again);
    client?.end().catch(() => {});
    client = null;
  };
}

function parse(payload: string): ServerEvent | null {
  try {
    const event = JSON.parse(payload) as ServerEvent;
    return event.type === 'report' || event.type === 'resource' ? event : null;
  } catch {
    return null;
  }
}
