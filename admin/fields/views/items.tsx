import { Fragment } from 'react';
import type { Json } from '../../../api/contract.ts';
import { useLang } from '../../i18n/index.ts';
import { FieldCell } from '../cell.tsx';
import type { CellProps, FieldKindView } from '../kind.ts';

/** A list of small records: how many in a list, a table of them on the record's page. */
function ItemsCell({ field, value, full }: CellProps) {
  const { t, say } = useLang();
  const rows = Array.isArray(value) ? (value as { [name: string]: Json }[]) : [];
  if (!full || field.kind !== 'items') return <span className="muted">{t('items.count', { n: rows.length })}</span>;
  const columns = Object.entries(field.fields);
  return (
    <ol className="items-view">
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is what the record says.
        <li key={index}>
          <dl>
            {columns.map(([name, column]) => (
              <Fragment key={name}>
                {row[name] === null || row[name] === undefined || row[name] === '' ? null : (
                  <div>
                    <dt>{say(column.label)}</dt>
                    <dd>
                      <FieldCell field={column} value={row[name]} full />
                    </dd>
                  </div>
                )}
              </Fragment>
            ))}
          </dl>
        </li>
      ))}
    </ol>
  );
}

export default { Cell: ItemsCell, operators: [], width: 90 } satisfies FieldKindView;
