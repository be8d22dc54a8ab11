// biome-ignore-all lint/suspicious/noThenProperty: a rule of a mapping reads when … then …; it is data and never awaited
/** Customers and products from files: the generic path. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryEntry, ImportStatus } from '../../api/contract.ts';
import { type ImportBench, importBench } from './import-client.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench();
});
afterAll(() => bench?.close());

function customer(external_id: string) {
  return bench.t.db.selectFrom('app.customers').selectAll().where('external_id', '=', external_id).executeTakeFirst();
}

async function bringIn(resource: string, file: string | Uint8Array) {
  const { id } = await bench.upload(resource, file);
  return bench.go(id, 'run');
}

test('columns find their fields by key, label in either language, or alias', async () => {
  const { mapping } = await bench.upload(
    'customers',
    '客户号,姓名,Phone,出生日期,unrelated\nA1,王芳,13812341234,1990/3/1,x\n',
  );
  expect(mapping!.columns).toEqual({ external_id: '客户号', name: '姓名', phone: 'Phone', birth_on: '出生日期' });
});

test('customers are made with the definition’s defaults and their programme day', async () => {
  const done = await bringIn(
    'customers',
    'customer_id,name,gender,tags,enrolled_at\nD1,李雷,男,"宝妈，职场",2026-02-28T17:00:00Z\nD2,,,,\n',
  );
  expect(done).toMatchObject({ state: 'done', created: 2, updated: 0, wrong: 0 });
  expect(await customer('D1')).toMatchObject({
    gender: 'male',
    tags: ['宝妈', '职场'],
    channel: 'online',
    enrolled_on: '2026-03-01',
    version: 1,
  });
  expect(await customer('D2')).toMatchObject({ name: null, tags: [], status: 'active' });
});

test('a second file updates what differs, keeps what it does not say, and leaves the rest unchanged', async () => {
  await bringIn('customers', 'customer_id,name,city\nU1,一,上海\nU2,二,北京\nU3,三,广州\n');
  const done = await bringIn('customers', 'customer_id,name,city\nU1,一,杭州\nU2,二,\nU3,三,广州\nU4,四,深圳\n');
  expect(done).toMatchObject({ created: 1, updated: 1, unchanged: 2, wrong: 0 });
  expect(await customer('U1')).toMatchObject({ city: '杭州', version: 2 });
  expect(await customer('U2')).toMatchObject({ city: '北京', version: 1 });
  const history = (await (
    await bench.app.as('pii')('GET', `/api/customers/${(await customer('U1'))!.id}/_history`)
  ).json()) as HistoryEntry[];
  // What the file said again is no change, and would not be taken back with one.
  expect(history[0]).toMatchObject({ action: 'import' });
  expect(history[0]!.changes).toEqual({ city: { before: '上海', after: '杭州' } });
  expect(history[1]).toMatchObject({ action: 'import' });
});

test('an empty cell clears the value where the mapping says so', async () => {
  await bringIn('customers', 'customer_id,city\nE1,上海\n');
  const { id, mapping } = await bench.upload('customers', 'customer_id,city\nE1,\n');
  await bench.patch(id, { mapping: { ...mapping!, empty: 'clear' } });
  expect(await bench.go(id, 'run')).toMatchObject({ updated: 1 });
  expect((await customer('E1'))!.city).toBeNull();
});

test('mode insert refuses what is there, mode update what is not', async () => {
  await bringIn('customers', 'customer_id,name\nM1,a\n');
  const file = 'customer_id,name\nM1,b\nM2,b\n';
  const inserted = await bench.upload('customers', file);
  await bench.patch(inserted.id, { mode: 'insert' });
  expect(await bench.go(inserted.id, 'check')).toMatchObject({
    created: 1,
    updated: 0,
    wrong: 1,
    errors: [{ row: 2, key: 'import_unique', value: 'M1' }],
  });
  const updated = await bench.upload('customers', file);
  await bench.patch(updated.id, { mode: 'update' });
  expect(await bench.go(updated.id, 'check')).toMatchObject({
    created: 0,
    updated: 1,
    wrong: 1,
    errors: [{ row: 3, key: 'import_missing' }],
  });
});

describe('a file with errors', () => {
  test('is checked without writing, mended, and comes in', async () => {
    const file = [
      '商品编号,商品名称,售价',
      'P1,茶,12.50',
      'P2,杯,十二',
      ',壶,1',
      'P1,茶又来,1',
      'P5,,1',
      'P6,=HYPERLINK("http://x"),-1',
      '',
      'P7,"碗, 大",3,多',
    ].join('\r\n');
    const { id, headers } = await bench.upload('products', file);
    const before = await bench.t.db.selectFrom('app.products').select('external_id').execute();
    const { mapping } = await bench.patch(id, {
      mapping: { columns: { external_id: headers[0]!, name: headers[1]!, price: headers[2]! } },
    });
    expect(mapping).toBeTruthy();
    const checked = await bench.go(id, 'check');
    expect(checked).toMatchObject({ state: 'checked', created: 1, wrong: 6, rows_read: 7 });
    expect(checked.errors.map(({ row, column, key }) => [row, column, key])).toEqual([
      [3, '售价', 'not_a_number'],
      [4, '商品编号', 'required'],
      [5, '商品编号', 'import_repeated'],
      [6, '商品名称', 'required'],
      [7, '售价', 'too_small'],
      [9, '', 'import_cells'],
    ]);
    expect(checked.errors[0]).toMatchObject({ value: '十二', message: expect.stringContaining('must be a number') });
    expect(await bench.t.db.selectFrom('app.products').select('external_id').execute()).toEqual(before);

    expect(await bench.go(id, 'run')).toMatchObject({ state: 'done', created: 1, wrong: 6 });

    const mended = (await bench.errorsFile(id))
      .replace('十二', '12')
      .replace(',,壶', ',P3,壶')
      .replace('P1,茶又来', 'P4,茶又来')
      .replace('P5,', 'P5,盘')
      .replace('-1', '1')
      .replace('"碗, 大",3,多', '"碗, 大",3,');
    expect(mended).toContain(`'=HYPERLINK`);
    const again = await bench.upload('products', mended);
    await bench.patch(again.id, { mapping: mapping! });
    expect(await bench.go(again.id, 'run')).toMatchObject({ state: 'done', created: 6, wrong: 0 });
    const names = await bench.t.db
      .selectFrom('app.products')
      .select(['external_id', 'name'])
      .orderBy('external_id')
      .execute();
    expect(names.filter(({ external_id }) => /^P\d$/.test(external_id))).toHaveLength(7);
  });

  test('states how many errors there are beyond the thousand it shows', async () => {
    const rows = Array.from({ length: 1500 }, (_, at) => `Q${at},name,x`).join('\n');
    const { id } = await bench.upload('products', `external_id,name,price\n${rows}\n`);
    const checked = await bench.go(id, 'check');
    expect(checked).toMatchObject({ wrong: 1500, errors_cut: true });
    expect(checked.errors).toHaveLength(1000);
    expect((await bench.errorsFile(id)).trim().split('\r\n')).toHaveLength(1501);
  });
});

describe('who may', () => {
  test('import at all', async () => {
    const post = (person: 'viewer' | 'operator') =>
      bench.app.as(person)('POST', '/api/customers/_import', 'customer_id\n1\n', { 'content-type': 'text/csv' });
    expect((await post('viewer')).status).toBe(403);
    expect((await post('operator')).status).toBe(201);
  });

  test('not write personal data they cannot see', async () => {
    const { id, mapping } = await bench.upload('customers', 'customer_id,phone\nS1,13812341234\n', { as: 'operator' });
    expect(mapping!.columns).toEqual({ external_id: 'customer_id' });
    const body = { mapping: { columns: { external_id: 'customer_id', phone: 'phone' } } };
    expect((await bench.app.as('operator')('PATCH', `/api/_imports/${id}`, body)).status).toBe(403);
  });

  test('not read the cells of somebody else’s file without the right to personal data', async () => {
    const { id } = await bench.upload('customers', 'customer_id,phone\nS3,not a phone\n');
    expect((await bench.go(id, 'check')).errors[0]!.value).toBe('not a phone');
    const other = bench.app.as('operator');
    const seen = (await (await other('GET', `/api/_imports/${id}`)).json()) as ImportStatus;
    expect([seen.sample, seen.errors[0]!.value, seen.wrong]).toEqual([[], '', 1]);
    expect((await other('GET', `/api/_imports/${id}/errors.csv`)).status).toBe(403);
  });

  test('not see the imports of others’ resources', async () => {
    const { id } = await bench.upload('customers', 'customer_id\nS2\n');
    expect((await bench.app.as('viewer')('GET', `/api/_imports/${id}`)).status).toBe(404);
    expect((await bench.app.as('viewer')('POST', `/api/_imports/${id}/_run`)).status).toBe(404);
  });
});

test('a mapping that does not fit is refused with what is wrong', async () => {
  const { id } = await bench.upload('customers', 'customer_id,name\nX1,x\n');
  const patch = async (mapping: unknown) => {
    const response = await bench.app.as('pii')('PATCH', `/api/_imports/${id}`, { mapping });
    return [response.status, ((await response.json()) as { key: string }).key];
  };
  expect(await patch({ columns: { colour: 'name' } })).toEqual([422, 'import_unknown_field']);
  expect(await patch({ columns: { name: 'nobody' } })).toEqual([422, 'import_unknown_header']);
  expect(await patch({ columns: { name: 'name' }, time_zone: 'Mars/Base' })).toEqual([422, 'unknown_time_zone']);
  expect(await patch({ columns: [] })).toEqual([422, 'bad_mapping']);
  expect(await patch({ columns: {}, kinds: [{ when: { nobody: { eq: 1 } }, then: 'skip' }] })).toEqual([
    400,
    'predicate.unknown_field',
  ]);
  await bench.patch(id, { mapping: { columns: { name: 'name' } } });
  const response = await bench.app.as('pii')('POST', `/api/_imports/${id}/_check`);
  expect([response.status, ((await response.json()) as { key: string }).key]).toEqual([422, 'import_key_unmapped']);
});

test('a mapping is remembered under a name and proposed for the next such file', async () => {
  const ask = bench.app.as('pii');
  const mapping = { columns: { external_id: 'Kundennummer', name: 'Vorname' } };
  const saved = await ask('POST', '/api/_import_presets', { resource: 'customers', name: 'CRM', mapping });
  expect(saved.status).toBe(201);
  const { id } = (await saved.json()) as { id: number };
  const next = await bench.upload('customers', 'Vorname;Kundennummer\nUte;77\n');
  expect(next.format.delimiter).toBe(';');
  expect(next.mapping).toEqual(mapping);
  expect((await ask('DELETE', `/api/_import_presets/${id}`)).status).toBe(204);
  expect(await (await ask('GET', '/api/_import_presets?resource=customers')).json()).toEqual([]);
});
