/** A few numbers, large: the measures of the first row. A second row is what they are compared with. */
import type { Json } from '../api/contract.ts';
import type { ReportColumn, ReportDefinition, ReportResult } from '../api/contract-reports.ts';
import { pick, type Reader, showValue } from './cell-value.ts';
import { showChange } from './change.ts';
import { say } from './words.ts';

export function KpiView({
  definition,
  result,
  reader,
}: {
  definition: ReportDefinition;
  result: ReportResult;
  reader: Reader;
}) {
  const { lang } = reader;
  const { chart, columns } = definition;
  const first = chart.y ? [chart.y] : [];
  const names = [...first, ...result.columns.filter((name) => columns[name]!.role === 'measure' && name !== chart.y)];
  const spans = result.columns.filter((name) => columns[name]!.role === 'detail' && !columns[name]!.hidden);
  const [now, second] = result.rows;
  const [other] = result.compared ?? [];
  const before = other?.row ?? second;
  const at = (row: readonly Json[] | undefined, name: string) => row?.[result.columns.indexOf(name)] ?? null;
  const told = (row: readonly Json[] | undefined) =>
    spans.map((name) => showValue(at(row, name), columns[name]!, reader)).join(' ');
  return (
    <div className="report-kpi">
      {spans.length > 0 ? (
        <p className="report-kpi-span">
          {told(now)}
          {second && !other ? <span> {say(lang, 'compared', { with: told(second) })}</span> : null}
        </p>
      ) : null}
      {other?.days ? (
        <p className="report-kpi-span">
          <span>{say(lang, 'compared', { with: other.days })}</span>
        </p>
      ) : null}
      <dl className="report-kpis">
        {names.map((name) => {
          const change = before
            ? showChange(shape(columns[name]!), changed(columns[name]!, at(now, name), at(before, name)), lang)
            : null;
          return (
            <div key={name}>
              <dt>{pick(lang, columns[name]!.label)}</dt>
              <dd>{showValue(at(now, name), columns[name]!, reader) || '–'}</dd>
              {change ? <dd className={`report-kpi-change metric-${change.tone}`}>{change.text}</dd> : null}
            </div>
          );
        })}
      </dl>
    </div>
  );
}

const shape = ({ unit, good }: ReportColumn) => ({ unit: unit ?? 'number', good: good ?? 'none' }) as const;

/** Of a rate the difference, of anything else its share; nothing beside nothing says nothing. */
function changed({ unit }: ReportColumn, now: Json, before: Json): number | null {
  if (now === null || before === null) return null;
  const [from, to] = [Number(before), Number(now)];
  if (unit === 'rate') return to - from;
  return from === 0 ? null : (to - from) / Math.abs(from);
}
