/** What of a page is looked at: its address holds it, so that it can be sent to somebody. */
import { useSearchParams } from 'react-router';
import { type ClickPage, type ClickPages, DEVICE_CLASSES, type DeviceClass } from '../api/contract-clicks.ts';
import type { Layer } from './heatmap-draw.ts';

export const DEVICES = Object.keys(DEVICE_CLASSES) as DeviceClass[];
export const LAYERS: readonly Layer[] = ['clicks', 'rage', 'dead', 'scroll'];
export type SeenAs = 'visitor' | 'member';
const FILTERS = ['page', 'version', 'device', 'period', 'segment', 'tier'];

export interface HeatmapView {
  campaign: string | null;
  page: ClickPage;
  /** The pages of the chosen campaign. */
  offered: readonly ClickPage[];
  /** Of the version. */
  number: number;
  device: DeviceClass;
  layer: Layer;
  seen_as: SeenAs;
  period: string | null;
  segment: string | null;
  tier: string | null;
  /** "before" or "v2"; null where nothing is put beside it. */
  beside: string | null;
  /** What the figures are asked by. */
  query: URLSearchParams;
}

/** @returns what is looked at, and how to look at something else: null takes a choice away */
export function useHeatmapView(known: ClickPages): [HeatmapView, (values: { [name: string]: string | null }) => void] {
  const [search, setSearch] = useSearchParams();
  const campaign = search.get('campaign');
  const offered = known.pages.filter((page) => !campaign || page.campaign === campaign);
  const asked = search.get('page');
  const page = known.pages.find(({ code }) => code === asked) ?? offered[0] ?? known.pages[0]!;
  // An old address may name what is no more: what is there is shown then, and the choices say so.
  const version = page.versions.find((each) => String(each.number) === search.get('version'));
  const { number } = version ?? page.versions.find(({ state }) => state === 'published') ?? page.versions[0]!;
  const device = DEVICES.find((each) => each === search.get('device')) ?? 'phone';
  const query = new URLSearchParams({ page: page.code, version: String(number), device });
  for (const name of FILTERS) {
    const value = search.get(name);
    if (value && !query.has(name)) query.set(name, value);
  }
  const set = (values: { [name: string]: string | null }) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(values)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setSearch(next, { replace: true });
  };
  const view: HeatmapView = {
    ...{ campaign, page, offered, number, device, query },
    layer: LAYERS.find((each) => each === search.get('layer')) ?? 'clicks',
    seen_as: search.get('as') === 'member' ? 'member' : 'visitor',
    period: search.get('period'),
    segment: search.get('segment'),
    tier: search.get('tier'),
    beside: search.get('with'),
  };
  return [view, set];
}
