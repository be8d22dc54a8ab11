/**
 * Campaign pages, for visitors:
 *
 *   GET  /p/:code                    the version that is live; of two, the one this visitor gets
 *   GET  /p/:code/v/:number          exactly that version, once it was published (heatmaps are drawn on it)
 *   GET  /p/:code/preview/:token     a draft, for whoever was given its signed address
 *   GET  /p/_frame                   an empty page, in which the console shows what is being edited
 *   POST /p/:code                    a form of a block, sent from here by a visitor who is known
 *
 * `?lang=zh|en` before Accept-Language. `?c=` is the visitor's signed token; what is shown with it is kept by no cache.
 */
import { randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { acceptedLanguage, addressOf } from '../auth.ts';
import { type ReadyPage, readyPage, sendOnce, sendReady } from '../campaign-pages/answer.ts';
import { BLOCK_KINDS } from '../campaign-pages/block-kinds.ts';
import { type PageSetting, renderPage } from '../campaign-pages/document.ts';
import { type Html, html } from '../campaign-pages/html.ts';
import { readToken } from '../campaign-pages/signed-token.ts';
import {
  activeVisitor,
  factsOf,
  ownOf,
  readLivePage,
  readVersion,
  type StoredVersion,
} from '../campaign-pages/store.ts';
import { chosen, drawOfCustomer, drawOfStranger } from '../campaign-pages/visitor.ts';
import type { Deps, Env } from '../context.ts';
import type { Lang, Pair } from '../contract.ts';
import { problem, retrying } from '../errors.ts';
import { dayIn, readProgramme } from '../programme.ts';
import { network } from '../rate-limit/bucket.ts';
import { limitStrangers } from '../rate-limit/limits.ts';
import { announce } from '../records/announce.ts';
import { sameOrigin } from '../sign-in/origin.ts';

/** Prices and names on a page are at most so old. */
const KEPT_MS = 30_000;
const KEPT_MOST = 500;
const FORM_MAX = 8 * 1024;

const GONE: Pair = ['活动页面已下线，感谢您的关注。', 'This page has ended. Thank you for your interest.'];
const NONE: Pair = ['没有找到这个页面。', 'There is no such page.'];
const DRAFT: Pair = [
  '预览：尚未发布，仅供有此链接的同事查看。',
  'Preview: not public, for those who were given this link.',
];

export function campaignPageRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();
  const limited = limitStrangers(deps.config);
  routes.use('/p/*', sameOrigin);
  const kept = new Map<string, { page: ReadyPage; until: number }>();
  routes.use('/p/*', async (c, next) => {
    c.set('lang', languageOf(c));
    // A page for everybody comes from memory; what is made for one visitor costs something.
    const costs = c.req.method !== 'GET' || c.req.query('c') !== undefined;
    return costs ? limited(c, next) : next();
  });

  routes.get('/p/_frame', (c) =>
    sendReady(c, readyPage(html`<!doctype html><title>–</title>`), 'private, no-cache', { 'x-robots-tag': 'noindex' }),
  );

  routes.get('/p/:code', async (c) => {
    const page = await livePage(deps, c.req.param('code'));
    if (!page) return ended(deps, c, NONE, 404);
    if (page.status === 'retired') return ended(deps, c, GONE, 410);
    const customer_id = await visitorOf(deps, c.req.query('c'));
    const split = page.live.length > 1;
    const draw = !split
      ? 0
      : customer_id === null
        ? await strangersDraw(deps, c, page.id)
        : drawOfCustomer(page.id, customer_id);
    const live = chosen(page.live, draw);
    if (!live) return ended(deps, c, NONE, 404);
    if (customer_id !== null) {
      const version = await readVersion(deps.db, { id: live.id });
      return version ? sendOnce(await ownPage(deps, c, version, customer_id)) : ended(deps, c, NONE, 404);
    }
    const ready = await publicPage(live.id, c.var.lang);
    // Two visitors may get two versions: a cache between them must not decide.
    return ready ? sendReady(c, ready, `${split ? 'private' : 'public'}, no-cache`) : ended(deps, c, NONE, 404);
  });

  routes.get('/p/:code/v/:number', async (c) => {
    const { code, number } = c.req.param();
    const version =
      CODE.test(code) && /^[1-9]\d{0,8}$/.test(number)
        ? await readVersion(deps.db, { code, number: Number(number) })
        : null;
    if (!version || version.state === 'draft') return ended(deps, c, NONE, 404);
    const ready = await publicPage(version.id, c.var.lang, version);
    return sendReady(c, ready!, 'public, max-age=60', { 'x-robots-tag': 'noindex' });
  });

  routes.get('/p/:code/preview/:token', async (c) => {
    const { code, token } = c.req.param();
    const id = readToken(deps.config, 'page preview', token);
    const version = id === null ? null : await readVersion(deps.db, { id });
    if (!version || version.code !== code) return ended(deps, c, NONE, 404);
    const facts = await factsOf(deps.db, version.blocks);
    const programme = await readProgramme(deps.db);
    const banner = version.state === 'draft' ? { banner: DRAFT } : {};
    const address = `/p/${code}/preview/${token}`;
    return sendOnce(renderPage(version, { lang: c.var.lang, programme, facts, address, tracker: null, ...banner }));
  });

  routes.post('/p/:code', async (c) => {
    const form = await readForm(c);
    const page = await livePage(deps, c.req.param('code'));
    const customer_id = await visitorOf(deps, form.c);
    const version = /^\d{1,15}$/.test(form.v ?? '') ? await readVersion(deps.db, { id: Number(form.v) }) : null;
    if (!page || page.status === 'retired') return ended(deps, c, page ? GONE : NONE, page ? 410 : 404);
    if (customer_id === null || !page.live.some((each) => each.id === version?.id) || !version)
      return c.redirect(`/p/${page.code}`, 303);
    const block = version.blocks.find((each) => each.code === form.block);
    const act = block && BLOCK_KINDS.get(block.kind)?.act;
    if (!block || !act || !/^[A-Za-z0-9_-]{16}$/.test(form.n ?? '')) return c.redirect(`/p/${page.code}`, 303);
    // The same form sent twice is one; one that is shown anew may be tried anew.
    const asked = { customer_id, external_id: `${page.code}.${block.code}.${customer_id}.${form.n}` };
    const refusal = await retrying(() => deps.db.transaction().execute((trx) => act(trx, block, asked)));
    announce(deps, 'coupons', []);
    if (refusal === null) {
      const query = new URLSearchParams({ c: form.c!, ...(form.lang ? { lang: form.lang } : {}) });
      return c.redirect(`/p/${page.code}?${query}#${block.code}`, 303);
    }
    return sendOnce(
      await ownPage(deps, c, version, customer_id, { token: form.c!, said: { code: block.code, refusal } }),
    );
  });

  /** What everybody sees of a version, from memory where it was made a moment ago. */
  async function publicPage(id: number, lang: Lang, read?: StoredVersion): Promise<ReadyPage | null> {
    const key = `${id} ${lang}`;
    const known = kept.get(key);
    if (known && known.until > performance.now()) return known.page;
    const version = read ?? (await readVersion(deps.db, { id }));
    if (!version) return null;
    const facts = await factsOf(deps.db, version.blocks);
    const page = readyPage(renderPage(version, { ...(await publicSetting(deps, version, lang)), facts }));
    kept.delete(key);
    if (kept.size >= KEPT_MOST) kept.delete(kept.keys().next().value as string);
    kept.set(key, { page, until: performance.now() + KEPT_MS });
    return page;
  }

  return routes;
}

