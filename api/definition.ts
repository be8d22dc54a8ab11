/**
 * Writing a resource: `resource('tiers', { … })` over the builders in `f`. The result is plain data (see contract.ts);
 * names of fields, columns and roles are checked by the compiler here and against the live database at start (catalog.ts).
 */
import type { Choices, Field, FieldKind, Pair, Resource, Section } from './contract.ts';

type Member<F, K> = F extends { kind: infer Kinds } ? (K extends Kinds ? Omit<F, 'kind'> & { kind: K } : never) : never;
type Of<K extends FieldKind> = Member<Field, K>;
type Options<K extends FieldKind> = Omit<Of<K>, 'kind'>;

function kind<K extends FieldKind>(name: K) {
  return (options: Options<K>) => ({ ...options, kind: name }) as unknown as Of<K>;
}

/** The short name by which rules, files and other programmes know a record. */
function code({ max = 40, search }: { max?: number; search?: true } = {}) {
  return kind('text')({
    label: ['编码', 'Code'],
    required: true,
    frozen: true,
    unique: true,
    ...(search ? { search } : {}),
    max,
    pattern: '^[a-z][a-z0-9_]*$',
    help: ['小写字母、数字与下划线，保存后不可更改', 'Lower-case letters, digits and underscores; fixed once saved'],
  });
}

/** Days of the week as ISO counts them, "1" for Monday. */
function weekdays(options: Omit<Options<'choices'>, 'label' | 'choices'>) {
  return kind('choices')({
    label: ['星期', 'Weekdays'],
    choices: choices({
      1: ['周一', 'Monday'],
      2: ['周二', 'Tuesday'],
      3: ['周三', 'Wednesday'],
      4: ['周四', 'Thursday'],
      5: ['周五', 'Friday'],
      6: ['周六', 'Saturday'],
      7: ['周日', 'Sunday'],
    }),
    ...options,
  } as Options<'choices'>);
}

/** What a cost is for; each budget is split by these. */
function costKind(options: Partial<Options<'choice'>> = {}) {
  return kind('choice')({
    label: ['费用类别', 'Cost kind'],
    choices: choices({
      referral: ['转介绍激励', 'Referral incentives'],
      promotion: ['推广', 'Promotion'],
      technology: ['技术', 'Technology'],
      contingency: ['应急', 'Contingency'],
    }),
    ...options,
  } as Options<'choice'>);
}

/** One builder per field kind, each with the options of that kind and at least a label; and those that many resources have. */
export const f = {
  text: kind('text'),
  longtext: kind('longtext'),
  email: kind('email'),
  phone: kind('phone'),
  color: kind('color'),
  password: kind('password'),
  integer: kind('integer'),
  points: kind('points'),
  decimal: kind('decimal'),
  money: kind('money'),
  rate: kind('rate'),
  boolean: kind('boolean'),
  date: kind('date'),
  datetime: kind('datetime'),
  choice: kind('choice'),
  choices: kind('choices'),
  tags: kind('tags'),
  ref: kind('ref'),
  refs: kind('refs'),
  items: kind('items'),
  rows: kind('rows'),
  predicate: kind('predicate'),
  layout: kind('layout'),
  code,
  weekdays,
  costKind,
  json: (options: Omit<Options<'json'>, 'readonly'>) =>
    ({ ...options, kind: 'json', readonly: true }) as unknown as Of<'json'>,
};

export function choices<const C extends Choices>(map: C): C {
  return map;
}

/** A block of the form. A nested list of fields is one line. */
export function section<const F extends string>(
  name: string,
  label: Pair,
  fields: readonly (F | readonly F[])[],
): Section & { fields: readonly (F | readonly F[])[] } {
  return { name, label, fields };
}

type Names<F> = Extract<keyof F, string>;
type Definition<F extends { [name: string]: Field }> = Omit<
  Resource,
  'name' | 'table' | 'fields' | 'title' | 'list' | 'form' | 'approval'
> & {
  /** `app.<name>` when absent. */
  table?: string;
  fields: F;
  title: Names<F> | readonly [Names<F>, Names<F>];
  list: {
    columns: readonly Names<F>[];
    sort: Names<F> | `-${Names<F>}` | 'id' | '-id';
    scopes?: Resource['list']['scopes'];
    where?: Resource['list']['where'];
    tones?: Resource['list']['tones'];
    layouts?: Resource['list']['layouts'];
  };
  form?: readonly (Omit<Section, 'fields'> & { fields: readonly (Names<F> | readonly Names<F>[])[] })[];
};

/** @param name URL segment and, unless `table` says otherwise, the table's name in schema app. */
export function resource<const F extends { [name: string]: Field }>(name: string, definition: Definition<F>): Resource {
  return { ...definition, name, table: definition.table ?? `app.${name}` };
}
