/**
 * What comes next of a figure that repeats itself: Holt-Winters with additive seasons and a damped trend, as ETS(A,Ad,A) in
 * Hyndman, Koehler, Ord, Snyder: Forecasting with Exponential Smoothing (2008), errors corrected step by step.
 */
import { minimise } from './minimise.ts';

/** How fast level, trend and season follow (alpha, beta, gamma), and how much of the trend is kept each step (phi). */
export interface Smoothing {
  alpha: number;
  beta: number;
  gamma: number;
  phi: number;
}

export interface SeasonalModel extends Smoothing {
  /** Steps of a season, 7 of days. */
  period: number;
  level: number;
  trend: number;
  /** Of the next `period` steps, in their order. */
  seasons: readonly number[];
  /** Standard deviation of the errors one step ahead. */
  deviation: number;
}

export interface Expected {
  expected: number;
  low: number;
  high: number;
}

const Z_95 = 1.959963984540054;

/** @param values at least two seasons, in their order @returns the model whose errors one step ahead are least, as squares */
export function fitSeasonal(values: readonly number[], period: number): SeasonalModel {
  const start = begin(values, period);
  const squares = (at: readonly number[]) => run(values, start, smoothingOf(at)).squares;
  const smoothing = smoothingOf(minimise(squares, [-1, -2, -2, 2], 1e-8));
  return modelOf(values, period, smoothing);
}

/** The model of values under a given smoothing. */
export function modelOf(values: readonly number[], period: number, smoothing: Smoothing): SeasonalModel {
  const { level, trend, seasons, squares } = run(values, begin(values, period), smoothing);
  return { ...smoothing, period, level, trend, seasons, deviation: Math.sqrt(squares / values.length) };
}

/** The steps after those the model knows, with the band that 95 of 100 lie in while the model holds. */
export function forecast(model: SeasonalModel, steps: number): Expected[] {
  const { alpha, beta, gamma, phi, period, level, trend, seasons, deviation } = model;
  let damped = 0;
  let variance = 1;
  return Array.from({ length: steps }, (_, at) => {
    if (at > 0) variance += (alpha + beta * damped + (at % period === 0 ? gamma : 0)) ** 2;
    damped += phi ** (at + 1);
    const expected = level + damped * trend + seasons[at % period]!;
    const half = Z_95 * deviation * Math.sqrt(variance);
    return { expected, low: expected - half, high: expected + half };
  });
}

/** The same as one season before: what a forecast has to be better than. */
export function repeatSeason(values: readonly number[], period: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, at) => values[values.length - period + (at % period)]!);
}

/** Mean absolute error as a share of what came (MAPE); steps at which nothing came are left out. Null when all are. */
export function meanError(actual: readonly number[], expected: readonly number[]): number | null {
  const shares = actual.flatMap((value, at) =>
    value === 0 ? [] : [Math.abs(value - expected[at]!) / Math.abs(value)],
  );
  return shares.length === 0 ? null : shares.reduce((sum, each) => sum + each, 0) / shares.length;
}

interface State {
  level: number;
  trend: number;
  seasons: number[];
}

/** Level and trend of the first two seasons, and how each of their steps lies beside them. */
function begin(values: readonly number[], period: number): State {
  const mean = (from: number) => values.slice(from, from + period).reduce((sum, each) => sum + each, 0) / period;
  const [first, second] = [mean(0), mean(period)];
  const trend = (second - first) / period;
  // The first season's mean is the level at its middle; the state is that before the first step.
  const level = first - (trend * (period + 1)) / 2;
  const seasons = Array.from({ length: period }, (_, at) => {
    const beside = (step: number) => values[step]! - (level + trend * (step + 1));
    return (beside(at) + beside(at + period)) / 2;
  });
  return { level, trend, seasons };
}

function run(values: readonly number[], start: State, { alpha, beta, gamma, phi }: Smoothing) {
  let { level, trend } = start;
  const seasons = [...start.seasons];
  let squares = 0;
  for (const value of values) {
    const season = seasons.shift()!;
    const before = level + phi * trend;
    const error = value - before - season;
    squares += error * error;
    level = before + alpha * error;
    trend = phi * trend + beta * error;
    seasons.push(season + gamma * error);
  }
  return { level, trend, seasons, squares };
}

/** Any four numbers into a smoothing that is stable: 0 < beta < alpha < 1, 0 < gamma < 1 - alpha, phi in 0.8 to 0.98. */
function smoothingOf([a = 0, b = 0, g = 0, p = 0]: readonly number[]): Smoothing {
  const share = (at: number) => 1 / (1 + Math.exp(-at));
  const alpha = share(a);
  return { alpha, beta: alpha * share(b), gamma: (1 - alpha) * share(g), phi: 0.8 + 0.18 * share(p) };
}
