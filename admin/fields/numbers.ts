/** Numbers as people read them, from the strings that travel: no floating point on the way. */
const formats = new Map<string, Intl.NumberFormat>();

function format(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  let found = formats.get(key);
  if (!found) {
    found = new Intl.NumberFormat('en-US', options);
    formats.set(key, found);
  }
  return found;
}

const asNumeric = (value: string | number) => value as Intl.StringNumericLiteral | number;
const isNumeric = (value: unknown): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));

/** 1234 -> "1,234" */
export function formatInteger(value: unknown): string {
  return isNumeric(value) ? format('integer', { maximumFractionDigits: 0 }).format(asNumeric(value)) : String(value);
}

/** "1234.5" at scale 2 -> "1,234.50" */
export function formatDecimal(value: unknown, scale: number): string {
  if (!isNumeric(value)) return String(value);
  // Four decimals are there to be used; nought is not worth writing four times.
  return format(`decimal ${scale}`, { minimumFractionDigits: Math.min(scale, 2), maximumFractionDigits: scale }).format(
    asNumeric(value),
  );
}

/** "1234.5" in CNY -> "¥1,234.50" */
export function formatMoney(value: unknown, currency: string): string {
  if (!isNumeric(value)) return String(value);
  return format(`money ${currency}`, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(
    asNumeric(value),
  );
}

export function currencySign(currency: string): string {
  const parts = format(`money ${currency}`, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  return parts.formatToParts(0).find((part) => part.type === 'currency')?.value ?? currency;
}

/** 0.125 -> "12.5%" */
export function formatRate(value: unknown): string {
  const percent = rateToPercent(value);
  return percent === '' ? String(value) : `${percent}%`;
}

/** "0.125" -> "12.5": the point moves two places, digit by digit. */
export function rateToPercent(value: unknown): string {
  return movePoint(value, 2);
}

/** "12.5" -> "0.125" */
export function percentToRate(value: unknown): string {
  return movePoint(value, -2);
}

function movePoint(value: unknown, places: number): string {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(String(value).trim());
  if (!match) return '';
  const [, sign = '', whole = '', fraction = ''] = match;
  const digits = whole + fraction;
  const point = whole.length + places;
  const padded = point < 1 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  const integer = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const rest = padded.slice(at).replace(/0+$/, '');
  return `${sign}${integer}${rest ? `.${rest}` : ''}`;
}
