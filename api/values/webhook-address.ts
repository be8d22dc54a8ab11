/** What can be said of an address for webhooks when it is saved. Where its name leads is looked at each time something is sent. */
import { isIP } from 'node:net';
import { isPrivate } from '../outbox/private-address.ts';

export type WebhookFault = 'not_a_webhook' | 'webhook_not_https' | 'webhook_with_password' | 'webhook_private';

/** Names that only a machine or a network of one's own knows. */
const OWN_NAMES = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|test|invalid)$/;

/** @returns why nothing should be posted there; null when it may be tried */
export function webhookFault(text: string, { allow_private }: { allow_private: boolean }): WebhookFault | null {
  if (/[\s\\]/.test(text) || !URL.canParse(text)) return 'not_a_webhook';
  // Spelled one way: 0x7f.1 and 2130706433 are 127.0.0.1 by now.
  const { protocol, username, password, hostname } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'not_a_webhook';
  if (!/^https?:\/\/[^/]/i.test(text)) return 'not_a_webhook';
  if (username !== '' || password !== '') return 'webhook_with_password';
  if (allow_private) return null;
  if (protocol !== 'https:') return 'webhook_not_https';
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host)) return isPrivate(host) ? 'webhook_private' : null;
  return !host.includes('.') || OWN_NAMES.test(host) ? 'webhook_private' : null;
}
