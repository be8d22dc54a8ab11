/** The heat as a picture: a browser lets nobody copy what a frame shows, so the elements stand as boxes with their names. */
import type { Lang } from '../api/contract.ts';
import { type ClickMap, DEVICE_CLASSES } from '../api/contract-clicks.ts';
import { downloadPng } from './download.ts';
import { drawHeat, drawScroll, type Layer, spotsOf } from './heatmap-draw.ts';
import type { Drawn } from './heatmap-picture.tsx';
import { percent, tell } from './heatmap-words.ts';

/** No browser makes a canvas that is higher. */
const TALLEST = 15_000;

export function exportHeatmap(map: ClickMap, { boxes, height }: Drawn, layer: Layer, lang: Lang): void {
  const { drawn: width } = DEVICE_CLASSES[map.device];
  const picture = document.createElement('canvas');
  picture.width = width;
  picture.height = Math.min(height, TALLEST);
  const brush = picture.getContext('2d');
  if (!brush) return;
  brush.fillStyle = '#ffffff';
  brush.fillRect(0, 0, picture.width, picture.height);
  const heat = document.createElement('canvas');
  heat.width = picture.width;
  heat.height = picture.height;
  if (layer === 'scroll') drawScroll(heat, map.scroll, { from_y: 0, scale: 1, page: { width, height } });
  else drawHeat(heat, spotsOf(map.places, boxes, layer), { from_y: 0, scale: 1 });
  brush.drawImage(heat, 0, 0);
  brush.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  for (const { element, label, label_en, click_rate } of map.elements) {
    const box = boxes.get(element);
    if (!box) continue;
    brush.strokeStyle = '#4d5b54';
    brush.strokeRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1);
    brush.fillStyle = '#17211c';
    brush.fillText(
      `${lang === 'zh' ? label : label_en} · ${percent(click_rate)}`,
      box.x + 4,
      box.y + 14,
      box.width - 8,
    );
  }
  const title = `${tell(lang, 'title')} · ${map.page} v${map.version} · ${DEVICE_CLASSES[map.device].label[lang === 'zh' ? 0 : 1]}`;
  downloadPng(picture, { title, note: `${map.from_on} – ${map.to_on} · ${tell(lang, layer)}`, dark: false, scale: 1 });
}
