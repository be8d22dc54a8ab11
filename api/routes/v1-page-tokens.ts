/**
 * Who may say whose visit of a page it is:
 *
 *   GET /api/v1/customers/:external_id/page-token   a signed reference for data-customer of the tracker; {token}. It shows and gives nothing.
 */
import { Hono } from 'hono';
import { signToken } from '../campaign-pages/signed-token.ts';
import type { Deps, Env } from '../context.ts';
import { problem } from '../errors.ts';
import { mayAsk } from './shop-request.ts';

/** A page that is open longer is measured on, as nobody's. */
const DAYS = 1;

export function pageTokenRoutes({ db, config }: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  routes.get('/api/v1/customers/:external_id/page-token', async (c) => {
    mayAsk(c.var.user);
    const unknown = Object.keys(c.req.query())[0];
    if (unknown !== undefined) throw problem(400, 'unknown_parameter', { name: unknown.slice(0, 60), hint: '' });
    const customer = await db
      .selectFrom('app.customers')
      .select((row) => row.fn.coalesce('merged_into_id', 'id').as('id'))
      .where('external_id', '=', c.req.param('external_id'))
      .where('status', '<>', 'anonymised')
      .executeTakeFirst();
    if (!customer) throw problem(404, 'not_found');
    const token = signToken(config, 'measured visit', customer.id, DAYS);
    return c.json({ token }, 200, { 'cache-control': 'no-store' });
  });
  return routes;
}
