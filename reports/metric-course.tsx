/** The course of a metric: its last whole step beside what it is compared with, and the chart with target and events. */
import { Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Json, Pair } from '../api/contract.ts';
import type {
  MetricCourse,
  MetricDefinition,
  MetricDetails,
  ReportColumn,
  ReportDefinition,
  ReportResult,
} from '../api/contract-reports.ts';
import type { Standing } from '../api/contract-written.ts';
import { type Reader, showValue } from './cell-value.ts';
import { showChange } from './change.ts';
import { Body } from './report-body.tsx';
import { StandingTag } from './standing-tag.tsx';
import { say, words } from './words.ts';

export function MetricCourseView({
  details,
  course,
  reader,
  dark,
  busy,
}: {
  details: MetricDetails;
  course: MetricCourse;
  reader: Reader;
  dark: boolean;
  busy: boolean;
}) {
  const [asTable, setAsTable] = useState(false);
  const { metric, parts } = details;
  const { lang } = reader;
  const { definition, result } = asReport(metric, parts, course);
  const signals = course.rows
    .filter((row) => row[course.columns.indexOf('signal')] === true)
    .map(([step]) => String(step).slice(0, course.grain === 'month' ? 7 : 10));
  return (
    <>
      <Latest metric={metric} course={course} reader={reader} />
      <section className="report-body" aria-busy={busy}>
        <header className="metric-course-head">
          <h2>{say(lang, 'course')}</h2>
          <span className="metric-links">
            <Link to="/metric_events/new">{say(lang, 'note_event')}</Link>
            <Segmented
              size="small"
              aria-label={say(lang, 'view')}
              value={asTable ? 'table' : 'chart'}
              onChange={(value) => setAsTable(value === 'table')}
              options={[
                { value: 'chart', label: say(lang, 'chart') },
                { value: 'table', label: say(lang, 'table') },
              ]}
            />
          </span>
        </header>
        <Body
          definition={definition}
          result={result}
          reader={reader}
          dark={dark}
          asTable={asTable}
          onPicture={() => {}}
          onAll={() => {}}
        />
        {signals.length > 0 ? (
          <p className="metric-signal">
            {say(lang, 'signals', {
              steps: signals.slice(-6).join(lang === 'zh' ? '、' : ', '),
              count: signals.length,
            })}
          </p>
        ) : null}
        {asTable ? null : (
          <p className="metric-key">
            {definition.chart.before ? <span className="metric-key-before">{say(lang, 'year_value')}</span> : null}
            {definition.chart.target ? <span className="metric-key-target">{say(lang, 'target_value')}</span> : null}
            {definition.chart.limit_low ? <span className="metric-key-limit">{say(lang, 'limits')}</span> : null}
            {definition.chart.low ? <span className="metric-key-interval">{say(lang, 'ci_wilson')}</span> : null}
          </p>
        )}
      </section>
    </>
  );
}

