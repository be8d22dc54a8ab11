/**
 * Files around an import:
 *
 *   GET /api/:resource/_template.csv|.xlsx      an empty file with the columns that may be imported
 *   GET /api/_imports/:id/errors.csv|.xlsx      the wrong rows with their reasons
 */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import { problem } from '../errors.ts';
import { errorsWorkbook } from '../import/errors-workbook.ts';
import { importFields } from '../import/fields.ts';
import { hasUpload, importPath } from '../import/file.ts';
import { templateCsv, templateXlsx } from '../import/template.ts';
import { fileAnswer } from './exports.ts';
import { importOf } from './imports.ts';
import { resourceOf } from './resources.ts';

export function importTemplatesRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  for (const format of ['csv', 'xlsx'] as const) {
    routes.get(`/api/:resource/_template.${format}`, (c) => {
      const resource = resourceOf(deps, c);
      const { user, lang } = c.var;
      const fields = importFields(resource, user);
      const [zh, en] = resource.label;
      const name = lang === 'zh' ? `${zh}-导入模板.${format}` : `${en} template.${format}`;
      const body =
        format === 'csv'
          ? templateCsv(resource, fields, lang)
          : (Readable.toWeb(templateXlsx(resource, fields, lang)) as ReadableStream);
      return fileAnswer(body, { format, name });
    });

    routes.get(`/api/_imports/:id/errors.${format}`, async (c) => {
      const { row } = await importOf(deps, c);
      if (row.created_by !== c.var.user.id && !c.var.user.pii) throw problem(403, 'forbidden');
      const path = importPath(deps.config, row.id, 'errors.csv');
      if (!(await hasUpload(deps.config, row.id, 'errors.csv'))) throw problem(404, 'not_found');
      const file = format === 'csv' ? createReadStream(path) : errorsWorkbook(path);
      const name = `errors-${row.id}.${format}`;
      return fileAnswer(Readable.toWeb(file) as ReadableStream, { format, name });
    });
  }

  return routes;
}
