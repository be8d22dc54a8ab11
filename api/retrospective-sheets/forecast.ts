import { tellBoth } from '../../reports/retrospective-words.ts';
import { type Word, words } from '../../reports/words.ts';
import type { ChapterTables } from '../report/retrospective-workbook.ts';

const forecast: ChapterTables = ({ body }) => [
  {
    title: tellBoth('forecast'),
    head: [
      ...[tellBoth('metric'), tellBoth('starts'), tellBoth('due'), tellBoth('days_before'), tellBoth('expected')],
      ...[tellBoth('low'), tellBoth('high'), tellBoth('target'), words('state')],
    ],
    rows: (body.forecasts ?? []).map(({ label, unit, starts_on, ends_on, before_value, expected, ...of }) => [
      ...[label, { day: starts_on }, { day: ends_on }],
      ...[before_value, expected, of.low, of.high, of.target].map((amount) => ({ amount, unit })),
      of.status && words(`standing_${of.status}` as Word),
    ]),
  },
  ...body.stages.map(({ label, goals }) => ({
    title: label,
    head: [
      ...[tellBoth('goal'), tellBoth('starts'), tellBoth('due'), words('stage_baseline'), words('stage_actual')],
      ...[tellBoth('low'), tellBoth('high'), words('stage_pace'), words('stage_target'), words('state')],
    ],
    rows: goals.map(({ name, unit, starts_on, due_on, baseline, actual, low, high, expected, target, ...goal }) => [
      ...[name, { day: starts_on }, { day: due_on }],
      ...[baseline, actual, low, high, expected, target].map((amount) => ({ amount, unit })),
      goal.waits ?? (goal.status && words(`standing_${goal.status}` as Word)),
    ]),
  })),
];
export default forecast;
