/** What an action would come to: done like the action itself, looked at, and rolled back. */
import type { Deps } from '../context.ts';
import type { ActionPreview, Pair, Resource, Row } from '../contract.ts';
import { rolledBack } from '../engine/rolled-back.ts';
import { problem, toProblem } from '../errors.ts';
import { actionNamed, checkActionInput, handlerOf, lockRecord } from './action.ts';
import type { Writer } from './write.ts';

/** Somebody waits for it with a dialog open; whoever works with the record must not wait for them. */
const LIMITS = { statement_ms: 15_000, lock_ms: 3_000 };

/** @throws Problem 404 also where the action has no preview, 403, 409, 422: what the action itself would be refused for */
export async function previewAction(
  deps: Deps,
  resource: Resource,
  { name, id, input }: { name: string; id: number; input: Row },
  writer: Writer,
): Promise<ActionPreview> {
  const action = actionNamed(resource, { name, scope: 'record' }, writer.caller);
  const handler = action.preview && action.handler ? await handlerOf(action.handler) : null;
  if (!handler?.preview) throw problem(404, 'unknown_action', { name: name.slice(0, 60) });
  const { preview } = handler;
  // The reason is for the deed.
  const asked = Object.fromEntries(Object.entries(action.input ?? {}).filter(([field]) => field !== 'reason'));
  const { reason: _reason, ...given } = input;
  const values = await checkActionInput(deps, resource, { ...action, input: asked }, given, writer);
  const told = await rolledBack(deps.db, LIMITS, async (trx) => {
    await lockRecord(deps, trx, { resource, action, id, if_match: null }, writer);
    return preview(deps, { id, input: values, writer, trx });
  }).catch((error: unknown) => {
    throw toProblem(error, { ...resource, fields: { ...resource.fields, ...action.input } });
  });
  const say = (text: Pair | string) => (typeof text === 'string' ? text : text[writer.lang === 'zh' ? 0 : 1]);
  return {
    columns: told.columns.map(say),
    rows: told.rows.map(({ label, values: cells }) => ({ label: say(label), values: cells.map(say) })),
    notes: told.notes.map(say),
  };
}
