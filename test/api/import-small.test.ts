/** Imports of what people configure: saved like a form, with its rules, relations, guards and consent. */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HistoryEntry, ImportStatus, Row } from '../../api/contract.ts';
import { readSheet } from '../../api/xlsx/sheet.ts';
import { openWorkbook } from '../../api/xlsx/workbook.ts';
import { type ImportBench, importBench } from './import-client.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench();
});
afterAll(() => bench?.close());

const as = 'administrator';
async function go(resource: string, file: string | Uint8Array, step: 'check' | 'run' = 'run'): Promise<ImportStatus> {
  const { id } = await bench.upload(resource, file, { as });
  return bench.go(id, step, as);
}
const said = ({ errors }: ImportStatus) => errors.map(({ row, column, key }) => [row, column, key]);
async function list(path: string): Promise<Row[]> {
  return (await (await bench.app.as(as)('GET', `/api/${path}`)).json()) as Row[];
}

const TIER = 'code,name,name_en,rank,basis,window_kind,window_days,enter_at,floor_tier_id';

describe('tiers', () => {
  test('a row that a form would refuse is refused for the same reason, and the others come in', async () => {
    const file = [
      TIER,
      'imp_a,甲,A,901,growth,rolling,365,100,',
      'imp_b,乙,B,902,growth,rolling,,200,',
      'imp_c,丙,C,901,growth,lifetime,,300,',
      'Imp D,丁,D,904,growth,lifetime,,300,',
      'imp_e,戊,E,905,growth,lifetime,,300,imp_a',
      'imp_f,己,F,906,growth,lifetime,,300,imp_x',
      'imp_g,庚,G,907,nonsense,lifetime,,300,甲',
      '',
    ].join('\n');
    const checked = await go('tiers', file, 'check');
    expect(await list('tiers?code_sw=imp_')).toEqual([]);
    expect(said(checked)).toEqual([
      [3, 'window_days', expect.stringMatching(/^(rule|required)$/)],
      [4, 'rank', 'unique'],
      [5, 'code', 'bad_pattern'],
      [7, 'floor_tier_id', 'ref_unknown'],
      [8, 'basis', 'not_a_choice'],
    ]);
    expect(checked).toMatchObject({ created: 2, updated: 0, wrong: 5 });
    expect(checked.preview).toMatchObject([
      { row: 2, key: 'imp_a', action: 'create', changes: { rank: { before: null, after: 901 } } },
      { row: 6, key: 'imp_e', action: 'create' },
    ]);
    const done = await go('tiers', file);
    expect(done).toMatchObject({ state: 'done', created: 2, wrong: 5 });
    const [a, e] = await list('tiers?code_sw=imp_&_sort=code');
    expect([a!.code, e!.code, e!.floor_tier_id]).toEqual(['imp_a', 'imp_e', a!.id]);
    const history = (await (await bench.app.as(as)('GET', `/api/tiers/${a!.id}/_history`)).json()) as HistoryEntry[];
    expect(history[0]).toMatchObject({ action: 'import' });
  });

  test('a relation is found by code, by a title that one record has, and by # and the id', async () => {
    const [a] = await list('tiers?code=imp_a');
    for (const name of ['imp_a', '甲', `#${a!.id}`]) {
      await go('tiers', `code,floor_tier_id\nimp_e,\n`);
      const done = await go('tiers', `code,floor_tier_id\nimp_e,${name}\n`);
      expect([name, said(done)]).toEqual([name, []]);
      expect((await list('tiers?code=imp_e'))[0]!.floor_tier_id).toBe(a!.id);
    }
    expect(said(await go('tiers', 'code,floor_tier_id\nimp_e,999999\n', 'check'))).toEqual([
      [2, 'floor_tier_id', 'ref_unknown'],
    ]);
  });

  test('update only changes what is there; insert only makes what is not', async () => {
    const file = 'code,name\nimp_a,新名\nimp_zz,没有\n';
    const one = await bench.upload('tiers', file, { as });
    await bench.app.as(as)('PATCH', `/api/_imports/${one.id}`, { mode: 'update' });
    expect(said(await bench.go(one.id, 'check', as))).toEqual([[3, 'code', 'import_missing']]);
    const other = await bench.upload('tiers', file, { as });
    await bench.app.as(as)('PATCH', `/api/_imports/${other.id}`, { mode: 'insert' });
    expect(said(await bench.go(other.id, 'check', as))[0]).toEqual([2, 'code', 'import_unique']);
  });
});

