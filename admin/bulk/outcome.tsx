/** What a trial run says: how many would change, how many already are so, which cannot and why. */
import type { ApiError, BulkAnswer, MetaResource } from '../../api/contract.ts';
import { formatInteger } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';

export type RowFaults = NonNullable<ApiError['rows']>;

export function Outcome({
  resource,
  answer,
  verb,
  onLeaveOut,
}: {
  resource: MetaResource;
  answer: BulkAnswer;
  verb: 'edit' | 'delete';
  /** Absent where the faulty ones cannot all be named. */
  onLeaveOut?: () => void;
}) {
  const { t } = useLang();
  const { matched, changed, unchanged, proposed = 0, wrong = 0 } = answer;
  return (
    <div className="outcome" role="status">
      <p className="outcome-lead">
        {t(`bulk.will_${verb}`, { changed: formatInteger(changed), total: formatInteger(matched) })}
        {unchanged > 0 ? ` ${t('bulk.already', { count: unchanged, n: formatInteger(unchanged) })}` : null}
      </p>
      {proposed > 0 ? (
        <p className="note note-warning">
          <Icon name="clock" />
          <span>{t('bulk.will_propose', { count: proposed, n: formatInteger(proposed) })}</span>
        </p>
      ) : null}
      {wrong > 0 ? (
        <FaultList resource={resource} rows={answer.rows ?? []} wrong={wrong} onLeaveOut={onLeaveOut} />
      ) : null}
    </div>
  );
}

/** The records that cannot, each with its reason and the way to it. */
export function FaultList({
  resource,
  rows,
  wrong,
  onLeaveOut,
}: {
  resource: MetaResource;
  rows: RowFaults;
  wrong: number;
  onLeaveOut?: () => void;
}) {
  const { t, say } = useLang();
  const why = (errors: RowFaults[number]['errors']) =>
    Object.entries(errors)
      .map(([field, { message }]) => {
        const label = resource.fields[field.split('.')[0] ?? '']?.label;
        return label ? `${say(label)}${t('colon')}${message}` : message;
      })
      .join(' ');
  return (
    <section className="faults" aria-label={t('bulk.cannot', { n: formatInteger(wrong) })}>
      <header>
        <Icon name="warning" />
        <strong>{t('bulk.cannot', { n: formatInteger(wrong) })}</strong>
        {onLeaveOut ? (
          <Button small onClick={onLeaveOut}>
            {t('bulk.leave_out', { count: wrong, n: formatInteger(wrong) })}
          </Button>
        ) : null}
      </header>
      <ul>
        {rows.map(({ id, title, errors }) => (
          <li key={id}>
            {/* In a tab of its own: what is being prepared here stays. */}
            <a href={`/${resource.name}/${id}`} target="_blank" rel="noreferrer">
              {title}
              <span className="visually-hidden">{t('bulk.new_tab')}</span>
            </a>
            <span>{why(errors)}</span>
          </li>
        ))}
      </ul>
      {wrong > rows.length ? <p className="muted">{t('bulk.first_faults', { n: rows.length })}</p> : null}
    </section>
  );
}
