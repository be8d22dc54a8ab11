/** The course of a figure as a small picture without words, for e-mail: what charts show, where no script runs. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { SPARK, sparkPlaces } from '../../reports/spark-scale.ts';
import type { HealthMetric } from '../contract-written.ts';

/** Screens have up to three dots where there was one. */
const DENSITY = 3;
const EDGE = 5;
const COLOURS = { line: '#0f6b4f', band: '#e6eee9', target: '#b26a00', signal: '#c0392b', open: '#8aa79b' };

/** @returns a PNG, 240 x 56 at three times the density; null where there is nothing to draw */
export async function chartPicture(metric: HealthMetric): Promise<Buffer | null> {
  const places = sparkPlaces(metric, EDGE);
  if (!places) return null;
  const { points, targets, band } = places;
  // A native library of its own, for the minute of the day in which it is wanted.
  const { createCanvas } = await import('@napi-rs/canvas');
  const canvas = createCanvas(SPARK.width * DENSITY, SPARK.height * DENSITY);
  const pen = canvas.getContext('2d');
  pen.scale(DENSITY, DENSITY);
  if (band) {
    pen.fillStyle = COLOURS.band;
    pen.fillRect(band.x, band.y, band.width, band.height);
  }
  drawLine(pen, targets, { colour: COLOURS.target, width: 1.2, dash: [4, 3] });
  drawLine(pen, points, { colour: COLOURS.line, width: 1.8, dash: [] });
  for (const point of points.filter(({ signal, last }) => signal || last)) {
    pen.beginPath();
    pen.arc(point.x, point.y, 3, 0, 2 * Math.PI);
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
