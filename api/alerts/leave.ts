/** The address in each e-mail by which a subscription ends, without signing in. */
import { readToken, signToken } from '../campaign-pages/signed-token.ts';
import type { Config } from '../config.ts';
import { linkBase } from '../outbox/claim.ts';
import type { Keeper } from '../outbox/secrets.ts';

/** Of an e-mail that somebody finds a year later. */
const DAYS = 400;

export function leaveAddress(
  config: Keeper & Pick<Config, 'public_url' | 'host' | 'port'>,
  subscription_id: number,
): string {
  return `${linkBase(config)}/unsubscribe/${signToken(config, 'subscription', subscription_id, DAYS)}`;
}

/** @returns the subscription; null for what is no such address */
export function subscriptionIn(config: Keeper, token: string): number | null {
  return readToken(config, 'subscription', token);
}
