/** What a report shows for its rows: chart, numbers or table; and what stands there instead when there is nothing to draw. */
import { Alert, Button, Empty, Skeleton } from 'antd';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { ReportDefinition, ReportResult } from '../api/contract-reports.ts';
import type { Reader } from './cell-value.ts';
import { planChart } from './chart-spec.ts';
import { chartSummary } from './chart-summary.ts';
import { withCompared } from './compared.ts';
import { ComparedKey } from './compared-key.tsx';
import { KpiView } from './kpi-view.tsx';
import { TableView } from './table-view.tsx';
import { say } from './words.ts';

/** What draws charts, before the first rows are there. */
export const preloadChart = () => import('./chart.tsx');
const Chart = lazy(preloadChart);

export function Body({
  definition: defined,
  result: run,
  reader,
  dark,
  asTable,
  open,
  small = false,
  onPicture,
  onAll,
}: {
  definition: ReportDefinition;
  result: ReportResult;
  reader: Reader;
  dark: boolean;
  asTable: boolean;
  open?: (row: { [column: string]: unknown }) => void;
  /** Beside others, with half the room. */
  small?: boolean;
  onPicture(make: (() => HTMLCanvasElement | null) | null): void;
  onAll(): void;
}) {
  const { lang, currency, today } = reader;
  const { definition, result } = useMemo(() => withCompared(defined, run), [defined, run]);
  const still = useReducedMotion();
  const plan = useMemo(
    () => planChart(definition, result, { reader: { lang, currency, today }, dark, still, small }),
    [definition, result, lang, currency, today, dark, still, small],
  );
  const pickable = open ? { onPick: open } : {};
  if (result.rows.length === 0) {
    const ranged = Object.entries(definition.params).some(
      ([name, param]) => param.type === 'daterange' && param.max === undefined && result.params[name] !== 'all',
    );
    // Nothing was chosen that could have left rows out: there are none at all.
    const none = isUnchosen(definition, result, today);
    return (
      <Empty
        description={
          <>
            <strong>{say(lang, none ? 'empty_yet' : 'empty')}</strong>
            <br />
            {say(lang, none ? 'empty_yet_hint' : 'empty_hint')}
          </>
        }
      >
        {ranged ? (
          <Button autoInsertSpace={false} onClick={onAll}>
            {say(lang, 'all_days')}
          </Button>
        ) : null}
      </Empty>
    );
  }
  if (!asTable && definition.chart.kind === 'kpi')
    return <KpiView definition={definition} result={result} reader={reader} />;
  if (asTable || plan.kind === 'none')
    return <TableView definition={definition} result={result} reader={reader} {...pickable} />;
  if (plan.kind === 'refused') {
    return (
      <>
        <Alert type="info" showIcon title={say(lang, 'too_many', { marks: plan.marks, most: plan.most })} />
        <TableView definition={definition} result={result} reader={reader} {...pickable} />
      </>
    );
  }
  return (
    <Suspense fallback={<Skeleton active title={false} paragraph={{ rows: 9 }} />}>
      <Chart
        spec={plan.spec}
        height={plan.height}
        label={chartSummary(definition, result, reader)}
        dark={dark}
        onReady={onPicture}
        {...pickable}
      />
      {result.compared?.length ? <ComparedKey compared={result.compared} lang={lang} dark={dark} /> : null}
    </Suspense>
  );
}

/** Asked of today, of everything: an answer without rows means that there is nothing yet. */
function isUnchosen({ params }: ReportDefinition, result: ReportResult, today: string | undefined): boolean {
  return Object.entries(params).every(([name, { type }]) => {
    const value = result.params[name] ?? null;
    return value === null || value === 'all' || (type === 'date' && value === today);
  });
}

function useReducedMotion(): boolean {
  const [still, setStill] = useState(() => matchMedia('(prefers-reduced-motion: reduce)').matches);
  useEffect(() => {
    const media = matchMedia('(prefers-reduced-motion: reduce)');
    const listen = () => setStill(media.matches);
    media.addEventListener('change', listen);
    return () => media.removeEventListener('change', listen);
  }, []);
  return still;
}
