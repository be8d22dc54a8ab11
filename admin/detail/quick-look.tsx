import './detail.css';
import '../fields/fields.css';
import { useOne } from '@refinedev/core';
import type { MetaResource, Row } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { titleOf, useResource } from '../meta/meta.tsx';
import { freshFor, recordMeta } from '../refine/ahead.ts';
import type { Versioned } from '../refine/data-provider.ts';
import { ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { closeQuickLook, type QuickLook as Look } from '../ui/quick-look-store.ts';
import { Failure, Skeleton } from '../ui/states.tsx';
import { SectionView, sectionsOf } from './sections.tsx';

/** A related record beside the page, to be read without leaving it. */
export default function QuickLook({ look }: { look: Look }) {
  const resource = useResource(look.resource);
  return resource ? <RecordLook key={`${look.resource} ${look.id}`} resource={resource} id={look.id} /> : null;
}

function RecordLook({ resource, id }: { resource: MetaResource; id: number }) {
  const { t, say, lang } = useLang();
  const { query } = useOne<Row>({
    resource: resource.name,
    id,
    meta: recordMeta(resource),
    queryOptions: { placeholderData: undefined, retry: false, staleTime: freshFor },
    errorNotification: false,
  });
  const record = query.data?.data as Versioned | undefined;
  const path = `/${resource.name}/${id}`;
  return (
    <Dialog
      drawer
      title={
        <>
          <small className="muted look-kind">{say(resource.one ?? resource.label)}</small>
          {record ? titleOf(resource, record, lang) : '…'}
        </>
      }
      onClose={closeQuickLook}
      footer={
        <>
          {resource.can.edit ? (
            <ButtonLink to={`${path}/edit`} icon="edit">
              {t('edit')}
            </ButtonLink>
          ) : null}
          <ButtonLink to={path} tone="primary">
            {t('relation.open')}
          </ButtonLink>
        </>
      }
    >
      {query.isError && !record ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : record ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the drawer scrolls, by keyboard too.
        <section className="detail look" tabIndex={0} aria-label={titleOf(resource, record, lang)}>
          {sectionsOf(resource).map((section) => (
            <SectionView key={section.name} section={section} resource={resource} record={record} waiting={false} />
          ))}
        </section>
      ) : (
        <Skeleton lines={8} />
      )}
    </Dialog>
  );
}
