/** Counts the saves of report files, so that what is on the page is asked for again. */
import { useEffect, useState } from 'react';
import type { ServerEvent } from '../api/contract.ts';

type Subscribe = (listener: (event: ServerEvent) => void) => () => void;

/** @param slug only this report; every report when null. @returns a number that grows with each save. */
export function useReportEvents(slug: string | null, subscribe: Subscribe = ownStream): number {
  const [version, setVersion] = useState(0);
  useEffect(
    () =>
      subscribe((event) => {
        if (event.type === 'report' && (slug === null || event.slug === slug)) setVersion((before) => before + 1);
      }),
    [slug, subscribe],
  );
  return version;
}

function ownStream(listener: (event: ServerEvent) => void): () => void {
  const stream = new EventSource('/api/_events');
  stream.onmessage = ({ data }) => listener(JSON.parse(String(data)) as ServerEvent);
  return () => stream.close();
}
