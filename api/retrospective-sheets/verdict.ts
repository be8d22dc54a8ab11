import { tellBoth } from '../../reports/retrospective-words.ts';
import type { ChapterTables } from '../report/retrospective-workbook.ts';

const verdict: ChapterTables = ({ body, text }) => [
  { title: tellBoth('sentence'), rows: body.verdict.map((line) => [line]) },
  { title: tellBoth('text'), rows: [[text === '' ? tellBoth('text_none') : text]] },
];
export default verdict;
