/**
 * Subscribing:
 *
 *   GET  /api/_subscriptions?about=&target=   -> SubscriptionChoices: the caller's own, and where it may be sent
 *   POST /api/_subscriptions                  -> Subscription from SubscriptionInput; the same again changes the one there is
 *   GET  /unsubscribe/:token                  from an e-mail, signed in or not: a page that asks
 *   POST /unsubscribe/:token                  ends it; mail programs post there by themselves (RFC 8058)
 */
import { Hono } from 'hono';
import { subscriptionIn } from '../alerts/leave.ts';
import { choicesOf, endSubscription, readInput, subscribe } from '../alerts/subscribe.ts';
import { acceptedLanguage } from '../auth.ts';
import { readObject } from '../body.ts';
import { sendOnce } from '../campaign-pages/answer.ts';
import { type Html, html } from '../campaign-pages/html.ts';
import type { Deps, Env } from '../context.ts';
import type { Lang, Pair } from '../contract.ts';
import type { Subscription, SubscriptionAbout, SubscriptionChoices } from '../contract-alerts.ts';
import { problem } from '../errors.ts';
import { limitStrangers } from '../rate-limit/limits.ts';
import { badParameter } from '../report/run.ts';
import { sameOrigin } from '../sign-in/origin.ts';

export function subscriptionsRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();
  const fresh = { 'cache-control': 'no-store' };

  app.get('/api/_subscriptions', async (c) => {
    const { about = '', target = '' } = c.req.query();
    if (!['report', 'metric', 'area'].includes(about))
      throw badParameter('about', ['可用：report、metric、area', 'Available: report, metric, area']);
    const of = { about: about as SubscriptionAbout, target };
    return c.json((await choicesOf(deps, c.var.user, of)) satisfies SubscriptionChoices, 200, fresh);
  });

  app.post('/api/_subscriptions', async (c) => {
    const input = readInput(await readObject(c));
    const { user: caller, request_id } = c.var;
    const { subscription, created } = await subscribe(deps, input, { caller, request_id });
    return c.json(subscription satisfies Subscription, created ? 201 : 200);
  });

  return app;
}

const SAYS = {
  ask: ['不再接收这项订阅？', 'No longer receive this subscription?'],
  leave: ['退订', 'Unsubscribe'],
  left: ['已退订，之后不会再发送。', 'Done: nothing more will be sent.'],
  none: ['链接不存在或已失效。', 'There is no such link, or it is too old.'],
} as const satisfies { [word: string]: Pair };

/** What a page and a mail program post; what stands in it does not matter. */
const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)\s*(;|$)/i;

export function unsubscribeRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();
  app.use('/unsubscribe/*', sameOrigin, limitStrangers(deps.config));

  app.get('/unsubscribe/:token', (c) => {
    const lang = acceptedLanguage(c.req.header('accept-language'));
    if (subscriptionIn(deps.config, c.req.param('token')) === null) return page({ lang, word: 'none', status: 404 });
    return page({ lang, word: 'ask', form: html`<form method="post"><button>${say('leave', lang)}</button></form>` });
  });

  app.post('/unsubscribe/:token', async (c) => {
    if (!FORM.test(c.req.header('content-type') ?? '')) throw problem(415, 'needs_form');
    const lang = acceptedLanguage(c.req.header('accept-language'));
    const id = subscriptionIn(deps.config, c.req.param('token'));
    if (id === null || !(await endSubscription(deps, id))) return page({ lang, word: 'none', status: 404 });
    return page({ lang, word: 'left' });
  });

  return app;
}

function say(word: keyof typeof SAYS, lang: Lang): string {
  return SAYS[word][lang === 'zh' ? 0 : 1];
}

function page({
  lang,
  word,
  form,
  status = 200,
}: {
  lang: Lang;
  word: keyof typeof SAYS;
  form?: Html;
  status?: 200 | 404;
}): Response {
  return sendOnce(
    html`<!doctype html><html lang="${lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${say('leave', lang)}</title><body><main><h1>${say(word, lang)}</h1>${form}</main></body></html>`,
    status,
  );
}
