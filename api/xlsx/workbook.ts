/** What a workbook says about its sheets: their names and parts, its texts, which of its formats are dates. */
import { CELL_LETTERS_MAX } from './cells.ts';
import { type Entries, openEntries } from './entries.ts';
import { WorkbookProblem } from './fault.ts';
import { isDateFormat } from './serial.ts';
import { attributeOf, readXml } from './xml.ts';

export interface Sheet {
  name: string;
  path: string;
  hidden: boolean;
}
export interface Workbook {
  entries: Entries;
  sheets: Sheet[];
  date1904: boolean;
  /** By the number of a cell's format. */
  dates: boolean[];
  texts: string[];
}

const SHEETS_MAX = 500;
const FORMATS_MAX = 100_000;
const TEXTS_MAX = 2_000_000;
const TEXT_LETTERS_MAX = 64 * 1024 * 1024;

/**
 * @param path of the file
 * @param inflated_max bytes that may come out of it
 * @throws WorkbookProblem; nothing stays open then
 */
export async function openWorkbook(path: string, inflated_max: number): Promise<Workbook> {
  const entries = await openEntries(path, inflated_max);
  try {
    const main = (await relationsOf(entries, '')).find(({ kind }) => kind === 'officeDocument')?.target;
    if (!main) throw new WorkbookProblem('workbook_damaged');
    const relations = await relationsOf(entries, main);
    const part = (kind: string) => relations.find((each) => each.kind === kind)?.target;
    const { sheets, date1904 } = await readSheets(entries, main, relations);
    const styles = part('styles');
    const texts = part('sharedStrings');
    return {
      entries,
      sheets,
      date1904,
      dates: styles && entries.has(styles) ? await readDateFormats(entries, styles) : [],
      texts: texts && entries.has(texts) ? await readTexts(entries, texts) : [],
    };
  } catch (error) {
    entries.close();
    throw error;
  }
}

/** _xHHHH_ stands for a letter that XML cannot hold. */
export function plainText(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
}

interface Relation {
  id: string;
  kind: string;
  target: string;
}

async function relationsOf(entries: Entries, part: string): Promise<Relation[]> {
  const folder = part.includes('/') ? part.slice(0, part.lastIndexOf('/') + 1) : '';
  const path = `${folder}_rels/${part.slice(folder.length)}.rels`;
  const found: Relation[] = [];
  if (!entries.has(path)) throw new WorkbookProblem('workbook_damaged');
  await readAll(entries, path, (name, attributes) => {
    if (name !== 'Relationship' || attributeOf(attributes, 'TargetMode') === 'External') return;
    const target = attributeOf(attributes, 'Target') ?? '';
    const kind = attributeOf(attributes, 'Type') ?? '';
    found.push({
      id: attributeOf(attributes, 'Id') ?? '',
      kind: kind.slice(kind.lastIndexOf('/') + 1),
      target: within(folder, target),
    });
  });
  return found;
}

/** The name of a part as the archive has it; one that leads out of it is no part and is never found. */
function within(folder: string, target: string): string {
  const parts: string[] = [];
  for (const part of `${target.startsWith('/') ? '' : folder}${target}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

async function readSheets(entries: Entries, path: string, relations: readonly Relation[]) {
  const sheets: Sheet[] = [];
  let date1904 = false;
  await readAll(entries, path, (name, attributes) => {
    if (name === 'workbookPr') date1904 = /^(1|true)$/.test(attributeOf(attributes, 'date1904') ?? '');
    if (name !== 'sheet') return;
    const id = attributeOf(attributes, 'r:id') ?? /\s\w+:id="([^"]*)"/.exec(attributes)?.[1];
    const relation = relations.find((each) => each.id === id && each.kind === 'worksheet');
    if (!relation || !entries.has(relation.target)) return;
    if (sheets.length === SHEETS_MAX) throw new WorkbookProblem('workbook_damaged');
    const hidden = /hidden/i.test(attributeOf(attributes, 'state') ?? '');
    sheets.push({ name: (attributeOf(attributes, 'name') ?? '').slice(0, 100), path: relation.target, hidden });
  });
  if (sheets.length === 0) throw new WorkbookProblem('workbook_no_sheet');
  return { sheets, date1904 };
}

async function readDateFormats(entries: Entries, path: string): Promise<boolean[]> {
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let within_formats = false;
  await readAll(
    entries,
    path,
    (name, attributes) => {
      if (name === 'numFmt')
        codes.set(Number(attributeOf(attributes, 'numFmtId')), attributeOf(attributes, 'formatCode') ?? '');
      if (name === 'cellXfs') within_formats = true;
      if (name === 'xf' && within_formats) formats.push(Number(attributeOf(attributes, 'numFmtId') ?? 0));
      if (codes.size > FORMATS_MAX || formats.length > FORMATS_MAX) throw new WorkbookProblem('workbook_damaged');
    },
    (name) => {
      if (name === 'cellXfs') within_formats = false;
    },
  );
  return formats.map((id) => isDateFormat(id, codes.get(id)));
}

/** The texts of all sheets, each once. Readings of Chinese and Japanese letters (rPh) are no part of them. */
async function readTexts(entries: Entries, path: string): Promise<string[]> {
  const texts: string[] = [];
  let letters = 0;
  let text = '';
  let inside = false;
  let reading = false;
  const done = readXml(entries.read(path), {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 't') inside = !reading;
      else if (name === 'rPh') reading = true;
    },
    text(piece) {
      if (inside && text.length <= CELL_LETTERS_MAX) text += piece;
    },
    close(name) {
      if (name === 't') inside = false;
      else if (name === 'rPh') reading = false;
      else if (name === 'si') {
        letters += text.length;
        if (texts.length === TEXTS_MAX || letters > TEXT_LETTERS_MAX) {
          throw new WorkbookProblem('workbook_too_many_texts', { max: TEXTS_MAX });
        }
        texts.push(plainText(text));
      }
    },
  });
  for await (const _ of done);
  return texts;
}

async function readAll(
  entries: Entries,
  path: string,
  open: (name: string, attributes: string) => void,
  close: (name: string) => void = () => {},
): Promise<void> {
  for await (const _ of readXml(entries.read(path), { open, close, text: () => {} }));
}
