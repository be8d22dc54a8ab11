/** Workbooks as people and their programs write them, and as attackers do. */
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import type { ApiError } from '../../api/contract.ts';
import { columnName, rowXml } from '../../api/xlsx/cells.ts';
import { writeWorkbook } from '../../api/xlsx/write.ts';
import { type ImportBench, importBench } from './import-client.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench();
});
afterAll(() => bench?.close());

/** As another program writes it: shared texts, prefixes, formats of its own. */
async function workbook(parts: { [path: string]: string | Buffer }): Promise<Buffer> {
  const zip = new ZipFile();
  const all: { [path: string]: string | Buffer } = {
    '_rels/.rels':
      '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/worksheets/a.xml"/><Relationship Id="r2" Type="x/worksheet" Target="worksheets/b.xml"/><Relationship Id="r3" Type="x/styles" Target="styles.xml"/><Relationship Id="r4" Type="x/sharedStrings" Target="../xl/texts.xml"/></Relationships>',
    'xl/workbook.xml':
      '<x:workbook xmlns:r="r"><x:sheets><x:sheet name="隐藏" state="hidden" r:id="r1"/><x:sheet name="名单" r:id="r2"/></x:sheets></x:workbook>',
    'xl/styles.xml':
      '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="22"/></cellXfs></styleSheet>',
    'xl/texts.xml':
      '<sst><si><t>external_id</t></si><si><r><t>na</t></r><r><t>me</t></r><rPh><t>yomi</t></rPh></si><si><t>price</t></si></sst>',
    'xl/worksheets/a.xml': '<worksheet><sheetData><row><c t="str"><v>x</v></c></row></sheetData></worksheet>',
    'xl/worksheets/b.xml': sheet(
      '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c></row>',
    ),
    ...parts,
  };
  for (const [path, text] of Object.entries(all))
    if (text !== '') zip.addBuffer(Buffer.from(text), path, { compress: text.length > 100 });
  zip.end();
  return buffer(zip.outputStream.pipe(new PassThrough()));
}

const sheet = (rows: string) =>
  `<x:worksheet><x:sheetData>${rows.replace(/<(\/?)/g, '<$1x:')}</x:sheetData></x:worksheet>`;
const HEADER = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c></row>';

function ours(rows: readonly (readonly string[])[]): Promise<Buffer> {
  return buffer(writeWorkbook([{ name: 'x', widths: [], rows: rows.map((cells, at) => rowXml(at + 1, cells)) }]));
}

function product(external_id: string) {
  return bench.t.db
    .selectFrom('app.products')
    .select(['external_id', 'name', 'price'])
    .where('external_id', '=', external_id)
    .executeTakeFirst();
}

test('a workbook of another program: shared texts, gaps, errors, exact numbers, the visible sheet first', async () => {
  const file = await workbook({
    'xl/worksheets/b.xml': sheet(
      `${HEADER}
      <row r="4"><c r="A4"><v>700.0</v></c><c r="B4" t="str"><f>1+1</f><v>杯</v></c><c r="C4"><v>0.30000000000000004</v></c></row>
      <row r="5"><c r="A5" t="inlineStr"><is><t>007</t></is></c><c r="B5" t="inlineStr"><is><t>'=1</t></is></c></row>
      <row r="7"><c r="A7" t="inlineStr"><is><t>E1</t></is></c><c r="B7" t="e"><v>#N/A</v></c><c r="C7"><v>1</v></c></row>
      <row r="9"><c r="B9" t="b"><v>1</v></c></row>`,
    ),
  });
  const found = await bench.upload('products', file, { file_name: '../../etc/pass\\wd.xlsx' });
  expect(found).toMatchObject({
    file_name: '....etcpasswd.xlsx',
    headers: ['external_id', 'name', 'price'],
    rows_total: 4,
    format: { sheet: '名单', sheets: ['隐藏', '名单'], header: true },
    mapping: { columns: { external_id: 'external_id', name: 'name', price: 'price' } },
  });
  const done = await bench.go(found.id, 'run');
  expect(done).toMatchObject({ state: 'done', created: 2, wrong: 2 });
  expect(done.errors.map(({ row, key, value }) => [row, key, value])).toEqual([
    [7, 'import_cell_error', '#N/A'],
    [9, 'required', ''],
  ]);
  expect(await product('700')).toEqual({ external_id: '700', name: '杯', price: '0.30' });
  expect(await product('007')).toEqual({ external_id: '007', name: "'=1", price: null });
  const csv = await bench.errorsFile(found.id);
  expect(csv).toContain('#N/A');
  const other = await bench.upload('products', file);
  const chosen = await bench.patch(other.id, {
    mapping: { columns: {}, format: { ...other.format, sheet: '隐藏', header: false } },
  });
  expect(chosen).toMatchObject({ headers: ['1'], sample: [['x']], rows_total: 1 });
  const missing = await bench.app.as('pii')('PATCH', `/api/_imports/${other.id}`, {
    mapping: { columns: {}, format: { ...other.format, sheet: 'none' } },
  });
  expect(((await missing.json()) as ApiError).key).toBe('workbook_no_such_sheet');
});

