/**
 * Tasks of a customer, for shops and the CRM:
 *
 *   GET /api/v1/customers/:external_id/tasks   what is running, what may be begun, what was done or lapsed lately; titles held
 *
 * What the shop tells of (orders, check-ins, shares, reviews, task actions by `task_code`) moves them within a second or two.
 */
import { Hono } from 'hono';
import { sql } from 'kysely';
import type { Deps, Env } from '../context.ts';
import type { Json } from '../contract.ts';
import { problem } from '../errors.ts';
import { mayAsk } from './shop-request.ts';

export function taskRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  routes.get('/api/v1/customers/:external_id/tasks', async (c) => {
    mayAsk(c.var.user);
    const unknown = Object.keys(c.req.query())[0];
    if (unknown !== undefined) throw problem(400, 'unknown_parameter', { name: unknown.slice(0, 60), hint: '' });
    // The code of somebody who was merged leads to whoever that is now, and the answer says their code.
    const customer = await deps.db
      .selectFrom('app.customers as named')
      .innerJoin('app.customers', (join) =>
        join.on('app.customers.id', '=', (row) => row.fn.coalesce('named.merged_into_id', 'named.id')),
      )
      .select(['app.customers.id', 'app.customers.external_id'])
      .where('named.external_id', '=', c.req.param('external_id'))
      .executeTakeFirst();
    if (!customer) throw problem(404, 'not_found');
    const { rows } = await sql<{ tasks: Json; titles: Json }>`
      select
        ops.customer_tasks(${customer.id}::bigint, clock_timestamp()) as tasks,
        ops.held_titles(${customer.id}::bigint, clock_timestamp()) as titles
    `.execute(deps.db);
    return c.json({ customer_external_id: customer.external_id, ...rows[0]! }, 200, { 'cache-control': 'no-store' });
  });
  return routes;
}
