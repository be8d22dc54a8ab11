/** The goals of a stage: where each stood, where it is to be, where it is, and how it changed. */
import { Link } from 'react-router';
import type { Lang } from '../api/contract.ts';
import type { Stage, StageGoal } from '../api/contract-written.ts';
import { pick, type Reader, showValue } from './cell-value.ts';
import { showChange, showRange } from './change.ts';
import { StandingTag } from './standing-tag.tsx';
import { say, type Word } from './words.ts';

/** @param inside a chapter already: no card of its own, and its heading is one step lower */
export function StageGoals({ stage, reader, inside = false }: { stage: Stage; reader: Reader; inside?: boolean }) {
  const { lang } = reader;
  const { goals, starts_on, due_on, phase, label } = stage;
  const Heading = inside ? 'h3' : 'h2';
  return (
    <section className={inside ? 'stage' : 'report-body health-part stage'} aria-label={pick(lang, label)}>
      <header className="stage-head">
        <Heading>{pick(lang, label)}</Heading>
        <span className="metric-note">{say(lang, 'stage_days', { from: starts_on, to: due_on })}</span>
        <span className={`stage-phase stage-${phase}`}>{say(lang, `phase_${phase}` as Word)}</span>
      </header>
      <ul className="stage-goals">
        {goals.map((goal) => (
          <GoalRow key={`${goal.goal_id} ${goal.metric}`} goal={goal} stage={stage} reader={reader} />
        ))}
      </ul>
    </section>
  );
}

function GoalRow({ goal, stage, reader }: { goal: StageGoal; stage: Stage; reader: Reader }) {
  const { lang } = reader;
  const { unit, label } = goal;
  const show = (amount: string | null) => showValue(amount, { role: 'measure', label, unit }, reader) || '–';
  const own_days = goal.starts_on !== stage.starts_on || goal.due_on !== stage.due_on;
  const notes = [
    goal.segment ? pick(lang, goal.segment) : null,
    goal.owner_team ? say(lang, 'stage_team', { team: say(lang, `team_${goal.owner_team}` as Word) }) : null,
    own_days ? say(lang, 'stage_days', { from: goal.starts_on, to: goal.due_on }) : null,
  ].filter((note) => note !== null);
  return (
    <li className="stage-goal">
      <div className="stage-name">
        <Link to={goal.goal_id === null ? `/reports/metrics/${goal.metric}` : `/goals/${goal.goal_id}`}>
          {pick(lang, goal.name)}
        </Link>
        {goal.status ? (
          <StandingTag status={goal.status} lang={lang} />
        ) : goal.goal_id === null ? (
          <span className="standing standing-too_early">{say(lang, 'stage_looked')}</span>
        ) : null}
        {notes.length > 0 ? <span className="metric-note">{notes.join(' · ')}</span> : null}
      </div>
      {goal.waits ? (
        <p className="metric-note stage-waits">{say(lang, 'waits_for', { what: pick(lang, goal.waits) })}</p>
      ) : (
        <dl className="stage-figures">
          <Figure lang={lang} word="stage_baseline" value={show(goal.baseline)}>
            {goal.baseline_given ? say(lang, 'stage_typed') : null}
          </Figure>
          <Figure lang={lang} word="stage_actual" value={show(goal.actual)} strong>
            {goal.low !== null && goal.high !== null ? `${show(goal.low)} – ${show(goal.high)}` : null}
          </Figure>
          {goal.goal_id === null ? null : (
            <>
              {goal.phase === 'running' ? <Figure lang={lang} word="stage_pace" value={show(goal.expected)} /> : null}
              <Figure
                lang={lang}
                word="stage_target"
                value={goal.target_max ? `${show(goal.target)} – ${show(goal.target_max)}` : show(goal.target)}
              />
            </>
          )}
          <Change goal={goal} reader={reader} />
        </dl>
      )}
      <Way goal={goal} />
      {goal.advice ? (
        <p className="stage-advice">
          <Link to={goal.advice.to}>{pick(lang, goal.advice.text)}</Link>
        </p>
      ) : null}
    </li>
  );
}

function Figure({
  word,
  value,
  lang,
  strong,
  children,
}: {
  word: Word;
  value: string;
  lang: Lang;
  strong?: boolean;
  children?: string | null;
}) {
  return (
    <div className={word.replace('stage_', 'stage-f-')}>
      <dt>{say(lang, word)}</dt>
      <dd>
        {strong ? <strong>{value}</strong> : value}
        {children ? <span className="metric-note">{children}</span> : null}
      </dd>
    </div>
  );
}

function Change({ goal, reader: { lang } }: { goal: StageGoal; reader: Reader }) {
  const { unit, direction, difference, change_rate, difference_low, difference_high } = goal;
  const of = { unit, good: direction };
  const shown = showChange(of, unit === 'rate' ? difference : change_rate, lang);
  // An interval that holds nought: it may be no change at all.
  const sure = difference_low === null || Number(difference_low) > 0 === Number(difference_high) > 0;
  return (
    <div className="stage-f-change">
      <dt>{say(lang, 'stage_change')}</dt>
      <dd>
        <span className={shown && sure ? `metric-${shown.tone}` : ''}>{shown?.text ?? '–'}</span>
        {difference_low !== null ? (
          <span className="metric-note">{showRange(difference_low, difference_high, lang)}</span>
        ) : null}
      </dd>
    </div>
  );
}

/** From the baseline to the target: how far it is, and how far it should be by now. */
function Way({ goal: { baseline, target, actual, expected, phase, direction } }: { goal: StageGoal }) {
  if (target === null || actual === null) return null;
  const start = Number(baseline ?? 0);
  const length = Number(target) - start;
  if (length === 0 || (direction === 'up') !== length > 0) return null;
  const share = (amount: string) => `${Math.min(Math.max((Number(amount) - start) / length, 0), 1) * 100}%`;
  return (
    <span className="health-bar" aria-hidden="true">
      <span className="health-bar-used stage-way" style={{ inlineSize: share(actual) }} />
      {phase === 'running' && expected !== null ? (
        <span className="health-bar-time" style={{ insetInlineStart: share(expected) }} />
      ) : null}
    </span>
  );
}
