/** A few numbers, large: the measures of the first row. */
import type { ReportDefinition, ReportResult } from '../api/contract.ts';
import { pick, type Reader, showValue } from './cell-value.ts';

export function KpiView({
  definition,
  result,
  reader,
}: {
  definition: ReportDefinition;
  result: ReportResult;
  reader: Reader;
}) {
  const { chart, columns } = definition;
  const first = chart.y ? [chart.y] : [];
  const names = [...first, ...result.columns.filter((name) => columns[name]!.role === 'measure' && name !== chart.y)];
  return (
    <dl className="report-kpis">
      {names.map((name) => (
        <div key={name}>
          <dt>{pick(reader.lang, columns[name]!.label)}</dt>
          <dd>{showValue(result.rows[0]?.[result.columns.indexOf(name)] ?? null, columns[name]!, reader) || '–'}</dd>
        </div>
      ))}
    </dl>
  );
}
