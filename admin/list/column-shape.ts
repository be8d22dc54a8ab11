/** How wide the columns are, and how many of them stay in sight when the rest is scrolled. */
import { type CSSProperties, type RefObject, useLayoutEffect } from 'react';

export interface ColumnShape {
  /** Pixels, of the columns that somebody has set. */
  widths?: { [field: string]: number };
  pinned?: number;
}
export const PINNED_MAX = 3;
const WIDTH_MIN = 60;
const WIDTH_MAX = 900;

export const clampWidth = (width: number): number => Math.round(Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, width)));

/** Class and style of a cell. On a phone rows are cards; there the style sheet ignores both. */
export function cellShape(
  { widths, pinned = 0 }: ColumnShape,
  name: string,
  index: number,
  more?: string | false,
): { className?: string; style?: CSSProperties } {
  const width = widths?.[name];
  const names = [more, width && 'sized', index < pinned && `pinned pinned-${index}`].filter(Boolean);
  return {
    className: names.join(' ') || undefined,
    style: width ? ({ '--col': `${width}px` } as CSSProperties) : undefined,
  };
}

/** Pinned columns stand beside one another: each begins where those before it end. */
export function usePinnedOffsets(table: RefObject<HTMLTableElement | null>, pinned: number): void {
  useLayoutEffect(() => {
    const element = table.current;
    if (!element || pinned < 1) return;
    const measure = () => {
      let left = element.querySelector<HTMLElement>('thead .pick')?.offsetWidth ?? 0;
      for (const [index, head] of [...element.querySelectorAll<HTMLElement>('thead .pinned')].entries()) {
        element.style.setProperty(`--pin-${index}`, `${left}px`);
        left += head.offsetWidth;
      }
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  });
}
