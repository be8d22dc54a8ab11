/** BG/NBD and Gamma-Gamma against the figures published for CDNOW: one customer in ten, 39 weeks to 1997-09-30. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  chanceAlive,
  chanceOfRepeats,
  expectedPurchases,
  expectedRepeats,
  fitBgNbd,
  logLikelihood,
  type Purchases,
} from '../../api/statistics/bg-nbd.ts';
import { expectedValue, fitGammaGamma, type Spending } from '../../api/statistics/gamma-gamma.ts';
import { hypergeometric } from '../../api/statistics/hypergeometric.ts';

const FILE = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'CDNOW_sample.txt');
const PUBLISHED = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

/** Purchases of one day are one; value of the ones after the first. */
function customers(): (Purchases & Spending)[] {
  const days = new Map<string, Map<number, number>>();
  for (const line of readFileSync(FILE, 'utf8').split('\n')) {
    const [, customer, date, , value] = line.trim().split(/\s+/);
    if (!customer || !date) continue;
    const day = Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`) / 86_400_000;
    if (day > Date.parse('1997-09-30') / 86_400_000) continue;
    const known = days.get(customer) ?? new Map<number, number>();
    days.set(customer, known.set(day, (known.get(day) ?? 0) + Number(value)));
  }
  const until = Date.parse('1997-09-30') / 86_400_000;
  return [...days.values()].map((bought) => {
    const [first, ...after] = [...bought].sort(([one], [other]) => one - other);
    const last = after.at(-1)?.[0] ?? first![0];
    const values = after.map(([, value]) => value);
    return {
      repeats: after.length,
      last: (last - first![0]) / 7,
      age: (until - first![0]) / 7,
      mean: values.length === 0 ? 0 : values.reduce((sum, each) => sum + each, 0) / values.length,
    };
  });
}

test('with the published parameters the published expectations come out', () => {
  expect(chanceOfRepeats(PUBLISHED, 0, 39)).toBeCloseTo(0.5737864, 4);
  for (const [count, chance] of [
    [11, 0.0019995214],
    [12, 0.0015170236],
    [13, 0.001163315],
  ] as const)
    expect(chanceOfRepeats(PUBLISHED, count, 30)).toBeCloseTo(chance, 5);
  const customer = { repeats: 2, last: 30.43, age: 38.86 };
  expect(expectedPurchases(PUBLISHED, customer, 39)).toBeCloseTo(1.226, 2);
  expect(chanceAlive(PUBLISHED, customer)).toBeCloseTo(0.7266, 3);
  expect(chanceAlive(PUBLISHED, { repeats: 0, last: 0, age: 30 })).toBe(1);
});

test('chances of a number of purchases add up to one, and give the expectation', () => {
  let all = 0;
  let mean = 0;
  for (let count = 0; count < 400; count++) {
    const chance = chanceOfRepeats(PUBLISHED, count, 30);
    all += chance;
    mean += count * chance;
  }
  expect(all).toBeCloseTo(1, 4);
  expect(mean).toBeCloseTo(expectedRepeats(PUBLISHED, 30), 1);
});

test('the hypergeometric function holds near one, where its own series overflows', () => {
  // 2F1(a, b; b; z) = (1 - z)^-a; 2F1(1, 1; 2; z) = -ln(1 - z) / z
  expect(hypergeometric(0.5, 3, 3, 0.99)).toBeCloseTo(10, 8);
  expect(hypergeometric(1, 1, 2, 0.9)).toBeCloseTo(Math.log(10) / 0.9, 8);
  expect(Number.isFinite(hypergeometric(200.2, 202.4, 202.2, 0.97))).toBe(true);
});

describe.skipIf(!existsSync(FILE))('CDNOW', () => {
  const known = existsSync(FILE) ? customers() : [];

  test('is read as published', () => {
    expect(known).toHaveLength(2357);
    expect(known.reduce((sum, { repeats }) => sum + repeats, 0)).toBe(2457);
    const counts = [0, 1, 2, 3, 4, 5, 6].map((count) => known.filter(({ repeats }) => repeats === count).length);
    expect(counts).toEqual([1411, 439, 214, 100, 62, 38, 29]);
  });

  test('the model of purchases is found again, with what it says of groups and of the next half year', () => {
    const model = fitBgNbd(known);
    expect(model.r).toBeCloseTo(0.2426, 3);
    expect(model.alpha).toBeCloseTo(4.4135, 2);
    expect(model.a).toBeCloseTo(0.7929, 2);
    expect(model.b).toBeCloseTo(2.4258, 2);
    expect(logLikelihood(model, known)).toBeCloseTo(-9582.43, 1);
    for (const [weeks, repeats] of [
      [0.1429, 0.0078],
      [1, 0.0532],
      [3, 0.1506],
      [31.8571, 1.0405],
      [32, 1.0437],
      [78, 1.8576],
    ] as const)
      expect(Math.abs(expectedRepeats(model, weeks) - repeats)).toBeLessThan(0.0005);
    const by_week_78 = known.reduce((sum, { age }) => sum + expectedRepeats(model, age + 39), 0);
    expect(Math.round(by_week_78 / 10)).toBe(416);
  });

  test('whoever stands for several counts as often', () => {
    const twice = fitBgNbd(known.map((customer) => ({ ...customer, weight: 2 })));
    const once = fitBgNbd(known);
    expect(twice.r).toBeCloseTo(once.r, 4);
    expect(twice.alpha).toBeCloseTo(once.alpha, 3);
  });

  test('the model of spending is found again, and what the first ten customers will spend', () => {
    const repeaters = known.filter(({ repeats }) => repeats > 0);
    expect(repeaters).toHaveLength(946);
    const model = fitGammaGamma(known);
    expect(model.p).toBeCloseTo(6.25, 1);
    expect(model.q).toBeCloseTo(3.74, 1);
    expect(model.gamma).toBeCloseTo(15.44, 0);
    const values = known.slice(0, 10).map((customer) => expectedValue(model, customer));
    for (const [at, value] of [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17].entries())
      expect(Math.abs(values[at]! - value)).toBeLessThan(0.1);
  });
});
