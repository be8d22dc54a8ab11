import { useMemo } from 'react';
import type { Moment } from '../../api/predicate.ts';
import { utcToZoned } from '../fields/zoned-time.ts';
import { useMeta } from '../meta/meta.tsx';

/** Now, today and who, as conditions in the browser take them; those of the moment the form was opened. */
export function useMoment(): Moment {
  const { user, settings } = useMeta();
  const { time_zone } = settings;
  return useMemo(() => {
    const now = new Date().toISOString();
    return { now, today: utcToZoned(now, time_zone).slice(0, 10), me: user.id, time_zone };
  }, [time_zone, user.id]);
}
