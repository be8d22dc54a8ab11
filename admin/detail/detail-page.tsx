import './detail.css';
import '../fields/fields.css';
import { useOne } from '@refinedev/core';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { MetaResource, RelationLabels, Row, Section } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { HistoryDrawer } from '../history/history-drawer.tsx';
import { useLang } from '../i18n/index.ts';
import { readableFields, titleOf, useResource } from '../meta/meta.tsx';
import { prefetchPage } from '../pages.ts';
import type { Versioned } from '../refine/data-provider.ts';
import { hasRelations } from '../refine/wire.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { useHotkeys } from '../ui/hotkeys.ts';
import { Failure, Skeleton } from '../ui/states.tsx';
import { ChildList } from './child-list.tsx';
import { RecordActions } from './record-actions.tsx';

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
  const labels = hasRelations(resource.fields);
  const { query } = useOne<Row>({
    resource: resource.name,
    id,
    meta: { labels },
    queryOptions: { placeholderData: undefined, retry: false },
    errorNotification: false,
  });
  const record = query.data?.data as Versioned | undefined;
  useHotkeys({
    e: () => resource.can.edit && navigate(`/${resource.name}/${id}/edit`),
    h: () => setHistory(true),
  });
  const label = say(resource.label);
  const back = { to: `/${resource.name}`, label };
  if (query.isError && !record) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (!record) {
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
        title={titleOf(resource, record, lang)}
        back={back}
        actions={
          <>
            <Button icon="history" onClick={() => setHistory(true)}>
              {t('history.title')}
            </Button>
            <RecordActions resource={resource} record={record} onDone={() => void query.refetch()} />
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
      <div className="detail">
        {sectionsOf(resource).map((section) => (
          <SectionView key={section.name} section={section} resource={resource} record={record} />
        ))}
        {resource.children?.map((child) => (
          <ChildList key={`${child.resource} ${child.field}`} child={child} id={record.id as number} />
        ))}
      </div>
      {history ? <HistoryDrawer resource={resource} id={id} onClose={() => setHistory(false)} /> : null}
    </div>
  );
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

const WIDE = ['longtext', 'items', 'predicate', 'json'];

function SectionView({ section, resource, record }: { section: Section; resource: MetaResource; record: Row }) {
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
                <FieldCell field={field} value={record[name]} label={labels?.[name]} full />
              </dd>
            </div>
          ) : null;
        })}
      </dl>
    </section>
  );
}
