/** How many wrong sign-ins one network address may make, whoever it claims to be. In memory, bounded, per process. */

const BURST = 60;
const PER_SECOND = 0.1;
const ADDRESSES_MAX = 10_000;

interface Bucket {
  left: number;
  at: number;
}

export interface Throttle {
  /** Takes one attempt; returns 0, or the seconds to wait when none is left. */
  take(address: string, now?: number): number;
  /** Gives an attempt back: the password was right. */
  refund(address: string): void;
  readonly size: number;
}

/** A bucket of 60 attempts per address, refilled by six a minute. */
export function throttle(): Throttle {
  const buckets = new Map<string, Bucket>();
  return {
    take(address, now = performance.now()) {
      const key = network(address);
      const before = buckets.get(key);
      const left = before ? Math.min(BURST, before.left + ((now - before.at) / 1000) * PER_SECOND) : BURST;
      // Set anew to move it to the end: what is evicted is the address heard of longest ago.
      buckets.delete(key);
      if (buckets.size >= ADDRESSES_MAX) buckets.delete(buckets.keys().next().value as string);
      buckets.set(key, { left: left < 1 ? left : left - 1, at: now });
      return left < 1 ? Math.ceil((1 - left) / PER_SECOND) : 0;
    },
    refund(address) {
      const bucket = buckets.get(network(address));
      if (bucket) bucket.left = Math.min(BURST, bucket.left + 1);
    },
    get size() {
      return buckets.size;
    },
  };
}

/** One subscriber holds a whole /64 of IPv6, so that is what counts as one address. */
function network(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (v4) return v4[1] as string;
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] as string).split('::');
  const groups = head.split(':').filter(Boolean);
  const after = tail === undefined ? [] : tail.split(':').filter(Boolean);
  while (tail !== undefined && groups.length + after.length < 8) groups.push('0');
  return [...groups, ...after].slice(0, 4).join(':').toLowerCase();
}
