/**
 * What is exported and imported again changes nothing: of every resource that allows both, as CSV and as XLSX, in both
 * languages, where clocks change and where they do not, on the demo with every text a hostile one.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Field, ImportStatus, Lang, Resource, Row } from '../../api/contract.ts';
import { importFields } from '../../api/import/fields.ts';
import { forgetProgramme } from '../../api/programme.ts';
import { accessOf } from '../../api/records/access.ts';
import { type ImportBench, importBench } from './import-client.ts';

const HOSTILE = [
  '=1+1',
  "'=1+1",
  "''-quoted",
  '-5',
  '+8613812341234',
  '@SUM(A1)',
  '＝全角',
  'a,b;c|d，e；f、g',
  '"quoted" and \'quoted\'',
  '0012',
  '1e5',
  '2026-03-01',
  'TRUE',
  'NULL',
  '\\N',
  '\\.',
  '#N/A',
  '="007"',
  '[1,2]',
  '{"a":1}',
  '_x0041_x0042_',
  '<b>&amp;</b>]]>',
  '王芳😀👨‍👩‍👧',
  'é e\u0301 \u00a0 \u200b \u202e',
  '\ufeffmark',
  '\uffff\ufffe',
  '\\u0000 ␀',
  '$1 %s {x}',
];
const LINES = 'one\n=two\n\n"three"\tend';

let bench: ImportBench;
let all: Resource[];
beforeAll(async () => {
  bench = await importBench({}, { demo: true });
  const caller = await administrator();
  all = [...bench.app.deps.resources.values()].filter((resource) => {
    const access = accessOf(caller, resource);
    return access.list && access.export && access.import && !resource.import?.procedure;
  });
}, 400_000);
afterAll(() => bench?.close());

const ask = (lang: Lang) => {
  const as = bench.app.as('administrator');
  return (method: string, path: string, body?: unknown, headers = {}) =>
    as(method, path, body, { 'accept-language': lang, ...headers });
};

async function administrator() {
  const user = await bench.t.db
    .selectFrom('app.users')
    .select(['id', 'name', 'email'])
    .where('id', '=', bench.app.id('administrator'))
    .executeTakeFirstOrThrow();
  return { ...user, roles: ['administrator'] as const, pii: true, lang: 'en' as const };
}

async function inZone(time_zone: string): Promise<void> {
  await bench.t.owner.updateTable('app.settings').set({ time_zone }).execute();
  forgetProgramme(bench.t.db);
}

async function roundTrip(
  resource: Resource,
  { format, lang, query = '' }: { format: 'csv' | 'xlsx'; lang: Lang; query?: string },
) {
  const out = await ask(lang)('GET', `/api/${resource.name}/_export.${format}?${query}`);
  expect(out.status).toBe(200);
  const rows = Number(out.headers.get('x-total-count'));
  const file = new Uint8Array(await out.arrayBuffer());
  if (rows === 0) return { rows, checked: null };
  const found = await bench.upload(resource.name, file, { as: 'administrator', file_name: `back.${format}` });
  const checked = await bench.go(found.id, 'check', 'administrator');
  return { rows, checked, found };
}

function expectNothing(checked: ImportStatus, rows: number): void {
  expect(checked.errors.slice(0, 3)).toEqual([]);
  expect(checked.preview.slice(0, 3)).toEqual([]);
  const { state, created, updated, unchanged, wrong, message } = checked;
  expect({ state, created, updated, unchanged, wrong, message }).toEqual({
    state: 'checked',
    created: 0,
    updated: 0,
    unchanged: rows,
    wrong: 0,
    message: null,
  });
}

test('texts of the demo become hostile ones', { timeout: 200_000 }, async () => {
  let changed = 0;
  for (const resource of all) {
    const list = (await (await ask('en')('GET', `/api/${resource.name}?_start=0&_end=30&_sort=id`)).json()) as Row[];
    for (const [at, { id }] of list.entries()) {
      const input: Row = {};
      for (const [place, [name, field]] of Object.entries(resource.fields).entries()) {
        const text = hostileText(field, at + place);
        if (text !== null) input[name] = text;
      }
      if (Object.keys(input).length === 0) continue;
      // What a resource does not take is not its export's business.
      const answer = await ask('en')('PATCH', `/api/${resource.name}/${id}`, input);
      if (answer.status === 200) changed++;
    }
  }
  expect(changed).toBeGreaterThan(50);
});

function hostileText(field: Field, at: number): Row[string] {
  if (field.readonly || field.frozen || field.unique) return null;
  if (field.kind === 'tags') return [HOSTILE[at % HOSTILE.length]!.slice(0, 40), 'a;b', '[c'];
  if (field.kind === 'longtext')
    return `${HOSTILE[at % HOSTILE.length]}\n${LINES}${'长'.repeat(500)}`.slice(0, field.max ?? 5000);
  if (field.kind !== 'text' || field.pattern) return null;
  return HOSTILE[at % HOSTILE.length]!.slice(0, field.max ?? 1000);
}

describe.each(['Asia/Shanghai', 'America/New_York'])('in %s', (time_zone) => {
  beforeAll(() => inZone(time_zone));

  test.each([
    ['csv', 'zh'],
    ['csv', 'en'],
    ['xlsx', 'zh'],
    ['xlsx', 'en'],
  ] as const)('every resource comes back from %s in %s as it was', { timeout: 600_000 }, async (format, lang) => {
    expect(all.length).toBeGreaterThan(5);
    for (const resource of all) {
      const { rows, checked, found } = await roundTrip(resource, { format, lang });
      if (!checked) continue;
      const { fields } = importFields(resource, await administrator());
      const sent = Object.keys(fields).filter((name) => !fields[name]!.left_out?.includes('export'));
      expect([resource.name, Object.keys(found!.mapping!.columns).sort()]).toEqual([resource.name, sent.sort()]);
      expectNothing(checked, rows);
    }
  });

  test('times that the clock shows twice come back', { timeout: 60_000 }, async () => {
    const times = [
      '2025-11-02T05:30:00.000Z',
      '2025-11-02T06:30:00.000Z',
      '2025-03-09T07:00:00.123Z',
      '1890-01-01T00:00:00Z',
    ];
    for (const [at, enrolled_at] of times.entries()) {
      await ask('en')('POST', '/api/customers', { external_id: `zone-${time_zone}-${at}`, enrolled_at });
    }
    const out = await ask('en')(
      'GET',
      '/api/customers/_export.csv?_fields=external_id,enrolled_at&external_id_sw=zone-',
    );
    // As new customers, so that the times are written and not only compared.
    const fresh = Buffer.from(await out.arrayBuffer())
      .toString()
      .replaceAll('zone-', 'new-');
    const { id } = await bench.upload('customers', fresh, { as: 'administrator' });
    expect(await bench.go(id, 'run', 'administrator')).toMatchObject({ wrong: 0, updated: 0 });
    const kept = await bench.t.db
      .selectFrom('app.customers')
      .select('enrolled_at')
      .where('external_id', 'like', `new-${time_zone}-%`)
      .orderBy('external_id')
      .execute();
    expect(kept.map((row) => row.enrolled_at)).toEqual(times.map((time) => new Date(time).toISOString()));
  });
});

test('keys instead of labels come back too', { timeout: 300_000 }, async () => {
  for (const resource of all) {
    const { rows, checked } = await roundTrip(resource, { format: 'csv', lang: 'en', query: '_header=keys' });
    if (checked) expectNothing(checked, rows);
  }
});

test('a difference is found, and told', { timeout: 60_000 }, async () => {
  const tiers = bench.app.deps.resources.get('tiers')!;
  const out = await ask('en')('GET', '/api/tiers/_export.xlsx');
  const file = new Uint8Array(await out.arrayBuffer());
  const [tier] = (await (await ask('en')('GET', '/api/tiers?_sort=id&_start=0&_end=1')).json()) as Row[];
  const answer = await ask('en')('PATCH', `/api/tiers/${tier!.id}`, { name: 'another' });
  expect(answer.status).toBe(200);
  const found = await bench.upload('tiers', file, { as: 'administrator' });
  const checked = await bench.go(found.id, 'check', 'administrator');
  expect(checked).toMatchObject({ updated: 1, created: 0, wrong: 0 });
  expect(checked.preview).toMatchObject([
    { key: tier!.code, action: 'update', changes: { name: { before: 'another', after: tier!.name } } },
  ]);
  expect(tiers.fields.name).toBeTruthy();
});
