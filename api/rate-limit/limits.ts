/**
 * How much anybody may ask. Everything under /api counts: what comes without a valid sign-in by its network address, the
 * rest by the person, or by the token where a program asks. Nothing here reads the database. The numbers are settings
 * (config.ts); each process counts for itself.
 */
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { addressOf } from '../auth.ts';
import type { Config } from '../config.ts';
import type { Env } from '../context.ts';
import { problem } from '../errors.ts';
import { type Buckets, buckets, type Limit, network } from './bucket.ts';

/** Counts a request by its address until it proves to come from somebody. @throws Problem 429 `too_many_requests` */
export function limitStrangers({ limits, trust_proxy }: Pick<Config, 'limits' | 'trust_proxy'>) {
  const limit = limits.address;
  if (!limit) return nothing;
  const counted = buckets(limit);
  return createMiddleware<Env>(async (c, next) => {
    const key = network(addressOf(c, trust_proxy));
    const wait = counted.take(key);
    if (wait > 0) throw tooMany(c, 'address', limit, wait);
    await next();
    if (c.var.user) counted.refund(key);
  });
}

/** Counts a request by the person or token it comes from. To stand behind `signedIn`. @throws Problem 429 `too_many_requests` */
export function limitCallers({ limits }: Pick<Config, 'limits'>) {
  const by_user = limits.user && { name: 'user', limit: limits.user, counted: buckets(limits.user) };
  const by_token = limits.token && { name: 'token', limit: limits.token, counted: buckets(limits.token) };
  return createMiddleware<Env>(async (c, next) => {
    const { id, token } = c.var.user;
    const rule = token ? by_token : by_user;
    if (!rule) return next();
    const key = String(token?.id ?? id);
    const wait = rule.counted.take(key);
    if (wait > 0) throw tooMany(c, rule.name, rule.limit, wait);
    return answerWith(c, rule.name, rule, key, next);
  });
}

interface Rule {
  limit: Limit;
  counted: Buckets;
}

async function answerWith(
  c: Context<Env>,
  name: string,
  { limit, counted }: Rule,
  key: string,
  next: () => Promise<void>,
): Promise<void> {
  const { outgoing } = (c.env ?? {}) as { outgoing?: { setHeader(name: string, value: string): void } };
  // Straight to the socket's answer: touching the headers of a finished Response costs more than the rest of the limit.
  if (outgoing) {
    outgoing.setHeader('ratelimit-policy', policy(name, limit));
    outgoing.setHeader('ratelimit', `"${name}";r=${counted.left(key)}`);
    return next();
  }
  await next();
  c.header('ratelimit-policy', policy(name, limit));
  c.header('ratelimit', `"${name}";r=${counted.left(key)}`);
}

const nothing = createMiddleware<Env>((_, next) => next());

/** As the IETF draft on RateLimit fields writes it: a quota, and the seconds in which all of it is there again. */
function policy(name: string, { burst, per_minute }: Limit): string {
  return `"${name}";q=${burst};w=${Math.ceil((burst / per_minute) * 60)}`;
}

function tooMany(c: Context<Env>, name: string, limit: Limit, seconds: number) {
  c.header('ratelimit-policy', policy(name, limit));
  c.header('ratelimit', `"${name}";r=0;t=${seconds}`);
  return problem(429, 'too_many_requests', { seconds });
}
