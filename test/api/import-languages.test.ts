/** What is wrong with the rows of a file is said in the language of whoever looks, whatever is wrong with them. */
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportStatus, Resource } from '../../api/contract.ts';
import { csvRow } from '../../api/export/csv.ts';
import { importDone } from '../../api/import/run.ts';
import { type ImportBench, importBench } from './import-client.ts';

const WRONG = ['', 'x!', '-1', '99999999999999999', '{"nope":{"eq":1}}', '2026-02-30', '#999999', 'a;b', '[{"a":1}]'];
const HAN = /\p{Script=Han}/u;

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench({}, { demo: true });
}, 400_000);
afterAll(() => bench?.close());

const ask = (method: string, path: string, lang = 'en') =>
  bench.app.as('administrator')(method, path, undefined, { 'accept-language': lang });

test('every refusal of every resource has a sentence in each language', { timeout: 400_000 }, async () => {
  const seen = new Set<string>();
  for (const resource of bench.app.deps.resources.values()) {
    const status = await spoilt(resource);
    if (!status) continue;
    const chinese = (await (await ask('GET', `/api/_imports/${status.id}`, 'zh')).json()) as ImportStatus;
    for (const [at, { key, message, column }] of status.errors.entries()) {
      seen.add(key);
      // Names of records and columns are theirs.
      const said = message.replace(/“[^”]*”/g, '');
      expect([resource.name, column, key, HAN.test(said) ? message : '']).toEqual([resource.name, column, key, '']);
      expect([resource.name, key, HAN.test(chinese.errors[at]!.message)]).toEqual([resource.name, key, true]);
    }
  }
  expect(seen.size).toBeGreaterThan(20);
});

/** The first record, once for each column and each wrong value in it. */
async function spoilt({ name }: Resource): Promise<ImportStatus | null> {
  const out = await ask('GET', `/api/${name}/_export.csv?_header=keys&_sort=id&_order=desc`);
  if (out.status !== 200) return null;
  const [headers, record] = parse(await out.text(), { bom: true, to: 2 }) as [string[], string[] | undefined];
  if (!record) return null;
  const rows = headers.flatMap((_, at) =>
    WRONG.map((wrong) => record.map((cell, place) => (place === at ? wrong : cell))),
  );
  const file = [headers, ...rows].map((row) => csvRow(row)).join('');
  const path = `/api/${name}/_import?file_name=wrong.csv`;
  const found = await bench.app.as('administrator')('POST', path, file, { 'content-type': 'application/octet-stream' });
  if (found.status !== 201) return null;
  const { id } = (await found.json()) as ImportStatus;
  if ((await ask('POST', `/api/_imports/${id}/_check`)).status !== 202) return null;
  await importDone(bench.app.deps, id);
  return (await (await ask('GET', `/api/_imports/${id}`)).json()) as ImportStatus;
}