test('what cannot be edited may come again as it is, and as nothing else', async () => {
  for (const code of ['film', 'theatre'])
    await bench.app.as(as)('POST', '/api/coupon_templates', {
      ...{ code, name: code, name_en: code, kind: 'gift', gift_name: code },
      ...{ code_mode: 'imported', valid_for: 30 },
    });
  const file = 'code,template_id\nCODE-0001,film\nCODE-0002,film\n';
  expect(await go('coupon_codes', file)).toMatchObject({ created: 2, errors: [] });
  expect(await go('coupon_codes', `${file}CODE-0003,film\n`)).toMatchObject({ created: 1, unchanged: 2, errors: [] });
  const other = await go('coupon_codes', 'code,template_id\nCODE-0001,theatre\nCODE-0004,theatre\n');
  expect(other).toMatchObject({ created: 1, unchanged: 0, wrong: 1 });
  expect(said(other)).toEqual([[2, 'code', 'import_unique']]);
});

test('what needs the consent of somebody else waits for it, also when it comes by file', async () => {
  await bench.app.as('administrator')('POST', '/api/approval_rules', {
    ...{ resource: 'tiers', name: '倍数', name_en: 'Multiplier', roles: ['manager'] },
    condition: { point_multiplier: { gt: '3' } },
  });
  const done = await go('tiers', 'code,point_multiplier\nimp_a,9\n');
  expect(done).toMatchObject({ updated: 0, errors: [] });
  expect((await list('tiers?code=imp_a'))[0]!.point_multiplier).toBe('1.00');
  expect(await list('change_requests')).toMatchObject([{ state: 'in_review', action: 'update' }]);
});

test('a guard has the last word: the only administrator stays one', async () => {
  const everybody = await list('users?_start=0&_end=100');
  const lines = everybody.map(({ email }) => `${email},viewer`);
  const done = await go('users', `email,roles\n${lines.join('\n')}\n`, 'check');
  expect(done.errors.map(({ key }) => key)).toContain('rule');
  expect(done.wrong).toBeGreaterThan(0);
});

test('a mapping that was used once is proposed again for the same headers, to the same person', async () => {
  const file = 'sku_of_ours,what_it_is,extra\nM1,茶,\n';
  const first = await bench.upload('products', file, { as });
  expect(first.mapping!.columns).toEqual({});
  const columns = { external_id: 'sku_of_ours', name: 'what_it_is' };
  await bench.app.as(as)('PATCH', `/api/_imports/${first.id}`, { mapping: { columns } });
  await bench.go(first.id, 'check', as);
  expect((await bench.upload('products', file, { as })).mapping!.columns).toEqual(columns);
  expect((await bench.upload('products', file)).mapping!.columns).toEqual({});
});