/** The last step that is over and has had its time, and how it stands to the one before, to last year and to its target. */
function Latest({ metric, course, reader }: { metric: MetricDefinition; course: MetricCourse; reader: Reader }) {
  const { lang } = reader;
  const at = (row: Json[] | undefined, name: string): Json => row?.[course.columns.indexOf(name)] ?? null;
  const row = course.rows.findLast((each) => at(each, 'state') === 'whole' && at(each, 'value') !== null);
  if (!row) return null;
  const column: ReportColumn = { role: 'measure', label: metric.label, unit: metric.unit };
  const step = String(at(row, 'step_on'));
  const interval = [at(row, 'low'), at(row, 'high')].map((each) => showValue(each, column, reader));
  const compared = (name: 'previous' | 'last_year') => ({
    value: showValue(at(row, `${name}_value`), column, reader),
    change: showChange(metric, at(row, `${name}_${metric.unit === 'rate' ? 'difference' : 'change'}`), lang),
  });
  const previous = compared('previous');
  const last_year = compared('last_year');
  const target = showValue(at(row, 'target'), column, reader);
  const status = at(row, 'status');
  const [least, most] = [at(row, 'difference_low'), at(row, 'difference_high')];
  // Of a rate: an interval of the difference that holds zero says that there may be none.
  const uncertain = least !== null && most !== null && Number(least) <= 0 && Number(most) >= 0;
  return (
    <dl className="metric-latest">
      <div>
        <dt>{say(lang, 'last_value', { step: course.grain === 'month' ? step.slice(0, 7) : step })}</dt>
        <dd>{showValue(at(row, 'value'), column, reader)}</dd>
        {interval[0] ? (
          <dd className="metric-note">
            {interval[0]} – {interval[1]}
          </dd>
        ) : null}
      </div>
      {(
        [
          ['before_value', previous],
          ['year_value', last_year],
        ] as const
      ).map(([word, { value, change }]) => (
        <div key={word}>
          <dt>{say(lang, word)}</dt>
          <dd className={change ? `metric-${change.tone}` : ''}>{change?.text ?? '–'}</dd>
          <dd className="metric-note">
            {value || '–'}
            {word === 'before_value' && uncertain ? ` · ${say(lang, 'may_be_chance')}` : null}
          </dd>
        </div>
      ))}
      <div>
        <dt>{say(lang, 'target_value')}</dt>
        <dd>
          {target || '–'} {status === null ? null : <StandingTag status={status as Standing} lang={lang} />}
        </dd>
        <dd className="metric-note">
          <Link to={`/metric_targets?where=${encodeURIComponent(JSON.stringify({ metric: { eq: metric.code } }))}`}>
            {say(lang, target ? 'see_targets' : 'set_target')}
          </Link>
        </dd>
      </div>
    </dl>
  );
}

const STATES = { whole: words('state_whole'), running: words('state_running'), immature: words('state_immature') };

/** A course is a report of one line: what draws and lists reports draws and lists it. */
function asReport(metric: MetricDefinition, parts: readonly MetricDefinition[], course: MetricCourse) {
  const measure = (label: Pair, unit = metric.unit): ReportColumn => ({ role: 'measure', label, unit });
  const [num, den] = parts;
  const has = (name: string) => course.rows.some((row) => row[course.columns.indexOf(name)] != null);
  const columns: ReportDefinition['columns'] = {
    step_on: { role: 'time', label: words('step') },
    value: measure(metric.label),
    ...(has('low') ? { low: measure(words('low')), high: measure(words('high')) } : {}),
    ...(num && den ? { num: measure(num.label, num.unit), den: measure(den.label, den.unit) } : {}),
    ...(has('last_year_value') ? { last_year_value: measure(words('year_value')) } : {}),
    ...(has('target') ? { target: measure(words('target_value')) } : {}),
    ...(has('limit_low') ? { limit_low: measure(words('limit_low')), limit_high: measure(words('limit_high')) } : {}),
    state: { role: 'detail', label: words('state'), labels: STATES },
    young: { role: 'detail', label: words('state'), hidden: true },
  };
  const definition: ReportDefinition = {
    ...{ slug: metric.code, area: '', title: metric.label, params: {}, columns },
    chart: {
      ...{ kind: 'line', x: 'step_on', y: 'value' },
      ...(has('low') ? { low: 'low', high: 'high' } : {}),
      ...(has('last_year_value') ? { before: 'last_year_value' } : {}),
      ...(has('target') ? { target: 'target' } : {}),
      ...(has('limit_low') ? { limit_low: 'limit_low', limit_high: 'limit_high' } : {}),
      young: 'young',
    },
    ...{ limits: { rows: course.rows.length, timeout: '10s' }, access: { roles: [] } },
  };
  const names = Object.keys(columns);
  const state = course.columns.indexOf('state');
  const places = names.map((name) => course.columns.indexOf(name));
  const result: ReportResult = {
    ...{ slug: metric.code, params: {}, columns: names, cut: false, ran_at: '', took_ms: 0 },
    rows: course.rows.map((row) =>
      places.map((place, index) => (names[index] === 'young' ? row[state] === 'immature' : (row[place] ?? null))),
    ),
    events: course.events,
  };
  return { definition, result };
}
