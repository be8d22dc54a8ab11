/** Tells every open console that records changed: one notification per resource and moment, off the path of the write. */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { ServerEvent } from '../contract.ts';
import { CHANNEL } from '../event-listener.ts';
import type { DB } from '../schema.ts';

/** Changes within this time go out together. */
const GATHER_MS = 200;
/** A payload holds 8,000 bytes; beyond this many the listener is told only that the resource changed. */
const IDS_MAX = 300;

const waiting = new WeakMap<object, Map<string, Set<number>>>();

/** What is to be told when a transaction is committed. */
const kept = new WeakMap<Kysely<DB>, [resource: string, ids: readonly number[]][]>();

/** Runs the work in a transaction; what is announced within is told once it is committed, and not at all if it is not. */
export async function inTransaction<T>(
  deps: Pick<Deps, 'db' | 'log' | 'definitions'>,
  work: (trx: Kysely<DB>) => Promise<T>,
): Promise<T> {
  const said: [string, readonly number[]][] = [];
  const done = await deps.db.transaction().execute((trx) => {
    said.length = 0;
    kept.set(trx, said);
    return work(trx);
  });
  for (const [resource, ids] of said) announce(deps, resource, ids);
  return done;
}

/**
 * To be called after the commit, or with the transaction. Never throws: a console that misses it is merely not told.
 * @param trx of inTransaction
 */
export function announce(
  deps: Pick<Deps, 'db' | 'log' | 'definitions'>,
  resource: string,
  ids: readonly number[],
  trx?: Kysely<DB>,
): void {
  const later = trx && kept.get(trx);
  if (later) return void later.push([resource, ids]);
  deps.definitions.changed(resource);
  // Other processes are not to go on with the fields, permissions or rules of before.
  if (deps.definitions.reads.has(resource)) return void send(deps, new Map([[resource, new Set(ids)]]));
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
