/** How many records of a list others have changed since it was read. */
import { useEffect, useState } from 'react';
import { onEvent } from '../refine/events.ts';

/** One's own change comes back as an event within this time. */
const ECHO_MS = 5_000;
/** After many the list is read again, with what others did meanwhile. */
const MANY_ECHO_MS = 2_000;
const own = new Map<string, number>();

/** The event of this change will be no news. */
export function noteOwnChange(resource: string, id: number): void {
  own.set(`${resource} ${id}`, performance.now());
}

/** The same of many at once, before it is known which. */
export function noteOwnChanges(resource: string): void {
  own.set(`${resource} *`, performance.now());
}

/** @returns the number, and how to begin again at none */
export function useLiveChanges(resource: string): [changed: number, clear: () => void] {
  const [ids, setIds] = useState<ReadonlySet<number | string>>(new Set());
  useEffect(() => {
    setIds(new Set());
    return onEvent((event) => {
      if (event.type !== 'resource' || event.name !== resource) return;
      if (performance.now() - (own.get(`${resource} *`) ?? -MANY_ECHO_MS) < MANY_ECHO_MS) return;
      const news = event.ids.filter((id) => performance.now() - (own.get(`${resource} ${id}`) ?? -ECHO_MS) >= ECHO_MS);
      // Without ids there were too many to name.
      if (event.ids.length > 0 && news.length === 0) return;
      setIds((known) => new Set([...known, ...(event.ids.length > 0 ? news : [`many ${known.size}`])]));
    });
  }, [resource]);
  return [ids.size, () => setIds(new Set())];
}
