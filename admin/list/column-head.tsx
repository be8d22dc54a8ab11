import type { CrudSort } from '@refinedev/core';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { MetaResource } from '../../api/contract.ts';
import { kindView } from '../fields/kinds.ts';
import { useLang } from '../i18n/index.ts';
import { Icon } from '../ui/icon.tsx';
import { type ColumnShape, cellShape, clampWidth } from './column-shape.ts';

const STEP = 20;

/**
 * The head of a column: a click sorts, its right edge is dragged to make it wider. With the focus on it, Alt and an arrow
 * do the same as dragging, and with Shift the column moves.
 */
export function ColumnHead({
  name,
  index,
  resource,
  sort,
  shape,
  onSort,
  onWidth,
  onMove,
}: {
  name: string;
  index: number;
  resource: MetaResource;
  sort: readonly CrudSort[];
  shape: ColumnShape;
  onSort?(sort: CrudSort[]): void;
  onWidth?(name: string, width: number): void;
  onMove?(name: string, step: -1 | 1): void;
}) {
  const { t, say } = useLang();
  const cell = useRef<HTMLTableCellElement>(null);
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
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (!event.altKey || !step) return;
    event.preventDefault();
    if (event.shiftKey) onMove?.(name, step);
    else onWidth?.(name, clampWidth((cell.current?.offsetWidth ?? 0) + step * STEP));
  };
  const { className, style } = cellShape(shape, name, index, view.align === 'right' && 'right');
  return (
    <th
      ref={cell}
      scope="col"
      className={className}
      style={style ?? (view.width ? { width: view.width } : undefined)}
      aria-sort={order ? (order === 'asc' ? 'ascending' : 'descending') : undefined}
      onKeyDown={onWidth ? onKey : undefined}
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
      {onWidth ? (
        <span
          className="column-edge"
          aria-hidden="true"
          onPointerDown={(event) => dragEdge(event, cell.current, (width) => onWidth(name, width))}
        />
      ) : null}
    </th>
  );
}

/** The column follows the pointer; its width is kept when the pointer lets go. */
function dragEdge(event: PointerEvent<HTMLElement>, cell: HTMLElement | null, done: (width: number) => void): void {
  if (!cell) return;
  event.preventDefault();
  const edge = event.currentTarget;
  const from = event.clientX;
  const before = cell.offsetWidth;
  let width = before;
  edge.setPointerCapture(event.pointerId);
  const move = (moved: globalThis.PointerEvent) => {
    width = clampWidth(before + moved.clientX - from);
    cell.style.width = `${width}px`;
    cell.style.minWidth = `${width}px`;
  };
  const end = () => {
    edge.removeEventListener('pointermove', move);
    cell.style.minWidth = '';
    if (width !== before) done(width);
  };
  edge.addEventListener('pointermove', move);
  edge.addEventListener('lostpointercapture', end, { once: true });
}

const isSortable = (kind: string): boolean =>
  !['items', 'predicate', 'layout', 'json', 'password', 'tags', 'choices', 'refs', 'rows'].includes(kind);
