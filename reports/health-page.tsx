/** The daily health report: as it is this moment, or as it was written on a day. */
import './reports.css';
import './health.css';
import { Alert, Empty, Select, Skeleton } from 'antd';
import { useEffect } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { HealthDays, HealthReport, HealthWritten, Lang } from '../api/contract.ts';
import { pick, type Reader } from './cell-value.ts';
import { HealthMetrics } from './health-metrics.tsx';
import { HealthStandings } from './health-standings.tsx';
import { RequestFailure, useJson } from './http.ts';
import { useReportEvents } from './report-events.ts';
import type { ReportsProps } from './report-page.tsx';
import { say } from './words.ts';

const LIVE = 'live';

export default function HealthPage({ lang, subscribe }: ReportsProps) {
  const version = useReportEvents(null, subscribe);
  const [search, setSearch] = useSearchParams();
  const day = search.get('day') ?? LIVE;
  const number = search.get('number');
  const days = useJson<HealthDays>('/api/_health/written', { lang, version });
  const live = useJson<HealthReport>(day === LIVE ? '/api/_health' : null, { lang, version, owner: day });
  const written = useJson<HealthWritten>(
    day === LIVE
      ? null
      : `/api/_health/written/${encodeURIComponent(day)}${number ? `?number=${encodeURIComponent(number)}` : ''}`,
    { lang, version, owner: `${day} ${number}` },
  );
  useEffect(() => {
    document.title = `${say(lang, 'health')} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [lang]);
  const set = (values: { day?: string; number?: string }) => {
    const next = new URLSearchParams();
    if (values.day && values.day !== LIVE) next.set('day', values.day);
    if (values.number) next.set('number', values.number);
    setSearch(next);
  };
  const { error, loading } = day === LIVE ? live : written;
  const report = day === LIVE ? live.data : (written.data?.body ?? null);
  const missing = error instanceof RequestFailure && error.status === 404;
  return (
    <article className="report health">
      <header className="report-head">
        <div>
          <nav className="report-path" aria-label={say(lang, 'reports')}>
            <Link to="/reports">{say(lang, 'reports')}</Link>
          </nav>
          <h1>{say(lang, 'health')}</h1>
          <p className="report-describe">
            {report ? say(lang, 'health_until', { day: report.reported_on, known: report.known_until }) : null}
          </p>
        </div>
        <div className="report-tools">
          <Select
            aria-label={say(lang, 'health_day')}
            className="report-choice"
            showSearch
            value={day}
            onChange={(value) => set({ day: value })}
            options={[
              { value: LIVE, label: say(lang, 'health_live') },
              ...(days.data?.written ?? []).map(({ reported_on }) => ({ value: reported_on, label: reported_on })),
            ]}
          />
          {written.data && day !== LIVE && written.data.numbers > 1 ? (
            <Select
              aria-label={say(lang, 'health_number')}
              value={String(written.data.number)}
              onChange={(value) => set({ day, number: value })}
              options={Array.from({ length: written.data.numbers }, (_, at) => ({
                value: String(at + 1),
                label: say(lang, 'health_nth', { number: at + 1 }),
              }))}
            />
          ) : null}
        </div>
      </header>
      {missing ? (
        <Empty description={say(lang, 'health_none', { day })} />
      ) : error ? (
        <Alert type="error" showIcon title={error.message} />
      ) : null}
      {report || error ? null : <Skeleton active paragraph={{ rows: 12 }} />}
      {written.data && day !== LIVE ? <Stamp written={written.data} lang={lang} /> : null}
      {report ? <Body report={report} lang={lang} busy={loading} /> : null}
    </article>
  );
}

function Body({ report, lang, busy }: { report: HealthReport; lang: Lang; busy: boolean }) {
  const reader: Reader = { lang, currency: report.currency, today: report.reported_on };
  return (
    <div aria-busy={busy} className="health-body">
      <section className="report-body health-verdict" aria-label={say(lang, 'health_verdict')}>
        <ul>
          {report.verdict.map((line) => (
            <li key={line[1]}>{pick(lang, line)}</li>
          ))}
        </ul>
      </section>
      <HealthMetrics metrics={report.metrics} reader={reader} />
      <HealthStandings report={report} reader={reader} />
    </div>
  );
}

/** Which text it is that one reads, so that two people can tell whether they have the same. */
function Stamp({ written, lang }: { written: HealthWritten; lang: Lang }) {
  const at = new Date(written.written_at).toLocaleString('sv-SE').slice(0, 16);
  return (
    <p className="metric-note">
      {say(lang, 'health_stamp', { number: written.number, at })} <code>{written.sha256.slice(0, 12)}</code>
    </p>
  );
}
