/** What the heatmap draws, read from its pixels. */
import type { Page } from 'playwright-core';

export interface Point {
  x: number;
  y: number;
}

/** The middle of the heat around each point, in CSS pixels of the page as it is drawn. */
export async function centres(page: Page, points: readonly Point[], width: number): Promise<Point[]> {
  return page.evaluate(
    ([around, wide]) => {
      const tiles = [...document.querySelectorAll<HTMLCanvasElement>('.heatmap-tile')];
      const top = (tiles[0] as HTMLElement).parentElement!.getBoundingClientRect().top;
      return around.flatMap(({ x, y }) => {
        let [weight, sum_x, sum_y] = [0, 0, 0];
        for (const tile of tiles) {
          const rect = tile.getBoundingClientRect();
          const scale = tile.width / wide;
          const from_y = ((rect.top - top) * scale) / (rect.width / wide) / scale;
          const reach = 14;
          const [left, upper] = [Math.floor((x - reach) * scale), Math.floor((y - from_y - reach) * scale)];
          const size = Math.ceil(2 * reach * scale);
          if (upper > tile.height || upper + size < 0) continue;
          const { data } = tile.getContext('2d')!.getImageData(left, upper, size, size);
          for (let at = 0; at < size * size; at++) {
            const alpha = data[at * 4 + 3]!;
            weight += alpha;
            sum_x += alpha * ((left + (at % size) + 0.5) / scale);
            sum_y += alpha * ((upper + Math.floor(at / size) + 0.5) / scale + from_y);
          }
        }
        return weight > 0 ? [{ x: sum_x / weight, y: sum_y / weight }] : [];
      });
    },
    [[...points], width] as const,
  );
}
