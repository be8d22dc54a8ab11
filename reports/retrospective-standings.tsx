/** Campaigns with what a holdout shows, how good the data are, what was decided, and how each metric is defined. */
import { Link } from 'react-router';
import type { Retrospective, RetrospectiveAction } from '../api/contract-written.ts';
import { pick, type Reader, showValue } from './cell-value.ts';
import { CampaignTable, FreshnessList } from './health-standings.tsx';
import { EffectTable } from './holdout-effects.tsx';
import { Rows } from './retrospective-table.tsx';
import { monthOf, type RetroWord, tell } from './retrospective-words.ts';
import { listed, noted, say, told } from './words.ts';

const RATE = { role: 'measure', label: ['', ''], unit: 'rate' } as const;

export function Campaigns({ body, reader }: { body: Retrospective; reader: Reader }) {
  const { lang } = reader;
  return (
    <>
      {body.campaigns.length > 0 ? (
        <div className="retro-scroll">
          <CampaignTable campaigns={body.campaigns} reader={reader} />
        </div>
      ) : (
        <p className="metric-note">{say(lang, 'none')}</p>
      )}
      <p className="metric-note">{tell(lang, 'change_only')}</p>
      {body.effects.length > 0 ? (
        <>
          <h3>{tell(lang, 'holdout')}</h3>
          <EffectTable effects={body.effects} reader={reader} />
        </>
      ) : null}
    </>
  );
}

export function Quality({ body, reader }: { body: Retrospective; reader: Reader }) {
  const { lang } = reader;
  const { freshness, failed_tests, restated } = body.quality;
  return (
    <>
      <FreshnessList freshness={freshness} lang={lang} />
      <h3>{tell(lang, 'restated')}</h3>
      {restated.length === 0 ? (
        <p className="metric-note">{tell(lang, 'restated_none')}</p>
      ) : (
        <Rows
          label={tell(lang, 'restated')}
          rows={restated.map((each) => ({
            key: `${each.signed_month_on} ${each.figure}`,
            cells: [
              { of: tell(lang, 'figure'), value: pick(lang, each.label) },
              {
                of: tell(lang, 'before'),
                number: true,
                value: showValue(each.before_value, { ...RATE, unit: each.unit }, reader),
              },
              {
                of: tell(lang, 'after'),
                number: true,
                value: showValue(each.after_value, { ...RATE, unit: each.unit }, reader),
              },
              { of: tell(lang, 'reason'), value: tell(lang, `reason_${each.reason}` as RetroWord) },
              {
                of: tell(lang, 'signed'),
                value: (
                  <Link to={`/reports/retrospectives/${monthOf(each.signed_month_on)}?number=${each.signed_number}`}>
                    {monthOf(each.signed_month_on)} {tell(lang, 'nth', { number: each.signed_number })}
                  </Link>
                ),
              },
            ],
          }))}
        />
      )}
      <h3>{tell(lang, 'tests_failed')}</h3>
      {failed_tests.length === 0 ? (
        <p className="metric-note">{tell(lang, 'tests_passed')}</p>
      ) : (
        <ul className="retro-list">
          {failed_tests.map(({ metric, test, steps }) => (
            <li key={`${metric[1]} ${test[1]}`}>
              {noted(lang, told(lang, pick(lang, metric), pick(lang, test)), listed(lang, steps.map(monthOf)))}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Actions({
  carried,
  decided,
  body,
  reader,
  may,
}: {
  carried: readonly RetrospectiveAction[];
  decided: readonly RetrospectiveAction[];
  body: Retrospective;
  reader: Reader;
  may: boolean;
}) {
  const { lang } = reader;
  const labels = new Map(body.definitions.map(({ code, label }) => [code, label]));
  const rows = (actions: readonly RetrospectiveAction[]) =>
    actions.map((action) => {
      const label = labels.get(action.metric ?? '');
      return {
        key: String(action.id),
        cells: [
          {
            of: tell(lang, 'decision'),
            value: <Link to={`/retrospective_actions/${action.id}`}>{action.decision}</Link>,
          },
          { of: tell(lang, 'owner'), value: action.owner },
          { of: tell(lang, 'due'), value: action.due_on },
          {
            of: tell(lang, 'state'),
            value: action.late ? (
              <span className="standing standing-missed">{tell(lang, 'late')}</span>
            ) : (
              tell(lang, `status_${action.status}`)
            ),
          },
          { of: tell(lang, 'moves'), value: label ? pick(lang, label) : (action.metric ?? '–') },
        ],
      };
    });
  return (
    <>
      <h3>{tell(lang, 'carried')}</h3>
      {carried.length === 0 ? (
        <p className="metric-note">{tell(lang, 'no_carried')}</p>
      ) : (
        <Rows label={tell(lang, 'carried')} rows={rows(carried)} />
      )}
      <h3>{tell(lang, 'decided')}</h3>
      {decided.length === 0 ? (
        <p className="metric-note">{tell(lang, 'no_actions')}</p>
      ) : (
        <Rows label={tell(lang, 'decided')} rows={rows(decided)} />
      )}
      {may ? (
        <p className="retro-screen">
          <Link to={`/retrospective_actions/new?month_on=${body.month_on}`}>{tell(lang, 'new_action')}</Link>
        </p>
      ) : null}
    </>
  );
}

export function Definitions({ body, reader }: { body: Retrospective; reader: Reader }) {
  const { lang } = reader;
  return (
    <Rows
      label={tell(lang, 'definitions')}
      rows={body.definitions.map(({ code, label, definition, version, sha256, views }) => ({
        key: code,
        cells: [
          {
            of: tell(lang, 'metric'),
            value: <Link to={`/reports/metrics/${code}`}>{pick(lang, label)}</Link>,
          },
          { of: say(lang, 'definition'), value: pick(lang, definition) },
          { of: tell(lang, 'sources'), value: views.map((view) => `report.${view}`).join(' ') || '–' },
          { of: tell(lang, 'version'), number: true, value: version },
          { of: tell(lang, 'fingerprint'), value: <code>{sha256.slice(0, 8)}</code> },
        ],
      }))}
    />
  );
}
