/** Work that is done for its answer alone: in a transaction that never commits. */
import { type Kysely, sql } from 'kysely';
import { retrying } from '../errors.ts';
import type { DB } from '../schema.ts';

/** @param limits how long a statement may take, and wait for somebody else's lock, in milliseconds */
export async function rolledBack<T>(
  db: Kysely<DB>,
  { statement_ms, lock_ms }: { statement_ms: number; lock_ms: number },
  work: (trx: Kysely<DB>) => Promise<T>,
): Promise<T> {
  return retrying(async () => {
    const done: { answer?: T } = {};
    try {
      await db.transaction().execute(async (trx) => {
        await sql`select
          set_config('statement_timeout', ${String(statement_ms)}, true),
          set_config('lock_timeout', ${String(lock_ms)}, true)`.execute(trx);
        done.answer = await work(trx);
        throw UNDO;
      });
    } catch (error) {
      if (error !== UNDO) throw error;
    }
    return done.answer as T;
  });
}

const UNDO = new Error('It was only tried.');
