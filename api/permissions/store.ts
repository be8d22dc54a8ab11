/** Changed permissions: read as the screen shows them, saved with their audit, taken back. Who may: administrators. */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { Json, PermissionChange, Resource, Row } from '../contract.ts';
import { type FieldFault, fieldErrors, problem } from '../errors.ts';
import { checkPredicate, PredicateError } from '../predicate.ts';
import { announce } from '../records/announce.ts';
import { recordAudit } from '../records/audit.ts';
import { resourceContext } from '../records/resource-context.ts';
import type { Writer } from '../records/write.ts';
import type { DB } from '../schema.ts';

export interface StoredChange extends PermissionChange {
  id: number;
  version: number;
  role: string;
  resource: string;
  by: string | null;
  at: string;
  reason: string | null;
}

const RECORDS = 'role_permissions';

/** Every change in force, or that of one role and resource. */
export async function readChanges(db: Kysely<DB>, one?: { role: string; resource: string }): Promise<StoredChange[]> {
  const rows = await db
    .selectFrom('app.role_permissions as changes')
    .leftJoin('app.users as users', 'users.id', 'changes.changed_by')
    .select(['changes.id', 'changes.version', 'changes.role', 'changes.resource', 'changes.letters'])
    .select(['changes.rows_mode', 'changes.rows_where', 'changes.fields', 'changes.actions'])
    .select(['users.name as by', 'changes.changed_at as at', 'changes.reason'])
    .$if(one !== undefined, (query) =>
      query.where('changes.role', '=', one!.role).where('changes.resource', '=', one!.resource),
    )
    .orderBy('changes.id')
    .execute();
  return rows.map(({ rows_mode, rows_where, fields, actions, ...row }) => ({
    ...row,
    rows: (rows_mode === 'where'
      ? { mode: 'where', where: rows_where }
      : { mode: rows_mode }) as PermissionChange['rows'],
    fields: fields as PermissionChange['fields'],
    actions: actions as PermissionChange['actions'],
  }));
}

/** What a change of permissions is about. @param version the change it was made from; 0: there was none */
export interface Saving {
  role: string;
  input: Row;
  version: number;
}

/**
 * Puts the change in the place of what was said before about the role and resource.
 * @throws Problem 404, 412, 422 naming what does not fit the definition
 */
export async function saveChange(
  deps: Deps,
  resource: Resource,
  { role, input, version }: Saving,
  writer: Writer & { trx: Kysely<DB> },
): Promise<void> {
  const { trx, reason = null } = writer;
  const change = checkChange(resource, input);
  const empty = isEmpty(change);
  const known = await trx
    .selectFrom('app.roles')
    .select('code')
    .where('code', '=', role)
    .where('code', '<>', 'administrator')
    .forShare()
    .executeTakeFirst();
  if (!known) throw problem(404, 'not_found');
  await trx
    .selectNoFrom(sql`pg_advisory_xact_lock(hashtextextended(${`${role} ${resource.name}`}, 0))`.as('locked'))
    .execute();
  const [before] = await readChanges(trx, { role, resource: resource.name });
  if ((before?.version ?? 0) !== version) throw problem(412, 'stale');
  if (!before && empty) return;
  const written = empty ? before!.id : await write(trx, { role, resource, change, reason, writer, before });
  if (empty) await trx.deleteFrom('app.role_permissions').where('id', '=', written).execute();
  await recordAudit(trx, {
    caller: writer.caller,
    resource: RECORDS,
    record_id: written,
    action: empty ? 'delete' : before ? 'update' : 'create',
    before: before ? wire(role, resource, before) : null,
    after: empty ? null : wire(role, resource, change),
    reason,
    request_id: writer.request_id,
  });
  announce(deps, RECORDS, [written], trx);
}

