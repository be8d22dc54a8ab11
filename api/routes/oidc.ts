/**
 * Signing in through the identity provider of the configuration.
 *
 *   GET /api/auth/oidc/start?to=/path   -> 302 to the provider
 *   GET /api/auth/oidc/callback         -> 303 to the path, signed in; or to /sign-in?problem=<key>
 */
import { type Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { addressOf } from '../auth.ts';
import type { OidcConfig } from '../config.ts';
import type { Deps, Env } from '../context.ts';
import { problem } from '../errors.ts';
import { enterByOidc } from '../sign-in/oidc-account.ts';
import { type Attempt, beginSignIn, finishSignIn } from '../sign-in/oidc-client.ts';
import { OidcFault } from '../sign-in/oidc-fault.ts';
import { type From, signOut } from '../sign-in/own-account.ts';
import { giveSessionCookie, isHttps } from '../sign-in/session-cookie.ts';
import { tokenIn } from '../sign-in/sessions.ts';

const COOKIE = 'evergreen_oidc';
const PATH = '/api/auth/oidc';
const ATTEMPT_SECONDS = 600;

export function oidcRoutes(deps: Deps): Hono<Env> {
  const routes = new Hono<Env>();

  routes.get(`${PATH}/start`, async (c) => {
    const oidc = configured();
    const to = ownPath(c.req.query('to'));
    try {
      const { address, attempt } = await beginSignIn(oidc, { redirect_uri: redirectUri(c), to });
      setCookie(c, COOKIE, Buffer.from(JSON.stringify(attempt)).toString('base64url'), {
        path: PATH,
        httpOnly: true,
        sameSite: 'Lax',
        secure: isHttps(c, deps.config),
        maxAge: ATTEMPT_SECONDS,
      });
      return c.redirect(address, 302);
    } catch (error) {
      return refused(c, error, to);
    }
  });

  routes.get(`${PATH}/callback`, async (c) => {
    const oidc = configured();
    const attempt = readAttempt(getCookie(c, COOKIE));
    // Used once, whatever comes of it.
    deleteCookie(c, COOKIE, { path: PATH });
    try {
      if (!attempt) throw new OidcFault('oidc_expired');
      const answer = new URL(c.req.url).searchParams;
      if (answer.get('state') !== attempt.state) throw new OidcFault('oidc_expired', 'another state');
      const claims = await finishSignIn(oidc, { answer, attempt, redirect_uri: redirectUri(c) });
      const token = await enterByOidc(deps, oidc, claims, from(c));
      // A new session each time: whoever planted a cookie before does not share the one that is signed in.
      const before = tokenIn(c.req.header('cookie'));
      if (before) await signOut(deps, before, from(c));
      giveSessionCookie(c, deps.config, token);
      return c.redirect(ownPath(attempt.to), 303);
    } catch (error) {
      return refused(c, error, ownPath(attempt?.to));
    }
  });

  return routes;

  function configured(): OidcConfig {
    if (!deps.config.oidc) throw problem(404, 'not_found');
    return deps.config.oidc;
  }

  function redirectUri(c: Context<Env>): string {
    const { public_url, trust_proxy } = deps.config;
    if (public_url) return `${public_url}${PATH}/callback`;
    const host = (trust_proxy && c.req.header('x-forwarded-host')) || c.req.header('host') || new URL(c.req.url).host;
    return `${isHttps(c, deps.config) ? 'https' : 'http'}://${host}${PATH}/callback`;
  }

  function refused(c: Context<Env>, error: unknown, to: string): Response {
    if (!(error instanceof OidcFault)) throw error;
    deps.log.warn({ request_id: c.var.request_id }, error.message);
    const where = to === '/' ? '' : `&${new URLSearchParams({ to })}`;
    return c.redirect(`/sign-in?problem=${error.key}${where}`, 303);
  }

  function from(c: Context<Env>): From {
    return {
      ip: addressOf(c, deps.config.trust_proxy),
      user_agent: c.req.header('user-agent') ?? null,
      request_id: c.var.request_id ?? null,
    };
  }
}

/** A path of this console in letters that every browser takes as they are; anything else leads home. */
export function ownPath(to: string | undefined): string {
  return to && to.length <= 2000 && /^\/(?![/\\])[\x21-\x7e]*$/.test(to) ? to : '/';
}

function readAttempt(cookie: string | undefined): Attempt | null {
  try {
    const read = JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString()) as Attempt;
    const texts = [read.state, read.nonce, read.verifier, read.to];
    return texts.every((each) => typeof each === 'string' && each !== '') ? read : null;
  } catch {
    return null;
  }
}
