import { type RetroWord, tellBoth } from '../../reports/retrospective-words.ts';
import { type Word, words } from '../../reports/words.ts';
import type { ChapterTables } from '../report/retrospective-workbook.ts';

const quality: ChapterTables = ({ body: { quality: of } }) => [
  {
    title: words('health_freshness'),
    head: [tellBoth('source'), tellBoth('latest'), words('state')],
    rows: of.freshness.map(({ name, latest_on, status }) => [
      ...[name, { day: latest_on }, words(`fresh_${status}` as Word)],
    ]),
  },
  {
    title: tellBoth('restated'),
    head: [
      ...[tellBoth('figure'), tellBoth('before'), tellBoth('after'), tellBoth('difference'), tellBoth('reason')],
      ...[tellBoth('month'), tellBoth('number')],
    ],
    rows: of.restated.map(({ label, unit, before_value, after_value, difference, reason, ...signed }) => [
      label,
      ...[before_value, after_value, difference].map((amount) => ({ amount, unit })),
      tellBoth(`reason_${reason}` as RetroWord),
      ...[{ day: signed.signed_month_on }, { amount: signed.signed_number, unit: 'count' as const }],
    ]),
  },
  {
    title: tellBoth('tests_failed'),
    head: [tellBoth('metric'), tellBoth('test'), tellBoth('steps')],
    rows: of.failed_tests.map(({ metric, test, steps }) => [metric, test, steps.join(', ')]),
  },
];
export default quality;
