/** Two numbers of a month's retrospective side by side: each figure that moved, and why. */
import './reports.css';
import './retrospective.css';
import { Alert, Empty, Skeleton } from 'antd';
import { useEffect } from 'react';
import { Link } from 'react-router';
import type { RetrospectiveChanges } from '../api/contract-written.ts';
import { pick, type Reader, showValue } from './cell-value.ts';
import { showSigned } from './change.ts';
import { useJson } from './http.ts';
import type { ReportsProps } from './report-page.tsx';
import { Rows } from './retrospective-table.tsx';
import { type RetroWord, tell } from './retrospective-words.ts';
import { say } from './words.ts';

export default function RetrospectiveChangesPage({
  month,
  number,
  lang,
}: ReportsProps & { month: string; number: string }) {
  const { data, error } = useJson<RetrospectiveChanges>(
    `/api/_retrospectives/${encodeURIComponent(month)}/${encodeURIComponent(number)}/changes`,
    { lang, owner: `${month} ${number}` },
  );
  const title = tell(lang, 'one', { month });
  useEffect(() => {
    document.title = `${title} · ${tell(lang, 'changes')}`;
  }, [title, lang]);
  const reader: Reader = { lang, currency: data?.currency ?? 'CNY' };
  return (
    <article className="report retro">
      <header className="report-head">
        <div>
          <nav className="report-path" aria-label={say(lang, 'reports')}>
            <Link to="/reports">{say(lang, 'reports')}</Link> /{' '}
            <Link to="/reports/retrospectives">{tell(lang, 'title')}</Link>
          </nav>
          <h1>{title}</h1>
          {data ? (
            <p className="report-describe">
              {tell(lang, 'changes_of', { before: data.before, after: data.after })} ·{' '}
              <Link to={`/reports/retrospectives/${month}?number=${number}`}>{tell(lang, 'back')}</Link>
            </p>
          ) : null}
        </div>
      </header>
      {error ? (
        <Alert type="error" showIcon title={error.message} />
      ) : data ? (
        <section className="report-body" aria-label={tell(lang, 'changes')}>
          {data.changes.length === 0 ? (
            <Empty description={tell(lang, 'changes_none')} />
          ) : (
            <Rows
              label={tell(lang, 'changes')}
              rows={data.changes.map((change) => {
                const column = { role: 'measure', label: change.label, unit: change.unit } as const;
                const show = (value: string | null) => showValue(value, column, reader) || '–';
                return {
                  key: change.figure,
                  cells: [
                    { of: tell(lang, 'figure'), value: pick(lang, change.label) },
                    { of: tell(lang, 'before'), number: true, value: show(change.before_value) },
                    { of: tell(lang, 'after'), number: true, value: show(change.after_value) },
                    {
                      of: tell(lang, 'difference'),
                      number: true,
                      value: change.difference === null ? '–' : showSigned(change.difference, column, reader),
                    },
                    { of: tell(lang, 'reason'), value: tell(lang, `reason_${change.reason}` as RetroWord) },
                  ],
                };
              })}
            />
          )}
        </section>
      ) : (
        <Skeleton active title={false} />
      )}
    </article>
  );
}
