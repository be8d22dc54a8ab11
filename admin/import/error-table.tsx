import type { ImportStatus } from '../../api/contract.ts';
import { formatInteger } from '../fields/numbers.ts';
import { useLang } from '../i18n/index.ts';
import { Icon } from '../ui/icon.tsx';

const SHOWN = 100;

export function ErrorTable({ status }: { status: ImportStatus }) {
  const { t } = useLang();
  const { errors } = status;
  return (
    <div className="errors">
      <header>
        <h2>{t('import.errors')}</h2>
        <span className="error-files">
          {(['xlsx', 'csv'] as const).map((format) => (
            <a
              key={format}
              className="button button-default button-small"
              href={`/api/_imports/${status.id}/errors.${format}`}
              download
            >
              <Icon name="download" />
              {t(`import.errors_${format}`)}
            </a>
          ))}
        </span>
      </header>
      <div className="table-scroll">
        <table className="mapping mapping-rows">
          <thead>
            <tr>
              <th scope="col" className="right">
                {t('import.row')}
              </th>
              <th scope="col">{t('import.column')}</th>
              <th scope="col">{t('import.value')}</th>
              <th scope="col">{t('import.reason')}</th>
            </tr>
          </thead>
          <tbody>
            {errors.slice(0, SHOWN).map((error, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: one row of a file may have the same error twice.
              <tr key={at}>
                <td className="right">{formatInteger(error.row)}</td>
                <td>{error.column}</td>
                <td className="mapping-sample mono">{error.value}</td>
                <td>{error.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {errors.length > SHOWN || status.errors_cut ? (
        <p className="muted">
          {t(status.errors_cut ? 'import.errors_cut' : 'import.errors_more', { n: Math.min(SHOWN, errors.length) })}
        </p>
      ) : null}
    </div>
  );
}
