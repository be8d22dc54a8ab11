/** The evaluation of the programme's stages: as it is this moment, or as it was written on a day. */
import './stages.css';
import { Empty } from 'antd';
import { Link } from 'react-router';
import type { StageEvaluation } from '../api/contract-written.ts';
import type { Reader } from './cell-value.ts';
import { HoldoutEffects } from './holdout-effects.tsx';
import type { ReportsProps } from './report-page.tsx';
import { StageGoals } from './stage-goals.tsx';
import { say, words } from './words.ts';
import { WrittenReport } from './written-report.tsx';

export default function StagesPage({ lang, subscribe }: ReportsProps) {
  return (
    <WrittenReport<StageEvaluation>
      title={words('stages')}
      path="/api/_stages"
      none="stages_unwritten"
      lang={lang}
      subscribe={subscribe}
    >
      {({ stages, effects, started_on, currency, reported_on }) => {
        const reader: Reader = { lang, currency, today: reported_on };
        if (started_on === null) {
          return (
            <Empty description={say(lang, 'stages_no_start')}>
              <Link to="/settings">{say(lang, 'stages_set_start')}</Link>
            </Empty>
          );
        }
        return (
          <>
            {stages.map((stage) => (
              <StageGoals key={stage.stage} stage={stage} reader={reader} />
            ))}
            <HoldoutEffects effects={effects} reader={reader} />
          </>
        );
      }}
    </WrittenReport>
  );
}
