import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Json, Option } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { getJson } from '../refine/http.ts';

/** Several related records to choose from, found by typing. */
export function RefChoices({
  resource,
  name,
  value,
  onChange,
}: {
  resource: string;
  name: string;
  value: Json;
  onChange(value: Json): void;
}) {
  const { t } = useLang();
  const [text, setText] = useState('');
  const chosen = Array.isArray(value) ? (value as number[]) : [];
  const path = `/api/${encodeURIComponent(resource)}/_options/${encodeURIComponent(name)}`;
  const { data, isFetching } = useQuery({
    queryKey: ['evergreen', 'options', resource, name, text.trim()],
    queryFn: ({ signal }) =>
      getJson<Option[]>(`${path}?${new URLSearchParams(text.trim() ? { q: text.trim() } : {})}`, signal),
    placeholderData: (before) => before,
    staleTime: 15_000,
  });
  return (
    <>
      <input
        className="input"
        aria-label={t('form.search_choose')}
        placeholder={t('form.search_choose')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <ul className="filter-fields" aria-busy={isFetching}>
        {(data ?? []).map((option) => (
          <li key={option.id}>
            <label className="check-line">
              <input
                type="checkbox"
                className="checkbox"
                checked={chosen.includes(option.id)}
                onChange={(event) =>
                  onChange(event.target.checked ? [...chosen, option.id] : chosen.filter((id) => id !== option.id))
                }
              />
              {option.label}
            </label>
          </li>
        ))}
        {data?.length === 0 ? <li className="muted">{t('form.none_found')}</li> : null}
      </ul>
    </>
  );
}
