/** What a definition has done with each new record (`on_create`), in the transaction that makes it: a secret of its own, say. */
import type { Kysely } from 'kysely';
import type { Deps } from '../context.ts';
import type { Resource, Row } from '../contract.ts';
import { evaluatePredicate } from '../predicate.ts';
import { readMoment } from '../programme.ts';
import type { DB } from '../schema.ts';
import { checkActionInput, perform } from './action.ts';
import { resourceContext } from './resource-context.ts';
import type { Writer } from './write.ts';

export type FirstAction = (id: number, trx: Kysely<DB>) => Promise<string | undefined>;

/**
 * Asked before the transaction begins. @returns null when nothing is done with a record of these values; else what does it, and
 * answers the secret to be told this once. Of what waited for consent nobody would be told, so that goes without.
 */
export async function firstAction(
  deps: Deps,
  resource: Resource,
  values: Row,
  writer: Writer,
): Promise<FirstAction | null> {
  const action = resource.on_create ? resource.actions?.[resource.on_create] : undefined;
  if (!action || writer.agreed) return null;
  const moment = await readMoment(writer.trx ?? deps.db, writer.caller);
  if (action.allow && !evaluatePredicate(action.allow, resourceContext(resource), values, moment)) return null;
  const input = await checkActionInput({ ...deps, db: writer.trx ?? deps.db }, resource, action, {}, writer);
  return async (id, trx) => {
    const answer = (await perform(deps, action, { id, before: values, values: input, writer, trx })) as Row | null;
    return typeof answer?.secret === 'string' ? answer.secret : undefined;
  };
}
