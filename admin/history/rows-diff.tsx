import type { Field, Json, Row } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { useLang } from '../i18n/index.ts';

/** What became of the rows of a child table: which came, went, moved or changed, each known by its id. */
export function RowsDiff({
  field,
  before,
  after,
}: {
  field: Extract<Field, { kind: 'rows' }>;
  before: Json;
  after: Json;
}) {
  const { t, say } = useLang();
  const was = placed(before);
  const is = placed(after);
  const ids = [...new Set([...is.keys(), ...was.keys()])];
  const place = (row: Row | undefined) => Number(row?.$at ?? 0) + 1;
  return (
    <ul className="items-diff">
      {ids.map((id) => {
        const [old, now] = [was.get(id), is.get(id)];
        const columns = Object.entries(field.fields).filter(
          ([name, column]) =>
            !column.readonly && JSON.stringify(old?.[name] ?? null) !== JSON.stringify(now?.[name] ?? null),
        );
        const moved = old && now && old.$at !== now.$at;
        const what =
          old && now
            ? columns.length > 0
              ? t('history.row_changed', { n: place(now) })
              : t('history.row_moved', { from: place(old), to: place(now) })
            : now
              ? t('history.row_added', { n: place(now) })
              : t('history.row_removed', { n: place(old) });
        if (columns.length === 0 && !moved) return null;
        return (
          <li key={String(id)}>
            <span className="muted">{what}</span>
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

/** By id; what has none yet, by its place. The audit says where a row stood, a whole list shows it. */
function placed(value: Json): Map<Json, Row> {
  const rows = Array.isArray(value) ? (value as Row[]) : [];
  return new Map(rows.map((row, at) => [row.id ?? `new ${at}`, { $at: at, ...row }]));
}
