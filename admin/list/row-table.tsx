/**
 * The rows. A plain table: 25 rows stand in one commit and 100 scroll without stutter. The first column is the link of
 * the row; clicking anywhere else in it does the same for the mouse.
 */
import './row-notes.css';
import type { CrudSort } from '@refinedev/core';
import { memo, type Ref } from 'react';
import { Link } from 'react-router';
import type { Json, MetaResource, RelationLabels, Row } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { kindView } from '../fields/kinds.ts';
import { useLang } from '../i18n/index.ts';
import { approachRecord, keepGlance, leaveRecord } from '../refine/ahead.ts';
import { Icon } from '../ui/icon.tsx';
import { ToneMark } from './tone-mark.tsx';
import type { Sums } from './use-sums.ts';

export type Density = 'comfortable' | 'compact';

export function RowTable({
  ref,
  resource,
  columns,
  rows,
  sums,
  sort,
  density,
  size,
  busy,
  onSort,
  onOpen,
}: {
  ref?: Ref<HTMLTableElement>;
  resource: MetaResource;
  columns: readonly string[];
  /** Absent while the first rows are on their way. */
  rows: readonly Row[] | undefined;
  /** Over every row of the list, by column. */
  sums?: Sums;
  sort: readonly CrudSort[];
  density: Density;
  size: number;
  busy: boolean;
  onSort?(sort: CrudSort[]): void;
  onOpen(id: Json | undefined): void;
}) {
  const { t, say } = useLang();
  return (
    <div className="table-scroll" aria-busy={busy}>
      {busy && rows ? <span className="progress-line" /> : null}
      <table className={`rows rows-${density}`} ref={ref}>
        <caption className="visually-hidden">{say(resource.label)}</caption>
        <thead>
          <tr>
            {columns.map((name) => (
              <Head key={name} name={name} resource={resource} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows
            ? rows.map((row) => (
                <TableRow key={String(row.id)} resource={resource} columns={columns} row={row} onOpen={onOpen} />
              ))
            : Array.from({ length: Math.min(size, 12) }, (_, line) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: grey bars.
                <tr key={line} className="row-waiting">
                  {columns.map((name, column) => (
                    <td key={name}>
                      <span className="skeleton-line" style={{ width: `${78 - ((line * 17 + column * 29) % 45)}%` }} />
                      {line === 0 && column === 0 ? <span className="visually-hidden">{t('loading')}</span> : null}
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
        {sums && rows ? <SumRow resource={resource} columns={columns} sums={sums} /> : null}
      </table>
    </div>
  );
}

function Head({
  name,
  resource,
  sort,
  onSort,
}: {
  name: string;
  resource: MetaResource;
  sort: readonly CrudSort[];
  onSort?(sort: CrudSort[]): void;
}) {
  const { t, say } = useLang();
  const field = resource.fields[name];
  if (!field) return null;
  const view = kindView(field.kind);
  const position = sort.findIndex((sorter) => sorter.field === name);
  const order = sort[position]?.order;
  const sortable = onSort && isSortable(field.kind) && !resource.field_access[name]?.masked;
  const next = (add: boolean): CrudSort[] => {
    const turned: CrudSort = { field: name, order: order === 'asc' ? 'desc' : 'asc' };
    if (!add) return [turned];
    return position < 0 ? [...sort, turned] : sort.map((sorter, at) => (at === position ? turned : sorter));
  };
  return (
    <th
      scope="col"
      className={view.align === 'right' ? 'right' : undefined}
      style={view.width ? { width: view.width } : undefined}
      aria-sort={order ? (order === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      {sortable ? (
        <button
          type="button"
          className="sort"
          title={t('list.sort_hint')}
          onClick={(event) => onSort(next(event.shiftKey))}
        >
          <span>{say(field.label)}</span>
          <span className={order ? 'sort-on' : 'sort-off'}>
            <Icon name={order === 'desc' ? 'down' : order === 'asc' ? 'up' : 'sort'} size={12} />
            {order && sort.length > 1 ? <small>{position + 1}</small> : null}
          </span>
        </button>
      ) : (
        say(field.label)
      )}
    </th>
  );
}

function SumRow({ resource, columns, sums }: { resource: MetaResource; columns: readonly string[]; sums: Sums }) {
  const { t, say } = useLang();
  return (
    <tfoot>
      <tr className="sum-row">
        {columns.map((name, index) => {
          const field = resource.fields[name];
          if (!field) return null;
          const right = kindView(field.kind).align === 'right' ? 'right' : undefined;
          const value = sums[name];
          return index === 0 ? (
            <th key={name} scope="row">
              <span className="muted">{t('list.sum')}</span>{' '}
              {value === undefined ? null : <FieldCell field={field} value={value} />}
            </th>
          ) : (
            <td
              key={name}
              className={right}
              data-label={say(field.label)}
              data-empty={value === undefined || undefined}
            >
              {value === undefined ? null : <FieldCell field={field} value={value} />}
            </td>
          );
        })}
      </tr>
    </tfoot>
  );
}

const isSortable = (kind: string): boolean =>
  !['items', 'predicate', 'json', 'password', 'tags', 'choices', 'refs'].includes(kind);

const TableRow = memo(function TableRow({
  resource,
  columns,
  row,
  onOpen,
}: {
  resource: MetaResource;
  columns: readonly string[];
  row: Row;
  onOpen(id: Json | undefined): void;
}) {
  const { say } = useLang();
  const labels = row.$labels as RelationLabels | undefined;
  const tone = resource.list.tones?.[String(row.$tone)];
  return (
    <tr
      data-id={String(row.id)}
      className={tone ? `row-tone tone-${tone.tone}` : undefined}
      onPointerEnter={() => approachRecord(resource, row.id)}
      onPointerLeave={leaveRecord}
      onFocus={() => approachRecord(resource, row.id)}
      onClick={(event) => {
        keepGlance(resource, row);
        // Not when a link was meant, a word is being selected, or a modifier asks for another tab.
        if ((event.target as Element).closest('a, button') || String(getSelection())) return;
        onOpen(row.id);
      }}
    >
      {columns.map((name, index) => {
        const field = resource.fields[name];
        if (!field) return null;
        const cell = <FieldCell field={field} value={row[name]} label={labels?.[name]} />;
        const right = kindView(field.kind).align === 'right' ? 'right' : undefined;
        if (index > 0) {
          return (
            <td key={name} className={right} data-label={say(field.label)}>
              {cell}
            </td>
          );
        }
        return (
          <th scope="row" key={name} className={right}>
            <Link className="row-link" to={`/${resource.name}/${String(row.id)}`}>
              {field.kind === 'ref' ? String(labels?.[name] ?? `#${String(row[name])}`) : cell}
              {tone ? <ToneMark tone={tone} /> : null}
            </Link>
          </th>
        );
      })}
    </tr>
  );
});
