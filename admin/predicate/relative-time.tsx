import type { ValueType } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';

const PATTERN = /^\$(today|now)(?:([+-])(\d+)([mhdw]))?$/;

/** "30 days ago": counted from the day, or the moment, at which the condition is decided. */
export function RelativeTime({
  value,
  type,
  disabled,
  onChange,
}: {
  value: string;
  type: ValueType;
  disabled?: boolean;
  onChange(value: string): void;
}) {
  const { t } = useLang();
  const [, , sign = '-', count = '0', unit = 'd'] = PATTERN.exec(value) ?? [];
  const base = type === 'date' ? '$today' : '$now';
  const units = type === 'date' ? (['d', 'w'] as const) : (['m', 'h', 'd', 'w'] as const);
  const set = (change: { sign?: string; count?: string; unit?: string }) => {
    const next = { sign, count, unit, ...change };
    onChange(Number(next.count) > 0 ? `${base}${next.sign}${Number(next.count)}${next.unit}` : base);
  };
  return (
    <span className="relative-time">
      <input
        className="input input-number"
        inputMode="numeric"
        aria-label={t('filter.count')}
        value={count}
        disabled={disabled}
        onChange={(event) => set({ count: event.target.value.replace(/\D/g, '').slice(0, 5) || '0' })}
      />
      <select
        className="select"
        aria-label={t('filter.unit')}
        value={`${sign}${unit}`}
        disabled={disabled}
        onChange={(event) => set({ sign: event.target.value[0], unit: event.target.value[1] })}
      >
        {(['-', '+'] as const).flatMap((way) =>
          units.map((each) => (
            <option key={`${way}${each}`} value={`${way}${each}`}>
              {t(`filter.unit_${way === '-' ? 'ago' : 'ahead'}_${each}`)}
            </option>
          )),
        )}
      </select>
    </span>
  );
}
