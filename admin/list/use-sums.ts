/**
 * The sums under a list's columns. They are asked for by themselves where the rows are few enough to have been counted; over
 * more than that they read the whole table, and wait for somebody to ask.
 */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MetaResource } from '../../api/contract.ts';
import { send } from '../refine/http.ts';
import { listQuery } from '../refine/wire.ts';
import { filterMeta, type ListView } from './view.ts';

export type Sums = { [field: string]: string };
export interface Summing {
  sums: Sums | undefined;
  /** Where they wait for somebody to ask. */
  ask?: () => void;
  busy: boolean;
}

/**
 * @param counted whether the number of rows is exact; undefined before it is known
 * @returns the sums of the shown columns that have one; `ask` where they wait to be asked for
 */
export function useSums(
  resource: MetaResource,
  view: ListView,
  { columns, counted }: { columns: readonly string[]; counted: boolean | undefined },
): Summing & { refresh(): void } {
  const summed = columns.filter((name) => resource.fields[name]?.sum && !resource.field_access[name]?.masked);
  const query = listQuery({
    pagination: { currentPage: 1, pageSize: 0 },
    meta: { ...filterMeta(resource, view), sums: [...summed].sort(), count: 'none' },
  });
  const [asked, setAsked] = useState<string | null>(null);
  const wanted = summed.length > 0 && (counted === true || asked === query);
  const { data, refetch, isFetching } = useQuery({
    queryKey: ['evergreen', 'sums', resource.name, query],
    enabled: wanted,
    queryFn: async ({ signal }) => {
      const answer = await send('GET', `/api/${encodeURIComponent(resource.name)}?${query}`, { signal });
      return JSON.parse(answer.headers.get('x-sums') ?? '{}') as Sums;
    },
    placeholderData: (before) => before,
    retry: false,
  });
  return {
    sums: wanted ? data : undefined,
    ask: summed.length > 0 && counted === false && asked !== query ? () => setAsked(query) : undefined,
    busy: wanted && isFetching && !data,
    refresh: () => {
      if (wanted) void refetch();
    },
  };
}
