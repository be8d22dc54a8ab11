/** A write that waits for its turn: the record is locked first, so that nobody can overtake it. */
import type { Kysely } from 'kysely';
import type { Deps } from '../context.ts';
import type { Resource } from '../contract.ts';
import { retrying, toProblem } from '../errors.ts';
import type { DB } from '../schema.ts';
import { loosely } from '../storage/loose-tables.ts';
import { inTransaction } from './announce.ts';
import type { Writer } from './write.ts';

/** @param work gets the writer with the transaction that holds the lock: a new one, unless the writer has one already */
export async function inTurn<T>(
  deps: Deps,
  { table, ...resource }: Resource,
  id: number,
  writer: Writer,
  work: (writer: Writer) => Promise<T>,
): Promise<T> {
  const locked = async (trx: Kysely<DB>): Promise<T> => {
    await loosely(trx).selectFrom(table).select('id').where('id', '=', id).forUpdate().execute();
    return work({ ...writer, trx });
  };
  if (writer.trx) return locked(writer.trx);
  try {
    return await retrying(() => inTransaction(deps, locked));
  } catch (error) {
    throw toProblem(error, { table, ...resource });
  }
}
