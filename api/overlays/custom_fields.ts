/**
 * The fields that staff added on a screen, laid over the definitions: from here on they are fields like all others. A row
 * that no longer fits (a built-in field took its name, what it relates to is gone) is left out.
 */
import { CONTEXTS } from '../contexts.ts';
import type { Choices, Field, Pair, RecordRule, Resource, Row, Section } from '../contract.ts';
import type { Overlay } from '../live-definitions.ts';
import { EXTRAS } from '../records/field-column.ts';
import { LIST_OPERATORS } from '../records/list-query.ts';
import { type Columns, readColumns } from '../storage/columns.ts';
import { patternFault } from '../values/safe-pattern.ts';

export const reads: Overlay['reads'] = ['custom_fields'];

const RESOURCE = 'custom_fields';
const SECTION: Pair = ['自定义', 'Custom'];
/** Texts with a format are short, so that trying it takes no time whatever they say. */
const PATTERNED_MAX = 200;
/** Words of the server's own, of conditions and of JavaScript. */
const RESERVED = ['id', 'version', 'q', 'extras', 'created_at', 'updated_at', 'and', 'or', 'not', 'constructor'];

interface Added {
  resource: string;
  key: string;
  kind: string;
  label: string;
  label_en: string;
  help: string | null;
  help_en: string | null;
  choices: unknown;
  to_resource: string | null;
  minimum: string | null;
  maximum: string | null;
  max_length: number | null;
  pattern: string | null;
  required: boolean;
  pii: boolean;
  section: string | null;
  section_en: string | null;
  in_form: boolean;
  in_list: boolean;
  in_filter: boolean;
  in_export: boolean;
}

/** The last result by the resource as it was given: what did not change stays the same object. */
const kept = new WeakMap<Resource, { said: string; result: Resource }>();

export const overlay: Overlay['overlay'] = async (db, resources) => {
  const columns = await readColumns(db);
  const rows = (await db
    .selectFrom('app.custom_fields')
    .selectAll()
    .where('active', '=', true)
    .orderBy('position')
    .orderBy('id')
    .execute()) as Added[];
  const next = new Map(resources);
  for (const [name, added] of Map.groupBy(rows, (row) => row.resource)) {
    const resource = resources.get(name);
    if (resource && isExtendable(resource, columns)) next.set(name, extended(resource, added, resources));
  }
  const own = resources.get(RESOURCE);
  if (own) next.set(RESOURCE, withTargets(own, resources, columns));
  return next;
};

/** Whether the records have a place for added fields, and the console reads it. */
export function isExtendable({ name, table, view }: Resource, columns: Columns): boolean {
  const has = (relation: string) => columns.get(relation)?.has(EXTRAS) === true;
  return table === `app.${name}` && has(table) && (view === undefined || has(view));
}

function extended(resource: Resource, rows: readonly Added[], resources: ReadonlyMap<string, Resource>): Resource {
  const said = JSON.stringify(rows);
  const known = kept.get(resource);
  if (known?.said === said) return known.result;
  const fitting = rows.flatMap((row): [Added, Field][] => {
    const field = Object.hasOwn(resource.fields, row.key) ? null : fieldOf(row, resources);
    return field ? [[row, field]] : [];
  });
  const result: Resource = {
    ...resource,
    fields: { ...resource.fields, ...Object.fromEntries(fitting.map(([{ key }, field]) => [key, field])) },
    list: {
      ...resource.list,
      columns: [...resource.list.columns, ...fitting.filter(([row]) => row.in_list).map(([row]) => row.key)],
    },
    form:
      resource.form &&
      withPlaces(
        resource.form,
        fitting.map(([row]) => row).filter((row) => row.in_form),
      ),
  };
  kept.set(resource, { said, result });
  return result;
}

