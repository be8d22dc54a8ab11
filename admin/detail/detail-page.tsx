import './detail.css';
import '../fields/fields.css';
import { useOne } from '@refinedev/core';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useCallback, useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { MetaResource, Row } from '../../api/contract.ts';
import { HistoryDrawer } from '../history/history-drawer.tsx';
import { useLang } from '../i18n/index.ts';
import { titleOf, useResource } from '../meta/meta.tsx';
import { prefetchPage } from '../pages.ts';
import { freshFor, glanceAt, recordMeta } from '../refine/ahead.ts';
import type { Versioned } from '../refine/data-provider.ts';
import { PageHead } from '../shell/page-head.tsx';
import { TryRecord } from '../trial/try-buttons.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { useHotkeys } from '../ui/hotkeys.ts';
import { later } from '../ui/later.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { ChildList } from './child-list.tsx';
import { DetailTabs } from './detail-tabs.tsx';
import { RecordActions } from './record-actions.tsx';
import { SectionView, sectionsOf } from './sections.tsx';
import { useLaterChanges } from './use-later-changes.ts';

const ChangePanel = later(() => import('./change-panel.tsx'));
const HeadCards = later(() => import('./head-cards.tsx'));
const RecordTimeline = later(() => import('./timeline.tsx'));

export default function DetailPage() {
  const { resource: name, id } = useParams();
  const resource = useResource(name);
  const { t } = useLang();
  if (!resource?.can.list || !id) return <Failure error={new Error(t('not_found.title'))} />;
  // Another record is another page: nothing of the one before is shown while the next one loads.
  return <Detail key={`${name} ${id}`} resource={resource} id={id} />;
}

function Detail({ resource, id }: { resource: MetaResource; id: string }) {
  const { t, say, lang } = useLang();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [history, setHistory] = useState(false);
  const [glance] = useState(() => glanceAt(resource, id));
  const { query } = useOne<Row>({
    resource: resource.name,
    id,
    meta: recordMeta(resource),
    queryOptions: { placeholderData: undefined, retry: false, staleTime: freshFor },
    errorNotification: false,
  });
  const { refetch } = query;
  const record = query.data?.data as Versioned | undefined;
  // What the list showed of this very record stands until the whole of it is here.
  const known: Row | undefined = record ?? glance;
  const painted = useAfterPaint(record !== undefined);
  useHotkeys({
    e: () => resource.can.edit && navigate(`/${resource.name}/${id}/edit`),
    h: () => setHistory(true),
  });
  /** What belongs to the record may have changed with it. */
  const acted = useCallback(() => {
    const belongs = new Set(resource.children?.map((child) => child.resource));
    void client.invalidateQueries({
      predicate: ({ queryKey }) => queryKey.some((part) => belongs.has(part as string)),
    });
    void refetch();
  }, [client, resource, refetch]);
  const noteAction = useLaterChanges({ resource, id, read: acted });
  const label = say(resource.label);
  const back = { to: `/${resource.name}`, label };
  if (query.isError && !record) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  /** What a tab may hold: the record's own fields, its course, or what belongs to it. */
  const part = (name: string) => {
    if (name === '$fields') {
      return sectionsOf(resource).map((section) => (
        <SectionView key={section.name} section={section} resource={resource} record={known!} waiting={!record} />
      ));
    }
    if (!painted || !record) return null;
    if (name === '$timeline') {
      return (
        <Suspense key={name}>
          <RecordTimeline resource={resource} id={Number(id)} as_of={query.dataUpdatedAt} />
        </Suspense>
      );
    }
    const children = resource.children?.filter((child) => child.resource === name) ?? [];
    return children.map((child) => (
      <ChildList key={`${child.resource} ${child.field}`} child={child} id={Number(id)} />
    ));
  };
  if (!known) {
    return (
      <div className="page">
        <PageHead title={label} back={back} />
        <div className="card detail-waiting">
          <Skeleton lines={10} />
        </div>
      </div>
    );
  }
  return (
    <div className="page">
      <PageHead
        title={titleOf(resource, known, lang)}
        back={back}
        actions={
          <>
            <Button icon="history" onClick={() => setHistory(true)}>
              {t('history.title')}
            </Button>
            {resource.tried && record ? <TryRecord resource={resource} record={record} /> : null}
            {record ? <RecordActions resource={resource} record={record} onDone={noteAction} /> : null}
            {resource.can.edit ? (
              <span onPointerEnter={() => prefetchPage('form')}>
                <ButtonLink to={`/${resource.name}/${id}/edit`} icon="edit" tone="primary">
                  {t('edit')}
                </ButtonLink>
              </span>
            ) : null}
          </>
        }
      />
      <div className="detail" aria-busy={!record}>
        {resource.diff && record ? (
          <Suspense>
            <ChangePanel resource={resource} record={record} />
          </Suspense>
        ) : null}
        {resource.head && record ? (
          <Suspense>
            <HeadCards resource={resource} record={record} as_of={query.dataUpdatedAt} />
          </Suspense>
        ) : null}
      </div>
      {resource.tabs ? (
        <DetailTabs tabs={resource.tabs} show={({ shows }) => shows.map(part)} />
      ) : (
        <div className="detail">
          {['$fields', ...new Set(resource.children?.map((child) => child.resource))].map(part)}
        </div>
      )}
      {history ? <HistoryDrawer resource={resource} id={id} onClose={() => setHistory(false)} /> : null}
    </div>
  );
}

/** True from the frame after the one that first showed what `ready` stands for: what comes below must not hold it up. */
function useAfterPaint(ready: boolean): boolean {
  const [painted, setPainted] = useState(false);
  useEffect(() => {
    if (!ready) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A page in the background draws no frames; its lists come all the same.
    const late = setTimeout(() => setPainted(true), 200);
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setPainted(true), 0);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      clearTimeout(late);
    };
  }, [ready]);
  return painted;
}
