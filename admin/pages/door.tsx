import { type ReactNode, useEffect } from 'react';
import { changeLang, useLang } from '../i18n/index.ts';
import { Mark } from '../shell/mark.tsx';

/** The frame of the pages outside: sign-in, setting a password. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  const { t, lang } = useLang();
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title, t]);
  return (
    <main className="door">
      <div className="door-card card">
        <header>
          <Mark size={40} />
          <div>
            <h1>{t('product')}</h1>
            <p className="muted">{t('product.line')}</p>
          </div>
        </header>
        {children}
      </div>
      <footer className="door-foot">
        <button
          type="button"
          className="link"
          lang={lang === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => changeLang(lang === 'zh' ? 'en' : 'zh')}
        >
          {lang === 'zh' ? 'English' : '中文'}
        </button>
      </footer>
    </main>
  );
}
