/** Tells every open console that records changed: one notification per resource and moment, off the path of the write. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { ServerEvent } from '../contract.ts';
import { CHANNEL } from '../event-listener.ts';

/** Changes within this time go out together. */
const GATHER_MS = 200;
/** A payload holds 8,000 bytes; beyond this many the listener is told only that the resource changed. */
const IDS_MAX = 300;

const waiting = new WeakMap<object, Map<string, Set<number>>>();

/** To be called after the commit. Never throws: a console that misses it is merely not told. */
export function announce(
  deps: Pick<Deps, 'db' | 'log' | 'definitions'>,
  resource: string,
  ids: readonly number[],
): void {
  deps.definitions.changed(resource);
  let gathered = waiting.get(deps.db);
  if (!gathered) {
    const changes = new Map<string, Set<number>>();
    gathered = changes;
    waiting.set(deps.db, changes);
    setTimeout(() => {
      waiting.delete(deps.db);
      void send(deps, changes);
    }, GATHER_MS).unref();
  }
  const known = gathered.get(resource) ?? new Set();
  for (const id of ids) known.add(id);
  gathered.set(resource, known);
}

async function send({ db, log }: Pick<Deps, 'db' | 'log'>, changes: ReadonlyMap<string, Set<number>>): Promise<void> {
  for (const [name, ids] of changes) {
    const event: ServerEvent = { type: 'resource', name, ids: ids.size > IDS_MAX ? [] : [...ids] };
    try {
      await db.selectNoFrom(sql`pg_notify(${CHANNEL}, ${JSON.stringify(event)})`.as('told')).execute();
    } catch (error) {
      log.debug({ error }, 'a change could not be announced');
    }
  }
}
