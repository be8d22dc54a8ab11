import type { InputProps } from '../kind.ts';

export default function LongTextInput({ id, field, value, onChange, disabled, invalid, describedBy }: InputProps) {
  const text = value === null || value === undefined ? '' : String(value);
  return (
    <textarea
      id={id}
      className="input"
      rows={Math.min(12, Math.max(3, text.split('\n').length + 1))}
      value={text}
      maxLength={'max' in field && typeof field.max === 'number' ? field.max : undefined}
      disabled={disabled}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    />
  );
}
