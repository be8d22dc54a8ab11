/** /v/<code>: the short address of a saved view leads to its list. */
import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams } from 'react-router';
import type { SavedView } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { getJson } from '../refine/http.ts';
import { META_KEY, queryClient } from '../refine/query-client.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Empty, Skeleton } from '../ui/states.tsx';

export default function ViewPage() {
  const { t } = useLang();
  const { code = '' } = useParams();
  const known = useMeta().views.find((view) => view.code === code);
  // Shared a moment ago: the definitions here are older than that.
  const { data, isError } = useQuery({
    queryKey: ['evergreen', 'view', code],
    enabled: !known,
    queryFn: async ({ signal }) => {
      const view = await getJson<SavedView>(`/api/_views/${encodeURIComponent(code)}`, signal);
      await queryClient.invalidateQueries({ queryKey: META_KEY });
      return view;
    },
    retry: false,
  });
  const view = known ?? data;
  if (view) return <Navigate to={`/${view.resource}?${new URLSearchParams({ view: view.code })}`} replace />;
  return (
    <div className="page">
      {isError ? (
        <Empty
          page
          icon="bookmark"
          title={t('view.gone')}
          actions={<ButtonLink to="/">{t('home.title')}</ButtonLink>}
        />
      ) : (
        <Skeleton lines={6} />
      )}
    </div>
  );
}
