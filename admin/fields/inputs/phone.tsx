import type { InputProps } from '../kind.ts';

export default function PhoneInput({ id, value, onChange, disabled, invalid, describedBy }: InputProps) {
  return (
    <input
      id={id}
      type="tel"
      className="input"
      value={String(value ?? '')}
      disabled={disabled}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    />
  );
}
