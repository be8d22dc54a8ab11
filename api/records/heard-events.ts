/** What of an event somebody may hear: of records they may not list nothing, of others only those rows that they see. */
import { sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { ServerEvent } from '../contract.ts';
import { readMoment } from '../programme.ts';
import { mayRead } from '../report/run.ts';
import { reportStore } from '../report/store.ts';
import { loosely } from '../storage/loose-tables.ts';
import { accessOf, permissionsOf } from './access.ts';
import { visibleRows } from './query.ts';
import { relationOf } from './wire.ts';

/** Many consoles hear the same event: who may see the same things shares one look at the database. */
const looked = new WeakMap<ServerEvent, Map<string, Promise<ServerEvent | null>>>();

/** @returns the event as this person may know it; null when it does not concern them */
export async function heardEvent(deps: Deps, caller: Caller, event: ServerEvent): Promise<ServerEvent | null> {
  if (event.type === 'definitions') return event;
  if (event.type === 'report') {
    const live = (await reportStore(deps).get(event.slug))?.live;
    return !live || mayRead(caller, live.definition) ? event : null;
  }
  const resource = deps.resources.get(event.name);
  if (!resource) return null;
  const { list, rows } = accessOf(caller, resource);
  if (!list) return null;
  if (!rows || event.ids.length === 0) return event;
  let answers = looked.get(event);
  if (!answers) {
    answers = new Map();
    looked.set(event, answers);
  }
  const key = JSON.stringify(rows).includes('$me') ? `user ${caller.id}` : permissionsOf(caller);
  let answer = answers.get(key);
  if (!answer) {
    answer = seenRows(deps, caller, event);
    answers.set(key, answer);
  }
  return answer;
}

async function seenRows(
  deps: Deps,
  caller: Caller,
  event: ServerEvent & { type: 'resource' },
): Promise<ServerEvent | null> {
  const resource = deps.resources.get(event.name)!;
  const visible = visibleRows({ resource, caller, moment: await readMoment(deps.db, caller), table: 't' });
  const seen = await loosely(deps.db)
    .selectFrom(`${relationOf(resource)} as t`)
    .select(sql<number>`t.id`.as('id'))
    .where(sql<boolean>`t.id = any (${[...event.ids]}::bigint[])`)
    .$if(visible !== null, (query) => query.where(visible!))
    .execute();
  return seen.length > 0 ? { ...event, ids: seen.map((row) => row.id as number) } : null;
}
