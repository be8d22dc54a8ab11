/** What the chapters of a retrospective show, on the screen and on paper alike. */
import type { ReactNode } from 'react';
import type { RetrospectiveChapter, RetrospectiveRead } from '../api/contract-written.ts';
import { pick, type Reader } from './cell-value.ts';
import { BudgetList, IncidentList } from './health-standings.tsx';
import { Drivers } from './retrospective-drivers.tsx';
import { Forecasts } from './retrospective-forecasts.tsx';
import { Pages } from './retrospective-pages.tsx';
import { Scorecard } from './retrospective-scorecard.tsx';
import { Actions, Campaigns, Definitions, Quality } from './retrospective-standings.tsx';
import { tell } from './retrospective-words.ts';
import { StageGoals } from './stage-goals.tsx';
import { say } from './words.ts';

/** @param text what people made of it, to be read or written. @returns what stands below the heading of each chapter */
export function chapterContent(
  read: RetrospectiveRead,
  reader: Reader,
  text: ReactNode,
): (chapter: RetrospectiveChapter) => ReactNode {
  const { body, may } = read;
  const { lang } = reader;
  const waits = new Map(body.waits.map(({ chapter, what }) => [chapter, what]));
  const waiting = (chapter: RetrospectiveChapter) =>
    waits.has(chapter) ? (
      <p className="metric-note">{tell(lang, 'waits', { what: pick(lang, waits.get(chapter)!) })}</p>
    ) : null;
  const nothing = <p className="metric-note">{say(lang, 'none')}</p>;
  const content: { [chapter in RetrospectiveChapter]?: ReactNode } = {
    verdict: (
      <>
        <ul className="retro-verdict">
          {body.verdict.map((line) => (
            <li key={line[1]}>{pick(lang, line)}</li>
          ))}
        </ul>
        <h3>{tell(lang, 'text')}</h3>
        {text}
      </>
    ),
    scorecard: <Scorecard body={body} reader={reader} />,
    drivers: <Drivers body={body} reader={reader} />,
    campaigns: <Campaigns body={body} reader={reader} />,
    // What was written before pages were measured says what it waited for.
    ...(body.pages ? { pages: <Pages body={body} reader={reader} /> } : {}),
    budgets: (
      <>
        <p className="metric-note">{tell(lang, 'as_written')}</p>
        {body.budgets.length > 0 ? <BudgetList budgets={body.budgets} reader={reader} /> : nothing}
        <h3>{say(lang, 'health_incidents')}</h3>
        {body.incidents.length > 0 ? <IncidentList incidents={body.incidents} lang={lang} /> : nothing}
      </>
    ),
    forecast: (
      <>
        <Forecasts forecasts={body.forecasts ?? []} reader={reader} />
        {body.stages.map((stage) => (
          <StageGoals key={stage.stage} stage={stage} reader={reader} inside />
        ))}
        {waiting('forecast')}
      </>
    ),
    quality: <Quality body={body} reader={reader} />,
    actions: <Actions carried={body.carried} decided={read.actions} body={body} reader={reader} may={may.write} />,
    definitions: <Definitions body={body} reader={reader} />,
  };
  return (chapter) => content[chapter] ?? waiting(chapter) ?? nothing;
}
