import { tellBoth } from '../../reports/retrospective-words.ts';
import { teamOf, type Word, words } from '../../reports/words.ts';
import type { ChapterTables } from '../report/retrospective-workbook.ts';

/** Changes of rates are points: 0.05 is five of them. */
const scorecard: ChapterTables = ({ body }) => {
  const steps = [...new Set(body.scorecard.flatMap(({ trend }) => trend.map(({ step_on }) => step_on)))].sort();
  return [
    {
      title: tellBoth('scorecard'),
      head: [
        ...[tellBoth('metric'), tellBoth('month'), tellBoth('actual'), tellBoth('low'), tellBoth('high')],
        ...[tellBoth('target'), tellBoth('gap'), tellBoth('state'), tellBoth('on_month'), tellBoth('on_year')],
        ...[tellBoth('signal'), tellBoth('owner')],
      ],
      rows: body.scorecard.map(({ label, unit, latest, waits, owner }) => {
        if (!latest) return [label, waits ?? null];
        const { value, low, high, target, gap, status, change, last_year_change } = latest;
        return [
          ...[label, { day: latest.step_on }, { amount: value, unit }, { amount: low, unit }, { amount: high, unit }],
          ...[
            { amount: target, unit },
            { amount: gap, unit },
          ],
          status && words(`standing_${status}` as Word),
          ...[
            { amount: change, unit: 'rate' as const },
            { amount: last_year_change, unit: 'rate' as const },
          ],
          latest.signal ? tellBoth('signal') : null,
          teamOf(owner),
        ];
      }),
    },
    {
      title: tellBoth('course'),
      head: [tellBoth('metric'), ...steps.map((step) => [step.slice(0, 7), step.slice(0, 7)] as [string, string])],
      rows: body.scorecard
        .filter(({ trend }) => trend.length > 0)
        .map(({ label, unit, trend }) => {
          const values = new Map(trend.map(({ step_on, value }) => [step_on, value]));
          return [label, ...steps.map((step) => ({ amount: values.get(step) ?? null, unit }))];
        }),
    },
  ];
};
export default scorecard;
