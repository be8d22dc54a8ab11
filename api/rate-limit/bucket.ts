/** Token buckets by name, in memory of this process, bounded: what is forgotten under a flood is who was heard of longest ago. */

/** `burst` at once, refilled by `per_minute`. */
export interface Limit {
  burst: number;
  per_minute: number;
}

export interface Buckets {
  /** Takes one; returns 0, or the whole seconds to wait when none is left. */
  take(key: string, now?: number): number;
  /** Gives one back: it should not have counted. */
  refund(key: string): void;
  /** Whole ones left. */
  left(key: string): number;
  readonly size: number;
}

const KEYS_MAX = 10_000;

interface Bucket {
  left: number;
  at: number;
}

/** @param now and `performance.now()` are milliseconds. */
export function buckets({ burst, per_minute }: Limit): Buckets {
  const kept = new Map<string, Bucket>();
  const per_ms = per_minute / 60_000;
  return {
    take(key, now = performance.now()) {
      const bucket = kept.get(key) ?? { left: burst, at: now };
      bucket.left = Math.min(burst, bucket.left + (now - bucket.at) * per_ms);
      bucket.at = now;
      // Set anew to move it to the end: what is evicted is who was heard of longest ago.
      kept.delete(key);
      if (kept.size >= KEYS_MAX) kept.delete(kept.keys().next().value as string);
      kept.set(key, bucket);
      if (bucket.left < 1) return Math.ceil((1 - bucket.left) / per_ms / 1000);
      bucket.left--;
      return 0;
    },
    refund(key) {
      const bucket = kept.get(key);
      if (bucket) bucket.left = Math.min(burst, bucket.left + 1);
    },
    left: (key) => Math.floor(kept.get(key)?.left ?? burst),
    get size() {
      return kept.size;
    },
  };
}

/** What counts as one address: one subscriber holds a whole /64 of IPv6. */
export function network(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (v4) return v4[1] as string;
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] as string).split('::');
  const groups = head.split(':').filter(Boolean);
  const after = tail === undefined ? [] : tail.split(':').filter(Boolean);
  while (tail !== undefined && groups.length + after.length < 8) groups.push('0');
  return [...groups, ...after].slice(0, 4).join(':').toLowerCase();
}
