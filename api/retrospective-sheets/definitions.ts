import { tellBoth } from '../../reports/retrospective-words.ts';
import { words } from '../../reports/words.ts';
import type { ChapterTables } from '../report/retrospective-workbook.ts';

const definitions: ChapterTables = ({ body }) => [
  {
    head: [
      ...[tellBoth('metric'), words('definition'), tellBoth('sources'), tellBoth('query'), tellBoth('version')],
      ...[tellBoth('starts'), tellBoth('fingerprint')],
    ],
    rows: body.definitions.map(({ label, definition, views, queries = [], version, since, sha256 }) => [
      ...[label, definition, views.map((view) => `report.${view}`).join(' '), queries.join(';\n')],
      ...[{ amount: version, unit: 'count' as const }, { day: since }, sha256],
    ]),
  },
];
export default definitions;
