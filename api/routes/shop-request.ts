/** What the routes share by which shops ask for something for a customer: who may, of whom, what was said, and in one transaction. */
import type { Context } from 'hono';
import type { Transaction } from 'kysely';
import { readJson } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { Field, Pair, Resource, Row } from '../contract.ts';
import { f } from '../definition.ts';
import { fieldErrors, Problem, problem, retrying, toProblem } from '../errors.ts';
import { standsFor } from '../records/access.ts';
import type { DB } from '../schema.ts';
import { hasScope } from '../sign-in/token-scopes.ts';
import { validateRecord } from '../validate.ts';

/** What may be said in a request, field by field. */
export interface Asked {
  name: string;
  label: Pair;
  fields: { [name: string]: Field };
}

/** @throws Problem 403 for whoever may not tell facts */
export function mayAsk(caller: Env['Variables']['user']): void {
  if (!standsFor(caller, ['operator']) || !hasScope(caller, 'facts:write')) throw problem(403, 'forbidden');
}

/** Of a code whose customer was merged, whoever that is now. @throws Problem 422 where there is no such customer, or one who is not active */
export async function activeCustomer({ db }: Pick<Deps, 'db'>, external_id: string): Promise<number> {
  const customer = await db
    .selectFrom('app.customers as named')
    .leftJoin('app.customers as survivors', 'survivors.id', 'named.merged_into_id')
    .select((row) => [
      row.fn.coalesce('survivors.id', 'named.id').as('id'),
      row.fn.coalesce('survivors.status', 'named.status').as('status'),
    ])
    .where('named.external_id', '=', external_id)
    .executeTakeFirst();
  const at = (key: string) => fieldErrors({ customer_external_id: { key, params: {} } });
  if (!customer) throw at('customer_unknown');
  if (customer.status !== 'active') throw at('customer_not_active');
  return customer.id;
}

/** @throws Problem 422 with every fault */
export function checkAsked(asked: Asked, input: unknown): Row {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw fieldErrors({ '': { key: 'not_an_object', params: { label: ['内容', 'The entry'] } } });
  }
  const { values, errors } = validateRecord({
    resource: resourceOf(asked),
    input: input as { [name: string]: unknown },
    mode: 'create',
  });
  if (Object.keys(errors).length > 0) throw new Problem(422, 'invalid', {}, { errors });
  return values;
}

/** One transaction, done again where it met another; what routines refuse becomes a Problem. */
export async function inUnit<T>(
  { db }: Pick<Deps, 'db'>,
  asked: Asked,
  work: (trx: Transaction<DB>) => Promise<T>,
): Promise<T> {
  return retrying(() => db.transaction().execute(work)).catch((error: unknown) => {
    throw toProblem(error, resourceOf(asked));
  });
}

function resourceOf({ name, label, fields }: Asked): Resource {
  return {
    ...{ name, label, fields, table: `app.${name}`, title: 'external_id', group: 'customers', icon: 'gift' },
    ...{ rules: [], access: {}, list: { columns: [], sort: 'id' } },
  };
}

const REASON: Asked['fields'] = { reason: f.text({ label: ['原因', 'Reason'], max: 200 }) };

/**
 * Of `/:id/confirm` and `/:id/cancel`, whose body may be empty or give a reason.
 * @param also what else may be said with it
 * @throws Problem 400, 422
 */
export async function readDecision(
  c: Context<Env>,
  also: Asked['fields'] = {},
): Promise<{ id: number; decision: 'confirm' | 'cancel'; reason: string | null; said: Row }> {
  const { id = '', decision } = c.req.param() as { id?: string; decision?: string };
  if (!/^\d{1,15}$/.test(id)) throw problem(400, 'bad_id', { id });
  const empty = !c.req.header('content-type') && (c.req.header('content-length') ?? '0') === '0';
  const asked: Asked = { name: 'decisions', label: ['决定', 'Decision'], fields: { ...also, ...REASON } };
  const { reason = null, ...said } = checkAsked(asked, empty ? {} : await readJson(c, { max: 64 * 1024 }));
  return { id: Number(id), decision: decision as 'confirm' | 'cancel', reason: reason as string | null, said };
}
