/** The first half of an import: the file, row by row, into the staging table. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Caller, Deps } from '../context.ts';
import { contextsOf } from '../contexts.ts';
import type { ImportFormat, ImportMapping, Resource } from '../contract.ts';
import { readMoment } from '../programme.ts';
import type { ImportConnection } from './connection.ts';
import { copyInto } from './copy.ts';
import type { FaultLog } from './faults.ts';
import type { ImportFields } from './fields.ts';
import { readRows } from './read.ts';
import { buildStager, type Stager } from './stage.ts';
import { type ImportRow, moveImport } from './store.ts';

export interface ImportJob {
  import_id: number;
  resource: Resource;
  fields: ImportFields;
  caller: Caller;
  request_id: string;
  kind: 'check' | 'run';
}

/** One that is under way in this process. */
export interface Running {
  cancelled: boolean;
  /** While the database works on what was staged; before that, the reader of rows stops by itself. */
  stop: (() => void) | null;
  done: Promise<void>;
}
/** Somebody stopped it. */
export class Cancelled extends Error {}

const PROGRESS_MS = 300;

interface Stage {
  connection: ImportConnection;
  entry: Running;
  faults: FaultLog;
  row: ImportRow;
}

/** Streams the file into the staging table. @returns how many rows were wrong, and skipped by each rule */
export async function stage(deps: Deps, job: ImportJob, { connection, entry, faults, row }: Stage) {
  const mapping = row.mapping as unknown as ImportMapping;
  const format = row.format as unknown as ImportFormat;
  const moment = await readMoment(deps.db, job.caller);
  const { import_id, resource, fields } = job;
  const staged = buildStager({
    import_id,
    resource,
    fields,
    mapping,
    headers: row.headers,
    moment,
    contexts: contextsOf(deps.resources),
    private_webhooks: deps.config.private_webhooks,
    sheet: format.sheet !== undefined,
  });
  const skipped = (mapping.kinds ?? []).map(() => 0);
  let wrong = 0;
  let rows_read = 0;
  let header = format.header;
  const progress = progressOf(deps, job);

  async function* lines(): AsyncGenerator<string> {
    for await (const batch of readRows(deps.config, import_id, format)) {
      if (entry.cancelled) return;
      let text = '';
      for (const each of batch) {
        if (header) {
          header = false;
          continue;
        }
        rows_read++;
        const read = staged.read(each, faults.batch);
        if ('skipped' in read) skipped[read.skipped]!++;
        else {
          if ('wrong' in read) wrong++;
          if (read.line !== null) text += read.line;
        }
      }
      faults.settle();
      progress(rows_read);
      if (text !== '') yield text;
    }
  }
  await copyLines(connection, staged, lines());
  if (entry.cancelled) throw new Cancelled();
  const alive = await moveImport(deps.db, import_id, ['checking', 'running'], { rows_read, rows_total: rows_read });
  if (!alive) throw new Cancelled();
  return { staged, wrong, skipped };
}

/** A file that cannot be read to its end ends the COPY in good order first: one that breaks off leaves its connection stuck. */
async function copyLines(
  { client }: ImportConnection,
  { table, columns }: Stager,
  lines: AsyncIterable<string>,
): Promise<void> {
  let failure: unknown = null;
  async function* untilFailure(): AsyncGenerator<string> {
    try {
      yield* lines;
    } catch (error) {
      failure = error;
    }
  }
  await pipeline(Readable.from(untilFailure(), { highWaterMark: 4 }), client.query(copyInto(table, columns)));
  if (failure) throw failure;
}

/** Tells now and then how far it is. */
function progressOf(deps: Deps, { import_id }: ImportJob): (rows_read: number) => void {
  let told = performance.now();
  return (rows_read) => {
    if (performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    moveImport(deps.db, import_id, ['checking', 'running'], { rows_read }).catch(() => {});
  };
}
