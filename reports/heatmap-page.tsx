/** Where visitors of a page click, how far they come and what to change: over the page itself, beside another version or period. */
import './reports.css';
import './heatmap.css';
import { Alert, App, Button, Empty, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { Lang } from '../api/contract.ts';
import type { ClickPages } from '../api/contract-clicks.ts';
import { downloadFile } from './download.ts';
import { HeatmapBody } from './heatmap-body.tsx';
import { exportHeatmap } from './heatmap-export.ts';
import { useHeatmapFigures, useHeatmapHints } from './heatmap-figures.ts';
import { HeatmapNotes, TrackerScript } from './heatmap-notes.tsx';
import { HeatmapLook, HeatmapParams } from './heatmap-params.tsx';
import type { Drawn } from './heatmap-picture.tsx';
import { useHeatmapView } from './heatmap-view.ts';
import { count, tell } from './heatmap-words.ts';
import { useJson } from './http.ts';
import { useReportEvents } from './report-events.ts';
import type { ReportsProps } from './report-page.tsx';
import { say } from './words.ts';

export default function HeatmapPage({ lang, subscribe }: ReportsProps) {
  const version = useReportEvents(null, subscribe);
  const { data, error } = useJson<ClickPages>('/api/_clicks/pages', { lang, version });
  useEffect(() => {
    document.title = `${tell(lang, 'title')} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [lang]);
  return (
    <article className="report heatmap">
      {error ? <Alert type="error" showIcon title={error.message} /> : null}
      {data ? null : error ? null : <Skeleton active title={false} paragraph={{ rows: 10 }} />}
      {data?.pages.length === 0 ? (
        <>
          <header className="report-head">
            <h1>{tell(lang, 'title')}</h1>
          </header>
          <Empty description={tell(lang, 'no_pages')}>
            <Link to="/pages">{tell(lang, 'to_pages')}</Link>
          </Empty>
        </>
      ) : null}
      {data && data.pages.length > 0 ? <Heatmap known={data} lang={lang} version={version} /> : null}
    </article>
  );
}

function Heatmap({ known, lang, version }: { known: ClickPages; lang: Lang; version: number }) {
  const { message } = App.useApp();
  const [view, look] = useHeatmapView(known);
  const [drawn, setDrawn] = useState<(Drawn & { of: string }) | null>(null);
  const { page, number, device, seen_as, query } = view;
  const { map, ...beside } = useHeatmapFigures(view, { lang, version });
  const { data, error, loading } = map;
  // What was measured of another picture says nothing about this one.
  const picture_of = [page.code, number, device, seen_as, lang].join(' ');
  const measured = drawn?.of === picture_of ? drawn : null;
  const hints = useHeatmapHints(view, { map: data, measured, picture_of }, { lang, version });
  const fail = (failure: unknown) => message.error(failure instanceof Error ? failure.message : String(failure));
  const here = data?.devices.find((each) => each.device_class === device);

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
            disabled={!data || !measured}
            onClick={() => data && measured && exportHeatmap(data, measured, view.layer, lang)}
          >
            {tell(lang, 'png')}
          </Button>
          <Button
            autoInsertSpace={false}
            disabled={!data}
            onClick={() =>
              void downloadFile(`/api/_clicks/csv?${query}`, { lang, name: `${tell(lang, 'title')}.csv` }).catch(fail)
            }
          >
            {tell(lang, 'csv')}
          </Button>
        </div>
      </header>
      <HeatmapParams known={known} view={view} map={data} lang={lang} onChange={look} />
      <HeatmapLook view={view} lang={lang} onChange={look} />
      {error ? <Alert type="error" showIcon title={say(lang, 'failed')} description={error.message} /> : null}
      {page.kind === 'external' && page.script ? <TrackerScript script={page.script} lang={lang} /> : null}
      {data ? <HeatmapNotes map={data} {...{ measured, known, view, lang }} /> : null}
      {data || error ? null : <Skeleton active title={false} paragraph={{ rows: 10 }} />}
      {data?.too_few ? <Empty description={tell(lang, 'too_few')} /> : null}
      {data && !data.too_few && !here ? (
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
      {data && !data.too_few ? (
        <HeatmapBody
          map={data}
          busy={loading}
          {...{ view, hints, lang, ...beside }}
          onDrawn={(made) => setDrawn({ ...made, of: picture_of })}
        />
      ) : null}
    </>
  );
}
