/** Who asks, and in which language they are answered. */
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Caller, Deps, Env } from './context.ts';
import type { Lang } from './contract.ts';
import { problem } from './errors.ts';
import { findSession, tokenIn, usersChanged } from './sign-in/sessions.ts';
import { bearerIn, findToken } from './sign-in/tokens.ts';

/** Sets `lang` for everybody, signed in or not; what a signed-in person chose replaces it later. */
export const spoken = createMiddleware<Env>(async (c, next) => {
  c.set('lang', acceptedLanguage(c.req.header('accept-language')));
  await next();
});

/**
 * Sets `user` and `lang`, or answers 401 `signed_out`. Roles are those of the database as of this request
 * (of at most a second ago where another process changed them).
 */
export function signedIn(deps: Pick<Deps, 'db' | 'config'>) {
  return createMiddleware<Env>(async (c, next) => {
    const user = await callerOfRequest(deps, c);
    c.set('user', user);
    if (user.token && PEOPLE.test(c.req.path)) throw problem(403, 'for_people');
    c.set('lang', spokenTo(user, c));
    await next();
    if (c.req.method !== 'GET' && RIGHTS.test(c.req.path)) await usersChanged(deps.db);
  });
}

/** The same for a person at a screen only: a token does not count. */
export function signedInHere(deps: Pick<Deps, 'db'>) {
  return createMiddleware<Env>(async (c, next) => {
    const user = await callerOfSession(deps, c);
    c.set('user', user);
    c.set('lang', spokenTo(user, c));
    await next();
  });
}

/** Writes that change who may do what. */
const RIGHTS = /^\/api\/(users|api_tokens|roles|_permissions)\b/;
/** What people decide at a screen, never a program in their name. */
const PEOPLE = /^\/api\/_(views|preferences|permissions)\b/;

/**
 * Who a request comes from. A token, where one is sent, decides alone: a wrong one is refused even with a good cookie
 * beside it.
 * @throws Problem 401
 */
export async function callerOfRequest({ db, config }: Pick<Deps, 'db' | 'config'>, c: Context<Env>): Promise<Caller> {
  const bearer = bearerIn(c.req.header('authorization'));
  if (bearer === undefined) return callerOfSession({ db }, c);
  const user = await findToken(db, bearer, addressOf(c, config.trust_proxy));
  if (user) return user;
  c.header('www-authenticate', 'Bearer error="invalid_token"');
  throw problem(401, 'token_invalid');
}

async function callerOfSession({ db }: Pick<Deps, 'db'>, c: Context<Env>): Promise<Caller> {
  const user = await findSession(db, tokenIn(c.req.header('cookie')));
  if (!user) throw problem(401, 'signed_out');
  return user;
}

/**
 * A program says with each request which language it wants, and a screen names its own alone ("en"): titles and sentences
 * are in the language of the screen they stand on. What a browser sends of itself ("en-US,en;q=0.9") is no choice of the
 * person's; their account has one.
 */
function spokenTo(user: Caller, c: Context<Env>): Lang {
  const asked = c.req.header('accept-language');
  if (asked === 'zh' || asked === 'en') return asked;
  return user.token && asked !== undefined ? c.var.lang : user.lang;
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
