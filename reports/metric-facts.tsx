/** What a metric is by its file: formula, direction, source down to the tables, uses and tests. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Lang } from '../api/contract.ts';
import type { MetricDetails } from '../api/contract-reports.ts';
import { pick } from './cell-value.ts';
import { say, teamOf, type Word } from './words.ts';

export function MetricFacts({ details, lang }: { details: MetricDetails; lang: Lang }) {
  const { metric, parts, reports, lineage, tests } = details;
  const [num, den] = parts;
  return (
    <div className="metric-facts">
      <section className="report-body">
        <h2>{say(lang, 'definition')}</h2>
        <dl className="metric-list">
          <Fact label={say(lang, 'file')}>
            <code>reports/metrics/{metric.code}.yaml</code>
          </Fact>
          {num && den ? (
            <Fact label={say(lang, 'formula')}>
              <Link to={`/reports/metrics/${num.code}`}>{pick(lang, num.label)}</Link>
              {' ÷ '}
              <Link to={`/reports/metrics/${den.code}`}>{pick(lang, den.label)}</Link>
            </Fact>
          ) : null}
          <Fact label={say(lang, 'unit')}>{say(lang, `unit_${metric.unit}` as Word)}</Fact>
          <Fact label={say(lang, 'direction')}>{say(lang, `good_${metric.good}` as Word)}</Fact>
          <Fact label={say(lang, 'sums')}>{say(lang, `additive_${metric.additive}` as Word)}</Fact>
          <Fact label={say(lang, 'interval')}>
            {metric.ci === 'none' ? say(lang, 'none') : say(lang, `ci_${metric.ci}` as Word)}
          </Fact>
          {metric.matures ? (
            <Fact label={say(lang, 'maturity')}>{say(lang, 'matures_after', { days: metric.matures })}</Fact>
          ) : null}
          <Fact label={say(lang, 'owner')}>{pick(lang, teamOf(metric.owner))}</Fact>
          <Fact label={say(lang, 'changes')}>
            {say(lang, 'version', { version: metric.version, since: metric.since })}
          </Fact>
        </dl>
      </section>
      <section className="report-body">
        <h2>{say(lang, 'lineage')}</h2>
        {lineage.length === 0 ? <p className="metric-note">{say(lang, 'none')}</p> : null}
        {lineage.map(({ view, comment, tables }) => (
          <div key={view} className="metric-source">
            <code>report.{view}</code>
            <p>{viewLabel(comment, lang)}</p>
            <p className="metric-note">{say(lang, 'tables', { tables: tables.join(', ') })}</p>
          </div>
        ))}
        <h2>{say(lang, 'tests')}</h2>
        {tests.length === 0 ? <p className="metric-note">{say(lang, 'none')}</p> : null}
        <ul className="metric-tests">
          {tests.map(({ name, label, passed, wrong }) => (
            <li key={name}>
              <span className={passed ? 'metric-good' : 'metric-bad'}>
                {passed
                  ? `✓ ${say(lang, 'passed')}`
                  : `✗ ${say(lang, 'not_passed', { steps: wrong.slice(0, 3).join(', ') })}`}
              </span>
              <span>{pick(lang, label)}</span>
            </li>
          ))}
        </ul>
        <h2>{say(lang, 'used_by')}</h2>
        {reports.length === 0 ? <p className="metric-note">{say(lang, 'no_report')}</p> : null}
        <ul className="metric-uses">
          {reports.map(({ slug, title }) => (
            <li key={slug}>
              <Link to={`/reports/${slug}`}>{pick(lang, title)}</Link>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

/** A view's comment begins with its label, "中文 / English"; some have one in English only. */
function viewLabel(comment: string, lang: Lang): string {
  const [zh = '', en = zh] = (comment.split('\n')[0] ?? '').split(' / ');
  return lang === 'zh' ? zh : en;
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="metric-fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
