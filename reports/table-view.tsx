/** The same rows as the chart, as a table: sorted by a click, exact values. */
import { Table, type TableColumnsType } from 'antd';
import type { Json } from '../api/contract.ts';
import type { ReportDefinition, ReportResult } from '../api/contract-reports.ts';
import { isMeasured, pick, type Reader, showValue } from './cell-value.ts';
import { isRunning, timeSteps } from './time-steps.ts';
import { say } from './words.ts';

interface TableRow {
  key: number;
  cells: Json[];
}

export function TableView({
  definition,
  result,
  reader,
  onPick,
}: {
  definition: ReportDefinition;
  result: ReportResult;
  reader: Reader;
  onPick?: (row: { [column: string]: unknown }) => void;
}) {
  const rows: TableRow[] = result.rows.map((cells, key) => ({ key, cells }));
  const shown = result.columns.filter((name) => !definition.columns[name]!.hidden);
  const columns: TableColumnsType<TableRow> = shown.map((name) => {
    const index = result.columns.indexOf(name);
    const column = definition.columns[name]!;
    const measured = isMeasured(column);
    const { grain } = (column.role === 'time' && timeSteps(rows.map(({ cells }) => String(cells[index])))) || {};
    return {
      key: name,
      title: pick(reader.lang, column.label),
      align: measured ? 'right' : 'left',
      sorter: (a, b) => compare(a.cells[index] ?? null, b.cells[index] ?? null, measured),
      render: (_: unknown, row) => {
        const value = showValue(row.cells[index] ?? null, column, reader);
        const step = grain === 'month' ? value.slice(0, 7) : value;
        return isRunning(value, grain, reader.today) ? say(reader.lang, 'so_far', { step }) : step;
      },
    };
  });
  if (onPick) {
    columns.push({
      key: '$drill',
      title: <span className="visually-hidden">{say(reader.lang, 'details')}</span>,
      width: 110,
      render: (_: unknown, row) => (
        <button
          type="button"
          className="report-link"
          onClick={() =>
            onPick(Object.fromEntries(result.columns.map((name, index) => [name, row.cells[index] ?? null])))
          }
        >
          {say(reader.lang, 'details')}
        </button>
      ),
    });
  }
  return (
    <Table<TableRow>
      size="small"
      columns={columns}
      dataSource={rows}
      pagination={rows.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
      scroll={{ x: 'max-content' }}
      className="report-table"
    />
  );
}

function compare(a: Json, b: Json, measured: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (measured) return Number(a) - Number(b);
  return a < b ? -1 : a > b ? 1 : 0;
}
