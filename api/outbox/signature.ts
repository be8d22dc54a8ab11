/** Signs what is posted to others: HMAC-SHA256 over "<seconds since 1970>.<body>", by each secret that holds. */
import { createHmac } from 'node:crypto';

export const SIGNATURE_HEADER = 'evergreen-signature';

/** @returns "t=1767225600,v1=<hex>,v1=<hex of the one before>" */
export function signature(secrets: readonly string[], { body, at }: { body: string; at: number }): string {
  const seconds = Math.floor(at / 1000);
  const signed = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`,
  );
  return [`t=${seconds}`, ...signed].join(',');
}
