/**
 * One report: what it asks, its chart or table, downloads, how it is computed. The address holds the parameters, so a
 * link shows what its sender saw. Saving the report's file refreshes the page.
 */
import './reports.css';
import { Alert, App, Button, Dropdown, Empty, Segmented, Skeleton, Spin } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { Lang, ServerEvent } from '../api/contract.ts';
import type { ReportCatalogue, ReportDefinition, ReportResult } from '../api/contract-reports.ts';
import { pick, type Reader } from './cell-value.ts';
import { addressOf, chosenIn, queryOf } from './chosen.ts';
import { DetailsDrawer } from './details-drawer.tsx';
import { downloadFile, downloadPng } from './download.ts';
import { drillAddress } from './drill.ts';
import { tell } from './editor-words.ts';
import { useJson } from './http.ts';
import { LinkButton } from './link-button.tsx';
import { ParamBar, paramsOf } from './param-bar.tsx';
import { ProblemBanner } from './problem-banner.tsx';
import { Body } from './report-body.tsx';
import { useReportEvents } from './report-events.ts';
import { SubscribeButton } from './subscribe-button.tsx';
import { say, told } from './words.ts';

export interface ReportsProps {
  lang: Lang;
  dark: boolean;
  /** The shell's event stream; without it the page opens one of its own. */
  subscribe?: (listener: (event: ServerEvent) => void) => () => void;
}

/** @param slug "segments/segment-sizes" */
export default function ReportPage({ slug, lang, dark, subscribe }: ReportsProps & { slug: string }) {
  const version = useReportEvents(slug, subscribe);
  const { data: catalogue, error } = useJson<ReportCatalogue>('/api/_reports', { lang, version });
  const definition = catalogue?.reports.find((report) => report.slug === slug);
  if (error) return <Alert type="error" showIcon title={error.message} />;
  if (!catalogue) return <Skeleton active title={false} paragraph={{ rows: 8 }} />;
  if (!definition) return <Empty description={told(lang, say(lang, 'not_found'), slug)} />;
  return (
    <Report
      key={slug}
      definition={definition}
      area={catalogue.areas.find((area) => area.name === definition.area)?.label}
      reader={{ lang, currency: catalogue.currency, today: catalogue.today }}
      dark={dark}
      version={version}
      mayWrite={catalogue.may_write}
    />
  );
}

