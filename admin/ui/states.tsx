/** What a place shows when there is nothing, not yet anything, or something went wrong. */
import type { ReactNode } from 'react';
import { useLang } from '../i18n/index.ts';
import { HttpFailure } from '../refine/http.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

export function Empty({
  icon = 'sheet',
  title,
  page,
  children,
  actions,
}: {
  icon?: string;
  title: string;
  /** It is all there is on the page, so its title is the page's. */
  page?: boolean;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon name={icon} size={26} />
      </span>
      {page ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children ? <p>{children}</p> : null}
      {actions ? <div className="empty-actions">{actions}</div> : null}
    </div>
  );
}

/** @param error whatever was thrown; an HttpFailure says its own sentence. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useLang();
  const failure = error instanceof HttpFailure ? error : null;
  const title =
    failure?.statusCode === 0 ? t('error.offline') : failure?.statusCode === 403 ? t('error.denied') : t('error.title');
  const detail = failure && failure.statusCode > 0 ? failure.message : t('error.again');
  return (
    <div className="empty" role="alert">
      <span className="empty-icon empty-icon-bad">
        <Icon name="warning" size={26} />
      </span>
      <h2>{title}</h2>
      <p>{detail}</p>
      {failure?.request_id ? <p className="muted mono">{t('error.request', { id: failure.request_id })}</p> : null}
      {onRetry ? (
        <div className="empty-actions">
          <Button icon="refresh" onClick={onRetry}>
            {t('retry')}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

export function Skeleton({ lines = 6 }: { lines?: number }) {
  const { t } = useLang();
  return (
    <div className="skeleton" aria-busy="true" role="status">
      <span className="visually-hidden">{t('loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey bars.
        <span key={line} className="skeleton-line" style={{ width: `${92 - ((line * 23) % 47)}%` }} />
      ))}
    </div>
  );
}
