/** One chart of figures that are at hand already, beside others on a page of the console; its table is one click away. */
import './reports.css';
import { Suspense, useState } from 'react';
import type { Json, Lang, Pair } from '../api/contract.ts';
import type { ReportChart, ReportColumn, ReportDefinition, ReportResult } from '../api/contract-reports.ts';
import { pick } from './cell-value.ts';
import { Body } from './report-body.tsx';

export interface Figures {
  title: Pair;
  columns: { [name: string]: ReportColumn };
  chart: ReportChart;
  rows: Json[][];
}

/** @param words what the two sides of the switch are called */
export default function SmallChart({
  figures: { title, columns, chart, rows },
  lang,
  currency,
  dark,
  words,
}: {
  figures: Figures;
  lang: Lang;
  currency: string;
  dark: boolean;
  words: { chart: string; table: string };
}) {
  const [asTable, setAsTable] = useState(false);
  const definition: ReportDefinition = {
    ...{ slug: title[1], area: '', title, params: {}, columns, chart },
    ...{ limits: { rows: 500, timeout: '1s' }, access: { roles: [] } },
  };
  const result: ReportResult = {
    ...{ slug: title[1], params: {}, columns: Object.keys(columns), rows },
    ...{ cut: false, ran_at: '', took_ms: 0 },
  };
  return (
    <section className="card small-chart">
      <header>
        <h2>{pick(lang, title)}</h2>
        <button type="button" className="small-chart-switch" onClick={() => setAsTable(!asTable)}>
          {asTable ? words.chart : words.table}
        </button>
      </header>
      <Suspense>
        <Body
          definition={definition}
          result={result}
          reader={{ lang, currency }}
          dark={dark}
          asTable={asTable}
          onPicture={() => {}}
          onAll={() => {}}
        />
      </Suspense>
    </section>
  );
}