describe.each(['Asia/Shanghai', 'America/New_York'])('dates in %s', (time_zone) => {
  test.each([false, true])('are the days of the sheet (1904: %s)', async (date1904) => {
    await bench.t.owner.updateTable('app.settings').set({ time_zone }).execute();
    const shift = date1904 ? 1462 : 0;
    const file = await workbook({
      'xl/workbook.xml': `<workbook><workbookPr date1904="${date1904 ? 1 : 0}"/><sheets><sheet name="a" r:id="r2"/></sheets></workbook>`,
      'xl/texts.xml': '<sst><si><t>external_id</t></si><si><t>birth_on</t></si><si><t>enrolled_at</t></si></sst>',
      'xl/worksheets/b.xml': sheet(
        `${HEADER}<row r="3"><c r="A3" t="str"><v>D${shift}${time_zone}</v></c><c r="B3" s="1"><v>${32932 - shift}</v></c><c r="C3" s="2"><v>${46082.25 - shift}</v></c></row>`,
      ),
    });
    const { id, mapping, sample } = await bench.upload('customers', file);
    expect(sample).toEqual([[`D${shift}${time_zone}`, '1990-02-28', '2026-03-01 06:00:00']]);
    await bench.patch(id, { mapping: { ...mapping!, time_zone } });
    expect(await bench.go(id, 'run')).toMatchObject({ created: 1, wrong: 0 });
    const row = await bench.t.db
      .selectFrom('app.customers')
      .select(['birth_on', 'enrolled_at'])
      .where('external_id', '=', `D${shift}${time_zone}`)
      .executeTakeFirstOrThrow();
    const clock = time_zone === 'Asia/Shanghai' ? '2026-02-28T22:00:00.000Z' : '2026-03-01T11:00:00.000Z';
    expect(row).toEqual({ birth_on: '1990-02-28', enrolled_at: clock });
  });
});

