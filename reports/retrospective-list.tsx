/** The months that were looked back at, and how far each is. */
import './reports.css';
import './retrospective.css';
import { Alert, Button, Empty, Select, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { RetrospectiveList as Listed } from '../api/contract-written.ts';
import { sendJson, useJson } from './http.ts';
import type { ReportsProps } from './report-page.tsx';
import { Rows } from './retrospective-table.tsx';
import { momentOf, monthOf, type RetroWord, tell } from './retrospective-words.ts';
import { listed, say } from './words.ts';

export default function RetrospectiveList({ lang }: ReportsProps) {
  const { data, error } = useJson<Listed>('/api/_retrospectives', { lang });
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    document.title = `${tell(lang, 'title')} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [lang]);
  const month = chosen ?? data?.months[0] ?? null;
  const write = async () => {
    setBusy(true);
    try {
      await sendJson('POST', `/api/_retrospectives/${monthOf(month!)}`, {}, lang);
      void navigate(`/reports/retrospectives/${monthOf(month!)}`);
    } catch (failed) {
      setFault(failed instanceof Error ? failed.message : String(failed));
      setBusy(false);
    }
  };
  return (
    <article className="report retro">
      <header className="report-head">
        <div>
          <nav className="report-path" aria-label={say(lang, 'reports')}>
            <Link to="/reports">{say(lang, 'reports')}</Link>
          </nav>
          <h1>{tell(lang, 'title')}</h1>
        </div>
        {data?.may.write && month ? (
          <div className="report-tools">
            <Select
              aria-label={tell(lang, 'choose_month')}
              className="report-choice"
              value={month}
              onChange={setChosen}
              options={data.months.map((each) => ({ value: each, label: monthOf(each) }))}
            />
            <Button type="primary" loading={busy} onClick={() => void write()}>
              {tell(lang, 'write_month')}
            </Button>
          </div>
        ) : null}
      </header>
      {error || fault ? <Alert type="error" showIcon title={error?.message ?? fault} /> : null}
      {data ? (
        <section className="report-body" aria-label={tell(lang, 'title')}>
          {data.retrospectives.length === 0 ? (
            <Empty description={[tell(lang, 'none'), <br key="br" />, tell(lang, 'none_hint')]} />
          ) : (
            <Rows
              label={tell(lang, 'title')}
              rows={data.retrospectives.map((each) => ({
                key: `${each.month_on} ${each.number}`,
                cells: [
                  {
                    of: tell(lang, 'month'),
                    value: (
                      <Link to={`/reports/retrospectives/${monthOf(each.month_on)}?number=${each.number}`}>
                        {monthOf(each.month_on)} · {tell(lang, 'nth', { number: each.number })}
                      </Link>
                    ),
                  },
                  {
                    of: tell(lang, 'state'),
                    value: (
                      <span className={`retro-state retro-state-${each.state}`}>
                        {tell(lang, `state_${each.state}` as RetroWord)}
                      </span>
                    ),
                  },
                  { of: tell(lang, 'authors'), value: listed(lang, each.authors) || tell(lang, 'by_job') },
                  { of: tell(lang, 'written'), value: momentOf(each.written_at) },
                  {
                    of: tell(lang, 'signed'),
                    value: each.signed_by ? `${each.signed_by} · ${momentOf(each.signed_at)}` : '–',
                  },
                  { of: tell(lang, 'comments'), number: true, value: each.comments },
                ],
              }))}
            />
          )}
        </section>
      ) : error ? null : (
        <Skeleton active title={false} />
      )}
    </article>
  );
}
