import type { ImportStatus, MetaResource } from '../../api/contract.ts';
import { formatInteger } from '../fields/numbers.ts';
import { Changes } from '../history/history-drawer.tsx';
import { useLang } from '../i18n/index.ts';

/** Of a new record the first values are enough to recognise it. */
const SHOWN = 4;

/** The first records that change: what they say now, and what they will. */
export function PreviewTable({ resource, status }: { resource: MetaResource; status: ImportStatus }) {
  const { t } = useLang();
  if (status.preview.length === 0) return null;
  return (
    <div className="errors">
      <header>
        <h2>{t('import.preview', { n: status.preview.length })}</h2>
      </header>
      <div className="table-scroll">
        <table className="mapping mapping-rows preview">
          <thead>
            <tr>
              <th scope="col" className="right">
                {t('import.row')}
              </th>
              <th scope="col">{t('import.record')}</th>
              <th scope="col">{t('import.change')}</th>
            </tr>
          </thead>
          <tbody>
            {status.preview.map(({ row, key, action, changes }) => {
              const created = action === 'create';
              // In the order of the definition, which the stored changes have lost.
              const known = Object.keys(resource.fields).flatMap((name) => {
                const change = changes[name];
                return change ? [[name, change] as const] : [];
              });
              const shown = Object.fromEntries(created ? known.slice(0, SHOWN) : known);
              return (
                <tr key={row}>
                  <td className="right">{formatInteger(row)}</td>
                  <td>
                    {key} {created ? <span className="chip">{t('import.created')}</span> : null}
                  </td>
                  <td>
                    <Changes resource={resource} action={action} changes={shown} redacted={[]} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}
