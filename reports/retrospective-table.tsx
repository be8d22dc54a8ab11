/** The tables of a retrospective: a row becomes a card on a phone, each figure under its name. */
import type { ReactNode } from 'react';

export interface Cell {
  /** Its heading. */
  of: string;
  value: ReactNode;
  number?: boolean;
}

/** @param rows the first cell of each names it; `at` is where links and comments find it */
export function Rows({ rows, label }: { rows: readonly { key: string; at?: string; cells: Cell[] }[]; label: string }) {
  const heads = rows[0]?.cells ?? [];
  return (
    <div className="retro-scroll">
      <table className="retro-table" aria-label={label}>
        <thead>
          <tr>
            {heads.map(({ of, number }) => (
              <th key={of} scope="col" className={number ? 'retro-number' : undefined}>
                {of}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, at, cells: [first, ...rest] }) => (
            <tr key={key} id={at}>
              <th scope="row">{first!.value}</th>
              {rest.map(({ of, value, number }) => (
                <td key={of} data-of={of} className={number ? 'retro-number' : undefined}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How much of the greatest it is, to the left of the middle or to the right. */
export function Bar({ value, most }: { value: number; most: number }) {
  const width = most === 0 ? 0 : (Math.abs(value) / most) * 50;
  return (
    <span className="retro-bar" aria-hidden="true">
      <span
        className={value < 0 ? 'retro-bar-less' : 'retro-bar-more'}
        style={{ inlineSize: `${width}%`, insetInlineStart: value < 0 ? `${50 - width}%` : '50%' }}
      />
    </span>
  );
}
