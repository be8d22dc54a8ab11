/** What boards, calendars and trees read: pieces of the list as it is filtered now, refreshed together. */
import { useQueries } from '@tanstack/react-query';
import type { MetaResource, Predicate } from '../../api/contract.ts';
import { getList, type ListAnswer } from '../refine/data-provider.ts';
import { queryClient } from '../refine/query-client.ts';
import { filterMeta, isEverything, type ListView } from './view.ts';

export const layoutKey = (resource: string) => ['evergreen', 'layout', resource] as const;
export const refreshLayout = (resource: string): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: layoutKey(resource) });

export interface Piece {
  /** Beside the filters of the list. */
  where: Predicate;
  fields: readonly string[];
  size: number;
  /** Asked for only while true. */
  enabled?: boolean;
}

export function usePieces(resource: MetaResource, view: ListView, pieces: readonly Piece[]) {
  const filters = filterMeta(resource, view);
  const tones = Object.keys(resource.list.tones ?? {}).length > 0;
  return useQueries({
    queries: pieces.map(({ where, fields, size, enabled = true }) => {
      const request = {
        resource: resource.name,
        pagination: { currentPage: 1, pageSize: size },
        sorters: view.sort,
        meta: {
          ...filters,
          fields: [...fields],
          labels: true,
          ...(tones ? { tones } : {}),
          where: both(filters.where ?? {}, where),
        },
      };
      return {
        queryKey: [...layoutKey(resource.name), request],
        enabled,
        queryFn: ({ signal }: { signal: AbortSignal }): Promise<ListAnswer> => getList({ ...request, signal }),
        placeholderData: (before: ListAnswer | undefined) => before,
        retry: false,
      };
    }),
  });
}

function both(left: Predicate, right: Predicate): Predicate {
  if (isEverything(left)) return right;
  return isEverything(right) ? left : { and: [left, right] };
}
