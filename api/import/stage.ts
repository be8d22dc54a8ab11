/**
 * A row of the file on its way to the staging table: its kind, its values parsed by their fields, or what is wrong with it.
 * Built once per file, then run for every row.
 */
import type { Field, ImportMapping, Json, PredicateContext, Resource, Row } from '../contract.ts';
import type { Params } from '../messages.ts';
import type { Moment } from '../predicate.ts';
import { compileRow, parseFieldValue } from '../validate.ts';
import { Fault } from '../values/fault.ts';
import { isList } from '../values/parse-value.ts';
import { copyValue } from './copy.ts';
import type { ImportFields } from './fields.ts';
import { type ColumnPlan, compileKinds, ownText, plainCell, planColumns } from './map.ts';
import type { FileRow } from './read.ts';
import { noValueFault, shownCell } from './workbook.ts';

/** What is wrong with a row; said in somebody's language when it is shown. */
export interface RowFault {
  row: number;
  /** The header, or the field's label where no column of the file is at fault. */
  column: string;
  key: string;
  params: Params;
  value: string;
}

export interface Stager {
  table: string;
  columns: string[];
  /** Fields that every row brings, constants included. */
  given: string[];
  /** The line for COPY, `skipped` with the number of the rule, or `wrong`, with its line where the table keeps wrong rows. */
  read(row: FileRow, faults: RowFault[]): { line: string } | { skipped: number } | { wrong: true; line: string | null };
}

export function buildStager(options: {
  import_id: number;
  resource: Resource;
  fields: ImportFields;
  mapping: ImportMapping;
  headers: readonly string[];
  moment: Moment;
  /** That conditions are written in. */
  contexts: ReadonlyMap<string, PredicateContext>;
  /** The cells are those of a workbook: texts stand in them as they are. */
  sheet: boolean;
  private_webhooks: boolean;
}): Stager {
  const { import_id, resource, mapping, headers, moment, contexts, sheet, private_webhooks } = options;
  const { fields, key } = options.fields;
  const typed = resource.import?.staging;
  const plan = planColumns(mapping, fields, headers);
  const constants = constantValues(mapping, fields);
  const given = [...plan.map(({ name }) => name), ...Object.keys(constants)];
  const parse = compileRow(
    Object.fromEntries(
      plan.map(({ name, field }) => [
        name,
        bare(textual(field), typed ? field.required : key.includes(name) && name !== 'id'),
      ]),
    ),
    { time_zone: mapping.time_zone ?? moment.time_zone, contexts, private_webhooks },
  );
  const fixed = fixedColumns(mapping, options.fields.options, headers);
  const kindOf = compileKinds(mapping, headers, moment);
  const width = headers.length;
  const cells = new Array<string>(plan.length);
  const head = `${import_id}\t`;
  const tail = Object.values(constants)
    .map((value) => `\t${copyValue(value)}`)
    .join('');

  function valuesOf(file_cells: readonly string[]) {
    for (let at = 0; at < plan.length; at++) {
      const column = plan[at]!;
      const said = file_cells[column.at] ?? '';
      const cell = sheet ? said : plainCell(said);
      cells[at] = column.transform ? column.transform(cell) : cell;
    }
    return parse(cells);
  }

  return {
    table: typed ?? 'app.import_rows',
    columns: ['batch_id', 'row_no', 'kind', ...(typed ? given : ['data'])],
    given,
    read({ row_no, cells: file_cells }, faults) {
      const kind = kindOf(file_cells);
      if (typeof kind === 'object') return kind;
      const { values, faults: wrong } = valuesOf(file_cells);
      const before = faults.length;
      if (file_cells.length > width && file_cells.slice(width).some((cell) => cell.trim() !== '')) {
        faults.push(
          fault(
            row_no,
            '',
            new Fault('import_cells', { cells: file_cells.length, headers: width }),
            shownCell(file_cells[width]!),
          ),
        );
      }
      for (const { at, header, label, value } of fixed) {
        const said = file_cells[at] ?? '';
        if ((sheet ? said : plainCell(said)).trim() === value) continue;
        faults.push(fault(row_no, header, new Fault('import_other_option', { label, value }), shownCell(said)));
      }
      if (wrong) for (const [name, each] of wrong) faults.push(cellFault(row_no, name, each, plan, file_cells));
      const bad = faults.length > before;
      if (!typed) {
        if (bad) return { wrong: true, line: null };
        const data = { ...asRow(plan, values, mapping.empty ?? 'keep'), ...constants };
        return { line: `${head}${row_no}\trow\t${copyValue(data)}\n` };
      }
      // A wrong line is kept by what could be read of it: the rest of its order must not come in without it.
      let line = `${head}${row_no}\t${bad ? 'wrong' : kind}`;
      for (let at = 0; at < values.length; at++) line += `\t${copyValue(values[at])}`;
      line += `${tail}\n`;
      return bad ? { wrong: true, line } : { line };
    },
  };
}

/** Read when the record is there: which one a name means, and which rows of a list are the record's own. */
function textual(field: Field): Field {
  if (field.kind !== 'ref' && field.kind !== 'refs' && field.kind !== 'rows') return field;
  return { kind: 'longtext', label: field.label, max: LATER_MAX };
}
const LATER_MAX = 500_000;

/** Defaults and what is required of new records are seen to in SQL, where it is known which rows are new. */
function bare(field: Field, required: boolean | undefined): Field {
  return { ...field, default: undefined, required: required ?? false };
}

function constantValues(mapping: ImportMapping, fields: { [name: string]: Field }): Row {
  const values: Row = {};
  for (const [name, raw] of Object.entries(mapping.constants ?? {})) {
    if (!Object.hasOwn(fields, name) || mapping.columns[name] !== undefined) continue;
    const value = parseFieldValue(fields[name]!, raw, typeof raw === 'string' ? 'text' : 'json');
    if (!(value instanceof Fault)) values[name] = value;
  }
  return values;
}

/** Columns that say again, in each row, what holds for the whole file. */
function fixedColumns(mapping: ImportMapping, options: ImportFields['options'], headers: readonly string[]) {
  return Object.entries(options).flatMap(([name, { label, default: usual = '' }]) => {
    const header = mapping.columns[name];
    if (header === undefined) return [];
    return [{ header, label, at: headers.indexOf(header), value: String(mapping.constants?.[name] ?? usual) }];
  });
}

function asRow(plan: readonly ColumnPlan[], values: readonly Json[], empty: 'keep' | 'clear'): Row {
  const row: Row = {};
  for (let at = 0; at < plan.length; at++) {
    const value = values[at]!;
    const { name, field } = plan[at]!;
    if (empty === 'keep' && (value === null || (isList(field) && (value as Json[]).length === 0))) continue;
    // A list without entries is no entry of the extras.
    row[name] = field.custom && Array.isArray(value) && value.length === 0 ? null : value;
  }
  return row;
}

function cellFault(
  row: number,
  path: string,
  wrong: Fault,
  plan: readonly ColumnPlan[],
  cells: readonly string[],
): RowFault {
  const name = path.split('.')[0];
  const column = plan.find((each) => each.name === name);
  const value = column ? (cells[column.at] ?? '') : '';
  return fault(row, column?.header ?? path, noValueFault(value) ?? wrong, shownCell(value));
}

function fault(row: number, column: string, { key, params }: Fault, value: string): RowFault {
  return { row, column, key, params, value: ownText(value.slice(0, 200)) };
}
