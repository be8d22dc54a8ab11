/** Exports: all rows of a list as a file, for those who may, with what they may see. */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Json } from '../../api/contract.ts';
import { readSheet } from '../../api/xlsx/sheet.ts';
import { openWorkbook } from '../../api/xlsx/workbook.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { heldMegabytes } from '../held-memory.ts';

let t: TestDatabase;
let app: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t);
  const names = ['=1+1', "'=quoted", '-5', '@x', '+86', 'two "marks", a comma', '王芳 😀', '_x0041_ <b>&amp;\\N'];
  for (const [at, name] of names.entries()) {
    const record = {
      external_id: `00${at}`,
      name,
      phone: '13812341234',
      tags: at === 0 ? ['a', 'b'] : at === 1 ? ['c;d'] : [],
    };
    const answer = await app.as('pii')('POST', '/api/customers', record);
    if (answer.status !== 201) throw new Error(await answer.text());
  }
  await sql`update app.customers set enrolled_at = '2026-11-01T05:30:00.250Z', birth_on = '1990-02-28' where external_id = '000'`.execute(
    t.owner,
  );
});
afterAll(() => t?.close());

/** 1.5 kB each: ninety megabytes, of which a process may hold sixty. */
const BULK_ROWS = 60_000;
const WAIT = { timeout: 30_000 };
const ask = (path: string, person: Person = 'pii', lang = 'en') =>
  app.as(person)('GET', `/api/${path}`, undefined, { 'accept-language': lang });

async function text(path: string, person?: Person, lang?: string): Promise<string> {
  const response = await ask(path, person, lang);
  if (response.status !== 200) throw new Error(await response.text());
  return Buffer.from(await response.bytes()).toString();
}

async function sheet(path: string): Promise<{ header: string[]; rows: string[][] }> {
  const file = join(tmpdir(), `export-${process.pid}.xlsx`);
  await writeFile(file, await (await ask(path)).bytes());
  const workbook = await openWorkbook(file, 1e8);
  try {
    const rows: string[][] = [];
    for await (const batch of readSheet(workbook, workbook.sheets[0]!)) for (const { cells } of batch) rows.push(cells);
    return { header: rows[0]!, rows: rows.slice(1) };
  } finally {
    workbook.entries.close();
  }
}

async function audit(action: string): Promise<{ [name: string]: Json }[]> {
  const rows = await t.owner
    .selectFrom('app.audit_entries')
    .select(['after', 'actor'])
    .where('action', '=', action)
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ after, actor }) => ({ ...(after as object), actor }));
}

describe('CSV', () => {
  test('has a mark for spreadsheets, labels, CRLF, quotes where they are needed, and no formulas', async () => {
    const out = await text('customers/_export.csv?_fields=external_id,name&_sort=id');
    expect(out).toBe(
      [
        '\uFEFFCustomer no.,Name',
        "000,'=1+1",
        "001,''=quoted",
        "002,'-5",
        "003,'@x",
        "004,'+86",
        '005,"two ""marks"", a comma"',
        '006,王芳 😀',
        '007,_x0041_ <b>&amp;\\N',
        '',
      ].join('\r\n'),
    );
  });

  test('follows the list: its filters, its order, its columns; headers in the caller’s language or as keys', async () => {
    const query = 'external_id_in=000,006&_sort=external_id&_order=desc&_fields=name,channel,consent_sms,enrolled_at';
    const keys = (await text(`customers/_export.csv?${query}&_header=keys`)).split('\r\n');
    expect(keys[0]).toBe('\uFEFFname,channel,consent_sms,enrolled_at');
    expect(keys[2]).toBe("'=1+1,online,false,2026-11-01T05:30:00.250Z");
    const labels = (await text(`customers/_export.csv?${query}`)).split('\r\n');
    expect(labels[0]).toBe('\uFEFFName,Channel,SMS consent,Enrolled at');
    expect(labels[2]).toBe("'=1+1,Online,No,2026-11-01 13:30:00.25");
  });

  test('lists are parted by semicolons, and JSON where an entry holds one', async () => {
    const rows = (await text('customers/_export.csv?_fields=tags&_sort=id')).split('\r\n');
    expect(rows.slice(1, 4)).toEqual(['a;b', '"[""c;d""]"', '']);
  });
});

