import type { ImportMapping, Json, MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';

const ZONES = Intl.supportedValuesOf('timeZone');

/** What holds for the whole file: its time zone, and what the resource asks beside the columns. */
export function FileOptions({
  resource,
  mapping,
  fallbackZone,
  onChange,
}: {
  resource: MetaResource;
  mapping: ImportMapping;
  fallbackZone: string;
  onChange(mapping: ImportMapping): void;
}) {
  const { t, say } = useLang();
  const options = Object.entries(resource.import?.options ?? {});
  const set = (name: string, value: Json) => {
    const { [name]: _before, ...constants } = mapping.constants ?? {};
    // What somebody says here counts for every row, whatever a column of the file says.
    const { [name]: _column, ...columns } = mapping.columns;
    const said = value === null || value === '' ? constants : { ...constants, [name]: value };
    onChange({ ...mapping, columns, constants: said });
  };
  return (
    <div className="file-options">
      <label>
        <span>{t('import.zone')}</span>
        <input
          className="input"
          list="import-zones"
          placeholder={fallbackZone}
          value={mapping.time_zone ?? ''}
          onChange={(event) => onChange({ ...mapping, time_zone: event.target.value || undefined })}
        />
        <datalist id="import-zones">
          {ZONES.map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <span className="field-help">{t('import.zone_hint', { zone: fallbackZone })}</span>
      </label>
      <label>
        <span>{t('import.empty')}</span>
        <select
          className="input"
          value={mapping.empty ?? 'keep'}
          onChange={(event) => onChange({ ...mapping, empty: event.target.value as 'keep' | 'clear' })}
        >
          <option value="keep">{t('import.empty_keep')}</option>
          <option value="clear">{t('import.empty_clear')}</option>
        </select>
      </label>
      {options.map(([name, field]) => {
        const value = mapping.constants?.[name] ?? field.default ?? null;
        return (
          <label key={name} htmlFor={`import-option-${name}`}>
            <span>
              {say(field.label)}
              {field.required ? <span className="required"> *</span> : null}
            </span>
            {'choices' in field ? (
              <select
                id={`import-option-${name}`}
                className="input"
                value={String(value ?? '')}
                onChange={(event) => set(name, event.target.value)}
              >
                <option value="" />
                {Object.entries(field.choices).map(([code, label]) => (
                  <option key={code} value={code}>
                    {say(label)}
                  </option>
                ))}
              </select>
            ) : field.kind === 'boolean' ? (
              <input
                id={`import-option-${name}`}
                type="checkbox"
                className="checkbox"
                checked={value === true}
                onChange={(event) => set(name, event.target.checked)}
              />
            ) : (
              <input
                id={`import-option-${name}`}
                className="input"
                value={String(value ?? '')}
                onChange={(event) => set(name, event.target.value)}
              />
            )}
            {field.help ? <span className="field-help">{say(field.help)}</span> : null}
          </label>
        );
      })}
    </div>
  );
}
