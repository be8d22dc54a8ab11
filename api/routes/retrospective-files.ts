/**
 * A month's retrospective as a file, from what was written down:
 *
 *   GET /api/_retrospectives/2026-01/2/pdf
 *   GET /api/_retrospectives/2026-01/2/xlsx
 */
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import { retrospectivePdf, retrospectiveXlsx } from '../report/retrospective-files.ts';
import { fileAnswer } from './exports.ts';
import { doerOf, namedOf } from './retrospectives.ts';

export function retrospectiveFilesRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/api/_retrospectives/:month/:number/pdf', async (c) => {
    const { name, body } = await retrospectivePdf(deps, { ...namedOf(c), lang: c.var.lang }, doerOf(c));
    return fileAnswer(new Uint8Array(body), { format: 'pdf', name });
  });

  app.get('/api/_retrospectives/:month/:number/xlsx', async (c) => {
    const { name, body } = await retrospectiveXlsx(deps, { ...namedOf(c), lang: c.var.lang }, doerOf(c));
    return fileAnswer(Readable.toWeb(body) as ReadableStream, { format: 'xlsx', name });
  });

  return app;
}
