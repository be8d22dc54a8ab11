import type { InputProps } from '../kind.ts';

/** The system's colour picker beside the value in letters; either may be used. */
export default function ColorInput({ id, value, onChange, disabled, invalid, describedBy }: InputProps) {
  const text = String(value ?? '');
  return (
    <span className="color-input">
      <input
        type="color"
        aria-hidden="true"
        tabIndex={-1}
        disabled={disabled}
        value={/^#[0-9a-f]{6}$/i.test(text) ? text : '#808080'}
        onChange={(event) => onChange(event.target.value)}
      />
      <input
        id={id}
        className="input mono"
        value={text}
        maxLength={7}
        disabled={disabled}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      />
    </span>
  );
}