function Report({
  definition,
  area,
  reader,
  dark,
  version,
  mayWrite,
}: {
  definition: ReportDefinition;
  area: readonly [string, string] | undefined;
  reader: Reader;
  dark: boolean;
  version: number;
  mayWrite: boolean;
}) {
  const { lang } = reader;
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const [details, setDetails] = useState(false);
  const [again, setAgain] = useState(0);
  const picture = useRef<(() => HTMLCanvasElement | null) | null>(null);
  const chosen = chosenIn(search, Object.keys(definition.params));
  const broken = definition.problem !== undefined && definition.limits.rows === 0;
  const address = (kind: 'run' | 'csv') => addressOf(`/api/_reports/${kind}/${definition.slug}`, chosen);
  const {
    data: result,
    error,
    loading,
  } = useJson<ReportResult>(broken ? null : address('run'), {
    lang,
    version: version + again,
    owner: definition.slug,
  });
  const title = pick(lang, definition.title);
  useEffect(() => {
    document.title = `${title} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [title, lang]);
  const asTable = definition.chart.kind === 'table' || search.get('_view') === 'table';
  const change = (edit: (next: URLSearchParams) => void) => {
    const next = new URLSearchParams(search);
    edit(next);
    setSearch(next, { replace: true });
  };
  const setParam = (name: string, values: string[] | null) =>
    change((next) => {
      next.delete(name);
      for (const value of values ?? []) next.append(name, value);
    });
  const drill = definition.drill;
  const open = drill ? (row: { [column: string]: unknown }) => navigate(drillAddress(drill, row)) : undefined;
  const fail = (failure: unknown) => message.error(failure instanceof Error ? failure.message : String(failure));
  const downloads = [
    {
      key: 'csv',
      label: say(lang, 'csv'),
      onClick: () => void downloadFile(address('csv'), { lang, name: `${title}.csv` }).catch(fail),
    },
    {
      key: 'png',
      label: say(lang, 'png'),
      disabled: asTable || definition.chart.kind === 'kpi',
      onClick: () => {
        const canvas = picture.current?.();
        if (canvas) downloadPng(canvas, { title, note: selection(result), dark });
      },
    },
  ];

  return (
    <article className="report">
      <header className="report-head">
        <div>
          <nav className="report-path" aria-label={say(lang, 'reports')}>
            <Link to="/reports">{say(lang, 'reports')}</Link>
            <span aria-hidden="true"> / </span>
            <Link to={`/reports/${definition.area}`}>{area ? pick(lang, area) : definition.area}</Link>
          </nav>
          <h1>{title}</h1>
          {definition.describe ? <p className="report-describe">{pick(lang, definition.describe)}</p> : null}
        </div>
        <div className="report-tools">
          {definition.chart.kind === 'table' ? null : (
            <Segmented
              aria-label={say(lang, 'view')}
              value={asTable ? 'table' : 'chart'}
              options={[
                { value: 'chart', label: say(lang, 'chart') },
                { value: 'table', label: say(lang, 'table') },
              ]}
              onChange={(value) =>
                change((next) => (value === 'table' ? next.set('_view', 'table') : next.delete('_view')))
              }
            />
          )}
          <Dropdown menu={{ items: downloads }} disabled={!result} trigger={['click']}>
            <Button autoInsertSpace={false}>{say(lang, 'download')}</Button>
          </Dropdown>
          <SubscribeButton about="report" target={definition.slug} params={queryOf(chosen)} lang={lang} />
          <Button autoInsertSpace={false} onClick={() => setDetails(true)} disabled={broken}>
            {say(lang, 'how')}
          </Button>
          {mayWrite && definition.origin === 'browser' ? (
            <LinkButton to={`/reports/edit?report=${definition.slug}`}>{tell(lang, 'change')}</LinkButton>
          ) : null}
          {mayWrite ? <LinkButton to={`/reports/edit?copy=${definition.slug}`}>{tell(lang, 'copy')}</LinkButton> : null}
        </div>
      </header>
      {definition.problem ? <ProblemBanner problem={definition.problem} lang={lang} live={!broken} /> : null}
      <ParamBar
        params={paramsOf(definition)}
        lang={lang}
        chosen={chosen}
        resolved={result?.params ?? {}}
        onChange={setParam}
        onReset={() =>
          change((next) =>
            Object.keys(definition.params).forEach((name) => {
              next.delete(name);
            }),
          )
        }
      />
      {error ? (
        <Alert
          type="error"
          showIcon
          title={say(lang, 'failed')}
          description={error.message}
          action={
            <Button autoInsertSpace={false} size="small" onClick={() => setAgain(again + 1)}>
              {say(lang, 'again')}
            </Button>
          }
        />
      ) : null}
      {result?.cut ? <Alert type="warning" showIcon title={say(lang, 'cut', { rows: result.rows.length })} /> : null}
      {broken ? null : (
        <section className="report-body" aria-busy={loading}>
          {result ? (
            <Spin spinning={loading} delay={300}>
              <Body
                definition={definition}
                result={result}
                reader={reader}
                dark={dark}
                asTable={asTable}
                open={open}
                onPicture={(make) => {
                  picture.current = make;
                }}
                onAll={() => {
                  for (const [name, param] of Object.entries(definition.params)) {
                    if (param.type === 'daterange') setParam(name, ['all']);
                  }
                }}
              />
            </Spin>
          ) : error ? null : (
            <Skeleton active title={false} paragraph={{ rows: 9 }} />
          )}
        </section>
      )}
      {result ? <p className="report-foot">{footOf(definition, result, lang)}</p> : null}
      <DetailsDrawer slug={definition.slug} lang={lang} open={details} onClose={() => setDetails(false)} />
    </article>
  );
}

/** Of a result that others were given before, when it was made. */
function footOf({ run }: ReportDefinition, { rows, took_ms, ran_at }: ReportResult, lang: Lang): string {
  if (!run) return say(lang, 'rows', { rows: rows.length, ms: Math.round(took_ms) });
  return say(lang, 'rows_at', { rows: rows.length, at: new Date(ran_at).toLocaleString('sv-SE').slice(0, 16) });
}

function selection(result: ReportResult | null): string {
  return Object.values(result?.params ?? {})
    .filter((value) => value !== null)
    .map(String)
    .join(' · ');
}
