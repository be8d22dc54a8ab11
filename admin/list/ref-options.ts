import { useQuery } from '@tanstack/react-query';
import type { Option } from '../../api/contract.ts';
import { getJson } from '../refine/http.ts';

/** Related records by what is typed; the first ones by name while nothing is. */
export function useRefOptions(resource: string, name: string, text: string, enabled = true): Option[] {
  const path = `/api/${encodeURIComponent(resource)}/_options/${encodeURIComponent(name)}`;
  const { data } = useQuery({
    queryKey: ['evergreen', 'options', resource, name, text],
    enabled,
    queryFn: ({ signal }) => getJson<Option[]>(`${path}?${new URLSearchParams(text ? { q: text } : {})}`, signal),
    placeholderData: (before) => before,
    staleTime: 15_000,
  });
  return data ?? [];
}
