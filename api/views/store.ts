/** Saved views as one person sees them, and each person's habits per list. */
import { randomInt } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type { ListSettings, Preferences, Resource, Row, SavedView } from '../contract.ts';
import { fieldErrors, problem } from '../errors.ts';
import { accessOf } from '../records/access.ts';
import { announce } from '../records/announce.ts';
import { recordAudit } from '../records/audit.ts';
import { deleteRecord, updateRecord, type Writer } from '../records/write.ts';
import type { DB } from '../schema.ts';
import { validateRecord } from '../validate.ts';
import { checkSettings, cleanSettings, HABIT_SETTINGS, VIEW_SETTINGS } from './settings.ts';

/** The resource that the views themselves are. */
const VIEWS = 'saved_views';
/** Of one person in one list; nobody chooses among more. */
const VIEWS_MAX = 100;
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';

/** The views that the caller may use: their own and those shared with them, of lists they may see. By name. */
export async function listViews(deps: Deps, caller: Caller): Promise<SavedView[]> {
  const rows = await usable(deps.db, caller).orderBy('app.saved_views.name').orderBy('app.saved_views.id').execute();
  return rows.flatMap((row) => describeView(deps, caller, row));
}

/** @throws Problem 404 when there is none that the caller may use */
export async function getView(deps: Deps, caller: Caller, code: string): Promise<SavedView> {
  const row = await usable(deps.db, caller).where('app.saved_views.code', '=', code).executeTakeFirst();
  const [view] = row ? describeView(deps, caller, row) : [];
  if (!view) throw problem(404, 'not_found');
  return view;
}

/**
 * @param input {resource, name, settings} and, as in the resource, visibility, roles, default_roles
 * @throws Problem 403, 404 for a list that is none of theirs, 422 naming what is wrong
 */
export async function createView(deps: Deps, input: Row, writer: Writer): Promise<SavedView> {
  const { caller } = writer;
  const { resource: list, settings: raw, ...rest } = input;
  const named = typeof list === 'string' ? list : '';
  const target = deps.resources.get(named);
  if (!target || !accessOf(caller, target).list)
    throw problem(404, 'unknown_resource', { resource: named.slice(0, 60), hint: '' });
  const settings = checkSettings(raw, VIEW_SETTINGS, { resource: target, access: accessOf(caller, target) });
  const { values, errors } = validateRecord({
    resource: deps.resources.get(VIEWS)!,
    input: rest,
    mode: 'create',
  });
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
  const code = newCode();
  const made = await deps.db.transaction().execute(async (trx) => {
    // One after the other, so that nobody who saves many at once gets past the limit.
    const line = `views of ${caller.id} in ${target.name}`;
    await trx.selectNoFrom(sql`pg_advisory_xact_lock(hashtextextended(${line}, 0))`.as('locked')).execute();
    const { own } = await trx
      .selectFrom('app.saved_views')
      .select(({ fn }) => fn.countAll<number>().as('own'))
      .where('owner_id', '=', caller.id)
      .where('resource', '=', target.name)
      .executeTakeFirstOrThrow();
    if (own >= VIEWS_MAX) throw problem(409, 'too_many_views', { max: VIEWS_MAX });
    const columns = {
      name: String(values.name),
      visibility: String(values.visibility),
      roles: (values.roles ?? []) as string[],
      default_roles: (values.default_roles ?? []) as string[],
    };
    const { id } = await trx
      .insertInto('app.saved_views')
      .values({ ...columns, code, resource: target.name, owner_id: caller.id, settings: JSON.stringify(settings) })
      .returning('id')
      .executeTakeFirstOrThrow();
    const after = { ...columns, resource: target.name, owner_id: caller.id };
    await sql`select ops.guard_saved_views(${id}::bigint, ${caller.id}::bigint, null, ${JSON.stringify(after)}::jsonb)`.execute(
      trx,
    );
    await recordAudit(trx, {
      ...about(writer),
      record_id: id,
      action: 'create',
      after: { ...after, settings: settings as unknown as Row },
    });
    return id;
  });
  announce(deps, VIEWS, [made]);
  return getView(deps, caller, code);
}

/**
 * @param input name, visibility, roles, default_roles as the resource has them; `settings` replaces what the view asks for,
 *   `refresh_s` leaves the rest of it as it is, also what its editor does not see
 * @throws Problem 403 for somebody else's, 404, 412, 422
 */
