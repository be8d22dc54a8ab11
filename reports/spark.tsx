/** The course of a figure in a line's height: its usual limits as a band, its target dashed, signals and the last step as dots. */
import type { HealthMetric } from '../api/contract-written.ts';
import { SPARK, sparkPlaces } from './spark-scale.ts';

export function Spark({ metric, label }: { metric: Pick<HealthMetric, 'trend' | 'limits'>; label: string }) {
  const places = sparkPlaces(metric, 4);
  if (!places) return null;
  const { points, targets, band } = places;
  const path = (among: readonly { x: number; y: number }[]) =>
    among.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${SPARK.width} ${SPARK.height}`}
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
    >
      {band ? <rect className="spark-band" {...band} /> : null}
      {targets.length > 1 ? <polyline className="spark-target" points={path(targets)} /> : null}
      <polyline className="spark-line" points={path(points)} />
      {points
        .filter(({ signal, last }) => signal || last)
        .map(({ x, y, signal, whole }) => (
          <circle
            key={x}
            className={signal ? 'spark-signal' : whole ? 'spark-last' : 'spark-open'}
            cx={x}
            cy={y}
            r={3}
          />
        ))}
    </svg>
  );
}
