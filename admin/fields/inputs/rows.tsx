import '../rows/rows.css';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Json, RelationLabel, Row } from '../../../api/contract.ts';
import { newRow } from '../../form/changes.ts';
import { isConditional } from '../../form/field-states.ts';
import { useMoment } from '../../form/use-moment.ts';
import { useLang } from '../../i18n/index.ts';
import { useResource } from '../../meta/meta.tsx';
import { behindRow, fieldsContext } from '../../predicate/context.ts';
import { Button } from '../../ui/button.tsx';
import { innerLabels } from '../inner-labels.ts';
import type { InputProps } from '../kind.ts';
import { kindView } from '../kinds.ts';
import { type RowHands, RowLine } from '../rows/row-line.tsx';
import { SumLine } from '../rows/sum-line.tsx';
import { useWindow, WINDOW_FROM } from '../rows/use-window.ts';

/** So many rows have their controls from the start; of more only the one that is being edited. */
const OPEN_UP_TO = 20;
/** With more columns than this a line would be longer than any window: each row is a card. */
const COLUMNS_MAX = 8;

/** The rows of a child table: typed into, moved, added, removed; a thousand of them as quick as ten. */
export default function RowsInput(props: InputProps) {
  const { id, name, field, value, resource, onChange, errors, labels, onLabels, record } = props;
  const { t, say } = useLang();
  const moment = useMoment();
  const owner = useResource(resource);
  const rows = useMemo(() => (Array.isArray(value) ? (value as Row[]) : []), [value]);
  const keys = useMemo(() => rows.map(keyOf), [rows]);
  const [active, setActive] = useState<{ key: string; name?: string; typing: boolean } | null>(null);
  const latest = useRef({ rows, onChange, labels, onLabels });
  latest.current = { rows, onChange, labels, onLabels };
  const box = useRef<HTMLDivElement>(null);
  const dragged = useRef<string | null>(null);
  const drawn = useWindow(keys);
  const reveal = useRef(drawn.reveal);
  reveal.current = drawn.reveal;
  const inner = field.kind === 'rows' ? field.fields : {};
  const conditional = isConditional(inner);
  const context = useMemo(() => fieldsContext(name, inner), [name, inner]);
  // What only the server writes has nothing to show before the first save.
  const stored = rows.some((row) => row.id !== null && row.id !== undefined);
  const columns = useMemo(() => Object.entries(inner).filter(([, each]) => stored || !each.readonly), [inner, stored]);
  const byRow = useMemo(() => errorsByRow(errors), [errors]);
  const titles = useMemo(() => innerLabels(name, labels), [name, labels]);
  // Rows look at the record only where something in them follows from it.
  const dependent = conditional || columns.some(([, each]) => 'options' in each && each.options);
  const around = dependent ? record : undefined;
  const conditions = useMemo(() => {
    if (!conditional) return null;
    const whole = behindRow(fieldsContext(resource, owner?.fields ?? {}), context);
    return { context: whole, moment, record: record ?? {} };
  }, [conditional, context, owner, resource, moment, record]);

  const add = (name?: string) => {
    if (latest.current.rows.length >= (field.kind === 'rows' ? (field.max ?? 2000) : 0)) return;
    const writable = Object.entries(inner).filter(([, each]) => !each.readonly);
    const row = newRow(Object.fromEntries(writable.map(([column, each]) => [column, each.default ?? null])) as Row);
    latest.current.rows = [...latest.current.rows, row];
    latest.current.onChange(latest.current.rows as Json);
    setActive({ key: keyOf(row), typing: true, ...(name ? { name } : {}) });
  };
  const adding = useRef(add);
  adding.current = add;

  const hands = useMemo((): RowHands => {
    const change = (next: Row[]) => {
      latest.current.rows = next;
      latest.current.onChange(next as Json);
    };
    const place = (key: string) => latest.current.rows.findIndex((row) => keyOf(row) === key);
    const shift = (from: number, to: number) => {
      if (from < 0 || to < 0 || to >= latest.current.rows.length || from === to) return;
      const next = [...latest.current.rows];
      next.splice(to, 0, ...next.splice(from, 1));
      change(next);
    };
    return {
      set: (key, column, next) =>
        change(latest.current.rows.map((row) => (keyOf(row) === key ? { ...row, [column]: next } : row))),
      move: (key, by) => shift(place(key), place(key) + by),
      remove: (key) => change(latest.current.rows.filter((row) => keyOf(row) !== key)),
      open: (key, column) => setActive({ key, typing: true, ...(column ? { name: column } : {}) }),
      below: (key, column) => {
        const next = latest.current.rows[place(key) + 1];
        if (next) setActive({ key: keyOf(next), typing: true, name: column });
        else adding.current(column);
      },
      step: (key, by) => {
        const next = latest.current.rows[place(key) + by];
        if (next) setActive({ key: keyOf(next), typing: false });
      },
      label: (path, label: RelationLabel) => {
        const known = latest.current.labels?.[path];
        const both = typeof label === 'object' ? { ...(typeof known === 'object' ? known : {}), ...label } : label;
        latest.current.onLabels?.(path, both);
      },
      dragged,
      drop: (key) => {
        if (dragged.current !== null) shift(place(dragged.current), place(key));
        dragged.current = null;
      },
    };
  }, []);

  // The control that was asked for gets the focus once it is there; of a row far away, after scrolling to it.
  useEffect(() => {
    if (!active) return;
    const at = latest.current.rows.findIndex((row) => keyOf(row) === active.key);
    if (at < 0) return;
    if (!box.current?.querySelector(`tr[data-key="${active.key}"]`)) reveal.current(at);
    const frame = requestAnimationFrame(() => {
      const line = box.current?.querySelector<HTMLElement>(`tr[data-key="${active.key}"]`);
      const cell = active.name ? line?.querySelector<HTMLElement>(`td[data-name="${active.name}"]`) : line;
      const control = active.typing
        ? (cell?.querySelector<HTMLElement>(CONTROLS) ?? line?.querySelector<HTMLElement>(CONTROLS))
        : line;
      control?.focus();
    });
    return () => cancelAnimationFrame(frame);
  }, [active]);

  // The summary of errors asks for a place that may not be drawn.
  useEffect(() => {
    const node = box.current;
    const onReveal = (event: Event) => {
      const [at = '', column] = (event as CustomEvent<string>).detail.split('.');
      const row = latest.current.rows[Number(at)];
      if (row) setActive({ key: keyOf(row), typing: true, ...(column ? { name: column } : {}) });
    };
    node?.addEventListener('reveal', onReveal);
    return () => node?.removeEventListener('reveal', onReveal);
  }, []);

  if (field.kind !== 'rows') return null;
  const { max = 2000, sums = [] } = field;
  const disabled = props.disabled ?? false;
  const all_open = rows.length <= OPEN_UP_TO;
  const cards = columns.length > COLUMNS_MAX && rows.length <= WINDOW_FROM;
  const current = active?.key ?? keys[drawn.from];
  return (
    <div className={`rows-input${cards ? ' rows-cards' : ''}`} id={id} ref={box} data-control>
      {rows.length > 0 ? (
        <div
          className={`rows-frame${rows.length > WINDOW_FROM ? ' rows-framed' : ''}`}
          ref={drawn.frame}
          onScroll={drawn.onScroll}
        >
          <table aria-rowcount={rows.length + 1} aria-describedby={props.describedBy}>
            <thead>
              <tr>
                <th scope="col">
                  <span className="visually-hidden">{t('rows.number')}</span>
                </th>
                {columns.map(([column, each]) => (
                  <th
                    key={column}
                    scope="col"
                    className={`column-${each.kind}${kindView(each.kind).align ? ' right' : ''}`}
                  >
                    {say(each.label)}
                    {each.required && !each.readonly ? (
                      <span className="required" aria-hidden="true">
                        *
                      </span>
                    ) : null}
                  </th>
                ))}
                <th scope="col">
                  <span className="visually-hidden">{t('rows.tools')}</span>
                </th>
              </tr>
            </thead>
            <tbody ref={drawn.body}>
              {drawn.above > 0 ? <Gap height={drawn.above} /> : null}
              {rows.slice(drawn.from, drawn.to).map((row, index) => {
                const at = drawn.from + index;
                const key = keys[at]!;
                return (
                  <RowLine
                    key={key}
                    id={id}
                    name={name}
                    resource={resource}
                    row={row}
                    rowKey={key}
                    at={at}
                    last={at === rows.length - 1}
                    fields={columns}
                    all={inner}
                    open={!disabled && (all_open || (active?.key === key && active.typing))}
                    current={current === key}
                    disabled={disabled}
                    errors={byRow.get(at)}
                    labels={titles}
                    conditions={conditions}
                    record={around}
                    hands={hands}
                  />
                );
              })}
              {drawn.below > 0 ? <Gap height={drawn.below} /> : null}
            </tbody>
          </table>
        </div>
      ) : (
        <p className="rows-none muted">{t('rows.none')}</p>
      )}
      <div className="rows-foot">
        <Button icon="add" disabled={disabled || rows.length >= max} onClick={() => add()}>
          {t('rows.add')}
        </Button>
        {rows.length > OPEN_UP_TO ? <span className="muted">{t('rows.count', { n: rows.length })}</span> : null}
        <div className="row-sums" role="status">
          {sums.map((sum) => (
            <SumLine
              key={sum.field}
              sum={sum}
              fields={inner}
              rows={rows}
              record={record}
              disabled={disabled}
              onSpread={(next) => onChange(next as Json)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const CONTROLS = 'input:not([type="hidden"]):not([aria-hidden]), textarea, select, [role="combobox"]';

/** Stored rows are known by their id, new ones by what the form calls them. */
function keyOf(row: Row): string {
  return row.id === null || row.id === undefined ? String(row.$key) : `id-${String(row.id)}`;
}

function Gap({ height }: { height: number }) {
  return (
    <tr className="rows-gap">
      <td colSpan={99} style={{ height }} />
    </tr>
  );
}

/** "2.amount" -> row 2, its field; "2" is about the row itself. */
function errorsByRow(errors: InputProps['errors']): Map<number, { [name: string]: string }> {
  const found = new Map<number, { [name: string]: string }>();
  for (const [path, text] of Object.entries(errors ?? {})) {
    const [at = '', ...rest] = path.split('.');
    const row = found.get(Number(at)) ?? {};
    row[rest.join('.')] = text;
    found.set(Number(at), row);
  }
  return found;
}
