/** What somebody wants to save, checked: may they, is it valid, do the records it refers to exist for them. */

import type { Kysely } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import { contextsOf } from '../contexts.ts';
import type { Resource, Row } from '../contract.ts';
import { type FieldFault, fieldErrors, problem } from '../errors.ts';
import { readMoment } from '../programme.ts';
import type { DB } from '../schema.ts';
import { hashPassword, passwordProblem } from '../sign-in/passwords.ts';
import { validateRecord } from '../validate.ts';
import type { Access } from './access.ts';
import { accessOf } from './access.ts';
import { conditionFaults, hiddenFaults } from './conditions-of.ts';
import { laidOut, layoutFaults } from './layouts.ts';
import { missingNamed, newlyNamed, notOffered, offeredNamed } from './relations.ts';
import { isSameValue } from './same-value.ts';

interface Given {
  resource: Resource;
  input: Row;
  caller: Caller;
  /** Update: the record as it is. */
  current?: Row;
  /** Sees records that it made itself. */
  trx?: Kysely<DB>;
}

/**
 * @returns the values to write, in their wire types; passwords still as typed
 * @throws Problem 403 naming the fields that may not be written, 422 with everything that is wrong
 */
export async function checkInput(deps: Deps, { resource, input, caller, current, trx }: Given): Promise<Row> {
  const laid = laidOut(resource, caller);
  checkWritable(resource, input, accessOf(caller, resource), laid.locked);
  const moment = await readMoment(deps.db, caller, trx);
  const { values, errors } = validateRecord({
    resource: laid.resource,
    input,
    current,
    mode: current ? 'update' : 'create',
    moment,
    contexts: contextsOf(deps.resources),
    private_webhooks: deps.config.private_webhooks,
    time_zone: moment.time_zone,
  });
  throwErrors(errors);
  throwErrors(layoutFaults(deps, resource, { ...current, ...values }));
  throwErrors(conditionFaults(deps, resource, { ...current, ...values }));
  const hidden = hiddenFaults(deps, { resource, values, current, caller });
  const [first] = Object.values(hidden);
  if (first) throw problem(403, first.key, first.params, { errors: hidden });
  throwErrors(await missingNamed(deps, newlyNamed(resource.fields, values, current), caller, trx));
  const whole = { ...current, ...values };
  throwErrors(
    await notOffered(deps, offeredNamed(resource.fields, changesIn(resource, values, current), whole), caller, trx),
  );
  return values;
}

/** What a record names may have left the offer since; written again as it is, it stays. */
function changesIn(resource: Resource, values: Row, current: Row = {}): Row {
  const changed = ([name, value]: [string, Row[string]]) => !isSameValue(resource.fields[name]!, value, current[name]);
  return Object.fromEntries(Object.entries(values).filter(changed));
}

/**
 * Passwords among the values become their hashes.
 * @param about the record, whose texts (name, e-mail) make a password easy to guess
 * @throws Problem 422 for one that is
 */
export async function hashPasswords(resource: Resource, values: Row, about: Row): Promise<void> {
  for (const [name, field] of Object.entries(resource.fields)) {
    if (field.kind !== 'password' || !Object.hasOwn(values, name)) continue;
    const typed = values[name];
    if (typeof typed !== 'string') {
      delete values[name];
      continue;
    }
    const personal = Object.values(about).filter((value) => typeof value === 'string' && value !== typed) as string[];
    const wrong = passwordProblem(typed, personal);
    if (wrong) throw fieldErrors({ [name]: wrong });
    values[name] = await hashPassword(typed);
  }
}

/**
 * Fields that nobody can write are for validation to name; these are the ones that this caller cannot.
 * @throws Problem 403 naming them
 */
export function checkWritable(resource: Resource, input: Row, access: Access, locked: ReadonlySet<string>): void {
  const denied = Object.keys(input).filter((name) => {
    const field = Object.hasOwn(resource.fields, name) ? resource.fields[name] : undefined;
    return field && !field.readonly && (!access.fields.get(name)?.write || locked.has(name));
  });
  if (denied.length === 0) return;
  const errors: { [field: string]: FieldFault } = Object.fromEntries(
    denied.map((name) => [name, { key: 'forbidden_field' }]),
  );
  throw problem(403, 'forbidden_fields', { fields: denied.join(', ') }, { errors });
}

function throwErrors(errors: { [field: string]: FieldFault }): void {
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
}
