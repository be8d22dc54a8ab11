import { memo } from 'react';
import type { Field, Json, MetaResource } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { innerLabels } from '../fields/inner-labels.ts';
import { besideOf } from '../fields/kind.ts';
import { kindInput } from '../fields/kinds.ts';
import { useLang } from '../i18n/index.ts';
import { Icon } from '../ui/icon.tsx';
import type { RecordFormState } from './use-record-form.ts';

export const FormField = memo(Plain, isSame);

interface Props {
  resource: MetaResource;
  name: string;
  form: RecordFormState;
  idOf(path: string): string;
  /** The label is there for those who cannot see that the section says the same. */
  unlabelled?: boolean;
  /** Fields that a copy left empty. */
  cleared?: ReadonlySet<string>;
}

/** In a form of a hundred fields only the one that is typed in is drawn again. */
function isSame(before: Props, after: Props): boolean {
  const { resource, name, idOf, unlabelled, cleared } = after;
  if (before.resource !== resource || before.name !== name || before.idOf !== idOf) return false;
  if (before.unlabelled !== unlabelled || before.cleared !== cleared) return false;
  const field = resource.fields[name];
  if (field && looksAround(field)) return false;
  const [was, is] = [before.form, after.form];
  return (
    was.values[name] === is.values[name] &&
    was.base === is.base &&
    was.creating === is.creating &&
    was.labels === is.labels &&
    errorsOf(was, name) === errorsOf(is, name) &&
    name in was.changes === name in is.changes &&
    was.states.locked(name) === is.states.locked(name) &&
    was.states.required(name) === is.states.required(name)
  );
}

/** What is offered or shown inside may follow from the other values of the record. */
function looksAround(field: Field): boolean {
  return (
    ['items', 'rows', 'predicate', 'layout'].includes(field.kind) || ('options' in field && Boolean(field.options))
  );
}

function errorsOf({ errors }: RecordFormState, name: string): string {
  return Object.entries(errors)
    .filter(([path]) => path === name || path.startsWith(`${name}.`))
    .join();
}

/** Label, control, help and error of one field; what may not be changed is shown as it reads. */
function Plain({ resource, name, form, idOf, unlabelled, cleared }: Props) {
  const { t, say } = useLang();
  const field = resource.fields[name];
  if (!field) return null;
  const id = idOf(name);
  const access = resource.field_access[name];
  const frozen = !form.creating && field.frozen === true;
  const locked = form.states.locked(name);
  const shown_only = field.readonly || access?.write === false || frozen || locked;
  const required = form.states.required(name);
  const error = form.errors[name];
  const changed = !form.creating && name in form.changes;
  const label = (
    <>
      {say(field.label)}
      {required && !shown_only ? (
        <span className="required">
          <span aria-hidden="true">*</span>
          <span className="visually-hidden">{t('form.required')}</span>
        </span>
      ) : null}
      {changed ? <span className="changed-mark">{t('form.changed')}</span> : null}
      {cleared?.has(name) && isEmpty(form.values[name]) ? (
        <span className="changed-mark">{t('copy.cleared')}</span>
      ) : null}
    </>
  );
  if (shown_only) {
    const why = frozen
      ? t('form.frozen')
      : field.readonly
        ? t('form.by_system')
        : locked
          ? t('form.locked')
          : t('form.no_right');
    return (
      <div className={`field field-${field.kind}`}>
        <span className="field-label">
          {label}
          <span className="field-lock" title={why}>
            <Icon name="lock" size={13} />
            <span className="visually-hidden">{why}</span>
          </span>
        </span>
        <div className="field-value">
          <FieldCell
            field={field}
            value={locked ? form.base[name] : form.values[name]}
            label={form.labels[name]}
            inner={innerLabels(name, form.labels)}
            beside={besideOf(field, form.values)}
            full
          />
        </div>
      </div>
    );
  }
  const Input = kindInput(field.kind);
  const help = field.help ? `${id}-help` : null;
  const wrong = error ? `${id}-error` : null;
  const inner = Object.entries(form.errors).filter(([path]) => path.startsWith(`${name}.`));
  const box = ['items', 'predicate', 'rows', 'layout'].includes(field.kind);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notes that somebody has left the controls inside.
    <div
      className={`field field-${field.kind}`}
      {...(box ? { role: 'group', 'aria-labelledby': `${id}-label` } : {})}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) form.touch(name);
      }}
    >
      {box ? (
        <span className={unlabelled ? 'visually-hidden' : 'field-label'} id={`${id}-label`}>
          {label}
        </span>
      ) : (
        <label className="field-label" htmlFor={id}>
          {label}
        </label>
      )}
      <Input
        id={id}
        name={name}
        field={required === Boolean(field.required) ? field : { ...field, required }}
        value={form.values[name]}
        label={form.labels[name]}
        resource={resource.name}
        invalid={Boolean(error)}
        errors={
          inner.length
            ? Object.fromEntries(inner.map(([path, text]) => [path.slice(name.length + 1), text]))
            : undefined
        }
        describedBy={[help, wrong].filter(Boolean).join(' ') || undefined}
        onChange={(value) => form.set(name, value)}
        onLabel={(text) => form.setLabel(name, text)}
        labels={form.labels}
        onLabels={form.setLabel}
        record={form.states.effective}
      />
      {error && wrong ? (
        <p className="field-error" id={wrong}>
          <Icon name="warning" size={13} />
          {error}
        </p>
      ) : null}
      {field.help && help ? (
        <p className="field-help" id={help}>
          {say(field.help)}
        </p>
      ) : null}
    </div>
  );
}

const isEmpty = (value: Json | undefined): boolean => value === null || value === undefined || value === '';