describe('XLSX', () => {
  test('has texts as texts, dates as dates, numbers as numbers', async () => {
    const { header, rows } = await sheet(
      'customers/_export.xlsx?_fields=external_id,name,birth_on,enrolled_at,consent_sms&_sort=id',
    );
    expect(header).toEqual(['Customer no.', 'Name', 'Birthday', 'Enrolled at', 'SMS consent']);
    expect(rows[0]).toEqual(['000', '=1+1', '1990-02-28', '2026-11-01 13:30:00.250', 'false']);
    expect(rows.map((row) => row[1])).toEqual([
      '=1+1',
      "'=quoted",
      '-5',
      '@x',
      '+86',
      'two "marks", a comma',
      '王芳 😀',
      '_x0041_ <b>&amp;\\N',
    ]);
  });
});

describe('who may', () => {
  test('personal data stays masked', async () => {
    expect(await text('customers/_export.csv?_fields=phone&external_id=000', 'analyst')).toContain('138****1234');
    expect(await text('customers/_export.csv?_fields=phone&external_id=000', 'pii')).toContain('13812341234');
  });

  test.each<[string, Person, number, string]>([
    ['customers/_export.csv', 'viewer', 403, 'forbidden_export'],
    ['users/_export.csv', 'operator', 403, 'forbidden_export'],
    ['products/_export.csv?_fields=unit_cost', 'analyst', 403, 'field_hidden'],
    ['customers/_export.csv?phone=1', 'analyst', 403, 'field_masked'],
    ['customers/_export.csv?_fields=nothing', 'pii', 400, 'unknown_column'],
    ['customers/_export.csv?_end=10', 'pii', 400, 'unknown_parameter'],
    ['customers/_export.csv?_header=both', 'pii', 400, 'bad_parameter'],
    ['customers/_export.pdf', 'pii', 400, 'bad_id'],
    ['nothing/_export.csv', 'pii', 404, 'unknown_resource'],
  ])('%s as %s: %i %s', async (path, person, status, key) => {
    const response = await ask(path, person);
    expect([response.status, ((await response.json()) as ApiError).key]).toEqual([status, key]);
  });

  test.each(["name='; drop table app.customers; --", 'q=%27%20or%201=1', 'name_in=%7B%22,%5C', 'name=$1', 'q=%24%24'])(
    'a filter is a value, whatever it says: %s',
    async (filter) => {
      const out = await text(`customers/_export.csv?_fields=name&${filter}`);
      expect(out).toBe('\uFEFFName\r\n');
    },
  );
});

describe('the audit', () => {
  test('says who took what, how much of it', async () => {
    await text('customers/_export.csv?_fields=name&external_id_in=000,001');
    expect((await audit('export'))[0]).toEqual({
      actor: 'Test pii',
      format: 'csv',
      filter: '_fields=name&external_id_in=000,001',
      fields: ['name'],
      rows: 2,
    });
  });

  test('says so when it was broken off, and the database stops working for it', { timeout: 120_000 }, async () => {
    await sql`
      insert into app.audit_entries (actor, resource, action, reason)
      select 'bulk', 'products', 'bulk', repeat('x', 1500) from generate_series(1, ${BULK_ROWS})
    `.execute(t.owner);
    const response = await ask('audit_entries/_export.csv?actor=bulk', 'administrator');
    expect(response.headers.get('x-total-count')).toBe(String(BULK_ROWS));
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    await expect.poll(async () => (await audit('export_aborted')).length, WAIT).toBe(1);
    const [aborted] = await audit('export_aborted');
    expect(aborted!.rows).toBeLessThan(BULK_ROWS);
    const busy = sql<{
      count: number;
    }>`select count(*)::integer as count from pg_stat_activity where application_name = 'evergreen export' and datname = current_database()`;
    await expect.poll(async () => (await busy.execute(t.owner)).rows[0]!.count, WAIT).toBe(0);
  });
});

test('memory does not grow with the rows, and all of them arrive', { timeout: 120_000 }, async () => {
  for (const format of ['csv', 'xlsx']) {
    const start = heldMegabytes();
    const response = await ask(`audit_entries/_export.${format}?actor=bulk`, 'administrator');
    const seen: number[] = [];
    let bytes = 0;
    let looked = 0;
    for await (const chunk of response.body!) {
      bytes += chunk.length;
      if (bytes - looked < (format === 'csv' ? 8_000_000 : 200_000)) continue;
      looked = bytes;
      seen.push(heldMegabytes());
    }
    if (format === 'csv') expect(bytes).toBeGreaterThan(BULK_ROWS * 1500);
    // What is on its way is a few tens of megabytes, in the middle as at the end.
    expect(Math.max(...seen) - start).toBeLessThan(60);
    const half = seen.length >> 1;
    expect(half).toBeGreaterThan(2);
    expect(Math.max(...seen.slice(half)) - Math.max(...seen.slice(0, half))).toBeLessThan(25);
  }
});
