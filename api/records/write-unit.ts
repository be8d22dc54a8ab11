/** Where the statements of a write run: each by itself, or all of them in one transaction. */
import { CompiledQuery, type Kysely } from 'kysely';
import type { Deps } from '../context.ts';
import type { Resource } from '../contract.ts';
import { retrying, toProblem } from '../errors.ts';
import type { DB } from '../schema.ts';
import { fillSlots, type Statement } from '../storage/statements.ts';
import { accessOf } from './access.ts';
import type { Writer } from './write.ts';

export interface Unit {
  /** The transaction, or the pool for a statement that commits by itself. */
  handle: Kysely<DB>;
  run<R>(statement: Statement, slots: { [slot: string]: unknown }): Promise<R[]>;
}

/** A single statement commits by itself; what must be looked at afterwards, or belongs to more, runs in a transaction. */
export async function inUnit<T>(
  deps: Deps,
  {
    resource,
    writer,
    together,
    stays = false,
  }: { resource: Resource; writer: Writer; together: boolean; stays?: boolean },
  work: (unit: Unit) => Promise<T>,
): Promise<T> {
  try {
    if (writer.trx) return await work(unitOver(deps, writer.trx));
    const seen = stays || !accessOf(writer.caller, resource).rows;
    const alone = !together && !resource.guard && !resource.approval && seen;
    return await retrying(() =>
      alone ? work(unitOver(deps)) : deps.db.transaction().execute((trx) => work(unitOver(deps, trx))),
    );
  } catch (error) {
    throw toProblem(error, resource);
  }
}

/** Through the transaction where there is one, else over the pool by a statement that it keeps. */
export function unitOver({ db, pool }: Deps, trx?: Kysely<DB>): Unit {
  return {
    handle: trx ?? db,
    run: async <R>(statement: Statement, slots: { [slot: string]: unknown }) => {
      const values = fillSlots(statement, slots);
      if (trx) return (await trx.executeQuery<R>(CompiledQuery.raw(statement.text, values))).rows;
      return (await pool.query({ name: statement.name, text: statement.text, values })).rows as R[];
    },
  };
}
