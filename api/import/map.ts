/** From the cells of a row to what each field is given: which kind of row it is, which cell goes where, and what is done to it. */
import type { Field, ImportMapping, ImportTransform, Pair, Row } from '../contract.ts';
import { withoutGuard } from '../export/csv.ts';
import { readDecimal } from '../predicate/values.ts';
import { compilePredicate, type Moment } from '../predicate.ts';
import { kindsContext } from './mapping.ts';

export type RowKind = 'row' | 'return' | { skipped: number };

export interface ColumnPlan {
  name: string;
  field: Field;
  /** Where the cell stands; a constant has none. */
  at: number;
  header: string;
  transform: ((cell: string) => string) | null;
}

/** One plan per mapped field, in the order of the definition. Headers the file lacks were refused before. */
export function planColumns(
  mapping: ImportMapping,
  fields: { [name: string]: Field },
  headers: readonly string[],
): ColumnPlan[] {
  const places = new Map(headers.map((header, at) => [header, at]));
  return Object.entries(fields).flatMap(([name, field]) => {
    const header = mapping.columns[name];
    const at = header === undefined ? undefined : places.get(header);
    if (header === undefined || at === undefined) return [];
    return [{ name, field, at, header, transform: composeTransforms(mapping.transforms?.[name] ?? []) }];
  });
}

/** Which rule a row meets first. Built once per file: this runs for every row. */
export function compileKinds(
  mapping: ImportMapping,
  headers: readonly string[],
  moment: Moment,
): (cells: readonly string[]) => RowKind {
  const kinds = mapping.kinds ?? [];
  if (kinds.length === 0) return () => 'row';
  const context = kindsContext(kinds, headers);
  const asked = JSON.stringify(kinds.map(({ when }) => when));
  const used = headers.flatMap((header, at) =>
    asked.includes(JSON.stringify(header)) ? [{ header, at, numeric: context.fields[header]!.type === 'decimal' }] : [],
  );
  const tests = kinds.map(({ when, then }, index) => ({
    matches: compilePredicate(when, context, moment),
    kind: then === 'skip' ? { skipped: index } : then,
  }));
  return (cells) => {
    const row: Row = {};
    for (const { header, at, numeric } of used) {
      const cell = cells[at] ?? '';
      row[header] = cell === '' ? null : numeric ? readNumber(cell) : cell;
    }
    for (const { matches, kind } of tests) if (matches(row)) return kind;
    return 'row';
  };
}

/** A text of its own: a cell is a slice, and keeps the whole piece of the file alive that it was cut from. */
export function ownText(cell: string): string {
  return Buffer.from(cell).toString();
}

/** Quantities and prices of a file are the same few thousand texts over and over. */
const numbers = new Map<string, string | null>();
function readNumber(cell: string): string | null {
  let number = numbers.get(cell);
  if (number === undefined) {
    if (numbers.size > 20_000) numbers.clear();
    number = readDecimal(cell.trim());
    numbers.set(ownText(cell), number);
  }
  return number;
}

/** An export keeps formulas behind an apostrophe; a spreadsheet that wanted to keep leading zeros writes ="00123". */
export function plainCell(cell: string): string {
  if (cell.charCodeAt(0) === 39) return withoutGuard(cell);
  return cell.charCodeAt(0) === 61 && cell.startsWith('="') && cell.endsWith('"')
    ? cell.slice(2, -1).replaceAll('""', '"')
    : cell;
}

/** What a skipped row is counted under. */
export function skipLabels(mapping: ImportMapping): (string | Pair)[] {
  return (mapping.kinds ?? []).map(({ label }) => label ?? '');
}

function composeTransforms(transforms: readonly ImportTransform[]): ((cell: string) => string) | null {
  if (transforms.length === 0) return null;
  const steps = transforms.map(oneTransform);
  return (cell) => steps.reduce((value, step) => step(value), cell.trim());
}

function oneTransform(transform: ImportTransform): (cell: string) => string {
  if ('strip_prefix' in transform) {
    const { strip_prefix: prefix } = transform;
    return (cell) => (cell.startsWith(prefix) ? cell.slice(prefix.length) : cell);
  }
  if ('strip_suffix' in transform) {
    const { strip_suffix: suffix } = transform;
    return (cell) => (cell.endsWith(suffix) ? cell.slice(0, -suffix.length) : cell);
  }
  if ('date' in transform) {
    const dayFirst = transform.date === 'dmy';
    return (cell) =>
      cell.replace(/^(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?!\d)/, (_, a: string, b: string, year: string) => {
        const [day, month] = dayFirst ? [a, b] : [b, a];
        return `${year.length === 2 ? `20${year}` : year}-${month}-${day}`;
      });
  }
  if ('decimal' in transform) return (cell) => cell.replace(/[. ](?=\d{3}(\D|$))/g, '').replace(',', '.');
  const { values } = transform;
  return (cell) => (Object.hasOwn(values, cell) ? values[cell]! : cell);
}
