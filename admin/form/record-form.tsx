import { Suspense, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Json, MetaResource, Row } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import type { Versioned } from '../refine/data-provider.ts';
import { TryValues } from '../trial/try-buttons.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { useHotkeys } from '../ui/hotkeys.ts';
import { later } from '../ui/later.tsx';
import { showToast } from '../ui/toast-store.ts';
import { ErrorSummary } from './error-summary.tsx';
import { FormFields } from './form-fields.tsx';
import { ImpactPanel } from './impact-panel.tsx';
import { LeaveGuard } from './leave-guard.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { useRecordForm } from './use-record-form.ts';

const ProposeDialog = later(() => import('./propose-dialog.tsx'));
const SecretDialog = later(() => import('../detail/secret-dialog.tsx'));

/** A form inside another page: it goes nowhere by itself. */
export interface Embedded {
  onSaved(saved: Row): void;
  onCancel(): void;
  onDirty(dirty: boolean): void;
}

/** @param start the values the form begins with; @param record the record as it was read, null for a new one. */
export function RecordForm({
  resource,
  start,
  record,
  cleared,
  embedded,
}: {
  resource: MetaResource;
  start: Row;
  record: Versioned | null;
  /** Fields that a copy left empty. */
  cleared?: ReadonlySet<string>;
  embedded?: Embedded;
}) {
  const { t } = useLang();
  const navigate = useNavigate();
  const summary = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const [proposing, setProposing] = useState(false);
  /** The new record, while the secret that was made with it is shown. */
  const [made, setMade] = useState<Row | null>(null);
  const leave = (saved: Row) =>
    embedded
      ? embedded.onSaved(saved)
      : navigate(`/${resource.name}/${String(saved.id)}`, { replace: record === null });
  const onProposed = (page: Json | undefined) => {
    showToast({ text: t('propose.done') });
    navigate(String(page), { replace: true });
  };
  const form = useRecordForm({
    resource,
    start,
    record,
    onProposed,
    onSaved: (_, saved) => (saved.$secret ? setMade(saved) : leave(saved)),
    onRefused: () => setTimeout(() => summary.current?.focus(), 0),
  });
  const changed = Object.keys(form.changes).length;
  const idOf = useMemo(() => (path: string) => `${prefix}-${path.replaceAll('.', '-')}`, [prefix]);
  const saveByKey = (event: { preventDefault(): void }) => {
    event.preventDefault();
    void form.save();
  };
  useHotkeys(embedded ? {} : { 'mod+s': saveByKey });
  const onDirty = embedded?.onDirty;
  useEffect(() => onDirty?.(form.dirty), [onDirty, form.dirty]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the key that saves is the form's own where it stands in another.
    <div
      className={resource.impact && !embedded ? 'form-with-side' : undefined}
      onKeyDown={(event) => {
        if (!embedded || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
        event.stopPropagation();
        saveByKey(event);
      }}
    >
      <form
        className="record-form"
        noValidate
        onSubmit={(event) => {
          // A form inside a form is one in the eyes of React.
          event.stopPropagation();
          saveByKey(event);
        }}
      >
        <ErrorSummary ref={summary} resource={resource} errors={form.refused} general={form.general} idOf={idOf} />
        <FormFields resource={resource} form={form} idOf={idOf} cleared={cleared} />
        <div className="form-foot">
          <span className="muted" role="status">
            {form.dirty ? (record ? t('form.unsaved', { n: changed }) : t('form.unsaved_new')) : null}
          </span>
          {embedded ? (
            <Button onClick={embedded.onCancel}>{t('cancel')}</Button>
          ) : (
            <>
              <ButtonLink to={record ? `/${resource.name}/${String(record.id)}` : `/${resource.name}`}>
                {t('cancel')}
              </ButtonLink>
              {resource.tried ? <TryValues resource={resource} id={record?.id} values={form.values} /> : null}
              <Button
                why={record && changed === 0 ? t('form.nothing_changed') : null}
                onClick={() => setProposing(true)}
              >
                {t('propose.open')}
              </Button>
            </>
          )}
          <Button
            type="submit"
            tone="primary"
            busy={form.saving}
            why={record && changed === 0 ? t('form.nothing_changed') : null}
            title="Ctrl+S"
          >
            {t('form.save')}
          </Button>
        </div>
      </form>
      {resource.impact && !embedded ? (
        <ImpactPanel
          resource={resource}
          id={record?.id}
          values={form.values}
          changed={record === null || changed > 0}
        />
      ) : null}
      <Suspense>
        {made ? (
          <SecretDialog
            title={t('secret.made')}
            secret={String(made.$secret)}
            onClose={() => {
              const { $secret: _, ...saved } = made;
              leave(saved);
            }}
          />
        ) : null}
        {proposing ? (
          <ProposeDialog
            resource={resource}
            id={record?.id}
            values={form.changes}
            onClose={() => setProposing(false)}
            onProposed={(page) => {
              form.leaving.current = true;
              onProposed(page);
            }}
            onRefused={(errors) => {
              setProposing(false);
              form.refuse(errors);
            }}
          />
        ) : null}
      </Suspense>
      {embedded ? null : <LeaveGuard active={form.dirty} passing={form.leaving} />}
      {form.conflict ? (
        <MergeDialog
          resource={resource}
          conflict={form.conflict}
          base={form.base}
          mine={form.values}
          onDecide={form.decide}
          onClose={form.dropConflict}
        />
      ) : null}
    </div>
  );
}
