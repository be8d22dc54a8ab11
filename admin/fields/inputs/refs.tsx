import { Select } from 'antd';
import { useLang } from '../../i18n/index.ts';
import type { InputProps } from '../kind.ts';
import { useOptions } from '../use-options.ts';

/** Several related records, in the order they were chosen. */
export default function RefsInput(props: InputProps) {
  const { id, path, resource, field, value, label, onChange, onLabel, disabled, invalid, describedBy } = props;
  const { t } = useLang();
  const chosen = Array.isArray(value) ? (value as number[]) : [];
  const known = typeof label === 'object' ? label : {};
  const offer = field.kind === 'refs' ? field.options : undefined;
  const search = useOptions({ resource, name: path ?? props.name, chosen, known, offer, record: props.record });
  return (
    <span className={invalid ? 'invalid' : undefined}>
      <Select
        id={id}
        mode="multiple"
        showSearch={{ filterOption: false, searchValue: search.text, onSearch: search.setText }}
        labelInValue
        value={chosen.map((each) => ({ value: each, label: search.titleOf(each) }))}
        options={search.found.map((option) => ({ value: option.id, label: option.label }))}
        loading={search.searching}
        notFoundContent={<span className="muted">{t(search.searching ? 'loading' : 'form.none_found')}</span>}
        maxCount={field.kind === 'refs' ? field.max : undefined}
        placeholder={t('form.search_choose')}
        disabled={disabled}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onOpenChange={search.setOpen}
        onChange={(options: { value: number; label: unknown }[]) => {
          search.setText('');
          onLabel?.({
            ...known,
            ...Object.fromEntries(options.map((each) => [each.value, search.titleOf(each.value)])),
          });
          onChange(options.map((each) => each.value));
        }}
      />
    </span>
  );
}
