/** Which record is being looked at beside the page. A store of its own, so that any title can ask for it. */
export interface QuickLook {
  resource: string;
  id: number;
}

let current: QuickLook | null = null;
const listeners = new Set<() => void>();

export function openQuickLook(next: QuickLook): void {
  set(next);
}

export function closeQuickLook(): void {
  set(null);
}

export const currentQuickLook = (): QuickLook | null => current;

export function onQuickLook(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: QuickLook | null): void {
  current = next;
  for (const listener of listeners) listener();
}
