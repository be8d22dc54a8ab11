/**
 * A check or a run of an import. Both do the same in one transaction: copy the rows to the staging table, apply them, note
 * the outcome; a check rolls back at the end. Nothing of an import that fails, is cancelled or killed stays behind.
 */
import { sql } from 'kysely';
import type { Deps } from '../context.ts';
import type { ImportChange, ImportMapping, ImportMode, ImportState, Pair } from '../contract.ts';
import { problem, toProblem } from '../errors.ts';
import { readMoment } from '../programme.ts';
import { announce } from '../records/announce.ts';
import { recordAudit } from '../records/audit.ts';
import { laidOut } from '../records/layouts.ts';
import { loosely } from '../storage/loose-tables.ts';
import { type Applied, type ApplyContext, applyRows } from './apply.ts';
import { applyRecords, needsRecords } from './apply-records.ts';
import { type ImportConnection, openImportConnection } from './connection.ts';
import { openFaultLog, writeErrorsFile } from './faults.ts';
import { skipLabels } from './map.ts';
import { lastEntry, previewChanges } from './preview.ts';
import { Cancelled, type ImportJob, type Running, stage } from './staging.ts';
import { AT_REST, type ImportRow, messageText, moveImport, outcomeColumns, readImport } from './store.ts';

/** First number of the advisory lock; the second is the resource. */
const LOCK = 7302;
const STOP_AGAIN_MS = 200;
const LOOK_MS = 500;

const running = new Map<string, Running>();
const runningKey = (deps: Pick<Deps, 'pool'>, id: number) => `${deps.pool.options.connectionString ?? ''}#${id}`;

/**
 * Begins in the background; the import's row tells how it goes.
 * @throws Problem 409 when this import, or another of the resource, is under way
 */
export async function startImport(deps: Deps, job: ImportJob): Promise<void> {
  const connection = await openImportConnection(deps);
  const state = job.kind === 'check' ? 'checking' : 'running';
  try {
    await connection.begin();
    if (!(await lockResource(connection, job.resource.name))) {
      throw problem(409, 'import_busy', { resource: job.resource.name, label: job.resource.label });
    }
    const cleared = { rows_read: 0, message: null, finished_at: null, ...outcomeColumns(NOTHING, [], [], []) };
    if (!(await moveImport(deps.db, job.import_id, AT_REST, { state, ...cleared }))) throw problem(409, 'import_state');
  } catch (error) {
    await connection.close();
    throw error;
  }
  const entry: Running = { cancelled: false, stop: null, done: Promise.resolve() };
  const key = runningKey(deps, job.import_id);
  running.set(key, entry);
  entry.done = work(deps, job, connection, entry).finally(() => running.delete(key));
}

/** Waits for an import of this process; for tests and for stopping. */
export async function importDone(deps: Pick<Deps, 'pool'>, id: number): Promise<void> {
  await running.get(runningKey(deps, id))?.done;
}

/** @throws Problem 409 when nothing is under way */
export async function cancelImport(deps: Deps, id: number): Promise<void> {
  const ended = { state: 'cancelled' as const, finished_at: new Date().toISOString() };
  if (!(await moveImport(deps.db, id, ['checking', 'running'], ended))) throw problem(409, 'import_state');
  const entry = running.get(runningKey(deps, id));
  if (!entry) return;
  entry.cancelled = true;
  // A long statement is not waited for. A request that arrives between two statements stops neither: it is made until it ends.
  entry.stop?.();
  const again = setInterval(() => entry.stop?.(), STOP_AGAIN_MS);
  void entry.done.finally(() => clearInterval(again));
}

/** Imports that a process which is gone left under way: their transaction was rolled back with it. */
export async function recoverImports(deps: Deps): Promise<void> {
  const left = await deps.db
    .selectFrom('app.imports')
    .select(['id', 'resource'])
    .where('state', 'in', ['checking', 'running'])
    .execute();
  for (const { id, resource } of left) {
    await deps.db.transaction().execute(async (trx) => {
      if (running.has(runningKey(deps, id)) || !(await lockResource({ trx }, resource))) return;
      const message = messageText({ key: 'import_interrupted' });
      await moveImport(trx, id, ['checking', 'running'], {
        state: 'failed',
        message,
        finished_at: new Date().toISOString(),
      });
    });
  }
  await clearStaged(deps);
}

/** After its import, which nobody has to wait for it. What stays is taken away after the next one: no word when it fails. */
async function clearStaged({ db }: Pick<Deps, 'db'>): Promise<void> {
  await db
    .selectNoFrom((each) => each.fn('ops.clear_import_tables', []).as('cleared'))
    .execute()
    .catch(() => {});
}

const NOTHING: Applied = { created: 0, updated: 0, unchanged: 0, skipped: 0, wrong: 0, counts: {}, errors: [] };

async function lockResource({ trx }: Pick<ImportConnection, 'trx'>, resource: string): Promise<boolean> {
  const { locked } = await trx
    .selectNoFrom(sql<boolean>`pg_try_advisory_xact_lock(${LOCK}, hashtext(${resource}))`.as('locked'))
    .executeTakeFirstOrThrow();
  return locked;
}

