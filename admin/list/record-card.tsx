/** A record as a card: its name as the link, a few of its fields under it. */
import type { DragEventHandler, KeyboardEventHandler, ReactNode } from 'react';
import { Link } from 'react-router';
import type { MetaResource, RelationLabels, Row } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { besideOf } from '../fields/kind.ts';
import { useLang } from '../i18n/index.ts';
import { titleOf } from '../meta/meta.tsx';
import { ToneMark } from './tone-mark.tsx';

export function RecordCard({
  resource,
  row,
  fields,
  tools,
  held,
  describedBy,
  onKeyDown,
  onDragStart,
  onDragEnd,
}: {
  resource: MetaResource;
  row: Row;
  fields: readonly string[];
  /** What can be done with it, at its upper right. */
  tools?: ReactNode;
  /** Picked up, on its way to another place. */
  held?: boolean;
  describedBy?: string;
  onKeyDown?: KeyboardEventHandler;
  onDragStart?: DragEventHandler;
  onDragEnd?: DragEventHandler;
}) {
  const { say, lang } = useLang();
  const labels = row.$labels as RelationLabels | undefined;
  const tone = resource.list.tones?.[String(row.$tone)];
  return (
    <article
      className={`record-card${tone ? ` row-tone tone-${tone.tone}` : ''}${held ? ' record-card-held' : ''}`}
      draggable={onDragStart ? true : undefined}
      onDragStart={onDragStart}
      onDragEnd={onDragEnd}
    >
      <header>
        <Link
          className="row-link"
          to={`/${resource.name}/${String(row.id)}`}
          draggable={false}
          data-card={String(row.id)}
          aria-describedby={describedBy}
          onKeyDown={onKeyDown}
        >
          <span className="cell-text">{titleOf(resource, row, lang)}</span>
          {tone ? <ToneMark tone={tone} /> : null}
        </Link>
        {tools}
      </header>
      {fields.length > 0 ? (
        <dl>
          {fields.map((name) => {
            const field = resource.fields[name];
            const value = row[name];
            if (!field || value === null || value === undefined || value === '') return null;
            return (
              <div key={name}>
                <dt>{say(field.label)}</dt>
                <dd>
                  <FieldCell field={field} value={value} label={labels?.[name]} beside={besideOf(field, row)} />
                </dd>
              </div>
            );
          })}
        </dl>
      ) : null}
    </article>
  );
}
