/**
 * Signing in and out, one's own password and language, and one-time links.
 *
 *   GET   /api/auth/state            -> {signed_in, lang, demo_users: [{email, password, role, name}] | null, oidc: {label} | null}
 *   POST  /api/auth/sign-in          {email, password} -> {user}            401, 403, 429 with Retry-After
 *   POST  /api/auth/sign-out         -> 204, signed in or not
 *   PATCH /api/auth/me               {lang} -> {user}
 *   POST  /api/auth/change-password  {current, password} -> 204; other browsers are signed out
 *   POST  /api/auth/link             {token} -> {first_administrator, email, name}          410
 *   POST  /api/auth/set-password     {token, password, email?, name?} -> 204, signed in     410, 422
 */
import { type Context, Hono } from 'hono';
import { deleteCookie } from 'hono/cookie';
import { addressOf, signedInHere } from '../auth.ts';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import { fieldErrors, problem } from '../errors.ts';
import { DEMO_PASSWORD, DEMO_USERS } from '../sign-in/demo-users.ts';
import { linkOf, setPassword } from '../sign-in/first-administrator.ts';
import { changeLanguage, changePassword, type From, signOut } from '../sign-in/own-account.ts';
import { giveSessionCookie } from '../sign-in/session-cookie.ts';
import { findSession, SESSION_COOKIE, tokenIn } from '../sign-in/sessions.ts';
import { signIn } from '../sign-in/sign-in.ts';

const BODY_MAX = 16 * 1024;

export function authRoutes(deps: Deps): Hono<Env> {
  const { db, config } = deps;
  const routes = new Hono<Env>();
  const mine = signedInHere(deps);

  routes.use('/api/auth/*', async (c, next) => {
    c.header('cache-control', 'no-store');
    await next();
  });

  routes.get('/api/auth/state', async (c) => {
    const user = await findSession(db, tokenIn(c.req.header('cookie')));
    return c.json({
      signed_in: user !== null,
      lang: user?.lang ?? c.var.lang,
      demo_users: await demoUsers(),
      oidc: config.oidc && { label: config.oidc.label },
    });
  });

  routes.post('/api/auth/sign-in', async (c) => {
    const { email, password } = await texts(c, ['email', 'password']);
    const before = tokenIn(c.req.header('cookie'));
    const { token, caller } = await signIn(deps, { email, password, ...from(c) });
    // A new session each time: whoever planted a cookie before does not share the one that is signed in.
    if (before) await signOut(deps, before, from(c));
    giveSessionCookie(c, config, token);
    return c.json({ user: caller });
  });

  routes.post('/api/auth/sign-out', async (c) => {
    const token = tokenIn(c.req.header('cookie'));
    if (token) await signOut(deps, token, from(c));
    deleteCookie(c, SESSION_COOKIE, { path: '/' });
    return c.body(null, 204);
  });

  routes.patch('/api/auth/me', mine, async (c) => {
    const { lang } = await texts(c, ['lang']);
    if (lang !== 'zh' && lang !== 'en') throw fieldErrors({ lang: { key: 'not_a_choice', params: { value: lang } } });
    return c.json({ user: await changeLanguage(deps, c.var.user, lang) });
  });

  routes.post('/api/auth/change-password', mine, async (c) => {
    const { current, password } = await texts(c, ['current', 'password']);
    giveSessionCookie(c, config, await changePassword(deps, { caller: c.var.user, current, password, from: from(c) }));
    return c.body(null, 204);
  });

  routes.post('/api/auth/link', async (c) => {
    const { token } = await texts(c, ['token']);
    const link = await linkOf(deps, token);
    if (!link) throw problem(410, 'link_invalid');
    return c.json(link);
  });

  routes.post('/api/auth/set-password', async (c) => {
    const given = await texts(c, ['token', 'password'], ['email', 'name']);
    giveSessionCookie(c, config, await setPassword(deps, { ...given, ...from(c) }));
    return c.body(null, 204);
  });

  return routes;

  function from(c: Context<Env>): From {
    return {
      ip: addressOf(c, config.trust_proxy),
      user_agent: c.req.header('user-agent') ?? null,
      request_id: c.var.request_id ?? null,
    };
  }

  /** Those of the demo people who are there; null outside the demo. */
  async function demoUsers() {
    if (!config.demo) return null;
    const found = await db
      .selectFrom('app.users')
      .select('email')
      .where(
        'email',
        'in',
        DEMO_USERS.map(({ email }) => email),
      )
      .where('status', '=', 'active')
      .execute();
    const there = new Set(found.map(({ email }) => email));
    return DEMO_USERS.filter(({ email }) => there.has(email)).map(({ email, role, name }) => ({
      email,
      password: DEMO_PASSWORD,
      role,
      name: name[0],
    }));
  }
}

/** The named members of the body as texts. @throws Problem 400 when it is no JSON object, 422 naming what is missing or no text. */
async function texts<R extends string, O extends string = never>(
  c: Context<Env>,
  required: readonly R[],
  optional: readonly O[] = [],
): Promise<{ [name in R]: string } & { [name in O]?: string }> {
  const given: { [name: string]: unknown } = await readObject(c, { max: BODY_MAX });
  const found: { [name: string]: string } = {};
  const errors: { [field: string]: { key: string } } = {};
  for (const name of [...required, ...optional]) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (typeof value === 'string' && value !== '') found[name] = value;
    else if (value !== undefined && value !== null && value !== '') errors[name] = { key: 'not_a_text' };
    else if ((required as readonly string[]).includes(name)) errors[name] = { key: 'required' };
  }
  if (Object.keys(errors).length > 0) throw fieldErrors(errors);
  return found as { [name in R]: string } & { [name in O]?: string };
}
