import { useList } from '@refinedev/core';
import '../list/list.css';
import { Link, useNavigate } from 'react-router';
import type { Row } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { sayTotal } from '../list/pager.tsx';
import { RowTable } from '../list/row-table.tsx';
import { defaultColumns } from '../list/view.ts';
import { useResource, withinSentence } from '../meta/meta.tsx';
import type { ListAnswer } from '../refine/data-provider.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Failure } from '../ui/states.tsx';

const SHOWN = 10;

/** The latest few of what belongs to this record, and the way to all of them. */
export function ChildList({ child, id }: { child: { resource: string; field: string }; id: number }) {
  const { t, say, lang } = useLang();
  const navigate = useNavigate();
  const resource = useResource(child.resource);
  const sort = resource?.list.sort ?? 'id';
  const columns = (resource ? defaultColumns(resource, lang) : []).filter(
    (name) => name !== child.field && resource?.fields[name],
  );
  const sorters = [
    { field: sort.replace(/^-/, ''), order: sort.startsWith('-') ? ('desc' as const) : ('asc' as const) },
  ];
  const { query } = useList<Row>({
    resource: child.resource,
    pagination: { currentPage: 1, pageSize: SHOWN },
    sorters,
    filters: [{ field: child.field, operator: 'eq', value: id }],
    meta: { fields: columns, labels: true },
    queryOptions: { enabled: resource !== undefined, retry: false },
    errorNotification: false,
  });
  if (!resource) return null;
  const answer = query.data as ListAnswer | undefined;
  const all = `/${child.resource}?${new URLSearchParams({ where: JSON.stringify({ [child.field]: { eq: id } }) })}`;
  const label = say(resource.label);
  return (
    <section className="card child-list" aria-label={label}>
      <header>
        <h2>
          {label} {answer ? <span className="muted">{sayTotal(answer)}</span> : null}
        </h2>
        {resource.can.create ? (
          <ButtonLink
            to={`/${child.resource}/new?${new URLSearchParams({ [child.field]: String(id) })}`}
            small
            tone="quiet"
            icon="add"
          >
            {t('create')}
          </ButtonLink>
        ) : null}
      </header>
      {query.isError && !answer ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : answer?.data.length === 0 ? (
        <p className="child-none">{t('detail.no_children', { label: withinSentence(label) })}</p>
      ) : (
        <RowTable
          resource={resource}
          columns={columns}
          rows={answer?.data}
          sort={sorters}
          density="compact"
          size={4}
          busy={query.isFetching}
          onOpen={(child_id) => navigate(`/${child.resource}/${String(child_id)}`)}
        />
      )}
      {answer && answer.total > SHOWN ? (
        <footer>
          <Link to={all}>{t('detail.see_all', { total: sayTotal(answer) })}</Link>
        </footer>
      ) : null}
    </section>
  );
}
