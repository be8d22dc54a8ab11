import '../form/form.css';
import { Suspense, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ActionDefinition, BulkAnswer, Json, MetaResource, Row } from '../../api/contract.ts';
import { FaultList, type RowFaults } from '../bulk/outcome.tsx';
import type { ChosenRecords } from '../bulk/selection.ts';
import { kindInput, loadInputs } from '../fields/kinds.ts';
import { formatInteger } from '../fields/numbers.ts';
import { fieldStates } from '../form/field-states.ts';
import { useMoment } from '../form/use-moment.ts';
import { useLang } from '../i18n/index.ts';
import { noteOwnChanges } from '../list/live-changes.ts';
import { fieldsContext } from '../predicate/context.ts';
import { proposedPage, type Versioned } from '../refine/data-provider.ts';
import { HttpFailure, postJson, send } from '../refine/http.ts';
import { recordPath } from '../refine/wire.ts';
import { Antd } from '../ui/antd.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { later } from '../ui/later.tsx';
import { Skeleton } from '../ui/states.tsx';
import { showToast } from '../ui/toast-store.ts';
import SecretDialog from './secret-dialog.tsx';

const PreviewOfAction = later(() => import('./action-preview.tsx'));

interface ActionAnswer {
  message?: string;
  resource?: string;
  id?: number;
  /** Said once: to be copied before the dialog closes. */
  secret?: string;
  tone?: 'bad';
}
export interface ManyRecords extends ChosenRecords {
  count: number;
  onLeaveOut(ids: readonly number[]): void;
}

/** Runs one action: what it will do, what it needs to know, what came of it. */
export default function ActionDialog({
  resource,
  record,
  name,
  action,
  many,
  onClose,
  onDone,
}: {
  resource: MetaResource;
  record: Row | null;
  name: string;
  action: ActionDefinition;
  /** The records chosen in a list, instead of one. */
  many?: ManyRecords;
  onClose(): void;
  onDone(): void;
}) {
  const { t, say } = useLang();
  const navigate = useNavigate();
  const etag = (record as Partial<Versioned> | null)?.$etag;
  const fields = Object.entries(action.input ?? {});
  const [ready, setReady] = useState(fields.length === 0);
  const [values, setValues] = useState<Row>(() =>
    Object.fromEntries(fields.map(([field_name, field]) => [field_name, field.default ?? null])),
  );
  const moment = useMoment();
  const input = action.input ?? {};
  const states = fieldStates(input, values, { context: fieldsContext(name, input), moment });
  const [errors, setErrors] = useState<{ [field: string]: string }>({});
  const [general, setGeneral] = useState<string | null>(null);
  const [faults, setFaults] = useState<RowFaults>([]);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<ActionAnswer | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the dialog is opened for one action.
  useEffect(() => {
    void loadInputs(fields.map(([, field]) => field.kind)).then(() => setReady(true));
  }, []);
  const finish = (answer: ActionAnswer | null) => {
    onDone();
    // An action that made a record leads to it.
    if (answer?.resource && answer.id) navigate(`/${answer.resource}/${answer.id}`);
  };
  const run = async () => {
    setBusy(true);
    setFaults([]);
    try {
      if (many) return await runMany(many);
      const base = record
        ? recordPath(resource.name, record.id as number)
        : `/api/${encodeURIComponent(resource.name)}`;
      const path = `${base}/_actions/${encodeURIComponent(name)}`;
      const headers: Record<string, string> = etag ? { 'if-match': etag } : {};
      const { status, body, headers: told } = await send('POST', path, { body: states.effective, headers });
      // Nothing was done: it waits for somebody's consent.
      const page = status === 202 ? proposedPage(told) : null;
      if (page) {
        showToast({ text: t('propose.done') });
        onDone();
        return navigate(page);
      }
      const answer = body as ActionAnswer | null;
      if (answer?.secret) return setTold(answer);
      showToast({ text: answer?.message ?? t('action.done', { label: say(action.label) }), tone: answer?.tone });
      finish(answer);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      setErrors(Object.fromEntries(Object.entries(error.errors ?? {}).map(([field, { message }]) => [field, message])));
      setFaults(error.rows ?? []);
      setGeneral(error.statusCode === 0 ? t('error.offline_save') : error.errors ? null : error.message);
    } finally {
      setBusy(false);
    }
  };
  const runMany = async ({ count: _count, onLeaveOut: _leave, ...chosen }: ManyRecords) => {
    const path = `/api/${encodeURIComponent(resource.name)}/_bulk_actions/${encodeURIComponent(name)}`;
    noteOwnChanges(resource.name);
    const { changed } = await postJson<BulkAnswer>(path, { ...chosen, input: states.effective });
    noteOwnChanges(resource.name);
    showToast({ text: t('bulk.acted', { label: say(action.label), count: changed, n: formatInteger(changed) }) });
    onDone();
  };
  if (told?.secret) {
    return (
      <SecretDialog
        key="told"
        title={told.message ?? say(action.label)}
        secret={told.secret}
        onClose={() => finish(told)}
      />
    );
  }
  return (
    <Dialog
      title={
        many
          ? t('bulk.act_title', { label: say(action.label), count: many.count, n: formatInteger(many.count) })
          : say(action.label)
      }
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button tone={action.erases ? 'danger' : 'primary'} busy={busy} onClick={() => void run()}>
            {say(action.label)}
          </Button>
        </>
      }
    >
      {action.confirm ? <p>{say(action.confirm)}</p> : null}
      {general ? (
        <p className="note note-bad" role="alert">
          {general}
        </p>
      ) : null}
      {many && faults.length > 0 ? (
        <FaultList
          resource={resource}
          rows={faults}
          wrong={faults.length}
          onLeaveOut={
            faults.length < many.count
              ? () => {
                  many.onLeaveOut(faults.map(({ id }) => id));
                  setFaults([]);
                  setGeneral(null);
                }
              : undefined
          }
        />
      ) : null}
      {ready ? (
        <Antd>
          <div className="action-fields">
            {fields.map(([field_name, field]) => {
              if (!states.shown(field_name)) return null;
              const Input = kindInput(field.kind);
              const id = `action-${field_name}`;
              return (
                <div key={field_name} className="field">
                  <label htmlFor={id}>
                    {say(field.label)}
                    {states.required(field_name) ? <span className="required">*</span> : null}
                  </label>
                  <Input
                    id={id}
                    name={field_name}
                    field={field}
                    resource={resource.name}
                    record={states.effective}
                    value={values[field_name]}
                    invalid={field_name in errors}
                    describedBy={field_name in errors ? `${id}-error` : undefined}
                    onChange={(value: Json) => setValues({ ...values, [field_name]: value })}
                  />
                  {field_name in errors ? (
                    <p className="field-error" id={`${id}-error`}>
                      {errors[field_name]}
                    </p>
                  ) : null}
                  {field.help ? <p className="field-help">{say(field.help)}</p> : null}
                </div>
              );
            })}
          </div>
        </Antd>
      ) : (
        <Skeleton lines={3} />
      )}
      {action.preview && record ? (
        <Suspense>
          <PreviewOfAction
            path={`${recordPath(resource.name, record.id as number)}/_actions/${encodeURIComponent(name)}/_preview`}
            input={action.input ?? {}}
            values={states.effective}
          />
        </Suspense>
      ) : null}
    </Dialog>
  );
}
