/** Retrospectives as they were written, and what people do with them. Who may is said by reports/retrospective.yaml. */
import { type Kysely, type NotNull, sql } from 'kysely';
import type { Caller, Deps } from '../context.ts';
import type {
  FigureChange,
  Retrospective,
  RetrospectiveAction,
  RetrospectiveChanges,
  RetrospectiveComment,
  RetrospectiveHead,
  RetrospectiveList,
  RetrospectiveRead,
} from '../contract-written.ts';
import { fieldErrors, problem, retrying } from '../errors.ts';
import { readMoment } from '../programme.ts';
import { standsFor } from '../records/access.ts';
import { recordAudit } from '../records/audit.ts';
import type { DB } from '../schema.ts';
import { hasScope } from '../sign-in/token-scopes.ts';
import { REPORTS_FOLDER } from './metrics.ts';
import { actionsOf, retrospectiveOf } from './retrospective.ts';
import { type RetrospectiveDefinition, readRetrospectiveDefinition } from './retrospective-definition.ts';
import { reportStore } from './store.ts';

/** Months offered to be written. */
const MONTHS_MAX = 25;

export interface Doer {
  caller: Caller;
  request_id: string;
}

async function definitionOf(deps: Deps): Promise<RetrospectiveDefinition> {
  const { metrics } = await reportStore(deps).metrics();
  return readRetrospectiveDefinition(REPORTS_FOLDER, metrics);
}

/** @throws Problem 403 */
export async function checkReader(deps: Deps, caller: Caller): Promise<RetrospectiveDefinition> {
  const definition = await definitionOf(deps);
  if (!hasScope(caller, 'reports:read') || !standsFor(caller, definition.roles)) {
    throw problem(403, 'forbidden', {}, { message: ['没有权限查看月度复盘', 'You may not see the retrospectives'] });
  }
  return definition;
}

/** People only: what is signed has been read by somebody. */
function may({ writers, signers }: RetrospectiveDefinition, caller: Caller): { write: boolean; sign: boolean } {
  const person = !caller.token;
  return { write: person && standsFor(caller, writers), sign: person && standsFor(caller, signers) };
}

async function checkWriter(deps: Deps, caller: Caller): Promise<void> {
  if (!may(await checkReader(deps, caller), caller).write)
    throw problem(403, 'forbidden', {}, { message: ['没有权限编写月度复盘', 'You may not write retrospectives'] });
}

export async function listRetrospectives(deps: Deps, caller: Caller): Promise<RetrospectiveList> {
  const definition = await checkReader(deps, caller);
  const { today } = await readMoment(deps.db, null);
  const rows = await heads(deps.db).orderBy('kept.month_on', 'desc').orderBy('kept.number', 'desc').execute();
  const months = await deps.db
    .selectFrom('app.order_day')
    .select(sql<string>`date_trunc('month', day::timestamp)::date`.as('month_on'))
    .distinct()
    .where('day', '<', sql<string>`date_trunc('month', ${today}::timestamp)::date`)
    .orderBy('month_on', 'desc')
    .limit(MONTHS_MAX)
    .execute();
  return {
    retrospectives: rows.map(headOf),
    months: months.map(({ month_on }) => month_on),
    may: may(definition, caller),
  };
}

/** @param of.number the last one without it. @throws Problem 403, 404 */
export async function readRetrospective(
  deps: Deps,
  of: { month_on: string; number: number | null },
  caller: Caller,
): Promise<RetrospectiveRead> {
  const definition = await checkReader(deps, caller);
  const row = await found(deps, of);
  const head = headOf(row);
  const { text, version, numbers } = row;
  const snapshot = await deps.db
    .selectFrom('app.retrospective_snapshots')
    .select('body')
    .where('retrospective_id', '=', row.id)
    .executeTakeFirstOrThrow();
  const comments = await deps.db
    .selectFrom('app.retrospective_comments as comments')
    .innerJoin('app.users', 'app.users.id', 'comments.author_id')
    .select(['comments.id', 'comments.anchor', 'comments.body', 'app.users.name as author', 'comments.written_at'])
    .where('comments.retrospective_id', '=', row.id)
    .orderBy('comments.id')
    .execute();
  const signed_actions = row.signed_actions as unknown as RetrospectiveAction[] | null;
  const actions = signed_actions
    ? signed_actions.map((action) => ({ ...action, month_on: row.month_on }))
    : await actionsOf(deps, row.month_on);
  const allowed = may(definition, caller);
  const { state } = head;
  const open = state === 'draft' || state === 'in_review';
  return {
    ...{ head, text, version, actions, body: snapshot.body as unknown as Retrospective, numbers: numbers ?? 1 },
    comments: comments satisfies RetrospectiveComment[],
    may: {
      write: allowed.write && open,
      submit: allowed.write && state === 'draft',
      return: (allowed.write || allowed.sign) && state === 'in_review',
      sign: allowed.sign && state === 'in_review' && !row.authors.includes(caller.id),
      comment: !caller.token,
      rewrite: allowed.write && row.number === numbers,
    },
  };
}

