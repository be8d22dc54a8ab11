/** Rules and tiers as they would be if they were saved, checked like a save. */
import { type Kysely, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { Json, Resource, Row } from '../contract.ts';
import type { TrialDraft } from '../contract-trials.ts';
import { fieldErrors, Problem, problem, toProblem } from '../errors.ts';
import { accessOf } from '../records/access.ts';
import { readCurrent } from '../records/read-current.ts';
import { columnOf } from '../records/wire.ts';
import { checkInput } from '../records/write-input.ts';
import { driverValue } from '../records/write-statements.ts';
import type { DB } from '../schema.ts';
import { loosely } from '../storage/loose-tables.ts';

/** What can be tried: what the engine keeps versions of and reads anew in each run. */
export const TRIED = ['earn_rules', 'tiers'];

/** A draft as the engine reads it. */
export interface TriedVersion {
  resource: string;
  record_id: number;
  body: { [field: string]: Json };
}

/**
 * Reads what was sent as a draft.
 * @param at the name under which it was sent, for what is wrong with it
 * @throws Problem 422
 */
export function readDraft(sent: Json | undefined, at: string): TrialDraft {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent))
    throw fieldErrors({ [at]: { key: 'not_an_object' } });
  const { resource, id = null, values = {}, ...rest } = sent;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined)
    throw fieldErrors({
      [`${at}.${unknown.slice(0, 60)}`]: { key: 'unknown_field', params: { name: unknown.slice(0, 60) } },
    });
  if (typeof resource !== 'string' || !TRIED.includes(resource))
    throw fieldErrors({
      [`${at}.resource`]: { key: 'not_a_choice', params: { value: String(resource).slice(0, 60) } },
    });
  if (id !== null && !Number.isSafeInteger(id)) throw fieldErrors({ [`${at}.id`]: { key: 'not_an_integer' } });
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw fieldErrors({ [`${at}.values`]: { key: 'not_an_object' } });
  return { resource, id: id as number | null, values };
}

/**
 * Saves the draft within a transaction that is to be rolled back, by the same checks, constraints and guard as a save.
 * @returns the version that the engine would have from then on
 * @throws Problem 403, 404, 422 naming the fields under `at`
 */
export async function saveDraft(
  trx: Kysely<DB>,
  deps: Deps,
  { resource: name, id, values }: TrialDraft,
  { caller, at }: { caller: Caller; at: string },
): Promise<TriedVersion> {
  const resource = deps.resources.get(name)!;
  const access = accessOf(caller, resource);
  if (id === null ? !access.create : !access.edit)
    throw problem(403, id === null ? 'forbidden_create' : 'forbidden_edit', { resource: resource.label });
  try {
    const writer = { caller, lang: caller.lang, request_id: null, trx };
    const current = id === null ? undefined : await readCurrent(deps, resource, id, writer);
    if (current === null) throw problem(404, 'not_found');
    // A form sends the whole record: what cannot be written stays as it is.
    const writable = (field: string) => access.fields.get(field)?.write && !(current && resource.fields[field]?.frozen);
    const input = Object.fromEntries(
      Object.entries(values).filter(([field]) => writable(field) || !Object.hasOwn(resource.fields, field)),
    );
    const checked = await checkInput(deps, { resource, input, current, caller, trx });
    const record_id = await write(trx, resource, id, checked);
    const after = JSON.stringify({ ...current, ...checked });
    await sql`select ${sql.id('ops', resource.guard!)}(${record_id}::bigint, ${caller.id}::bigint, null::jsonb, ${after}::jsonb)`.execute(
      trx,
    );
    const { body } = await trx
      .selectFrom('app.programme_versions')
      .select('body')
      .where('resource', '=', name)
      .where('record_id', '=', record_id)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow();
    return { resource: name, record_id, body: body as TriedVersion['body'] };
  } catch (error) {
    throw under(at, toProblem(error, resource));
  }
}

async function write(trx: Kysely<DB>, resource: Resource, id: number | null, values: Row): Promise<number> {
  const stored = Object.fromEntries(
    Object.entries(values)
      .filter(
        ([name, value]) => resource.fields[name] && !resource.fields[name].custom && (id !== null || value !== null),
      )
      .map(([name, value]) => [columnOf(name, resource.fields[name]!), driverValue(resource.fields[name]!, value)]),
  );
  if (id === null) {
    const made = await loosely(trx).insertInto(resource.table).values(stored).returning('id').executeTakeFirstOrThrow();
    return made.id as number;
  }
  if (Object.keys(stored).length > 0)
    await loosely(trx).updateTable(resource.table).set(stored).where('id', '=', id).execute();
  return id;
}

/** Fields of the draft are told apart from those of the fact. */
function under(at: string, fault: Problem): Problem {
  if (!fault.errors) return fault;
  const errors = Object.fromEntries(Object.entries(fault.errors).map(([field, each]) => [`${at}.${field}`, each]));
  return new Problem(fault.status, fault.key, fault.params, { errors, ...(fault.pair ? { message: fault.pair } : {}) });
}