function fieldOf(row: Added, resources: ReadonlyMap<string, Resource>): Field | null {
  const left_out = [
    ...(row.in_form ? [] : (['form'] as const)),
    ...(row.in_filter ? [] : (['filter'] as const)),
    ...(row.in_export ? [] : (['export'] as const)),
  ];
  const help: Pair | undefined =
    row.help || row.help_en ? [row.help ?? row.help_en!, row.help_en ?? row.help!] : undefined;
  const pii = piiOf(row);
  const base = {
    label: [row.label, row.label_en] as const,
    custom: true as const,
    ...(help ? { help } : {}),
    ...(row.required ? { required: true } : {}),
    ...(pii ? { pii } : {}),
    ...(left_out.length > 0 ? { left_out } : {}),
  };
  const [min, max] = [row.minimum ?? undefined, row.maximum ?? undefined];
  switch (row.kind) {
    case 'text':
      return { ...base, kind: 'text', ...textLimits(row) };
    case 'longtext':
      return { ...base, kind: 'longtext', max: row.max_length ?? undefined };
    case 'integer':
      // A whole number between 1.5 and 3.5 lies between 2 and 3.
      return {
        ...base,
        kind: 'integer',
        min: min === undefined ? undefined : Math.ceil(Number(min)),
        max: max === undefined ? undefined : Math.floor(Number(max)),
      };
    case 'decimal':
      return { ...base, kind: 'decimal', scale: 4, min, max };
    case 'money':
      return { ...base, kind: 'money', min, max };
    case 'choice':
    case 'choices':
      return { ...base, kind: row.kind, choices: choicesOf(row.choices) };
    case 'ref':
      return row.to_resource && resources.has(row.to_resource) ? { ...base, kind: 'ref', to: row.to_resource } : null;
    case 'rate':
    case 'boolean':
    case 'date':
    case 'datetime':
    case 'tags':
    case 'email':
    case 'phone':
    case 'color':
      return { ...base, kind: row.kind };
    default:
      return null;
  }
}

/** E-mail addresses and phone numbers are personal data whatever the row says. */
function piiOf({ kind, pii }: Added): Field['pii'] {
  if (kind === 'email' || kind === 'phone') return kind;
  return pii && (kind === 'text' || kind === 'longtext') ? 'text' : undefined;
}

function textLimits({ max_length, pattern }: Added): { max?: number; pattern?: string } {
  if (pattern === null || patternFault(pattern) !== null) return { max: max_length ?? undefined };
  return { max: Math.min(max_length ?? PATTERNED_MAX, PATTERNED_MAX), pattern: `^(?:${pattern})$` };
}

function choicesOf(rows: unknown): Choices {
  const entries = (rows as Row[]).map(({ code, label, label_en }): [string, Pair] => [
    String(code),
    [String(label), String(label_en ?? label)],
  ]);
  return Object.fromEntries(entries);
}

/** Each field at the end of the section it names; sections that are not there come last. */
function withPlaces(form: readonly Section[], rows: readonly Added[]): Section[] {
  const sections: Section[] = [...form];
  for (const { key, section, section_en } of rows) {
    const label: Pair = [section ?? SECTION[0], section_en ?? section ?? SECTION[1]];
    const named = (each: Section) => [each.name, ...each.label].some((name) => label.includes(name));
    const at = sections.findIndex(named);
    if (at < 0) sections.push({ name: `custom_${sections.length}`, label, fields: [key] });
    else sections[at] = { ...sections[at]!, fields: [...sections[at]!.fields, key] };
  }
  return sections;
}

/** The resources that fields can be added to, and the names that are taken there. */
function withTargets(own: Resource, resources: ReadonlyMap<string, Resource>, columns: Columns): Resource {
  const known = kept.get(own);
  if (known) return known.result;
  const targets = [...resources.values()].filter((each) => isExtendable(each, columns));
  const choices = Object.fromEntries(targets.map((each) => [each.name, each.label]));
  const { resource } = own.fields;
  const fields = { ...own.fields, resource: { ...resource, choices } as Field };
  const result = { ...own, fields, rules: [...(own.rules ?? []), ...nameRules(targets)] };
  kept.set(own, { said: '', result });
  return result;
}

function nameRules(targets: readonly Resource[]): RecordRule[] {
  return [
    {
      name: 'reserved',
      when: { key: { nin: RESERVED } },
      field: 'key',
      message: ['该编码为系统保留，请换一个', 'This key is reserved; choose another'],
    },
    {
      // "amount_gte" in an address compares amount.
      name: 'operator',
      when: { not: { or: LIST_OPERATORS.map((operator) => ({ key: { ew: `_${operator}` } })) } },
      field: 'key',
      message: [
        `编码不能以 ${LIST_OPERATORS.map((each) => `_${each}`).join('、')} 结尾：它们是筛选运算符`,
        `A key must not end in ${LIST_OPERATORS.map((each) => `_${each}`).join(', ')}: these are operators of filters`,
      ],
    },
    ...targets.map(
      ({ name, fields, label }): RecordRule => ({
        name: `taken_${name}`,
        when: { or: [{ resource: { ne: name } }, { key: { nin: [...Object.keys(fields), ...contextNames(name)] } }] },
        field: 'key',
        message: [
          `“${label[0]}”已有同名的内置字段，请换一个编码`,
          `${label[1]} already have a built-in field of that name; choose another key`,
        ],
      }),
    ),
  ];
}

/** Rules ask about added fields under the same names as about these. */
function contextNames(resource: string): string[] {
  return [...CONTEXTS.values()]
    .filter((each) => each.custom_of === resource)
    .flatMap((each) => Object.keys(each.fields));
}
