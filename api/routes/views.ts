/**
 * Lists as people like them:
 *
 *   GET    /api/_views                    -> SavedView[], those the caller may use
 *   GET    /api/_views/:code              -> SavedView
 *   POST   /api/_views                    -> 201 SavedView from {resource, name, settings, visibility, roles, default_roles}
 *   PATCH  /api/_views/:code              -> SavedView; If-Match
 *   DELETE /api/_views/:code              -> 204
 *   PUT    /api/_preferences/:resource    -> 204; the caller's habits in that list, as a whole
 *
 * They are also records of the resource saved_views, with a history, but without what they ask for.
 */
import { Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import { problem } from '../errors.ts';
import { accessOf } from '../records/access.ts';
import { changeView, createView, deleteView, getView, listViews, savePreferences } from '../views/store.ts';
import { ifMatch, resourceOf, writerOf } from './resources.ts';

export function viewsRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  const fresh = { 'cache-control': 'no-store' };

  routes.get('/api/_views', async (c) => c.json(await listViews(deps, c.var.user), 200, fresh));

  routes.get('/api/_views/:code', async (c) =>
    c.json(await getView(deps, c.var.user, c.req.param('code')), 200, fresh),
  );

  routes.post('/api/_views', async (c) => c.json(await createView(deps, await readObject(c), writerOf(c)), 201, fresh));

  routes.patch('/api/_views/:code', async (c) => {
    const change = { code: c.req.param('code'), input: await readObject(c), if_match: ifMatch(c) };
    return c.json(await changeView(deps, change, writerOf(c)), 200, fresh);
  });

  routes.delete('/api/_views/:code', async (c) => {
    await deleteView(deps, { code: c.req.param('code'), if_match: ifMatch(c) }, writerOf(c));
    return c.body(null, 204);
  });

  routes.put('/api/_preferences/:resource', async (c) => {
    const resource = resourceOf(deps, c);
    if (!accessOf(c.var.user, resource).list) throw problem(403, 'forbidden_list', { resource: resource.label });
    await savePreferences(deps, resource, await readObject(c), c.var.user);
    return c.body(null, 204);
  });

  return routes;
}
