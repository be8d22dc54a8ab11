/**
 * The rows. A plain table: 25 rows stand in one commit and 100 scroll without stutter. The first column is the link of
 * the row; clicking anywhere else in it does the same for the mouse.
 */
import './row-notes.css';
import '../bulk/bulk.css';
import type { CrudSort } from '@refinedev/core';
import { memo, type RefObject, useRef } from 'react';
import { Link } from 'react-router';
import type { Json, MetaResource, RelationLabels, Row } from '../../api/contract.ts';
import { PickBox, PickPage } from '../bulk/pick-box.tsx';
import { isChosen, type Picks } from '../bulk/selection.ts';
import { FieldCell } from '../fields/cell.tsx';
import { besideOf } from '../fields/kind.ts';
import { kindView } from '../fields/kinds.ts';
import { useLang } from '../i18n/index.ts';
import { titleOf } from '../meta/meta.tsx';
import { approachRecord, keepGlance, leaveRecord } from '../refine/ahead.ts';
import { ColumnHead } from './column-head.tsx';
import { type ColumnShape, cellShape, usePinnedOffsets } from './column-shape.ts';
import { ToneMark } from './tone-mark.tsx';
import type { Summing } from './use-sums.ts';

export type Density = 'comfortable' | 'compact';

const PLAIN: ColumnShape = {};

