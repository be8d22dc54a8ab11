/** What the editor of a layout does to it. Pure: every step gives a new layout. */
import type { FormLayout, Pair, Section } from '../../api/contract.ts';

export type Sections = readonly Section[];
export type FieldChange = NonNullable<FormLayout['fields']>[string];
/** Where a field stands: its section, its line, its place on the line. */
export interface Place {
  section: number;
  line: number;
  at: number;
}

type Line = readonly string[];

export const linesOf = (section: Section): Line[] =>
  section.fields.map((line) => (typeof line === 'string' ? [line] : line));

const withLines = (section: Section, lines: readonly Line[]): Section => ({
  ...section,
  fields: lines.flatMap((line): Section['fields'] => (line.length > 1 ? [line] : line)),
});

/** Up or down by one line; from the first line of a section to the end of the one before, and so on. */
export function moveField(sections: Sections, name: string, by: -1 | 1): Sections {
  const place = placeOf(sections, name);
  if (!place) return sections;
  const { section, line } = place;
  const lines = linesOf(sections[section]!);
  // Out of a shared line first: above or below it.
  if (lines[line]!.length > 1)
    return insertLine(without(sections, name), { section, line: by < 0 ? line : line + 1 }, name);
  const to = line + by;
  if (to >= 0 && to < lines.length) return insertLine(without(sections, name), { section, line: to }, name);
  const next = section + by;
  if (next < 0 || next >= sections.length) return sections;
  const end = by < 0 ? linesOf(sections[next]!).length : 0;
  return insertLine(without(sections, name), { section: next, line: end }, name);
}

/** To a line of its own before that of `before`, or to the end of the section. */
export function dropField(sections: Sections, name: string, to: { section: number; before: string | null }): Sections {
  if (name === to.before) return sections;
  const rest = without(sections, name);
  const line = to.before === null ? -1 : linesOf(rest[to.section]!).findIndex((each) => each.includes(to.before!));
  return insertLine(rest, { section: to.section, line: line < 0 ? linesOf(rest[to.section]!).length : line }, name);
}

/** Beside the line above, or off it again. */
export function joinField(sections: Sections, name: string): Sections {
  const place = placeOf(sections, name);
  if (!place) return sections;
  const { section, line, at } = place;
  const lines = linesOf(sections[section]!);
  const own = lines[line]!;
  const next =
    at > 0
      ? [...lines.slice(0, line), own.slice(0, at), own.slice(at), ...lines.slice(line + 1)]
      : [...lines.slice(0, Math.max(line - 1, 0)), [...(lines[line - 1] ?? []), ...own], ...lines.slice(line + 1)];
  return replaced(sections, section, withLines(sections[section]!, next));
}

export function canJoin(sections: Sections, name: string): boolean {
  const place = placeOf(sections, name);
  if (!place) return false;
  if (place.at > 0) return true;
  const lines = linesOf(sections[place.section]!);
  return place.line > 0 && lines[place.line - 1]!.length + lines[place.line]!.length <= 4;
}

/** All fields of the section in lines of so many. */
export function reflow(sections: Sections, section: number, columns: number): Sections {
  const names = linesOf(sections[section]!).flat();
  const lines = Array.from({ length: Math.ceil(names.length / columns) }, (_, at) =>
    names.slice(at * columns, (at + 1) * columns),
  );
  return replaced(sections, section, withLines(sections[section]!, lines));
}

export function columnsOf(section: Section): number {
  return Math.max(1, ...linesOf(section).map((line) => line.length));
}

export function moveSection(sections: Sections, from: number, to: number): Sections {
  if (to < 0 || to >= sections.length || from === to) return sections;
  const next = [...sections];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

export function addSection(sections: Sections, label: Pair): Sections {
  let number = sections.length + 1;
  while (sections.some((each) => each.name === `section_${number}`)) number++;
  return [...sections, { name: `section_${number}`, label, fields: [] }];
}

export const removeSection = (sections: Sections, section: number): Sections =>
  sections.filter((_, at) => at !== section);

export const relabelSection = (sections: Sections, section: number, label: Pair): Sections =>
  replaced(sections, section, { ...sections[section]!, label });

/** Nothing said about a field is no entry. */
export function changeField(layout: FormLayout, name: string, change: FieldChange): FormLayout {
  const said = Object.entries({ ...layout.fields?.[name], ...change }).filter(
    ([, value]) => value !== undefined && value !== null && value !== false,
  );
  const { [name]: _, ...others } = layout.fields ?? {};
  const fields = said.length > 0 ? { ...others, [name]: Object.fromEntries(said) as FieldChange } : others;
  const { fields: __, ...rest } = layout;
  return Object.keys(fields).length > 0 ? { ...rest, fields } : rest;
}

export function placeOf(sections: Sections, name: string): Place | null {
  for (const [section, each] of sections.entries())
    for (const [line, names] of linesOf(each).entries()) {
      const at = names.indexOf(name);
      if (at >= 0) return { section, line, at };
    }
  return null;
}

/** Lines that become empty go: a field that is put back finds its line by the others. */
function without(sections: Sections, name: string): Sections {
  return sections.map((section) =>
    withLines(
      section,
      linesOf(section).map((line) => line.filter((each) => each !== name)),
    ),
  );
}

function insertLine(sections: Sections, { section, line }: { section: number; line: number }, name: string): Sections {
  const lines = linesOf(sections[section]!);
  return replaced(sections, section, withLines(sections[section]!, lines.toSpliced(line, 0, [name])));
}

function replaced(sections: Sections, at: number, section: Section): Sections {
  return sections.map((each, index) => (index === at ? section : each));
}
