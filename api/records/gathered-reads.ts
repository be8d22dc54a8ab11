/**
 * Single records that are asked for at the same time, by whomever, are read by one statement: while the server has as many
 * statements under way as it has connections for reads, what comes meanwhile waits for the next. Who comes alone waits for nobody.
 */
import type pg from 'pg';
import { fillSlots, runStatement, type Statement } from '../storage/statements.ts';

/** How one record is read, and how several are: of `many` each row begins with the id of its record. */
export interface Gathering {
  /** Slot `id`. */
  one: Statement;
  /** Slot `ids`. */
  many: Statement;
}
/** The record as JSON text, and its version where it has one. */
export type Read = [body: string, version: number | null];

interface Asked {
  resolve: (read: Read | undefined) => void;
  reject: (error: unknown) => void;
}
interface Queue {
  waiting: Map<number, Asked[]>;
  /** Statements under way. */
  running: number;
  planned: boolean;
}

const AT_ONCE = 2;
const MOST = 64;
const queuesOf = new WeakMap<Gathering, Queue>();

/** @returns undefined where there is no such record */
export function readGathered(pool: pg.Pool, gathering: Gathering, id: number): Promise<Read | undefined> {
  const queue = queueOf(gathering);
  return new Promise((resolve, reject) => {
    const asked = queue.waiting.get(id);
    if (asked) asked.push({ resolve, reject });
    else queue.waiting.set(id, [{ resolve, reject }]);
    plan(pool, gathering, queue);
  });
}

function queueOf(gathering: Gathering): Queue {
  const known = queuesOf.get(gathering);
  if (known) return known;
  const queue: Queue = { waiting: new Map(), running: 0, planned: false };
  queuesOf.set(gathering, queue);
  return queue;
}

/** After what the event loop holds already has been heard. */
function plan(pool: pg.Pool, gathering: Gathering, queue: Queue): void {
  if (queue.planned || queue.running >= AT_ONCE || queue.waiting.size === 0) return;
  queue.planned = true;
  setImmediate(() => {
    queue.planned = false;
    void read(pool, gathering, queue);
  });
}

async function read(pool: pg.Pool, gathering: Gathering, queue: Queue): Promise<void> {
  const taken = takeFirst(queue.waiting);
  queue.running++;
  try {
    if (taken.size === 1) await readOne(pool, gathering.one, taken);
    else await readMany(pool, gathering, taken);
  } finally {
    queue.running--;
    plan(pool, gathering, queue);
  }
}

function takeFirst(waiting: Map<number, Asked[]>): Map<number, Asked[]> {
  const taken = new Map<number, Asked[]>();
  for (const [id, asked] of waiting) {
    if (taken.size === MOST) break;
    taken.set(id, asked);
    waiting.delete(id);
  }
  return taken;
}

async function readOne(pool: pg.Pool, one: Statement, taken: Map<number, Asked[]>): Promise<void> {
  for (const [id, asked] of taken) {
    try {
      const [found] = await runStatement<Read>(pool, one, fillSlots(one, { id }));
      for (const { resolve } of asked) resolve(found);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}

/** A record that cannot be read must not take the others with it: then each is read alone. */
async function readMany(pool: pg.Pool, { one, many }: Gathering, taken: Map<number, Asked[]>): Promise<void> {
  const ids = `{${[...taken.keys()].join(',')}}`;
  let rows: [id: number, ...Read][];
  try {
    rows = await runStatement<[number, ...Read]>(pool, many, fillSlots(many, { ids }));
  } catch {
    return readOne(pool, one, taken);
  }
  const found = new Map(rows.map(([id, ...read]) => [id, read]));
  for (const [id, asked] of taken) for (const { resolve } of asked) resolve(found.get(id));
}
