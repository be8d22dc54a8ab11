import { useRef } from 'react';
import type { Json } from '../../../api/contract.ts';
import { fieldStates, isConditional } from '../../form/field-states.ts';
import { useMoment } from '../../form/use-moment.ts';
import { useLang } from '../../i18n/index.ts';
import { useResource } from '../../meta/meta.tsx';
import { behindRow, fieldsContext } from '../../predicate/context.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { FlowPicture } from '../flow.tsx';
import type { InputProps } from '../kind.ts';
import { kindInput } from '../kinds.ts';

type Item = { [name: string]: Json };

/** Ordered small records inside a record: added, removed, moved by button or by dragging the handle. */
export default function ItemsInput({
  id,
  name: own_name,
  field,
  value,
  resource,
  onChange,
  disabled,
  errors,
  record,
}: InputProps) {
  const { t, say } = useLang();
  const keys = useRef<string[]>([]);
  const dragged = useRef<number | null>(null);
  const moment = useMoment();
  const owner = useResource(resource);
  if (field.kind !== 'items') return null;
  const rows = Array.isArray(value) ? (value as Item[]) : [];
  // Keys follow the rows through moves, so that focus and half-typed text stay with their row.
  while (keys.current.length < rows.length) keys.current.push(crypto.randomUUID());
  keys.current.length = rows.length;
  const columns = Object.entries(field.fields);
  const context = isConditional(field.fields)
    ? behindRow(fieldsContext(resource, owner?.fields ?? {}), fieldsContext(own_name, field.fields))
    : null;
  const set = (at: number, name: string, next: Json) =>
    onChange(rows.map((row, index) => (index === at ? { ...row, [name]: next } : row)));
  const move = (from: number, to: number) => {
    if (to < 0 || to >= rows.length || from === to) return;
    onChange(moved(rows, from, to));
    keys.current = moved(keys.current, from, to);
  };
  const blank = (): Item => Object.fromEntries(columns.map(([name, column]) => [name, column.default ?? null]));
  return (
    <div className="items" id={id}>
      <ol>
        {rows.map((row, at) => {
          const states = context ? fieldStates(field.fields, row, { context, moment, around: record }) : null;
          return (
            <li
              key={keys.current[at]}
              onDragOver={(event) => dragged.current !== null && event.preventDefault()}
              onDrop={() => {
                if (dragged.current !== null) move(dragged.current, at);
                dragged.current = null;
              }}
            >
              <div className="items-tools">
                {/* biome-ignore lint/a11y/noStaticElementInteractions: dragging is the extra; the buttons move rows too. */}
                <span
                  className="items-handle"
                  draggable={!disabled}
                  title={t('items.drag')}
                  onDragStart={() => {
                    dragged.current = at;
                  }}
                  onDragEnd={() => {
                    dragged.current = null;
                  }}
                >
                  <Icon name="drag" />
                </span>
                <span className="items-number">{at + 1}</span>
                <Button
                  tone="quiet"
                  small
                  icon="up"
                  aria-label={t('move.up', { label: at + 1 })}
                  disabled={disabled || at === 0}
                  onClick={() => move(at, at - 1)}
                />
                <Button
                  tone="quiet"
                  small
                  icon="down"
                  aria-label={t('move.down', { label: at + 1 })}
                  disabled={disabled || at === rows.length - 1}
                  onClick={() => move(at, at + 1)}
                />
                <Button
                  tone="quiet"
                  small
                  icon="delete"
                  aria-label={t('items.remove', { n: at + 1 })}
                  disabled={disabled}
                  onClick={() => {
                    keys.current.splice(at, 1);
                    onChange(rows.filter((_, index) => index !== at));
                  }}
                />
              </div>
              <div className="items-fields">
                {columns.map(([name, column]) => {
                  if (states && !states.shown(name)) return null;
                  const Input = kindInput(column.kind);
                  const at_id = `${id}-${at}-${name}`;
                  const error = errors?.[`${at}.${name}`];
                  return (
                    <div key={name} className={`field field-${column.kind}`}>
                      <label htmlFor={at_id}>
                        {say(column.label)}
                        {(states ? states.required(name) : column.required) ? <RequiredMark /> : null}
                      </label>
                      <Input
                        id={at_id}
                        name={name}
                        path={`${own_name}.${name}`}
                        field={column}
                        value={row[name]}
                        resource={resource}
                        disabled={disabled || states?.locked(name)}
                        record={{ ...record, ...row }}
                        invalid={Boolean(error)}
                        errors={errorsUnder(errors, `${at}.${name}.`)}
                        describedBy={error ? `${at_id}-error` : undefined}
                        onChange={(next) => set(at, name, next)}
                      />
                      {error ? (
                        <p className="field-error" id={`${at_id}-error`}>
                          {error}
                        </p>
                      ) : null}
                    </div>
                  );
                })}
              </div>
            </li>
          );
        })}
      </ol>
      <Button
        icon="add"
        disabled={disabled || (field.max !== undefined && rows.length >= field.max)}
        onClick={() => onChange([...rows, blank()])}
      >
        {t('items.add')}
      </Button>
      {field.flow && rows.length > 0 ? <FlowPicture field={field} steps={rows} /> : null}
    </div>
  );
}

function RequiredMark() {
  const { t } = useLang();
  return (
    <span className="required" title={t('form.required')}>
      *<span className="visually-hidden">{t('form.required')}</span>
    </span>
  );
}

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

function errorsUnder(errors: InputProps['errors'], prefix: string): InputProps['errors'] {
  const found = Object.entries(errors ?? {}).filter(([path]) => path.startsWith(prefix));
  return found.length ? Object.fromEntries(found.map(([path, text]) => [path.slice(prefix.length), text])) : undefined;
}
