/** All reports a person may see, by area. */
import './reports.css';
import { Alert, Empty, Input, Skeleton, Tag } from 'antd';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { ReportCatalogue as Catalogue, ReportDefinition, ReportProblem } from '../api/contract-reports.ts';
import { pick } from './cell-value.ts';
import { tell } from './editor-words.ts';
import { useJson } from './http.ts';
import { LinkButton } from './link-button.tsx';
import { OWN_PAGES } from './own-pages.ts';
import { useReportEvents } from './report-events.ts';
import type { ReportsProps } from './report-page.tsx';
import { say } from './words.ts';

export default function ReportCatalogue({ lang, subscribe }: ReportsProps) {
  const version = useReportEvents(null, subscribe);
  const { data, error } = useJson<Catalogue>('/api/_reports', { lang, version });
  const [wanted, setWanted] = useState('');
  useEffect(() => {
    document.title = `${say(lang, 'reports')} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [lang]);
  const matches = (report: ReportDefinition) =>
    [...report.title, ...(report.describe ?? []), report.slug].some((text) =>
      text.toLowerCase().includes(wanted.trim().toLowerCase()),
    );
  const areas = (data?.areas ?? [])
    .map((area) => ({
      ...area,
      reports: data!.reports.filter((report) => report.area === area.name && matches(report)),
    }))
    .filter((area) => area.reports.length > 0);
  const own = OWN_PAGES.filter(
    ({ slug, title, describe }) =>
      data?.pages.includes(slug) &&
      [...title, ...describe, slug].some((text) => text.toLowerCase().includes(wanted.trim().toLowerCase())),
  );
  return (
    <div className="report">
      <header className="report-head">
        <h1>{say(lang, 'reports')}</h1>
        <div className="report-tools">
          <Input.Search
            aria-label={say(lang, 'find')}
            placeholder={say(lang, 'find')}
            allowClear
            className="report-find"
            onChange={(event) => setWanted(event.target.value)}
          />
          {data?.may_write ? <LinkButton to="/reports/edit">{tell(lang, 'new_chart')}</LinkButton> : null}
        </div>
      </header>
      {error ? <Alert type="error" showIcon title={error.message} /> : null}
      {data ? null : error ? null : <Skeleton active title={false} paragraph={{ rows: 8 }} />}
      {data && areas.length === 0 && own.length === 0 ? (
        <Empty
          description={
            data.reports.length === 0 ? (
              <>
                <strong>{say(lang, 'none_yet')}</strong>
                <br />
                {say(lang, 'none_yet_hint')}
              </>
            ) : (
              say(lang, 'none_found')
            )
          }
        />
      ) : null}
      {own.length > 0 ? (
        <section className="report-area">
          <h2>{say(lang, 'management')}</h2>
          <ul>
            {own.map(({ slug, title, describe }) => (
              <li key={slug}>
                <Link to={`/reports/${slug}`} className="report-card">
                  <strong>{pick(lang, title)}</strong>
                  <span>{pick(lang, describe)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {areas.map((area) => (
        <section key={area.name} className="report-area">
          <h2>
            {pick(lang, area.label)}
            <Link to={`/reports/${area.name}`} className="report-area-all">
              {say(lang, 'together')}
            </Link>
          </h2>
          <ul>
            {area.reports.map((report) => (
              <li key={report.slug}>
                <Link to={`/reports/${report.slug}`} className="report-card">
                  <strong>{pick(lang, report.title)}</strong>
                  {report.problem ? (
                    <Tag
                      color="warning"
                      title={[report.problem.message, report.problem.hint].filter(Boolean).join('\n')}
                    >
                      {problemPlace(lang, report.problem)}
                    </Tag>
                  ) : null}
                  {report.describe ? <span>{pick(lang, report.describe)}</span> : null}
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function problemPlace(lang: ReportsProps['lang'], { file, line, column }: ReportProblem): string {
  return say(lang, 'place', { file, line, column });
}