async function write(
  trx: Kysely<DB>,
  {
    role,
    resource,
    change,
    reason,
    writer,
    before,
  }: {
    role: string;
    resource: Resource;
    change: PermissionChange;
    reason: string | null;
    writer: Writer;
    before: StoredChange | undefined;
  },
): Promise<number> {
  const values = {
    letters: change.letters,
    rows_mode: change.rows.mode,
    rows_where: change.rows.mode === 'where' ? JSON.stringify(change.rows.where) : null,
    fields: JSON.stringify(change.fields),
    actions: JSON.stringify(change.actions),
    reason,
    changed_by: writer.caller.id,
    changed_at: sql<string>`now()`,
  };
  const { id } = await trx
    .insertInto('app.role_permissions')
    .values({ ...values, role, resource: resource.name, ...(before ? { id: before.id } : {}) })
    .onConflict((conflict) =>
      conflict.constraint('role_permissions_key').doUpdateSet((row) => ({
        ...values,
        version: row('app.role_permissions.version', '+', 1),
      })),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** @throws Problem 422 */
export function checkChange(resource: Resource, input: Row): PermissionChange {
  const errors: { [path: string]: FieldFault } = {};
  for (const [name, value] of Object.entries(input)) {
    const known = ['letters', 'rows', 'fields', 'actions'].includes(name);
    if (!known || (name !== 'letters' && value !== null && !isObject(value))) errors[name.slice(0, 60)] = BAD;
  }
  const offers = resource.offers ?? 'crudix';
  const letters = input.letters ?? null;
  if (letters !== null && (typeof letters !== 'string' || [...letters].some((each) => !offers.includes(each))))
    errors.letters = {
      key: 'not_a_choice',
      params: { value: typeof letters === 'string' ? letters.slice(0, 20) : '?' },
    };
  const fields = checkFields(resource, input.fields, errors);
  const actions: PermissionChange['actions'] = {};
  for (const [name, may] of Object.entries(objectOf(input.actions))) {
    if (!Object.hasOwn(resource.actions ?? {}, name) || typeof may !== 'boolean') errors[`actions.${name}`] = BAD;
    else actions[name] = may;
  }
  const rows = checkRows(resource, input.rows, errors);
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
  const kept = letters === null ? null : [...'crudix'].filter((each) => (letters as string).includes(each)).join('');
  return { letters: kept, rows, fields, actions };
}

const BAD: FieldFault = { key: 'bad_value' };

function checkFields(
  resource: Resource,
  given: Json | undefined,
  errors: { [path: string]: FieldFault },
): PermissionChange['fields'] {
  const fields: PermissionChange['fields'] = {};
  for (const [name, said] of Object.entries(objectOf(given))) {
    const field = Object.hasOwn(resource.fields, name) ? resource.fields[name] : undefined;
    const verbs = objectOf(said);
    const wrong =
      !isObject(said) ||
      Object.entries(verbs).some(([verb, may]) => !['read', 'write'].includes(verb) || typeof may !== 'boolean');
    if (!field || wrong) errors[`fields.${name}`] = BAD;
    // Writing what the server alone sets can be granted to nobody.
    else if (field.readonly && verbs.write === true)
      errors[`fields.${name}`] = { key: 'readonly', params: { label: field.label } };
    else if (Object.keys(verbs).length > 0) fields[name] = verbs as { read?: boolean; write?: boolean };
  }
  return fields;
}

function checkRows(
  resource: Resource,
  given: Json | undefined,
  errors: { [path: string]: FieldFault },
): PermissionChange['rows'] {
  const { mode = 'default', where } = objectOf(given);
  if (mode === 'default' || mode === 'all') return { mode };
  if (mode !== 'where') {
    errors.rows = BAD;
    return { mode: 'default' };
  }
  try {
    return { mode, where: checkPredicate(where, resourceContext(resource)) };
  } catch (error) {
    if (!(error instanceof PredicateError)) throw error;
    errors.rows = { key: error.key, message: error.pair };
    return { mode: 'default' };
  }
}

function objectOf(value: unknown): { [key: string]: Json } {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty({ letters, rows, fields, actions }: PermissionChange): boolean {
  return letters === null && rows.mode === 'default' && Object.keys({ ...fields, ...actions }).length === 0;
}

function wire(role: string, resource: Resource, { letters, rows, fields, actions }: PermissionChange): Row {
  const where = rows.mode === 'where' ? (rows.where as Json) : null;
  return { role, resource: resource.name, letters, rows_mode: rows.mode, rows_where: where, fields, actions };
}
