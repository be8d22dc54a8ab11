/** The scorecard: each metric beside its target, the month before, the year before and its own course. */
import { Link } from 'react-router';
import type { ReportColumn } from '../api/contract-reports.ts';
import type { Retrospective, RetrospectiveMetric } from '../api/contract-written.ts';
import { pick, type Reader, showValue } from './cell-value.ts';
import { showChange, showSigned } from './change.ts';
import { Rows } from './retrospective-table.tsx';
import { monthOf, tell } from './retrospective-words.ts';
import { Spark } from './spark.tsx';
import { StandingTag } from './standing-tag.tsx';
import { listed, noted, say, teamOf, told } from './words.ts';

export function Scorecard({ body, reader }: { body: Retrospective; reader: Reader }) {
  const { lang } = reader;
  const known = body.scorecard.filter(({ latest }) => latest !== null);
  const waiting = body.scorecard.filter(({ latest }) => latest === null);
  return (
    <>
      <Rows label={tell(lang, 'scorecard')} rows={known.map((metric) => row(metric, body.month_on, reader))} />
      {waiting.length > 0 ? (
        <p className="metric-note">
          {told(
            lang,
            tell(lang, 'waiting'),
            listed(
              lang,
              waiting.map(({ label, waits }) =>
                noted(lang, pick(lang, label), waits ? pick(lang, waits) : say(lang, 'health_unknown')),
              ),
            ),
          )}
        </p>
      ) : null}
    </>
  );
}

function row(metric: RetrospectiveMetric, month_on: string, reader: Reader) {
  const { lang } = reader;
  const { code, label, unit, owner } = metric;
  const latest = metric.latest!;
  const column: ReportColumn = { role: 'measure', label, unit };
  const show = (amount: string | null) => showValue(amount, column, reader) || '–';
  const compared = (change: string | null) => {
    const shown = showChange(metric, change, lang);
    return shown ? <span className={`metric-${shown.tone}`}>{shown.text}</span> : '–';
  };
  return {
    key: code,
    at: `scorecard/${code}/${latest.step_on}`,
    cells: [
      {
        of: tell(lang, 'metric'),
        value: (
          <>
            <Link to={`/reports/metrics/${code}?grain=month`}>{pick(lang, label)}</Link>{' '}
            {latest.step_on === month_on ? null : (
              <span className="metric-note">{tell(lang, 'of_step', { step: monthOf(latest.step_on) })}</span>
            )}
          </>
        ),
      },
      { of: tell(lang, 'actual'), number: true, value: <strong>{show(latest.value)}</strong> },
      { of: tell(lang, 'target'), number: true, value: show(latest.target) },
      {
        of: tell(lang, 'gap'),
        number: true,
        value: latest.gap === null ? '–' : showSigned(latest.gap, column, reader),
      },
      { of: tell(lang, 'state'), value: latest.status ? <StandingTag status={latest.status} lang={lang} /> : '–' },
      { of: tell(lang, 'on_month'), number: true, value: compared(latest.change) },
      { of: tell(lang, 'on_year'), number: true, value: compared(latest.last_year_change) },
      {
        of: tell(lang, 'course'),
        value: (
          <>
            <Spark metric={metric} label={`${pick(lang, label)} ${tell(lang, 'course')} ${show(latest.value)}`} />
            {latest.signal ? <span className="metric-signal">{tell(lang, 'signal')}</span> : null}
          </>
        ),
      },
      { of: tell(lang, 'owner'), value: pick(lang, teamOf(owner)) },
    ],
  };
}
