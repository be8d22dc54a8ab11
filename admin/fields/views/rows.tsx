import { useState } from 'react';
import type { Json } from '../../../api/contract.ts';
import { useLang } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { FieldCell } from '../cell.tsx';
import type { CellProps, FieldKindView } from '../kind.ts';
import { kindView } from '../kinds.ts';

/** More are shown when asked for. */
const SHOWN = 30;

/** Rows of a child table: how many in a list, a table of them on the record's page. */
function RowsCell({ field, value, full, inner = {} }: CellProps) {
  const { t, say } = useLang();
  const [all, setAll] = useState(false);
  const rows = Array.isArray(value) ? (value as { [name: string]: Json }[]) : [];
  if (!full || field.kind !== 'rows') return <span className="muted">{t('rows.count', { n: rows.length })}</span>;
  // A column in which nothing stands says nothing.
  const columns = Object.entries(field.fields).filter(([name]) => rows.some((row) => !isEmpty(row[name])));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls where the window is narrow, by keyboard too. */}
      <section className="table-scroll" tabIndex={0} aria-label={t('rows.table', { label: say(field.label) })}>
        <table className="items-view">
          <thead>
            <tr>
              <th scope="col">#</th>
              {columns.map(([name, column]) => (
                <th key={name} scope="col" className={kindView(column.kind).align}>
                  {say(column.label)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(all ? rows : rows.slice(0, SHOWN)).map((row, at) => (
              <tr key={String(row.id ?? at)}>
                <td className="muted">{at + 1}</td>
                {columns.map(([name, column]) => {
                  const titles = inner[name];
                  const title = column.kind === 'ref' ? titles?.[String(row[name])] : titles;
                  return (
                    <td key={name} className={kindView(column.kind).align} data-label={say(column.label)}>
                      <FieldCell field={column} value={row[name]} label={title} full />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > SHOWN && !all ? (
        <Button tone="quiet" small onClick={() => setAll(true)}>
          {t('rows.show_all', { n: rows.length })}
        </Button>
      ) : null}
    </>
  );
}

const isEmpty = (value: Json | undefined): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

export default { Cell: RowsCell, operators: [], width: 90 } satisfies FieldKindView;
