import type { InputProps } from '../kind.ts';

export default function TextInput({ id, field, value, onChange, disabled, invalid, describedBy }: InputProps) {
  return (
    <input
      id={id}
      className="input"
      value={value === null || value === undefined ? '' : String(value)}
      maxLength={'max' in field && typeof field.max === 'number' ? field.max : undefined}
      disabled={disabled}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    />
  );
}
