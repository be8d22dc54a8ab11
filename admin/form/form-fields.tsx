import type { MetaResource, Section } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { sendableFields } from './changes.ts';
import { FormField } from './form-field.tsx';
import type { RecordFormState } from './use-record-form.ts';

const sameLabel = (resource: MetaResource, name: string, section: Section): boolean =>
  resource.fields[name]?.label.join() === section.label.join();

/** The form as the definition lays it out; all writable fields in one section where it says nothing. */
export function FormFields({
  resource,
  form,
  idOf,
  cleared,
}: {
  resource: MetaResource;
  form: RecordFormState;
  idOf(path: string): string;
  cleared?: ReadonlySet<string>;
}) {
  const { say } = useLang();
  const sections: readonly Section[] = resource.form ?? [
    { name: 'all', label: resource.label, fields: sendableFields(resource, form.creating) },
  ];
  const shows = (name: string) => {
    const field = resource.fields[name];
    // Nothing to read yet in a new record.
    if (!field || (form.creating && (field.readonly || resource.field_access[name]?.write === false))) return false;
    return form.states.shown(name);
  };
  return sections.map((section) => {
    const lines = section.fields
      .map((line) => (typeof line === 'string' ? [line] : [...line]).filter(shows))
      .filter((line) => line.length > 0);
    if (lines.length === 0) return null;
    return (
      <fieldset key={section.name} className="card form-section">
        <legend>{say(section.label)}</legend>
        {lines.map((line) => (
          <div key={line.join()} className={`form-line form-line-${Math.min(line.length, 4)}`}>
            {line.map((name) => (
              <FormField
                key={name}
                resource={resource}
                name={name}
                form={form}
                idOf={idOf}
                cleared={cleared}
                // A section with one field of its own name need not say it twice.
                unlabelled={lines.length === 1 && line.length === 1 && sameLabel(resource, name, section)}
              />
            ))}
          </div>
        ))}
      </fieldset>
    );
  });
}