/** Works out the month's figures anew. @returns the number that holds them, and whether it is new */
export async function writeRetrospective(
  deps: Deps,
  month_on: string,
  doer: Doer | null,
): Promise<{ number: number; written: boolean }> {
  if (doer) await checkWriter(deps, doer.caller);
  const { today } = await readMoment(deps.db, null);
  if (month_on >= `${today.slice(0, 7)}-01`) {
    throw problem(409, 'conflict', {}, { message: ['这个月还没有结束', 'That month is not over yet'] });
  }
  const body = await retrospectiveOf(deps, { month_on });
  return retrying(() =>
    deps.db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ retrospective_id: number; number: number }>`
        select * from ops.write_retrospective(${month_on}::date, ${JSON.stringify(body)}::jsonb, ${doer?.caller.id ?? null}::bigint)
      `.execute(trx);
      const made = rows[0];
      if (made) {
        await audit(trx, doer, {
          id: made.retrospective_id,
          action: 'write',
          after: { month_on, number: made.number },
        });
        return { number: made.number, written: true };
      }
      const { number } = await trx
        .selectFrom('app.retrospectives')
        .select(({ fn }) => fn.max('number').as('number'))
        .where('month_on', '=', month_on)
        .executeTakeFirstOrThrow();
      return { number, written: false };
    }),
  );
}

interface Named {
  month_on: string;
  number: number;
}

/** @throws Problem 409 signed or superseded, 412 with the text as it is now */
export async function saveText(
  deps: Deps,
  of: Named & { text: string; version: number },
  doer: Doer,
): Promise<{ version: number }> {
  await checkWriter(deps, doer.caller);
  const { id, text: before } = await found(deps, of);
  const version = await retrying(() =>
    deps.db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ version: number | null }>`
        select ops.save_retrospective_text(${id}, ${doer.caller.id}, ${of.version}, ${of.text}) as version
      `.execute(trx);
      const saved = rows[0]?.version ?? null;
      if (saved !== null)
        await audit(trx, doer, { id, action: 'update', before: { text: before }, after: { text: of.text } });
      return saved;
    }),
  );
  if (version !== null) return { version };
  const now = await found(deps, of);
  throw problem(412, 'stale', {}, { record: { text: now.text, version: now.version } });
}

/** Hands in (`submit`), gives back (`return`), or signs. @throws Problem 403, 404, 409 */
export async function decide(
  deps: Deps,
  of: Named & { step: 'submit' | 'return' | 'sign'; version: number },
  doer: Doer,
): Promise<void> {
  const definition = await checkReader(deps, doer.caller);
  const allowed = may(definition, doer.caller);
  const right = { submit: allowed.write, return: allowed.write || allowed.sign, sign: allowed.sign }[of.step];
  if (!right) throw problem(403, 'forbidden', {}, { message: ['您的角色不能这样做', 'Your role may not do that'] });
  const { id, version: found_version } = await found(deps, of);
  if (of.step !== 'sign' && of.version !== found_version) throw problem(412, 'stale');
  await retrying(() =>
    deps.db.transaction().execute(async (trx) => {
      const { caller } = doer;
      if (of.step === 'sign') {
        const { rows } = await sql<{ sha256: string }>`
          select ops.sign_retrospective(${id}, ${caller.id}, ${of.version}) as sha256
        `.execute(trx);
        await audit(trx, doer, { id, action: 'sign', after: { sha256: rows[0]!.sha256 } });
        return;
      }
      await sql`select ops.submit_retrospective(${id}, ${caller.id}, ${of.step === 'submit'})`.execute(trx);
      await audit(trx, doer, { id, action: of.step });
    }),
  );
}

