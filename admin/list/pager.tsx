import { formatInteger } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';
import type { ListAnswer } from '../refine/data-provider.ts';
import { Button } from '../ui/button.tsx';
import { type ListView, PAGE_SIZES } from './view.ts';

/** Where we are and how many there are; "10,000+" where the count stopped counting. */
export function Pager({
  view,
  answer,
  onShow,
  onApproach,
}: {
  view: ListView;
  answer: ListAnswer;
  onShow(change: Partial<ListView>): void;
  /** The pointer or the focus is on the way to that page. */
  onApproach?(page: number): void;
}) {
  const { t } = useLang();
  const first = (view.page - 1) * view.size + 1;
  const last = first + answer.data.length - 1;
  const way = (page: number) => ({
    onPointerEnter: () => onApproach?.(page),
    onFocus: () => onApproach?.(page),
    onClick: () => onShow({ page }),
  });
  const more = answer.relation === 'gte' ? answer.data.length === view.size : last < answer.total;
  return (
    <nav className="pager" aria-label={t('pager.title')}>
      <span className="pager-count">
        {t('pager.range', { first: formatInteger(first), last: formatInteger(last), total: sayTotal(answer) })}
      </span>
      <label className="pager-size">
        <span>{t('pager.size')}</span>
        <select className="select" value={view.size} onChange={(event) => onShow({ size: Number(event.target.value) })}>
          {PAGE_SIZES.map((size) => (
            <option key={size}>{size}</option>
          ))}
        </select>
      </label>
      <span className="pager-buttons">
        <Button icon="left" aria-label={t('pager.previous')} disabled={view.page === 1} {...way(view.page - 1)} />
        <span className="pager-page">{formatInteger(view.page)}</span>
        <Button icon="right" aria-label={t('pager.next')} disabled={!more} {...way(view.page + 1)} />
      </span>
    </nav>
  );
}

/** @returns "1,234", "10,000+" when there are more than were counted, "≈ 1,234,000" for an estimate. */
export function sayTotal({ total, relation }: Pick<ListAnswer, 'total' | 'relation'>): string {
  if (relation === 'gte') return `${formatInteger(Math.max(0, total % 1000 === 1 ? total - 1 : total))}+`;
  return relation === 'approx' ? `≈ ${formatInteger(total)}` : formatInteger(total);
}