describe('templates', () => {
  test.each(['customers', 'products', 'tiers', 'users', 'rfm_groups'])(
    'of %s: every column finds its field, and a row can be added',
    async (resource) => {
      for (const lang of ['zh', 'en']) {
        const headers = { 'accept-language': lang };
        const csv = await bench.app.as(as)('GET', `/api/${resource}/_template.csv`, undefined, headers);
        const text = Buffer.from(await csv.arrayBuffer()).toString();
        const fields = text.slice(1).split('\r\n')[0]!.split(',').length;
        const found = await bench.upload(resource, `${text}x\r\n`, { as });
        expect([resource, found.rows_total, Object.keys(found.mapping!.columns).length]).toEqual([resource, 2, fields]);
        expect((await bench.go(found.id, 'check', as)).rows_read).toBe(1);
        const xlsx = await bench.app.as(as)('GET', `/api/${resource}/_template.xlsx`, undefined, headers);
        const path = join(tmpdir(), `template-${process.pid}.xlsx`);
        await writeFile(path, await xlsx.bytes());
        const workbook = await openWorkbook(path, 1e8);
        const rows: string[][] = [];
        for await (const batch of readSheet(workbook, workbook.sheets[0]!))
          for (const { cells } of batch) rows.push(cells);
        const notes: string[][] = [];
        for await (const batch of readSheet(workbook, workbook.sheets[1]!))
          for (const { cells } of batch) notes.push(cells);
        workbook.entries.close();
        expect(rows.length).toBe(1);
        expect(rows[0]!.length).toBe(fields);
        expect(notes.length).toBe(fields + 1);
      }
    },
  );

  test('are for those who may import', async () => {
    const response = await bench.app.as('viewer')('GET', '/api/customers/_template.xlsx');
    expect(response.status).toBe(403);
  });
});

test('the wrong rows come as a workbook too: mended, they can be sent again', async () => {
  const file = 'external_id,name,price\nW1,茶,12\nW2,=杯,dozen\n';
  const { id } = await bench.upload('products', file, { as });
  await bench.go(id, 'run', as);
  const answer = await bench.app.as(as)('GET', `/api/_imports/${id}/errors.xlsx`);
  expect(answer.status).toBe(200);
  const wrong = await bench.upload('products', await answer.bytes(), { as });
  expect(wrong.headers).toEqual(['问题', 'Problem', 'external_id', 'name', 'price']);
  expect(wrong.sample[0]!.slice(1)).toEqual(['price: Price must be a number', 'W2', '=杯', 'dozen']);
  expect(wrong.mapping!.columns).toEqual({ external_id: 'external_id', name: 'name', price: 'price' });
  expect((await bench.app.as(as)('GET', '/api/_imports/999999/errors.xlsx')).status).toBe(404);
});

test('32 people save while a file comes in: what each side wrote is there', { timeout: 120_000 }, async () => {
  const count = 1000;
  const codes = Array.from({ length: count }, (_, at) => `busy-${at}`);
  await go('customers', `customer_id,name,city,occupation\n${codes.map((code) => `${code},n,c,o`).join('\n')}\n`);
  const ids = new Map(
    (await list(`customers?external_id_sw=busy-&_start=0&_end=${count}`)).map((row) => [row.external_id, row.id]),
  );
  // The file names the city; its empty cells under occupation keep what is there.
  const lines = codes.map((code) => `${code},imported-${code},`);
  const { id } = await bench.upload('customers', `customer_id,city,occupation\n${lines.join('\n')}\n`);
  const ask = bench.app.as('pii');
  let running = true;
  const saved = new Map<string, string>();
  const people = Array.from({ length: 32 }, async (_, person) => {
    for (let round = 0; running || round < 5; round++) {
      const code = codes[(person * 37 + round * 11) % count]!;
      const value = `by-${person}-${round}`;
      const answer = await ask('PATCH', `/api/customers/${ids.get(code)}`, { occupation: value });
      if (answer.status === 200) saved.set(code, ((await answer.json()) as Row).occupation as string);
      else expect([409, 412, 503]).toContain(answer.status);
    }
  });
  const done = await bench.go(id, 'run');
  running = false;
  await Promise.all(people);
  expect(done).toMatchObject({ updated: count, wrong: 0 });
  const rows = await list(`customers?external_id_sw=busy-&_start=0&_end=${count}`);
  for (const row of rows) {
    expect(row.city).toBe(`imported-${row.external_id}`);
    const history = (await (await ask('GET', `/api/customers/${row.id}/_history`)).json()) as HistoryEntry[];
    const last = history.find(({ action, changes }) => action === 'update' && changes.occupation);
    if (last) expect(row.occupation).toBe(last.changes.occupation!.after);
    else expect(row.occupation).toBe('o');
  }
});
