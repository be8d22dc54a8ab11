import { useQuery } from '@tanstack/react-query';
import { useLang } from '../i18n/index.ts';
import { titleOf, useResource } from '../meta/meta.tsx';
import { getList } from '../refine/data-provider.ts';

/** Titles of related records where only their numbers are at hand (filters, history); the number where it is all one may see. */
export function RefTitles({ to, ids }: { to: string; ids: number[] }) {
  const { lang, t } = useLang();
  const target = useResource(to);
  const { data } = useQuery({
    queryKey: ['evergreen', 'titles', to, ids],
    enabled: Boolean(target?.can.list) && ids.length > 0,
    staleTime: 60_000,
    queryFn: () =>
      getList({ resource: to, pagination: { currentPage: 1, pageSize: 100 }, meta: { where: { id: { in: ids } } } }),
  });
  const names = ids.map((id) => {
    const row = data?.data.find((candidate) => candidate.id === id);
    return row && target ? titleOf(target, row, lang) : `#${id}`;
  });
  return <>{names.join(t('comma'))}</>;
}
