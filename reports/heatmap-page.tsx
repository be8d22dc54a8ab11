/** Where visitors of a page click, how far they come and what to change: over the page itself, beside another version or period. */
import './reports.css';
import './heatmap.css';
import { Alert, App, Button, Empty, Segmented, Select, Skeleton } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Lang, Pair } from '../api/contract.ts';
import {
  type ClickComparison,
  type ClickHints,
  type ClickMap,
  type ClickPage,
  type ClickPages,
  type ClickPicture,
  DEVICE_CLASSES,
  type DeviceClass,
} from '../api/contract-clicks.ts';
import type { ReportParam } from '../api/contract-reports.ts';
import { pick } from './cell-value.ts';
import { downloadFile } from './download.ts';
import { type Layer, RAMP } from './heatmap-draw.ts';
import { exportHeatmap } from './heatmap-export.ts';
import { type Drawn, HeatmapPicture } from './heatmap-picture.tsx';
import { DeviceSplit, Hints, ScrollCurve } from './heatmap-side.tsx';
import { ComparisonTable, ElementTable } from './heatmap-table.tsx';
import { count, type HeatWord, tell } from './heatmap-words.ts';
import { useJson } from './http.ts';
import { Control } from './param-control.tsx';
import { useReportEvents } from './report-events.ts';
import type { ReportsProps } from './report-page.tsx';
import { listed, say } from './words.ts';

const PERIOD: ReportParam = { type: 'daterange', label: ['日期', 'Dates'], default: 'last_28d', max: '400d' };
const LAYERS: readonly Layer[] = ['clicks', 'rage', 'dead', 'scroll'];
const FILTERS = ['page', 'version', 'device', 'period', 'segment', 'tier'];

