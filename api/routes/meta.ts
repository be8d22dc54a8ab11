/** GET /api/_meta: everything the admin draws its screens from, as the signed-in person may see it. */
import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import { describeFor } from '../records/meta.ts';

export function metaRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.get('/api/_meta', async (c) => {
    const body = JSON.stringify(await describeFor(deps, c.var.user));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'private, no-cache', etag };
    if (c.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers });
    return new Response(body, { headers });
  });

  return routes;
}
