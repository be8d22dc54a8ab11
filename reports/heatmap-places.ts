/** Finds the elements that were clicked in the page as it is drawn: by data-hm, else by the path that the tracker wrote. */
import type { Box } from './heatmap-draw.ts';

/** Of each element that is there and has a size, in CSS pixels from the upper left of the page. */
export function boxesOf(page: Document, names: readonly string[]): Map<string, Box> {
  const boxes = new Map<string, Box>();
  const marked = new Map<string, Element>();
  for (const each of page.querySelectorAll('[data-hm]')) {
    const name = each.getAttribute('data-hm')!;
    if (!marked.has(name)) marked.set(name, each);
  }
  const root = page.documentElement.getBoundingClientRect();
  for (const name of new Set([...names, ...marked.keys()])) {
    const { left, top, width, height } = (marked.get(name) ?? atPath(page, name))?.getBoundingClientRect() ?? NOWHERE;
    if (width > 0 && height > 0) boxes.set(name, { x: left - root.left, y: top - root.top, width, height });
  }
  return boxes;
}

const NOWHERE = { left: 0, top: 0, width: 0, height: 0 };

/** "#main>ul:1>li:2", "body:1>div:3" */
function atPath(page: Document, path: string): Element | null {
  const [first = '', ...rest] = path.split('>');
  const named = first.startsWith('#');
  let at: Element | null = named ? page.getElementById(first.slice(1)) : page.documentElement;
  for (const step of named ? rest : [first, ...rest]) {
    const [, tag, place] = /^([a-z][a-z0-9-]*):(\d+)$/i.exec(step) ?? [];
    if (!at || !tag) return null;
    const alike: Element[] = [...at.children].filter((each) => each.tagName.toLowerCase() === tag.toLowerCase());
    at = alike[Number(place) - 1] ?? null;
  }
  return at;
}
