import { useSyncExternalStore } from 'react';
import { useLang } from '../i18n/index.ts';
import { Button } from './button.tsx';
import { useHotkeys } from './hotkeys.ts';
import { Icon } from './icon.tsx';
import { currentToasts, dismissToast, onToasts, takeToast } from './toast-store.ts';

const ICON = { good: 'check', bad: 'warning', info: 'info' };

export function Toasts() {
  const { t } = useLang();
  const toasts = useSyncExternalStore(onToasts, currentToasts);
  useHotkeys({
    u: () => {
      const last = toasts.findLast((toast) => toast.action);
      if (last) takeToast(last);
    },
  });
  return (
    <section className="toasts" aria-live="polite" aria-label={t('notifications')}>
      {toasts.map((toast) => (
        <div key={toast.id} className={`toast toast-${toast.tone}`} role={toast.tone === 'bad' ? 'alert' : 'status'}>
          <Icon name={ICON[toast.tone]} />
          <span>{toast.text}</span>
          {toast.action ? (
            <Button small onClick={() => takeToast(toast)}>
              {toast.action.label}
            </Button>
          ) : null}
          <Button tone="quiet" small icon="close" aria-label={t('close')} onClick={() => dismissToast(toast.id)} />
        </div>
      ))}
    </section>
  );
}
