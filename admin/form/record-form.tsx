import { useId, useMemo, useRef } from 'react';
import { useNavigate } from 'react-router';
import type { MetaResource, Row } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import type { Versioned } from '../refine/data-provider.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { useHotkeys } from '../ui/hotkeys.ts';
import { ErrorSummary } from './error-summary.tsx';
import { FormFields } from './form-fields.tsx';
import { ImpactPanel } from './impact-panel.tsx';
import { LeaveGuard } from './leave-guard.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { useRecordForm } from './use-record-form.ts';

/** @param start the values the form begins with; @param record the record as it was read, null for a new one. */
export function RecordForm({
  resource,
  start,
  record,
}: {
  resource: MetaResource;
  start: Row;
  record: Versioned | null;
}) {
  const { t } = useLang();
  const navigate = useNavigate();
  const summary = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const form = useRecordForm({
    resource,
    start,
    record,
    onSaved: (id) => navigate(`/${resource.name}/${String(id)}`, { replace: record === null }),
    onRefused: () => setTimeout(() => summary.current?.focus(), 0),
  });
  const changed = Object.keys(form.changes).length;
  const idOf = useMemo(() => (path: string) => `${prefix}-${path.replaceAll('.', '-')}`, [prefix]);
  useHotkeys({
    'mod+s': (event) => {
      event.preventDefault();
      void form.save();
    },
  });
  return (
    <div className={resource.impact ? 'form-with-side' : undefined}>
      <form
        className="record-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void form.save();
        }}
      >
        <ErrorSummary ref={summary} resource={resource} errors={form.errors} general={form.general} idOf={idOf} />
        <FormFields resource={resource} form={form} idOf={idOf} />
        <div className="form-foot">
          <span className="muted" role="status">
            {form.dirty ? t('form.unsaved', { n: changed }) : null}
          </span>
          <ButtonLink to={record ? `/${resource.name}/${String(record.id)}` : `/${resource.name}`}>
            {t('cancel')}
          </ButtonLink>
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
      {resource.impact ? (
        <ImpactPanel
          resource={resource}
          id={record?.id}
          values={form.values}
          changed={record === null || changed > 0}
        />
      ) : null}
      <LeaveGuard active={form.dirty} passing={form.leaving} />
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
