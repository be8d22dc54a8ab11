/** How often each value of a field occurs among the rows of the list as it is filtered now. */
import { useQuery } from '@tanstack/react-query';
import type { Facet, Facets, MetaResource } from '../../api/contract.ts';
import { getJson } from '../refine/http.ts';
import { listQuery } from '../refine/wire.ts';
import { filterMeta, type ListView } from './view.ts';

const FACETED = ['choice', 'choices', 'boolean', 'tags', 'ref', 'refs', 'text'];

export function isFaceted(resource: MetaResource, name: string): boolean {
  const field = resource.fields[name];
  const access = resource.field_access[name];
  return Boolean(field && FACETED.includes(field.kind) && !field.unique && access?.read && !access.masked);
}

export function useFacet(resource: MetaResource, name: string, view: ListView): Facet | undefined {
  const filters = listQuery({ meta: filterMeta(resource, view) });
  const { data } = useQuery({
    queryKey: ['evergreen', 'facets', resource.name, name, filters],
    enabled: isFaceted(resource, name),
    queryFn: ({ signal }) =>
      getJson<Facets>(
        `/api/${encodeURIComponent(resource.name)}/_facets?fields=${encodeURIComponent(name)}&${filters}`,
        signal,
      ),
    staleTime: 10_000,
    // Without counts the choices are still there.
    retry: false,
  });
  return data?.[name];
}
