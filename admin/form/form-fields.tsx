import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { MetaResource, Section } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { sendableFields } from './changes.ts';
import { FormField } from './form-field.tsx';
import type { RecordFormState } from './use-record-form.ts';

const sameLabel = (resource: MetaResource, name: string, section: Section): boolean =>
  resource.fields[name]?.label.join() === section.label.join();

/** The form as the definition lays it out; all writable fields in one section where it says nothing. */
export function FormFields({
  resource,
  form,
  idOf,
  cleared,
}: {
  resource: MetaResource;
  form: RecordFormState;
  idOf(path: string): string;
  cleared?: ReadonlySet<string>;
}) {
  const { say } = useLang();
  const offered = (name: string) => !resource.fields[name]?.left_out?.includes('form');
  const sections: readonly Section[] = resource.form ?? [
    { name: 'all', label: resource.label, fields: sendableFields(resource, form.creating).filter(offered) },
  ];
  const shows = (name: string) => {
    const field = resource.fields[name];
    // Nothing to read yet in a new record.
    if (!field || (form.creating && (field.readonly || resource.field_access[name]?.write === false))) return false;
    return form.states.shown(name);
  };
  const shown = sections.flatMap((section) => {
    const lines = section.fields
      .map((line) => (typeof line === 'string' ? [line] : [...line]).filter(shows))
      .filter((line) => line.length > 0);
    return lines.length > 0 ? [{ section, lines }] : [];
  });
  const blocks = shown.map(({ section, lines }) => ({
    name: section.name,
    label: say(section.label),
    wrong: lines.flat().filter((name) => hasError(form.errors, name)).length,
    block: (
      <fieldset key={section.name} className="card form-section">
        <legend>{say(section.label)}</legend>
        {lines.map((line) => (
          <div key={line.join()} className={`form-line form-line-${Math.min(line.length, 4)}`}>
            {line.map((name) => (
              <FormField
                key={name}
                resource={resource}
                name={name}
                form={form}
                idOf={idOf}
                cleared={cleared}
                // A section with one field of its own name need not say it twice.
                unlabelled={lines.length === 1 && line.length === 1 && sameLabel(resource, name, section)}
              />
            ))}
          </div>
        ))}
      </fieldset>
    ),
  }));
  if (!resource.form_tabs || blocks.length < 2) return blocks.map(({ block }) => block);
  return <Tabs blocks={blocks} />;
}

interface Block {
  name: string;
  label: string;
  /** How many of its fields are wrong. */
  wrong: number;
  block: ReactNode;
}

/** One section at a time. All stay in the page, so that nothing that was typed or opened is lost. */
function Tabs({ blocks }: { blocks: readonly Block[] }) {
  const { t } = useLang();
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState(blocks[0]!.name);
  const active = blocks.some((block) => block.name === chosen) ? chosen : blocks[0]!.name;
  useEffect(() => {
    const reveal = (event: Event) => {
      const panel = (event.target as HTMLElement).closest<HTMLElement>('[data-tab]');
      // Before the one who asked gives it the focus.
      if (panel?.dataset.tab) flushSync(() => setChosen(panel.dataset.tab!));
    };
    const element = root.current;
    element?.addEventListener('reveal_tab', reveal);
    return () => element?.removeEventListener('reveal_tab', reveal);
  }, []);
  const step = (by: number) => {
    const at = blocks.findIndex((block) => block.name === active);
    const next = blocks[(at + by + blocks.length) % blocks.length]!;
    setChosen(next.name);
    document.getElementById(`${id}-${next.name}`)?.focus();
  };
  return (
    <div ref={root} className="form-tabs">
      <div
        role="tablist"
        className="form-tab-list"
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') step(1);
          else if (event.key === 'ArrowLeft') step(-1);
        }}
      >
        {blocks.map(({ name, label, wrong }) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={name === active}
            aria-controls={`${id}-${name}-panel`}
            tabIndex={name === active ? 0 : -1}
            onClick={() => setChosen(name)}
          >
            {label}
            {wrong > 0 ? (
              <span className="form-tab-wrong">
                <span aria-hidden="true">{wrong}</span>
                <span className="visually-hidden">{t('form.tab_errors', { n: wrong })}</span>
              </span>
            ) : null}
          </button>
        ))}
      </div>
      {blocks.map(({ name, block }) => (
        <div
          key={name}
          id={`${id}-${name}-panel`}
          role="tabpanel"
          aria-labelledby={`${id}-${name}`}
          data-tab={name}
          hidden={name !== active}
        >
          {block}
        </div>
      ))}
    </div>
  );
}

function hasError(errors: { [path: string]: string }, name: string): boolean {
  return Object.keys(errors).some((path) => path === name || path.startsWith(`${name}.`));
}
