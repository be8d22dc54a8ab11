/** What is looked at when a record has been written, before it is committed: who may still see it, consent, its guard. */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Resource, Row } from '../contract.ts';
import { problem } from '../errors.ts';
import { predicateFields } from '../predicate/fields.ts';
import { evaluatePredicate } from '../predicate.ts';
import { readMoment } from '../programme.ts';
import { accessOf } from './access.ts';
import { checkConsent } from './consent.ts';
import { visibleRows } from './query.ts';
import { shapeOf } from './read-current.ts';
import { resourceContext } from './resource-context.ts';
import type { Writer } from './write.ts';
import { currentStatement } from './write-statements.ts';
import type { Unit } from './write-unit.ts';

interface Change {
  resource: Resource;
  writer: Writer;
  id: number;
  before: Row | null;
  /** It is known that the writer goes on seeing it. */
  stays?: boolean;
}

/**
 * Whether the values alone tell that the writer goes on seeing the record: the version that they were read with is the one
 * that is replaced, and nothing in the condition is worked out by the server.
 * @throws Problem 403 where they tell that not
 */
export async function staysVisible(
  deps: Deps,
  resource: Resource,
  { current, changed }: { current: Row; changed: Row },
  { caller, trx }: Writer,
): Promise<boolean> {
  const { rows } = accessOf(caller, resource);
  if (!rows || typeof current.version !== 'number') return false;
  const plain = (name: string) => name === 'id' || resource.fields[name]?.readonly === undefined;
  if (![...predicateFields(rows)].every(plain)) return false;
  const moment = await readMoment(deps.db, caller, trx);
  const stays = evaluatePredicate(rows, resourceContext(resource), { ...current, ...changed }, moment);
  if (!stays) throw problem(403, 'forbidden_row');
  return true;
}

/** The guard of the resource, and that nobody writes a record out of their own sight. */
export async function checkAfter(
  deps: Deps,
  unit: Unit,
  { resource, writer, id, before, stays }: Change,
): Promise<void> {
  const moment = await readMoment(deps.db, writer.caller, unit.handle);
  const visible = stays ? null : visibleRows({ resource, caller: writer.caller, moment });
  if (!resource.guard && !visible && !resource.approval) return;
  const shape = await shapeOf(deps, resource, { ...writer, trx: unit.handle }, []);
  const [found] = await unit.run<{ record: Row }>(currentStatement(shape, visible), { id });
  if (!found) throw problem(403, 'forbidden_row');
  await checkConsent(deps, resource, { before, after: found.record }, { ...writer, trx: unit.handle });
  await guard(unit, { resource, writer, id, before, after: found.record });
}

/** What the routine of the resource says about the change. */
export async function guard(
  { handle }: Unit,
  { resource, writer, id, before, after }: Change & { after: Row | null },
): Promise<void> {
  if (!resource.guard) return;
  const routine = sql.id('ops', resource.guard);
  const json = (row: Row | null) => sql`${row && JSON.stringify(row)}::jsonb`;
  await sql`select ${routine}(${id}::bigint, ${writer.caller.id}::bigint, ${json(before)}, ${json(after)})`.execute(
    handle,
  );
}
