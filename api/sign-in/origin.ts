/**
 * Writes come from our own pages. A browser says where a request was made (Sec-Fetch-Site, or Origin on a plain http
 * address); what another site sends in a signed-in person's name is refused. Programs that are no browser send neither.
 * With a token no cookie counts, and a page elsewhere cannot send one of ours, so tokens are not asked where they come from.
 */
import { createMiddleware } from 'hono/factory';
import type { Env } from '../context.ts';
import { problem } from '../errors.ts';
import { bearerIn } from './tokens.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** @throws Problem 403 `cross_site` for an unsafe method that another origin started. */
export const sameOrigin = createMiddleware<Env>(async (c, next) => {
  const program = bearerIn(c.req.header('authorization')) !== undefined && !c.req.path.startsWith('/api/auth/');
  if (!SAFE.has(c.req.method) && !program && !ours(c.req.header.bind(c.req))) throw problem(403, 'cross_site');
  await next();
});

function ours(header: (name: string) => string | undefined): boolean {
  const site = header('sec-fetch-site');
  // Decides alone: pages cannot set it, and behind a proxy the Host we see is not the one the page was loaded from.
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = header('origin');
  if (origin === undefined) return true;
  try {
    const host = header('x-forwarded-host') ?? header('host');
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
