/**
 * antd in the product's colours. Forms and filter panels wrap themselves in it; the list and the record do without antd,
 * which is what makes them quick. The values come from theme.css, so that there is one place for colours.
 */
import { App, ConfigProvider, theme } from 'antd';
import enUS from 'antd/es/locale/en_US.js';
import type { Locale } from 'antd/es/locale/index.js';
import zhCN from 'antd/es/locale/zh_CN.js';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import './antd.css';
import { type ReactNode, useMemo, useSyncExternalStore } from 'react';
import { useLang } from '../i18n/index.ts';
import { isDark, onThemeChange } from '../shell/theme-mode.ts';

// The types call these CommonJS, with the locale one step further in; the bundler gives the locale itself.
const LOCALES = { zh: zhCN as unknown as Locale, en: enUS as unknown as Locale };

export function Antd({ children }: { children: ReactNode }) {
  const { lang } = useLang();
  const dark = useSyncExternalStore(onThemeChange, isDark);
  dayjs.locale(lang === 'zh' ? 'zh-cn' : 'en');
  const config = useMemo(
    () => ({
      algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
      token: tokens(),
      // White upon the lighter green of the dark cannot be read.
      components: { Segmented: segmented(), Button: { primaryColor: value('on-brand') } },
    }),
    [dark],
  );
  return (
    <ConfigProvider
      locale={LOCALES[lang]}
      theme={config}
      // Inside a dialog or panel a list must open above it, not under it.
      getPopupContainer={(node) => node?.closest<HTMLElement>('dialog') ?? document.body}
    >
      <App component={false}>{children}</App>
    </ConfigProvider>
  );
}

const value = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Like the console's own rows of choices; antd's are black in the dark. */
const segmented = () => ({ trackBg: value('sunken'), itemSelectedBg: value('raised'), itemColor: value('ink-2') });

function tokens() {
  return {
    colorPrimary: value('brand'),
    colorLink: value('brand'),
    colorLinkHover: value('brand-hover'),
    colorError: value('bad'),
    colorText: value('ink'),
    colorTextPlaceholder: value('ink-3'),
    colorTextDescription: value('ink-3'),
    colorTextQuaternary: value('ink-3'),
    colorBgContainer: value('surface'),
    colorBgElevated: value('raised'),
    colorBorder: value('control'),
    colorBgContainerDisabled: value('sunken'),
    colorTextDisabled: value('ink-2'),
    borderRadius: 6,
    controlHeight: 34,
    fontFamily: value('font'),
    fontSize: 14,
    controlItemBgActive: value('brand-soft'),
    controlItemBgHover: value('hover'),
    controlOutlineWidth: 0,
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.16s',
  };
}
