/** What runs, what it may cost, what went wrong and how fresh the data are. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Lang } from '../api/contract.ts';
import type { ReportColumn } from '../api/contract-reports.ts';
import type {
  HealthBudget,
  HealthCampaign,
  HealthIncident,
  HealthReport,
  HealthSource,
} from '../api/contract-written.ts';
import { pick, type Reader, showValue } from './cell-value.ts';
import { StandingTag } from './standing-tag.tsx';
import { say, type Word } from './words.ts';

const RATE: ReportColumn = { role: 'measure', label: ['', ''], unit: 'rate' };
const MONEY: ReportColumn = { role: 'measure', label: ['', ''], unit: 'money' };

export function HealthStandings({ report, reader }: { report: HealthReport; reader: Reader }) {
  const { lang } = reader;
  const { campaigns, budgets, incidents, freshness } = report;
  return (
    <div className="health-standings">
      <Part title={say(lang, 'health_campaigns')} count={campaigns.length} wide lang={lang}>
        <CampaignTable campaigns={campaigns} reader={reader} />
      </Part>
      <Part title={say(lang, 'health_budgets')} count={budgets.length} lang={lang}>
        <BudgetList budgets={budgets} reader={reader} />
      </Part>
      <Part title={say(lang, 'health_incidents')} count={incidents.length} lang={lang}>
        <IncidentList incidents={incidents} lang={lang} />
      </Part>
      <Part title={say(lang, 'health_freshness')} count={freshness.length} lang={lang}>
        <FreshnessList freshness={freshness} lang={lang} />
      </Part>
    </div>
  );
}

export function CampaignTable({ campaigns, reader }: { campaigns: readonly HealthCampaign[]; reader: Reader }) {
  const { lang } = reader;
  return (
    <table className="health-table">
      <thead>
        <tr>
          <th>{say(lang, 'health_campaign')}</th>
          <th>{say(lang, 'health_goal')}</th>
          <th className="health-number">{say(lang, 'health_reached')}</th>
          <th>{say(lang, 'health_budget')}</th>
          <th>{say(lang, 'state')}</th>
        </tr>
      </thead>
      <tbody>
        {campaigns.map((campaign) => (
          <CampaignRow key={campaign.id} campaign={campaign} reader={reader} />
        ))}
      </tbody>
    </table>
  );
}

export function BudgetList({ budgets, reader }: { budgets: readonly HealthBudget[]; reader: Reader }) {
  return (
    <ul className="health-list">
      {budgets.map((budget) => (
        <BudgetRow key={budget.code} budget={budget} reader={reader} />
      ))}
    </ul>
  );
}

export function IncidentList({ incidents, lang }: { incidents: readonly HealthIncident[]; lang: Lang }) {
  return (
    <ul className="health-list">
      {incidents.map(({ kind, happened_at, name, resource, record_id }) => (
        <li key={`${kind} ${resource} ${record_id} ${name[0]}`}>
          <span className="health-row">
            <Link to={record_id === null ? `/${resource}` : `/${resource}/${record_id}`}>{pick(lang, name)}</Link>
            <span className="standing standing-missed">{say(lang, `incident_${kind}` as Word)}</span>
          </span>
          <span className="metric-note">{moment(happened_at)}</span>
        </li>
      ))}
    </ul>
  );
}

export function FreshnessList({ freshness, lang }: { freshness: readonly HealthSource[]; lang: Lang }) {
  return (
    <ul className="health-list">
      {freshness.map(({ source, name, latest_on, status }) => (
        <li key={source}>
          <span className="health-row">
            <span>{pick(lang, name)}</span>
            <span
              className={`standing standing-${status === 'late' ? 'missed' : status === 'fresh' ? 'on_track' : 'too_early'}`}
            >
              {say(lang, `fresh_${status}` as Word)}
            </span>
          </span>
          <span className="metric-note">{latest_on ? say(lang, 'health_until_day', { day: latest_on }) : '–'}</span>
        </li>
      ))}
    </ul>
  );
}

function Part({
  title,
  count,
  wide,
  lang,
  children,
}: {
  title: string;
  count: number;
  wide?: boolean;
  lang: Lang;
  children: ReactNode;
}) {
  return (
    <section className={`report-body health-part${wide ? ' health-wide' : ''}`}>
      <h2>{title}</h2>
      {count === 0 ? <p className="metric-note">{say(lang, 'none')}</p> : children}
    </section>
  );
}

function CampaignRow({ campaign, reader }: { campaign: HealthCampaign; reader: Reader }) {
  const { lang } = reader;
  const { id, name, goal, budget, status, stopped_at } = campaign;
  const column: ReportColumn | null = goal && { role: 'measure', label: goal.label, unit: goal.unit };
  return (
    <tr>
      <th scope="row">
        <Link to={`/campaigns/${id}`}>{pick(lang, name)}</Link>
      </th>
      <td>{goal && column ? `${pick(lang, goal.label)} ${showValue(goal.target, column, reader)}` : '–'}</td>
      <td className="health-number">{(column && showValue(goal!.value, column, reader)) || '–'}</td>
      <td>
        {budget
          ? `${pick(lang, budget.name)}${budget.used_rate === null ? '' : ` · ${showValue(budget.used_rate, RATE, reader)}`}`
          : '–'}
      </td>
      <td>
        {stopped_at ? (
          <span className="standing standing-missed">{say(lang, 'incident_campaign_stopped')}</span>
        ) : status ? (
          <StandingTag status={status} lang={lang} />
        ) : (
          '–'
        )}
      </td>
    </tr>
  );
}

function BudgetRow({ budget, reader }: { budget: HealthBudget; reader: Reader }) {
  const { lang } = reader;
  const { name, amount, used, used_rate, passed_rate, lasts_until_on, status } = budget;
  const width = `${Math.min(Number(used_rate), 1) * 100}%`;
  return (
    <li>
      <span className="health-row">
        <span>{pick(lang, name)}</span>
        <span className={`standing standing-${status}`}>{say(lang, `budget_${status}` as Word)}</span>
      </span>
      <span className="health-bar">
        <span className={`health-bar-used standing-${status}`} style={{ inlineSize: width }} />
        {passed_rate === null ? null : (
          <span
            className="health-bar-time"
            style={{ insetInlineStart: `${Math.min(Number(passed_rate), 1) * 100}%` }}
          />
        )}
      </span>
      <span className="metric-note">
        {say(lang, 'health_used', {
          used: showValue(used, MONEY, reader),
          amount: showValue(amount, MONEY, reader),
          rate: showValue(used_rate, RATE, reader),
        })}
        {passed_rate === null ? '' : ` · ${say(lang, 'health_passed', { rate: showValue(passed_rate, RATE, reader) })}`}
        {lasts_until_on === null ? '' : ` · ${say(lang, 'health_lasts', { day: lasts_until_on })}`}
      </span>
    </li>
  );
}

function moment(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toLocaleString('sv-SE').slice(0, 16);
}
