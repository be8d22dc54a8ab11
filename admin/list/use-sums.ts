/** The sums under a list's columns, asked for beside the rows so that the rows do not wait for them. */
import { useQuery } from '@tanstack/react-query';
import type { MetaResource } from '../../api/contract.ts';
import { send } from '../refine/http.ts';
import { listQuery } from '../refine/wire.ts';
import { filterMeta, type ListView } from './view.ts';

export type Sums = { [field: string]: string };

/** @returns the sums of the shown columns that have one, and how to ask again */
export function useSums(
  resource: MetaResource,
  view: ListView,
  columns: readonly string[],
): { sums: Sums | undefined; refresh(): void } {
  const summed = columns.filter((name) => resource.fields[name]?.sum && !resource.field_access[name]?.masked);
  const query = listQuery({
    pagination: { currentPage: 1, pageSize: 0 },
    meta: { ...filterMeta(resource, view), sums: [...summed].sort(), count: 'none' },
  });
  const { data, refetch } = useQuery({
    queryKey: ['evergreen', 'sums', resource.name, query],
    enabled: summed.length > 0,
    queryFn: async ({ signal }) => {
      const answer = await send('GET', `/api/${encodeURIComponent(resource.name)}?${query}`, { signal });
      return JSON.parse(answer.headers.get('x-sums') ?? '{}') as Sums;
    },
    placeholderData: (before) => before,
    retry: false,
  });
  return {
    sums: summed.length > 0 ? data : undefined,
    refresh: () => {
      if (summed.length > 0) void refetch();
    },
  };
}
