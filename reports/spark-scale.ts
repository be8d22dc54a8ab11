/** Where the course of a figure lies in a small picture: the same for the page and for e-mail. */
import type { HealthMetric } from '../api/contract-written.ts';

export const SPARK = { width: 240, height: 56 } as const;

type Place = { x: number; y: number };
export interface SparkPlaces {
  points: (Place & { signal: boolean; whole: boolean; last: boolean })[];
  targets: Place[];
  /** Between its usual limits. */
  band: (Place & { width: number; height: number }) | null;
}

/** @param edge what is kept free on every side. @returns null where there is nothing to draw: fewer than two values */
export function sparkPlaces(
  { trend, limits }: Pick<HealthMetric, 'trend' | 'limits'>,
  edge: number,
): SparkPlaces | null {
  const known = trend.flatMap(({ value, ...step }, at) =>
    value === null ? [] : [{ ...step, at, value: Number(value) }],
  );
  if (known.length < 2) return null;
  const targets = trend.flatMap(({ target }, at) => (target === null ? [] : [{ at, value: Number(target) }]));
  const band = limits?.map(Number) as [number, number] | undefined;
  const all = [...known, ...targets].map(({ value }) => value).concat(band ?? []);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const x = (at: number) => edge + (at / (trend.length - 1)) * (SPARK.width - 2 * edge);
  const y = (value: number) =>
    SPARK.height - edge - ((value - least) / (most - least || 1)) * (SPARK.height - 2 * edge);
  const last = known.at(-1);
  return {
    points: known.map((point) => ({
      ...{ x: x(point.at), y: y(point.value) },
      ...{ signal: point.signal, whole: point.whole, last: point === last },
    })),
    targets: targets.map(({ at, value }) => ({ x: x(at), y: y(value) })),
    band: band
      ? { x: edge, y: y(band[1]), width: SPARK.width - 2 * edge, height: Math.max(y(band[0]) - y(band[1]), 0) }
      : null,
  };
}
