/** Numbers and pieces of sentences as people read them. */
import type { Json, Pair } from '../contract.ts';

export interface Money {
  currency: string;
}

const GROUPS = /\B(?=(\d{3})+(?!\d))/g;
const SIGNS: { [currency: string]: string } = {
  CNY: '¥',
  USD: '$',
  EUR: '€',
  GBP: '£',
  JPY: 'JP¥',
  HKD: 'HK$',
  TWD: 'NT$',
};

/** An exact decimal, with groups of three; no float in between. */
export function count(value: Json | undefined): string {
  const [whole = '', part] = String(value ?? '').split('.');
  const rest = part?.replace(/0+$/, '');
  return rest ? `${whole.replace(GROUPS, ',')}.${rest}` : whole.replace(GROUPS, ',');
}

export function amount(value: Json | undefined, { currency }: Money): string {
  const [whole = '', part = '00'] = String(value ?? '').split('.');
  return `${SIGNS[currency] ?? `${currency} `}${whole.replace(GROUPS, ',')}.${part.padEnd(2, '0')}`;
}

export const day = (value: Json | undefined): string => String(value ?? '').slice(0, 10);

/** Parts of one sentence; what is null is not said. */
export function joined(parts: readonly (Pair | null)[]): Pair {
  const said = parts.filter((part) => part !== null);
  return [said.map(([zh]) => zh).join('，'), said.map(([, en]) => en).join(', ')];
}
