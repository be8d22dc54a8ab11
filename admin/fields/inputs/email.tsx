import type { InputProps } from '../kind.ts';

export default function EmailInput({ id, value, onChange, disabled, invalid, describedBy }: InputProps) {
  return (
    <input
      id={id}
      // Not type=email: the browser would judge by other rules than the server.
      inputMode="email"
      className="input"
      value={String(value ?? '')}
      disabled={disabled}
      aria-invalid={invalid || undefined}
      aria-describedby={describedBy}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value.trim() === '' ? null : event.target.value.trim())}
    />
  );
}
