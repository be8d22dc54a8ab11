import type { Field, Json } from '../../../api/contract.ts';
import { useLang } from '../../i18n/index.ts';
import { FieldCell } from '../cell.tsx';
import { FlowPicture } from '../flow.tsx';
import type { CellProps, FieldKindView } from '../kind.ts';

/** Beyond these a table is wider than any screen, and mostly empty. */
const COLUMNS_MOST = 10;

/** A list of small records: how many in a list, a table of them on the record's page. */
function ItemsCell({ field, value, full }: CellProps) {
  const { t, say } = useLang();
  const rows = Array.isArray(value) ? (value as { [name: string]: Json }[]) : [];
  if (!full || field.kind !== 'items') return <span className="muted">{t('items.count', { n: rows.length })}</span>;
  if (field.flow) return <FlowPicture field={field} steps={rows} />;
  const columns = Object.entries(field.fields);
  if (columns.length > COLUMNS_MOST) return <ItemsList rows={rows} columns={columns} />;
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

/** One under the other, each with what it says and nothing else. */
function ItemsList({ rows, columns }: { rows: readonly { [name: string]: Json }[]; columns: [string, Field][] }) {
  const { say } = useLang();
  const isSaid = (value: Json | undefined) =>
    value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
  return (
    <ol className="items-list">
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the order is what the record says.
        <li key={at}>
          <span className="muted">{at + 1}</span>
          <dl>
            {columns
              .filter(([name]) => isSaid(row[name]))
              .map(([name, column]) => (
                <div key={name}>
                  <dt>{say(column.label)}</dt>
                  <dd>
                    <FieldCell field={column} value={row[name]} full />
                  </dd>
                </div>
              ))}
          </dl>
        </li>
      ))}
    </ol>
  );
}

export default { Cell: ItemsCell, operators: [], width: 90 } satisfies FieldKindView;
