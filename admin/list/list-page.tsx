import './list.css';
import './views.css';
import '../fields/fields.css';
import { useList } from '@refinedev/core';
import { keepPreviousData } from '@tanstack/react-query';
import { Suspense, useCallback, useEffect, useMemo, useRef } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { Json, Meta, MetaResource, Row } from '../../api/contract.ts';
import { BulkBar, bulkRights } from '../bulk/bulk-bar.tsx';
import { usePicks } from '../bulk/selection.ts';
import { ExportButton } from '../export/export-button.tsx';
import { useLang } from '../i18n/index.ts';
import { oneLabel, useMeta, useResource } from '../meta/meta.tsx';
import { prefetchPage } from '../pages.ts';
import { prefetchList } from '../refine/ahead.ts';
import type { ListAnswer } from '../refine/data-provider.ts';
import { META_KEY, queryClient } from '../refine/query-client.ts';
import { PageHead } from '../shell/page-head.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { useHotkeys } from '../ui/hotkeys.ts';
import { Icon } from '../ui/icon.tsx';
import { later } from '../ui/later.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { EmptyList } from './empty-list.tsx';
import { changeHabits } from './habits.ts';
import { moved } from './layout-panel.tsx';
import { refreshLayout } from './layout-query.ts';
import { ListMenu } from './list-menu.tsx';
import { useLiveChanges } from './live-changes.ts';
import { LiveNote } from './live-note.tsx';
import { Pager } from './pager.tsx';
import { ResourceActions } from './resource-actions.tsx';
import { focusedBox, focusedId, moveRow } from './row-keys.ts';
import { RowTable } from './row-table.tsx';
import { Toolbar } from './toolbar.tsx';
import { useSums } from './use-sums.ts';
import {
  defaultColumns,
  filterMeta,
  type ListView,
  listRequest,
  printSort,
  readView,
  standingOf,
  writeView,
} from './view.ts';
import { ViewMenu } from './view-menu.tsx';

// Each layout is loaded when somebody first looks that way.
const Board = later(() => import('./board.tsx'));
const Calendar = later(() => import('./calendar.tsx'));
const Cards = later(() => import('./cards.tsx'));
const Tree = later(() => import('./tree.tsx'));

export default function ListPage() {
  const { resource: name } = useParams();
  const resource = useResource(name);
  const { t } = useLang();
  if (!resource?.can.list) return <Failure error={new Error(t('not_found.title'))} />;
  return <List key={resource.name} resource={resource} />;
}

