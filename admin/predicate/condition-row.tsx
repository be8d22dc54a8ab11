import { Select } from 'antd';
import type { Operand, PredicateContext, PredicateField } from '../../api/contract.ts';
import { operatorsOf } from '../../api/predicate.ts';
import { readInteger } from '../fields/number-input.tsx';
import { sayOperator } from '../fields/operator-words.ts';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Literal } from './literal.tsx';
import { RelationValue } from './relation-value.tsx';
import { RelativeTime } from './relative-time.tsx';
import { carryValue, type Operator, type RowNode, valueShape } from './tree.ts';

/** One comparison. What may be compared, how, and with what follows from the field's type. */
export function ConditionRow({
  row,
  context,
  disabled,
  onChange,
  onRemove,
}: {
  row: RowNode;
  context: PredicateContext;
  disabled?: boolean;
  onChange(row: RowNode): void;
  onRemove(): void;
}) {
  const { t, say } = useLang();
  const field = context.fields[row.field] ?? { type: 'text' as const, label: [row.field, row.field] as const };
  const operators = operatorsOf(field.type) as Operator[];
  const pickField = (name: string) => {
    const next = context.fields[name];
    if (!next) return;
    const allowed = operatorsOf(next.type) as Operator[];
    const operator = allowed.includes(row.operator) ? row.operator : (allowed[0] ?? 'eq');
    const keep = next.type === field.type && !next.choices && !field.choices;
    onChange({ ...row, field: name, operator, value: keep ? row.value : carryValue(null, operator) });
  };
  return (
    <div className="condition">
      <Select
        className="condition-field"
        aria-label={t('predicate.field')}
        value={row.field}
        disabled={disabled}
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={false}
        options={Object.entries(context.fields).map(([name, each]) => ({ value: name, label: say(each.label) }))}
        onChange={pickField}
      />
      <Select
        className="condition-operator"
        aria-label={t('predicate.operator')}
        value={row.operator}
        disabled={disabled}
        popupMatchSelectWidth={false}
        options={operators.map((operator) => ({ value: operator, label: sayOperator(operator, field.type, t) }))}
        onChange={(operator: Operator) => onChange({ ...row, operator, value: carryValue(row.value, operator) })}
      />
      <span className="condition-value">
        <Values row={row} field={field} context={context} disabled={disabled} onChange={onChange} />
      </span>
      <Button
        tone="quiet"
        small
        icon="close"
        aria-label={t('predicate.remove')}
        disabled={disabled}
        onClick={onRemove}
      />
    </div>
  );
}

function Values({
  row,
  field,
  context,
  disabled,
  onChange,
}: {
  row: RowNode;
  field: PredicateField;
  context: PredicateContext;
  disabled?: boolean;
  onChange(row: RowNode): void;
}) {
  const { t, say } = useLang();
  const shape = valueShape(row.operator);
  const one = (value: Operand | undefined, set: (value: Operand) => void) => (
    <OneValue
      value={value}
      field={field}
      context={context}
      operator={row.operator}
      disabled={disabled}
      onChange={set}
    />
  );
  if (shape === 'none') return null;
  if (shape === 'two') {
    const [from, to] = (Array.isArray(row.value) ? row.value : [null, null]) as [Operand, Operand];
    return (
      <>
        {one(from, (value) => onChange({ ...row, value: [value, to] }))}
        <span className="muted">–</span>
        {one(to, (value) => onChange({ ...row, value: [from, value] }))}
      </>
    );
  }
  if (shape === 'many' && field.relation) {
    const chosen = Array.isArray(row.value) ? (row.value as Operand[]) : [];
    return (
      <RelationValue
        relation={field.relation}
        value={chosen}
        disabled={disabled}
        onChange={(value) => onChange({ ...row, value })}
      />
    );
  }
  if (shape === 'many') {
    const list = (Array.isArray(row.value) ? row.value : []).map(String);
    const typed = (text: string): Operand =>
      field.type === 'integer' || field.type === 'ids' ? ((readInteger(text) as number | null) ?? text) : text;
    return (
      <Select
        className="condition-many"
        mode={field.choices ? 'multiple' : 'tags'}
        aria-label={t('predicate.value')}
        value={list}
        disabled={disabled}
        tokenSeparators={[',', '，']}
        open={field.choices ? undefined : false}
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={field.choices ? t('form.choose') : t('form.tags')}
        options={Object.entries(field.choices ?? {}).map(([code, label]) => ({ value: code, label: say(label) }))}
        onChange={(next: string[]) => onChange({ ...row, value: next.map(typed) })}
      />
    );
  }
  return one(row.value as Operand, (value) => onChange({ ...row, value: value as RowNode['value'] }));
}

