import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';

/** Others changed something here: offered, not imposed. */
export function LiveNote({ count, onRefresh }: { count: number; onRefresh(): void }) {
  const { t } = useLang();
  return (
    <div className="live-note" role="status">
      <Icon name="info" />
      <span>{t('list.changed', { n: count })}</span>
      <Button small icon="refresh" onClick={onRefresh}>
        {t('list.refresh')}
      </Button>
    </div>
  );
}
