/** Light, dark, or as the system says. The choice stays in this browser. */
export type ThemeMode = 'light' | 'dark' | 'system';
const KEY = 'evergreen.theme';

export function themeMode(): ThemeMode {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

export function isDark(): boolean {
  const mode = themeMode();
  return mode === 'dark' || (mode === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
}

/** Puts the theme on the document; base.css and the antd theme read it from there. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
}

export function setThemeMode(mode: ThemeMode): void {
  if (mode === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, mode);
  announce();
}

/** For useSyncExternalStore. */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const listeners = new Set<() => void>();

function announce(): void {
  applyTheme();
  for (const listener of listeners) listener();
}

export function followSystemTheme(): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', announce);
}
