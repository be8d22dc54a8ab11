/** One metric: what it means, how it went, what it is compared with, where it comes from and who shows it. */
import './reports.css';
import { Alert, Empty, Segmented, Skeleton } from 'antd';
import { useEffect } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Grain, MetricDetails } from '../api/contract-reports.ts';
import { pick, type Reader } from './cell-value.ts';
import { RequestFailure, useJson } from './http.ts';
import { MetricCourseView } from './metric-course.tsx';
import { MetricFacts } from './metric-facts.tsx';
import { useReportEvents } from './report-events.ts';
import type { ReportsProps } from './report-page.tsx';
import { SubscribeButton } from './subscribe-button.tsx';
import { say, told, type Word } from './words.ts';

/** @param code "repurchase_rate" */
export default function MetricPage({ code, lang, dark, subscribe }: ReportsProps & { code: string }) {
  const version = useReportEvents(null, subscribe);
  const [search, setSearch] = useSearchParams();
  const grain = search.get('grain');
  const { data, error, loading } = useJson<MetricDetails>(
    `/api/_metrics/${encodeURIComponent(code)}${grain ? `?grain=${encodeURIComponent(grain)}` : ''}`,
    { lang, version, owner: code },
  );
  const title = data ? pick(lang, data.metric.label) : code;
  useEffect(() => {
    document.title = `${title} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [title, lang]);
  if (error instanceof RequestFailure && error.status === 404) {
    return <Empty description={told(lang, say(lang, 'no_metric_found'), code)} />;
  }
  const reader: Reader = { lang, currency: data?.currency ?? 'CNY', ...(data ? { today: data.today } : {}) };
  return (
    <article className="report">
      <header className="report-head">
        <div>
          <nav className="report-path" aria-label={say(lang, 'reports')}>
            <Link to="/reports">{say(lang, 'reports')}</Link>
            <span aria-hidden="true"> / </span>
            <Link to="/reports/metrics">{say(lang, 'registry')}</Link>
            {data ? (
              <>
                <span aria-hidden="true"> / </span>
                <Link to={`/reports/metrics?area=${data.metric.area}`}>{pick(lang, data.area)}</Link>
              </>
            ) : null}
          </nav>
          <h1>{title}</h1>
          {data ? <p className="report-describe">{pick(lang, data.metric.definition)}</p> : null}
        </div>
        <div className="report-tools">
          {data?.course ? <SubscribeButton about="metric" target={code} lang={lang} /> : null}
          {data?.course && data.course.grains.length > 1 ? (
            <Segmented
              aria-label={say(lang, 'step')}
              value={data.course.grain}
              onChange={(value) => {
                const next = new URLSearchParams(search);
                next.set('grain', String(value));
                setSearch(next, { replace: true });
              }}
              options={data.course.grains.map((each: Grain) => ({
                value: each,
                label: say(lang, `by_${each}` as Word),
              }))}
            />
          ) : null}
        </div>
      </header>
      {error ? <Alert type="error" showIcon title={error.message} /> : null}
      {data || error ? null : <Skeleton active title={false} paragraph={{ rows: 10 }} />}
      {data?.metric.waits ? (
        <Alert type="info" showIcon title={say(lang, 'waits_for', { what: pick(lang, data.metric.waits) })} />
      ) : null}
      {data?.course ? (
        <MetricCourseView details={data} course={data.course} reader={reader} dark={dark} busy={loading} />
      ) : data && !data.metric.waits ? (
        <Alert type="info" showIcon title={say(lang, 'no_course')} />
      ) : null}
      {data ? <MetricFacts details={data} lang={lang} /> : null}
    </article>
  );
}
