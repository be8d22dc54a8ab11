/** Somebody's habits in a list, kept by the server: any browser they sign in with knows them. */
import type { ListSettings, Meta } from '../../api/contract.ts';
import { send } from '../refine/http.ts';
import { META_KEY, queryClient } from '../refine/query-client.ts';

/** Several changes in a row, such as a column being dragged, are sent as one. */
const GATHER_MS = 400;
const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** Takes effect at once; a value of undefined forgets. Kept a moment later. */
export function changeHabits(resource: string, change: Partial<ListSettings>): void {
  const meta = queryClient.getQueryData<Meta>(META_KEY);
  if (!meta) return;
  const merged = { ...meta.preferences[resource], ...change };
  const habits = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)) as ListSettings;
  queryClient.setQueryData<Meta>(META_KEY, { ...meta, preferences: { ...meta.preferences, [resource]: habits } });
  clearTimeout(waiting.get(resource));
  waiting.set(
    resource,
    setTimeout(() => keep(resource), GATHER_MS),
  );
}

/** A page that is left takes what is not sent yet along. */
addEventListener('pagehide', () => {
  for (const resource of waiting.keys()) keep(resource);
});

function keep(resource: string): void {
  clearTimeout(waiting.get(resource));
  waiting.delete(resource);
  const habits = queryClient.getQueryData<Meta>(META_KEY)?.preferences[resource] ?? {};
  // A habit that could not be kept is no reason to interrupt anybody: it holds until the page is left.
  void send('PUT', `/api/_preferences/${encodeURIComponent(resource)}`, { body: habits, keepalive: true }).catch(
    () => undefined,
  );
}
