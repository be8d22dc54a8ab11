/** Fields of a definition as JSON Schema (2020-12, as OpenAPI 3.1 uses it): what travels, not what is stored. */
import type { Field, Lang } from '../contract.ts';

export type Schema = { [keyword: string]: unknown };

const DECIMAL = '^-?\\d+(\\.\\d+)?$';

/** A value as it is answered: null where there is none. */
export function answeredField(field: Field, lang: Lang): Schema {
  return { ...described(field, lang), ...nullable(typeOf(field, lang, answeredField)) };
}

/** A value as it is sent. Null clears it, unless it must have one. */
export function sentField(field: Field, lang: Lang): Schema {
  const schema = typeOf(field, lang, sentField);
  return { ...described(field, lang), ...(field.required ? schema : nullable(schema)) };
}

/** Fields as an object. `strict`: what is sent, where an unknown name is refused. */
export function objectOf(
  fields: readonly (readonly [name: string, field: Field])[],
  { lang, sent, required = [] }: { lang: Lang; sent: boolean; required?: readonly string[] },
): Schema {
  const schema = sent ? sentField : answeredField;
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, schema(field, lang)])),
    ...(required.length > 0 ? { required: [...required] } : {}),
    ...(sent ? { additionalProperties: false } : {}),
  };
}

/** Said in the language of the document. */
export function inLang(pair: readonly [string, string], lang: Lang): string {
  return pair[lang === 'zh' ? 0 : 1];
}

function described(field: Field, lang: Lang): Schema {
  const help = field.help ? inLang(field.help, lang) : undefined;
  return {
    title: inLang(field.label, lang),
    ...(help ? { description: help } : {}),
    ...(field.readonly ? { readOnly: true } : {}),
    ...(field.kind === 'password' ? { writeOnly: true } : {}),
    ...(field.default === undefined ? {} : { default: field.default }),
  };
}

function typeOf(field: Field, lang: Lang, part: (field: Field, lang: Lang) => Schema): Schema {
  switch (field.kind) {
    case 'text':
    case 'longtext':
      return {
        type: 'string',
        ...(field.max ? { maxLength: field.max } : {}),
        ...(field.pattern ? { pattern: field.pattern } : {}),
      };
    case 'email':
      return { type: 'string', format: 'email' };
    case 'phone':
    case 'password':
      return { type: 'string' };
    case 'color':
      return { type: 'string', pattern: '^#[0-9A-Fa-f]{6}$' };
    case 'integer':
    case 'points':
      return { type: 'integer', ...bounds(field) };
    case 'decimal':
    case 'money':
    case 'rate':
      return { type: 'string', pattern: DECIMAL, examples: ['12.50'] };
    case 'boolean':
      return { type: 'boolean' };
    case 'datetime':
      return { type: 'string', format: 'date-time' };
    case 'date':
      return { type: 'string', format: 'date' };
    case 'choice':
      return choice(field.choices, lang);
    case 'choices':
      return { type: 'array', items: choice(field.choices, lang) };
    case 'tags':
      return { type: 'array', items: { type: 'string' } };
    case 'ref':
      return { type: 'integer', description: described(field, lang).description ?? `id: ${field.to}` };
    case 'refs':
      return { type: 'array', items: { type: 'integer' } };
    case 'items':
    case 'rows':
      return listOf(field, lang, part);
    case 'predicate':
      return { $ref: '#/components/schemas/Predicate' };
    default:
      return {};
  }
}

function listOf(
  field: Field & { kind: 'items' | 'rows' },
  lang: Lang,
  part: (field: Field, lang: Lang) => Schema,
): Schema {
  const properties = Object.fromEntries(Object.entries(field.fields).map(([name, each]) => [name, part(each, lang)]));
  const required = Object.entries(field.fields)
    .filter(([, each]) => each.required && each.default === undefined && !each.readonly)
    .map(([name]) => name);
  return {
    type: 'array',
    ...(field.max ? { maxItems: field.max } : {}),
    items: {
      type: 'object',
      properties: field.kind === 'rows' ? { id: { type: 'integer' }, ...properties } : properties,
      ...(required.length > 0 ? { required } : {}),
    },
  };
}

function choice(choices: { [code: string]: readonly [string, string] }, lang: Lang): Schema {
  const all = Object.entries(choices);
  // A schema without a value would be wrong; choices that staff add may be none yet.
  if (all.length === 0) return { type: 'string' };
  const said = all.map(([code, label]) => `\`${code}\` ${inLang(label, lang)}`).join(', ');
  return { type: 'string', enum: all.map(([code]) => code), ...(all.length <= 30 ? { description: said } : {}) };
}

function bounds({ min, max }: { min?: number; max?: number }): Schema {
  return { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) };
}

function nullable(schema: Schema): Schema {
  if (typeof schema.$ref === 'string') return { anyOf: [schema, { type: 'null' }] };
  if (typeof schema.type !== 'string') return schema;
  return {
    ...schema,
    type: [schema.type, 'null'],
    ...(Array.isArray(schema.enum) ? { enum: [...schema.enum, null] } : {}),
  };
}
