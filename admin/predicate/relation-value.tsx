import { Select } from 'antd';
import type { Operand, PredicateField } from '../../api/contract.ts';
import { useOptions } from '../fields/use-options.ts';
import { useLang } from '../i18n/index.ts';

/** Related records of a condition, found by name; among people also whoever is looking. */
export function RelationValue({
  relation,
  value,
  single,
  disabled,
  onChange,
}: {
  relation: NonNullable<PredicateField['relation']>;
  value: readonly Operand[];
  single?: boolean;
  disabled?: boolean;
  onChange(value: Operand[]): void;
}) {
  const { t } = useLang();
  const chosen = value.filter((each): each is number => typeof each === 'number');
  const { setText, setOpen, found, searching, titleOf } = useOptions({
    resource: relation.resource,
    name: relation.field,
    chosen,
  });
  const me = relation.people && !single ? [{ value: '$me', label: t('filter.me') }] : [];
  const others = chosen.filter((id) => !found.some((option) => option.id === id));
  return (
    <Select
      className="condition-many"
      mode={single ? undefined : 'multiple'}
      aria-label={t('predicate.value')}
      value={(single ? value[0] : value) as never}
      disabled={disabled}
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={searching}
      placeholder={t('form.search_choose')}
      onOpenChange={setOpen}
      options={[
        ...me,
        ...others.map((id) => ({ value: id, label: titleOf(id) })),
        ...found.map((option) => ({ value: option.id, label: option.label })),
      ]}
      onChange={(next: Operand | Operand[]) => onChange(Array.isArray(next) ? next : [next])}
    />
  );
}
