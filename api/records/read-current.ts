/** A record as the server itself reads it, before it is changed and where something is worked out from it. */
import type { Deps } from '../context.ts';
import type { Resource, Row } from '../contract.ts';
import { readMoment } from '../programme.ts';
import { readColumns } from '../storage/columns.ts';
import { loosely } from '../storage/loose-tables.ts';
import { accessOf } from './access.ts';
import { visibleRows } from './query.ts';
import type { Writer } from './write.ts';
import { currentStatement, type WriteShape } from './write-statements.ts';
import { unitOver } from './write-unit.ts';

/**
 * The record with every field unmasked, for the server's own use; null when the caller may not see it.
 * @param added the added fields that are read; null: all of them
 */
export async function readCurrent(
  deps: Deps,
  resource: Resource,
  id: number,
  writer: Writer,
  added: readonly string[] | null = null,
): Promise<Row | null> {
  const shape = await shapeOf(deps, resource, writer, []);
  const moment = await readMoment(deps.db, writer.caller, writer.trx);
  const visible = visibleRows({ resource, caller: writer.caller, moment });
  const statement = currentStatement(shape, visible, added);
  const [found] = await unitOver(deps, writer.trx).run<{ record: Row }>(statement, { id });
  return found?.record ?? null;
}

/** What the statements of a write are made from. */
export async function shapeOf(
  deps: Deps,
  resource: Resource,
  { caller, trx }: Writer,
  names: string[],
): Promise<WriteShape> {
  const columns = await readColumns(deps.db);
  return { db: loosely(trx ?? deps.db), resource, access: accessOf(caller, resource), columns, names };
}