export default function HeatmapPage({ lang, subscribe }: ReportsProps) {
  const version = useReportEvents(null, subscribe);
  const { data, error } = useJson<ClickPages>('/api/_clicks/pages', { lang, version });
  useEffect(() => {
    document.title = `${tell(lang, 'title')} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [lang]);
  return (
    <article className="report heatmap">
      {error ? <Alert type="error" showIcon title={error.message} /> : null}
      {data ? null : error ? null : <Skeleton active paragraph={{ rows: 10 }} />}
      {data?.pages.length === 0 ? (
        <Empty description={tell(lang, 'no_pages')}>
          <Link to="/pages">{tell(lang, 'to_pages')}</Link>
        </Empty>
      ) : null}
      {data && data.pages.length > 0 ? <Heatmap known={data} lang={lang} version={version} /> : null}
    </article>
  );
}

function Heatmap({ known, lang, version }: { known: ClickPages; lang: Lang; version: number }) {
  const { message } = App.useApp();
  const [search, setSearch] = useSearchParams();
  const [hovered, setHovered] = useState<string | null>(null);
  const [drawn, setDrawn] = useState<(Drawn & { of: string }) | null>(null);
  const campaign = search.get('campaign');
  const offered = known.pages.filter((page) => !campaign || page.campaign === campaign);
  const asked = search.get('page');
  const page = known.pages.find(({ code }) => code === asked) ?? offered[0] ?? known.pages[0]!;
  const number =
    Number(search.get('version')) ||
    (page.versions.find(({ state }) => state === 'published') ?? page.versions[0]!).number;
  const device = (search.get('device') ?? 'phone') as DeviceClass;
  const layer = LAYERS.find((each) => each === search.get('layer')) ?? 'clicks';
  const seen_as = search.get('as') === 'member' ? 'member' : 'visitor';
  const set = (values: { [name: string]: string | null }) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(values)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setHovered(null);
    setSearch(next, { replace: true });
  };

  const query = new URLSearchParams({ page: page.code, version: String(number), device });
  for (const name of FILTERS) {
    const value = search.get(name);
    if (value && !query.has(name)) query.set(name, value);
  }
  const owner = `${page.code} ${number} ${device}`;
  const { data: map, error, loading } = useJson<ClickMap>(`/api/_clicks/map?${query}`, { lang, version, owner });
  const against = otherOf(search.get('with'), map);
  const other_query = new URLSearchParams(query);
  for (const [name, value] of Object.entries(against ?? {})) other_query.set(name, value);
  const other = useJson<ClickMap>(against ? `/api/_clicks/map?${other_query}` : null, {
    lang,
    version,
    owner: other_query.toString(),
  });
  const with_ = new URLSearchParams(query);
  if (against?.version) with_.set('with_version', against.version);
  if (against?.period) with_.set('with_period', against.period);
  const comparison = useJson<ClickComparison>(against ? `/api/_clicks/compare?${with_}` : null, {
    lang,
    version,
    owner: with_.toString(),
  });
  // What was measured of another picture says nothing about this one.
  const picture_of = `${owner} ${seen_as} ${lang}`;
  const measured = drawn?.of === picture_of ? drawn : null;
  const tops = measured && measured.height > 0 ? topsOf(measured) : '';
  const hints = useJson<ClickHints>(
    map && (measured || page.kind === 'external')
      ? `/api/_clicks/hints?${query}&tops=${encodeURIComponent(tops)}`
      : null,
    { lang, version, owner: `${query} ${picture_of}` },
  );
  const fail = (failure: unknown) => message.error(failure instanceof Error ? failure.message : String(failure));
  const here = map?.devices.find((each) => each.device_class === device);
  const other_name = against?.version ? `v${against.version}` : tell(lang, 'with_before');

  return (
    <>
      <header className="report-head">
        <div>
          <nav className="report-path" aria-label={say(lang, 'reports')}>
            <Link to="/reports">{say(lang, 'reports')}</Link>
          </nav>
          <h1>{tell(lang, 'title')}</h1>
          {here ? (
            <p className="report-describe">
              {tell(lang, 'view_visits', {
                views: count(lang, here.view_count),
                visits: count(lang, here.visit_count),
                clicks: count(lang, here.click_count),
              })}
            </p>
          ) : null}
        </div>
        <div className="report-tools">
          <Button
            autoInsertSpace={false}
            disabled={!map || !measured}
            onClick={() => map && measured && exportHeatmap(map, measured, layer, lang)}
          >
            {tell(lang, 'png')}
          </Button>
          <Button
            autoInsertSpace={false}
            disabled={!map}
            onClick={() =>
              void downloadFile(`/api/_clicks/csv?${query}`, { lang, name: `${tell(lang, 'title')}.csv` }).catch(fail)
            }
          >
            {tell(lang, 'csv')}
          </Button>
        </div>
      </header>
      <div className="report-params">
        <Choice
          lang={lang}
          name="campaign"
          value={campaign}
          options={campaignsOf(known)}
          onChange={(value) => set({ campaign: value, page: null, version: null, with: null })}
        />
        <Choice
          lang={lang}
          name="page"
          required
          value={page.code}
          options={offered.map(({ code, name }) => ({ value: code, label: name }))}
          onChange={(value) => set({ page: value, version: null, with: null })}
        />
        <Choice
          lang={lang}
          name="version"
          required
          value={String(number)}
          options={versionsOf(page, lang)}
          onChange={(value) => set({ version: value, with: null })}
        />
        <div className="report-param">
          <label htmlFor="heatmap-period">{tell(lang, 'period')}</label>
          <Control
            id="heatmap-period"
            label={tell(lang, 'period')}
            name="period"
            slug="heatmap"
            param={PERIOD}
            lang={lang}
            texts={search.get('period') ? [search.get('period')!] : null}
            resolved={map ? `${map.from_on}..${map.to_on}` : null}
            onChange={(values) => set({ period: values?.[0] ?? null })}
          />
        </div>
        <Choice
          lang={lang}
          name="segment"
          value={search.get('segment')}
          options={known.segments}
          onChange={(value) => set({ segment: value })}
        />
        <Choice
          lang={lang}
          name="tier"
          value={search.get('tier')}
          options={known.tiers}
          onChange={(value) => set({ tier: value })}
        />
        <Choice
          lang={lang}
          name="compare"
          none="alone"
          value={search.get('with')}
          options={[
            { value: 'before', label: [tell('zh', 'with_before'), tell('en', 'with_before')] as Pair },
            ...page.versions
              .filter((each) => each.number !== number)
              .map((each): { value: string; label: Pair } => ({
                value: `v${each.number}`,
                label: [
                  tell('zh', 'with_version', { number: each.number }),
                  tell('en', 'with_version', { number: each.number }),
                ],
              })),
          ]}
          onChange={(value) => set({ with: value })}
        />
      </div>
      <div className="report-params">
        <Segmented
          aria-label={tell(lang, 'device')}
          value={device}
          options={(Object.keys(DEVICE_CLASSES) as DeviceClass[]).map((each) => ({
            value: each,
            label: pick(lang, DEVICE_CLASSES[each].label),
          }))}
          onChange={(value) => set({ device: value })}
        />
        {page.kind === 'own' ? (
          <>
            <Segmented
              aria-label={tell(lang, 'layer')}
              value={layer}
              options={LAYERS.map((each) => ({ value: each, label: tell(lang, each) }))}
              onChange={(value) => set({ layer: value })}
            />
            <Segmented
              aria-label={tell(lang, 'seen_as')}
              value={seen_as}
              options={(['visitor', 'member'] as const).map((each) => ({
                value: each,
                label: tell(lang, `as_${each}`),
              }))}
              onChange={(value) => set({ as: value })}
            />
            <Legend lang={lang} />
          </>
        ) : null}
      </div>
      {error ? <Alert type="error" showIcon title={say(lang, 'failed')} description={error.message} /> : null}
      {page.kind === 'external' && page.script ? <Script script={page.script} lang={lang} /> : null}
      {map ? <Notes map={map} measured={measured} known={known} search={search} lang={lang} /> : null}
      {map || error ? null : <Skeleton active paragraph={{ rows: 10 }} />}
      {map?.too_few ? <Empty description={tell(lang, 'too_few')} /> : null}
      {map && !map.too_few && !here ? (
        <Empty
          description={
            <>
              {tell(lang, 'none')}
              <br />
              {tell(lang, 'none_hint')}
            </>
          }
        />
      ) : null}
      {map && !map.too_few ? (
        <div
          className={`heatmap-body heatmap-${device}${against ? ' heatmap-two' : ''}${page.kind === 'external' ? ' heatmap-none' : ''}`}
          aria-busy={loading}
        >
          {page.kind === 'own' ? (
            <div className="heatmap-pictures">
              {[map, ...(against && other.data ? [other.data] : [])].map((each, at) => (
                <figure key={at === 0 ? 'this' : 'other'}>
                  {against ? <figcaption>{at === 0 ? captionOf(each) : `${captionOf(each)}`}</figcaption> : null}
                  <Picture
                    map={each}
                    {...{ layer, hovered, lang, seen_as }}
                    onHover={setHovered}
                    onDrawn={(made) => {
                      if (at === 0) setDrawn({ ...made, of: picture_of });
                    }}
                  />
                </figure>
              ))}
            </div>
          ) : null}
          <div className="heatmap-side">
            <Hints hints={hints.data} onHover={setHovered} lang={lang} />
            <section className="heatmap-card heatmap-wide">
              <header>
                <h2>{tell(lang, 'elements')}</h2>
              </header>
              {against && comparison.data ? (
                <ComparisonTable
                  comparison={comparison.data}
                  names={[tell(lang, 'this_one'), other_name]}
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
      ) : null}
    </>
  );
}

function Picture({
  map,
  seen_as,
  lang,
  ...more
}: {
  map: ClickMap;
  seen_as: string;
  layer: Layer;
  hovered: string | null;
  lang: Lang;
  onHover(element: string | null): void;
  onDrawn(drawn: Drawn): void;
}) {
  const address = `/api/_clicks/picture?page=${map.page}&version=${map.version}&as=${seen_as}`;
  const { data, error } = useJson<ClickPicture>(address, { lang, owner: `${address} ${lang}` });
  if (error) return <Alert type="error" showIcon title={error.message} />;
  if (!data) return <Skeleton active paragraph={{ rows: 12 }} />;
  return <HeatmapPicture key={map.device} map={map} html={data.html} lang={lang} {...more} />;
}

function Choice({
  lang,
  name,
  value,
  options,
  onChange,
  required = false,
  none = 'everybody',
}: {
  lang: Lang;
  name: HeatWord;
  value: string | null;
  options: readonly { value: string; label: Pair }[];
  onChange(value: string | null): void;
  required?: boolean;
  none?: HeatWord;
}) {
  return (
    <div className="report-param">
      <label htmlFor={`heatmap-${name}`}>{tell(lang, name)}</label>
      <Select
        id={`heatmap-${name}`}
        className="report-choice"
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={false}
        value={value ?? ''}
        options={[
          ...(required ? [] : [{ value: '', label: tell(lang, none) }]),
          ...options.map((each) => ({ value: each.value, label: pick(lang, each.label) })),
        ]}
        onChange={(chosen) => onChange(chosen || null)}
      />
    </div>
  );
}

function Legend({ lang }: { lang: Lang }) {
  const colors = RAMP.map(([at, color]) => `${color} ${at * 100}%`).join(', ');
  return (
    <span className="heatmap-legend">
      {tell(lang, 'few')}
      <i style={{ background: `linear-gradient(to right, ${colors})` }} />
      {tell(lang, 'many')}
    </span>
  );
}

function Script({ script, lang }: { script: string; lang: Lang }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard?.writeText(script).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <section className="heatmap-card heatmap-script">
      <p>{tell(lang, 'external')}</p>
      <code>{script}</code>
      <Button autoInsertSpace={false} size="small" onClick={copy}>
        {tell(lang, copied ? 'copied' : 'copy')}
      </Button>
    </section>
  );
}

/** What the figures do not say by themselves. */
function Notes({
  map,
  measured,
  known,
  search,
  lang,
}: {
  map: ClickMap;
  measured: Drawn | null;
  known: ClickPages;
  search: URLSearchParams;
  lang: Lang;
}) {
  const { places } = map;
  const absent = measured
    ? map.elements.filter(({ element, click_count }) => click_count > 0 && !measured.boxes.has(element))
    : [];
  const notes = [
    search.get('segment') || search.get('tier') ? tell(lang, 'people_note', { days: known.kept_days }) : null,
    places.hidden_count > 0 ? tell(lang, 'hidden', { count: count(lang, places.hidden_count) }) : null,
    places.weekly ? tell(lang, 'weekly') : null,
    places.known_from ? tell(lang, 'known_from', { days: known.kept_days, day: places.known_from }) : null,
    absent.length > 0
      ? tell(lang, 'absent', {
          names: listed(
            lang,
            absent.map((each) => (lang === 'zh' ? each.label : each.label_en)),
          ),
        })
      : null,
  ].filter((note) => note !== null);
  if (notes.length === 0) return null;
  return (
    <ul className="heatmap-notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

/** "before": as many days before; "v2": that version. */
function otherOf(text: string | null, map: ClickMap | null): { version?: string; period?: string } | null {
  if (!text || !map) return null;
  const version = /^v(\d+)$/.exec(text)?.[1];
  if (version) return { version };
  const days = dayjs(map.to_on).diff(map.from_on, 'day') + 1;
  const shifted = (day: string) => dayjs(day).subtract(days, 'day').format('YYYY-MM-DD');
  return { period: `${shifted(map.from_on)}..${shifted(map.to_on)}` };
}

const captionOf = ({ version, from_on, to_on }: ClickMap) => `v${version} · ${from_on} – ${to_on}`;

function topsOf({ boxes, height }: Drawn): string {
  const tops = [...boxes].map(
    ([name, { y }]) => `${name}:${Math.max(0, Math.min(10_000, Math.round((y / height) * 10_000)))}`,
  );
  return tops.slice(0, 200).join(',');
}

function campaignsOf({ pages }: ClickPages): { value: string; label: Pair }[] {
  const found = new Map(
    pages.flatMap(({ campaign, campaign_name }) =>
      campaign && campaign_name ? [[campaign, campaign_name] as const] : [],
    ),
  );
  return [...found].map(([value, label]) => ({ value, label }));
}

function versionsOf(page: ClickPage, lang: Lang): { value: string; label: Pair }[] {
  return page.versions.map(({ number, state }) => {
    const label = tell(lang, 'version_of', { number, state: tell(lang, state) });
    return { value: String(number), label: [label, label] };
  });
}
