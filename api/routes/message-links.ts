/**
 * Short addresses in messages:
 *
 *   GET /l/:code   leads on, and counts a click of its message
 *
 * To a page of our own it leads with the customer's signed token, so that they see what is theirs.
 * Programs that only look (HEAD, previews, prefetching, search engines) are led on and not counted.
 */
import { type Context, Hono } from 'hono';
import { sql } from 'kysely';
import { signToken } from '../campaign-pages/signed-token.ts';
import { isMachine } from '../clicks/bots.ts';
import type { Deps, Env } from '../context.ts';
import { limitStrangers } from '../rate-limit/limits.ts';

export function messageLinkRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  routes.use('/l/*', limitStrangers(deps.config));
  // HEAD is answered by the same route.
  routes.get('/l/:code', async (c) => {
    const code = c.req.param('code');
    const url = /^[A-Za-z0-9_-]{6,20}$/.test(code) ? await follow(deps, code, isPerson(c)) : null;
    c.header('cache-control', 'no-store');
    c.header('referrer-policy', 'no-referrer');
    c.header('x-robots-tag', 'noindex');
    if (url === null) return c.text('链接不存在或已失效 | There is no such link\n', 404);
    return c.redirect(await forVisitor(deps, code, url), 302);
  });
  return routes;
}

/** A message is to one customer: a page that it leads to knows them for a month. */
const KNOWN_DAYS = 30;

async function forVisitor({ db, config }: Deps, code: string, url: string): Promise<string> {
  if (config.public_url === null || !url.startsWith(`${config.public_url}/p/`)) return url;
  const link = await db
    .selectFrom('app.message_links')
    .select('customer_id')
    .where('code', '=', code)
    .executeTakeFirst();
  if (!link || link.customer_id === 0 || !URL.canParse(url)) return url;
  const address = new URL(url);
  address.searchParams.set('c', signToken(config, 'page visitor', link.customer_id, KNOWN_DAYS));
  return address.href;
}

async function follow({ db }: Deps, code: string, counts: boolean): Promise<string | null> {
  const { rows } = await sql<{ url: string | null }>`select ops.follow_link(${code}, ${counts}) as url`.execute(db);
  return rows[0]?.url ?? null;
}

function isPerson(c: Context<Env>): boolean {
  const purpose = `${c.req.header('sec-purpose') ?? ''} ${c.req.header('purpose') ?? ''} ${c.req.header('x-purpose') ?? ''}`;
  return c.req.method === 'GET' && !/prefetch|preview/i.test(purpose) && !isMachine(c.req.header('user-agent'));
}
