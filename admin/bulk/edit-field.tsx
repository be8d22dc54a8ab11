import type { Json, MetaResource, RelationLabel } from '../../api/contract.ts';
import { kindInput } from '../fields/kinds.ts';
import { useLang } from '../i18n/index.ts';
import { Icon } from '../ui/icon.tsx';

export type HowToChange = 'leave' | 'set' | 'clear';

/** One field of many records: it stays, gets a value, or is emptied. */
export function EditField({
  id,
  name,
  resource,
  how,
  value,
  label,
  error,
  onHow,
  onChange,
  onLabel,
}: {
  id: string;
  name: string;
  resource: MetaResource;
  how: HowToChange;
  value: Json | undefined;
  label: RelationLabel | undefined;
  error: string | undefined;
  onHow(how: HowToChange): void;
  onChange(value: Json): void;
  onLabel(label: RelationLabel): void;
}) {
  const { t, say } = useLang();
  const field = resource.fields[name]!;
  const ways: HowToChange[] = field.required || field.kind === 'boolean' ? ['leave', 'set'] : ['leave', 'set', 'clear'];
  const Input = how === 'set' ? kindInput(field.kind) : null;
  return (
    <fieldset className={`bulk-field bulk-field-${how}`}>
      <legend>{say(field.label)}</legend>
      <div className="ways">
        {ways.map((way) => (
          <label key={way} className="way">
            <input
              type="radio"
              className="visually-hidden"
              name={`${id}-how`}
              checked={how === way}
              onChange={() => onHow(way)}
            />
            <span>{t(`bulk.way_${way}`)}</span>
          </label>
        ))}
      </div>
      {Input ? (
        <div className={`bulk-value field field-${field.kind}`}>
          <label className="visually-hidden" htmlFor={id}>
            {say(field.label)}
          </label>
          <Input
            id={id}
            name={name}
            field={field}
            resource={resource.name}
            value={value}
            label={label}
            invalid={Boolean(error)}
            describedBy={error ? `${id}-error` : undefined}
            onChange={onChange}
            onLabel={onLabel}
          />
        </div>
      ) : null}
      {error ? (
        <p className="field-error" id={`${id}-error`} role="alert">
          <Icon name="warning" size={13} />
          {error}
        </p>
      ) : null}
      {Input && field.help ? <p className="field-help">{say(field.help)}</p> : null}
    </fieldset>
  );
}
