/**
 * A retrospective as a workbook: what it is, then a sheet per chapter, in its order. Every file in api/retrospective-sheets gives the
 * tables of the chapter that it is called after; a chapter without one has its figures, or says what it waits for.
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { type RetroWord, tellBoth } from '../../reports/retrospective-words.ts';
import type { Lang, Pair } from '../contract.ts';
import { RETROSPECTIVE_CHAPTERS, type RetrospectiveChapter, type RetrospectiveRead } from '../contract-written.ts';
import { type SheetTable, tablesSheet } from '../xlsx/tables.ts';
import { writeWorkbook } from '../xlsx/write.ts';

export type ChapterTables = (read: RetrospectiveRead) => SheetTable[];

const NOTHING: Pair = ['无', 'None'];
const FOLDER = join(import.meta.dirname, '..', 'retrospective-sheets');
const CHAPTERS = await readChapters(FOLDER);

async function readChapters(folder: string): Promise<ReadonlyMap<string, ChapterTables>> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, ChapterTables]> => {
        const chapter = basename(file, '.ts');
        const module = (await import(pathToFileURL(join(folder, file)).href)) as { default?: ChapterTables };
        if (!(RETROSPECTIVE_CHAPTERS as readonly string[]).includes(chapter) || typeof module.default !== 'function')
          throw new Error(`api/retrospective-sheets/${file}: needs the name of a chapter and a default export.`);
        return [chapter, module.default];
      }),
    ),
  );
}

export function retrospectiveWorkbook(
  read: RetrospectiveRead,
  { lang, time_zone }: { lang: Lang; time_zone: string },
): Readable {
  const sheet = (name: Pair, tables: readonly SheetTable[]) =>
    tablesSheet(name[lang === 'zh' ? 0 : 1], tables, { lang, time_zone });
  return writeWorkbook([
    sheet(tellBoth('about'), [aboutTable(read)]),
    ...RETROSPECTIVE_CHAPTERS.map((chapter) => sheet(tellBoth(chapter), tablesOf(chapter, read))),
  ]);
}

function tablesOf(chapter: RetrospectiveChapter, read: RetrospectiveRead): SheetTable[] {
  const wait = read.body.waits.find((each) => each.chapter === chapter);
  const said = wait ? [{ rows: [[waiting(wait.what)]] }] : [];
  const tables = (CHAPTERS.get(chapter) ?? figuresTables(chapter))(read);
  const all = [...tables, ...said].map((table) => (table.rows.length > 0 ? table : { ...table, rows: [[NOTHING]] }));
  return all.length > 0 ? all : [{ rows: [[NOTHING]] }];
}

const figuresTables =
  (chapter: RetrospectiveChapter): ChapterTables =>
  ({ body: { figures } }) => {
    const own = figures.filter((figure) => figure.chapter === chapter);
    if (own.length === 0) return [];
    return [
      {
        head: [tellBoth('figure'), tellBoth('month'), tellBoth('actual')],
        rows: own.map(({ label, step, value, unit }) => [label, { day: step }, { amount: value, unit }]),
      },
    ];
  };

function aboutTable({ head, body, numbers }: RetrospectiveRead): SheetTable {
  const month = head.month_on.slice(0, 7);
  return {
    rows: [
      [tellBoth('one', { month }), null],
      [tellBoth('number'), { amount: head.number, unit: 'count' }],
      [tellBoth('numbers'), { amount: numbers, unit: 'count' }],
      [tellBoth('state'), tellBoth(`state_${head.state}` as RetroWord)],
      [tellBoth('authors'), head.authors.length > 0 ? head.authors.join(', ') : tellBoth('by_job')],
      [tellBoth('written'), { time: head.written_at }],
      [tellBoth('submitted'), head.submitted_by],
      [tellBoth('submitted_at'), { time: head.submitted_at }],
      [tellBoth('signed_person'), head.signed_by],
      [tellBoth('signed_at'), { time: head.signed_at }],
      [tellBoth('last_day'), { day: body.last_on }],
      [tellBoth('known_until'), { day: body.known_until }],
      [tellBoth('currency'), body.currency],
      [tellBoth('sha256'), head.sha256],
      [tellBoth('signed_sha256'), head.signed_sha256],
    ],
  };
}

function waiting(what: Pair): Pair {
  return [tellBoth('waits', { what: what[0] })[0], tellBoth('waits', { what: what[1] })[1]];
}
