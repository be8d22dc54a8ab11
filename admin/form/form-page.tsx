import './form.css';
import '../fields/fields.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import type { Field, FieldKind, MetaResource, Row } from '../../api/contract.ts';
import { loadInputs } from '../fields/kinds.ts';
import { useLang } from '../i18n/index.ts';
import { oneLabel, titleOf, useResource } from '../meta/meta.tsx';
import { getOne, type Versioned } from '../refine/data-provider.ts';
import { hasRelations } from '../refine/wire.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Antd } from '../ui/antd.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { blankRecord } from './changes.ts';
import { RecordForm } from './record-form.tsx';

/** Creates or edits one record. What the form starts from is read once and stays, whatever happens elsewhere. */
export default function FormPage() {
  const { resource: name, id } = useParams();
  const resource = useResource(name);
  const { t } = useLang();
  const allowed = resource && (id ? resource.can.edit : resource.can.create);
  if (!resource) return <Failure error={new Error(t('not_found.title'))} />;
  if (!allowed) return <NotAllowed resource={resource} id={id} />;
  return id ? <Edit key={`${name} ${id}`} resource={resource} id={id} /> : <Create key={name} resource={resource} />;
}

function Create({ resource }: { resource: MetaResource }) {
  const [search] = useSearchParams();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is read when the form opens.
  const start = useMemo(() => blankRecord(resource, search), [resource]);
  return <WithControls resource={resource} start={start} record={null} />;
}

function Edit({ resource, id }: { resource: MetaResource; id: string }) {
  const labels = hasRelations(resource.fields);
  const { data, error, refetch } = useQuery({
    queryKey: ['evergreen', 'form', resource.name, id],
    queryFn: ({ signal }) => getOne(resource.name, id, { labels, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    // Opened again it is read again: an old version would only end in a conflict.
    gcTime: 0,
  });
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting />;
  return <WithControls resource={resource} start={data} record={data} />;
}

function WithControls({ resource, start, record }: { resource: MetaResource; start: Row; record: Versioned | null }) {
  const { t, say, lang } = useLang();
  const [ready, setReady] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    loadInputs(kindsIn(Object.values(resource.fields))).then(() => setReady(true), setFailed);
  }, [resource]);
  if (failed) return <Failure error={failed} onRetry={() => location.reload()} />;
  if (!ready) return <Waiting />;
  const label = say(resource.label);
  const title = record ? titleOf(resource, record, lang) : '';
  return (
    <div className="page">
      <PageHead
        title={record ? t('form.edit', { title }) : t('list.create', { label: oneLabel(resource, say) })}
        back={
          record ? { to: `/${resource.name}/${String(record.id)}`, label: title } : { to: `/${resource.name}`, label }
        }
      />
      <Antd>
        <RecordForm resource={resource} start={start} record={record} />
      </Antd>
    </div>
  );
}

function Waiting() {
  return (
    <div className="page">
      <Skeleton lines={10} />
    </div>
  );
}

function NotAllowed({ resource, id }: { resource: MetaResource; id?: string }) {
  const { t, say } = useLang();
  return (
    <div className="page">
      <PageHead title={say(resource.label)} back={{ to: `/${resource.name}`, label: say(resource.label) }} />
      <p className="note note-warning">{t(id ? 'form.may_not_edit' : 'form.may_not_create')}</p>
    </div>
  );
}

function kindsIn(fields: Field[]): FieldKind[] {
  return fields.flatMap((field) =>
    field.kind === 'items' ? [field.kind, ...kindsIn(Object.values(field.fields))] : [field.kind],
  );
}
