/** The registry: every metric by area, found by its name, code or definition. */
import './reports.css';
import { Alert, Empty, Input, Segmented, Select, Skeleton, Tag } from 'antd';
import { useEffect } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { MetricEntry, MetricList as Metrics } from '../api/contract-reports.ts';
import { pick } from './cell-value.ts';
import { useJson } from './http.ts';
import { useReportEvents } from './report-events.ts';
import type { ReportsProps } from './report-page.tsx';
import { say, type Word } from './words.ts';

export default function MetricList({ lang, subscribe }: ReportsProps) {
  const version = useReportEvents(null, subscribe);
  const { data, error } = useJson<Metrics>('/api/_metrics', { lang, version });
  // In the address, so that a link and the way back show the same.
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('q') ?? '';
  const area = search.get('area') ?? '';
  const state = search.get('state') ?? '';
  useEffect(() => {
    document.title = `${say(lang, 'registry')} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [lang]);
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const matches = (metric: MetricEntry) =>
    (!area || metric.area === area) &&
    (!state || (state === 'waiting') === (metric.waits !== undefined)) &&
    [...metric.label, ...metric.definition, metric.code].some((text) =>
      text.toLowerCase().includes(wanted.trim().toLowerCase()),
    );
  const shown = (data?.metrics ?? []).filter(matches);
  const areas = (data?.areas ?? []).filter(({ name }) => shown.some((metric) => metric.area === name));
  return (
    <div className="report">
      <header className="report-head">
        <div>
          <nav className="report-path" aria-label={say(lang, 'reports')}>
            <Link to="/reports">{say(lang, 'reports')}</Link>
          </nav>
          <h1>{say(lang, 'registry')}</h1>
        </div>
        <div className="report-tools">
          <Input.Search
            aria-label={say(lang, 'find_metric')}
            placeholder={say(lang, 'find_metric')}
            allowClear
            className="report-find"
            defaultValue={wanted}
            onChange={(event) => set('q', event.target.value)}
          />
          <Select
            aria-label={say(lang, 'all_areas')}
            className="report-choice"
            value={area}
            onChange={(value) => set('area', value)}
            options={[
              { value: '', label: say(lang, 'all_areas') },
              ...(data?.areas ?? []).map(({ name, label }) => ({ value: name, label: pick(lang, label) })),
            ]}
          />
          <Segmented
            aria-label={say(lang, 'view')}
            value={state}
            onChange={(value) => set('state', String(value))}
            options={[
              { value: '', label: say(lang, 'all') },
              { value: 'ready', label: say(lang, 'with_course') },
              { value: 'waiting', label: say(lang, 'waiting') },
            ]}
          />
        </div>
      </header>
      {error ? <Alert type="error" showIcon title={error.message} /> : null}
      {data || error ? null : <Skeleton active title={false} paragraph={{ rows: 8 }} />}
      {data && shown.length === 0 ? <Empty description={say(lang, 'no_metric')} /> : null}
      {areas.map(({ name, label }) => (
        <section key={name} className="report-area">
          <h2>{pick(lang, label)}</h2>
          <ul>
            {shown
              .filter((metric) => metric.area === name)
              .map((metric) => (
                <li key={metric.code}>
                  <MetricCard metric={metric} lang={lang} />
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function MetricCard({ metric, lang }: { metric: MetricEntry; lang: ReportsProps['lang'] }) {
  const uses =
    metric.reports === 0
      ? say(lang, 'no_report')
      : metric.reports === 1
        ? say(lang, 'one_report')
        : say(lang, 'in_reports', { count: metric.reports });
  return (
    <Link to={`/reports/metrics/${metric.code}`} className="report-card metric-card">
      <strong>{pick(lang, metric.label)}</strong>
      <code>{metric.code}</code>
      <span>{pick(lang, metric.definition)}</span>
      <span className="metric-card-facts">
        <span>{say(lang, `unit_${metric.unit}` as Word)}</span>
        <span>{say(lang, `good_${metric.good}` as Word)}</span>
        <span>{uses}</span>
        {metric.target ? <Tag color="green">{say(lang, 'has_target')}</Tag> : null}
        {metric.waits ? <Tag>{say(lang, 'waiting')}</Tag> : null}
      </span>
    </Link>
  );
}
