import './list.css';
import '../fields/fields.css';
import { useList } from '@refinedev/core';
import { keepPreviousData } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { Json, MetaResource, Row } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { oneLabel, useResource } from '../meta/meta.tsx';
import { prefetchPage } from '../pages.ts';
import { prefetchList } from '../refine/ahead.ts';
import type { ListAnswer } from '../refine/data-provider.ts';
import { PageHead } from '../shell/page-head.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { useHotkeys } from '../ui/hotkeys.ts';
import { Failure } from '../ui/states.tsx';
import { EmptyList } from './empty-list.tsx';
import { storedDensity } from './layout-panel.tsx';
import { LiveNote } from './live-note.tsx';
import { Pager } from './pager.tsx';
import { ResourceActions } from './resource-actions.tsx';
import { RowTable } from './row-table.tsx';
import { Toolbar } from './toolbar.tsx';
import { useSums } from './use-sums.ts';
import {
  type ListView,
  listRequest,
  readView,
  storeColumns,
  storedColumns,
  visibleColumns,
  writeView,
} from './view.ts';

export default function ListPage() {
  const { resource: name } = useParams();
  const resource = useResource(name);
  const { t } = useLang();
  if (!resource?.can.list) return <Failure error={new Error(t('not_found.title'))} />;
  return <List key={resource.name} resource={resource} />;
}

function List({ resource }: { resource: MetaResource }) {
  const { t, say } = useLang();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const view = useMemo(() => readView(search, resource), [search, resource]);
  const [chosen, setChosen] = useState(() => storedColumns(resource.name));
  const [density, setDensity] = useState(storedDensity);
  const columns = useMemo(() => visibleColumns(resource, chosen), [resource, chosen]);
  const table = useRef<HTMLTableElement>(null);
  const searchBox = useRef<HTMLInputElement>(null);
  const [changed, setChanged] = useState(0);

  const { query } = useList<Row>({
    resource: resource.name,
    ...listRequest(resource, view, columns),
    queryOptions: { placeholderData: keepPreviousData, retry: false },
    errorNotification: false,
    liveMode: 'manual',
    onLiveEvent: (event) => setChanged((count) => count + Math.max(1, event.payload.ids?.length ?? 1)),
  });
  const answer = query.data as ListAnswer | undefined;
  const { sums, refresh: refreshSums } = useSums(resource, view, columns);
  const label = say(resource.label);

  /** Any change of the question starts again at the first page. */
  const show = (change: Partial<ListView>) => {
    const next = { ...view, page: 1, ...change };
    setSearch(writeView(next, resource), { replace: change.q !== undefined });
  };
  const open = useCallback((id: Json | undefined) => navigate(`/${resource.name}/${String(id)}`), [navigate, resource]);
  const approach = (page: number) => prefetchList(resource, listRequest(resource, { ...view, page }, columns));
  const refresh = () => {
    setChanged(0);
    void query.refetch();
    refreshSums();
  };
  useHotkeys({
    '/': (event) => {
      event.preventDefault();
      searchBox.current?.focus();
      searchBox.current?.select();
    },
    c: () => resource.can.create && navigate(`/${resource.name}/new`),
    j: () => moveRow(table.current, 1),
    k: () => moveRow(table.current, -1),
    e: () => {
      const id = focusedRow(table.current)?.dataset.id;
      if (id && resource.can.edit) navigate(`/${resource.name}/${id}/edit`);
    },
    arrowleft: () => view.page > 1 && show({ page: view.page - 1 }),
    arrowright: () => answer && view.page * view.size < answer.total && show({ page: view.page + 1 }),
  });

  // What comes next is nearly always a record.
  useEffect(() => void prefetchPage('detail'), []);
  const asked = view.q !== '' || view.scope !== '' || Object.keys(view.where).length > 0;
  const isEmpty = answer?.data.length === 0;
  return (
    <div className="page list-page">
      <PageHead
        title={label}
        actions={
          <>
            <ResourceActions resource={resource} onDone={refresh} />
            {resource.can.import ? (
              <ButtonLink to={`/${resource.name}/import`} icon="upload">
                {t('list.import')}
              </ButtonLink>
            ) : null}
            {resource.can.create ? (
              <span onPointerEnter={() => prefetchPage('form')}>
                <ButtonLink to={`/${resource.name}/new`} icon="add" tone="primary">
                  {t('list.create', { label: oneLabel(resource, say) })}
                </ButtonLink>
              </span>
            ) : null}
          </>
        }
      />
      <section className="card list-card" aria-label={label}>
        <Toolbar
          resource={resource}
          view={view}
          columns={columns}
          density={density}
          searchBox={searchBox}
          onShow={show}
          onRefresh={refresh}
          refreshing={query.isFetching}
          onDensity={setDensity}
          onColumns={(next) => {
            storeColumns(resource.name, next);
            setChosen(next);
          }}
        />
        {changed > 0 ? <LiveNote count={changed} onRefresh={refresh} /> : null}
        {query.isError && !answer ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : isEmpty ? (
          <EmptyList resource={resource} asked={asked} onClear={() => show({ q: '', scope: '', where: {} })} />
        ) : (
          <RowTable
            ref={table}
            resource={resource}
            columns={columns}
            rows={answer?.data}
            sums={sums}
            sort={view.sort}
            density={density}
            size={view.size}
            busy={query.isFetching}
            onSort={(sort) => show({ sort })}
            onOpen={open}
          />
        )}
        {answer && !isEmpty ? <Pager view={view} answer={answer} onShow={show} onApproach={approach} /> : null}
      </section>
    </div>
  );
}

function rowLinks(table: HTMLTableElement | null): HTMLElement[] {
  return [...(table?.querySelectorAll<HTMLElement>('.row-link') ?? [])];
}

const focusedRow = (table: HTMLTableElement | null): HTMLElement | null =>
  table?.contains(document.activeElement) ? (document.activeElement?.closest('tr') ?? null) : null;

/** j and k move the real focus, so that Enter, reading aloud and the visible ring all follow. */
function moveRow(table: HTMLTableElement | null, step: number): void {
  const links = rowLinks(table);
  const here = focusedRow(table);
  const at = here ? links.findIndex((link) => here.contains(link)) : -1;
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
  links[next]?.focus();
}
