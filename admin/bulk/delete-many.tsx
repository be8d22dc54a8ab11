/** Deleting the chosen records: tried first, so that what blocks and what goes with them is known before. */
import './bulk.css';
import { useEffect } from 'react';
import type { MetaResource } from '../../api/contract.ts';
import { formatInteger } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Skeleton } from '../ui/states.tsx';
import { Chosen } from './chosen.tsx';
import { FaultList, Outcome } from './outcome.tsx';
import { References } from './references.tsx';
import { type ChosenRecords, countOf, type Picks } from './selection.ts';
import { useTrial } from './trial.ts';
import { toastDone } from './undo.ts';

export default function DeleteMany({
  resource,
  picks,
  request,
  onClose,
  onDone,
}: {
  resource: MetaResource;
  picks: Picks;
  request: ChosenRecords;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useLang();
  const trial = useTrial(resource.name);
  const { answer, problem } = trial;
  const count = countOf(picks.selection);
  const asked = JSON.stringify(request);
  // biome-ignore lint/correctness/useExhaustiveDependencies: tried again when other records are meant.
  useEffect(() => {
    if (count > 0) void trial.run({ ...request, delete: true, dry_run: true });
  }, [asked]);
  const wrong = answer?.wrong ?? 0;
  const run = async () => {
    const done = await trial.run({ ...request, delete: true });
    if (!done) return;
    toastDone(resource.name, t('bulk.deleted', { count: done.changed, n: formatInteger(done.changed) }), done);
    onDone();
  };
  const faulty = answer?.rows?.map((row) => row.id) ?? [];
  return (
    <Dialog
      title={t('bulk.delete_title', { count, n: formatInteger(count) })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            tone="danger"
            busy={trial.busy}
            why={wrong > 0 ? t('bulk.all_or_none') : problem ? problem.message : null}
            onClick={() => void run()}
          >
            {t('bulk.delete_ok', { count, n: formatInteger(count) })}
          </Button>
        </>
      }
    >
      <Chosen picks={picks} />
      <p>{t('delete.text')}</p>
      {problem ? (
        <p className="note note-bad" role="alert">
          {problem.message}
        </p>
      ) : null}
      {problem && problem.rows.length > 0 ? (
        <FaultList resource={resource} rows={problem.rows} wrong={problem.rows.length} />
      ) : null}
      {answer ? (
        <>
          {wrong > 0 || answer.proposed ? (
            <Outcome
              resource={resource}
              answer={answer}
              verb="delete"
              onLeaveOut={
                wrong === faulty.length && wrong < count
                  ? () => {
                      picks.leaveOut(faulty);
                    }
                  : undefined
              }
            />
          ) : null}
          <References preview={answer.preview ?? []} ids={request.ids ?? []} />
        </>
      ) : problem ? null : (
        <Skeleton lines={3} />
      )}
    </Dialog>
  );
}