describe('hostile workbooks get one clear sentence', () => {
  const bomb = (mb: number) => Buffer.alloc(mb * 1024 * 1024, ' ');
  /** Overwrites each occurrence of a name, in the local headers and the directory. */
  const renamed = (file: Buffer, from: string, to: string) =>
    Buffer.from(file.toString('latin1').replaceAll(from, to), 'latin1');
  const flagged = (file: Buffer, at: number, bit: number) => {
    const copy = Buffer.from(file);
    for (const [mark, place] of [
      ['PK\u0003\u0004', 6],
      ['PK\u0001\u0002', 8],
    ] as const) {
      let found = copy.indexOf(mark, 0, 'latin1');
      for (let skip = 0; skip < at; skip++) found = copy.indexOf(mark, found + 1, 'latin1');
      copy[found + place]! |= bit;
    }
    return copy;
  };

  test.each<[string, () => Promise<Buffer>, string]>([
    ['an archive of other things', () => workbook({ '_rels/.rels': '' }), 'workbook_damaged'],
    [
      'one without sheets',
      () => workbook({ 'xl/workbook.xml': '<workbook><sheets/></workbook>' }),
      'workbook_no_sheet',
    ],
    ['a sheet that shrinks too well', () => workbook({ 'xl/worksheets/b.xml': bomb(30) }), 'workbook_bomb'],
    ['texts that shrink too well', () => workbook({ 'xl/texts.xml': bomb(30) }), 'workbook_bomb'],
    [
      'a document with entities of its own',
      () =>
        workbook({
          'xl/texts.xml': '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>',
        }),
      'workbook_doctype',
    ],
    [
      'a file from elsewhere by entity',
      () => workbook({ 'xl/workbook.xml': '<!DOCTYPE x SYSTEM "file:///etc/passwd"><workbook/>' }),
      'workbook_doctype',
    ],
    [
      'a name that leads out',
      async () => renamed(await workbook({ 'aa/bb': 'x' }), 'aa/bb', '../bb'),
      'workbook_bad_names',
    ],
    ['an absolute name', async () => renamed(await workbook({ 'aa/bb': 'x' }), 'aa/bb', '/a/bb'), 'workbook_bad_names'],
    [
      'the same name twice',
      async () => renamed(await workbook({ 'aa/bb': 'x', 'aa/bc': 'y' }), 'aa/bc', 'aa/bb'),
      'workbook_damaged',
    ],
    ['an encrypted part', async () => flagged(await workbook({}), 0, 1), 'workbook_encrypted'],
    [
      'half of a workbook',
      async () => {
        const file = await workbook({});
        return file.subarray(0, file.length / 2);
      },
      'workbook_damaged',
    ],
    [
      'damaged bytes',
      async () => {
        const file = await ours([['a', 'b'], ...Array.from({ length: 500 }, (_, at) => [`${at} ${Math.random()}`])]);
        return file.fill(7, file.indexOf('sheet1.xml') + 200, file.indexOf('sheet1.xml') + 400);
      },
      'workbook_damaged',
    ],
    [
      '6,000 parts',
      () => workbook(Object.fromEntries(Array.from({ length: 6000 }, (_, at) => [`p${at}`, 'x']))),
      'workbook_too_many_entries',
    ],
    ['600 columns', () => ours([Array.from({ length: 600 }, (_, at) => columnName(at))]), 'workbook_too_many_columns'],
    [
      'a row beyond the last',
      () => workbook({ 'xl/worksheets/b.xml': sheet('<row r="1048577"><c t="str"><v>a</v></c></row>') }),
      'workbook_too_many_rows',
    ],
    [
      'rows that go back',
      () => workbook({ 'xl/worksheets/b.xml': sheet(`${HEADER}<row r="1"><c t="str"><v>a</v></c></row>`) }),
      'workbook_damaged',
    ],
    ['tags that never end', () => workbook({ 'xl/worksheets/b.xml': '<worksheet>'.repeat(5000) }), 'workbook_damaged'],
    ['nothing in it', () => workbook({ 'xl/worksheets/b.xml': sheet('') }), 'import_empty'],
    [
      'an old workbook',
      async () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      'workbook_old',
    ],
    [
      'a workbook with a password',
      async () =>
        Buffer.concat([
          Buffer.from('d0cf11e0a1b11ae1', 'hex'),
          Buffer.alloc(600),
          Buffer.from('EncryptedPackage', 'utf16le'),
        ]),
      'workbook_encrypted',
    ],
  ])('%s', async (_, file, key) => {
    const headers = { 'content-type': 'application/octet-stream' };
    const response = await bench.app.as('pii')('POST', '/api/customers/_import', new Uint8Array(await file()), headers);
    const body = (await response.json()) as ApiError;
    expect([response.status, body.key]).toEqual([422, key]);
    expect(body.message).not.toContain('{');
    const kept = await bench.t.db.selectFrom('app.imports').select('id').where(sql<boolean>`headers = '{}'`).execute();
    expect(kept).toEqual([]);
  });

  test('one text in a million cells counts for what it says', async () => {
    const small = await importBench({ import_max_mb: 1 });
    try {
      const rows = Array.from({ length: 3000 }, (_, at) => `<row r="${at + 1}"><c t="s"><v>0</v></c></row>`).join('');
      const file = await workbook({
        'xl/texts.xml': `<sst><si><t>${'long text '.repeat(1000)}</t></si></sst>`,
        'xl/worksheets/b.xml': sheet(rows),
      });
      const response = await small.app.as('pii')('POST', '/api/customers/_import', new Uint8Array(file), {
        'content-type': 'application/octet-stream',
      });
      expect(((await response.json()) as ApiError).key).toBe('workbook_bomb');
    } finally {
      await small.close();
    }
  });
});

test('a cell as long as cells can be is refused, because its text may have been cut', async () => {
  const file = await ours([
    ['external_id', 'name'],
    ['L1', 'x'.repeat(40_000)],
  ]);
  const { id } = await bench.upload('products', file);
  expect(await bench.go(id, 'check')).toMatchObject({ wrong: 1, errors: [{ row: 2, key: 'import_cell_cut' }] });
});

test('an upload that breaks off leaves nothing', async () => {
  const { id: before } = await bench.upload('products', 'external_id,name\nB,b\n');
  const cut = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(Buffer.from('external_id,name\n')));
      controller.error(new Error('gone'));
    },
  });
  const response = await bench.app.app.request('/api/products/_import', {
    method: 'POST',
    body: cut,
    duplex: 'half',
    headers: { cookie: bench.app.cookie('pii') },
  } as RequestInit);
  expect(response.status).toBeGreaterThanOrEqual(400);
  const left = await bench.t.db.selectFrom('app.imports').select('id').where('id', '>', before).execute();
  expect(left).toEqual([]);
});
