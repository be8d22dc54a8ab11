/** The language in use: what the person chose here, else Chinese. Kept in the browser so that it is known before sign-in. */
import type { Lang } from '../../api/contract.ts';

const KEY = 'evergreen.lang';
let current: Lang | undefined;

export function currentLang(): Lang {
  current ??= storedLang() ?? 'zh';
  return current;
}

export function storedLang(): Lang | null {
  const value = globalThis.localStorage?.getItem(KEY);
  return value === 'zh' || value === 'en' ? value : null;
}

export function rememberLang(lang: Lang): void {
  current = lang;
  globalThis.localStorage?.setItem(KEY, lang);
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
}
