import './history.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Field, HistoryEntry, Json, MetaResource } from '../../api/contract.ts';
import '../bulk/bulk.css';
import { BulkEntry } from '../bulk/bulk-entry.tsx';
import { FieldCell } from '../fields/cell.tsx';
import { utcToZoned } from '../fields/zoned-time.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { getJson, HttpFailure, postJson } from '../refine/http.ts';
import { recordPath } from '../refine/wire.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Empty, Failure, Skeleton } from '../ui/states.tsx';
import { showToast } from '../ui/toast-store.ts';
import { ItemsDiff } from './items-diff.tsx';
import { RowsDiff } from './rows-diff.tsx';

/** Who changed what, and when: the newest first, each field as it reads on the screen. */
export function HistoryDrawer({ resource, id, onClose }: { resource: MetaResource; id: string; onClose(): void }) {
  const { t } = useLang();
  const { settings } = useMeta();
  const { data, error, refetch } = useQuery({
    queryKey: ['evergreen', 'history', resource.name, id],
    queryFn: ({ signal }) => getJson<HistoryEntry[]>(`${recordPath(resource.name, id)}/_history`, signal),
    retry: false,
  });
  return (
    <Dialog title={t('history.title')} drawer onClose={onClose}>
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton lines={8} />
      ) : data.length === 0 ? (
        <Empty icon="history" title={t('history.empty')}>
          {t('history.empty_hint')}
        </Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the drawer scrolls, by keyboard too.
        <ol className="history" tabIndex={0}>
          {data.map((entry) => (
            <li key={entry.id}>
              <header>
                <strong>{entry.actor}</strong> <span>{t(`history.${entry.action}`)}</span>
                <time dateTime={entry.at}>{utcToZoned(entry.at, settings.time_zone)}</time>
              </header>
              {entry.reason ? <p className="history-reason">{t('history.reason', { reason: entry.reason })}</p> : null}
              <Changes resource={resource} {...entry} />
              <BulkEntry resource={resource} entry={entry} onDone={() => void refetch()} />
              {entry.action === 'update' && resource.can.edit && Object.keys(entry.changes).length > 0 ? (
                <Revert resource={resource} id={id} entry={entry} onDone={() => void refetch()} />
              ) : null}
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  );
}

/** Takes one change back; the server checks it like any other change. */
function Revert({
  resource,
  id,
  entry,
  onDone,
}: {
  resource: MetaResource;
  id: string;
  entry: HistoryEntry;
  onDone(): void;
}) {
  const { t } = useLang();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const run = async () => {
    try {
      await postJson(`${recordPath(resource.name, id)}/_revert`, { entry: entry.id });
      showToast({ text: t('history.reverted') });
      void client.invalidateQueries();
      onDone();
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      const fields = Object.values(error.errors ?? {}).map((each) => each.message);
      showToast({ text: error.statusCode ? [error.message, ...fields].join(' ') : t('error.offline'), tone: 'bad' });
    }
    setAsking(false);
  };
  return (
    <>
      <Button tone="quiet" small icon="undo" onClick={() => setAsking(true)}>
        {t('history.revert')}
      </Button>
      {asking ? (
        <Confirm
          title={t('history.revert_title')}
          text={t('history.revert_text')}
          ok={t('history.revert')}
          onOk={run}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}

/** Field by field what it was and what it became. */
export function Changes({
  resource,
  action,
  changes: changed,
  redacted,
}: { resource: MetaResource } & Pick<HistoryEntry, 'action' | 'changes' | 'redacted'>) {
  const { t, say } = useLang();
  const changes = Object.entries(changed);
  const created = action === 'create' || action === 'import';
  const hidden = redacted.map((name) => say(resource.fields[name]?.label ?? [name, name]));
  return (
    <>
      <dl className="diff">
        {changes.map(([name, { before, after }]) => {
          const field = resource.fields[name];
          // A field of an older definition is still shown, as it was stored.
          const known: Field = field ?? { kind: 'json', readonly: true, label: [name, name] };
          const empty = (value: Json) => value === null || value === '' || (Array.isArray(value) && value.length === 0);
          if (created && empty(after)) return null;
          return (
            <div key={name}>
              <dt>{say(known.label)}</dt>
              {(known.kind === 'items' || known.kind === 'rows') && !created ? (
                <dd>
                  {known.kind === 'rows' ? (
                    <RowsDiff field={known} before={before} after={after} />
                  ) : (
                    <ItemsDiff field={known} before={before} after={after} />
                  )}
                </dd>
              ) : (
                <dd>
                  {created && empty(before) ? null : (
                    <>
                      <del>
                        <FieldCell field={known} value={before} full />
                      </del>
                      <span className="diff-arrow" aria-hidden="true">
                        →
                      </span>
                      <span className="visually-hidden">{t('history.to')}</span>
                    </>
                  )}
                  <ins>
                    <FieldCell field={known} value={after} full />
                  </ins>
                </dd>
              )}
            </div>
          );
        })}
      </dl>
      {hidden.length > 0 ? <p className="muted">{t('history.redacted', { fields: hidden.join(t('comma')) })}</p> : null}
    </>
  );
}
