/** An area at a glance: its reports beside each other, each as it stands with its usual choices. What comes into view is asked for. */
import './reports.css';
import './board.css';
import { Alert, Empty, Skeleton } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { ReportCatalogue, ReportDefinition, ReportResult } from '../api/contract-reports.ts';
import { pick, type Reader } from './cell-value.ts';
import { drillAddress } from './drill.ts';
import { useJson } from './http.ts';
import { Body, preloadChart } from './report-body.tsx';
import { useReportEvents } from './report-events.ts';
import type { ReportsProps } from './report-page.tsx';
import { SubscribeButton } from './subscribe-button.tsx';
import { say, told } from './words.ts';

const EVERY_MS = 60_000;

export default function AreaPage({ area: name, lang, dark, subscribe }: ReportsProps & { area: string }) {
  const version = useReportEvents(null, subscribe);
  const minute = useMinutes();
  const { data, error } = useJson<ReportCatalogue>('/api/_reports', { lang, version });
  const area = data?.areas.find((each) => each.name === name);
  useEffect(() => void preloadChart(), []);
  const title = area ? pick(lang, area.label) : '';
  useEffect(() => {
    if (title) document.title = `${title} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [title, lang]);
  if (error) return <Alert type="error" showIcon title={error.message} />;
  if (!data) return <Skeleton active title={false} paragraph={{ rows: 8 }} />;
  if (!area) return <Empty description={told(lang, say(lang, 'not_found'), name)} />;
  const own = data.reports.filter((report) => report.area === name);
  const shown = area.board ? area.board.flatMap((slug) => data.reports.filter((report) => report.slug === slug)) : own;
  const reader = { lang, currency: data.currency, today: data.today };
  return (
    <article className="report board">
      <header className="report-head">
        <div>
          <nav className="report-path" aria-label={say(lang, 'reports')}>
            <Link to="/reports">{say(lang, 'reports')}</Link>
          </nav>
          <h1>{title}</h1>
          <p className="report-describe">{say(lang, 'board_hint')}</p>
        </div>
        <div className="report-tools">
          <SubscribeButton about="area" target={name} lang={lang} />
        </div>
      </header>
      <div className="board-panels">
        {shown.map((definition) => (
          <Panel key={definition.slug} definition={definition} reader={reader} dark={dark} version={version + minute} />
        ))}
      </div>
    </article>
  );
}

function Panel({
  definition,
  reader,
  dark,
  version,
}: {
  definition: ReportDefinition;
  reader: Reader;
  dark: boolean;
  version: number;
}) {
  const { lang } = reader;
  const { slug, chart, drill } = definition;
  const box = useRef<HTMLElement>(null);
  const seen = useSeen(box);
  const navigate = useNavigate();
  const { data: result, error } = useJson<ReportResult>(seen ? `/api/_reports/run/${slug}` : null, {
    lang,
    version,
    owner: slug,
  });
  const open = drill ? (row: { [column: string]: unknown }) => navigate(drillAddress(drill, row)) : undefined;
  return (
    <section ref={box} className={chart.kind === 'kpi' ? 'board-panel board-panel-wide' : 'board-panel'}>
      <h2>
        <Link to={`/reports/${slug}`} title={definition.describe ? pick(lang, definition.describe) : undefined}>
          {pick(lang, definition.title)}
        </Link>
      </h2>
      {error ? <Alert type="error" showIcon title={say(lang, 'failed')} description={error.message} /> : null}
      {result ? (
        <Body
          definition={definition}
          result={result}
          reader={reader}
          dark={dark}
          asTable={chart.kind === 'table'}
          small
          open={open}
          onPicture={() => {}}
          onAll={() => navigate(`/reports/${slug}`)}
        />
      ) : error ? null : (
        <>
          <Skeleton active title={false} paragraph={{ rows: chart.kind === 'kpi' ? 3 : 7 }} />
          <p className="print-only metric-note">{say(lang, 'print_unloaded')}</p>
        </>
      )}
    </section>
  );
}

/** Whether it has come near the window; from then on it stays asked for. */
function useSeen(box: { current: HTMLElement | null }): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !box.current) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: '300px' },
    );
    watcher.observe(box.current);
    // Too late for the paper that is printed now, but there for the next.
    const ask = () => setSeen(true);
    window.addEventListener('beforeprint', ask);
    return () => {
      watcher.disconnect();
      window.removeEventListener('beforeprint', ask);
    };
  }, [seen, box]);
  return seen;
}

/** Grows each minute while somebody looks. */
function useMinutes(): number {
  const [minutes, setMinutes] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setMinutes((before) => before + 1);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return minutes;
}