async function work(deps: Deps, job: ImportJob, connection: ImportConnection, entry: Running): Promise<void> {
  const { import_id, kind } = job;
  const state = kind === 'check' ? 'checking' : 'running';
  const unwatch = watchState(deps, import_id, entry);
  try {
    const row = await readImport(deps.db, import_id);
    const faults = openFaultLog();
    const { staged, wrong, skipped } = await stage(deps, job, { connection, entry, faults, row });
    entry.stop = connection.cancel;
    if (entry.cancelled) throw new Cancelled();
    const { applied, preview } = await apply(deps, job, { connection, row, given: staged.given, entry });
    if (entry.cancelled) throw new Cancelled();
    for (const refusal of applied.errors)
      faults.addRefusal(refusal, { mapping: row.mapping as unknown as ImportMapping, fields: job.fields.fields });
    const total: Applied = { ...applied, wrong: applied.wrong + wrong, skipped: applied.skipped + sum(skipped) };
    await writeErrorsFile(deps.config, import_id, faults, row);
    const labels = skipLabels(row.mapping as unknown as ImportMapping);
    const skipped_by = skipped.flatMap((rows, at) => (rows > 0 ? [{ label: labels[at] as string | Pair, rows }] : []));
    const outcome = {
      ...outcomeColumns(total, faults.sorted(), skipped_by, preview),
      finished_at: new Date().toISOString(),
    };
    if (kind === 'check') {
      await connection.rollback();
      await moveImport(deps.db, import_id, [state], { state: 'checked', ...outcome });
      return;
    }
    await auditRun(connection, job, row, total);
    // In the transaction of the import: there is no moment at which one is done and the other is not.
    if (!(await moveImport(connection.trx, import_id, [state], { state: 'done', ...outcome }))) throw new Cancelled();
    await connection.commit();
    announce(deps, job.resource.name, []);
    if (applied.counts.proposed) announce(deps, 'change_requests', []);
  } catch (error) {
    entry.stop = null;
    await connection.rollback().catch(() => {});
    // The database may be gone with the process that stops: the next start finds the import and says so.
    await noteFailure(deps, job, error, entry).catch(() => {});
  } finally {
    unwatch();
    entry.stop = null;
    await connection.close().catch(() => {});
    await clearStaged(deps);
  }
}

/** Who cancels it in another process can do no more than say so in its row. */
function watchState({ db }: Deps, import_id: number, entry: Running): () => void {
  let over = false;
  const looked = setInterval(() => {
    readImport(db, import_id).then(
      ({ state }) => {
        if (over || state !== 'cancelled') return;
        entry.cancelled = true;
        entry.stop?.();
      },
      () => {},
    );
  }, LOOK_MS);
  return () => {
    over = true;
    clearInterval(looked);
  };
}

async function apply(
  deps: Deps,
  job: ImportJob,
  {
    connection,
    row,
    given,
    entry,
  }: { connection: ImportConnection; row: ImportRow; given: readonly string[]; entry: Running },
): Promise<{ applied: Applied; preview: ImportChange[] }> {
  const { import_id, resource, fields, caller, request_id } = job;
  const { trx, client } = connection;
  const procedure = resource.import?.procedure;
  if (procedure) {
    const { applied } = await trx
      .selectNoFrom((each) => each.fn<Applied>(`ops.${procedure}`, [each.val(import_id)]).as('applied'))
      .executeTakeFirstOrThrow();
    return { applied, preview: [] };
  }
  const moment = await readMoment(deps.db, caller);
  const mode = row.mode as ImportMode;
  const context: ApplyContext = { import_id, resource, fields, given, mode, caller, moment, request_id };
  await trx.selectNoFrom((each) => each.fn('ops.import_analyze', []).as('done')).execute();
  const rows = loosely(trx);
  const last = await lastEntry(rows);
  const stopped = () => {
    if (entry.cancelled) throw new Cancelled();
  };
  const applied = needsRecords(context)
    ? await applyRecords(deps, { trx, client, stopped }, context)
    : await applyRows(rows, { ...context, resource: laidOut(context.resource, context.caller).resource });
  const preview = await previewChanges(rows, context, last);
  return { applied, preview };
}

async function auditRun({ trx }: ImportConnection, job: ImportJob, row: ImportRow, applied: Applied): Promise<void> {
  const { created, updated, unchanged, skipped, wrong, counts } = applied;
  await recordAudit(trx, {
    caller: job.caller,
    resource: job.resource.name,
    record_id: null,
    action: 'import',
    after: {
      import_id: row.id,
      file_name: row.file_name,
      mode: row.mode,
      created,
      updated,
      unchanged,
      skipped,
      wrong,
      ...counts,
    },
    request_id: job.request_id,
  });
}

async function noteFailure(
  deps: Deps,
  { import_id, kind, resource }: ImportJob,
  error: unknown,
  entry: Running,
): Promise<void> {
  const states: ImportState[] = [kind === 'check' ? 'checking' : 'running'];
  if (error instanceof Cancelled || entry.cancelled) {
    await moveImport(deps.db, import_id, states, { state: 'cancelled', finished_at: new Date().toISOString() });
    return;
  }
  const fault = toProblem(error, resource);
  if (fault.status >= 500) deps.log.error({ error: fault.cause ?? error, import_id }, 'import failed');
  const said = { key: fault.key, params: fault.params };
  const message = messageText(fault.pair ? { key: 'import_said', params: { text: fault.pair } } : said);
  await moveImport(deps.db, import_id, states, {
    state: 'failed',
    message,
    finished_at: new Date().toISOString(),
  }).catch(() => {});
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