export async function changeView(
  deps: Deps,
  { code, input, if_match }: { code: string; input: Row; if_match: number | null },
  writer: Writer,
): Promise<SavedView> {
  const view = await getView(deps, writer.caller, code);
  const { settings: raw, refresh_s, ...rest } = input;
  const target = deps.resources.get(view.resource)!;
  const access = accessOf(writer.caller, target);
  const subject = { resource: target, access };
  const settings = raw === undefined ? null : checkSettings(raw, VIEW_SETTINGS, subject);
  const part = refresh_s === undefined ? null : checkSettings({ refresh_s }, VIEW_SETTINGS, subject);
  if (!view.can_edit) throw problem(403, 'forbidden_view');
  await deps.db.transaction().execute(async (trx) => {
    const change = { id: view.id, input: rest, if_match };
    if (Object.keys(rest).length > 0 || if_match !== null)
      await updateRecord(deps, deps.resources.get(VIEWS)!, change, { ...writer, trx });
    if (settings ?? part) await storeSettings(trx, view.id, { whole: settings, part }, writer);
  });
  announce(deps, VIEWS, [view.id]);
  return getView(deps, writer.caller, code);
}

/** @throws Problem 403 for somebody else's, 404, 412 */
export async function deleteView(
  deps: Deps,
  { code, if_match }: { code: string; if_match: number | null },
  writer: Writer,
): Promise<void> {
  const { id } = await getView(deps, writer.caller, code);
  await deleteRecord(deps, deps.resources.get(VIEWS)!, { id, if_match }, writer);
}

/** Everybody's habits are their own: there is nothing to share, audit or merge. */
export async function savePreferences(deps: Deps, resource: Resource, raw: unknown, caller: Caller): Promise<void> {
  const settings = checkSettings(raw, HABIT_SETTINGS, { resource, access: accessOf(caller, resource) });
  const values = { user_id: caller.id, resource: resource.name, settings: JSON.stringify(settings) };
  await deps.db
    .insertInto('app.user_preferences')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'resource']).doUpdateSet({ settings: values.settings, updated_at: sql`now()` }),
    )
    .execute();
}

/** @returns by resource, as far as it still applies */
export async function readPreferences(deps: Deps, caller: Caller): Promise<Preferences> {
  const rows = await deps.db
    .selectFrom('app.user_preferences')
    .select(['resource', 'settings'])
    .where('user_id', '=', caller.id)
    .execute();
  const preferences: Preferences = {};
  for (const row of rows) {
    const resource = deps.resources.get(row.resource);
    if (!resource) continue;
    const subject = { resource, access: accessOf(caller, resource) };
    preferences[row.resource] = cleanSettings(row.settings as ListSettings, subject).settings;
  }
  return preferences;
}

async function storeSettings(
  trx: Kysely<DB>,
  id: number,
  { whole, part }: { whole: ListSettings | null; part: ListSettings | null },
  writer: Writer,
): Promise<void> {
  const before = await trx
    .selectFrom('app.saved_views')
    .select('settings')
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!before) throw problem(404, 'not_found');
  const settings = { ...(whole ?? (before.settings as ListSettings)), ...part };
  await trx
    .updateTable('app.saved_views')
    .set({ settings: JSON.stringify(settings), version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
  await recordAudit(trx, {
    ...about(writer),
    record_id: id,
    action: 'update',
    before: { settings: before.settings as Row },
    after: { settings: settings as unknown as Row },
  });
}

type ViewRow = Awaited<ReturnType<ReturnType<typeof usable>['executeTakeFirstOrThrow']>>;

function describeView(deps: Deps, caller: Caller, row: ViewRow): SavedView[] {
  const resource = deps.resources.get(row.resource);
  const access = resource && accessOf(caller, resource);
  if (!resource || !access?.list) return [];
  const { settings: raw, owner_id, ...rest } = row;
  const mine = owner_id === caller.id;
  const { settings, dropped } = cleanSettings(raw as ListSettings, { resource, access });
  const can_edit = mine || caller.roles.includes('administrator');
  return [
    { ...(rest as Omit<SavedView, 'mine' | 'can_edit' | 'settings' | 'dropped'>), mine, can_edit, settings, dropped },
  ];
}

/** Administrators may change everything shared, but what somebody keeps to themselves is not offered to them. */
function usable(db: Kysely<DB>, caller: Caller) {
  return db
    .selectFrom('app.saved_views')
    .innerJoin('app.users', 'app.users.id', 'app.saved_views.owner_id')
    .select([
      'app.saved_views.id',
      'app.saved_views.version',
      'app.saved_views.code',
      'app.saved_views.resource',
      'app.saved_views.name',
      'app.saved_views.owner_id',
      'app.users.name as owner',
      'app.saved_views.visibility',
      'app.saved_views.roles',
      'app.saved_views.default_roles',
      'app.saved_views.settings',
    ])
    .where((is) =>
      is.or([
        is('app.saved_views.owner_id', '=', caller.id),
        is('app.saved_views.visibility', '=', 'everyone'),
        is.and([
          is('app.saved_views.visibility', '=', 'roles'),
          sql<boolean>`app.saved_views.roles && ${[...caller.roles]}::text[]`,
        ]),
      ]),
    );
}

function about({ caller, request_id, reason = null }: Writer) {
  return { caller, request_id, reason, resource: VIEWS };
}

/** Eight letters and digits that nobody mistakes for one another. */
function newCode(): string {
  return Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}
