/**
 * A version of a page, drawn at the width of its class of device in a frame that runs no script, with heat over it. The frame is of
 * our own address, so that where elements lie can be measured from here.
 */
import { type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Lang } from '../api/contract.ts';
import { type ClickMap, DEVICE_CLASSES } from '../api/contract-clicks.ts';
import { type Box, drawHeat, drawScroll, type Layer, spotsOf, TILE } from './heatmap-draw.ts';
import { boxesOf } from './heatmap-places.ts';
import { percent, tell } from './heatmap-words.ts';

export interface Drawn {
  boxes: ReadonlyMap<string, Box>;
  height: number;
}

export function HeatmapPicture({
  map,
  html,
  layer,
  hovered,
  onHover,
  onDrawn,
  lang,
}: {
  map: ClickMap;
  html: string;
  layer: Layer;
  hovered: string | null;
  onHover(element: string | null): void;
  onDrawn(drawn: Drawn): void;
  lang: Lang;
}) {
  const { drawn: width } = DEVICE_CLASSES[map.device];
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const [ready, setReady] = useState(false);
  const [room, setRoom] = useState(0);
  const [drawn, setDrawn] = useState<Drawn>({ boxes: new Map(), height: 0 });
  const names = map.elements.map(({ element }) => element).join('\n');
  const told = useRef(onDrawn);
  told.current = onDrawn;

  useEffect(() => {
    const watched = box.current;
    if (!watched) return;
    const observer = new ResizeObserver(() => setRoom(watched.clientWidth));
    observer.observe(watched);
    return () => observer.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another width is another layout.
  useEffect(() => {
    const inner = frame.current?.contentDocument;
    if (!ready || !inner) return;
    const next = new DOMParser().parseFromString(html, 'text/html');
    inner.replaceChild(inner.adoptNode(next.documentElement), inner.documentElement);
    const measure = () => {
      // The height of what it holds, not of the frame.
      const height = Math.ceil(inner.body?.getBoundingClientRect().height ?? 0);
      const made = { boxes: boxesOf(inner, names.split('\n')), height };
      setDrawn(made);
      told.current(made);
    };
    const observer = new ResizeObserver(measure);
    if (inner.body) observer.observe(inner.body);
    return () => observer.disconnect();
  }, [html, ready, width, names]);

  const scale = room === 0 ? 0 : Math.min(1, room / width);
  const spots = useMemo(() => spotsOf(map.places, drawn.boxes, layer), [map, drawn, layer]);
  const tiles = Array.from({ length: Math.ceil(drawn.height / TILE) }, (_, at) => at * TILE);
  const over = hovered ? drawn.boxes.get(hovered) : undefined;
  const element = map.elements.find((each) => each.element === hovered);

  const point = (event: MouseEvent<HTMLDivElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const [x, y] = [(event.clientX - left) / scale, (event.clientY - top) / scale];
    let best: [name: string, area: number] | null = null;
    for (const [name, { x: from_x, y: from_y, width: wide, height: tall }] of drawn.boxes) {
      const inside = x >= from_x && x <= from_x + wide && y >= from_y && y <= from_y + tall;
      if (inside && (!best || wide * tall < best[1])) best = [name, wide * tall];
    }
    onHover(best?.[0] ?? null);
  };

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys.
    <section className="heatmap-stage" aria-label={tell(lang, 'picture')} tabIndex={0}>
      <div className="heatmap-room" ref={box}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the table says the same by row. */}
        <div
          className="heatmap-sheet"
          style={{ width: width * scale, height: drawn.height * scale }}
          onMouseMove={point}
          onMouseLeave={() => onHover(null)}
        >
          <div inert>
            <iframe
              ref={frame}
              title={tell(lang, 'picture')}
              src="/p/_frame"
              sandbox="allow-same-origin"
              onLoad={() => setReady(true)}
              style={{ width, height: Math.max(drawn.height, 400), transform: `scale(${scale || 1})` }}
            />
          </div>
          {tiles.map((from_y) => (
            <Tile
              key={from_y}
              from_y={from_y}
              page={{ width, height: drawn.height }}
              scale={scale}
              draw={(canvas, device) =>
                layer === 'scroll'
                  ? drawScroll(canvas, map.scroll, {
                      from_y,
                      scale: scale * device,
                      page: { width, height: drawn.height },
                    })
                  : drawHeat(canvas, spots, { from_y, scale: scale * device })
              }
              mark={[spots, layer, map]}
            />
          ))}
          {over ? (
            <div
              className="heatmap-outline"
              style={{
                left: over.x * scale,
                top: over.y * scale,
                width: over.width * scale,
                height: over.height * scale,
              }}
            >
              {element ? (
                <span>
                  {lang === 'zh' ? element.label : element.label_en} · {percent(element.click_rate)}
                </span>
              ) : null}
            </div>
          ) : null}
        </div>
      </div>
    </section>
  );
}

function Tile({
  from_y,
  page,
  scale,
  draw,
  mark,
}: {
  from_y: number;
  page: { width: number; height: number };
  scale: number;
  draw(canvas: HTMLCanvasElement, device: number): void;
  /** Drawn again when one of these is another. */
  mark: readonly unknown[];
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const tall = Math.min(TILE, page.height - from_y);
  // biome-ignore lint/correctness/useExhaustiveDependencies: draw is made anew each time; mark says when it draws something else.
  useEffect(() => {
    const sheet = canvas.current;
    if (!sheet || scale === 0) return;
    const device = window.devicePixelRatio || 1;
    sheet.width = Math.round(page.width * scale * device);
    sheet.height = Math.round(tall * scale * device);
    draw(sheet, device);
  }, [page.width, page.height, tall, scale, ...mark]);
  return (
    <canvas
      ref={canvas}
      className="heatmap-tile"
      style={{ top: from_y * scale, width: page.width * scale, height: tall * scale }}
    />
  );
}
