import { memo, useEffect, useRef } from 'react';
import { useLang } from '../i18n/index.ts';

/** The box that chooses a record. With Shift everything up to it from the one before. */
export const PickBox = memo(function PickBox({
  id,
  title,
  chosen,
  onToggle,
}: {
  id: number;
  title: string;
  chosen: boolean;
  onToggle(id: number, range: boolean): void;
}) {
  const { t } = useLang();
  return (
    <label className="pick-area">
      <input
        type="checkbox"
        className="checkbox"
        aria-label={t('bulk.pick', { title })}
        checked={chosen}
        onChange={(event) => onToggle(id, (event.nativeEvent as MouseEvent).shiftKey)}
      />
    </label>
  );
});

/** The box over them all: the records of this page. */
export function PickPage({ state, onToggle }: { state: 'all' | 'some' | 'none'; onToggle(): void }) {
  const { t } = useLang();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = state === 'some';
  }, [state]);
  return (
    <label className="pick-area">
      <input
        ref={box}
        type="checkbox"
        className="checkbox"
        aria-label={t('bulk.pick_page')}
        title={t('bulk.pick_page')}
        checked={state === 'all'}
        onChange={onToggle}
      />
    </label>
  );
}
