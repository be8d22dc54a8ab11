/** Until when a budget would last, at the pace of the window: as things are, and by the draft. */
import { useQuery } from '@tanstack/react-query';
import type { Row } from '../../api/contract.ts';
import type { BackTest } from '../../api/contract-trials.ts';
import { formatMoney } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';
import { titleOf, useMeta, useResource } from '../meta/meta.tsx';
import { getJson } from '../refine/http.ts';

export function BackTestMoney({
  test,
  chosen,
  onChoose,
}: {
  test: BackTest;
  chosen: number | null;
  onChoose(id: number | null): void;
}) {
  const { t, lang } = useLang();
  const { currency } = useMeta().settings;
  const budgets = useResource('budgets');
  const query = useQuery({
    queryKey: ['evergreen', 'trials', 'budgets'],
    queryFn: ({ signal }) => getJson<Row[]>('/api/budgets?_start=0&_end=50', signal),
    enabled: budgets?.can.list === true && test.cost !== null,
    retry: false,
  });
  if (!test.cost) return <p className="muted bt-note">{t('bt.no_cost')}</p>;
  if (!budgets?.can.list || !query.data || query.data.length === 0) return null;
  const { budget } = test;
  const day = (on: string | null) => on ?? t('bt.budget_never');
  return (
    <section className="card bt-budget">
      <label>
        {t('bt.budget')}
        <select
          className="bt-select"
          value={chosen ?? ''}
          onChange={(event) => onChoose(event.target.value ? Number(event.target.value) : null)}
        >
          <option value="">{t('bt.budget_choose')}</option>
          {query.data.map((row) => (
            <option key={String(row.id)} value={String(row.id)}>
              {titleOf(budgets, row, lang)}
            </option>
          ))}
        </select>
      </label>
      {budget && chosen !== null ? (
        <dl>
          <div>
            <dt>{t('bt.budget_left', { left: formatMoney(budget.left, currency) })}</dt>
          </div>
          <div>
            <dt>{t('bt.budget_real')}</dt>
            <dd>{day(budget.real_on)}</dd>
          </div>
          <div>
            <dt>{t('bt.budget_draft')}</dt>
            <dd>{day(budget.draft_on)}</dd>
          </div>
        </dl>
      ) : null}
    </section>
  );
}
