/** A retrospective as a file: what was written down, never what the figures are today. Each file is noted as an export. */
import type { Readable } from 'node:stream';
import { tell } from '../../reports/retrospective-words.ts';
import type { Deps } from '../context.ts';
import type { Lang } from '../contract.ts';
import type { RetrospectiveRead } from '../contract-written.ts';
import { linkBase } from '../outbox/claim.ts';
import { printPage } from '../paper/print.ts';
import { readProgramme } from '../programme.ts';
import { recordAudit } from '../records/audit.ts';
import { type Doer, readRetrospective } from './retrospective-store.ts';
import { retrospectiveWorkbook } from './retrospective-workbook.ts';

interface Asked {
  month_on: string;
  number: number;
  lang: Lang;
}
export interface RetrospectiveFile<Body> {
  /** "Evergreen-月度复盘-2026-10.pdf" */
  name: string;
  body: Body;
}

/** @throws Problem 403, 404; 503 without Chromium, or while too many are printed */
export async function retrospectivePdf(deps: Deps, asked: Asked, doer: Doer): Promise<RetrospectiveFile<Uint8Array>> {
  const { read, time_zone } = await readAsPaper(deps, asked, doer);
  const month = asked.month_on.slice(0, 7);
  const body = await printPage({
    path: `/paper/retrospectives/${month}?number=${asked.number}`,
    answers: { [`/api/_retrospectives/${month}`]: JSON.stringify(read) },
    ...{ lang: asked.lang, time_zone, links: linkBase(deps.config) },
  });
  await note(deps, 'pdf', asked, doer);
  return { name: nameOf(read, asked.lang, 'pdf'), body };
}

/** @throws Problem 403, 404 */
export async function retrospectiveXlsx(deps: Deps, asked: Asked, doer: Doer): Promise<RetrospectiveFile<Readable>> {
  const { read, time_zone } = await readAsPaper(deps, asked, doer);
  await note(deps, 'xlsx', asked, doer);
  return {
    name: nameOf(read, asked.lang, 'xlsx'),
    body: retrospectiveWorkbook(read, { lang: asked.lang, time_zone }),
  };
}

/** Without what was said of it and what the caller may do: the same paper for everybody who may read it. */
async function readAsPaper(deps: Deps, { month_on, number }: Asked, { caller }: Doer) {
  const read = await readRetrospective(deps, { month_on, number }, caller);
  const { time_zone } = await readProgramme(deps.db);
  const may = { write: false, submit: false, return: false, sign: false, comment: false, rewrite: false };
  return { read: { ...read, comments: [], may } satisfies RetrospectiveRead, time_zone };
}

function nameOf({ head, numbers }: RetrospectiveRead, lang: Lang, ending: string): string {
  const parts = ['Evergreen', tell(lang, 'file'), head.month_on.slice(0, 7)];
  // Two numbers of a month do not lie under one name.
  if (numbers > 1) parts.push(tell(lang, 'file_number', { number: head.number }));
  return `${parts.join('-')}.${ending}`;
}

async function note({ db }: Deps, format: string, { month_on, number, lang }: Asked, doer: Doer): Promise<void> {
  const { id } = await db
    .selectFrom('app.retrospectives')
    .select('id')
    .where('month_on', '=', month_on)
    .where('number', '=', number)
    .executeTakeFirstOrThrow();
  await recordAudit(db, {
    ...{
      caller: doer.caller,
      resource: 'retrospectives',
      record_id: id,
      action: 'export',
      request_id: doer.request_id,
    },
    after: { format, month_on, number, lang },
  });
}
