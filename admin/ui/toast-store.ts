/** Short messages at the edge of the screen. A store of its own so that code outside React can speak too. */
export interface Toast {
  id: number;
  text: string;
  tone: 'good' | 'bad' | 'info';
  /** What may be done about it, e.g. take it back. */
  action?: { label: string; run(): void | Promise<void> };
}

let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

const STAYS_MS = 5_000;
/** With something to decide it stays longer. */
const ACTION_STAYS_MS = 20_000;

export function showToast({ text, tone = 'good', action }: Omit<Toast, 'id' | 'tone'> & Partial<Toast>): void {
  const toast: Toast = { id: next++, text, tone, action };
  set([...toasts.slice(-3), toast]);
  // An error stays until read and closed.
  if (tone !== 'bad') setTimeout(() => dismissToast(toast.id), action ? ACTION_STAYS_MS : STAYS_MS);
}

/** Runs what the toast offers, once. */
export function takeToast({ id, action }: Toast): void {
  dismissToast(id);
  void action?.run();
}

export function dismissToast(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

export const currentToasts = (): readonly Toast[] => toasts;

export function onToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(value: readonly Toast[]): void {
  toasts = value;
  for (const listener of listeners) listener();
}
