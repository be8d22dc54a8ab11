/**
 * Tokens in addresses that say something the server itself has said, for a while: who the visitor is (`?c=`), which draft may
 * be looked at; and whose visit of another's page is measured. Nothing is stored; SECRET_KEY, or the key file under DATA_DIR, signs them (outbox/secrets.ts).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Keeper, keyFor } from '../outbox/secrets.ts';

/** What a token is for: one does not do for the other. */
export type Purpose = 'page visitor' | 'page preview' | 'measured visit' | 'subscription';

const DAY_MS = 86_400_000;
const SHAPE = /^([0-9a-z]{1,11})\.([0-9a-z]{1,5})\.([A-Za-z0-9_-]{22})$/;

/** @param id of the customer or the version; @param days for so many whole days more it holds */
export function signToken(config: Keeper, purpose: Purpose, id: number, days: number, now = Date.now()): string {
  const said = `${id.toString(36)}.${(Math.floor(now / DAY_MS) + days + 1).toString(36)}`;
  return `${said}.${signature(config, purpose, said)}`;
}

/** @returns the id it was signed for; null for what is no token, of another purpose, changed, or too old */
export function readToken(config: Keeper, purpose: Purpose, token: string, now = Date.now()): number | null {
  const [, id, until, signed] = SHAPE.exec(token) ?? [];
  if (!id || !until || !signed) return null;
  // As text: the last sign has bits to spare, and each token is to have one spelling.
  if (!timingSafeEqual(Buffer.from(signed), Buffer.from(signature(config, purpose, `${id}.${until}`)))) return null;
  const read = Number.parseInt(id, 36);
  return Number.isSafeInteger(read) && Number.parseInt(until, 36) * DAY_MS > now ? read : null;
}

/** 128 bits are beyond guessing, and the address stays short. */
function signature(config: Keeper, purpose: Purpose, said: string): string {
  return createHmac('sha256', keyFor(config, purpose)).update(said).digest().subarray(0, 16).toString('base64url');
}
