/**
 *   GET /api/openapi.json -> the API as OpenAPI 3.1, as the caller may use it and in their language
 */
import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import { openApi } from '../openapi/document.ts';

export function openApiRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  routes.get('/api/openapi.json', (c) => {
    const body = JSON.stringify(openApi(deps, c.var.user, c.var.lang));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const headers = { etag, 'cache-control': 'private, no-cache', vary: 'Accept-Language, Authorization, Cookie' };
    if (c.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers });
    return new Response(body, { headers: { ...headers, 'content-type': 'application/json; charset=utf-8' } });
  });
  return routes;
}
