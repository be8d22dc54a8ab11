/** Reports written in the browser: every text that was kept, and which of them people read. */
import { type Kysely, sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { BrowserReport, BrowserReportVersion } from '../contract-reports.ts';
import { problem, retrying } from '../errors.ts';
import { announce } from '../records/announce.ts';
import { recordAudit } from '../records/audit.ts';
import type { DB } from '../schema.ts';
import type { Doer } from './retrospective-store.ts';
import { reportStore } from './store.ts';

/** What is announced under this name makes every process read the published texts again. */
export const BROWSER_REPORTS = 'browser_reports';
const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/;
const SLUG_MAX = 100;

export function isSlug(slug: string): boolean {
  return slug.length <= SLUG_MAX && SLUG.test(slug);
}

/** Slug -> published text. */
export async function liveTexts(db: Kysely<DB>): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('app.browser_reports as reports')
    .innerJoin('app.browser_report_versions as versions', (join) =>
      join.onRef('versions.report_id', '=', 'reports.id').onRef('versions.number', '=', 'reports.live_number'),
    )
    .select(['reports.slug', 'versions.body'])
    .orderBy('reports.slug')
    .execute();
  return new Map(rows.map(({ slug, body }) => [slug, body]));
}

type Known = Omit<BrowserReport, 'behind_file'> & { id: number };

/** Also those that were deleted: their versions are there to be restored. */
export async function browserReports(db: Kysely<DB>, slug?: string): Promise<Known[]> {
  return db
    .selectFrom('app.browser_reports as reports')
    .select(['reports.id', 'reports.slug', 'reports.version', 'reports.live_number'])
    .select(({ selectFrom }) => [
      sql<boolean>`reports.deleted_at is not null`.as('deleted'),
      selectFrom('app.browser_report_versions as versions')
        .whereRef('versions.report_id', '=', 'reports.id')
        .select(({ fn }) => fn.coalesce(fn.max('versions.number'), sql<number>`0`).as('last'))
        .$asScalar()
        .$notNull()
        .as('last_number'),
    ])
    .$if(slug !== undefined, (query) => query.where('reports.slug', '=', slug!))
    .orderBy('reports.slug')
    .execute();
}

export async function browserVersions(db: Kysely<DB>, report_id: number): Promise<BrowserReportVersion[]> {
  return db
    .selectFrom('app.browser_report_versions as versions')
    .innerJoin('app.users', 'app.users.id', 'versions.written_by')
    .select([
      'versions.number',
      'versions.published',
      'versions.note',
      'app.users.name as by',
      'versions.written_at as at',
    ])
    .where('versions.report_id', '=', report_id)
    .orderBy('versions.number', 'desc')
    .execute();
}

export async function browserText(db: Kysely<DB>, report_id: number, number: number): Promise<string | null> {
  const found = await db
    .selectFrom('app.browser_report_versions')
    .select('body')
    .where('report_id', '=', report_id)
    .where('number', '=', number)
    .executeTakeFirst();
  return found?.body ?? null;
}

interface Kept {
  slug: string;
  text: string;
  note: string | null;
  /** Null of a report that is new. */
  version: number | null;
  publish: boolean;
}

/**
 * Keeps a text as the next version. A published one is read by everybody at once; a draft leaves what they read.
 * @throws Problem 412 where somebody changed the report since, or made one of that name
 */
export async function keepText(deps: Deps, { slug, text, note, version, publish }: Kept, doer: Doer): Promise<number> {
  const number = await retrying(() =>
    deps.db.transaction().execute(async (trx) => {
      const before = await taken(trx, slug, version);
      const id = before?.id ?? (await made(trx, slug));
      const next = (before?.last_number ?? 0) + 1;
      await trx
        .insertInto('app.browser_report_versions')
        .values({ report_id: id, number: next, body: text, note, published: publish, written_by: doer.caller.id })
        .execute();
      if (before || publish) {
        await changed(trx, id, { ...(publish ? { live_number: next } : {}), deleted_at: null });
      }
      await audit(trx, doer, id, {
        action: publish ? 'publish' : before ? 'update' : 'create',
        before: before ? { live_number: before.live_number } : null,
        after: { slug, number: next, live_number: publish ? next : (before?.live_number ?? null) },
        reason: note,
      });
      return next;
    }),
  );
  await told(deps);
  return number;
}

/** Nobody reads it any more; `remove` takes it off the lists too. Its versions stay. @throws Problem 404, 412 */
export async function withdraw(
  deps: Deps,
  { slug, version, remove }: { slug: string; version: number; remove: boolean },
  doer: Doer,
): Promise<void> {
  await retrying(() =>
    deps.db.transaction().execute(async (trx) => {
      const before = await taken(trx, slug, version);
      if (!before || before.deleted) throw noReport(slug);
      await changed(trx, before.id, {
        live_number: null,
        ...(remove ? { deleted_at: new Date().toISOString() } : {}),
      });
      await audit(trx, doer, before.id, {
        action: remove ? 'delete' : 'unpublish',
        before: { slug, live_number: before.live_number },
        after: remove ? null : { slug, live_number: null },
      });
    }),
  );
  await told(deps);
}

export function noReport(slug: string) {
  return problem(404, 'not_found', {}, { message: [`没有报表 ${slug}`, `There is no report ${slug}`] });
}

/** The report, held until the end of the transaction, in the version that was seen. */
async function taken(trx: Kysely<DB>, slug: string, version: number | null): Promise<Known | undefined> {
  await trx.selectFrom('app.browser_reports').select('id').where('slug', '=', slug).forUpdate().execute();
  const [found] = await browserReports(trx, slug);
  // A name that a deleted report once had is free again; its versions come before the new ones.
  if (found ? !(found.version === version || (version === null && found.deleted)) : version !== null) {
    if (!found) throw noReport(slug);
    const [last] = await browserVersions(trx, found.id);
    throw problem(
      412,
      'stale',
      {},
      {
        record: { version: found.version, number: last?.number ?? 0, by: last?.by ?? '', at: last?.at ?? '' },
      },
    );
  }
  return found;
}

async function made(trx: Kysely<DB>, slug: string): Promise<number> {
  const row = await trx
    .insertInto('app.browser_reports')
    .values({ slug })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning('id')
    .executeTakeFirst();
  // Made by somebody else this moment.
  if (!row) throw problem(412, 'stale');
  return row.id;
}

async function changed(
  trx: Kysely<DB>,
  id: number,
  values: { live_number?: number | null; deleted_at?: string | null },
): Promise<void> {
  await trx
    .updateTable('app.browser_reports')
    .set({ ...values, version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}

/** This process at once, so that the answer is true; the others by what is announced. */
async function told(deps: Deps): Promise<void> {
  await reportStore(deps).refresh();
  announce(deps, BROWSER_REPORTS, []);
}

type Row = { [field: string]: string | number | null };

async function audit(
  trx: Kysely<DB>,
  doer: Doer,
  id: number,
  entry: { action: string; before: Row | null; after: Row | null; reason?: string | null },
): Promise<void> {
  await recordAudit(trx, {
    ...{ caller: doer.caller, request_id: doer.request_id, resource: BROWSER_REPORTS, record_id: id },
    ...entry,
  });
}
