/** A short id per request, said in every error and written with every change, so that people can name what went wrong. */
import { randomBytes } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import type { Env } from './context.ts';

const process_part = randomBytes(5).toString('hex');
let counter = 0;

export const requestId = createMiddleware<Env>(async (c, next) => {
  counter += 1;
  c.set('request_id', `${process_part}-${counter.toString(36)}`);
  await next();
});
