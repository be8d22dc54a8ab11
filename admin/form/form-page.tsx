import './form.css';
import '../fields/fields.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import type { MetaResource, Row } from '../../api/contract.ts';
import { loadInputs } from '../fields/kinds.ts';
import { useLang } from '../i18n/index.ts';
import { oneLabel, titleOf, useResource } from '../meta/meta.tsx';
import { getOne, type Versioned } from '../refine/data-provider.ts';
import { hasRelations } from '../refine/wire.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Antd } from '../ui/antd.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { blankRecord, copiedRecord } from './changes.ts';
import { kindsIn } from './kinds-in.ts';
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
  const from = search.get('copy');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is read when the form opens.
  const start = useMemo(() => blankRecord(resource, search), [resource]);
  if (from !== null && /^\d+$/.test(from)) return <Copy key={from} resource={resource} from={from} />;
  return <WithControls resource={resource} start={start} record={null} />;
}

/** A new record that begins as another one is. */
function Copy({ resource, from }: { resource: MetaResource; from: string }) {
  const { t } = useLang();
  const { data, error, refetch } = useRecord(resource, from);
  const copy = useMemo(
    () =>
      data && copiedRecord(resource, data, (text, lang) => (lang === 1 ? `${text} (copy)` : t('copy.title', { text }))),
    [resource, data, t],
  );
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data || !copy) return <Waiting />;
  return (
    <WithControls
      resource={resource}
      start={{ ...copy.row, ...(data.$labels ? { $labels: data.$labels } : {}) }}
      record={null}
      cleared={new Set(copy.cleared)}
    />
  );
}

function useRecord(resource: MetaResource, id: string) {
  const labels = hasRelations(resource.fields);
  return useQuery({
    queryKey: ['evergreen', 'form', resource.name, id],
    queryFn: ({ signal }) => getOne(resource.name, id, { labels, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    // Opened again it is read again: an old version would only end in a conflict.
    gcTime: 0,
  });
}

function Edit({ resource, id }: { resource: MetaResource; id: string }) {
  const { data, error, refetch } = useRecord(resource, id);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Waiting />;
  return <WithControls resource={resource} start={data} record={data} />;
}

function WithControls({
  resource,
  start,
  record,
  cleared,
}: {
  resource: MetaResource;
  start: Row;
  record: Versioned | null;
  cleared?: ReadonlySet<string>;
}) {
  const { t, say, lang } = useLang();
  // A field that staff add meanwhile appears once its control is here.
  const [ready, setReady] = useState<MetaResource | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    loadInputs(kindsIn(Object.values(resource.fields))).then(() => setReady(resource), setFailed);
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
        <RecordForm resource={ready} start={start} record={record} cleared={cleared} />
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
