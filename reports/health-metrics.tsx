/** The figures of the health report: each with what it is compared with, how it stands and its course. */
import { Link } from 'react-router';
import type { Lang } from '../api/contract.ts';
import type { ReportColumn } from '../api/contract-reports.ts';
import type { HealthMetric, HealthStep } from '../api/contract-written.ts';
import { pick, type Reader, showValue } from './cell-value.ts';
import { showChange } from './change.ts';
import { Spark } from './spark.tsx';
import { StandingTag } from './standing-tag.tsx';
import { say, type Word } from './words.ts';

export function HealthMetrics({ metrics, reader }: { metrics: readonly HealthMetric[]; reader: Reader }) {
  const { lang } = reader;
  const known = metrics.filter(({ latest }) => latest !== null);
  const waiting = metrics.filter(({ latest }) => latest === null);
  return (
    <>
      <section className="health-metrics" aria-label={say(lang, 'metrics')}>
        {known.map((metric) => (
          <Card key={metric.code} metric={metric} latest={metric.latest!} reader={reader} />
        ))}
      </section>
      {waiting.length > 0 ? (
        <section className="report-body health-part health-waiting">
          <h2>{say(lang, 'health_waiting')}</h2>
          <ul>
            {waiting.map(({ code, label, waits }) => (
              <li key={code}>
                <Link to={`/reports/metrics/${code}`}>{pick(lang, label)}</Link>
                <span className="metric-note">
                  {waits ? say(lang, 'waits_for', { what: pick(lang, waits) }) : say(lang, 'health_unknown')}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  );
}

function Card({ metric, latest, reader }: { metric: HealthMetric; latest: HealthStep; reader: Reader }) {
  const { lang } = reader;
  const { running, unit, good, label } = metric;
  const column: ReportColumn = { role: 'measure', label, unit };
  const show = (amount: string | null) => showValue(amount, column, reader) || '–';
  return (
    <article className="health-card">
      <header>
        <h2>
          <Link to={`/reports/metrics/${metric.code}?grain=${metric.grain}`}>{pick(lang, label)}</Link>
        </h2>
        {latest.status ? <StandingTag status={latest.status} lang={lang} /> : null}
      </header>
      <p className="health-value">
        <strong>{show(latest.value)}</strong>
        <span className="metric-note">{stepName(latest, metric, lang)}</span>
      </p>
      {latest.low !== null && latest.high !== null ? (
        <p className="metric-note">
          {show(latest.low)} – {show(latest.high)}
        </p>
      ) : null}
      <dl>
        <Compared word="before_value" change={latest.change} of={{ unit, good }} lang={lang} />
        <Compared word="year_value" change={latest.last_year_change} of={{ unit, good }} lang={lang} />
        <div>
          <dt>{say(lang, 'target_value')}</dt>
          <dd>{show(latest.target)}</dd>
        </div>
      </dl>
      <Spark metric={metric} label={`${pick(lang, label)} ${show(latest.value)}`} />
      {latest.signal ? <p className="metric-signal">{say(lang, 'health_signal')}</p> : null}
      {running && running.value !== null ? (
        <p className="metric-note">
          {say(lang, 'so_far', { step: stepName(running, metric, lang) })} {show(running.value)}{' '}
          {running.status ? <StandingTag status={running.status} lang={lang} /> : null}
        </p>
      ) : null}
    </article>
  );
}

function Compared({
  word,
  change,
  of,
  lang,
}: {
  word: Word;
  change: string | null;
  of: Pick<HealthMetric, 'unit' | 'good'>;
  lang: Lang;
}) {
  const shown = showChange(of, change, lang);
  return (
    <div>
      <dt>{say(lang, word)}</dt>
      <dd className={shown ? `metric-${shown.tone}` : ''}>{shown?.text ?? '–'}</dd>
    </div>
  );
}

function stepName({ step_on }: HealthStep, { grain }: HealthMetric, lang: Lang): string {
  if (grain === 'month') return step_on.slice(0, 7);
  return grain === 'week' ? say(lang, 'week_of', { day: step_on }) : step_on;
}
