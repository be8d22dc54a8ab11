/** Rows of a result as a chart wants them: objects by column, numbers as numbers, series and categories as their labels. */
import type { Json } from '../api/contract.ts';
import type { ReportDefinition, ReportResult } from '../api/contract-reports.ts';
import { isMeasured, type Reader, showValue } from './cell-value.ts';

export interface Datum {
  /** The row as it came, for drilling and exact values. */
  $row: { [column: string]: Json };
  [column: string]: unknown;
}

export function chartData(definition: ReportDefinition, result: ReportResult, reader: Reader): Datum[] {
  return result.rows.map((row) => {
    const $row = Object.fromEntries(result.columns.map((name, index) => [name, row[index] ?? null]));
    const datum: Datum = { $row };
    for (const name of result.columns) {
      const column = definition.columns[name]!;
      const value = $row[name] ?? null;
      if (isMeasured(column)) datum[name] = value === null ? null : Number(value);
      else datum[name] = value === null ? emptyLabel(reader) : showValue(value, column, reader);
    }
    return datum;
  });
}

/** Values of a column in the order they first appear. */
export function distinct(data: readonly Datum[], column: string | undefined): string[] {
  return column ? [...new Set(data.map((datum) => String(datum[column])))] : [];
}

function emptyLabel({ lang }: Reader): string {
  return lang === 'zh' ? '（空）' : '(empty)';
}
