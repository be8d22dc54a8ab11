/** i18next over two dictionaries. `useLang` gives everything a component needs to speak. */
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Lang, Pair } from '../../api/contract.ts';
import en from './en.json' with { type: 'json' };
import { currentLang, rememberLang } from './lang.ts';
import zh from './zh.json' with { type: 'json' };

export type TextKey = keyof typeof zh;

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: currentLang(),
    fallbackLng: 'zh',
    // Keys are flat ("list.empty.title"); a dot is part of the name.
    keySeparator: false,
    nsSeparator: false,
    resources: { zh: { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
}

export function changeLang(lang: Lang): void {
  rememberLang(lang);
  void i18next.changeLanguage(lang);
}

export interface Speech {
  lang: Lang;
  t(key: TextKey, params?: { [name: string]: string | number }): string;
  /** A pair in the language in use. */
  say(pair: Pair): string;
}

export function useLang(): Speech {
  const { t, i18n } = useTranslation();
  const lang: Lang = i18n.language === 'en' ? 'en' : 'zh';
  return { lang, t: (key, params) => t(key, params ?? {}) as string, say: (pair) => pair[lang === 'zh' ? 0 : 1] };
}

/** For the few places outside React. */
export const translate = (key: TextKey, params?: { [name: string]: string | number }): string =>
  i18next.t(key, params ?? {}) as string;
