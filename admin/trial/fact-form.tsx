/** What happens, and to whom: the fields that the server asks for, in two groups. */
import type { Field, Json, Row } from '../../api/contract.ts';
import { kindInput } from '../fields/kinds.ts';
import { fieldStates } from '../form/field-states.ts';
import { useMoment } from '../form/use-moment.ts';
import { useLang } from '../i18n/index.ts';
import { fieldsContext } from '../predicate/context.ts';

export interface FactFields {
  fact: { [name: string]: Field };
  who: { [name: string]: Field };
}

export function FactForm({
  fields,
  values,
  errors,
  onChange,
}: {
  fields: FactFields;
  values: Row;
  errors: { [field: string]: string };
  onChange(values: Row): void;
}) {
  const { t, say } = useLang();
  const moment = useMoment();
  const all = { ...fields.fact, ...fields.who };
  const states = fieldStates(all, values, { context: fieldsContext('_trials', all), moment });
  const group = (title: string, names: string[]) => (
    <fieldset className="card trial-group">
      <legend>{title}</legend>
      {names
        .filter((name) => states.shown(name))
        .map((name) => {
          const field = all[name]!;
          const Input = kindInput(field.kind);
          const id = `fact-${name}`;
          const wrong = errors[name];
          const inner = Object.fromEntries(
            Object.entries(errors)
              .filter(([path]) => path.startsWith(`${name}.`))
              .map(([path, text]) => [path.slice(name.length + 1), text]),
          );
          return (
            <div key={name} className={`field field-${field.kind}`}>
              <label htmlFor={id}>
                {say(field.label)}
                {states.required(name) ? <span className="required">*</span> : null}
              </label>
              <Input
                id={id}
                name={name}
                field={field}
                resource="_trials"
                record={states.effective}
                value={values[name]}
                invalid={wrong !== undefined}
                errors={inner}
                describedBy={wrong ? `${id}-error` : undefined}
                onChange={(value: Json) => onChange({ ...values, [name]: value })}
              />
              {wrong ? (
                <p className="field-error" id={`${id}-error`}>
                  {wrong}
                </p>
              ) : null}
              {field.help ? <p className="field-help">{say(field.help)}</p> : null}
            </div>
          );
        })}
    </fieldset>
  );
  return (
    <>
      {group(t('trial.fact'), Object.keys(fields.fact))}
      {group(t('trial.who'), Object.keys(fields.who))}
    </>
  );
}