/** @throws Problem 404; 422 where there is no such chapter or figure */
export async function addComment(
  deps: Deps,
  of: Named & { anchor: string; body: string },
  { caller }: Doer,
): Promise<RetrospectiveComment> {
  await checkReader(deps, caller);
  if (caller.token) throw problem(403, 'forbidden', {}, { message: ['程序不能评论', 'Programs do not comment'] });
  const { id } = await found(deps, of);
  const { rows } = await sql<{ known: boolean }>`select ops.retrospective_holds(${id}, ${of.anchor}) as known`.execute(
    deps.db,
  );
  if (!rows[0]?.known)
    throw fieldErrors({
      anchor: { key: 'unknown', message: ['没有这一章或这个数字', 'There is no such chapter or figure'] },
    });
  const made = await deps.db
    .insertInto('app.retrospective_comments')
    .values({ retrospective_id: id, anchor: of.anchor, body: of.body, author_id: caller.id })
    .returning(['id', 'anchor', 'body', 'written_at'])
    .executeTakeFirstOrThrow();
  return { ...made, author: caller.name };
}

/** What differs from the number before. */
export async function retrospectiveChanges(deps: Deps, of: Named, caller: Caller): Promise<RetrospectiveChanges> {
  await checkReader(deps, caller);
  const after = await found(deps, of);
  const before = await found(deps, { month_on: of.month_on, number: of.number - 1 });
  const { rows } = await sql<{ change: FigureChange; currency: string }>`
    select ops.retrospective_changes(${before.id}, ${after.id}) as change
  `.execute(deps.db);
  const { currency } = await deps.db.selectFrom('app.settings').select('currency').executeTakeFirstOrThrow();
  return {
    ...{ month_on: of.month_on, before: before.number, after: after.number, currency },
    changes: rows.map(({ change }) => change),
  };
}

/** Columns of the view that are never empty. */
type Known = 'id' | 'month_on' | 'number' | 'state' | 'authors' | 'written_at' | 'sha256' | 'version' | 'text';

function heads(db: Kysely<DB>) {
  return db
    .selectFrom('base.retrospectives as kept')
    .leftJoin('app.users as submitters', 'submitters.id', 'kept.submitted_by')
    .leftJoin('app.users as signers', 'signers.id', 'kept.signed_by')
    .select([
      'kept.id',
      'kept.month_on',
      'kept.number',
      'kept.state',
      'kept.authors',
      'kept.written_at',
      'kept.sha256',
      'kept.submitted_at',
      'submitters.name as submitted_by',
      'kept.signed_at',
      'signers.name as signed_by',
      'kept.signed_sha256',
      'kept.version',
      'kept.text',
      'kept.signed_actions',
    ])
    .select(({ selectFrom }) => [
      selectFrom('app.retrospectives as every')
        .whereRef('every.month_on', '=', 'kept.month_on')
        .select(({ fn }) => fn.max('every.number').as('last'))
        .as('numbers'),
      selectFrom('app.retrospective_comments as comments')
        .whereRef('comments.retrospective_id', '=', 'kept.id')
        .select(({ fn }) => fn.countAll().as('count'))
        .as('comments'),
      selectFrom('app.users')
        .whereRef('app.users.id', '=', sql`any(kept.authors)`)
        .select(sql<string[]>`array_agg(users.name order by users.id)`.as('names'))
        .as('author_names'),
    ])
    .$narrowType<{ [column in Known]: NotNull }>();
}

type HeadRow = Awaited<ReturnType<ReturnType<typeof heads>['execute']>>[number];

async function found({ db }: Deps, { month_on, number }: { month_on: string; number: number | null }) {
  const row = await heads(db)
    .where('kept.month_on', '=', month_on)
    .$if(number !== null, (query) => query.where('kept.number', '=', number!))
    .orderBy('kept.number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) throw problem(404, 'not_found', {}, { message: ['没有这份月度复盘', 'There is no such retrospective'] });
  return row;
}

function headOf(row: HeadRow): RetrospectiveHead {
  const { month_on, number, written_at, sha256, submitted_at, submitted_by, signed_at, signed_by, signed_sha256 } = row;
  return {
    ...{ month_on, number, written_at, sha256, submitted_at, submitted_by, signed_at, signed_by, signed_sha256 },
    ...{ state: row.state as RetrospectiveHead['state'], authors: row.author_names ?? [] },
    comments: Number(row.comments),
  };
}

async function audit(
  trx: Kysely<DB>,
  doer: Doer | null,
  { id, action, before, after }: { id: number; action: string; before?: Row; after?: Row },
): Promise<void> {
  await recordAudit(trx, {
    ...{ caller: doer?.caller ?? null, resource: 'retrospectives', record_id: id, action },
    ...{ before: before ?? null, after: after ?? null, request_id: doer?.request_id ?? null },
  });
}

type Row = { [field: string]: string | number };
