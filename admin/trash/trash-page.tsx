/** What was deleted of a resource: by whom, when and why, as it was; and the way back. */
import './trash.css';
import '../list/list.css';
import '../fields/fields.css';
import '../detail/detail.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { MetaResource, TrashEntry } from '../../api/contract.ts';
import { refreshRecords, sayFailure } from '../bulk/undo.ts';
import { FieldCell } from '../fields/cell.tsx';
import { utcToZoned } from '../fields/zoned-time.ts';
import { useLang } from '../i18n/index.ts';
import { readableFields, useMeta, useResource } from '../meta/meta.tsx';
import { proposedPage } from '../refine/data-provider.ts';
import { HttpFailure, send } from '../refine/http.ts';
import { PageHead } from '../shell/page-head.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Empty, Failure, Skeleton } from '../ui/states.tsx';
import { showToast } from '../ui/toast-store.ts';

export default function TrashPage() {
  const { resource: name } = useParams();
  const resource = useResource(name);
  const { t } = useLang();
  if (!resource?.can.list) return <Failure error={new Error(t('not_found.title'))} />;
  return <Trash key={resource.name} resource={resource} />;
}

function Trash({ resource }: { resource: MetaResource }) {
  const { t, say } = useLang();
  const { settings } = useMeta();
  const navigate = useNavigate();
  const [seen, setSeen] = useState<TrashEntry | null>(null);
  const [restoring, setRestoring] = useState<number | null>(null);
  const path = `/api/${encodeURIComponent(resource.name)}/_trash`;
  const trash = useInfiniteQuery({
    queryKey: ['evergreen', 'trash', resource.name],
    queryFn: async ({ pageParam, signal }) => {
      const { body, headers } = await send('GET', `${path}${pageParam}`, { signal });
      return { entries: body as TrashEntry[], before: headers.get('x-next-before') };
    },
    initialPageParam: '',
    getNextPageParam: ({ before }) => (before === null ? undefined : `?before=${before}`),
    retry: false,
  });
  const { error, refetch } = trash;
  const entries = trash.data?.pages.flatMap((page) => page.entries);
  const label = say(resource.label);
  const restore = async (entry: TrashEntry) => {
    setRestoring(entry.entry);
    try {
      const answer = await send('POST', `${path}/${entry.entry}/_restore`, { body: {} });
      const waiting = answer.status === 202 ? proposedPage(answer.headers) : null;
      if (waiting) {
        showToast({ text: t('propose.done') });
        return navigate(waiting);
      }
      const open = { label: t('trash.open'), run: () => navigate(`/${resource.name}/${entry.id}`) };
      showToast({ text: t('trash.restored', { title: entry.title }), action: open });
      setSeen(null);
      await refreshRecords();
    } catch (failure) {
      if (!(failure instanceof HttpFailure)) throw failure;
      showToast({ text: sayFailure(failure), tone: 'bad' });
    } finally {
      setRestoring(null);
    }
  };
  return (
    <div className="page">
      <PageHead title={t('trash.title', { label })} back={{ to: `/${resource.name}`, label }} />
      <section className="card list-card" aria-label={t('trash.title', { label })}>
        {error && !entries ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : !entries ? (
          <div className="trash-waiting">
            <Skeleton lines={6} />
          </div>
        ) : entries.length === 0 && !trash.hasNextPage ? (
          <Empty icon="delete" title={t('trash.empty')}>
            {t('trash.empty_hint', { label })}
          </Empty>
        ) : (
          <div className="table-scroll">
            <table className="rows trash-rows">
              <caption className="visually-hidden">{t('trash.title', { label })}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('trash.what')}</th>
                  <th scope="col">{t('trash.when')}</th>
                  <th scope="col">{t('trash.who')}</th>
                  <th scope="col">{t('trash.why')}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {entries.map((entry) => (
                  <tr key={entry.entry}>
                    <th scope="row">
                      <button type="button" className="row-link trash-title" onClick={() => setSeen(entry)}>
                        {entry.title}
                      </button>
                    </th>
                    <td data-label={t('trash.when')}>
                      <time dateTime={entry.deleted_at}>{utcToZoned(entry.deleted_at, settings.time_zone)}</time>
                    </td>
                    <td data-label={t('trash.who')}>{entry.actor}</td>
                    <td data-label={t('trash.why')}>{entry.reason ?? <span className="cell-none">–</span>}</td>
                    <td className="right">
                      <Button
                        small
                        icon="undo"
                        busy={restoring === entry.entry}
                        aria-label={t('trash.restore_one', { title: entry.title })}
                        onClick={() => void restore(entry)}
                      >
                        {t('trash.restore')}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {error && entries ? (
          <Failure error={error} onRetry={() => void trash.fetchNextPage()} />
        ) : trash.hasNextPage ? (
          <p className="trash-more">
            <Button busy={trash.isFetchingNextPage} onClick={() => void trash.fetchNextPage()}>
              {t('trash.more')}
            </Button>
          </p>
        ) : null}
      </section>
      {seen ? (
        <AsItWas
          resource={resource}
          entry={seen}
          busy={restoring === seen.entry}
          onRestore={() => void restore(seen)}
          onClose={() => setSeen(null)}
        />
      ) : null}
    </div>
  );
}

/** The record on the day it was deleted, to be read only. */
function AsItWas({
  resource,
  entry,
  busy,
  onRestore,
  onClose,
}: {
  resource: MetaResource;
  entry: TrashEntry;
  busy: boolean;
  onRestore(): void;
  onClose(): void;
}) {
  const { t, say } = useLang();
  const { settings } = useMeta();
  const fields = readableFields(resource).filter(([name]) => entry.record[name] !== undefined);
  const time = utcToZoned(entry.deleted_at, settings.time_zone);
  return (
    <Dialog
      drawer
      title={entry.title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('close')}</Button>
          <Button tone="primary" icon="undo" busy={busy} onClick={onRestore}>
            {t('trash.restore')}
          </Button>
        </>
      }
    >
      <p className="note trash-note">{t('trash.as_it_was', { name: entry.actor, time })}</p>
      <dl className="trash-record">
        {fields.map(([name, field]) => (
          <div key={name}>
            <dt>{say(field.label)}</dt>
            <dd>
              <FieldCell field={field} value={entry.record[name]} full />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
