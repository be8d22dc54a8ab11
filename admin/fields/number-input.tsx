/** A number being typed is text; it becomes a value of its wire type when it reads as one, and stays text until then. */
import { useEffect, useState } from 'react';
import type { Json } from '../../api/contract.ts';
import type { InputProps } from './kind.ts';

interface Props extends InputProps {
  prefix?: string;
  suffix?: string;
  /** Value -> what stands in the box. */
  show(value: Json): string;
  /** What was typed -> value; null when it is not a number yet. */
  read(text: string): Json | null;
}

export function NumberInput({
  id,
  value,
  show,
  read,
  prefix,
  suffix,
  aloud,
  onChange,
  disabled,
  invalid,
  describedBy,
}: Props) {
  const shown = value === null || value === undefined ? '' : show(value);
  const [text, setText] = useState(shown);
  // A value set from outside (a default, a merge) replaces the text; one's own "1." stays while typed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looks at the text only when the value changes.
  useEffect(() => {
    if (normal(read(clean(text)), text) !== (value ?? null)) setText(shown);
  }, [value]);
  return (
    <span className={`input-affix${prefix ? ' input-affix-start' : ''}${suffix ? ' input-affix-end' : ''}`}>
      {prefix ? <span className="affix">{prefix}</span> : null}
      <input
        id={id}
        inputMode="decimal"
        aria-label={aloud}
        className="input input-number"
        value={text}
        disabled={disabled}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        autoComplete="off"
        onChange={(event) => {
          setText(event.target.value);
          onChange(normal(read(clean(event.target.value)), event.target.value));
        }}
        onBlur={() => {
          const settled = read(clean(text));
          if (settled !== null) setText(show(settled));
        }}
      />
      {suffix ? <span className="affix affix-end">{suffix}</span> : null}
    </span>
  );
}

/** Full-width digits and signs, as a Chinese input method types them, and thousands separators. */
export function clean(text: string): string {
  return text
    .replace(/[０-９．－]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/。/g, '.')
    .replace(/[,，\s]/g, '');
}

/** Nothing is null; text that is no number is handed on as it is, for the server's sentence about it. */
function normal(value: Json | null, text: string): Json {
  if (value !== null) return value;
  return text.trim() === '' ? null : text.trim();
}

export function readInteger(text: string): Json | null {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : null;
}

export function readDecimal(text: string): Json | null {
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(text)) return null;
  const [whole = '', fraction = ''] = text.replace(/^-/, '').split('.');
  const number = `${whole.replace(/^0+(?=\d)/, '') || '0'}${fraction ? `.${fraction}` : ''}`;
  return text.startsWith('-') ? `-${number}` : number;
}
