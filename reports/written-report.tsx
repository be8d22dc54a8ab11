/** The frame of what jobs write down: as it is this moment, or as it was written on a day, and which of its numbers. */
import './reports.css';
import './health.css';
import { Alert, Empty, Select, Skeleton } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Lang, Pair } from '../api/contract.ts';
import type { Written, WrittenDays } from '../api/contract-written.ts';
import { pick } from './cell-value.ts';
import { RequestFailure, useJson } from './http.ts';
import { useReportEvents } from './report-events.ts';
import type { ReportsProps } from './report-page.tsx';
import { say, type Word } from './words.ts';

const LIVE = 'live';

/** @param path of the API; <path>/written has the days */
export function WrittenReport<Body extends { reported_on: string; known_until: string; verdict: Pair[] }>({
  title,
  path,
  none,
  lang,
  subscribe,
  children,
}: Pick<ReportsProps, 'lang' | 'subscribe'> & {
  title: Pair;
  path: string;
  none: Word;
  children: (report: Body) => ReactNode;
}) {
  const version = useReportEvents(null, subscribe);
  const [search, setSearch] = useSearchParams();
  const day = search.get('day') ?? LIVE;
  const number = search.get('number');
  const days = useJson<WrittenDays>(`${path}/written`, { lang, version });
  const live = useJson<Body>(day === LIVE ? path : null, { lang, version, owner: day });
  const written = useJson<Written<Body>>(
    day === LIVE
      ? null
      : `${path}/written/${encodeURIComponent(day)}${number ? `?number=${encodeURIComponent(number)}` : ''}`,
    { lang, version, owner: `${day} ${number}` },
  );
  const name = pick(lang, title);
  useEffect(() => {
    document.title = `${name} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [name, lang]);
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
          <h1>{name}</h1>
          <p className="report-describe">
            {report ? say(lang, 'written_until', { day: report.reported_on, known: report.known_until }) : null}
          </p>
        </div>
        <div className="report-tools">
          <Select
            aria-label={say(lang, 'written_day')}
            className="report-choice"
            showSearch
            value={day}
            onChange={(value) => set({ day: value })}
            options={[
              { value: LIVE, label: say(lang, 'written_live') },
              ...(days.data?.written ?? []).map(({ reported_on }) => ({ value: reported_on, label: reported_on })),
            ]}
          />
          {written.data && day !== LIVE && written.data.numbers > 1 ? (
            <Select
              aria-label={say(lang, 'written_number')}
              value={String(written.data.number)}
              onChange={(value) => set({ day, number: value })}
              options={Array.from({ length: written.data.numbers }, (_, at) => ({
                value: String(at + 1),
                label: say(lang, 'written_nth', { number: at + 1 }),
              }))}
            />
          ) : null}
        </div>
      </header>
      {missing ? (
        <Empty description={say(lang, none, { day })} />
      ) : error ? (
        <Alert type="error" showIcon title={error.message} />
      ) : null}
      {report || error ? null : <Skeleton active title={false} paragraph={{ rows: 12 }} />}
      {written.data && day !== LIVE ? <Stamp written={written.data} lang={lang} /> : null}
      {report ? (
        <div aria-busy={loading} className="health-body">
          {report.verdict.length > 0 ? (
            <section className="report-body health-verdict" aria-label={say(lang, 'verdict')}>
              <ul>
                {report.verdict.map((line) => (
                  <li key={line[1]}>{pick(lang, line)}</li>
                ))}
              </ul>
            </section>
          ) : null}
          {children(report)}
        </div>
      ) : null}
    </article>
  );
}

/** Which text it is that one reads, so that two people can tell whether they have the same. */
function Stamp({ written, lang }: { written: Omit<Written<unknown>, 'body'>; lang: Lang }) {
  const at = new Date(written.written_at).toLocaleString('sv-SE').slice(0, 16);
  return (
    <p className="metric-note">
      {say(lang, 'written_stamp', { number: written.number, at })} <code>{written.sha256.slice(0, 12)}</code>
    </p>
  );
}
