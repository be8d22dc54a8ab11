/** Which records are meant: those named, or all that a list shows, as many as the person was told. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { BulkRequest, Resource } from '../contract.ts';
import { problem } from '../errors.ts';
import { loosely } from '../storage/loose-tables.ts';
import { listConditions } from './list-conditions.ts';
import { parseListQuery } from './list-query.ts';
import { sceneOf } from './query.ts';
import { ROW, relationOf } from './wire.ts';
import type { Writer } from './write.ts';

/** Changed at once at most: every record is held in memory and locked until all are written. */
export const MANY_MAX = 20_000;

/**
 * @returns ids without repetition, ascending
 * @throws Problem 400 for a selection that is none or too large, 409 when there are more or fewer than expected
 */
export async function chosenIds(
  deps: Deps,
  resource: Resource,
  { ids, filter, expected }: Pick<BulkRequest, 'ids' | 'filter' | 'expected'>,
  writer: Writer,
): Promise<number[]> {
  if (ids !== undefined) {
    if (filter !== undefined || !Array.isArray(ids) || ids.length === 0) throw problem(400, 'bulk_no_selection');
    const bad = ids.find((id) => !Number.isSafeInteger(id) || id < 0);
    if (bad !== undefined) throw problem(400, 'bad_id', { id: String(bad).slice(0, 60) });
    const known = [...new Set(ids)].sort((a, b) => a - b);
    if (known.length > MANY_MAX) throw problem(400, 'bulk_too_many', { asked: known.length, max: MANY_MAX });
    return known;
  }
  if (typeof filter !== 'string' || !Number.isSafeInteger(expected)) throw problem(400, 'bulk_no_selection');
  const found = await matchingIds(deps, resource, filter, writer);
  if (found.length > MANY_MAX) throw problem(400, 'bulk_too_many', { asked: expected!, max: MANY_MAX });
  if (found.length !== expected) throw problem(409, 'bulk_count', { expected: expected!, found: found.length });
  return found;
}

async function matchingIds(deps: Deps, resource: Resource, filter: string, writer: Writer): Promise<number[]> {
  const scene = await sceneOf(deps, resource, writer);
  const where = listConditions(scene, parseListQuery(filter, scene));
  const rows = await loosely(writer.trx ?? deps.db)
    .selectFrom(`${relationOf(resource)} as ${ROW}`)
    .select(sql<number>`${sql.ref(`${ROW}.id`)}`.as('id'))
    .$call((all) => (where ? all.where(where) : all))
    .orderBy(`${ROW}.id`)
    .limit(MANY_MAX + 1)
    .execute();
  return rows.map((row) => (row as { id: number }).id);
}
