import { type RetroWord, tellBoth } from '../../reports/retrospective-words.ts';
import type { RetrospectiveAction } from '../contract-written.ts';
import type { ChapterTables } from '../report/retrospective-workbook.ts';

const HEAD = [
  ...[tellBoth('decision'), tellBoth('month'), tellBoth('owner'), tellBoth('due'), tellBoth('state')],
  ...[tellBoth('moves'), tellBoth('outcome')],
];

const actions: ChapterTables = ({ body, actions: decided }) => {
  const labels = new Map(body.definitions.map(({ code, label }) => [code, label]));
  const rows = (all: readonly RetrospectiveAction[]) =>
    all.map(({ decision, month_on, owner, due_on, status, late, metric, outcome }) => [
      ...[decision, { day: month_on }, owner, { day: due_on }],
      tellBoth(late ? 'late' : (`status_${status}` as RetroWord)),
      ...[labels.get(metric ?? '') ?? metric, outcome],
    ]);
  return [
    { title: tellBoth('carried'), head: HEAD, rows: rows(body.carried) },
    { title: tellBoth('decided'), head: HEAD, rows: rows(decided) },
  ];
};
export default actions;
