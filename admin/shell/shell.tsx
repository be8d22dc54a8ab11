/** The signed-in frame: menu, bar, page. It asks for the definitions, and sends whoever is not signed in to the door. */
import './shell.css';
import { Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Navigate, Outlet, useLocation, useNavigate } from 'react-router';
import type { Lang } from '../../api/contract.ts';
import { changeLang, useLang } from '../i18n/index.ts';
import { storedLang } from '../i18n/lang.ts';
import { MetaProvider, useLiveMeta, useMetaQuery } from '../meta/meta.tsx';
import { HttpFailure } from '../refine/http.ts';
import { Button } from '../ui/button.tsx';
import { useHotkeys } from '../ui/hotkeys.ts';
import { Icon } from '../ui/icon.tsx';
import { later } from '../ui/later.tsx';
import { closeQuickLook, currentQuickLook, onQuickLook } from '../ui/quick-look-store.ts';
import { Failure, Skeleton } from '../ui/states.tsx';
import { adoptLang } from './adopt-lang.ts';
import { PageBoundary } from './page-boundary.tsx';
// Not lazy: what is typed right after Ctrl+K must land in it.
import Palette from './palette.tsx';
import { Sidebar } from './sidebar.tsx';
import { UserMenu } from './user-menu.tsx';

const KeyboardHelp = later(() => import('./keyboard-help.tsx'));
const QuickLook = later(() => import('../detail/quick-look.tsx'));

export function Shell() {
  const { t } = useLang();
  const location = useLocation();
  const navigate = useNavigate();
  const { data: meta, error, refetch } = useMetaQuery();
  useLiveMeta();
  const [above, setAbove] = useState<'palette' | 'help' | null>(null);
  const [menuOpen, setMenuOpen] = useState(false);
  const look = useSyncExternalStore(onQuickLook, currentQuickLook);
  const main = useRef<HTMLElement>(null);

  useHotkeys({
    'mod+k': (event) => {
      event.preventDefault();
      setAbove('palette');
    },
    '?': () => setAbove('help'),
    g: () => navigate('/'),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu.
  useEffect(() => {
    setMenuOpen(false);
    closeQuickLook();
  }, [location.pathname]);
  useEffect(() => {
    // The account's language counts until somebody chooses one in this browser; then the account follows, because the
    // server's sentences come in the account's language.
    const chosen = storedLang();
    if (meta && chosen === null) changeLang(meta.user.lang);
    else if (meta && chosen !== meta.user.lang) void adoptLang(chosen as Lang);
  }, [meta]);

  if (error instanceof HttpFailure && error.statusCode === 401) {
    const to = `${location.pathname}${location.search}`;
    return <Navigate to={to === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ to })}`} replace />;
  }
  return (
    <div className={`shell${menuOpen ? ' shell-menu-open' : ''}`}>
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      <Sidebar meta={meta} />
      {/* biome-ignore lint/a11y: the menu has its own close key; this is the grey area beside it. */}
      <div className="shell-scrim" onClick={() => setMenuOpen(false)} />
      <header className="bar">
        <span className="bar-menu">
          <Button tone="quiet" icon="menu" aria-label={t('shell.menu')} onClick={() => setMenuOpen(!menuOpen)} />
        </span>
        <button type="button" className="bar-search" onClick={() => setAbove('palette')}>
          <Icon name="search" />
          <span>{t('palette.open')}</span>
          <kbd>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <Button
          tone="quiet"
          icon="help"
          aria-label={t('keys.title')}
          title={t('keys.title')}
          onClick={() => setAbove('help')}
        />
        {meta ? <UserMenu user={meta.user} /> : null}
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {meta ? (
          <MetaProvider meta={meta}>
            <PageBoundary key={location.pathname}>
              <Suspense
                fallback={
                  <div className="page">
                    <Skeleton lines={9} />
                  </div>
                }
              >
                <Outlet />
              </Suspense>
            </PageBoundary>
            <Suspense>
              {above === 'palette' ? <Palette onClose={() => setAbove(null)} /> : null}
              {above === 'help' ? <KeyboardHelp onClose={() => setAbove(null)} /> : null}
              {look ? <QuickLook look={look} /> : null}
            </Suspense>
          </MetaProvider>
        ) : error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <div className="page">
            <Skeleton lines={9} />
          </div>
        )}
      </main>
    </div>
  );
}
