import './page-preview.css';
import { useEffect, useRef, useState } from 'react';
import type { Impact } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';

/** The widths at which pages are looked at: a telephone, a tablet, a desk. */
const WIDTHS = { phone: 390, tablet: 820, desk: 1440 } as const;
type Device = keyof typeof WIDTHS;

/**
 * A page as it will be, in a frame of its own address without scripts: what is in it is put there from here, so that it keeps
 * its place while somebody types.
 */
export default function PagePreview({ page }: { page: NonNullable<Impact['page']> }) {
  const { t, lang } = useLang();
  const [device, setDevice] = useState<Device>('phone');
  const [shown, setShown] = useState(lang);
  const [ready, setReady] = useState(false);
  const [room, setRoom] = useState(0);
  const frame = useRef<HTMLIFrameElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const text = page[shown];
  useEffect(() => {
    const inner = frame.current?.contentDocument;
    if (!ready || !inner) return;
    const next = new DOMParser().parseFromString(text, 'text/html');
    const top = inner.scrollingElement?.scrollTop ?? 0;
    inner.replaceChild(inner.adoptNode(next.documentElement), inner.documentElement);
    inner.scrollingElement?.scrollTo({ top, behavior: 'instant' });
  }, [text, ready]);
  useEffect(() => {
    const watched = box.current;
    if (!watched) return;
    const observer = new ResizeObserver(() => setRoom(watched.clientWidth));
    observer.observe(watched);
    return () => observer.disconnect();
  }, []);
  const width = WIDTHS[device];
  const scale = room === 0 ? 1 : Math.min(1, room / width);
  return (
    <div className="page-preview">
      <div className="page-preview-tools">
        <fieldset className="segments">
          <legend className="visually-hidden">{t('preview.width')}</legend>
          {(Object.keys(WIDTHS) as Device[]).map((each) => (
            <button key={each} type="button" aria-pressed={each === device} onClick={() => setDevice(each)}>
              {t(`preview.${each}`)}
            </button>
          ))}
        </fieldset>
        <fieldset className="segments">
          <legend className="visually-hidden">{t('preview.language')}</legend>
          {(['zh', 'en'] as const).map((each) => (
            <button key={each} type="button" aria-pressed={each === shown} onClick={() => setShown(each)}>
              {each === 'zh' ? '中文' : 'English'}
            </button>
          ))}
        </fieldset>
      </div>
      <div className="page-preview-box" ref={box} style={{ height: Math.round(700 * Math.max(scale, 0.75)) }}>
        <iframe
          ref={frame}
          title={t('preview.title')}
          src="/p/_frame"
          sandbox="allow-same-origin"
          onLoad={() => setReady(true)}
          style={{
            width,
            height: Math.round((700 * Math.max(scale, 0.75)) / scale),
            transform: `scale(${scale})`,
          }}
        />
      </div>
    </div>
  );
}
