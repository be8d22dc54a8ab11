/** `listen evergreen_events` on a connection of its own, opened again when it breaks. */
import pg from 'pg';
import type { Deps } from './context.ts';
import type { ServerEvent } from './contract.ts';

export const CHANNEL = 'evergreen_events';
const AGAIN_MS = 2_000;

/** Who hears the events of each open application, by its pool: all through one connection. */
const heard = new WeakMap<object, { tell: Set<(event: ServerEvent) => void>; end: () => void }>();

/** @param tell gets each event. @returns a function that stops it; the connection ends with the last. */
export function hearEvents(deps: Pick<Deps, 'pool' | 'log'>, tell: (event: ServerEvent) => void): () => void {
  let hearing = heard.get(deps.pool);
  if (!hearing) {
    const all = new Set<(event: ServerEvent) => void>();
    const end = listenForEvents(deps, (event) => {
      for (const each of all) each(event);
    });
    hearing = { tell: all, end };
    heard.set(deps.pool, hearing);
  }
  const { tell: all, end } = hearing;
  all.add(tell);
  return () => {
    if (!all.delete(tell) || all.size > 0) return;
    heard.delete(deps.pool);
    end();
  };
}

/** @param tell gets each event; what is not one is dropped. @returns a function that ends the connection. */
function listenForEvents({ pool, log }: Pick<Deps, 'pool' | 'log'>, tell: (event: ServerEvent) => void): () => void {
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
