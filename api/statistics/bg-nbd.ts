/**
 * How often customers will buy, and whether they still do: the BG/NBD model of Fader, Hardie and Lee (“Counting Your Customers”
 * the Easy Way, Marketing Science 2005). While alive a customer buys at a rate of their own (gamma: r, alpha); after each
 * purchase they are gone with a chance of their own (beta: a, b).
 */
import { hypergeometric } from './hypergeometric.ts';
import { logBeta, logGamma } from './log-gamma.ts';
import { minimise } from './minimise.ts';

/** What is known of a customer; times in one unit, say weeks, from their first purchase. */
export interface Purchases {
  /** Days with a purchase after the first. */
  repeats: number;
  /** Time of the last of them, 0 without. */
  last: number;
  /** Time until now. */
  age: number;
  /** How many customers this stands for; 1 when left out. */
  weight?: number;
}
export interface BgNbd {
  r: number;
  alpha: number;
  a: number;
  b: number;
}

/** The parameters that make what was observed most likely. */
export function fitBgNbd(customers: readonly Purchases[]): BgNbd {
  const of = (logs: readonly number[]): BgNbd => {
    const [r, alpha, a, b] = logs.map(Math.exp) as [number, number, number, number];
    return { r, alpha, a, b };
  };
  const mean_age = customers.reduce((sum, { age }) => sum + age, 0) / customers.length || 1;
  return of(minimise((logs) => -logLikelihood(of(logs), customers), [0, Math.log(mean_age / 4), 0, 0]));
}

/** Equation 6 of the paper, summed over the customers. */
export function logLikelihood({ r, alpha, a, b }: BgNbd, customers: readonly Purchases[]): number {
  const common = -logGamma(r) + r * Math.log(alpha) + logGamma(a + b) - logGamma(b);
  let sum = 0;
  for (const { repeats: x, last, age, weight = 1 } of customers) {
    const alive = -(r + x) * Math.log(alpha + age);
    const gone =
      x > 0 ? Math.log(a) - Math.log(b + x - 1) - (r + x) * Math.log(alpha + last) : Number.NEGATIVE_INFINITY;
    const larger = Math.max(alive, gone);
    sum +=
      weight *
      (common +
        logGamma(r + x) +
        logGamma(b + x) -
        logGamma(a + b + x) +
        larger +
        Math.log(Math.exp(alive - larger) + Math.exp(gone - larger)));
  }
  return sum;
}

/** Purchases after the first that are expected of anybody within a time. Equation 9. */
export function expectedRepeats({ r, alpha, a, b }: BgNbd, within: number): number {
  const share = within / (alpha + within);
  return ((a + b - 1) / (a - 1)) * (1 - (alpha / (alpha + within)) ** r * hypergeometric(r, b, a + b - 1, share));
}

/** Chance of exactly so many purchases after the first within a time. Equation 8. */
export function chanceOfRepeats({ r, alpha, a, b }: BgNbd, repeats: number, within: number): number {
  const share = within / (alpha + within);
  const none = (alpha / (alpha + within)) ** r;
  const bought = (count: number) => Math.exp(logGamma(r + count) - logGamma(r) - logGamma(count + 1)) * share ** count;
  const alive = Math.exp(logBeta(a, b + repeats) - logBeta(a, b)) * none * bought(repeats);
  if (repeats === 0) return alive;
  let fewer = 0;
  for (let count = 0; count < repeats; count++) fewer += bought(count);
  return alive + Math.exp(logBeta(a + 1, b + repeats - 1) - logBeta(a, b)) * (1 - none * fewer);
}

/** Purchases that are expected of this customer from now on within a time. Equation 10. */
export function expectedPurchases(model: BgNbd, { repeats: x, last, age }: Purchases, within: number): number {
  const { r, alpha, a, b } = model;
  const share = within / (alpha + age + within);
  const sum = a + b + x - 1;
  const until = 1 - ((alpha + age) / (alpha + age + within)) ** (r + x) * hypergeometric(r + x, b + x, sum, share);
  return ((sum / (a - 1)) * until) / (1 + odds(model, { repeats: x, last, age }));
}

/** Chance that this customer still buys at all. */
export function chanceAlive(model: BgNbd, customer: Purchases): number {
  return 1 / (1 + odds(model, customer));
}

/** Of having gone against being there still. */
function odds({ r, alpha, a, b }: BgNbd, { repeats: x, last, age }: Purchases): number {
  return x === 0 ? 0 : (a / (b + x - 1)) * ((alpha + age) / (alpha + last)) ** (r + x);
}
