/** A record's page follows what happens with the record: what others do with it, and what the engine makes of an action a moment later. */
import { useCallback, useEffect, useRef } from 'react';
import type { MetaResource } from '../../api/contract.ts';
import { onEvent } from '../refine/events.ts';

/** What an action leaves to the engine is there by then. */
const WORKED_MS = 2_500;
/** Several changes in a row are read once. */
const GATHER_MS = 300;

/** @returns to be called after an action of this page; reads at once, and again when its effects are there */
export function useLaterChanges({
  resource,
  id,
  read,
}: {
  resource: MetaResource;
  id: string;
  read(): void;
}): () => void {
  const worked = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const stop = onEvent((event) => {
      if (event.type !== 'resource' || event.name !== resource.name) return;
      // Without ids there were too many to name.
      if (event.ids.length > 0 && !event.ids.some((each) => String(each) === id)) return;
      clearTimeout(gathering);
      gathering = setTimeout(read, GATHER_MS);
    });
    return () => {
      stop();
      clearTimeout(gathering);
    };
  }, [resource.name, id, read]);
  useEffect(() => () => clearTimeout(worked.current), []);
  return useCallback(() => {
    read();
    clearTimeout(worked.current);
    worked.current = setTimeout(read, WORKED_MS);
  }, [read]);
}