type Source = 'value' | 'field' | 'relative' | 'me';

/** A literal, another field of the same type, or a time counted from now. */
function OneValue({
  value,
  field,
  context,
  operator,
  disabled,
  onChange,
}: {
  value: Operand | undefined;
  field: PredicateField;
  context: PredicateContext;
  operator: Operator;
  disabled?: boolean;
  onChange(value: Operand): void;
}) {
  const { t, say } = useLang();
  const text = ['like', 'nlike', 'sw', 'ew'].includes(operator);
  const others = text ? [] : Object.entries(context.fields).filter(([, each]) => comparable(each, field));
  const timely = field.type === 'date' || field.type === 'time';
  const source: Source =
    typeof value === 'object' && value !== null && '$field' in value
      ? 'field'
      : timely && typeof value === 'string' && value.startsWith('$')
        ? 'relative'
        : field.relation?.people && value === '$me'
          ? 'me'
          : 'value';
  const sources: Source[] = [
    'value',
    ...(timely ? ['relative' as const] : []),
    ...(field.relation?.people ? ['me' as const] : []),
    ...(others.length > 1 ? ['field' as const] : []),
  ];
  const pick = (next: Source) =>
    onChange(
      next === 'field'
        ? { $field: others[0]?.[0] ?? '' }
        : next === 'relative'
          ? field.type === 'date'
            ? '$today-30d'
            : '$now-7d'
          : next === 'me'
            ? '$me'
            : null,
    );
  return (
    <span className="one-value">
      {sources.length > 1 ? (
        <select
          className="select"
          aria-label={t('predicate.source')}
          value={source}
          disabled={disabled}
          onChange={(event) => pick(event.target.value as Source)}
        >
          {sources.map((each) => (
            <option key={each} value={each}>
              {t(`predicate.source_${each}`)}
            </option>
          ))}
        </select>
      ) : null}
      {source === 'field' ? (
        <Select
          className="condition-field"
          aria-label={t('predicate.other_field')}
          value={(value as { $field: string }).$field}
          disabled={disabled}
          popupMatchSelectWidth={false}
          options={others.map(([name, each]) => ({ value: name, label: say(each.label) }))}
          onChange={(name: string) => onChange({ $field: name })}
        />
      ) : source === 'relative' ? (
        <RelativeTime value={String(value)} type={field.type} disabled={disabled} onChange={onChange} />
      ) : source === 'me' ? null : field.relation ? (
        <RelationValue
          relation={field.relation}
          value={typeof value === 'number' ? [value] : []}
          single
          disabled={disabled}
          onChange={([next = null]) => onChange(next)}
        />
      ) : (
        <Literal value={value} field={field} disabled={disabled} onChange={onChange} />
      )}
    </span>
  );
}

const NUMERIC = ['integer', 'decimal'];
const comparable = (a: PredicateField, b: PredicateField): boolean =>
  (b.type === 'ids' ? a.type === 'integer' : b.type === 'list' ? a.type === 'text' : a.type === b.type) ||
  (NUMERIC.includes(a.type) && NUMERIC.includes(b.type));