function List({ resource }: { resource: MetaResource }) {
  const { t, say, lang } = useLang();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const meta = useMeta();
  const standing = useMemo(() => standingOf(meta, resource, lang), [meta, resource, lang]);
  const view = useMemo(() => readView(search, standing), [search, standing]);
  const { habits } = standing;
  const saved = standing.views.find(({ code }) => code === view.view);
  const { columns } = view;
  const shape = useMemo(() => ({ widths: habits.widths, pinned: habits.pinned }), [habits.widths, habits.pinned]);
  const card = useRef<HTMLElement>(null);
  const inPages = view.layout === 'table' || view.layout === 'cards';
  const searchBox = useRef<HTMLInputElement>(null);
  const [changed, forgetChanged] = useLiveChanges(resource.name);

  const { query } = useList<Row>({
    resource: resource.name,
    ...listRequest(resource, view),
    queryOptions: {
      enabled: inPages,
      placeholderData: keepPreviousData,
      retry: false,
      refetchInterval: saved?.settings.refresh_s ? saved.settings.refresh_s * 1000 : false,
    },
    errorNotification: false,
    liveMode: 'off',
  });
  const answer = query.data as ListAnswer | undefined;
  const rights = useMemo(() => bulkRights(resource), [resource]);
  const picks = usePicks(resource, view, answer?.data, { lang, user_id: meta.user.id });
  const pickable = inPages || view.layout === 'kanban';
  const chosenHere = rights && pickable ? picks : undefined;
  const summing = useSums(resource, view, {
    columns: view.layout === 'table' ? columns : [],
    counted: answer && answer.relation === 'eq',
  });
  const label = say(resource.label);

  /** Any change of the question starts again at the first page. */
  const show = (change: Partial<ListView>) => {
    const next = { ...view, page: 1, ...change };
    // In the plain list an order, a size or a layout is a habit; in a saved view it is a change of the view.
    if (change.size) changeHabits(resource.name, { size: change.size });
    if (view.view === '' && change.layout) changeHabits(resource.name, { layout: change.layout, by: undefined });
    if (view.view === '' && change.by) changeHabits(resource.name, { by: change.by });
    if (view.view === '' && change.sort) changeHabits(resource.name, { sort: printSort(change.sort) });
    setSearch(writeView(next, standingNow()), { replace: change.q !== undefined });
  };
  /** With the habits of this very moment: those just changed are not in this render yet. */
  const standingNow = () => standingOf(queryClient.getQueryData<Meta>(META_KEY) ?? meta, resource, lang);
  const setColumns = (next: string[] | null) => {
    if (view.view !== '') return show({ page: view.page, columns: next ?? [...defaultColumns(resource, lang)] });
    changeHabits(resource.name, { columns: next ?? undefined });
    // Columns that the address says would stay in the way.
    if (search.has('columns')) setSearch(without(search, 'columns'), { replace: true });
  };
  const openView = (code: string) => {
    const now = standingNow();
    const address = new URLSearchParams(code === '' && now.first === '' ? {} : { view: code === '' ? 'all' : code });
    setSearch(code !== '' && code === now.first ? new URLSearchParams() : address);
  };
  const open = useCallback((id: Json | undefined) => navigate(`/${resource.name}/${String(id)}`), [navigate, resource]);
  const approach = (page: number) => prefetchList(resource, listRequest(resource, { ...view, page }));
  const refresh = () => {
    forgetChanged();
    if (!inPages) return void refreshLayout(resource.name);
    void query.refetch();
    summing.refresh();
  };
  useHotkeys({
    '/': (event) => {
      event.preventDefault();
      searchBox.current?.focus();
      searchBox.current?.select();
    },
    c: () => resource.can.create && navigate(`/${resource.name}/new`),
    j: () => moveRow(card.current, 1),
    k: () => moveRow(card.current, -1),
    e: () => {
      const id = focusedId(card.current);
      if (id && resource.can.edit) navigate(`/${resource.name}/${id}/edit`);
    },
    x: (event) => {
      const id = Number(focusedId(card.current));
      if (!id || !chosenHere) return;
      if (inPages) chosenHere.toggle(id, event.shiftKey);
      else focusedBox(card.current)?.click();
    },
    b: () => card.current?.querySelector<HTMLElement>('.bulk-bar button')?.focus(),
    arrowleft: () => inPages && view.page > 1 && show({ page: view.page - 1 }),
    arrowright: () => inPages && answer && view.page * view.size < answer.total && show({ page: view.page + 1 }),
  });

  // What comes next is nearly always a record.
  useEffect(() => void prefetchPage('detail'), []);
  const asked = view.q !== '' || view.scope !== '' || Object.keys(view.where).length > 0;
  const isEmpty = answer?.data.length === 0;
  return (
    <div className="page list-page">
      <PageHead
        title={label}
        note={<ViewMenu standing={standing} view={view} onOpen={openView} />}
        actions={
          <>
            <ResourceActions resource={resource} onDone={refresh} />
            {resource.can.export ? (
              <ExportButton
                resource={resource}
                request={{ sorters: view.sort, meta: filterMeta(resource, view) }}
                columns={columns}
                rows={answer ? { count: answer.total, more: answer.relation === 'gte' } : null}
              />
            ) : null}
            {resource.can.import ? (
              <ButtonLink to={`/${resource.name}/import`} icon="upload">
                {t('list.import')}
              </ButtonLink>
            ) : null}
            <ListMenu resource={resource} />
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
      <section className="card list-card" aria-label={label} ref={card}>
        <Toolbar
          resource={resource}
          view={view}
          habits={habits}
          searchBox={searchBox}
          onShow={show}
          onRefresh={refresh}
          refreshing={query.isFetching}
          onHabits={(change) => changeHabits(resource.name, change)}
          onColumns={setColumns}
        />
        {saved && saved.dropped.columns + saved.dropped.conditions > 0 ? (
          <div className="dropped-note" role="status">
            <Icon name="warning" />
            <span>{t('view.dropped', saved.dropped)}</span>
          </div>
        ) : null}
        {changed > 0 ? <LiveNote count={changed} onRefresh={refresh} /> : null}
        {view.layout === 'kanban' || view.layout === 'calendar' || view.layout === 'tree' ? (
          <Suspense fallback={<Skeleton lines={8} />}>
            {view.layout === 'kanban' ? (
              <Board key={view.by} resource={resource} view={view} picks={chosenHere} />
            ) : null}
            {view.layout === 'calendar' ? <Calendar resource={resource} view={view} /> : null}
            {view.layout === 'tree' ? <Tree resource={resource} view={view} /> : null}
          </Suspense>
        ) : query.isError && !answer ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : isEmpty ? (
          <EmptyList resource={resource} asked={asked} onClear={() => show({ q: '', scope: '', where: {} })} />
        ) : view.layout === 'cards' ? (
          <Suspense fallback={<Skeleton lines={8} />}>
            <Cards
              resource={resource}
              columns={columns}
              rows={answer?.data}
              busy={query.isFetching}
              picks={chosenHere}
            />
          </Suspense>
        ) : (
          <RowTable
            resource={resource}
            columns={columns}
            rows={answer?.data}
            summing={summing}
            sort={view.sort}
            density={habits.density ?? 'comfortable'}
            shape={shape}
            picks={chosenHere}
            size={view.size}
            busy={query.isFetching}
            onSort={(sort) => show({ sort })}
            onOpen={open}
            onWidth={(column, width) => changeHabits(resource.name, { widths: { ...habits.widths, [column]: width } })}
            onMove={(column, step) => setColumns(moved([...columns], columns.indexOf(column), step))}
          />
        )}
        {inPages && answer && !isEmpty ? (
          <Pager view={view} answer={answer} onShow={show} onApproach={approach} />
        ) : null}
        {rights && !pickable ? (
          <p className="muted pick-note">{t(`bulk.not_in_${view.layout as 'calendar' | 'tree'}`)}</p>
        ) : null}
        {chosenHere && rights ? (
          <BulkBar
            resource={resource}
            rights={rights}
            picks={picks}
            view={view}
            answer={inPages ? answer : undefined}
            onDone={() => {
              refresh();
              // The bar is gone, and with it what had the focus.
              requestAnimationFrame(() => card.current?.querySelector<HTMLElement>('.row-link')?.focus());
            }}
          />
        ) : null}
      </section>
    </div>
  );
}

function without(search: URLSearchParams, name: string): URLSearchParams {
  const rest = new URLSearchParams(search);
  rest.delete(name);
  return rest;
}
