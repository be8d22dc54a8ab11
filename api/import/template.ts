/**
 * An empty file to fill in: a header with a column per field that may be imported, and what each of them takes. A workbook
 * explains on a second sheet and offers the choices in their cells; a delimited file explains in the row under the header.
 */
import type { Readable } from 'node:stream';
import type { Choices, Field, Lang, Pair, Resource } from '../contract.ts';
import { headerNames } from '../export/columns.ts';
import { csvRow } from '../export/csv.ts';
import { columnName, rowXml, type SheetCell } from '../xlsx/cells.ts';
import { type SheetPlan, writeWorkbook } from '../xlsx/write.ts';
import type { ImportFields } from './fields.ts';
import { NOTES_MARK } from './notes.ts';

interface Column {
  name: string;
  header: string;
  field: Field;
  key: boolean;
  /** Labels to choose from, where one is chosen. */
  choices: string[];
}

/** @returns a CSV file as text */
export function templateCsv(resource: Resource, fields: ImportFields, lang: Lang): string {
  const columns = columnsOf(resource, fields, lang);
  const notes = columns.map((column, at) => `${at === 0 ? NOTES_MARK[placeOf(lang)] : ''}${noteOf(column, lang)}`);
  return `\uFEFF${csvRow(columns.map(({ header }) => header))}${csvRow(notes)}`;
}

/** @returns a workbook */
export function templateXlsx(resource: Resource, fields: ImportFields, lang: Lang): Readable {
  const at = placeOf(lang);
  const columns = columnsOf(resource, fields, lang);
  const listed = columns.filter(({ choices }) => choices.length > 0);
  const data: SheetPlan = {
    name: resource.label[at],
    header: true,
    widths: columns.map(({ header }) => Math.max(12, header.length * 2)),
    rows: [
      rowXml(
        1,
        columns.map(({ header }) => heading(header)),
      ),
    ],
    choices: listed.map((column, place) => ({
      column: columns.indexOf(column),
      range: `choices!$${columnName(place)}$1:$${columnName(place)}$${column.choices.length}`,
    })),
  };
  const notes: SheetPlan = {
    name: SAID.notes[at],
    header: true,
    widths: [20, 22, 10, 90],
    rows: [
      rowXml(1, [SAID.column[at], SAID.key[at], SAID.required[at], SAID.takes[at]].map(heading)),
      ...columns.map((column, row) =>
        rowXml(row + 2, [
          column.header,
          column.name,
          column.key || column.field.required ? SAID.yes[at] : '',
          { text: noteOf(column, lang), style: 'note' },
        ]),
      ),
    ],
  };
  const longest = Math.max(0, ...listed.map(({ choices }) => choices.length));
  const choices: SheetPlan = {
    name: 'choices',
    hidden: true,
    widths: [],
    rows: Array.from({ length: longest }, (_, row) =>
      rowXml(
        row + 1,
        listed.map((column) => column.choices[row] ?? null),
      ),
    ),
  };
  return writeWorkbook(listed.length > 0 ? [data, notes, choices] : [data, notes]);
}

/** The key first, then what is required, then the rest in the order of the definition. */
function columnsOf(resource: Resource, { fields, key }: ImportFields, lang: Lang): Column[] {
  const rank = (name: string) => (key.includes(name) ? 0 : fields[name]!.required ? 1 : 2);
  const names = Object.keys(fields).toSorted((a, b) => rank(a) - rank(b));
  const headers = headerNames(resource, names, placeOf(lang));
  return names.map((name, at) => ({
    name,
    header: headers[at]!,
    field: fields[name]!,
    key: key.includes(name),
    choices: choicesOf(fields[name]!, lang),
  }));
}

function choicesOf(field: Field, lang: Lang): string[] {
  if (field.kind === 'boolean') return [SAID.yes[placeOf(lang)], SAID.no[placeOf(lang)]];
  return field.kind === 'choice' ? labelsOf(field.choices, lang) : [];
}

function labelsOf(choices: Choices, lang: Lang): string[] {
  return Object.values(choices).map((label) => label[placeOf(lang)]);
}

/** What a cell of the column takes, in one line. */
function noteOf({ field, key }: Column, lang: Lang): string {
  const at = placeOf(lang);
  const parts: string[] = [];
  if (key) parts.push(SAID.finds[at]);
  else if (field.required) parts.push(SAID.required[at]);
  parts.push((KINDS[field.kind] ?? KINDS.text!)[at]);
  if (field.kind === 'choice' || field.kind === 'choices') parts.push(labelsOf(field.choices, lang).join(' / '));
  if ('max' in field && typeof field.max === 'number' && field.kind !== 'integer' && field.kind !== 'points')
    parts.push(at === 0 ? `最多 ${field.max}` : `at most ${field.max}`);
  if (field.help) parts.push(field.help[at]);
  return parts.join(at === 0 ? '；' : '; ');
}

const placeOf = (lang: Lang): 0 | 1 => (lang === 'zh' ? 0 : 1);
const heading = (text: string): SheetCell => ({ text, style: 'header' });

const SAID = {
  notes: ['说明', 'Notes'],
  column: ['列', 'Column'],
  key: ['字段', 'Field'],
  required: ['必填', 'Required'],
  takes: ['填写说明', 'What it takes'],
  finds: ['必填，据此找到已有记录', 'Required, finds the record that is there'],
  yes: ['是', 'Yes'],
  no: ['否', 'No'],
} as const satisfies { [name: string]: Pair };

const KINDS: { [kind in Field['kind']]?: Pair } = {
  text: ['文本', 'Text'],
  longtext: ['长文本', 'Long text'],
  email: ['邮箱', 'E-mail address'],
  phone: ['电话', 'Phone number'],
  color: ['颜色，如 #1677ff', 'Colour such as #1677ff'],
  integer: ['整数', 'Whole number'],
  points: ['整数', 'Whole number'],
  decimal: ['数字', 'Number'],
  money: ['金额', 'Amount'],
  rate: ['比例，写作 0.125 或 12.5%', 'Share, written 0.125 or 12.5%'],
  boolean: ['是 / 否', 'Yes / No'],
  date: ['日期，如 2026-03-01', 'Date such as 2026-03-01'],
  datetime: ['日期时间，如 2026-03-01 08:00', 'Date and time such as 2026-03-01 08:00'],
  choice: ['选一项', 'One of'],
  choices: ['可选多项，用分号隔开', 'Any of, parted by semicolons'],
  tags: ['多个值，用分号隔开', 'Several values, parted by semicolons'],
  ref: ['关联记录的编码或名称', 'Code or name of the related record'],
  refs: ['关联记录的编码或名称，用分号隔开', 'Codes or names of related records, parted by semicolons'],
  items: ['JSON 列表，可参照导出的文件', 'A JSON list, as exports write it'],
  rows: ['JSON 列表，可参照导出的文件', 'A JSON list, as exports write it'],
  predicate: ['JSON 条件，可参照导出的文件', 'A JSON condition, as exports write it'],
};
