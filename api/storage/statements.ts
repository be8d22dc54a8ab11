/**
 * Hot reads: a statement is compiled once, sent under a name so that Postgres plans it once, and its answer is text that
 * Postgres assembled. Several are sent down one connection without waiting for each other's answers.
 */
import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { Compilable } from 'kysely';
import type pg from 'pg';

/** A place in a compiled statement that each request fills. */
export interface Slot {
  slot: string;
}
export interface Statement {
  text: string;
  /** Bound in this order; slots are filled by name. */
  parameters: readonly unknown[];
  /** Absent: planned for its values each time (searches, whose best plan depends on the words). */
  name: string | undefined;
}

export function slot(name: string): Slot {
  return { slot: name };
}

/** @param named false when the best plan depends on the values */
export function compileStatement(query: Compilable, named = true): Statement {
  const { sql: text, parameters } = query.compile();
  const name = named ? createHash('sha256').update(text).digest('base64url').slice(0, 24) : undefined;
  return { text, parameters, name };
}

/** @returns the parameters with every slot filled from `values` */
export function fillSlots(statement: Statement, values: { [slot: string]: unknown }): unknown[] {
  return statement.parameters.map((each) => (isSlot(each) ? values[each.slot] : each));
}

/** Least recently used goes first. @param limit how many are kept */
export function statementCache<T>(limit: number) {
  const kept = new Map<string, T>();
  return {
    get(key: string): T | undefined {
      const found = kept.get(key);
      if (found !== undefined) {
        kept.delete(key);
        kept.set(key, found);
      }
      return found;
    },
    set(key: string, value: T): void {
      kept.set(key, value);
      if (kept.size > limit) kept.delete(kept.keys().next().value!);
    },
    clear: () => kept.clear(),
  };
}

/** A cache for each open application, emptied when its definitions change. @param limit how many are kept */
export function definitionCache<T>(limit: number) {
  const kept = new WeakMap<object, { resources: object; cache: ReturnType<typeof statementCache<T>> }>();
  return ({ pool, resources }: { pool: object; resources: object }) => {
    let found = kept.get(pool);
    if (found?.resources !== resources) {
      found = { resources, cache: statementCache<T>(limit) };
      kept.set(pool, found);
    }
    return found.cache;
  };
}

/** One connection that answers named statements in the order they were sent. */
interface Lane {
  client: Promise<pg.PoolClient> | null;
  waiting: number;
}
const lanes = new WeakMap<pg.Pool, Lane[]>();
/** Names prepared on a connection; beyond the limit it is closed, which is what forgets them in Postgres. */
const prepared = new WeakMap<pg.PoolClient, Set<string>>();
const PREPARED_MAX = 200;

/**
 * Runs one autocommit read.
 * @param values what fillSlots gave
 * @returns the rows, each an array in the order of the select list
 */
export async function runStatement<R extends unknown[]>(
  pool: pg.Pool,
  statement: Statement,
  values: unknown[],
): Promise<R[]> {
  if (!statement.name) return runAlone(pool, statement, values);
  try {
    return await runInLane(pool, statement, values);
  } catch (error) {
    // The views were rebuilt under the plan, or a pooler gave us a connection that does not know the name: once more, unnamed.
    const code = (error as { code?: string }).code;
    if (code !== '0A000' && code !== '26000') throw error;
    return runAlone(pool, statement, values);
  }
}

async function runAlone<R extends unknown[]>(pool: pg.Pool, statement: Statement, values: unknown[]): Promise<R[]> {
  const result = await pool.query<R>({ text: statement.text, values, rowMode: 'array' });
  return result.rows;
}

async function runInLane<R extends unknown[]>(pool: pg.Pool, statement: Statement, values: unknown[]): Promise<R[]> {
  const lane = shortestLane(pool);
  lane.waiting++;
  let client: pg.PoolClient | undefined;
  let broken = false;
  try {
    lane.client ??= openLane(pool);
    client = await lane.client;
    prepared.get(client)!.add(statement.name!);
    gatherWrites(client);
    const query = { name: statement.name!, text: statement.text, values, rowMode: 'array' as const };
    return (await client.query<R>(query)).rows;
  } catch (error) {
    broken = !isDatabaseError(error);
    throw error;
  } finally {
    if (broken && lane.client) closeWhenIdle(lane);
    if (--lane.waiting === 0) releaseLane(lane, client);
  }
}

const closing = new WeakSet<Lane>();

function closeWhenIdle(lane: Lane): void {
  closing.add(lane);
}

/** Half of the pool at most, so that writes always find a connection. */
function shortestLane(pool: pg.Pool): Lane {
  let all = lanes.get(pool);
  if (!all) {
    const count = Math.max(1, Math.floor((pool.options.max ?? 10) / 2));
    all = Array.from({ length: count }, () => ({ client: null, waiting: 0 }));
    lanes.set(pool, all);
  }
  let best = all[0]!;
  for (const lane of all) if (lane.waiting < best.waiting) best = lane;
  return best;
}

async function openLane(pool: pg.Pool): Promise<pg.PoolClient> {
  const client = await pool.connect();
  // Its queries reject by themselves; without a listener the event would end the process.
  client.on('error', ignore);
  if (!prepared.has(client)) prepared.set(client, new Set());
  return Object.assign(client, { pipeline: true });
}

/** What the requests of one turn of the event loop ask goes to Postgres in one write. */
function gatherWrites(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  if (stream.writableCorked > 0) return;
  stream.cork();
  setImmediate(() => stream.uncork());
}

/** Gives the connection back the way it came: transactions must not run on a pipelined one. */
function releaseLane(lane: Lane, client: pg.PoolClient | undefined): void {
  lane.client = null;
  const close = closing.delete(lane);
  if (!client) return;
  Object.assign(client, { pipeline: false });
  client.off('error', ignore);
  client.release(close || prepared.get(client)!.size > PREPARED_MAX);
}

function ignore(): void {}

function isSlot(value: unknown): value is Slot {
  return typeof value === 'object' && value !== null && 'slot' in value;
}

/** A refusal by Postgres leaves the connection usable; anything else does not. */
function isDatabaseError(error: unknown): boolean {
  return (
    typeof (error as { code?: unknown }).code === 'string' && /^[0-9A-Z]{5}$/.test((error as { code: string }).code)
  );
}
