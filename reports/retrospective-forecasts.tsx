/** What the days after the month should bring, beside as many days before and what is asked of them. */
import type { ReportColumn } from '../api/contract-reports.ts';
import type { FigureForecast } from '../api/contract-written.ts';
import { pick, type Reader, showValue } from './cell-value.ts';
import { Rows } from './retrospective-table.tsx';
import { tell } from './retrospective-words.ts';
import { StandingTag } from './standing-tag.tsx';

export function Forecasts({ forecasts, reader }: { forecasts: readonly FigureForecast[]; reader: Reader }) {
  const { lang } = reader;
  const [first] = forecasts;
  if (!first) return null;
  const title = tell(lang, 'forecast_days', { from: first.starts_on, to: first.ends_on });
  return (
    <>
      <h3>{title}</h3>
      <Rows
        label={title}
        rows={forecasts.map(({ measure, label, unit, expected, low, high, before_value, target, status }) => {
          const column: ReportColumn = { role: 'measure', label, unit };
          const show = (amount: string | null) => showValue(amount, column, reader) || '–';
          return {
            key: measure,
            cells: [
              { of: tell(lang, 'metric'), value: pick(lang, label) },
              { of: tell(lang, 'days_before'), number: true, value: show(before_value) },
              { of: tell(lang, 'expected'), number: true, value: <strong>{show(expected)}</strong> },
              { of: tell(lang, 'band'), number: true, value: `${show(low)} – ${show(high)}` },
              { of: tell(lang, 'target'), number: true, value: show(target) },
              { of: tell(lang, 'state'), value: status ? <StandingTag status={status} lang={lang} /> : '–' },
            ],
          };
        })}
      />
      <p className="metric-note">{tell(lang, 'forecast_note', { day: first.as_of_on })}</p>
    </>
  );
}
