/** Who asks, and in which language they are answered. */
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Deps, Env } from './context.ts';
import type { Lang } from './contract.ts';
import { problem } from './errors.ts';
import { findSession, tokenIn, usersChanged } from './sign-in/sessions.ts';

/** Sets `lang` for everybody, signed in or not; a signed-in person's own choice replaces it later. */
export const spoken = createMiddleware<Env>(async (c, next) => {
  c.set('lang', acceptedLanguage(c.req.header('accept-language')));
  await next();
});

/**
 * Sets `user` and `lang`, or answers 401 `signed_out`. Roles are those of the database as of this request
 * (of at most a second ago where another process changed them).
 */
export function signedIn(deps: Pick<Deps, 'db'>) {
  return createMiddleware<Env>(async (c, next) => {
    const user = await findSession(deps.db, tokenIn(c.req.header('cookie')));
    if (!user) throw problem(401, 'signed_out');
    c.set('user', user);
    c.set('lang', user.lang);
    await next();
    if (c.req.method !== 'GET' && c.req.path.startsWith('/api/users')) await usersChanged(deps.db);
  });
}

/** The better liked of zh and en in an Accept-Language header; zh when it names neither. */
export function acceptedLanguage(header: string | undefined): Lang {
  let best: { lang: Lang; weight: number } = { lang: 'zh', weight: 0 };
  for (const part of (header ?? '').slice(0, 500).split(',')) {
    const [tag = '', ...params] = part.trim().toLowerCase().split(';');
    const lang = tag.split('-')[0];
    if (lang !== 'zh' && lang !== 'en') continue;
    const q = params.map((param) => /^\s*q=([01](?:\.\d{1,3})?)\s*$/.exec(param)?.[1]).find(Boolean);
    const weight = q === undefined ? 1 : Number(q);
    if (weight > best.weight) best = { lang, weight };
  }
  return best.lang;
}

/** The address the request came from: the connection's, or what the nearest proxy says when we are told to believe it. */
export function addressOf(c: Context<Env>, trust_proxy: boolean): string {
  if (trust_proxy) {
    const nearest = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
    if (nearest) return nearest.slice(0, 64);
  }
  // Absent when a test asks the app without a socket.
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress ?? 'local';
}
