/**
 * Which of two versions a visitor gets. Whoever is known (a signed token) by a hash of page and customer: the same on every
 * device, for as long as the test runs. Everybody else by a keyed hash of page, day, network address and browser: without a
 * cookie the server has nothing else that stays while somebody reloads, goes back or opens the page a second time, and drawing
 * anew at each view would count one visit for both versions. The hash is neither stored nor told; its key changes each day.
 */
import { createHash, createHmac } from 'node:crypto';
import { type Keeper, keyFor } from '../outbox/secrets.ts';

export interface Split {
  share_rate: string;
}

/** @returns from 0 to below 1 */
export function drawOfCustomer(page_id: number, customer_id: number): number {
  return fraction(createHash('sha256').update(`page ${page_id} ${customer_id}`).digest());
}

export function drawOfStranger(
  config: Keeper,
  { page_id, address, agent, day }: { page_id: number; address: string; agent: string; day: string },
): number {
  const said = JSON.stringify([page_id, day, address, agent]);
  return fraction(createHmac('sha256', keyFor(config, 'page split')).update(said).digest());
}

/**
 * @param versions published, by number. The newer one has the upper end, so that a larger share of it moves visitors only from
 *   the older to the newer.
 */
export function chosen<T extends Split>(versions: readonly T[], draw: number): T | undefined {
  const newer = versions.at(-1);
  if (versions.length < 2 || !newer) return newer;
  return draw >= 1 - Number(newer.share_rate) ? newer : versions[0];
}

const fraction = (hash: Buffer): number => hash.readUInt32BE(0) / 2 ** 32;