export function RowTable({
  ref,
  resource,
  columns,
  rows,
  summing,
  sort,
  density,
  size,
  busy,
  shape = PLAIN,
  picks,
  onSort,
  onOpen,
  onWidth,
  onMove,
}: {
  ref?: RefObject<HTMLTableElement | null>;
  resource: MetaResource;
  columns: readonly string[];
  /** Absent while the first rows are on their way. */
  rows: readonly Row[] | undefined;
  /** Over every row of the list, by column. */
  summing?: Summing;
  sort: readonly CrudSort[];
  density: Density;
  size: number;
  busy: boolean;
  shape?: ColumnShape;
  /** Where rows can be chosen, to be changed together. */
  picks?: Picks;
  onSort?(sort: CrudSort[]): void;
  onOpen(id: Json | undefined): void;
  onWidth?(name: string, width: number): void;
  onMove?(name: string, step: -1 | 1): void;
}) {
  const { t, say } = useLang();
  const own = useRef<HTMLTableElement>(null);
  usePinnedOffsets(ref ?? own, shape.pinned ?? 0);
  return (
    <div className="table-scroll" aria-busy={busy}>
      {busy && rows ? <span className="progress-line" /> : null}
      <table className={`rows rows-${density}`} ref={ref ?? own}>
        <caption className="visually-hidden">{say(resource.label)}</caption>
        <thead>
          <tr>
            {picks ? (
              <td className={pickClass(shape)}>
                <PickPage state={picks.page} onToggle={picks.togglePage} />
              </td>
            ) : null}
            {columns.map((name, index) => (
              <ColumnHead
                key={name}
                name={name}
                index={index}
                resource={resource}
                sort={sort}
                shape={shape}
                onSort={onSort}
                onWidth={onWidth}
                onMove={onMove}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows
            ? rows.map((row) => (
                <TableRow
                  key={String(row.id)}
                  resource={resource}
                  columns={columns}
                  row={row}
                  shape={shape}
                  chosen={picks ? isChosen(picks.selection, row.id as number) : undefined}
                  onPick={picks?.toggle}
                  onOpen={onOpen}
                />
              ))
            : Array.from({ length: Math.min(size, 12) }, (_, line) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: grey bars.
                <tr key={line} className="row-waiting">
                  {picks ? <td className="pick" /> : null}
                  {columns.map((name, column) => (
                    <td key={name}>
                      <span className="skeleton-line" style={{ width: `${78 - ((line * 17 + column * 29) % 45)}%` }} />
                      {line === 0 && column === 0 ? <span className="visually-hidden">{t('loading')}</span> : null}
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
        {rows && summing && (summing.sums || summing.ask || summing.busy) ? (
          <SumRow resource={resource} columns={columns} summing={summing} shape={shape} pick={picks !== undefined} />
        ) : null}
      </table>
    </div>
  );
}

function SumRow({
  resource,
  columns,
  summing,
  shape,
  pick,
}: {
  resource: MetaResource;
  columns: readonly string[];
  summing: Summing;
  shape: ColumnShape;
  pick: boolean;
}) {
  const { say } = useLang();
  return (
    <tfoot>
      <tr className="sum-row">
        {pick ? <td className={pickClass(shape)} /> : null}
        {columns.map((name, index) => {
          const field = resource.fields[name];
          if (!field) return null;
          const right = kindView(field.kind).align === 'right' && 'right';
          const value = summing.sums?.[name];
          const { className, style } = cellShape(shape, name, index, index > 0 && right);
          return index === 0 ? (
            <th key={name} scope="row" className={className} style={style}>
              <SumHead summing={summing} /> {value === undefined ? null : <FieldCell field={field} value={value} />}
            </th>
          ) : (
            <td
              key={name}
              className={className}
              style={style}
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

/** Over more rows than are counted by themselves somebody has to ask. */
function SumHead({ summing: { ask, busy } }: { summing: Summing }) {
  const { t } = useLang();
  if (ask)
    return (
      <button type="button" className="link sum-ask" title={t('list.sum_hint')} onClick={ask}>
        {t('list.sum_ask')}
      </button>
    );
  return <span className="muted">{t(busy ? 'list.sum_busy' : 'list.sum')}</span>;
}

const pickClass = ({ pinned = 0 }: ColumnShape): string => (pinned > 0 ? 'pick pick-pinned' : 'pick');

const TableRow = memo(function TableRow({
  resource,
  columns,
  row,
  shape,
  chosen,
  onPick,
  onOpen,
}: {
  resource: MetaResource;
  columns: readonly string[];
  row: Row;
  shape: ColumnShape;
  /** Absent where rows cannot be chosen. */
  chosen?: boolean;
  onPick?(id: number, range: boolean): void;
  onOpen(id: Json | undefined): void;
}) {
  const { say, lang } = useLang();
  const labels = row.$labels as RelationLabels | undefined;
  const tone = resource.list.tones?.[String(row.$tone)];
  return (
    <tr
      data-id={String(row.id)}
      className={[tone && `row-tone tone-${tone.tone}`, chosen && 'row-chosen'].filter(Boolean).join(' ') || undefined}
      onPointerEnter={() => !resource.rows_only && approachRecord(resource, row.id)}
      onPointerLeave={leaveRecord}
      onFocus={() => !resource.rows_only && approachRecord(resource, row.id)}
      onClick={(event) => {
        if (resource.rows_only) return;
        keepGlance(resource, row);
        // Not when a link was meant, a word is being selected, or a modifier asks for another tab.
        if ((event.target as Element).closest('a, button, .pick') || String(getSelection())) return;
        onOpen(row.id);
      }}
    >
      {onPick && chosen !== undefined ? (
        <td className={pickClass(shape)}>
          <PickBox id={row.id as number} title={titleOf(resource, row, lang)} chosen={chosen} onToggle={onPick} />
        </td>
      ) : null}
      {columns.map((name, index) => {
        const field = resource.fields[name];
        if (!field) return null;
        const cell = <FieldCell field={field} value={row[name]} label={labels?.[name]} beside={besideOf(field, row)} />;
        const right = kindView(field.kind).align === 'right' && 'right';
        const { className, style } = cellShape(shape, name, index, right);
        if (index > 0) {
          return (
            <td key={name} className={className} style={style} data-label={say(field.label)}>
              {cell}
            </td>
          );
        }
        return (
          <th scope="row" key={name} className={className} style={style}>
            {resource.rows_only ? (
              cell
            ) : (
              <Link className="row-link" to={`/${resource.name}/${String(row.id)}`}>
                {field.kind === 'ref' && row[name] !== null ? String(labels?.[name] ?? `#${String(row[name])}`) : cell}
                {tone ? <ToneMark tone={tone} /> : null}
              </Link>
            )}
          </th>
        );
      })}
    </tr>
  );
});
