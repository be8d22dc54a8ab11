/**
 * What a customer spends per purchase: the Gamma-Gamma model of Fader and Hardie (note of 2013 on Colombo and Jiang). Whoever
 * has bought little is taken to be much like everybody else.
 */
import { logGamma } from './log-gamma.ts';
import { minimise } from './minimise.ts';

export interface Spending {
  /** Purchases after the first. */
  repeats: number;
  /** Mean value of those, above 0 where there are any. */
  mean: number;
  /** How many customers this stands for; 1 when left out. */
  weight?: number;
}
export interface GammaGamma {
  p: number;
  q: number;
  gamma: number;
}

/** The parameters that make what was observed most likely. @param customers those without repeats say nothing and are left out */
export function fitGammaGamma(customers: readonly Spending[]): GammaGamma {
  const repeaters = customers.filter(({ repeats, mean }) => repeats > 0 && mean > 0);
  const of = (logs: readonly number[]): GammaGamma => {
    const [p, q, gamma] = logs.map(Math.exp) as [number, number, number];
    return { p, q, gamma };
  };
  const typical = repeaters.reduce((sum, { mean }) => sum + mean, 0) / repeaters.length || 1;
  return of(minimise((logs) => -logLikelihood(of(logs), repeaters), [1, 1, Math.log(typical / 2)]));
}

/** Mean value of this customer's purchases, as expected. */
export function expectedValue({ p, q, gamma }: GammaGamma, { repeats: x, mean }: Spending): number {
  const known = p * x + q - 1;
  return ((q - 1) / known) * ((p * gamma) / (q - 1)) + ((p * x) / known) * (x > 0 ? mean : 0);
}

function logLikelihood({ p, q, gamma }: GammaGamma, repeaters: readonly Spending[]): number {
  const common = -logGamma(q) + q * Math.log(gamma);
  let sum = 0;
  for (const { repeats: x, mean, weight = 1 } of repeaters) {
    sum +=
      weight *
      (common +
        logGamma(p * x + q) -
        logGamma(p * x) +
        (p * x - 1) * Math.log(mean) +
        p * x * Math.log(x) -
        (p * x + q) * Math.log(gamma + mean * x));
  }
  return sum;
}
