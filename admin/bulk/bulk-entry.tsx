import { useState } from 'react';
import type { HistoryEntry, MetaResource } from '../../api/contract.ts';
import { formatInteger } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { undoBulk } from './undo.ts';

/** Of a change that concerned other records too: how many, and the way to take all of it back. */
export function BulkEntry({
  resource,
  entry: { bulk_id, bulk },
  onDone,
}: {
  resource: MetaResource;
  entry: HistoryEntry;
  onDone(): void;
}) {
  const { t } = useLang();
  const [asking, setAsking] = useState(false);
  if (bulk_id === null || !bulk) return null;
  const count = { count: bulk.records, n: formatInteger(bulk.records) };
  return (
    <p className="bulk-entry">
      <span className="muted">{t('bulk.part_of', count)}</span>
      {bulk.undo === 'done' ? <span className="chip">{t('bulk.was_undone')}</span> : null}
      {bulk.undo === 'possible' && resource.can.edit && bulk.records > 1 ? (
        <Button tone="quiet" small icon="undo" onClick={() => setAsking(true)}>
          {t('bulk.undo_all', count)}
        </Button>
      ) : null}
      {asking ? (
        <Confirm
          title={t('bulk.undo_title', count)}
          text={t('bulk.undo_text')}
          ok={t('bulk.undo_all', count)}
          onClose={() => setAsking(false)}
          onOk={async () => {
            await undoBulk(resource.name, bulk_id);
            setAsking(false);
            onDone();
          }}
        />
      ) : null}
    </p>
  );
}
