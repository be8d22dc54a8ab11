/** `listen evergreen_events` on a connection of its own, opened again when it breaks. */
import pg from 'pg';
import type { Deps } from './context.ts';
import type { ServerEvent } from './contract.ts';

export const CHANNEL = 'evergreen_events';
const AGAIN_MS = 2_000;

/** @param tell gets each event; what is not one is dropped. @returns a function that ends the connection. */
export function listenForEvents(
  { pool, log }: Pick<Deps, 'pool' | 'log'>,
  tell: (event: ServerEvent) => void,
): () => void {
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
