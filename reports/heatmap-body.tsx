/** The page with its heat, beside another where there is one, and the figures next to it. */
import { Alert, Skeleton } from 'antd';
import { useState } from 'react';
import type { Lang } from '../api/contract.ts';
import type { ClickComparison, ClickHints, ClickMap, ClickPicture } from '../api/contract-clicks.ts';
import type { Layer } from './heatmap-draw.ts';
import type { Against } from './heatmap-figures.ts';
import { type Drawn, HeatmapPicture } from './heatmap-picture.tsx';
import { DeviceSplit, Hints, ScrollCurve } from './heatmap-side.tsx';
import { ComparisonTable, ElementTable } from './heatmap-table.tsx';
import type { HeatmapView, SeenAs } from './heatmap-view.ts';
import { tell } from './heatmap-words.ts';
import { useJson } from './http.ts';

export function HeatmapBody({
  view: { page, device, layer, seen_as },
  map,
  against,
  other,
  comparison,
  hints,
  busy,
  lang,
  onDrawn,
}: {
  view: HeatmapView;
  map: ClickMap;
  against: Against | null;
  other: ClickMap | null;
  comparison: ClickComparison | null;
  hints: ClickHints | null;
  busy: boolean;
  lang: Lang;
  /** Of the first picture. */
  onDrawn(drawn: Drawn): void;
}) {
  const [hovered, setHovered] = useState<string | null>(null);
  const own = page.kind === 'own';
  return (
    <div
      className={`heatmap-body heatmap-${device}${against ? ' heatmap-two' : ''}${own ? '' : ' heatmap-none'}`}
      aria-busy={busy}
    >
      {own ? (
        <div className="heatmap-pictures">
          {[map, ...(against && other ? [other] : [])].map((each, at) => (
            <figure key={at === 0 ? 'this' : 'other'}>
              {against ? <figcaption>{captionOf(each)}</figcaption> : null}
              <Picture
                map={each}
                {...{ layer, hovered, lang, seen_as }}
                onHover={setHovered}
                onDrawn={(drawn) => {
                  if (at === 0) onDrawn(drawn);
                }}
              />
            </figure>
          ))}
        </div>
      ) : null}
      <div className="heatmap-side">
        <Hints hints={hints} onHover={setHovered} lang={lang} />
        <section className="heatmap-card heatmap-wide">
          <header>
            <h2>{tell(lang, 'elements')}</h2>
          </header>
          {against && comparison ? (
            <ComparisonTable
              comparison={comparison}
              names={[tell(lang, 'this_one'), nameOf(against, lang)]}
              {...{ hovered, lang }}
              onHover={setHovered}
            />
          ) : (
            <ElementTable elements={map.elements} {...{ hovered, lang }} onHover={setHovered} />
          )}
        </section>
        <ScrollCurve depths={map.scroll} lang={lang} />
        <DeviceSplit devices={map.devices} lang={lang} />
      </div>
    </div>
  );
}

function Picture({
  map,
  seen_as,
  lang,
  ...more
}: {
  map: ClickMap;
  seen_as: SeenAs;
  layer: Layer;
  hovered: string | null;
  lang: Lang;
  onHover(element: string | null): void;
  onDrawn(drawn: Drawn): void;
}) {
  const address = `/api/_clicks/picture?page=${map.page}&version=${map.version}&as=${seen_as}`;
  const { data, error } = useJson<ClickPicture>(address, { lang, owner: `${address} ${lang}` });
  if (error) return <Alert type="error" showIcon title={error.message} />;
  if (!data) return <Skeleton active title={false} paragraph={{ rows: 12 }} />;
  return <HeatmapPicture key={map.device} map={map} html={data.html} lang={lang} {...more} />;
}

const captionOf = ({ version, from_on, to_on }: ClickMap) => `v${version} · ${from_on} – ${to_on}`;

const nameOf = (against: Against, lang: Lang) =>
  'version' in against ? `v${against.version}` : tell(lang, 'with_before');
