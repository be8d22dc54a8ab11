/** The cookie of a session: scripts cannot read it, other sites do not send it with writes. */
import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import type { Config } from '../config.ts';
import type { Env } from '../context.ts';
import { ABSOLUTE_DAYS, SESSION_COOKIE } from './sessions.ts';

export function giveSessionCookie(c: Context<Env>, config: Config, token: string): void {
  setCookie(c, SESSION_COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: isHttps(c, config),
    maxAge: ABSOLUTE_DAYS * 86_400,
  });
}

/** A proxy that speaks https for us says so; whoever lies about it only loses their own cookie. */
export function isHttps(c: Context<Env>, { secure_cookies }: Config): boolean {
  return secure_cookies || c.req.url.startsWith('https:') || c.req.header('x-forwarded-proto') === 'https';
}
