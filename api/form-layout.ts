/**
 * A form as staff laid it out, over a definition. Pure: the server checks what is saved by it, the editor shows it before it
 * is saved. Fields that the layout does not name stay, at the end of the section they were in.
 */
import type { Field, FormLayout, Resource, Section } from './contract.ts';

type Form = Pick<Resource, 'fields' | 'form' | 'form_tabs'>;

/** @returns a definition with its labels, sections and what must be filled in changed; the given one stays as it is */
export function applyLayout<R extends Form>(resource: R, layout: FormLayout): R {
  const fields: { [name: string]: Field } = { ...resource.fields };
  for (const [name, change] of Object.entries(layout.fields ?? {})) {
    const field = Object.hasOwn(fields, name) ? fields[name]! : undefined;
    if (!field) continue;
    fields[name] = {
      ...field,
      ...(change.label ? { label: change.label } : {}),
      ...(change.required ? { required: true } : {}),
      ...(change.default !== undefined ? { default: change.default } : {}),
    };
  }
  return { ...resource, fields, form: sectionsOf(resource, layout), form_tabs: layout.tabs || undefined };
}

/** Fields that the layout says are only read. */
export function lockedBy(layout: FormLayout): ReadonlySet<string> {
  const changes = Object.entries(layout.fields ?? {});
  return new Set(changes.filter(([, change]) => change.readonly).map(([name]) => name));
}

/** The sections of a form that has none said: one with every field that can be written. */
export function plainSections({ fields, form }: Form, label: Section['label']): readonly Section[] {
  if (form) return form;
  const names = Object.entries(fields).filter(([, field]) => !field.readonly && !field.left_out?.includes('form'));
  return [{ name: 'all', label, fields: names.map(([name]) => name) }];
}

function sectionsOf(resource: Form, layout: FormLayout): readonly Section[] | undefined {
  const hidden = (name: string) => layout.fields?.[name]?.hidden === true;
  const shown = (sections: readonly Section[]) =>
    sections.map((section) => ({ ...section, fields: linesWithout(section.fields, hidden) }));
  if (!layout.sections) return resource.form && shown(resource.form);
  const known = (name: string) => Object.hasOwn(resource.fields, name);
  const placed = new Set(layout.sections.flatMap((section) => section.fields.flat()));
  const sections = layout.sections.map((section) => ({
    ...section,
    fields: linesWithout(section.fields, (name) => !known(name)),
  }));
  for (const section of resource.form ?? []) {
    const missing = section.fields.flat().filter((name) => !placed.has(name));
    if (missing.length === 0) continue;
    const at = sections.findIndex((each) => each.name === section.name);
    if (at < 0) sections.push({ ...section, fields: missing });
    else sections[at] = { ...sections[at]!, fields: [...sections[at]!.fields, ...missing] };
  }
  return shown(sections).filter((section) => section.fields.length > 0);
}

function linesWithout(lines: Section['fields'], without: (name: string) => boolean): Section['fields'] {
  return lines.flatMap((line): Section['fields'] => {
    if (typeof line === 'string') return without(line) ? [] : [line];
    const kept = line.filter((name) => !without(name));
    return kept.length > 1 ? [kept] : kept;
  });
}
