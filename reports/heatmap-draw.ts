/**
 * Heat on canvases: each place is stamped as a soft disc into an alpha channel, which is then coloured from few to many. Long pages
 * are drawn in tiles, since a canvas has a greatest height.
 */
import type { ClickDepth, ClickPlaces } from '../api/contract-clicks.ts';

export type Layer = 'clicks' | 'rage' | 'dead' | 'scroll';
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
/** In CSS pixels of the page as it is drawn. */
export interface Spot {
  x: number;
  y: number;
  count: number;
  radius: number;
}

export const TILE = 1200;
const RADIUS_MIN = 16;
const RADIUS_MAX = 70;
/** From few to many: also told apart where red and green are not. */
export const RAMP: readonly (readonly [at: number, color: string])[] = [
  [0, '#3b4cc0'],
  [0.35, '#28a9c9'],
  [0.6, '#f4e04d'],
  [0.8, '#f58b2b'],
  [1, '#c81d25'],
];

/** Where cells lie on the page; those of elements that the picture has not are left out. */
export function spotsOf(places: ClickPlaces, boxes: ReadonlyMap<string, Box>, layer: Layer): Spot[] {
  return places.cells.flatMap(([element, x, y, clicks, rage, dead, grid]) => {
    const box = boxes.get(element);
    const count = layer === 'rage' ? rage : layer === 'dead' ? dead : clicks;
    if (!box || count === 0) return [];
    const cell = Math.max(box.width, box.height) / grid;
    return [
      {
        x: box.x + ((x + 0.5) / 10_000) * box.width,
        y: box.y + ((y + 0.5) / 10_000) * box.height,
        count,
        radius: Math.min(RADIUS_MAX, Math.max(RADIUS_MIN, cell * 0.9)),
      },
    ];
  });
}

/** @param from_y where the tile begins on the page, in its CSS pixels. @param scale device pixels per CSS pixel of the page */
export function drawHeat(
  canvas: HTMLCanvasElement,
  spots: readonly Spot[],
  { from_y, scale }: { from_y: number; scale: number },
): void {
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  if (!brush || canvas.width === 0 || canvas.height === 0) return;
  brush.clearRect(0, 0, canvas.width, canvas.height);
  const most = Math.max(1, ...spots.map(({ count }) => count));
  for (const { x, y, count, radius } of spots) {
    const reach = radius * scale;
    const [left, top] = [x * scale, (y - from_y) * scale];
    if (top < -reach || top > canvas.height + reach) continue;
    const disc = brush.createRadialGradient(left, top, 0, left, top, reach);
    const strength = 0.22 + 0.78 * Math.sqrt(count / most);
    disc.addColorStop(0, `rgb(0 0 0 / ${strength})`);
    disc.addColorStop(0.45, `rgb(0 0 0 / ${strength * 0.5})`);
    disc.addColorStop(1, 'rgb(0 0 0 / 0)');
    brush.fillStyle = disc;
    brush.fillRect(left - reach, top - reach, reach * 2, reach * 2);
  }
  color(brush, canvas.width, canvas.height);
}

function color(brush: CanvasRenderingContext2D, width: number, height: number): void {
  const image = brush.getImageData(0, 0, width, height);
  const ramp = colors();
  const { data } = image;
  for (let at = 3; at < data.length; at += 4) {
    const alpha = data[at]!;
    if (alpha === 0) continue;
    data[at - 3] = ramp[alpha * 4]!;
    data[at - 2] = ramp[alpha * 4 + 1]!;
    data[at - 1] = ramp[alpha * 4 + 2]!;
    data[at] = Math.min(215, alpha * 1.6);
  }
  brush.putImageData(image, 0, 0);
}

let kept: Uint8ClampedArray | undefined;
function colors(): Uint8ClampedArray {
  if (kept) return kept;
  const strip = document.createElement('canvas');
  strip.width = 256;
  strip.height = 1;
  const brush = strip.getContext('2d')!;
  const gradient = brush.createLinearGradient(0, 0, 256, 0);
  for (const [at, each] of RAMP) gradient.addColorStop(at, each);
  brush.fillStyle = gradient;
  brush.fillRect(0, 0, 256, 1);
  kept = brush.getImageData(0, 0, 256, 1).data;
  return kept;
}

/** Bands by how many came to see them, with a line at each tenth of the page. */
export function drawScroll(
  canvas: HTMLCanvasElement,
  depths: readonly ClickDepth[],
  { from_y, scale, page }: { from_y: number; scale: number; page: { width: number; height: number } },
): void {
  const brush = canvas.getContext('2d');
  if (!brush || canvas.width === 0) return;
  brush.clearRect(0, 0, canvas.width, canvas.height);
  const ramp = colors();
  const font = 13 * scale;
  for (const { depth_tenths, reach_rate } of depths) {
    if (reach_rate === null || depth_tenths === 0) continue;
    const top = (((depth_tenths - 1) / 10) * page.height - from_y) * scale;
    const tall = (page.height / 10) * scale;
    const at = Math.round(Number(reach_rate) * 255) * 4;
    brush.fillStyle = `rgb(${ramp[at]} ${ramp[at + 1]} ${ramp[at + 2]} / 0.38)`;
    brush.fillRect(0, top, canvas.width, tall);
    brush.fillStyle = 'rgb(23 33 28 / 0.85)';
    brush.fillRect(0, top + tall - scale, canvas.width, scale);
    const words = `${depth_tenths * 10}% · ${(Number(reach_rate) * 100).toFixed(1)}%`;
    brush.font = `600 ${font}px system-ui, sans-serif`;
    const wide = brush.measureText(words).width + font;
    brush.fillRect(canvas.width - wide, top + tall - font * 1.7, wide, font * 1.7);
    brush.fillStyle = '#fff';
    brush.fillText(words, canvas.width - wide + font / 2, top + tall - font * 0.5);
  }
}
