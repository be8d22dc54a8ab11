/** Changes fields of the chosen records: what stays, what is set, what is cleared; tried first, then saved as one change. */
import './bulk.css';
import '../form/form.css';
import { useEffect, useId, useState } from 'react';
import type { Json, MetaResource, RelationLabel, Row } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { loadInputs } from '../fields/kinds.ts';
import { formatInteger } from '../fields/numbers.ts';
import { kindsIn } from '../form/kinds-in.ts';
import { useLang } from '../i18n/index.ts';
import { Antd } from '../ui/antd.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Skeleton } from '../ui/states.tsx';
import { Chosen } from './chosen.tsx';
import { EditField, type HowToChange } from './edit-field.tsx';
import { editGroups } from './edit-fields.ts';
import { FaultList, Outcome } from './outcome.tsx';
import { type ChosenRecords, countOf, type Picks } from './selection.ts';
import { useTrial } from './trial.ts';
import { toastDone } from './undo.ts';

export default function EditMany({
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
  const { t, say } = useLang();
  const id = useId();
  const [groups] = useState(() => editGroups(resource));
  const [ready, setReady] = useState(false);
  const [how, setHow] = useState<{ [field: string]: HowToChange }>({});
  const [values, setValues] = useState<Row>({});
  const [labels, setLabels] = useState<{ [field: string]: RelationLabel }>({});
  const [reason, setReason] = useState('');
  const trial = useTrial(resource.name);
  const { answer, problem } = trial;
  const names = groups.flatMap((group) => group.names);
  const count = countOf(picks.selection);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the controls of one resource.
  useEffect(() => {
    void loadInputs(kindsIn(names.map((name) => resource.fields[name]!))).then(() => setReady(true));
  }, []);
  const set = names.filter((name) => how[name] === 'set');
  const clear = names.filter((name) => how[name] === 'clear');
  const change = {
    set: Object.fromEntries(set.map((name) => [name, values[name] ?? null])),
    clear,
    ...(reason.trim() ? { reason: reason.trim() } : {}),
  };
  const asked = JSON.stringify(request);
  // The faulty ones were left out: the same is tried with the others.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when other records are meant.
  useEffect(() => {
    if (answer) void trial.run({ ...request, ...change, dry_run: true });
  }, [asked]);
  const check = async () => {
    const told = await trial.run({ ...request, ...change, dry_run: true });
    if (!told) requestAnimationFrame(() => document.querySelector<HTMLElement>(`[id="${id}"] [aria-invalid]`)?.focus());
  };
  const save = async () => {
    const done = await trial.run({ ...request, ...change });
    if (!done) return;
    toastDone(resource.name, t('bulk.saved', { count: done.changed, n: formatInteger(done.changed) }), done);
    onDone();
  };
  const wrong = answer?.wrong ?? 0;
  const faulty = answer?.rows?.map((row) => row.id) ?? [];
  const effect = (answer?.changed ?? 0) + (answer?.proposed ?? 0);
  const nothing = set.length + clear.length === 0;
  return (
    <Dialog
      drawer
      title={t('bulk.edit_title', { count, n: formatInteger(count) })}
      onClose={onClose}
      footer={
        answer ? (
          <>
            <Button onClick={trial.reset}>{t('bulk.back')}</Button>
            <Button
              key="save"
              tone="primary"
              data-focus
              busy={trial.busy}
              why={wrong > 0 ? t('bulk.all_or_none') : effect === 0 ? t('form.nothing_changed') : null}
              onClick={() => void save()}
            >
              {answer.changed > 0
                ? t('bulk.save', { count: answer.changed, n: formatInteger(answer.changed) })
                : t('bulk.propose', { count: effect, n: formatInteger(effect) })}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button
              key="check"
              tone="primary"
              busy={trial.busy}
              why={nothing ? t('bulk.choose_field') : null}
              onClick={() => void check()}
            >
              {t('bulk.check')}
            </Button>
          </>
        )
      }
    >
      <Chosen picks={picks} />
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
          <Outcome
            resource={resource}
            answer={answer}
            verb="edit"
            onLeaveOut={wrong === faulty.length && wrong < count ? () => picks.leaveOut(faulty) : undefined}
          />
          <dl className="bulk-summary">
            {[...set, ...clear].map((name) => {
              const field = resource.fields[name]!;
              return (
                <div key={name}>
                  <dt>{say(field.label)}</dt>
                  <dd>
                    {clear.includes(name) ? (
                      <span className="muted">{t('bulk.clear_field')}</span>
                    ) : (
                      <>
                        <span className="muted">{t('bulk.way_set')} </span>
                        <FieldCell field={field} value={values[name]} label={labels[name]} full />
                      </>
                    )}
                  </dd>
                </div>
              );
            })}
          </dl>
          <div className="field bulk-reason">
            <label className="field-label" htmlFor={`${id}-reason`}>
              {t('bulk.reason')}
            </label>
            <input
              id={`${id}-reason`}
              className="input"
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </div>
        </>
      ) : ready ? (
        <Antd>
          <div id={id} className="bulk-fields">
            {groups.map((group) => (
              <section key={group.names.join()}>
                <h3>{say(group.label)}</h3>
                {group.names.map((name) => (
                  <EditField
                    key={name}
                    id={`${id}-${name}`}
                    name={name}
                    resource={resource}
                    how={how[name] ?? 'leave'}
                    value={values[name]}
                    label={labels[name]}
                    error={trial.errors[name]?.message}
                    onHow={(next) => setHow({ ...how, [name]: next })}
                    onChange={(value: Json) => setValues((before) => ({ ...before, [name]: value }))}
                    onLabel={(label) => setLabels((before) => ({ ...before, [name]: label }))}
                  />
                ))}
              </section>
            ))}
          </div>
        </Antd>
      ) : (
        <Skeleton lines={8} />
      )}
    </Dialog>
  );
}
