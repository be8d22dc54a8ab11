/**
 *   GET  /api/:resource/:id/_history -> HistoryEntry[], newest first
 *   POST /api/:resource/:id/_revert  {entry, fields?} -> row; takes that change back
 */
import { Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import { fieldErrors, problem } from '../errors.ts';
import { readHistory, revertEntry } from '../records/history.ts';
import { idOf, ifMatch, proposedAnswer, recordAnswer, resourceOf, writerOf } from './resources.ts';

export function historyRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.get('/api/:resource/:id/_history', async (c) => {
    const reader = { caller: c.var.user, lang: c.var.lang };
    return c.json(await readHistory(deps, resourceOf(deps, c), idOf(c), reader), 200, { 'cache-control': 'no-store' });
  });

  routes.post('/api/:resource/:id/_revert', async (c) => {
    const { entry, fields = null, ...rest } = await readObject(c);
    const unknown = Object.keys(rest)[0];
    if (unknown !== undefined) throw problem(400, 'unknown_parameter', { name: unknown.slice(0, 60), hint: '' });
    if (!Number.isSafeInteger(entry)) throw fieldErrors({ entry: { key: 'not_an_integer' } });
    if (fields !== null && !isTexts(fields)) throw fieldErrors({ fields: { key: 'not_a_list' } });
    const change = { id: idOf(c), entry: entry as number, fields: fields as string[] | null, if_match: ifMatch(c) };
    const written = await revertEntry(deps, resourceOf(deps, c), change, writerOf(c));
    return written.proposed ? proposedAnswer(deps, written.proposed, writerOf(c)) : recordAnswer(written, 200);
  });

  return routes;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
