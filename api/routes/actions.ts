/**
 *   POST /api/:resource/:id/_actions/:name  {…input} -> what the action answers; If-Match; 202 the change request that waits instead
 *   POST /api/:resource/:id/_actions/:name/_preview {…input} -> what it would come to; nothing is done
 *   POST /api/:resource/_actions/:name      the same for an action of the whole resource
 */
import { type Context, Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import { runAction } from '../records/action.ts';
import { previewAction } from '../records/action-preview.ts';
import { idOf, ifMatch, proposedAnswer, resourceOf, writerOf } from './resources.ts';

export function actionsRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.post('/api/:resource/_actions/:name', (c) => run(c, null));
  routes.post('/api/:resource/:id/_actions/:name', (c) => run(c, idOf(c)));

  routes.post('/api/:resource/:id/_actions/:name/_preview', async (c) => {
    const call = { name: c.req.param('name'), id: idOf(c), input: await readObject(c, { optional: true }) };
    return c.json(await previewAction(deps, resourceOf(deps, c), call, writerOf(c)));
  });

  async function run(c: Context<Env>, id: number | null): Promise<Response> {
    const call = {
      name: c.req.param('name')!,
      id,
      input: await readObject(c, { optional: true }),
      if_match: ifMatch(c),
    };
    const done = await runAction(deps, resourceOf(deps, c), call, writerOf(c));
    return 'answer' in done ? c.json(done.answer) : proposedAnswer(deps, done.proposed, writerOf(c));
  }

  return routes;
}
