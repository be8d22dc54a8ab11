/** A workbook as a stream of bytes: the rows of its sheets are taken as they come and nothing is held. */
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { columnName, xmlText } from './cells.ts';
import { STYLES_XML } from './styles.ts';

export interface SheetPlan {
  name: string;
  /** Widths of the columns in letters. */
  widths: readonly number[];
  /** `<row>` elements, in pieces of any size. */
  rows: AsyncIterable<Buffer | string> | Iterable<Buffer | string>;
  /** The first row stays in sight. */
  header?: boolean;
  hidden?: boolean;
  /** Cells below the header that take one of the values of a range, e.g. "choices!$A$1:$A$3". */
  choices?: readonly { column: number; range: string }[];
}

/** Quick enough to keep up with the database; sheets shrink well at any level. */
const LEVEL = 1;
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export const XLSX_TYPE = `${TYPE}.sheet`;

/** An error of the rows ends the stream with it. */
export function writeWorkbook(sheets: readonly SheetPlan[]): Readable {
  const zip = new ZipFile();
  const options = { compressionLevel: LEVEL };
  const out = zip.outputStream as Readable;
  zip.on('error', (error) => out.destroy(error as Error));
  const add = (path: string, text: string) => zip.addBuffer(Buffer.from(HEAD + text), path, options);
  add('[Content_Types].xml', contentTypes(sheets.length));
  add('_rels/.rels', relations([['officeDocument', 'xl/workbook.xml']]));
  add('xl/workbook.xml', workbook(sheets));
  const paths = sheets.map((_, at) => ['worksheet', `worksheets/sheet${at + 1}.xml`] as const);
  add('xl/_rels/workbook.xml.rels', relations([...paths, ['styles', 'styles.xml']]));
  zip.addBuffer(Buffer.from(STYLES_XML), 'xl/styles.xml', options);
  const parts = sheets.map((sheet) => Readable.from(sheetXml(sheet), { objectMode: false, highWaterMark: 256 * 1024 }));
  for (const [at, xml] of parts.entries()) {
    xml.on('error', (error) => out.destroy(error));
    zip.addReadStream(xml, `xl/worksheets/sheet${at + 1}.xml`, options);
  }
  out.on('close', () => {
    for (const xml of parts) xml.destroy();
  });
  zip.end();
  return out;
}

async function* sheetXml({ widths, rows, header, choices = [] }: SheetPlan): AsyncGenerator<Buffer | string> {
  const pane = header
    ? '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    : '';
  const cols = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`);
  yield `${HEAD}<worksheet xmlns="${MAIN}">${pane}${cols.length > 0 ? `<cols>${cols.join('')}</cols>` : ''}<sheetData>`;
  yield* rows;
  yield `</sheetData>${validations(choices)}</worksheet>`;
}

function validations(choices: NonNullable<SheetPlan['choices']>): string {
  if (choices.length === 0) return '';
  const all = choices.map(({ column, range }) => {
    const name = columnName(column);
    return `<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="${name}2:${name}1048576"><formula1>${xmlText(range)}</formula1></dataValidation>`;
  });
  return `<dataValidations count="${all.length}">${all.join('')}</dataValidations>`;
}

function workbook(sheets: readonly SheetPlan[]): string {
  const all = sheets.map(
    ({ name, hidden }, at) =>
      `<sheet name="${xmlText(sheetName(name))}" sheetId="${at + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${at + 1}"/>`,
  );
  return `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${all.join('')}</sheets></workbook>`;
}

/** Spreadsheets allow 31 letters, and not these. */
export function sheetName(name: string): string {
  return (
    name
      .replace(/[\\/?*:[\]']/g, ' ')
      .slice(0, 31)
      .trim() || 'Sheet1'
  );
}

function relations(all: readonly (readonly [kind: string, target: string])[]): string {
  const each = all.map(
    ([kind, target], at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/${kind}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${RELATIONS}">${each.join('')}</Relationships>`;
}

function contentTypes(sheets: number): string {
  const each = Array.from(
    { length: sheets },
    (_, at) => `<Override PartName="/xl/worksheets/sheet${at + 1}.xml" ContentType="${TYPE}.worksheet+xml"/>`,
  );
  return `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>${each.join('')}</Types>`;
}
