/** The course of a figure in a line's height: its usual limits as a band, its target dashed, signals and the last step as dots. */
import type { HealthMetric } from '../api/contract.ts';

const WIDTH = 240;
const HEIGHT = 56;
const EDGE = 4;

export function Spark({ metric: { trend, limits }, label }: { metric: HealthMetric; label: string }) {
  const points = trend.flatMap(({ value, ...step }, at) =>
    value === null ? [] : [{ ...step, at, value: Number(value) }],
  );
  if (points.length < 2) return null;
  const targets = trend.flatMap(({ target }, at) => (target === null ? [] : [{ at, value: Number(target) }]));
  const band = limits?.map(Number);
  const all = [...points, ...targets].map(({ value }) => value).concat(band ?? []);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const x = (at: number) => EDGE + (at / (trend.length - 1)) * (WIDTH - 2 * EDGE);
  const y = (value: number) => HEIGHT - EDGE - ((value - least) / (most - least || 1)) * (HEIGHT - 2 * EDGE);
  const path = (among: readonly { at: number; value: number }[]) =>
    among.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const last = points.at(-1)!;
  return (
    <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
      {band ? (
        <rect
          className="spark-band"
          x={EDGE}
          y={y(band[1]!)}
          width={WIDTH - 2 * EDGE}
          height={Math.max(y(band[0]!) - y(band[1]!), 0)}
        />
      ) : null}
      {targets.length > 1 ? <polyline className="spark-target" points={path(targets)} /> : null}
      <polyline className="spark-line" points={path(points)} />
      {points
        .filter((point) => point.signal || point === last)
        .map((point) => (
          <circle
            key={point.at}
            className={point.signal ? 'spark-signal' : point.whole ? 'spark-last' : 'spark-open'}
            cx={x(point.at)}
            cy={y(point.value)}
            r={3}
          />
        ))}
    </svg>
  );
}
