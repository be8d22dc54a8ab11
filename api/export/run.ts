/**
 * An export from the question to the last byte. One snapshot is counted, noted in the audit and streamed; a reader that
 * goes away or stands still ends it, which is noted too. Nothing is held in memory but what is on its way.
 */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Deps } from '../context.ts';
import type { Resource } from '../contract.ts';
import { problem } from '../errors.ts';
import { type ImportConnection, openImportConnection } from '../import/connection.ts';
import { accessOf } from '../records/access.ts';
import { recordAudit } from '../records/audit.ts';
import { type ListQuery, parseListQuery } from '../records/list-query.ts';
import { type Reader, sceneOf } from '../records/query.ts';
import { rowXml, SHEET_ROWS_MAX } from '../xlsx/cells.ts';
import { writeWorkbook } from '../xlsx/write.ts';
import { exportColumns } from './columns.ts';
import { csvRow } from './csv.ts';
import { type Counted, csvLines, sheetLines } from './lines.ts';
import { copyStatement, countMatching, type ExportPlan } from './statement.ts';

export interface Exported {
  /** How many rows there will be. */
  rows: number;
  body: Readable;
}

/** At once in this process: each holds a connection and a snapshot. */
const AT_ONCE = 4;
/** A reader who takes nothing for so long is gone. */
const STALLED_MS = 120_000;

const running = new WeakMap<object, number>();

/**
 * @param search the query string of the list, and `_header=keys|labels`
 * @throws Problem 403 without permission to export or for fields the caller may not see, 400 naming a parameter,
 *   422 for more rows than a sheet holds, 503 while too many are under way
 */
export async function exportRows(
  deps: Deps,
  resource: Resource,
  { format, search }: { format: 'csv' | 'xlsx'; search: string },
  reader: Reader & { request_id: string },
): Promise<Exported> {
  const plan = await planExport(deps, resource, { format, search }, reader);
  const busy = running.get(deps.pool) ?? 0;
  if (busy >= AT_ONCE) throw problem(503, 'export_busy');
  running.set(deps.pool, busy + 1);
  const free = () => void running.set(deps.pool, running.get(deps.pool)! - 1);
  let connection: ImportConnection | null = null;
  try {
    connection = await openImportConnection(deps, 'evergreen export');
    await connection.begin();
    await connection.client.query('set transaction isolation level repeatable read, read only');
    const rows = await countMatching(connection.trx, plan);
    if (format === 'xlsx' && rows >= SHEET_ROWS_MAX) {
      throw problem(422, 'export_too_long', { rows, max: SHEET_ROWS_MAX - 1 });
    }
    const about = { caller: reader.caller, resource: resource.name, record_id: null, request_id: reader.request_id };
    const asked = { format, filter: search, fields: plan.columns.map(({ name }) => name), rows };
    // Before the first byte: what leaves is noted even if this process does not live to see the end.
    await recordAudit(deps.db, { ...about, action: 'export', after: asked });
    const counted: Counted = { rows: 0 };
    const body = bodyOf(plan, connectionStream(deps, connection, plan, counted));
    const ended = watch(body, connection, counted);
    void ended.then(async (whole) => {
      free();
      await connection!.close().catch(() => {});
      if (whole) return;
      const after = { ...asked, rows: Math.min(counted.rows, rows) };
      await recordAudit(deps.db, { ...about, action: 'export_aborted', after }).catch((error) =>
        deps.log.error({ error }, 'an aborted export could not be noted'),
      );
    });
    return { rows, body };
  } catch (error) {
    free();
    await connection?.close().catch(() => {});
    throw error;
  }
}

async function planExport(
  deps: Deps,
  resource: Resource,
  { format, search }: { format: 'csv' | 'xlsx'; search: string },
  reader: Reader,
): Promise<ExportPlan> {
  const access = accessOf(reader.caller, resource);
  if (!access.list || !access.export) throw problem(403, 'forbidden_export', { resource: resource.label });
  const params = new URLSearchParams(search);
  const header = params.get('_header') ?? 'labels';
  if (params.getAll('_header').length > 1) throw problem(400, 'repeated_parameter', { name: '_header' });
  if (header !== 'labels' && header !== 'keys') {
    throw problem(400, 'bad_parameter', { name: '_header', value: header.slice(0, 60), expected: 'labels, keys' });
  }
  params.delete('_header');
  for (const name of ['_start', '_end', '_after', '_count', '_labels', '_sums', '_tones']) {
    // A page of an export would be a part that passes for the whole.
    if (params.has(name)) throw problem(400, 'unknown_parameter', { name, hint: '' });
  }
  const scene = await sceneOf(deps, resource, reader);
  const query = parseListQuery(params.toString(), scene);
  const raw = header === 'keys';
  const columns = exportColumns(scene, askedFields(params, query), raw);
  return { format, scene, query, columns, options: { time_zone: scene.moment.time_zone, lang: reader.lang, raw } };
}

/** As asked, with the id where it was. */
function askedFields(params: URLSearchParams, { fields }: ListQuery): string[] | null {
  if (!fields) return null;
  const known = new Set(fields);
  const names = (params.get('_fields') ?? '').split(',').filter((name) => known.has(name) || name === 'id');
  return names.length > 0 ? [...new Set(names)] : null;
}

/** COPY's bytes; its statement is cancelled when whoever reads them stops. */
function connectionStream(deps: Deps, { client }: ImportConnection, plan: ExportPlan, counted: Counted): Readable {
  const copy = client.query(copyStatement(deps, plan));
  const texts = plan.columns.map(({ header }) => header);
  const lines =
    plan.format === 'csv'
      ? csvLines(counted, `\uFEFF${csvRow(texts)}`)
      : sheetLines(
          counted,
          rowXml(
            1,
            texts.map((text) => ({ text, style: 'header' as const })),
          ),
        );
  pipeline(copy, lines).catch((error) => lines.destroy(error));
  return lines;
}

function bodyOf({ format, columns, scene }: ExportPlan, lines: Readable): Readable {
  if (format === 'csv') return lines;
  const name = scene.resource.label[scene.lang === 'zh' ? 0 : 1];
  return writeWorkbook([{ name, widths: columns.map(({ width }) => width), header: true, rows: lines }]);
}

/** @returns whether the whole of it was taken */
function watch(body: Readable, connection: ImportConnection, counted: Counted): Promise<boolean> {
  let seen = -1;
  // Bytes that wait, and no row since the last look: it is the reader who stands still, not the database.
  const look = setInterval(() => {
    if (body.readableLength > 0 && counted.rows === seen) body.destroy();
    seen = counted.rows;
  }, STALLED_MS);
  look.unref();
  body.on('error', () => {});
  return new Promise((answer) => {
    body.once('close', () => {
      clearInterval(look);
      const whole = body.readableEnded && body.errored === null;
      if (!whole) connection.cancel();
      answer(whole);
    });
  });
}