const CODE = /^[a-z][a-z0-9_]{0,99}$/;

async function livePage(deps: Deps, code: string) {
  return CODE.test(code) ? readLivePage(deps.db, code) : null;
}

async function visitorOf(deps: Deps, token: string | undefined): Promise<number | null> {
  const id = token === undefined ? null : readToken(deps.config, 'page visitor', token);
  return id === null ? null : activeVisitor(deps.db, id);
}

async function strangersDraw(deps: Deps, c: Context<Env>, page_id: number): Promise<number> {
  const { time_zone } = await readProgramme(deps.db);
  return drawOfStranger(deps.config, {
    page_id,
    address: network(addressOf(c, deps.config.trust_proxy)),
    agent: c.req.header('user-agent') ?? '',
    day: dayIn(time_zone, new Date()),
  });
}

async function publicSetting(deps: Deps, version: StoredVersion, lang: Lang): Promise<Omit<PageSetting, 'facts'>> {
  return {
    lang,
    programme: await readProgramme(deps.db),
    address: `/p/${version.code}`,
    tracker: { page: version.code, version: version.number, sample_rate: version.sample_rate },
  };
}

/** The page as one visitor sees it. */
async function ownPage(
  deps: Deps,
  c: Context<Env>,
  version: StoredVersion,
  customer_id: number,
  sent?: { token: string; said: NonNullable<PageSetting['said']> },
): Promise<Html> {
  const token = sent?.token ?? c.req.query('c')!;
  const setting = await publicSetting(deps, version, c.var.lang);
  const number = randomBytes(12).toString('base64url');
  return renderPage(version, {
    ...setting,
    facts: await factsOf(deps.db, version.blocks),
    own: await ownOf(deps.db, version.blocks, customer_id),
    keep: `c=${encodeURIComponent(token)}`,
    tracker: { ...setting.tracker!, customer: token },
    form: (code) => ({
      action: setting.address,
      hidden: html`${Object.entries({ c: token, v: version.id, block: code, n: number, lang: c.var.lang }).map(
        ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
      )}`,
    }),
    ...(sent ? { said: sent.said } : {}),
  });
}

async function ended(deps: Deps, c: Context<Env>, words: Pair, status: 404 | 410): Promise<Response> {
  const content = { title: words[0], title_en: words[1], summary: null, summary_en: null, accent: 'green' };
  const block = { code: 'ended', kind: 'hero', title: words[0], title_en: words[1] };
  const programme = await readProgramme(deps.db);
  const setting = { lang: c.var.lang, programme, facts: new Map(), address: c.req.path, tracker: null };
  return sendOnce(renderPage({ ...content, blocks: [block] }, setting), status);
}

function languageOf(c: Context<Env>): Lang {
  const asked = c.req.query('lang');
  return asked === 'zh' || asked === 'en' ? asked : acceptedLanguage(c.req.header('accept-language'));
}

/** @throws Problem 413, 415 */
async function readForm(c: Context<Env>): Promise<{ [name: string]: string | undefined }> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
    throw problem(415, 'needs_form');
  const length = Number(c.req.header('content-length') ?? Number.NaN);
  // Without a length nobody knows when it ends.
  if (!(length <= FORM_MAX)) throw problem(413, 'body_too_large');
  const form = Object.fromEntries(new URLSearchParams(await c.req.text()));
  if (form.lang === 'zh' || form.lang === 'en') c.set('lang', form.lang);
  else delete form.lang;
  return form;
}
