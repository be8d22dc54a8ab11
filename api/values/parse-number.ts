/** Numbers and booleans. Decimals are text with exactly the field's decimals; more of them are refused, never rounded. */
import type { Field } from '../contract.ts';
import { compareDecimal, readDecimal } from '../predicate/values.ts';
import { Fault } from './fault.ts';
import type { Parser } from './parse-value.ts';

const INT4 = 2_147_483_647;
/** Decimals are numeric(14, scale), as money is. */
const DIGITS = 14;
const RATE_SCALE = 6;

export function integerParser(field: Field & { kind: 'integer' | 'points' }, source: 'json' | 'text'): Parser {
  const edge = field.kind === 'points' ? Number.MAX_SAFE_INTEGER : INT4;
  const { min = -edge, max = edge } = field;
  const range = (value: number) => {
    if (!Number.isSafeInteger(value)) return new Fault('out_of_range');
    if (value < min) return field.min === undefined ? new Fault('out_of_range') : new Fault('too_small', { min });
    if (value > max) return field.max === undefined ? new Fault('out_of_range') : new Fault('too_large', { max });
    return value === 0 ? 0 : value;
  };
  return (raw) => {
    if (typeof raw === 'number') return Number.isInteger(raw) ? range(raw) : new Fault('not_an_integer');
    if (source === 'json' || typeof raw !== 'string') return new Fault('not_an_integer');
    if (/^-?\d{1,15}$/.test(raw)) return range(Number(raw));
    const number = plainNumber(raw);
    if (number === '') return null;
    // Spreadsheets write whole numbers as 17850.0.
    return /^[+-]?\d{1,400}(\.0*)?$/.test(number) ? range(Number(number)) : new Fault('not_an_integer');
  };
}

export function decimalParser(
  { scale, min, max }: { scale: number; min?: string; max?: string },
  source: 'json' | 'text',
): Parser {
  // What nearly every cell of a file looks like.
  const plain = new RegExp(`^(?:0|[1-9]\\d{0,${DIGITS - scale - 1}})${scale > 0 ? `\\.\\d{1,${scale}}` : ''}$`);
  const bounded = max !== undefined || (min !== undefined && compareDecimal(plainDecimal(min), '0') > 0);
  return (raw) => {
    if (!bounded && typeof raw === 'string' && plain.test(raw)) {
      return scale === 0 ? raw : raw.padEnd(raw.indexOf('.') + 1 + scale, '0');
    }
    const number = decimalText(raw, source);
    if (number === '') return null;
    const canonical = number === null ? null : readDecimal(number);
    if (canonical === null) return new Fault('not_a_number');
    const [whole = '', fraction = ''] = canonical.split('.');
    if (fraction.length > scale) return new Fault('too_precise', { scale });
    if (min !== undefined && compareDecimal(canonical, plainDecimal(min)) < 0) return new Fault('too_small', { min });
    if (max !== undefined && compareDecimal(canonical, plainDecimal(max)) > 0) return new Fault('too_large', { max });
    if (whole.length - (whole[0] === '-' ? 1 : 0) > DIGITS - scale) return new Fault('out_of_range');
    return scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0')}`;
  };
}

/** 0..1 without trailing zeros; files may say 12.5%. */
export function rateParser(source: 'json' | 'text'): Parser {
  return (raw) => {
    const number = decimalText(raw, source);
    if (number === '') return null;
    const percent = source === 'text' && number?.endsWith('%');
    const canonical = number === null ? null : readDecimal(percent ? `${number.slice(0, -1).trim()}e-2` : number);
    if (canonical === null || canonical.startsWith('-') || compareDecimal(canonical, '1') > 0)
      return new Fault('not_a_rate');
    return (canonical.split('.')[1] ?? '').length > RATE_SCALE
      ? new Fault('too_precise', { scale: RATE_SCALE })
      : canonical;
  };
}

function plainDecimal(text: string): string {
  return readDecimal(text) ?? '0';
}

/** The digits to read; '' for nothing, null for what is no number. Exponents are not for people: spreadsheets lose digits in them. */
function decimalText(raw: unknown, source: 'json' | 'text'): string | null {
  if (typeof raw === 'number') return Math.abs(raw) <= Number.MAX_SAFE_INTEGER ? String(raw) : null;
  if (typeof raw !== 'string' || raw.length > 100) return null;
  if (/^-?\d{1,30}(\.\d{1,30})?$/.test(raw)) return raw;
  const number = source === 'text' ? plainNumber(raw) : raw.trim();
  return /e/i.test(number) ? null : number.replace(/\.$/, '');
}

/** Without currency sign, thousands separators and full-width digits. A comma elsewhere stays, and is refused by the reader. */
function plainNumber(raw: string): string {
  const text = raw
    .normalize('NFKC')
    .trim()
    .replace(/^([+-]?)[¥$€£]\s*/, '$1');
  return /^[+-]?\d{1,3}(?:[, ]\d{3})+(?:\.\d*)?%?$/.test(text) ? text.replace(/[, ]/g, '') : text;
}

const BOOLEANS = new Map<string, boolean>([
  ...['true', 't', 'yes', 'y', '1', '是', '真', '对'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', '0', '否', '假', '错'].map((word) => [word, false] as const),
]);

export function booleanParser(source: 'json' | 'text'): Parser {
  return (raw) => {
    if (typeof raw === 'boolean') return raw;
    if (source === 'json' || typeof raw !== 'string') return new Fault('not_a_boolean');
    const word = raw.trim().toLowerCase();
    return word === '' ? null : (BOOLEANS.get(word) ?? new Fault('not_a_boolean'));
  };
}
