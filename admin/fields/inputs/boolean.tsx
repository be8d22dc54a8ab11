import { useLang } from '../../i18n/index.ts';
import type { InputProps } from '../kind.ts';

export default function BooleanInput({ id, value, onChange, disabled, describedBy }: InputProps) {
  const { t } = useLang();
  return (
    <span className="switch-line">
      <input
        id={id}
        type="checkbox"
        role="switch"
        className="switch"
        checked={value === true}
        aria-checked={value === true}
        disabled={disabled}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{t(value === true ? 'yes' : 'no')}</span>
    </span>
  );
}
