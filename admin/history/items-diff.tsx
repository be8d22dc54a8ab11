import type { Field, Json } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { useLang } from '../i18n/index.ts';

type Item = { [name: string]: Json };

/** A list inside a record: rows that came, went, or changed, by their place. */
export function ItemsDiff({
  field,
  before,
  after,
}: {
  field: Extract<Field, { kind: 'items' }>;
  before: Json;
  after: Json;
}) {
  const { t, say } = useLang();
  const was = rowsOf(before);
  const is = rowsOf(after);
  const rows = Array.from({ length: Math.max(was.length, is.length) }, (_, at) => ({ at, old: was[at], now: is[at] }));
  return (
    <ul className="items-diff">
      {rows.map(({ at, old, now }) => {
        const columns = Object.entries(field.fields).filter(
          ([name]) => JSON.stringify(old?.[name] ?? null) !== JSON.stringify(now?.[name] ?? null),
        );
        if (columns.length === 0) return null;
        const what = old && now ? 'history.row_changed' : now ? 'history.row_added' : 'history.row_removed';
        return (
          <li key={at}>
            <span className="muted">{t(what, { n: at + 1 })}</span>
            <dl>
              {columns.map(([name, column]) => (
                <div key={name}>
                  <dt>{say(column.label)}</dt>
                  <dd>
                    {old ? (
                      <del>
                        <FieldCell field={column} value={old[name]} full />
                      </del>
                    ) : null}
                    {old && now ? <span className="diff-arrow">→</span> : null}
                    {now ? (
                      <ins>
                        <FieldCell field={column} value={now[name]} full />
                      </ins>
                    ) : null}
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        );
      })}
    </ul>
  );
}

const rowsOf = (value: Json): Item[] => (Array.isArray(value) ? (value as Item[]) : []);
