/**
 * Who is behind a cookie or a token, kept for a second: a screen asks ten things at once, a program hundreds. What this
 * process itself changes it forgets at once, other processes within that second.
 */
import type { Kysely } from 'kysely';
import type { Caller } from '../context.ts';
import type { DB } from '../schema.ts';

const KEPT_MS = 1000;
const KEPT_MAX = 10_000;

type Handle = Kysely<DB>;
interface Kept {
  caller: Caller;
  until: number;
}
interface Cache {
  /** By what was sent: a digest per request would cost more than the rest of the look-up. */
  kept: Map<string, Kept>;
  asked: Map<string, Promise<Caller | null>>;
  /** Raised by every forgetting, so that a look-up begun before it is not kept after it. */
  round: number;
}
const caches = new WeakMap<Handle, Cache>();

/** @param load looks in the database; several who ask at once wait for one answer */
export async function keptCaller(
  db: Handle,
  credential: string,
  load: () => Promise<Caller | null>,
): Promise<Caller | null> {
  const cache = cacheOf(db);
  const kept = cache.kept.get(credential);
  if (kept && kept.until > performance.now()) return kept.caller;
  const asked = cache.asked.get(credential);
  if (asked) return asked;

  const round = cache.round;
  const answer = load();
  cache.asked.set(credential, answer);
  try {
    const caller = await answer;
    if (round === cache.round) {
      cache.kept.delete(credential);
      if (caller) keep(cache, credential, caller);
    }
    return caller;
  } finally {
    if (cache.asked.get(credential) === answer) cache.asked.delete(credential);
  }
}

/** The next request of everybody reads the database. */
export function forgetCallers(db: Handle): void {
  const cache = cacheOf(db);
  cache.round++;
  cache.kept.clear();
  cache.asked.clear();
}

function cacheOf(db: Handle): Cache {
  let cache = caches.get(db);
  if (!cache) {
    cache = { kept: new Map(), asked: new Map(), round: 0 };
    caches.set(db, cache);
  }
  return cache;
}

function keep(cache: Cache, credential: string, caller: Caller): void {
  if (cache.kept.size >= KEPT_MAX) cache.kept.clear();
  cache.kept.set(credential, { caller, until: performance.now() + KEPT_MS });
}
