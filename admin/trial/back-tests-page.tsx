/** Back-tests: what is to be tested, and those that were made. */
import './trial.css';
import './back-test.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { BackTestLine, BackTestRequest } from '../../api/contract-trials.ts';
import { formatInteger } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';
import { useResource } from '../meta/meta.tsx';
import { getJson, HttpFailure, postJson } from '../refine/http.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../ui/states.tsx';
import { dropDraft, type KeptDraft, keptDrafts, nameOf } from './drafts.ts';
import { useWhen } from './waterfall.tsx';

const MONTHS = [1, 3, 6, 12, 24];
const SAMPLES = [500, 2_000, 5_000, 20_000];

export default function BackTestsPage() {
  const { t } = useLang();
  return (
    <div className="page">
      <PageHead title={t('bt.title')} note={<p className="muted">{t('bt.intro')}</p>} />
      <NewTest />
      <Earlier />
    </div>
  );
}

function NewTest() {
  const { t } = useLang();
  const navigate = useNavigate();
  const [drafts, setDrafts] = useState(keptDrafts);
  const [months, setMonths] = useState(6);
  const [sample, setSample] = useState(5_000);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const start = async () => {
    setBusy(true);
    try {
      const body: BackTestRequest = {
        drafts: drafts.map(({ resource, id, values }) => ({ resource, id, values })),
        ...{ months, sample },
      };
      const { id } = await postJson<{ id: number }>('/api/_trials', body);
      for (const draft of drafts) dropDraft(nameOf(draft));
      navigate(`/back-tests/${id}`);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      const texts = Object.values(error.errors ?? {}).map((each) => each.message);
      setProblem(texts.length > 0 ? texts.join(' ') : error.message);
      setBusy(false);
    }
  };
  return (
    <section className="card bt-new" aria-label={t('bt.new')}>
      <h2>{t('bt.new')}</h2>
      {drafts.length === 0 ? (
        <Empty
          icon="chart"
          title={t('bt.drafts')}
          actions={
            <>
              <ButtonLink to="/earn_rules">{t('bt.rules')}</ButtonLink>
              <ButtonLink to="/tiers">{t('bt.tiers')}</ButtonLink>
            </>
          }
        >
          {t('bt.no_drafts')}
        </Empty>
      ) : (
        <>
          <ul className="bt-drafts" aria-label={t('bt.drafts')}>
            {drafts.map((draft) => (
              <Draft key={nameOf(draft)} draft={draft} onRemove={() => setDrafts(dropDraft(nameOf(draft)))} />
            ))}
          </ul>
          {problem ? (
            <p className="note note-bad" role="alert">
              {problem}
            </p>
          ) : null}
          <div className="bt-settings">
            <label>
              {t('bt.months')}
              <select className="bt-select" value={months} onChange={(event) => setMonths(Number(event.target.value))}>
                {MONTHS.map((n) => (
                  <option key={n} value={n}>
                    {t('bt.months_n', { count: n, n })}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {t('bt.sample')}
              <select className="bt-select" value={sample} onChange={(event) => setSample(Number(event.target.value))}>
                {SAMPLES.map((n) => (
                  <option key={n} value={n}>
                    {t('bt.sample_n', { n: formatInteger(n) })}
                  </option>
                ))}
              </select>
            </label>
            <Button tone="primary" icon="play" busy={busy} onClick={() => void start()}>
              {t('bt.start')}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

function Draft({ draft, onRemove }: { draft: KeptDraft; onRemove(): void }) {
  const { t, say } = useLang();
  const resource = useResource(draft.resource);
  return (
    <li className="bt-draft">
      <span className="muted">{resource ? say(resource.label) : draft.resource}</span>
      <strong>{say(draft.name)}</strong>
      {draft.as ? <span className="trial-outcome">{t(`bt.as_${draft.as}`)}</span> : null}
      {draft.id === null ? <span className="trial-outcome">{t('trial.is_draft')}</span> : null}
      <Button small tone="quiet" icon="close" aria-label={`${t('bt.remove')} ${say(draft.name)}`} onClick={onRemove} />
    </li>
  );
}

function Earlier() {
  const { t } = useLang();
  const when = useWhen();
  const query = useQuery({
    queryKey: ['evergreen', 'trials'],
    queryFn: ({ signal }) => getJson<BackTestLine[]>('/api/_trials', signal),
    retry: false,
    refetchInterval: ({ state }) => (state.data?.some(goesOn) ? 2_000 : false),
  });
  if (query.isError && !query.data) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <section className="card bt-earlier">
      <h2>{t('bt.earlier')}</h2>
      {!query.data ? (
        <Skeleton lines={4} />
      ) : query.data.length === 0 ? (
        <p className="muted">{t('bt.none')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it may be wider than a phone, and scrolls.
        <section className="bt-scroll" tabIndex={0} aria-label={t('bt.earlier')}>
          <table className="bt-table">
            <thead>
              <tr>
                <th scope="col">{t('bt.col_title')}</th>
                <th scope="col">{t('bt.col_state')}</th>
                <th scope="col">{t('bt.col_window')}</th>
                <th scope="col" className="right">
                  {t('bt.col_people')}
                </th>
                <th scope="col">{t('bt.col_by')}</th>
                <th scope="col">{t('bt.col_at')}</th>
              </tr>
            </thead>
            <tbody>
              {query.data.map((line) => (
                <tr key={line.id}>
                  <td>
                    <Link to={`/back-tests/${line.id}`}>{line.title}</Link>
                  </td>
                  <td>
                    <span className={`trial-outcome bt-${line.state}`}>{t(`bt.state_${line.state}`)}</span>
                  </td>
                  <td>{t('bt.months_n', { count: line.months, n: line.months })}</td>
                  <td className="right">{formatInteger(line.sampled)}</td>
                  <td>{line.by ?? '–'}</td>
                  <td className="cell-nowrap">{when(line.created_at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

export const goesOn = ({ state }: Pick<BackTestLine, 'state'>) => state === 'waiting' || state === 'running';
