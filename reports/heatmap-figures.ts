/** The figures of what is looked at, of what is put beside it, and what they hint at. */
import dayjs from 'dayjs';
import type { Lang } from '../api/contract.ts';
import type { ClickComparison, ClickHints, ClickMap } from '../api/contract-clicks.ts';
import type { Drawn } from './heatmap-picture.tsx';
import type { HeatmapView } from './heatmap-view.ts';
import { type Loaded, useJson } from './http.ts';

/** Another version, or as many days before. */
export type Against = { version: string } | { period: string };

interface HeatmapFigures {
  map: Loaded<ClickMap>;
  against: Against | null;
  other: ClickMap | null;
  comparison: ClickComparison | null;
}

export function useHeatmapFigures(
  { page, number, device, query, beside }: HeatmapView,
  { lang, version }: { lang: Lang; version: number },
): HeatmapFigures {
  const owner = `${page.code} ${number} ${device}`;
  const map = useJson<ClickMap>(`/api/_clicks/map?${query}`, { lang, version, owner });
  const against = againstOf(beside, map.data);
  const other_query = new URLSearchParams(query);
  const both_query = new URLSearchParams(query);
  for (const [name, value] of Object.entries(against ?? {})) {
    other_query.set(name, value);
    both_query.set(`with_${name}`, value);
  }
  const other = useJson<ClickMap>(against ? `/api/_clicks/map?${other_query}` : null, {
    ...{ lang, version, owner: other_query.toString() },
  });
  const comparison = useJson<ClickComparison>(against ? `/api/_clicks/compare?${both_query}` : null, {
    ...{ lang, version, owner: both_query.toString() },
  });
  return { map, against, other: other.data, comparison: comparison.data };
}

/** @param measured the picture that was drawn of it: how far down an element lies is part of what is hinted */
export function useHeatmapHints(
  { page, query }: HeatmapView,
  { map, measured, picture_of }: { map: ClickMap | null; measured: Drawn | null; picture_of: string },
  { lang, version }: { lang: Lang; version: number },
): ClickHints | null {
  const tops = measured && measured.height > 0 ? topsOf(measured) : '';
  const ready = map !== null && (measured !== null || page.kind === 'external');
  const url = ready ? `/api/_clicks/hints?${query}&tops=${encodeURIComponent(tops)}` : null;
  return useJson<ClickHints>(url, { lang, version, owner: `${query} ${picture_of}` }).data;
}

/** "before": as many days before; "v2": that version. */
function againstOf(text: string | null, map: ClickMap | null): Against | null {
  if (!text || !map) return null;
  const version = /^v(\d+)$/.exec(text)?.[1];
  if (version) return { version };
  const days = dayjs(map.to_on).diff(map.from_on, 'day') + 1;
  const shifted = (day: string) => dayjs(day).subtract(days, 'day').format('YYYY-MM-DD');
  return { period: `${shifted(map.from_on)}..${shifted(map.to_on)}` };
}

/** Where each element begins, in ten thousandths of the page. */
function topsOf({ boxes, height }: Drawn): string {
  const tops = [...boxes].map(
    ([name, { y }]) => `${name}:${Math.max(0, Math.min(10_000, Math.round((y / height) * 10_000)))}`,
  );
  return tops.slice(0, 200).join(',');
}
