/**
 * Where a customer stands, for shops and the CRM:
 *
 *   GET /api/v1/customers/:external_id/status   tier, what is missing to keep it and to reach the next, points, next expiry, coupons
 *   GET /api/v1/customers/:external_id/status   tier, what is missing to keep it and to reach the next, titles, points, next expiry
 *
 * The engine's own numbers (ops.tier_progress), as on the customer's page. Amounts are text, points and counts numbers, days
 * the last on which something holds. tier is null for who is in no books yet.
 */
import { Hono } from 'hono';
import { sql } from 'kysely';
import type { Deps, Env } from '../context.ts';
import type { Json, Row } from '../contract.ts';
import { couponStanding } from '../engine/coupons.ts';
import { nextExpiry, tierProgress } from '../engine/standing.ts';
import { problem } from '../errors.ts';
import { dayIn, readProgramme } from '../programme.ts';
import { mayAsk } from './shop-request.ts';

export function statusRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  routes.get('/api/v1/customers/:external_id/status', async (c) => {
    mayAsk(c.var.user);
    const unknown = Object.keys(c.req.query())[0];
    if (unknown !== undefined) throw problem(400, 'unknown_parameter', { name: unknown.slice(0, 60), hint: '' });
    // The code of somebody who was merged leads to whoever that is now, and the answer says their code.
    const customer = await deps.db
      .selectFrom('app.customers as named')
      .innerJoin('app.customers', (join) =>
        join.on('app.customers.id', '=', (row) => row.fn.coalesce('named.merged_into_id', 'named.id')),
      )
      .leftJoin('base.points_accounts as account', 'account.customer_id', 'app.customers.id')
      .leftJoin('base.tier_states as state', 'state.customer_id', 'app.customers.id')
      .select(['app.customers.id', 'app.customers.external_id', 'app.customers.status'])
      .select(['account.balance', 'account.pending', 'account.available', 'account.reserved', 'account.debt'])
      .select(['account.growth', 'state.tier_id', 'state.entered_at', 'state.valid_until_at', 'state.grace_until_at'])
      .where('named.external_id', '=', c.req.param('external_id'))
      .executeTakeFirst();
    if (!customer) throw problem(404, 'not_found');
    const { time_zone } = await readProgramme(deps.db);
    const tiers = await deps.db.selectFrom('app.tiers').select(['id', 'code', 'name', 'name_en', 'rank']).execute();
    const progress = await tierProgress(deps.db, customer.id);
    const expiry = await nextExpiry(deps.db, customer.id);
    const { rows: titles } = await sql<{ held: Json }>`
      select ops.held_titles(${customer.id}::bigint, clock_timestamp()) as held
    `.execute(deps.db);
    const named = (id: number | null): Row | null => {
      const tier = tiers.find((each) => each.id === id);
      return tier ? { code: tier.code, name: tier.name, name_en: tier.name_en, rank: tier.rank } : null;
    };
    const through = (ends_at: string | null) =>
      ends_at === null ? null : dayIn(time_zone, new Date(Date.parse(ends_at) - 1));
    const goal = (what: 'keep' | 'reach') => {
      const found = progress.find((each) => each.goal === what);
      if (!found) return null;
      const measures = found.measures.map(({ share: _share, ...each }) => each);
      const { tier_id, any_criterion, next_period, reached } = found;
      return { tier: named(tier_id), reached, any: any_criterion, next_period, measures };
    };
    const { balance, pending, available, reserved, debt, growth } = customer;
    return c.json(
      {
        customer_external_id: customer.external_id,
        status: customer.status,
        tier: named(customer.tier_id),
        tier_valid_through: through(customer.valid_until_at),
        tier_grace_through: through(customer.grace_until_at),
        keep: goal('keep'),
        next: goal('reach'),
        titles: titles[0]!.held,
        growth: growth ?? 0,
        coupons: await couponStanding(deps.db, customer.id),
        points: {
          ...{ balance: balance ?? 0, available: available ?? 0, pending: pending ?? 0 },
          ...{ reserved: reserved ?? 0, debt: debt ?? 0 },
          next_expiry: expiry ? { points: Number(expiry.points), last_on: through(expiry.expires_at) } : null,
        },
      },
      200,
      { 'cache-control': 'no-store' },
    );
  });
  return routes;
}
