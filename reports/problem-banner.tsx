/** The file as it stands does not compile: what, where, and how to mend it. The last good version runs below. */
import { Alert } from 'antd';
import type { Lang } from '../api/contract.ts';
import type { ReportProblem } from '../api/contract-reports.ts';
import { say } from './words.ts';

export function ProblemBanner({ problem, lang, live }: { problem: ReportProblem; lang: Lang; live: boolean }) {
  return (
    <Alert
      type={live ? 'warning' : 'error'}
      showIcon
      title={say(lang, live ? 'problem' : 'problem_none')}
      description={
        <div className="report-problem">
          <p>
            <code>{say(lang, 'place', { file: problem.file, line: problem.line, column: problem.column })}</code>
          </p>
          <p>{problem.message}</p>
          {problem.hint ? <p className="report-problem-hint">{problem.hint}</p> : null}
        </div>
      }
    />
  );
}
