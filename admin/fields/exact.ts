/** Sums and shares of decimals as they are written, without floating point: every value is counted in its smallest unit. */
import type { Field, Json } from '../../api/contract.ts';

/** Decimals of a number field: a cent for money, a hundredth of a percent for a rate that is shared out. */
export function unitScale(field: Field): number {
  if (field.kind === 'money') return 2;
  if (field.kind === 'decimal') return field.scale;
  return field.kind === 'rate' ? 6 : 0;
}

/** "12.5" at scale 2 -> 1250n; null for what is no number, or finer than a unit. */
export function toUnits(value: Json | undefined, scale: number): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(String(value ?? '').trim());
  if (!match) return null;
  const [, sign, whole = '', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(scale))) return null;
  const units = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  return sign ? -units : units;
}

/** 1250n at scale 2 -> "12.50" */
export function fromUnits(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const at = digits.length - scale;
  return `${units < 0n ? '-' : ''}${digits.slice(0, at)}${scale ? `.${digits.slice(at)}` : ''}`;
}

/**
 * Shares a whole number of units out in proportion to the weights, by the largest remainder: nothing is lost or made.
 * Equal parts where no weight counts; of equal remainders the first gets the unit.
 */
export function shareOut(units: bigint, weights: readonly bigint[]): bigint[] {
  const counted = weights.map((weight) => (weight > 0n ? weight : 0n));
  const sum = counted.reduce((all, weight) => all + weight, 0n);
  const each = sum > 0n ? counted : counted.map(() => 1n);
  const whole = sum > 0n ? sum : BigInt(each.length);
  const parts = each.map((weight, at) => ({ at, part: (units * weight) / whole, rest: (units * weight) % whole }));
  let left = units - parts.reduce((all, { part }) => all + part, 0n);
  const shares = parts.map(({ part }) => part);
  const byRest = parts.toSorted((a, b) => (a.rest === b.rest ? a.at - b.at : a.rest > b.rest ? -1 : 1));
  for (const { at } of byRest) {
    if (left <= 0n) break;
    shares[at] = shares[at]! + 1n;
    left -= 1n;
  }
  return shares;
}
