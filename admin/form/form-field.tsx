import type { MetaResource } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { kindInput } from '../fields/kinds.ts';
import { useLang } from '../i18n/index.ts';
import { Icon } from '../ui/icon.tsx';
import type { RecordFormState } from './use-record-form.ts';

/** Label, control, help and error of one field; what may not be changed is shown as it reads. */
export function FormField({
  resource,
  name,
  form,
  idOf,
  unlabelled,
}: {
  resource: MetaResource;
  name: string;
  form: RecordFormState;
  idOf(path: string): string;
  /** The label is there for those who cannot see that the section says the same. */
  unlabelled?: boolean;
}) {
  const { t, say } = useLang();
  const field = resource.fields[name];
  if (!field) return null;
  const id = idOf(name);
  const access = resource.field_access[name];
  const frozen = !form.creating && field.frozen === true;
  const shown_only = field.readonly || access?.write === false || frozen;
  const error = form.errors[name];
  const changed = !form.creating && name in form.changes;
  const label = (
    <>
      {say(field.label)}
      {field.required && !shown_only ? (
        <span className="required">
          <span aria-hidden="true">*</span>
          <span className="visually-hidden">{t('form.required')}</span>
        </span>
      ) : null}
      {changed ? <span className="changed-mark">{t('form.changed')}</span> : null}
    </>
  );
  if (shown_only) {
    const why = frozen ? t('form.frozen') : field.readonly ? t('form.by_system') : t('form.no_right');
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
          <FieldCell field={field} value={form.values[name]} label={form.labels[name]} full />
        </div>
      </div>
    );
  }
  const Input = kindInput(field.kind);
  const help = field.help ? `${id}-help` : null;
  const wrong = error ? `${id}-error` : null;
  const inner = Object.entries(form.errors).filter(([path]) => path.startsWith(`${name}.`));
  const box = field.kind === 'items' || field.kind === 'predicate';
  return (
    <div className={`field field-${field.kind}`} {...(box ? { role: 'group', 'aria-labelledby': `${id}-label` } : {})}>
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
        field={field}
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
