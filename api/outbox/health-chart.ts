/** The course of a figure as a small picture without words, for e-mail: what charts show, where no script runs. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { HealthMetric } from '../contract.ts';

const WIDTH = 240;
const HEIGHT = 56;
/** Screens have up to three dots where there was one. */
const DENSITY = 3;
const EDGE = 5;
const COLOURS = { line: '#0f6b4f', band: '#e6eee9', target: '#b26a00', signal: '#c0392b', open: '#8aa79b' };

/** @returns a PNG, 240 x 56 at three times the density; null where there is nothing to draw */
export async function chartPicture({ trend, limits }: HealthMetric): Promise<Buffer | null> {
  const points = trend.flatMap(({ value, ...step }, at) =>
    value === null ? [] : [{ ...step, at, value: Number(value) }],
  );
  if (points.length < 2) return null;
  const targets = trend.map(({ target }) => (target === null ? null : Number(target)));
  const band = limits?.map(Number);
  const all = [...points.map(({ value }) => value), ...targets.filter((target) => target !== null), ...(band ?? [])];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const x = (at: number) => EDGE + (at / (trend.length - 1)) * (WIDTH - 2 * EDGE);
  const y = (value: number) => HEIGHT - EDGE - ((value - least) / (most - least || 1)) * (HEIGHT - 2 * EDGE);
  // A native library of its own, for the minute of the day in which it is wanted.
  const { createCanvas } = await import('@napi-rs/canvas');
  const canvas = createCanvas(WIDTH * DENSITY, HEIGHT * DENSITY);
  const pen = canvas.getContext('2d');
  pen.scale(DENSITY, DENSITY);
  if (band) {
    pen.fillStyle = COLOURS.band;
    pen.fillRect(EDGE, y(band[1]!), WIDTH - 2 * EDGE, y(band[0]!) - y(band[1]!));
  }
  drawLine(
    pen,
    targets.flatMap((target, at) => (target === null ? [] : [{ x: x(at), y: y(target) }])),
    { colour: COLOURS.target, width: 1.2, dash: [4, 3] },
  );
  drawLine(
    pen,
    points.map(({ at, value }) => ({ x: x(at), y: y(value) })),
    { colour: COLOURS.line, width: 1.8, dash: [] },
  );
  const last = points.at(-1)!;
  for (const point of points.filter((each) => each.signal || each === last)) {
    pen.beginPath();
    pen.arc(x(point.at), y(point.value), 3, 0, 2 * Math.PI);
    pen.fillStyle = point.signal ? COLOURS.signal : point.whole ? COLOURS.line : COLOURS.open;
    pen.fill();
  }
  return canvas.toBuffer('image/png');
}

function drawLine(
  pen: SKRSContext2D,
  points: readonly { x: number; y: number }[],
  { colour, width, dash }: { colour: string; width: number; dash: number[] },
): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineJoin = 'round';
  pen.setLineDash(dash);
  pen.beginPath();
  for (const { x, y } of points) pen.lineTo(x, y);
  pen.stroke();
}
