/** Which of many rows are drawn: those in sight and some around them. The heights of drawn rows are measured, the others guessed. */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** Fewer are all drawn, without a frame to scroll in. */
export const WINDOW_FROM = 60;
const GUESS = 41;
const AROUND = 12;

export interface RowWindow {
  /** Null: all rows are drawn. */
  frame: RefObject<HTMLDivElement | null>;
  body: RefObject<HTMLTableSectionElement | null>;
  from: number;
  to: number;
  /** Height of the rows that are not drawn, above and below. */
  above: number;
  below: number;
  onScroll(): void;
  reveal(at: number): void;
}

export function useWindow(keys: readonly string[]): RowWindow {
  const frame = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const heights = useRef(new Map<string, number>());
  const [span, setSpan] = useState({ from: 0, to: WINDOW_FROM });
  const many = keys.length > WINDOW_FROM;
  const heightOf = (at: number) => heights.current.get(keys[at] ?? '') ?? GUESS;
  const sum = (from: number, to: number) => {
    let all = 0;
    for (let at = from; at < to; at++) all += heightOf(at);
    return all;
  };
  const look = () => {
    const box = frame.current;
    if (!box || !many) return;
    let at = 0;
    let top = 0;
    while (at < keys.length - 1 && top + heightOf(at) < box.scrollTop) top += heightOf(at++);
    let end = at;
    while (end < keys.length && top < box.scrollTop + box.clientHeight) top += heightOf(end++);
    const next = { from: Math.max(0, at - AROUND), to: Math.min(keys.length, end + AROUND) };
    setSpan((was) => (was.from === next.from && was.to === next.to ? was : next));
  };
  useLayoutEffect(() => {
    if (!many) return;
    for (const row of body.current?.querySelectorAll<HTMLElement>('tr[data-key]') ?? []) {
      heights.current.set(row.dataset.key ?? '', row.offsetHeight);
    }
    look();
  });
  const from = many ? Math.min(span.from, keys.length) : 0;
  const to = many ? Math.min(Math.max(span.to, from), keys.length) : keys.length;
  return {
    frame,
    body,
    from,
    to,
    above: many ? sum(0, from) : 0,
    below: many ? sum(to, keys.length) : 0,
    onScroll: look,
    reveal: (at) => {
      const box = frame.current;
      if (!box || !many) return;
      box.scrollTop = Math.max(0, sum(0, at) - box.clientHeight / 2);
      look();
    },
  };
}
