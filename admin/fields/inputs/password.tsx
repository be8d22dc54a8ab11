import type { InputProps } from '../kind.ts';

export default function PasswordInput({ id, value, onChange, disabled, invalid, describedBy }: InputProps) {
  return (
    <input
      id={id}
      type="password"
      className="input"
      value={String(value ?? '')}
      disabled={disabled}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      autoComplete="new-password"
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    />
  );
}
