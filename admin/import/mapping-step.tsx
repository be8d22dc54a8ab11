import { useState } from 'react';
import type { Field, ImportFormat, ImportMapping, ImportMode, ImportStatus, MetaResource } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { type TextKey, useLang } from '../i18n/index.ts';
import { isWritable, useMeta } from '../meta/meta.tsx';
import { Button } from '../ui/button.tsx';
import { FileOptions } from './file-options.tsx';
import { KindsNote } from './kinds-note.tsx';
import { Presets } from './presets.tsx';

/** Which column is which field. The server proposes; what it got wrong is corrected here and can be remembered. */
export function MappingStep({
  resource,
  status,
  busy,
  onCheck,
  onSheet,
}: {
  resource: MetaResource;
  status: ImportStatus;
  busy: boolean;
  onCheck(mapping: ImportMapping, mode: ImportMode): Promise<void>;
  /** Another sheet of the workbook is read, and its columns are matched anew. */
  onSheet(format: ImportFormat): Promise<void>;
}) {
  const { t, say } = useLang();
  const { settings } = useMeta();
  const [mapping, setMapping] = useState<ImportMapping>(status.mapping ?? { columns: {} });
  const [mode, setMode] = useState<ImportMode>(status.mode);
  const fields = importFields(resource);
  // What the file has and what is needed first; the order stays while columns are being chosen.
  const [ahead] = useState(
    () =>
      new Set(fields.filter(([name, field]) => field.required || status.mapping?.columns[name]).map(([name]) => name)),
  );
  const ordered = [...fields.filter(([name]) => ahead.has(name)), ...fields.filter(([name]) => !ahead.has(name))];
  const used = new Set(Object.values(mapping.columns));
  const left = status.headers.filter((each) => each && !used.has(each));
  const missing = fields.filter(
    ([name, field]) =>
      field.required && field.default === undefined && !mapping.columns[name] && mapping.constants?.[name] == null,
  );
  const blocked = mode === 'insert' ? missing : [];
  const pick = (name: string, header: string) => {
    const { [name]: _before, ...columns } = mapping.columns;
    setMapping({ ...mapping, columns: header ? { ...columns, [name]: header } : columns });
  };
  const samples = (header: string | undefined): string => {
    const at = header === undefined ? -1 : status.headers.indexOf(header);
    const values = at < 0 ? [] : status.sample.map((row) => row[at] ?? '').filter(Boolean);
    return [...new Set(values)].slice(0, 3).join(' · ');
  };
  return (
    <section className="card import-card">
      <header className="import-head">
        <div>
          <h2>{t('import.columns_of', { file: status.file_name })}</h2>
          <p className="muted">{t('import.columns_hint', { used: used.size, all: status.headers.length })}</p>
        </div>
        <span className="import-tools">
          {status.format.sheets && status.format.sheets.length > 1 ? (
            <label className="sheet-pick">
              <span>{t('import.sheet')}</span>
              <select
                className="input"
                disabled={busy}
                value={status.format.sheet}
                onChange={(event) => void onSheet({ ...status.format, sheet: event.target.value })}
              >
                {status.format.sheets.map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
              </select>
            </label>
          ) : null}
          <Presets resource={resource} status={status} mapping={mapping} onApply={setMapping} />
        </span>
      </header>
      <div className="table-scroll">
        <table className="mapping mapping-fields">
          <thead>
            <tr>
              <th scope="col">{t('import.field')}</th>
              <th scope="col">{t('import.column')}</th>
              <th scope="col">{t('import.sample')}</th>
            </tr>
          </thead>
          <tbody>
            {ordered.map(([name, field]) => {
              const header = mapping.columns[name];
              return (
                <tr key={name} className={header ? undefined : 'mapping-none'}>
                  <th scope="row">
                    {say(field.label)}
                    {field.required ? (
                      <span className="required" title={t('form.required')}>
                        {' '}
                        *
                      </span>
                    ) : null}
                    {resource.import?.key.includes(name) ? <span className="chip">{t('import.key')}</span> : null}
                  </th>
                  <td>
                    <select
                      className="input"
                      aria-label={t('import.column_for', { field: say(field.label) })}
                      value={header ?? ''}
                      onChange={(event) => pick(name, event.target.value)}
                    >
                      <option value="">{t('import.no_column')}</option>
                      {status.headers.map((each) => (
                        <option key={each} value={each}>
                          {each}
                        </option>
                      ))}
                    </select>
                  </td>
                  <td className="mapping-sample">
                    {header ? samples(header) : mode === 'update' ? null : <Fallback field={field} />}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {left.length > 0 ? (
        <p className="mapping-left">{t('import.columns_left', { columns: left.join(t('comma')) })}</p>
      ) : null}
      <FileOptions resource={resource} mapping={mapping} fallbackZone={settings.time_zone} onChange={setMapping} />
      <KindsNote
        kinds={mapping.kinds ?? []}
        headers={status.headers}
        onClear={() => setMapping({ ...mapping, kinds: undefined })}
      />
      <fieldset className="import-mode">
        <legend>{t('import.mode')}</legend>
        {(['upsert', 'insert', 'update'] as const).map((each) => (
          <label key={each}>
            <input
              type="radio"
              className="checkbox"
              name="mode"
              checked={mode === each}
              onChange={() => setMode(each)}
            />
            <span>
              <strong>{t(`import.mode_${each}` as TextKey)}</strong>
              <span className="muted">{t(`import.mode_${each}_hint` as TextKey)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <footer className="import-foot">
        <span className="muted">{t('import.check_hint')}</span>
        <Button
          tone="primary"
          busy={busy}
          why={
            blocked.length > 0
              ? t('import.missing', { fields: blocked.map(([, field]) => say(field.label)).join(t('comma')) })
              : null
          }
          onClick={() => void onCheck(mapping, mode)}
        >
          {t('import.check')}
        </Button>
      </footer>
    </section>
  );
}

/** What a new record gets where the file says nothing. */
function Fallback({ field }: { field: Field }) {
  const { t } = useLang();
  if (field.default === undefined || field.default === null) return null;
  return (
    <span className="mapping-default">
      {t('import.default')} <FieldCell field={field} value={field.default} />
    </span>
  );
}

function importFields(resource: MetaResource): [string, Field][] {
  if (resource.import?.fields) return Object.entries(resource.import.fields);
  const key = resource.import?.key ?? [];
  const id: [string, Field][] = key.includes('id') ? [['id', { kind: 'integer', label: ['编号', 'ID'] }]] : [];
  const fields = Object.entries(resource.fields).filter(
    ([name, field]) => field.kind !== 'password' && (isWritable(resource, name) || key.includes(name)),
  );
  return [...id, ...fields];
}
