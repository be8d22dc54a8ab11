/** What a run is compared with, as columns of their own: drawn beside the line, listed in the table, read out with the rest. */
import type { Pair } from '../api/contract.ts';
import type { ReportComparison, ReportDefinition, ReportResult } from '../api/contract-reports.ts';

const PLACES = { previous_period: 'before', same_period_last_year: 'earlier', target: 'target' } as const;
/** As the lines are drawn; a target has its own colour. */
export const DASHES = { previous_period: [2, 3], same_period_last_year: [6, 3], target: [8, 4] } as const;
export const COMPARED: { [against in ReportComparison['against']]: Pair } = {
  previous_period: ['上期 {days}', 'Period before, {days}'],
  same_period_last_year: ['去年同期 {days}', 'A year before, {days}'],
  target: ['目标', 'Target'],
};
const SAID: { [against in ReportComparison['against']]: (label: Pair, days: string) => Pair } = {
  previous_period: (label, days) => [`${label[0]} · 上期 ${days}`, `${label[1]}, ${days}`],
  same_period_last_year: (label, days) => [`${label[0]} · 去年同期 ${days}`, `${label[1]} a year before, ${days}`],
  target: (label) => [`${label[0]}目标`, `${label[1]}: target`],
};

export function withCompared(
  definition: ReportDefinition,
  result: ReportResult,
): { definition: ReportDefinition; result: ReportResult } {
  const { chart, columns } = definition;
  const beside = (result.compared ?? []).filter(({ values }) => values.length === result.rows.length);
  if (beside.length === 0 || !chart.y) return { definition, result };
  const y = columns[chart.y]!;
  const named = beside.map((each) => ({ ...each, name: `$${each.against}` }));
  return {
    definition: {
      ...definition,
      columns: {
        ...columns,
        ...Object.fromEntries(
          named.map(({ name, against, days }) => [
            name,
            {
              role: 'measure' as const,
              label: SAID[against](y.label, days ?? ''),
              ...(y.unit ? { unit: y.unit } : {}),
            },
          ]),
        ),
      },
      chart: { ...chart, ...Object.fromEntries(named.map(({ name, against }) => [PLACES[against], name])) },
    },
    result: {
      ...result,
      columns: [...result.columns, ...named.map(({ name }) => name)],
      rows: result.rows.map((row, at) => [...row, ...named.map(({ values }) => values[at] ?? null)]),
    },
  };
}
