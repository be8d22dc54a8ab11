import { useEffect, useId, useState } from 'react';
import type { Field, Json } from '../../api/contract.ts';
import { hasInput, kindInput, loadInputs } from '../fields/kinds.ts';
import { kindsIn } from '../form/kinds-in.ts';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import type { FieldChange } from './layout-moves.ts';

/** Kinds whose value is too much for a default. */
const NO_DEFAULT = ['items', 'rows', 'predicate', 'layout', 'json', 'password', 'refs', 'ref'];

/** One field of the form that is being laid out: where it goes, and behind the gear what it is called and asks for. */
export function LayoutField({
  name,
  field,
  resource,
  change,
  beside,
  joinable,
  first,
  last,
  open,
  disabled,
  error,
  onOpen,
  onMove,
  onJoin,
  onChange,
  onDragStart,
  onDropBefore,
}: {
  name: string;
  /** As it is without the layout. */
  field: Field;
  resource: string;
  change: FieldChange;
  beside: boolean;
  joinable: boolean;
  first: boolean;
  last: boolean;
  open: boolean;
  disabled?: boolean;
  error?: string;
  onOpen(): void;
  onMove(by: -1 | 1): void;
  onJoin(): void;
  onChange(change: FieldChange): void;
  onDragStart(): void;
  onDropBefore(): void;
}) {
  const { t, say } = useLang();
  const id = useId();
  const label = say(change.label ?? field.label);
  const marks = [
    field.required || change.required ? t('layout.required') : null,
    change.readonly ? t('layout.readonly') : null,
    change.hidden ? t('layout.hidden') : null,
    change.label ? t('layout.renamed') : null,
    change.default !== undefined ? t('layout.default') : null,
  ].filter((mark) => mark !== null);
  return (
    <li
      className={`layout-field${beside ? ' layout-beside' : ''}${change.hidden ? ' layout-hidden' : ''}`}
      data-row={name}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.stopPropagation();
        onDropBefore();
      }}
    >
      <div className="layout-row">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dragging is the extra; the buttons move fields too. */}
        <span
          className="items-handle"
          draggable={!disabled}
          title={t('items.drag')}
          onDragStart={(event) => {
            event.dataTransfer.setData('text/plain', name);
            onDragStart();
          }}
        >
          <Icon name="drag" />
        </span>
        <span className="layout-label">
          {label}
          {marks.map((mark) => (
            <span key={mark} className="layout-mark">
              {mark}
            </span>
          ))}
        </span>
        <Button
          small
          tone="quiet"
          icon="columns"
          data-move="join"
          aria-pressed={beside}
          aria-label={t('layout.beside', { label })}
          title={t('layout.beside', { label })}
          disabled={disabled || !joinable}
          onClick={onJoin}
        />
        <Button
          small
          tone="quiet"
          icon="up"
          data-move="up"
          aria-label={t('move.up', { label })}
          disabled={disabled || first}
          onClick={() => onMove(-1)}
        />
        <Button
          small
          tone="quiet"
          icon="down"
          data-move="down"
          aria-label={t('move.down', { label })}
          disabled={disabled || last}
          onClick={() => onMove(1)}
        />
        <Button
          small
          tone="quiet"
          icon="settings"
          aria-expanded={open}
          aria-controls={`${id}-panel`}
          aria-label={t('layout.settings', { label })}
          onClick={onOpen}
        />
      </div>
      {error ? <p className="field-error">{error}</p> : null}
      {open ? (
        <div className="layout-setup" id={`${id}-panel`}>
          {([0, 1] as const).map((lang) => (
            <div key={lang} className="field">
              <label htmlFor={`${id}-label-${lang}`}>{t(lang === 0 ? 'layout.label_zh' : 'layout.label_en')}</label>
              <input
                id={`${id}-label-${lang}`}
                className="input"
                value={change.label?.[lang] ?? ''}
                placeholder={field.label[lang]}
                maxLength={60}
                disabled={disabled}
                onChange={(event) => onChange({ label: relabelled(field, change, lang, event.target.value) })}
              />
            </div>
          ))}
          <div className="layout-checks">
            <Check
              label={t('layout.required')}
              checked={Boolean(field.required || change.required)}
              disabled={disabled || field.required || field.readonly}
              onChange={(on) => onChange({ required: on || undefined })}
            />
            <Check
              label={t('layout.readonly')}
              checked={Boolean(field.readonly || change.readonly)}
              disabled={disabled || field.readonly}
              onChange={(on) => onChange({ readonly: on || undefined })}
            />
            <Check
              label={t('layout.hidden')}
              checked={change.hidden === true}
              disabled={disabled}
              onChange={(on) => onChange({ hidden: on || undefined })}
            />
          </div>
          {NO_DEFAULT.includes(field.kind) || field.readonly || field.unique ? null : (
            <Default
              id={`${id}-default`}
              name={name}
              field={field}
              resource={resource}
              value={change.default}
              disabled={disabled}
              onChange={(value) => onChange({ default: value ?? undefined })}
            />
          )}
        </div>
      ) : null}
    </li>
  );
}

/** A name in one language; the other keeps what the field is called until it has one too. */
function relabelled(field: Field, change: FieldChange, lang: 0 | 1, text: string): FieldChange['label'] {
  const own: [string, string] = [change.label?.[0] ?? field.label[0], change.label?.[1] ?? field.label[1]];
  own[lang] = text || field.label[lang];
  return own[0] === field.label[0] && own[1] === field.label[1] ? undefined : own;
}

function Check({
  label,
  checked,
  disabled,
  onChange,
}: {
  label: string;
  checked: boolean;
  disabled?: boolean;
  onChange(on: boolean): void;
}) {
  return (
    <label className="layout-check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
    </label>
  );
}

function Default({
  id,
  name,
  field,
  resource,
  value,
  disabled,
  onChange,
}: {
  id: string;
  name: string;
  field: Field;
  resource: string;
  value: Json | undefined;
  disabled?: boolean;
  onChange(value: Json): void;
}) {
  const { t } = useLang();
  const [ready, setReady] = useState(hasInput(field.kind));
  useEffect(() => {
    if (!ready) void loadInputs(kindsIn([field])).then(() => setReady(true));
  }, [ready, field]);
  if (!ready) return null;
  const Input = kindInput(field.kind);
  return (
    <div className="field">
      <label htmlFor={id}>{t('layout.default')}</label>
      <Input
        id={id}
        name={name}
        field={field}
        value={value ?? (field.default as Json | undefined) ?? null}
        resource={resource}
        disabled={disabled}
        onChange={onChange}
      />
    </div>
  );
}
