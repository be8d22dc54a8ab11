import { useLang } from '../../i18n/index.ts';
import type { InputProps } from '../kind.ts';

/** A choice in a row: the browser's own control, light enough to stand in every line, and letters lead to its entries. */
export function RowChoice({ id, field, value, onChange, disabled, invalid, describedBy }: InputProps) {
  const { say } = useLang();
  const choices = field.kind === 'choice' ? Object.entries(field.choices) : [];
  const chosen = typeof value === 'string' ? value : '';
  return (
    <select
      id={id}
      className="select"
      value={chosen}
      disabled={disabled}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      onChange={(event) => onChange(event.target.value || null)}
    >
      {!field.required || chosen === '' ? <option value="" /> : null}
      {choices.map(([code, label]) => (
        <option key={code} value={code}>
          {say(label)}
        </option>
      ))}
    </select>
  );
}
