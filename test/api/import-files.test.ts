/** Files as people and their programs write them, and as attackers do. */
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError } from '../../api/contract.ts';
import { detectDelimiter } from '../../api/import/detect.ts';
import { type ImportBench, importBench } from './import-client.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench();
});
afterAll(() => bench?.close());

const GBK = Uint8Array.from([...Buffer.from('customer_id,name\nG1,'), 0xcd, 0xf5, 0xb7, 0xbc, 10]);
const TEXT = 'customer_id,name\r\nG1,王芳\r\n';

describe('encodings', () => {
  test.each<[string, Uint8Array, string]>([
    ['UTF-8', Buffer.from(TEXT), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`), 'utf-8'],
    ['UTF-16 little-endian with a mark', Buffer.from(`\uFEFF${TEXT}`, 'utf16le'), 'utf-16le'],
    ['UTF-16 little-endian without a mark', Buffer.from('customer_id,name\nG1,Wang\n', 'utf16le'), 'utf-16le'],
    ['UTF-16 big-endian with a mark', Buffer.from(`\uFEFF${TEXT}`, 'utf16le').swap16(), 'utf-16be'],
    ['GBK', GBK, 'gb18030'],
    ['gzip', gzipSync(TEXT), 'utf-8'],
  ])('%s', async (_, file, encoding) => {
    const found = await bench.upload('customers', file);
    expect(found.format.encoding).toBe(encoding);
    expect(found.headers).toEqual(['customer_id', 'name']);
    expect(found.sample[0]![1]).toMatch(/王芳|Wang/);
    expect(await bench.go(found.id, 'check')).toMatchObject({ state: 'checked', wrong: 0, rows_read: 1 });
  });

  test('a file that stops being UTF-8 after its first megabyte is still found out', async () => {
    const ascii = Buffer.from(`customer_id,name\n${'A1,plain\n'.repeat(150_000)}`);
    const found = await bench.upload('customers', Buffer.concat([ascii, GBK.subarray(17)]));
    expect(found.format.encoding).toBe('gb18030');
  });

  test('another encoding may be chosen; one that does not fit says so', async () => {
    const { id, mapping, format } = await bench.upload('customers', GBK);
    const response = await bench.app.as('pii')('PATCH', `/api/_imports/${id}`, {
      mapping: { ...mapping, format: { ...format, encoding: 'utf-8' } },
    });
    expect(((await response.json()) as ApiError).key).toBe('import_bad_text');
  });
});

test.each([
  ['a,b\n1,2\n3,4', ','],
  ['a;b;c\n1,5;2;3\n2,5;3;4', ';'],
  ['a\tb\n1\t2', '\t'],
  ['a|b\n1|2', '|'],
  ['"a;b";c,d\n"1;2";3,4', ','],
  ['name\nPeter\nPaul', ','],
  [' customer_id  date   n\n 00001 19970101  1\n 00002 19970112  1', 'whitespace'],
  ['full name\nPeter Pan\nCaptain Hook', 'whitespace'],
])('the delimiter of %j is %j', (text, delimiter) => {
  expect(detectDelimiter(text)).toBe(delimiter);
});

describe('headers', () => {
  test('empty and repeated ones get names of their own', async () => {
    const { headers } = await bench.upload('customers', 'customer_id,,name,name\n1,2,3,4\n');
    expect(headers).toEqual(['customer_id', '#2', 'name', 'name (2)']);
  });
  test('a file without them is numbered, and may be told that it has them', async () => {
    const found = await bench.upload('customers', '101,2026-01-01\n102,2026-01-02\n');
    expect(found).toMatchObject({ headers: ['1', '2'], rows_total: 2, format: { header: false } });
    const told = await bench.patch(found.id, { mapping: { columns: {}, format: { ...found.format, header: true } } });
    expect(told).toMatchObject({ headers: ['101', '2026-01-01'], rows_total: 1 });
  });
  test('spreadsheet texts, spaces and full-width digits are read as what they mean', async () => {
    const { id } = await bench.upload('products', ' External_ID ,名称, Price \n"=""007""",茶,"￥１,234.50"\n');
    await bench.patch(id, { mapping: { columns: { external_id: 'External_ID', name: '名称', price: 'Price' } } });
    expect(await bench.go(id, 'run')).toMatchObject({ created: 1, wrong: 0 });
    const row = await bench.t.db
      .selectFrom('app.products')
      .select('price')
      .where('external_id', '=', '007')
      .executeTakeFirst();
    expect(row).toEqual({ price: '1234.50' });
  });
});

test('quotation marks: line ends, delimiters and marks inside, and marks that quote nothing', async () => {
  const { id } = await bench.upload(
    'products',
    'external_id,name\nq1,"two\nlines, and ""marks"""\nq2,7" record\nq3,"a" b\n',
  );
  const done = await bench.go(id, 'run');
  expect(done).toMatchObject({ created: 2, wrong: 1, errors: [{ row: 2, key: 'bad_text' }] });
  const rows = await bench.t.db
    .selectFrom('app.products')
    .select('name')
    .where('external_id', 'in', ['q2', 'q3'])
    .orderBy('external_id')
    .execute();
  expect(rows.map(({ name }) => name)).toEqual(['7" record', 'a b']);
});

describe('hostile files get one clear sentence', () => {
  const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  test.each<[string, Uint8Array | string, string]>([
    ['nothing', '', 'import_empty'],
    ['only a header', 'customer_id,name\n', 'import_no_rows'],
    ['only blank lines', '\n\n  \n', 'import_empty'],
    ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48]), 'import_binary'],
    ['the beginning of a workbook', Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0]), 'workbook_damaged'],
    ['zero bytes in a text', 'customer_id,name\n1,a\0b\n', 'import_binary'],
    ['bytes of no encoding', Uint8Array.from([...Buffer.from('a,b\n'), 0xff, 0xff, 0xff, 10]), 'import_binary'],
    ['a damaged gzip', gzipSync(TEXT).subarray(0, 25), 'import_bad_gzip'],
    ['a gzip of nothing but zeros', zeros, 'import_binary'],
    ['one endless line', `customer_id,name\n${'x'.repeat(2_000_000)}`, 'import_row_too_long'],
    ['a quotation mark that never closes', 'customer_id,name\n1,"open\n2,b\n', 'import_quote_open'],
    ['a thousand columns', `${'a,'.repeat(1000)}b\n1\n`, 'import_too_many_columns'],
  ])('%s', async (_, file, key) => {
    const response = await bench.app.as('pii')('POST', '/api/customers/_import', file, { 'content-type': 'text/csv' });
    const body = (await response.json()) as ApiError;
    expect([response.status, body.key]).toEqual([422, key]);
    expect(body.message).not.toContain('{');
  });

  test('a file that unpacks to more than it may is not read to its end', async () => {
    const small = await importBench({ import_max_mb: 1 });
    try {
      const response = await small.app.as('pii')(
        'POST',
        '/api/customers/_import',
        gzipSync(Buffer.alloc(40 * 1024 * 1024, 'a,b\n')),
        { 'content-type': 'text/csv' },
      );
      expect([response.status, ((await response.json()) as ApiError).key]).toEqual([422, 'import_bomb']);
      const large = await small.app.as('pii')(
        'POST',
        '/api/customers/_import',
        Buffer.alloc(1024 * 1024 + 1, 'a,b\n'),
        { 'content-type': 'text/csv' },
      );
      expect([large.status, ((await large.json()) as ApiError).key]).toEqual([413, 'import_too_large']);
    } finally {
      await small.close();
    }
  });

  test('nothing of a refused file is kept', async () => {
    const kept = await bench.t.db.selectFrom('app.imports').select('id').where(sql<boolean>`headers = '{}'`).execute();
    expect(kept).toEqual([]);
  });
});
