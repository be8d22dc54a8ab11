/** A form rearranged: its sections and fields at the left, the form itself as it will be at the right. */
import './layout.css';
import { useMemo, useRef, useState } from 'react';
import type { FormLayout, MetaResource } from '../../api/contract.ts';
import { applyLayout, lockedBy, plainSections } from '../../api/form-layout.ts';
import { useLang } from '../i18n/index.ts';
import { Button } from '../ui/button.tsx';
import { LayoutField } from './layout-field.tsx';
import {
  addSection,
  canJoin,
  changeField,
  columnsOf,
  dropField,
  joinField,
  linesOf,
  moveField,
  moveSection,
  reflow,
  relabelSection,
  removeSection,
  type Sections,
} from './layout-moves.ts';
import { LayoutPreview } from './layout-preview.tsx';

export default function LayoutEditor({
  id,
  resource,
  layout,
  errors,
  disabled,
  onChange,
}: {
  id: string;
  /** As this person has it, a layout of theirs applied. */
  resource: MetaResource;
  layout: FormLayout;
  /** By path inside the layout. */
  errors: { [path: string]: string };
  disabled?: boolean;
  onChange(layout: FormLayout): void;
}) {
  const { t, say } = useLang();
  const root = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const dragged = useRef<string | null>(null);
  const base = useMemo(() => baseOf(resource), [resource]);
  const laid = useMemo(() => laidOver(base, layout), [base, layout]);
  const sections: Sections = useMemo(() => {
    // What is hidden stays in its place here, to be shown again.
    const shown = applyLayout(base, { ...layout, fields: undefined });
    const placed = plainSections(shown, base.label);
    // A section that is still empty is no section of the form yet, but one of the editor.
    const empty = (layout.sections ?? []).filter((section) => section.fields.length === 0);
    return [...placed, ...empty.filter((section) => !placed.some((each) => each.name === section.name))];
  }, [base, layout]);
  const set = (next: Sections) => onChange({ ...layout, sections: next });
  const labelOf = (name: string) => say(layout.fields?.[name]?.label ?? base.fields[name]?.label ?? [name, name]);

  /** The control that moved something keeps the focus, wherever it went. */
  const moved = (next: Sections, key: string, words: string) => {
    set(next);
    setSaid(words);
    const control = (document.activeElement as HTMLElement | null)?.dataset.move;
    requestAnimationFrame(() => {
      const row = root.current?.querySelector(`[data-row="${CSS.escape(key)}"]`);
      const again = row?.querySelector<HTMLElement>(`[data-move="${control}"]:not(:disabled)`);
      (again ?? row?.querySelector<HTMLElement>('[data-move]:not(:disabled)'))?.focus();
    });
  };
  const placed = (next: Sections, name: string): string => {
    const at = next.findIndex((section) => linesOf(section).flat().includes(name));
    return t('layout.moved', { field: labelOf(name), section: at < 0 ? '' : say(next[at]!.label) });
  };

  return (
    <div className="layout-editor" id={id} ref={root}>
      <div className="layout-side">
        <div className="layout-bar">
          <label className="layout-check">
            <input
              type="checkbox"
              checked={layout.tabs === true}
              disabled={disabled}
              onChange={(event) => onChange({ ...layout, tabs: event.target.checked || undefined })}
            />
            {t('layout.tabs')}
          </label>
          <Button
            small
            icon="undo"
            why={Object.keys(layout).length === 0 ? t('layout.is_default') : null}
            onClick={() => {
              onChange({});
              setSaid(t('layout.reset_done'));
            }}
          >
            {t('layout.reset')}
          </Button>
        </div>
        <p className="layout-note">{t('layout.no_permission')}</p>
        <div className="visually-hidden" role="status">
          {said}
        </div>
        {errors.sections ? <p className="field-error">{errors.sections}</p> : null}
        {sections.map((section, at) => (
          <section
            key={section.name}
            className="layout-section"
            data-row={`section ${section.name}`}
            aria-label={say(section.label)}
            onDragOver={(event) => dragged.current && event.preventDefault()}
            onDrop={() => {
              if (dragged.current) set(dropField(sections, dragged.current, { section: at, before: null }));
              dragged.current = null;
            }}
          >
            <div className="layout-section-head">
              <div className="layout-names">
                {([0, 1] as const).map((lang) => (
                  <input
                    key={lang}
                    className="input input-small"
                    value={section.label[lang]}
                    maxLength={60}
                    disabled={disabled}
                    aria-label={t(lang === 0 ? 'layout.section_zh' : 'layout.section_en')}
                    aria-invalid={errors[`sections.${at}.label`] ? true : undefined}
                    onChange={(event) => {
                      const { value } = event.target;
                      set(
                        relabelSection(
                          sections,
                          at,
                          lang === 0 ? [value, section.label[1]] : [section.label[0], value],
                        ),
                      );
                    }}
                  />
                ))}
              </div>
              <select
                className="input input-small"
                value={columnsOf(section)}
                disabled={disabled}
                aria-label={t('layout.columns')}
                onChange={(event) => set(reflow(sections, at, Number(event.target.value)))}
              >
                {[1, 2, 3, 4].map((n) => (
                  <option key={n} value={n}>
                    {t('layout.columns_n', { n })}
                  </option>
                ))}
              </select>
              <Button
                small
                tone="quiet"
                icon="up"
                data-move="up"
                aria-label={t('move.up', { label: say(section.label) })}
                disabled={disabled || at === 0}
                onClick={() => moved(moveSection(sections, at, at - 1), `section ${section.name}`, say(section.label))}
              />
              <Button
                small
                tone="quiet"
                icon="down"
                data-move="down"
                aria-label={t('move.down', { label: say(section.label) })}
                disabled={disabled || at === sections.length - 1}
                onClick={() => moved(moveSection(sections, at, at + 1), `section ${section.name}`, say(section.label))}
              />
              <Button
                small
                tone="quiet"
                icon="delete"
                aria-label={t('layout.remove_section', { label: say(section.label) })}
                why={section.fields.length > 0 ? t('layout.not_empty') : null}
                disabled={disabled}
                onClick={() => set(removeSection(sections, at))}
              />
            </div>
            {errors[`sections.${at}.label`] ? <p className="field-error">{errors[`sections.${at}.label`]}</p> : null}
            {section.fields.length === 0 ? <p className="layout-empty">{t('layout.drop_here')}</p> : null}
            <ul>
              {linesOf(section).flatMap((line) =>
                line.map((name, beside) => {
                  const field = base.fields[name];
                  if (!field) return null;
                  return (
                    <LayoutField
                      key={name}
                      name={name}
                      field={field}
                      resource={base.name}
                      change={layout.fields?.[name] ?? {}}
                      beside={beside > 0}
                      joinable={canJoin(sections, name)}
                      first={at === 0 && linesOf(section)[0]?.[0] === name && line.length === 1}
                      last={at === sections.length - 1 && linesOf(section).at(-1)?.[0] === name && line.length === 1}
                      open={open === name}
                      disabled={disabled}
                      error={errorOf(errors, name)}
                      onOpen={() => setOpen(open === name ? null : name)}
                      onMove={(by) => {
                        const next = moveField(sections, name, by);
                        moved(next, name, placed(next, name));
                      }}
                      onJoin={() => set(joinField(sections, name))}
                      onChange={(change) => onChange(changeField(layout, name, change))}
                      onDragStart={() => {
                        dragged.current = name;
                      }}
                      onDropBefore={() => {
                        if (dragged.current) set(dropField(sections, dragged.current, { section: at, before: name }));
                        dragged.current = null;
                      }}
                    />
                  );
                }),
              )}
            </ul>
          </section>
        ))}
        <Button icon="add" disabled={disabled} onClick={() => set(addSection(sections, ['新分组', 'New section']))}>
          {t('layout.add_section')}
        </Button>
      </div>
      <LayoutPreview resource={laid} at={open} />
    </div>
  );
}

/** The form before any layout of the person who edits. */
function baseOf(resource: MetaResource): MetaResource {
  return { ...resource, ...resource.before_layout, before_layout: undefined };
}

function laidOver(base: MetaResource, layout: FormLayout): MetaResource {
  const locked = lockedBy(layout);
  const field_access = Object.fromEntries(
    Object.entries(base.field_access).map(([name, access]) => [
      name,
      locked.has(name) ? { ...access, write: false } : access,
    ]),
  );
  return { ...applyLayout(base, layout), field_access };
}

function errorOf(errors: { [path: string]: string }, name: string): string | undefined {
  return Object.entries(errors).find(([path]) => path === `fields.${name}` || path.startsWith(`fields.${name}.`))?.[1];
}
