import { memo, type RefObject } from 'react';
import type { Field, Json, PredicateContext, RelationLabel, Row } from '../../../api/contract.ts';
import type { Moment } from '../../../api/predicate.ts';
import { fieldStates } from '../../form/field-states.ts';
import { useLang } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { FieldCell } from '../cell.tsx';
import { kindInput, kindView } from '../kinds.ts';
import { RowChoice } from './row-choice.tsx';

/** What a row tells the list it stands in. The same object for the life of the list, so that rows need not be drawn again. */
export interface RowHands {
  set(key: string, name: string, value: Json): void;
  move(key: string, by: number): void;
  remove(key: string): void;
  /** Opens the row for typing. */
  open(key: string, name?: string): void;
  /** On to the same column of the next row; after the last one, to a new row. */
  below(key: string, name: string): void;
  step(key: string, by: number): void;
  label(path: string, label: RelationLabel): void;
  dragged: RefObject<string | null>;
  drop(key: string): void;
}

interface Props {
  id: string;
  name: string;
  resource: string;
  row: Row;
  rowKey: string;
  at: number;
  last: boolean;
  fields: readonly (readonly [string, Field])[];
  all: { [name: string]: Field };
  /** Its controls are there; otherwise it shows its values. */
  open: boolean;
  /** The one row that the tab key reaches while none is open. */
  current: boolean;
  disabled: boolean;
  errors: { [name: string]: string } | undefined;
  labels: { [name: string]: { [id: string]: string } } | undefined;
  conditions: { context: PredicateContext; moment: Moment; record: Row } | null;
  record: Row | undefined;
  hands: RowHands;
}

/** Enter in one of these goes on; in a list it chooses. */
const LINE_INPUT = 'input:not([role="combobox"], [type="checkbox"])';

/** One row of a child table. */
export const RowLine = memo(function RowLine(props: Props) {
  const { row, rowKey, at, last, fields, all, open, current, disabled, errors, conditions, hands } = props;
  const { t, say } = useLang();
  const states = conditions
    ? fieldStates(all, row, { context: conditions.context, moment: conditions.moment, around: conditions.record })
    : null;
  const wrong = errors && Object.keys(errors).length > 0;
  return (
    <tr
      data-key={rowKey}
      className={[open ? 'row-open' : 'row-closed', wrong ? 'row-wrong' : ''].join(' ')}
      tabIndex={!open && !disabled ? (current ? 0 : -1) : undefined}
      aria-rowindex={at + 2}
      aria-label={open ? undefined : t('rows.edit_row', { n: at + 1 })}
      onClick={(event) => {
        if (open || disabled || (event.target as Element).closest('a, button')) return;
        hands.open(rowKey, (event.target as Element).closest<HTMLElement>('td[data-name]')?.dataset.name);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open) return hands.step(rowKey, 0);
        const cell = (event.target as Element).closest<HTMLElement>('td[data-name]');
        if (event.key === 'Enter' && cell?.dataset.name && (event.target as Element).matches(LINE_INPUT)) {
          event.preventDefault();
          return hands.below(rowKey, cell.dataset.name);
        }
        if (event.target !== event.currentTarget) return;
        if (event.key === 'Enter' || event.key === 'F2') hands.open(rowKey);
        else if (event.key === 'ArrowDown') hands.step(rowKey, 1);
        else if (event.key === 'ArrowUp') hands.step(rowKey, -1);
        else return;
        event.preventDefault();
      }}
      onDragOver={(event) => hands.dragged.current !== null && event.preventDefault()}
      onDrop={() => hands.drop(rowKey)}
    >
      <td className="row-number">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dragging is the extra; the buttons move rows too. */}
        <span
          className="items-handle"
          draggable={!disabled}
          title={t('items.drag')}
          onDragStart={() => {
            hands.dragged.current = rowKey;
          }}
          onDragEnd={() => {
            hands.dragged.current = null;
          }}
        >
          <Icon name="drag" size={14} />
        </span>
        {at + 1}
        {errors?.[''] ? <p className="field-error">{errors['']}</p> : null}
      </td>
      {fields.map(([name, field]) => (
        <RowCell
          key={name}
          {...props}
          name={name}
          list={props.name}
          field={field}
          value={states ? states.effective[name] : row[name]}
          shown={!states || states.shown(name)}
          locked={Boolean(field.readonly) || Boolean(states?.locked(name)) || (field.frozen === true && row.id != null)}
          required={states ? states.required(name) : Boolean(field.required)}
          label={say(field.label)}
        />
      ))}
      <td className="row-tools">
        <Button
          tone="quiet"
          small
          icon="up"
          tabIndex={open ? undefined : -1}
          aria-label={t('move.up', { label: at + 1 })}
          disabled={disabled || at === 0}
          onClick={() => hands.move(rowKey, -1)}
        />
        <Button
          tone="quiet"
          small
          icon="down"
          tabIndex={open ? undefined : -1}
          aria-label={t('move.down', { label: at + 1 })}
          disabled={disabled || last}
          onClick={() => hands.move(rowKey, 1)}
        />
        <Button
          tone="quiet"
          small
          icon="delete"
          tabIndex={open ? undefined : -1}
          aria-label={t('rows.remove', { n: at + 1 })}
          disabled={disabled}
          onClick={() => hands.remove(rowKey)}
        />
      </td>
    </tr>
  );
});

function RowCell({
  id,
  list,
  name,
  field,
  value,
  resource,
  row,
  rowKey,
  at,
  open,
  shown,
  locked,
  required,
  disabled,
  errors,
  labels,
  record,
  label,
  hands,
}: Props & {
  list: string;
  field: Field;
  value: Json | undefined;
  shown: boolean;
  locked: boolean;
  required: boolean;
  label: string;
}) {
  const { t } = useLang();
  const right = kindView(field.kind).align === 'right' ? 'right' : undefined;
  const error = errors?.[name];
  const titles = labels?.[name];
  const title = titles && (field.kind === 'ref' ? titles[String(value)] : titles);
  // Seen where the head of the table is not.
  const said = required && !locked ? `${label} *` : label;
  if (!shown) return <td data-label={label} data-empty className={right} />;
  if (!open || locked) {
    return (
      <td data-name={name} data-label={said} className={right}>
        <span className="row-value">
          <FieldCell field={field} value={value} label={title} />
        </span>
        {error ? <p className="field-error">{error}</p> : null}
      </td>
    );
  }
  const Input = field.kind === 'choice' ? RowChoice : kindInput(field.kind === 'longtext' ? 'text' : field.kind);
  const cell = `${id}-${at}-${name}`;
  return (
    <td data-name={name} data-label={said} className={`field-${field.kind}`}>
      <label className="visually-hidden" htmlFor={cell}>
        {t('rows.cell', { label, n: at + 1 })}
        {required ? t('form.required') : ''}
      </label>
      <Input
        id={cell}
        name={name}
        path={`${list}.${name}`}
        field={field}
        value={value}
        label={title}
        resource={resource}
        disabled={disabled}
        invalid={Boolean(error)}
        describedBy={error ? `${cell}-error` : undefined}
        record={record ? { ...record, ...row } : row}
        onChange={(next) => hands.set(rowKey, name, next)}
        onLabel={(text, chosen) =>
          hands.label(`${list}.${name}`, typeof text === 'string' ? { [String(chosen)]: text } : text)
        }
      />
      {error ? (
        <p className="field-error" id={`${cell}-error`}>
          {error}
        </p>
      ) : null}
    </td>
  );
}
