/** i18next over two dictionaries. `useLang` gives everything a component needs to speak. */
import i18next from 'i18next';
import { useSyncExternalStore } from 'react';
import type { Lang, Pair } from '../../api/contract.ts';
import en from './en.json' with { type: 'json' };
import { currentLang, rememberLang } from './lang.ts';
import zh from './zh.json' with { type: 'json' };

/** A text, or what two texts for one and for several have in common: "bulk.saved" for bulk.saved_one and bulk.saved_other. */
export type TextKey = keyof typeof zh | Stem<keyof typeof zh>;
type Stem<K> = K extends `${infer S}_other` ? S : never;

export async function startI18n(): Promise<void> {
  await i18next.init({
    lng: currentLang(),
    fallbackLng: 'zh',
    // Keys are flat ("list.empty.title"); a dot is part of the name.
    keySeparator: false,
    nsSeparator: false,
    resources: { zh: { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
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

/** Every cell of a list speaks, so this is one value per language and one subscription, no more. */
export function useLang(): Speech {
  return speeches[useSyncExternalStore(onLanguage, spoken)];
}

const speeches: { [lang in Lang]: Speech } = { zh: speechIn('zh'), en: speechIn('en') };

function speechIn(lang: Lang): Speech {
  const plain = new Map<TextKey, string>();
  const at = lang === 'zh' ? 0 : 1;
  return {
    lang,
    t: (key, params) => {
      if (params) return lang === 'zh' ? spaced(key, params) : (i18next.t(key, { ...params, lng: lang }) as string);
      let text = plain.get(key);
      if (text === undefined) {
        text = i18next.t(key, { lng: lang }) as string;
        plain.set(key, text);
      }
      return text;
    },
    say: (pair) => pair[at],
  };
}

/** A label that begins or ends in Latin letters (Webhook, API) stands off from the Chinese around it. */
function spaced(key: TextKey, params: { [name: string]: string | number }): string {
  const marked = params.label === undefined ? params : { ...params, label: `\u2060${params.label}\u2060` };
  return (i18next.t(key, { ...marked, lng: 'zh' }) as string)
    .replace(/(?<=\p{Script=Han})\u2060(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])\u2060(?=\p{Script=Han})/gu, ' ')
    .replaceAll('\u2060', '');
}

const spoken = (): Lang => (i18next.language === 'en' ? 'en' : 'zh');

function onLanguage(changed: () => void): () => void {
  i18next.on('languageChanged', changed);
  return () => i18next.off('languageChanged', changed);
}

/** For the few places outside React. */
export const translate = (key: TextKey, params?: { [name: string]: string | number }): string =>
  i18next.t(key, params ?? {}) as string;
