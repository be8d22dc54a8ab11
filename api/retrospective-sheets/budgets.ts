import { tellBoth } from '../../reports/retrospective-words.ts';
import { type Word, words } from '../../reports/words.ts';
import type { ChapterTables } from '../report/retrospective-workbook.ts';

const budgets: ChapterTables = ({ body }) => [
  {
    title: tellBoth('budgets'),
    head: [
      ...[words('health_budget'), tellBoth('amount'), tellBoth('used'), tellBoth('used_rate'), tellBoth('passed_rate')],
      ...[tellBoth('lasts_until'), words('state')],
    ],
    rows: body.budgets.map(({ name, amount, used, used_rate, passed_rate, lasts_until_on, status }) => [
      ...[name, { amount, unit: 'money' as const }, { amount: used, unit: 'money' as const }],
      ...[used_rate, passed_rate].map((rate) => ({ amount: rate, unit: 'rate' as const })),
      ...[{ day: lasts_until_on }, words(`budget_${status}` as Word)],
    ]),
  },
  {
    title: words('health_incidents'),
    head: [tellBoth('happened'), words('health_incidents'), tellBoth('kind')],
    rows: body.incidents.map(({ happened_at, name, kind }) => [
      ...[{ time: happened_at }, name, words(`incident_${kind}` as Word)],
    ]),
  },
];
export default budgets;
