/**
 * What measures pages, open to every visitor of them:
 *
 *   GET  /t.js          the tracker, for a script tag
 *   POST /api/collect   what it saw: at most 60 events in 64 kB, as JSON, also as text/plain; {accepted, bot, invalid}
 *
 * accepted: events that count; bot: stored and left out of every figure; invalid: refused. The same batch again is answered the
 * same and stored once. No network address, no browser's name and no text of a page is kept.
 */
import { type Context, Hono } from 'hono';
import { addressOf, spoken } from '../auth.ts';
import { readObject } from '../body.ts';
import { readToken } from '../campaign-pages/signed-token.ts';
import { BYTES_MAX, readBatch } from '../clicks/batch.ts';
import { isMachine } from '../clicks/bots.ts';
import { type MeasuredVersion, measuredPages } from '../clicks/pages.ts';
import { clickStore } from '../clicks/store.ts';
import { trackerScript } from '../clicks/tracker-script.ts';
import { sendText } from '../compressed-text.ts';
import type { Deps, Env } from '../context.ts';
import { fieldErrors, problem } from '../errors.ts';
import { type Buckets, buckets, network } from '../rate-limit/bucket.ts';
import { requestId } from '../request-id.ts';

export function collectRoutes(deps: Deps): Hono<Env> {
  const { limits, trust_proxy } = deps.config;
  const routes = new Hono<Env>();
  const pages = measuredPages(deps);
  const store = clickStore(deps);
  const by_visit = limits.visit && buckets(limits.visit);
  const by_address = limits.collect && buckets(limits.collect);

  routes.get('/t.js', async (c) =>
    sendText(c, await trackerScript(), {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=3600',
      vary: 'Accept-Encoding',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    }),
  );

  routes.use('/api/collect', requestId, spoken);
  routes.options('/api/collect', async (c) => {
    const origin = c.req.header('origin');
    if (!origin || !(await pages.mayCome(origin))) throw problem(403, 'click_origin');
    allow(c, origin);
    c.header('access-control-allow-methods', 'POST');
    c.header('access-control-allow-headers', 'content-type');
    c.header('access-control-max-age', '86400');
    return c.body(null, 204);
  });

  routes.post('/api/collect', async (c) => {
    const origin = c.req.header('origin');
    // Also what is refused can be read by a page that may send.
    if (origin && (isOurs(c, origin) || (await pages.mayCome(origin)))) allow(c, origin);
    hold(by_address, () => network(addressOf(c, trust_proxy)));
    // Before the body is read: what cannot be stored need not be.
    store.admit();
    const batch = readBatch(await readObject(c, { max: BYTES_MAX, plain: true }), Date.now());
    hold(by_visit, () => String(batch.visit));
    const page = await pages.find(batch);
    if (!page) throw fieldErrors({ page: { key: 'click_page_unknown' } });
    if (origin && !mayMeasure(c, page, origin)) throw problem(403, 'click_origin');
    const bot = batch.robot || isMachine(c.req.header('user-agent'));
    // Visits outside the page's sample are not measured, whether their page knew it or not.
    const count = batch.draw < page.sample_rate ? batch.views.length + batch.events.length : 0;
    if (count > 0) {
      const customer_id = batch.customer === null ? null : customerOf(deps, batch.customer);
      await store.put({ batch, page_version_id: page.page_version_id, customer_id, bot });
    }
    c.header('cache-control', 'no-store');
    return c.json({ accepted: bot ? 0 : count, bot: bot ? count : 0, invalid: batch.invalid });
  });

  return routes;
}

/** By the token of a page of ours, or by one that is good for this alone; null for what we did not sign. */
function customerOf({ config }: Deps, token: string): number | null {
  return readToken(config, 'page visitor', token) ?? readToken(config, 'measured visit', token);
}

/** @throws Problem 429 */
function hold(counted: Buckets | null, key: () => string): void {
  const wait = counted?.take(key()) ?? 0;
  if (wait > 0) throw problem(429, 'too_many_requests', { seconds: wait });
}

function mayMeasure(c: Context<Env>, { origins, seen_at }: MeasuredVersion, origin: string): boolean {
  return seen_at === null ? isOurs(c, origin) : origins.includes(origin);
}

/** Our own pages: the browser says where it comes from, and who it thinks we are. */
function isOurs(c: Context<Env>, origin: string): boolean {
  const host = c.req.header('x-forwarded-host') ?? c.req.header('host');
  return URL.canParse(origin) && new URL(origin).host === host;
}

function allow(c: Context<Env>, origin: string): void {
  c.header('access-control-allow-origin', origin);
  c.header('vary', 'Origin');
}
