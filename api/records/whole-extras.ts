/**
 * Dozens of added fields in one answer: Postgres gives the extras of a row as they are, and the fields are laid out here.
 * Taking them out and looking at them one by one costs it many times what the rest of the row does. Only what is beyond
 * doubt is laid out: an entry spelled as it is kept today, which Postgres would answer letter by letter. Where there is any
 * other the caller asks again, for each field by itself.
 */
import type { Field, Json, Resource, Row } from '../contract.ts';
import { isList } from '../values/parse-value.ts';
import type { Access } from './access.ts';

/** What a statement calls the extras of a row; no field can have that name. */
export const WHOLE = '$extras';
/** So many are taken out one by one for less. */
const FEW = 8;

/** The fields whose values the extras as a whole tell; none where they are few. */
export function wholeNames({ fields }: Resource, access: Access, names: readonly string[]): string[] {
  const found = names.filter((name) => {
    const field = fields[name]!;
    // What is masked is masked by Postgres.
    return field.custom && Object.hasOwn(PLAIN, field.kind) && !access.fields.get(name)?.masked;
  });
  return found.length > FEW ? found : [];
}

/**
 * @param body a record, or a list of them, as JSON text; each has its extras under WHOLE
 * @returns the same with these fields instead; null where an entry is not spelled as it is kept
 */
export function layOut({ fields }: Resource, names: readonly string[], body: string): string | null {
  // 5.0 is no whole number for Postgres, but for JSON.parse it is.
  if (FRACTION.test(body)) return null;
  const said = JSON.parse(body) as Row | Row[];
  const wanted = names.map((name) => {
    const field = fields[name]!;
    const key = `${JSON.stringify(name)}:`;
    return { name, field, key, nothing: key + (isList(field) ? '[]' : 'null'), isPlain: PLAIN[field.kind]! };
  });
  let text = '';
  for (const row of (Array.isArray(said) ? said : [said]) as { [name: string]: Json | undefined }[]) {
    const extras = row[WHOLE] as { [name: string]: Json };
    // Not deleted: an object that loses a key becomes a table of keys, which takes longer to write than to make.
    row[WHOLE] = undefined;
    const others = JSON.stringify(row).slice(0, -1);
    text += text === '' ? others : `,${others}`;
    let comma = others === '{' ? '' : ',';
    for (const { name, field, key, nothing, isPlain } of wanted) {
      const value = extras[name] ?? null;
      if (value === null) text += comma + nothing;
      else if (isPlain(value, field)) text += comma + key + JSON.stringify(value);
      else return null;
      comma = ',';
    }
    text += '}';
  }
  return Array.isArray(said) ? `[${text}]` : text;
}

/** Postgres puts a space after the colon inside of jsonb, and nowhere else. */
const FRACTION = /": -?\d+\.\d/;

type Test = (value: Json, field: Field) => boolean;

const isText: Test = (value) => typeof value === 'string';
const isWhole: Test = (value) => Number.isSafeInteger(value);
const isTexts: Test = (value) => Array.isArray(value) && value.every((each) => typeof each === 'string');
const NUMBER = /^-?(?:0|[1-9]\d{0,17})(?:\.(\d{1,20}))?$/;
const NOTHING = /^-[0.]+$/;
const TIME = /^T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const PLAIN: { readonly [kind in Field['kind']]?: Test } = {
  text: isText,
  longtext: isText,
  email: isText,
  phone: isText,
  color: isText,
  choice: isText,
  integer: isWhole,
  ref: isWhole,
  boolean: (value) => typeof value === 'boolean',
  money: (value) => decimals(value) === 2,
  decimal: (value, field) => field.kind === 'decimal' && decimals(value) === field.scale,
  rate: (value) => decimals(value) !== null,
  date: (value) => typeof value === 'string' && isDate(value),
  datetime: (value) => typeof value === 'string' && isDate(value.slice(0, 10)) && TIME.test(value.slice(10)),
  choices: isTexts,
  tags: isTexts,
};

/** How many digits follow the point; null for what is no number, or -0. */
function decimals(value: Json): number | null {
  const found = typeof value === 'string' ? NUMBER.exec(value) : null;
  return found && !NOTHING.test(found[0]) ? (found[1]?.length ?? 0) : null;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text.startsWith('0000')) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  const short = month === 2 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0));
  return day >= 1 && day <= (short ? 28 : (DAYS[month - 1] ?? 0));
}
