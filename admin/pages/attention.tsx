import { useQueries } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { MetaResource, Scope } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { sayTotal } from '../list/pager.tsx';
import { getList } from '../refine/data-provider.ts';
import { Icon } from '../ui/icon.tsx';

const ICONS = { bad: 'warning', warning: 'clock', info: 'info' };
const ORDER = ['bad', 'warning', 'info'];

/** What waits or goes wrong, from the scopes of lists that ask to be shown here; those without records are left out. */
export function Attention({ resources }: { resources: readonly MetaResource[] }) {
  const { t, say } = useLang();
  const asked = resources
    .flatMap((resource) =>
      Object.entries(resource.list.scopes ?? {}).map(([name, scope]) => ({ resource, name, scope })),
    )
    .filter((each): each is typeof each & { scope: Required<Scope> } => each.scope.home !== undefined)
    .sort((a, b) => ORDER.indexOf(a.scope.home) - ORDER.indexOf(b.scope.home));
  const answers = useQueries({
    queries: asked.map(({ resource, name }) => ({
      queryKey: ['evergreen', 'attention', resource.name, name],
      queryFn: () =>
        getList({
          resource: resource.name,
          pagination: { currentPage: 1, pageSize: 1 },
          meta: { fields: [], scope: name },
        }),
      retry: false,
      staleTime: 30_000,
    })),
  });
  if (asked.length === 0) return null;
  const waiting = answers.some((each) => each.isPending);
  const found = asked.flatMap((each, at) => {
    const data = answers[at]?.data;
    return data && data.total > 0 ? [{ ...each, total: sayTotal(data) }] : [];
  });
  return (
    <section className="attention" aria-busy={waiting}>
      <h2>{t('home.attention')}</h2>
      {found.length === 0 ? (
        <p className="muted">{waiting ? ' ' : t('home.all_quiet')}</p>
      ) : (
        <ul>
          {found.map(({ resource, name, scope, total }) => (
            <li key={`${resource.name} ${name}`}>
              <Link to={`/${resource.name}?scope=${name}`} className={`attention-item attention-${scope.home}`}>
                <Icon name={ICONS[scope.home]} size={16} />
                <span>
                  {say(resource.label)} <span className="muted">{say(scope.label)}</span>
                </span>
                <strong>{total}</strong>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
