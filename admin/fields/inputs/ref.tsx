import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useEffect, useState } from 'react';
import type { Option } from '../../../api/contract.ts';
import { useLang } from '../../i18n/index.ts';
import { getJson } from '../../refine/http.ts';
import type { InputProps } from '../kind.ts';

/** A relation: found by typing, in the server's search, among what this person may choose. */
export default function RefInput(props: InputProps) {
  const { id, name, resource, field, value, label, onChange, onLabel, disabled, invalid, describedBy } = props;
  const { t } = useLang();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 220);
    return () => clearTimeout(timer);
  }, [text]);
  const path = `/api/${encodeURIComponent(resource)}/_options/${encodeURIComponent(name)}`;
  const options = useQuery({
    queryKey: ['evergreen', 'options', resource, name, asked],
    enabled: open,
    staleTime: 15_000,
    queryFn: ({ signal }) => getJson<Option[]>(`${path}?${new URLSearchParams(asked ? { q: asked } : {})}`, signal),
  });
  const known = options.data?.find((option) => option.id === value)?.label ?? label;
  const named = useQuery({
    queryKey: ['evergreen', 'option', resource, name, value],
    enabled: known === undefined && typeof value === 'number',
    staleTime: 60_000,
    queryFn: () => getJson<Option[]>(`${path}?id=${String(value)}`),
  });
  const shown = known ?? named.data?.[0]?.label ?? (value ? `#${String(value)}` : '');
  return (
    <span className={invalid ? 'invalid' : undefined}>
      <Select
        id={id}
        showSearch={{ filterOption: false, searchValue: text, onSearch: setText }}
        labelInValue
        value={typeof value === 'number' ? { value, label: shown } : undefined}
        options={options.data?.map((option) => ({ value: option.id, label: option.label })) ?? []}
        loading={options.isFetching}
        notFoundContent={<span className="muted">{options.isFetching ? t('loading') : t('form.none_found')}</span>}
        allowClear={!field.required}
        placeholder={t('form.search_choose')}
        disabled={disabled}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onOpenChange={setOpen}
        onChange={(option?: { value: number; label: unknown }) => {
          setText('');
          if (option) onLabel?.(String(options.data?.find((each) => each.id === option.value)?.label ?? ''));
          onChange(option?.value ?? null);
        }}
      />
    </span>
  );
}
