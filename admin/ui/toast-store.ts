/** Short messages at the edge of the screen. A store of its own so that code outside React can speak too. */
export interface Toast {
  id: number;
  text: string;
  tone: 'good' | 'bad' | 'info';
}

let toasts: readonly Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

export function showToast({ text, tone = 'good' }: { text: string; tone?: Toast['tone'] }): void {
  const toast: Toast = { id: next++, text, tone };
  set([...toasts.slice(-3), toast]);
  // An error stays until read and closed.
  if (tone !== 'bad') setTimeout(() => dismissToast(toast.id), 5000);
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
