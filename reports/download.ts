/** The picture and the rows of a report as files. */
import type { Lang } from '../api/contract.ts';
import { send } from './http.ts';
import { palette } from './palette.ts';

const MARGIN = 24;
const HEAD = 64;

/** The chart on its ground, with the title and the selection above it. */
export function downloadPng(
  chart: HTMLCanvasElement,
  {
    title,
    note,
    dark,
    scale = chart.width / Math.max(chart.clientWidth, 1),
  }: {
    title: string;
    note: string;
    dark: boolean;
    /** Pixels of the picture per CSS pixel. */
    scale?: number;
  },
): void {
  const picture = document.createElement('canvas');
  picture.width = chart.width + 2 * MARGIN * scale;
  picture.height = chart.height + (HEAD + MARGIN) * scale;
  const brush = picture.getContext('2d');
  if (!brush) return;
  const { ground, ink, muted } = palette(dark);
  const font = getComputedStyle(document.body).fontFamily;
  brush.fillStyle = ground;
  brush.fillRect(0, 0, picture.width, picture.height);
  brush.fillStyle = ink;
  brush.font = `600 ${16 * scale}px ${font}`;
  brush.fillText(title, MARGIN * scale, 30 * scale);
  brush.fillStyle = muted;
  brush.font = `${12 * scale}px ${font}`;
  brush.fillText(note, MARGIN * scale, 50 * scale);
  brush.drawImage(chart, MARGIN * scale, HEAD * scale);
  picture.toBlob((blob) => {
    if (blob) save(blob, `${title}.png`);
  }, 'image/png');
}

/** Under the name that the server gives it. @param name where it gives none. @throws RequestFailure */
export async function downloadFile(url: string, { lang, name }: { lang: Lang; name: string }): Promise<void> {
  const answer = await send(url, lang);
  const named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('content-disposition') ?? '')?.[1];
  save(await answer.blob(), named ? decodeURIComponent(named) : name);
}

export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name.replaceAll('/', '-');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
