import { Select } from 'antd';
import { useLang } from '../../i18n/index.ts';
import type { InputProps } from '../kind.ts';
import { useOptions } from '../use-options.ts';

/** A relation: found by typing, in the server's search, among what this person may choose. */
export default function RefInput(props: InputProps) {
  const { id, path, resource, field, value, label, onChange, onLabel, disabled, invalid, describedBy } = props;
  const { t } = useLang();
  const chosen = typeof value === 'number' ? value : null;
  const search = useOptions({
    resource,
    name: path ?? props.name,
    chosen: chosen === null ? [] : [chosen],
    known: chosen !== null && typeof label === 'string' && label ? { [chosen]: label } : {},
  });
  return (
    <span className={invalid ? 'invalid' : undefined}>
      <Select
        id={id}
        showSearch={{ filterOption: false, searchValue: search.text, onSearch: search.setText }}
        labelInValue
        value={chosen === null ? undefined : { value: chosen, label: search.titleOf(chosen) }}
        options={search.found.map((option) => ({ value: option.id, label: option.label }))}
        loading={search.searching}
        notFoundContent={<span className="muted">{t(search.searching ? 'loading' : 'form.none_found')}</span>}
        allowClear={!field.required}
        placeholder={t('form.search_choose')}
        disabled={disabled}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onOpenChange={search.setOpen}
        onChange={(option?: { value: number; label: unknown }) => {
          search.setText('');
          if (option) onLabel?.(search.titleOf(option.value));
          onChange(option?.value ?? null);
        }}
      />
    </span>
  );
}
