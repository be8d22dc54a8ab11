import { Suspense } from 'react';
import type { Field, MetaResource, Predicate } from '../../api/contract.ts';
import { currencySign, rateToPercent } from '../fields/numbers.ts';
import { sayOperator } from '../fields/operator-words.ts';
import { RefTitles } from '../fields/ref-title.tsx';
import { utcToZoned } from '../fields/zoned-time.ts';
import { type Speech, type TextKey, useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { Button } from '../ui/button.tsx';
import { later } from '../ui/later.tsx';
import type { Condition } from './conditions.ts';

const Sentence = later(() => import('../predicate/sentence.tsx'));

/** One condition in words, with its way out. */
export function FilterChip({
  resource,
  condition,
  onRemove,
}: {
  resource: MetaResource;
  condition: Condition;
  onRemove(): void;
}) {
  const speech = useLang();
  const { t, say } = speech;
  const { settings } = useMeta();
  const field = resource.fields[condition.field];
  const label = field ? say(field.label) : condition.field === 'id' ? t('id') : condition.field;
  const values = Array.isArray(condition.value) ? condition.value : [condition.value];
  const none = condition.operator === 'null' || condition.operator === 'notNull';
  const joint = condition.operator === 'between' ? ' – ' : speech.t('comma');
  return (
    <span className="filter-chip">
      <span>
        <span className="filter-field">{label}</span> {sayOperator(condition.operator, field?.kind, t)}{' '}
        {none ? null : field?.kind === 'ref' || field?.kind === 'refs' ? (
          <strong>
            {values.includes('$me') ? `${t('filter.me')}${values.length > 1 ? t('comma') : ''}` : null}
            <RefTitles to={field.to} ids={values.filter((value) => value !== '$me').map(Number)} />
          </strong>
        ) : (
          <strong>{values.map((value) => sayValue(value, field, speech, settings)).join(joint)}</strong>
        )}
      </span>
      <Button tone="quiet" small icon="close" aria-label={t('filter.remove', { label })} onClick={onRemove} />
    </span>
  );
}

/** A condition that is more than one comparison, e.g. handed over by a report. */
export function RestChip({
  resource,
  predicate,
  onEdit,
  onRemove,
}: {
  resource: MetaResource;
  predicate: Predicate;
  onEdit(): void;
  onRemove(): void;
}) {
  const { t } = useLang();
  return (
    <span className="filter-chip">
      <Suspense fallback="…">
        <Sentence predicate={predicate} resource={resource} />
      </Suspense>
      <Button tone="quiet" small icon="edit" aria-label={t('filter.advanced')} onClick={onEdit} />
      <Button tone="quiet" small icon="close" aria-label={t('filter.remove', { label: '' })} onClick={onRemove} />
    </span>
  );
}

function sayValue(
  value: unknown,
  field: Field | undefined,
  { t, say }: Speech,
  settings: { time_zone: string; currency: string },
): string {
  const text = String(value);
  const relative = /^\$(today|now)(?:([+-])(\d+)([mhdw]))?$/.exec(text);
  if (relative) {
    const [, base, sign, count, unit] = relative;
    if (!count) return t(base === 'today' ? 'filter.today' : 'filter.now');
    const key = `filter.${sign === '-' ? 'ago' : 'ahead'}_${unit}` as TextKey;
    return t(key, { count: Number(count) });
  }
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (field && 'choices' in field) {
    const choice = field.choices[text];
    return choice ? say(choice) : text;
  }
  if (field?.kind === 'rate') return `${rateToPercent(text)}%`;
  if (field?.kind === 'money') return `${currencySign(settings.currency)}${text}`;
  if (field?.kind === 'datetime') return utcToZoned(text, settings.time_zone).slice(0, 16);
  return text;
}
