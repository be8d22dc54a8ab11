import type { Json } from '../../../api/contract.ts';
import { useLang } from '../../i18n/index.ts';
import { FieldCell } from '../cell.tsx';
import { FlowPicture } from '../flow.tsx';
import type { CellProps, FieldKindView } from '../kind.ts';

/** A list of small records: how many in a list, a table of them on the record's page. */
function ItemsCell({ field, value, full }: CellProps) {
  const { t, say } = useLang();
  const rows = Array.isArray(value) ? (value as { [name: string]: Json }[]) : [];
  if (!full || field.kind !== 'items') return <span className="muted">{t('items.count', { n: rows.length })}</span>;
  if (field.flow) return <FlowPicture field={field} steps={rows} />;
  const columns = Object.entries(field.fields);
  return (
    <div className="table-scroll">
      <table className="items-view">
        <thead>
          <tr>
            <th scope="col">#</th>
            {columns.map(([name, column]) => (
              <th key={name} scope="col">
                {say(column.label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the order is what the record says.
            <tr key={at}>
              <td className="muted">{at + 1}</td>
              {columns.map(([name, column]) => (
                <td key={name} data-label={say(column.label)}>
                  <FieldCell field={column} value={row[name]} full />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export default { Cell: ItemsCell, operators: [], width: 90 } satisfies FieldKindView;
