/** What of a page is to be seen: which page, version and days, of whom, beside what, on which device and layer. */
import { Segmented, Select } from 'antd';
import type { Lang, Pair } from '../api/contract.ts';
import { type ClickMap, type ClickPage, type ClickPages, DEVICE_CLASSES } from '../api/contract-clicks.ts';
import type { ReportParam } from '../api/contract-reports.ts';
import { pick } from './cell-value.ts';
import { RAMP } from './heatmap-draw.ts';
import { DEVICES, type HeatmapView, LAYERS } from './heatmap-view.ts';
import { type HeatWord, tell } from './heatmap-words.ts';
import { Control } from './param-control.tsx';

const PERIOD: ReportParam = { type: 'daterange', label: ['日期', 'Dates'], default: 'last_28d', max: '400d' };

interface Chosen {
  value: string;
  label: Pair;
}
interface ParamsProps {
  view: HeatmapView;
  lang: Lang;
  onChange(values: { [name: string]: string | null }): void;
}

export function HeatmapParams({
  known,
  view,
  map,
  lang,
  onChange,
}: ParamsProps & { known: ClickPages; map: ClickMap | null }) {
  const { page, number, period } = view;
  return (
    <div className="report-params">
      <Choice
        lang={lang}
        name="campaign"
        value={view.campaign}
        options={campaignsOf(known)}
        onChange={(campaign) => onChange({ campaign, page: null, version: null, with: null })}
      />
      <Choice
        lang={lang}
        name="page"
        required
        value={page.code}
        options={view.offered.map(({ code, name }) => ({ value: code, label: name }))}
        onChange={(code) => onChange({ page: code, version: null, with: null })}
      />
      <Choice
        lang={lang}
        name="version"
        required
        value={String(number)}
        options={versionsOf(page)}
        onChange={(version) => onChange({ version, with: null })}
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
          texts={period ? [period] : null}
          resolved={map ? `${map.from_on}..${map.to_on}` : null}
          onChange={(values) => onChange({ period: values?.[0] ?? null })}
        />
      </div>
      <Choice
        lang={lang}
        name="segment"
        value={view.segment}
        options={known.segments}
        onChange={(segment) => onChange({ segment })}
      />
      <Choice lang={lang} name="tier" value={view.tier} options={known.tiers} onChange={(tier) => onChange({ tier })} />
      <Choice
        lang={lang}
        name="compare"
        none="alone"
        value={view.beside}
        options={besidesOf(page, number)}
        onChange={(beside) => onChange({ with: beside })}
      />
    </div>
  );
}

/** How it is looked at; of a page that is not ours there is no picture, so only the device. */
export function HeatmapLook({ view, lang, onChange }: ParamsProps) {
  return (
    <div className="report-params">
      <Segmented
        aria-label={tell(lang, 'device')}
        value={view.device}
        options={DEVICES.map((each) => ({ value: each, label: pick(lang, DEVICE_CLASSES[each].label) }))}
        onChange={(device) => onChange({ device })}
      />
      {view.page.kind === 'own' ? (
        <>
          <Segmented
            aria-label={tell(lang, 'layer')}
            value={view.layer}
            options={LAYERS.map((each) => ({ value: each, label: tell(lang, each) }))}
            onChange={(layer) => onChange({ layer })}
          />
          <Segmented
            aria-label={tell(lang, 'seen_as')}
            value={view.seen_as}
            options={(['visitor', 'member'] as const).map((each) => ({
              value: each,
              label: tell(lang, `as_${each}`),
            }))}
            onChange={(as) => onChange({ as })}
          />
          <Legend lang={lang} />
        </>
      ) : null}
    </div>
  );
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
  options: readonly Chosen[];
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

function campaignsOf({ pages }: ClickPages): Chosen[] {
  const found = new Map(
    pages.flatMap(({ campaign, campaign_name }) =>
      campaign && campaign_name ? [[campaign, campaign_name] as const] : [],
    ),
  );
  return [...found].map(([value, label]) => ({ value, label }));
}

function versionsOf({ versions }: ClickPage): Chosen[] {
  return versions.map(({ number, state }) => ({
    value: String(number),
    label: [
      tell('zh', 'version_of', { number, state: tell('zh', state) }),
      tell('en', 'version_of', { number, state: tell('en', state) }),
    ],
  }));
}

function besidesOf({ versions }: ClickPage, shown: number): Chosen[] {
  return [
    { value: 'before', label: [tell('zh', 'with_before'), tell('en', 'with_before')] },
    ...versions
      .filter(({ number }) => number !== shown)
      .map(({ number }): Chosen => {
        return {
          value: `v${number}`,
          label: [tell('zh', 'with_version', { number }), tell('en', 'with_version', { number })],
        };
      }),
  ];
}
