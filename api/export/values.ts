/**
 * A field as a file shows it, as SQL: what an import reads back as the same value. Texts in the caller's language, times in
 * the programme's zone; with `raw` as on the wire (codes, true and false, times in UTC).
 */
import { type Expression, type RawBuilder, sql } from 'kysely';
import type { Choices, Field, Lang } from '../contract.ts';
import { maskSql } from '../records/mask.ts';
import { wireValue } from '../records/wire.ts';
import { Fault } from '../values/fault.ts';
import { parserOf } from '../values/parse-value.ts';
import type { StyleName } from '../xlsx/styles.ts';
import { guarded, needsGuard } from './guard.ts';

export type FileKind = 'text' | 'number' | 'boolean' | 'date' | 'time';
export interface FileValue {
  kind: FileKind;
  style: StyleName;
  /** Of the kind's SQL type: text, a number, boolean, date, timestamptz. */
  value: RawBuilder<unknown>;
  /** The cell of a delimited file, where that is known without looking at each text. */
  csv?: RawBuilder<unknown>;
}

/** Any of these in a list, and it is written as JSON: they part the entries. */
const PARTING = '[,;|，；、｜\\[]';

export function fileValue(
  field: Field,
  column: Expression<unknown>,
  { masked, raw, lang }: { masked: boolean; raw: boolean; lang: Lang },
): FileValue {
  const text = (value: Expression<unknown>): FileValue => ({
    kind: 'text',
    style: 'text',
    value: sql`(${value})::text`,
  });
  if (masked) return text(maskSql(field.pii!, column));
  switch (field.kind) {
    case 'money':
      return { kind: 'number', style: 'money', value: sql`${column}` };
    case 'rate':
      return { kind: 'number', style: raw ? 'general' : 'percent', value: sql`${column}` };
    case 'decimal':
      return { kind: 'number', style: 'general', value: sql`${column}` };
    case 'integer':
    case 'points':
      return { kind: 'number', style: 'integer', value: sql`${column}` };
    case 'boolean':
      return { kind: 'boolean', style: 'general', value: sql`${column}` };
    case 'date':
      return { kind: 'date', style: 'date', value: sql`${column}` };
    case 'datetime':
      return { kind: 'time', style: 'time', value: sql`${column}` };
    case 'choice':
      return choiceValue(column, raw ? {} : choiceLabels(field, field.choices, lang));
    case 'choices':
      return text(raw ? listText(column) : listOfLabels(column, choiceLabels(field, field.choices, lang)));
    case 'tags':
      return text(listText(column));
    case 'items':
    case 'predicate':
    case 'layout':
    case 'json':
      return text(wireValue(field, column));
    default:
      return text(column);
  }
}

/** A list of texts in one cell: parted by semicolons, as JSON where an entry holds what parts them; nothing for none. */
export function listText(column: Expression<unknown>): RawBuilder<unknown> {
  const joined = sql`array_to_string(${column}, '')`;
  return sql`case when cardinality(${column}) = 0 then null when ${joined} ~ ${PARTING} then to_json(${column})::text else array_to_string(${column}, ';') end`;
}

/** The label of each code that an import would read back as the code. */
function choiceLabels(field: Field, choices: Choices, lang: Lang): { [code: string]: string } {
  const parse = parserOf(field, 'text');
  const labels: { [code: string]: string } = {};
  for (const [code, label] of Object.entries(choices)) {
    const text = label[lang === 'zh' ? 0 : 1];
    const read = parse(text, {});
    const same =
      !(read instanceof Fault) && (Array.isArray(read) ? read.length === 1 && read[0] === code : read === code);
    if (same) labels[code] = text;
  }
  return labels;
}

/** Only what is no choice any more has to be looked at, each time. */
function choiceValue(column: Expression<unknown>, labels: { [code: string]: string }): FileValue {
  const known = Object.values(labels).length > 0 && !Object.values(labels).some(needsGuard);
  const value = sql`(${labelOf(column, labels)})::text`;
  const csv = known ? { csv: labelOf(column, labels, guarded(sql`${column}`)) } : {};
  return { kind: 'text', style: 'text', value, ...csv };
}

function labelOf(
  column: Expression<unknown>,
  labels: { [code: string]: string },
  other: RawBuilder<unknown> = sql`${column}`,
): RawBuilder<unknown> {
  const cases = Object.entries(labels).map(([code, label]) => sql`when ${code} then ${label}`);
  return cases.length > 0 ? sql`case ${column} ${sql.join(cases, sql` `)} else ${other} end` : other;
}

function listOfLabels(column: Expression<unknown>, labels: { [code: string]: string }): RawBuilder<unknown> {
  const entry = labelOf(sql.ref('entry.code'), labels);
  return sql`(select string_agg(${entry}, ';' order by entry.place) from unnest(${column}) with ordinality as entry (code, place))`;
}
