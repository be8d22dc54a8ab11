/** Applies the approved changes whose time has come, oldest first; after a time without it, all that were missed. */
import { sql } from 'kysely';
import type { JobContext } from '../jobs.ts';
import { inTransaction } from '../records/announce.ts';
import { moveOn, problemText } from '../records/change-course.ts';

export const label = ['执行到期的变更', 'Apply changes that are due'] as const;
export const every = '* * * * *';

/** @returns how many were applied */
export async function run({ deps }: JobContext): Promise<number> {
  const due = await deps.db
    .selectFrom('app.change_requests')
    .select('id')
    .where('state', '=', 'approved')
    .where((row) => row.or([row('effective_at', 'is', null), row('effective_at', '<=', sql<string>`now()`)]))
    .orderBy(sql`coalesce(effective_at, decided_at, created_at)`)
    .orderBy('id')
    .execute();
  let applied = 0;
  for (const { id } of due) if (await applyOne(deps, id)) applied++;
  return applied;
}

/** A change that cannot be applied says why and waits for its author; the others go on. */
async function applyOne(deps: JobContext['deps'], id: number): Promise<boolean> {
  try {
    return await inTransaction(deps, async (trx) => {
      const request = await trx
        .selectFrom('app.change_requests')
        .selectAll()
        .where('id', '=', id)
        .where('state', '=', 'approved')
        .forUpdate()
        .executeTakeFirst();
      // A rule that was made meanwhile sends it back to whoever has to agree.
      const course = request && (await moveOn(deps, trx, request, { lang: 'zh', request_id: null }));
      return course === 'applied';
    });
  } catch (error) {
    await deps.db
      .updateTable('app.change_requests')
      .set({ state: 'failed', problem: problemText(error), version: sql`version + 1`, updated_at: sql`now()` })
      .where('id', '=', id)
      .where('state', '=', 'approved')
      .execute();
    return false;
  }
}
