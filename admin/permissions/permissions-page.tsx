/** Who may do what: a role's rights over everything, changed in place; and why somebody may or may not do something. */
import './permissions.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PermissionMatrix } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { getJson } from '../refine/http.ts';
import { PageHead } from '../shell/page-head.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { Matrix } from './matrix.tsx';
import { Why } from './why.tsx';

export default function PermissionsPage() {
  const { t } = useLang();
  const [tab, setTab] = useState<'matrix' | 'why'>('matrix');
  const query = useQuery({
    queryKey: ['evergreen', 'permissions'],
    queryFn: ({ signal }) => getJson<PermissionMatrix>('/api/_permissions', signal),
    retry: false,
  });
  return (
    <div className="page">
      <PageHead
        title={t('perm.title')}
        actions={
          <ButtonLink to="/roles" icon="users">
            {t('perm.roles')}
          </ButtonLink>
        }
      />
      <div className="perm-tabs" role="tablist">
        {(['matrix', 'why'] as const).map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`perm-tab-${each}`}
            aria-selected={tab === each}
            aria-controls="perm-panel"
            className="perm-tab"
            onClick={() => setTab(each)}
          >
            {t(`perm.tab_${each}`)}
          </button>
        ))}
      </div>
      <div id="perm-panel" role="tabpanel" aria-labelledby={`perm-tab-${tab}`}>
        {query.isError && !query.data ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : !query.data ? (
          <div className="card perm-wait">
            <Skeleton lines={12} />
          </div>
        ) : tab === 'matrix' ? (
          <Matrix matrix={query.data} onSaved={() => void query.refetch()} />
        ) : (
          <Why matrix={query.data} />
        )}
      </div>
    </div>
  );
}
