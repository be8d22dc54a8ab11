/**
 * Campaign pages, for shops:
 *
 *   POST /api/v1/page-links   the address of a page for one customer: it shows what is theirs, and lets them claim
 *
 * Whoever has the address is taken for the customer until it ends, so it belongs in the customer's account or a message to them.
 */
import { Hono } from 'hono';
import { readJson } from '../body.ts';
import { signToken } from '../campaign-pages/signed-token.ts';
import type { Deps, Env } from '../context.ts';
import { f } from '../definition.ts';
import { fieldErrors } from '../errors.ts';
import { type Asked, activeCustomer, checkAsked, mayAsk } from './shop-request.ts';

const DAYS = 30;

export const PAGE_LINK: Asked = {
  name: 'pages',
  label: ['页面链接', 'Link of a page'],
  fields: {
    page: f.text({ label: ['页面编码', 'Page'], required: true, max: 60 }),
    customer_external_id: f.text({ label: ['客户编号', 'Customer no.'], required: true, max: 100 }),
    days: f.integer({ label: ['有效天数', 'Days'], default: DAYS, min: 1, max: 90 }),
  },
};

export function pageLinkRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  routes.post('/api/v1/page-links', async (c) => {
    mayAsk(c.var.user);
    const asked = checkAsked(PAGE_LINK, await readJson(c, { max: 64 * 1024 }));
    const page = await deps.db
      .selectFrom('app.pages')
      .select('code')
      .where('code', '=', String(asked.page))
      .where('kind', '=', 'own')
      .where('status', '=', 'active')
      .executeTakeFirst();
    if (!page)
      throw fieldErrors({ page: { key: 'page_unknown', message: ['没有此在线页面', 'No such page is live'] } });
    const customer_id = await activeCustomer(deps, String(asked.customer_external_id));
    const token = signToken(deps.config, 'page visitor', customer_id, Number(asked.days ?? DAYS));
    return c.json({ url: `${deps.config.public_url ?? ''}/p/${page.code}?c=${token}` }, 200, {
      'cache-control': 'no-store',
    });
  });
  return routes;
}
