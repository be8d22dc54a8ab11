/**
 * What a role may not write it does not write by a detour either: another's change taken back, a file, an action, a proposal,
 * a view, an option. The role sees customers of the north alone, and of these neither city nor occupation.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type {
  ApiError,
  HistoryEntry,
  ImportStatus,
  Json,
  Meta,
  Resource,
  Row,
  TrashEntry,
} from '../../api/contract.ts';
import { f, resource } from '../../api/definition.ts';
import { loadResources } from '../../api/definitions.ts';
import { bindFields } from '../../api/predicate/fields.ts';
import { checkPredicate } from '../../api/predicate.ts';
import { resourceContext } from '../../api/records/resource-context.ts';
import { type Ask, testApp } from '../app.ts';
import { type ImportBench, importBench } from './import-client.ts';

const HIDDEN = ['city', 'occupation'];
let bench: ImportBench;
let admin: Ask;
let full: Ask;
let limited: Ask;
let north: number;
let south: number;
let serial = 0;

beforeAll(async () => {
  bench = await importBench();
  admin = bench.app.as('administrator');
  full = bench.app.as('pii');
  limited = bench.app.as('customer_service');
  const unread = Object.fromEntries(HIDDEN.map((name) => [name, { read: false }]));
  await permit('customers', {
    letters: 'cruix',
    rows: { mode: 'where', where: { province: { eq: 'North' } } },
    fields: unread,
  });
  await permit('products', { letters: 'crudix', rows: { mode: 'where', where: { category: { eq: 'Open' } } } });
});
afterAll(() => bench?.close());

beforeEach(async () => {
  serial += 1;
  const add = async (province: string) =>
    (
      await json<Row>(
        full('POST', '/api/customers', {
          external_id: `${province}${serial}`,
          name: `${province} ${serial}`,
          province,
          city: 'Alpha',
          occupation: 'Baker',
        }),
        201,
      )
    ).id as number;
  [north, south] = [await add('North'), await add('South')];
});

async function permit(name: string, input: { [key: string]: Json }): Promise<void> {
  await json(admin('PUT', `/api/_permissions/customer_service/${name}`, input, { 'if-match': '"0"' }), 200);
}
async function json<T = Row>(answer: Response | Promise<Response>, status?: number): Promise<T> {
  const found = await answer;
  const text = await found.text();
  if (status !== undefined) expect(`${found.status} ${text}`).toMatch(new RegExp(`^${status} `));
  return (text ? JSON.parse(text) : null) as T;
}
const stored = (id: number) => json(full('GET', `/api/customers/${id}`), 200);
async function refused(
  answer: Response | Promise<Response>,
  statuses: number[],
  not = /Alpha|Baker|Omega|South/,
): Promise<ApiError> {
  const found = await answer;
  const text = await found.text();
  expect(statuses, text).toContain(found.status);
  expect(text).not.toMatch(not);
  return JSON.parse(text) as ApiError;
}

describe('another’s change of many', () => {
  test('is not taken back by who may not write its fields', async () => {
    const { bulk_id } = await json(full('POST', '/api/customers/_bulk', { ids: [north], set: { city: 'Omega' } }), 200);
    const body = await refused(limited('POST', `/api/customers/_bulk/${bulk_id}/_undo`), [403]);
    expect(Object.keys(body.errors!)).toEqual(['city']);
    expect((await stored(north)).city).toBe('Omega');
    await json(full('POST', `/api/customers/_bulk/${bulk_id}/_undo`), 200);
    expect((await stored(north)).city).toBe('Alpha');
  });

  test('nor by who sees not all of its records', async () => {
    const { bulk_id } = await json(
      full('POST', '/api/customers/_bulk', { ids: [north, south], set: { education: 'master' } }),
      200,
    );
    await refused(limited('POST', `/api/customers/_bulk/${bulk_id}/_undo`), [404]);
    expect([(await stored(north)).education, (await stored(south)).education]).toEqual(['master', 'master']);
  });

  test('nor by who reads that field only masked', async () => {
    const { bulk_id } = await json(
      full('POST', '/api/customers/_bulk', { ids: [north], set: { phone: '13900139000' } }),
      200,
    );
    await refused(bench.app.as('operator')('POST', `/api/customers/_bulk/${bulk_id}/_undo`), [403], /139/);
  });
});

describe('a record that is out of sight', () => {
  test.each<[string, (id: number) => [string, string, Json?]]>([
    ['is not read', (id) => ['GET', `/api/customers/${id}`]],
    ['is not changed', (id) => ['PATCH', `/api/customers/${id}`, { education: 'master' }]],
    ['has no history', (id) => ['GET', `/api/customers/${id}/_history`]],
    ['has nothing to take back', (id) => ['POST', `/api/customers/${id}/_revert`, { entry: 1 }]],
    ['is not among many', (id) => ['POST', '/api/customers/_bulk', { ids: [id], set: { education: 'master' } }]],
    [
      'is not counted by a filter',
      (id) => ['POST', '/api/customers/_bulk', { filter: `id=${id}`, expected: 1, set: { education: 'master' } }],
    ],
    [
      'is not proposed to be changed',
      (id) => ['POST', '/api/customers/_propose', { id, values: { education: 'master' } }],
    ],
  ])('%s', async (_, question) => {
    await refused(limited(...question(south)), [404, 409]);
    // As if there were none at all.
    const none = await limited(...question(999_999_999));
    const hidden = await limited(...question(south));
    expect(hidden.status).toBe(none.status);
    expect((await stored(south)).education).toBeNull();
  });

  test('is not put out of sight, nor fetched into it', async () => {
    await refused(limited('PATCH', `/api/customers/${north}`, { province: 'South' }), [403], /Alpha|Baker/);
    await refused(
      limited('POST', '/api/customers/_bulk', { ids: [north], set: { province: 'South' } }),
      [403],
      /Alpha|Baker/,
    );
    await refused(
      limited('POST', '/api/customers', { external_id: `made${serial}`, province: 'South' }),
      [403],
      /Alpha|Baker/,
    );
    expect((await stored(north)).province).toBe('North');
  });

  test('is not brought back from the trash, nor named there', async () => {
    const product = await json(
      full('POST', '/api/products', { external_id: `gone${serial}`, name: 'Secret kettle', category: 'Closed' }),
      201,
    );
    await json(full('DELETE', `/api/products/${product.id}`), 200);
    const [{ entry }] = await json<[TrashEntry]>(full('GET', `/api/products/_trash?record_id=${product.id}`), 200);
    expect(await json(limited('GET', '/api/products/_trash'), 200)).toEqual([]);
    const kept = await json(
      full('POST', '/api/products', { external_id: `kept${serial}`, name: 'Secret kettle', category: 'Closed' }),
      201,
    );
    await refused(limited('GET', `/api/products/${kept.id}/_delete_preview`), [404], /Secret/);
    await refused(limited('DELETE', `/api/products/${kept.id}`), [404], /Secret/);
    await refused(limited('POST', '/api/products/_bulk', { ids: [kept.id!], delete: true }), [404], /Secret/);
    await refused(limited('POST', `/api/products/_trash/${entry}/_restore`), [404], /Secret/);
    expect((await full('GET', `/api/products/${product.id}`)).status).toBe(404);
  });

  test('is neither written nor found out by a file', async () => {
    const file = `external_id,education\nNorth${serial},master\nSouth${serial},master\nNobody${serial},master\n`;
    const path = '/api/customers/_import?file_name=f.csv';
    const found = await json<ImportStatus>(
      limited('POST', path, file, { 'content-type': 'application/octet-stream' }),
      201,
    );
    await json(limited('PATCH', `/api/_imports/${found.id}`, { mode: 'update' }), 200);
    const done = await bench.go(found.id, 'run', 'customer_service');
    expect(done).toMatchObject({ updated: 1, wrong: 2 });
    const told = done.errors.map(({ row, column, message }) => [row, column, message]);
    expect(told[0]!.slice(1)).toEqual(told[1]!.slice(1));
    expect((await stored(south)).education).toBeNull();
  });
});

describe('a field that is hidden', () => {
  test('is no column of a file, of a saved mapping or of a preset', async () => {
    const file = `external_id,city\nNorth${serial},Omega\n`;
    const found = await json<ImportStatus>(
      limited('POST', '/api/customers/_import?file_name=f.csv', file, { 'content-type': 'application/octet-stream' }),
      201,
    );
    const mapping = { columns: { external_id: 'external_id', city: 'city' } };
    await refused(limited('PATCH', `/api/_imports/${found.id}`, { mapping }), [403], /Alpha/);
    await refused(
      limited('POST', '/api/_import_presets', { resource: 'customers', name: 'x', mapping }),
      [403],
      /Alpha/,
    );
    // What somebody else mapped before is looked at again by who runs it.
    await json(full('PATCH', `/api/_imports/${found.id}`, { mapping, mode: 'update' }), 200);
    await refused(limited('POST', `/api/_imports/${found.id}/_run`), [403], /Alpha/);
    expect((await stored(north)).city).toBe('Alpha');
  });

  test('is not proposed, not set in many, not cleared in many, not drawn from history', async () => {
    await refused(limited('POST', '/api/customers/_propose', { id: north, values: { city: 'Omega' } }), [403]);
    await refused(limited('POST', '/api/customers/_bulk', { ids: [north], clear: ['city'] }), [403]);
    await json(full('PATCH', `/api/customers/${north}`, { city: 'Omega', education: 'master' }), 200);
    const [entry] = await json<HistoryEntry[]>(limited('GET', `/api/customers/${north}/_history`), 200);
    expect(entry!.redacted).toEqual(['city']);
    await refused(
      limited('POST', `/api/customers/${north}/_revert`, { entry: entry!.id, fields: ['city'] }),
      [403],
      /Alpha/,
    );
    // What may be taken back is, and nothing beside it.
    await json(limited('POST', `/api/customers/${north}/_revert`, { entry: entry!.id }), 200);
    expect(await stored(north)).toMatchObject({ city: 'Omega', education: null });
  });

  test('is in no view, habit, document or definition of theirs', async () => {
    const view = (settings: Row) =>
      limited('POST', '/api/_views', { resource: 'customers', name: 'v', visibility: 'private', settings });
    for (const settings of [
      { columns: ['name', 'city'] },
      { sort: '-city' },
      { where: { city: { eq: 'Alpha' } } },
      { by: 'city' },
      { where: { name: { ne: { $field: 'city' } } } },
    ])
      await refused(view(settings as unknown as Row), [422], /Baker/);
    await refused(limited('PUT', '/api/_preferences/customers', { columns: ['city'] }), [422]);
    const shared = await json(
      full('POST', '/api/_views', {
        resource: 'customers',
        name: 'All',
        visibility: 'everyone',
        settings: { where: { city: { eq: 'Omega' } }, columns: ['name', 'city'] },
      }),
      201,
    );
    const theirs = await json(limited('GET', `/api/_views/${shared.code}`), 200);
    expect(JSON.stringify(theirs)).not.toMatch(/Omega|"city"/);
    const meta = await json<Meta>(limited('GET', '/api/_meta'), 200);
    const customers = meta.resources.find(({ name }) => name === 'customers')!;
    expect(Object.keys(customers.fields)).not.toContain('city');
    expect(JSON.stringify(customers)).not.toMatch(/"city"|"occupation"/);
    const { components } = await json<{ components: { schemas: { [name: string]: unknown } } }>(
      limited('GET', '/api/openapi.json'),
      200,
    );
    for (const [name, schema] of Object.entries(components.schemas))
      if (name.startsWith('customers')) expect(JSON.stringify(schema)).not.toMatch(/"city"|"occupation"/);
  });

  test('is not named by a layout of their form', async () => {
    await json(
      admin('POST', '/api/form_layouts', {
        resource: 'customers',
        layout: { fields: { city: { label: ['所在城市', 'Secret town'] } } },
      }),
      201,
    );
    expect(JSON.stringify(await json(limited('GET', '/api/_meta'), 200))).not.toContain('Secret town');
    await refused(limited('PATCH', `/api/customers/${north}`, { city: 'x' }), [403]);
  });
});

describe('a condition', () => {
  let draft: number;
  const rules = (condition: Json) => [{ code: 'x', name: 'X', name_en: 'X', condition }];
  beforeAll(async () => {
    await permit('segment_rule_set_versions', { letters: 'ru' });
    const set = await json(full('POST', '/api/segment_rule_sets', { code: 'told', name: '说', name_en: 'Told' }), 201);
    const made = await json(full('POST', `/api/segment_rule_sets/${set.id}/_actions/new_version`, {}), 200);
    draft = made.id as number;
  });

  test('about what its author may not see is neither saved nor counted for them', async () => {
    const path = `/api/segment_rule_set_versions/${draft}`;
    for (const condition of [
      { city: { eq: 'Alpha' } },
      { not: { city: { null: true } } },
      { and: [{ province: { eq: 'North' } }, { or: [{ occupation: { eq: 'Baker' } }] }] },
      { province: { eq: { $field: 'city' } } },
    ] as Json[]) {
      const asked = JSON.stringify(condition);
      for (const answer of [
        await limited('PATCH', path, { rules: rules(condition) }),
        await limited('POST', '/api/segment_rule_set_versions/_impact', {
          id: draft,
          values: { rules: rules(condition) },
        }),
        await limited('POST', '/api/segment_rule_set_versions/_propose', {
          id: draft,
          values: { rules: rules(condition) },
        }),
        await limited('POST', '/api/segment_rule_set_versions/_bulk', {
          ids: [draft],
          set: { rules: rules(condition) },
        }),
      ]) {
        const { errors = {} } = (await answer.json()) as ApiError;
        expect([asked, answer.status, Object.keys(errors)]).toEqual([asked, 403, ['rules.0.condition']]);
      }
    }
    await json(limited('PATCH', path, { rules: rules({ province: { eq: 'North' } }) }), 200);
  });

  test('of somebody else about it stays when the rest is changed', async () => {
    const path = `/api/segment_rule_set_versions/${draft}`;
    await json(full('PATCH', path, { rules: rules({ city: { eq: 'Alpha' } }) }), 200);
    await json(
      limited('PATCH', path, {
        rules: [...rules({ city: { eq: 'Alpha' } }), { ...rules({ gender: { eq: 'male' } })[0]!, code: 'y' }],
      }),
      200,
    );
  });
});

describe('a change request', () => {
  test('is not called by what others may not see', async () => {
    for (const id of [north, south])
      await json(full('POST', '/api/customers/_propose', { id, values: { city: 'Omega' }, draft: true }), 202);
    const person = await json(
      admin('POST', '/api/users/_propose', { id: bench.app.id('viewer'), values: { name: 'Renamed' }, draft: true }),
      202,
    );
    expect(person.title).toBe('Renamed');
    const seen = await json<Row[]>(limited('GET', '/api/change_requests?resource=customers&_sort=id'), 200);
    expect(seen.slice(-2).map(({ title }) => title)).toEqual([`#${north}`, `#${south}`]);
    const diffs = await Promise.all(seen.slice(-2).map(({ id }) => limited('GET', `/api/change_requests/${id}/_diff`)));
    expect(diffs.map(({ status }) => status)).toEqual([200, 404]);
    expect(await diffs[0]!.text()).not.toMatch(/Alpha|Omega/);
  });

  test('to delete says which record, or it is none', async () => {
    const body = await refused(full('POST', '/api/products/_propose', { delete: true }), [422]);
    expect(Object.keys(body.errors!)).toEqual(['id']);
  });
});

test('a value of the record that is edited cannot pass for a field, in what a relation offers', async () => {
  const target = resource('places', {
    label: ['地点', 'Places'],
    group: 'system',
    title: 'name',
    fields: { name: f.text({ label: ['名称', 'Name'] }), secret: f.text({ label: ['密', 'Secret'] }) },
    access: {},
    list: { columns: ['name'], sort: 'name' },
  });
  const offer = { name: { eq: { $field: 'near' } } };
  for (const near of [{ $field: 'secret' }, [{ $field: 'secret' }], { $text: { $field: 'secret' } }] as Json[]) {
    const bound = bindFields(offer, { near });
    expect(JSON.stringify(bound)).not.toContain('secret');
    expect(() => checkPredicate(bound, resourceContext(target))).toThrow();
  }
  // And over the wire, where tiers below this one are offered.
  const path = (rank: Json) =>
    `/api/tiers/_options/floor_tier_id?record=${encodeURIComponent(JSON.stringify({ rank }))}`;
  for (const rank of [{ $field: 'id' }, [{ $field: 'id' }], { toString: 1 }] as Json[])
    expect((await admin('GET', path(rank))).status).toBe(400);
  expect((await admin('GET', path(5))).status).toBe(200);
});

test('many records are held to what each of them is offered', async () => {
  const tier = async (rank: number) =>
    (
      await json(
        admin('POST', '/api/tiers', {
          code: `t${rank}`,
          name: `T${rank}`,
          name_en: `T${rank}`,
          rank,
          basis: 'invitation',
          window_days: 30,
        }),
        201,
      )
    ).id as number;
  const [high, middle, low] = [await tier(903), await tier(902), await tier(901)];
  // Without the guard of tiers, which would say it too.
  const resources = new Map<string, Resource>(await loadResources());
  resources.set('tiers', { ...resources.get('tiers')!, guard: undefined });
  const app = await testApp(bench.t, { resources, people: bench.app });
  // Offered are the tiers below: the middle one to the high, which is the first of the records, but not to the low.
  const answer = await app.as('administrator')('POST', '/api/tiers/_bulk', {
    ids: [high, low],
    set: { floor_tier_id: middle },
  });
  const body = await json<ApiError>(answer);
  expect([answer.status, body.rows?.map(({ id }) => id)]).toEqual([422, [low]]);
});
