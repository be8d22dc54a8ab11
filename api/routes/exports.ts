/**
 * All rows of a list as a file:
 *
 *   GET /api/:resource/_export.csv?<the list's filters>&_fields=a,b&_header=keys
 *   GET /api/:resource/_export.xlsx?…
 *
 * Headers are labels in the caller's language, or keys. `X-Total-Count` says how many rows there will be.
 */
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import type { Lang, Resource } from '../contract.ts';
import { exportRows } from '../export/run.ts';
import { dayIn, readProgramme } from '../programme.ts';
import { XLSX_TYPE } from '../xlsx/write.ts';
import { resourceOf, searchOf } from './resources.ts';

export const FILE_TYPES = { csv: 'text/csv; charset=utf-8', xlsx: XLSX_TYPE, pdf: 'application/pdf' } as const;

export function exportsRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  for (const format of ['csv', 'xlsx'] as const) {
    routes.get(`/api/:resource/_export.${format}`, async (c) => {
      const resource = resourceOf(deps, c);
      const { user: caller, lang, request_id } = c.var;
      const asked = { format, search: searchOf(c) };
      const { rows, body } = await exportRows(deps, resource, asked, { caller, lang, request_id });
      const { time_zone } = await readProgramme(deps.db);
      const name = `${labelOf(resource, lang)}-${dayIn(time_zone, new Date())}.${format}`;
      return fileAnswer(Readable.toWeb(body) as ReadableStream, { format, name, rows });
    });
  }
  return routes;
}

/** A file to be saved under a name in any script. */
export function fileAnswer(
  body: ReadableStream | Uint8Array<ArrayBuffer> | string,
  { format, name, rows }: { format: keyof typeof FILE_TYPES; name: string; rows?: number },
): Response {
  const headers: { [name: string]: string } = {
    'content-type': FILE_TYPES[format],
    'content-disposition': `attachment; filename="export.${format}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    'cache-control': 'no-store',
  };
  if (rows !== undefined) headers['x-total-count'] = String(rows);
  return new Response(body, { headers });
}

function labelOf({ label }: Resource, lang: Lang): string {
  return label[lang === 'zh' ? 0 : 1];
}
