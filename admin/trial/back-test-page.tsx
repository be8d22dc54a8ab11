/** One back-test: how far it is, what it came to. */
import './trial.css';
import './back-test.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { BackTest } from '../../api/contract-trials.ts';
import { formatInteger, formatMoney } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { getJson, postJson } from '../refine/http.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Button } from '../ui/button.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { BackTestCharts } from './back-test-charts.tsx';
import { BackTestMoney } from './back-test-money.tsx';
import { MoveTable, PeopleTable } from './back-test-tables.tsx';
import { goesOn } from './back-tests-page.tsx';

export default function BackTestPage() {
  const { id } = useParams();
  const { t } = useLang();
  const [budget, setBudget] = useState<number | null>(null);
  const query = useQuery({
    queryKey: ['evergreen', 'trials', id, budget],
    queryFn: ({ signal }) =>
      getJson<BackTest>(
        `/api/_trials/${encodeURIComponent(id!)}${budget === null ? '' : `?budget_id=${budget}`}`,
        signal,
      ),
    retry: false,
    placeholderData: (before) => (before && String(before.id) === id ? before : undefined),
    refetchInterval: ({ state }) => (state.data && goesOn(state.data) ? 1_500 : false),
  });
  const test = query.data;
  if (query.isError && !test) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="page">
      <PageHead
        title={test?.title ?? t('bt.title')}
        back={{ to: '/back-tests', label: t('bt.title') }}
        note={test ? <About test={test} /> : undefined}
      />
      {test ? (
        <>
          <Progress test={test} onChange={() => void query.refetch()} />
          {test.totals ? <Results test={test} budget={budget} onBudget={setBudget} /> : null}
        </>
      ) : (
        <Skeleton lines={10} />
      )}
    </div>
  );
}

function About({ test }: { test: BackTest }) {
  const { t, say } = useLang();
  return (
    <p className="muted">
      {t('bt.window', { from: test.since_on, to: test.until_on })} ·{' '}
      {test.drafts.map((draft) => say(draft.name)).join(' · ')}
    </p>
  );
}

function Progress({ test, onChange }: { test: BackTest; onChange(): void }) {
  const { t, lang } = useLang();
  const [busy, setBusy] = useState(false);
  const cancel = async () => {
    setBusy(true);
    await postJson(`/api/_trials/${test.id}/cancel`).catch(() => undefined);
    setBusy(false);
    onChange();
  };
  if (test.state === 'failed') {
    return <p className="note note-bad">{test.problem?.split(' | ')[lang === 'zh' ? 0 : 1] ?? t('bt.state_failed')}</p>;
  }
  if (test.state === 'done') {
    const sampled = test.sampled < test.population;
    const n = { all: formatInteger(test.population), n: formatInteger(test.sampled) };
    return (
      <p className="muted bt-note">
        {t(sampled ? 'bt.sampled' : 'bt.everybody', n)} {t('bt.note')}{' '}
        {t('bt.speed', { facts: formatInteger(test.facts), s: formatInteger(Math.ceil(test.worked_ms / 1000)) })}
      </p>
    );
  }
  const progress = t('bt.progress', { done: formatInteger(test.done), all: formatInteger(test.sampled) });
  return (
    <div className="card bt-progress" role="status">
      <span>
        <span className={`trial-outcome bt-${test.state}`}>{t(`bt.state_${test.state}`)}</span> {progress}
      </span>
      <progress value={test.done} max={Math.max(test.sampled, 1)} aria-label={progress} />
      {goesOn(test) ? (
        <Button busy={busy} onClick={() => void cancel()}>
          {t('bt.cancel')}
        </Button>
      ) : null}
      {test.done > 0 ? <p className="muted">{t('bt.partial')}</p> : null}
    </div>
  );
}

function Results({
  test,
  budget,
  onBudget,
}: {
  test: BackTest;
  budget: number | null;
  onBudget(id: number | null): void;
}) {
  const { t } = useLang();
  const { currency } = useMeta().settings;
  const totals = test.totals!;
  const same =
    totals.points_more === 0 && totals.growth_more === 0 && totals.gaining + totals.losing + totals.moving === 0;
  return (
    <div className="trial-result">
      {same && test.state === 'done' ? <p className="note note-info">{t('bt.no_change')}</p> : null}
      <dl className="bt-sums">
        <Sum
          label={t('bt.points')}
          value={more(totals.points_more, totals.points_margin)}
          notes={[
            t('bt.was', { n: formatInteger(totals.points_real) }),
            t('bt.by_draft', { n: formatInteger(totals.points_draft) }),
          ]}
        />
        {test.cost ? (
          <Sum
            label={t('bt.cost')}
            value={`${Number(test.cost.more) > 0 ? '+' : ''}${formatMoney(test.cost.more, currency)}`}
            notes={[
              t('bt.was', { n: formatMoney(test.cost.real, currency) }),
              t('bt.by_draft', { n: formatMoney(test.cost.draft, currency) }),
            ]}
          />
        ) : null}
        <Sum
          label={t('bt.growth')}
          value={more(totals.growth_more, totals.growth_margin)}
          notes={[
            t('bt.was', { n: formatInteger(totals.growth_real) }),
            t('bt.by_draft', { n: formatInteger(totals.growth_draft) }),
          ]}
        />
        <Sum
          label={t('bt.people')}
          value={formatInteger(totals.gaining + totals.losing)}
          notes={[t('bt.gain_lose', { up: formatInteger(totals.gaining), down: formatInteger(totals.losing) })]}
        />
        <Sum label={t('bt.moving')} value={formatInteger(totals.moving)} notes={[]} />
      </dl>
      <BackTestMoney test={test} chosen={budget} onChoose={onBudget} />
      <BackTestCharts test={test} />
      <div className="bt-pairs">
        <MoveTable test={test} />
        <PeopleTable title={t('bt.winners')} none={t('bt.no_winners')} people={test.winners} />
        <PeopleTable title={t('bt.losers')} none={t('bt.no_losers')} people={test.losers} />
      </div>
    </div>
  );
}

function Sum({ label, value, notes }: { label: string; value: string; notes: readonly string[] }) {
  return (
    <div className="card trial-sum">
      <dt>{label}</dt>
      <dd>
        {value}
        {notes.map((note) => (
          <small key={note}>{note}</small>
        ))}
      </dd>
    </div>
  );
}

function more(points: number, margin: number | null): string {
  const sign = points > 0 ? '+' : '';
  return `${sign}${formatInteger(points)}${margin ? ` ±${formatInteger(margin)}` : ''}`;
}
