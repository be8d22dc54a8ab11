import './detail.css';
import '../fields/fields.css';
import { useOne } from '@refinedev/core';
import { Suspense, useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { Field, Json, MetaResource, RelationLabels, Row, Section } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { HistoryDrawer } from '../history/history-drawer.tsx';
import { useLang } from '../i18n/index.ts';
import { readableFields, titleOf, useResource } from '../meta/meta.tsx';
import { prefetchPage } from '../pages.ts';
import { freshFor, glanceAt, recordMeta } from '../refine/ahead.ts';
import type { Versioned } from '../refine/data-provider.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { useHotkeys } from '../ui/hotkeys.ts';
import { later } from '../ui/later.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { ChildList } from './child-list.tsx';
import { RecordActions } from './record-actions.tsx';

const ChangePanel = later(() => import('./change-panel.tsx'));

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
  const [history, setHistory] = useState(false);
  const [glance] = useState(() => glanceAt(resource, id));
  const { query } = useOne<Row>({
    resource: resource.name,
    id,
    meta: recordMeta(resource),
    queryOptions: { placeholderData: undefined, retry: false, staleTime: freshFor },
    errorNotification: false,
  });
  const record = query.data?.data as Versioned | undefined;
  // What the list showed of this very record stands until the whole of it is here.
  const known: Row | undefined = record ?? glance;
  const painted = useAfterPaint(record !== undefined);
  useHotkeys({
    e: () => resource.can.edit && navigate(`/${resource.name}/${id}/edit`),
    h: () => setHistory(true),
  });
  const label = say(resource.label);
  const back = { to: `/${resource.name}`, label };
  if (query.isError && !record) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
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
            {record ? <RecordActions resource={resource} record={record} onDone={() => void query.refetch()} /> : null}
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
        {sectionsOf(resource).map((section) => (
          <SectionView key={section.name} section={section} resource={resource} record={known} waiting={!record} />
        ))}
        {painted
          ? resource.children?.map((child) => (
              <ChildList key={`${child.resource} ${child.field}`} child={child} id={Number(id)} />
            ))
          : null}
      </div>
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

/** The form's sections, and after them what the form does not show but may be read. */
function sectionsOf(resource: MetaResource): Section[] {
  const sections = resource.form ?? [];
  // The title stands at the head of the page already.
  const placed = new Set([...sections.flatMap((section) => section.fields.flat()), ...[resource.title].flat()]);
  const others = readableFields(resource)
    .filter(([name, field]) => !placed.has(name) && field.kind !== 'password')
    .map(([name]) => name);
  if (others.length === 0) return [...sections];
  const label: Section['label'] = sections.length > 0 ? ['其他信息', 'More'] : resource.label;
  return [...sections, { name: '$others', label, fields: others }];
}

/** A list leaves long texts and titles of relations to the record itself. */
const shows = (field: Field, value: Json | undefined, label: RelationLabels[string] | undefined): boolean =>
  value !== undefined &&
  !WIDE.includes(field.kind) &&
  ((field.kind !== 'ref' && field.kind !== 'refs') || value === null || label !== undefined);

const WIDE = ['longtext', 'items', 'predicate', 'json'];

function SectionView({
  section,
  resource,
  record,
  waiting,
}: {
  section: Section;
  resource: MetaResource;
  record: Row;
  /** Only some fields are here yet. */
  waiting: boolean;
}) {
  const { say } = useLang();
  const labels = record.$labels as RelationLabels | undefined;
  const names = section.fields.flat().filter((name) => {
    const field = resource.fields[name];
    return field && field.kind !== 'password' && resource.field_access[name]?.read !== false;
  });
  if (names.length === 0) return null;
  return (
    <section className="card detail-section" aria-label={say(section.label)}>
      <h2>{say(section.label)}</h2>
      <dl>
        {names.map((name) => {
          const field = resource.fields[name];
          return field ? (
            <div key={name} className={WIDE.includes(field.kind) ? 'detail-wide' : undefined}>
              <dt
                className={
                  names.length === 1 && say(field.label) === say(section.label) ? 'visually-hidden' : undefined
                }
              >
                {say(field.label)}
              </dt>
              <dd>
                {waiting && !shows(field, record[name], labels?.[name]) ? (
                  <span className="skeleton-line" />
                ) : (
                  <FieldCell field={field} value={record[name]} label={labels?.[name]} full />
                )}
              </dd>
            </div>
          ) : null;
        })}
      </dl>
    </section>
  );
}
