import { useSyncExternalStore } from 'react';

const query = () => matchMedia('(max-width: 640px)');

/** True on a phone: what is laid out side by side becomes a list there. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = query();
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => query().matches,
  );
}
