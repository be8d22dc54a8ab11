import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type {
  ApiError,
  BulkAnswer,
  DeletePreview,
  HistoryEntry,
  Resource,
  Row,
  TrashEntry,
} from '../../api/contract.ts';
import { loadResources } from '../../api/definitions.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let database: TestDatabase;
let app: TestApp;
let operator: Ask;
let ids: number[];

beforeAll(async () => {
  database = await testDatabase();
  const resources = new Map<string, Resource>(await loadResources());
  // Customer service sees customers of Zhejiang only.
  const customers = resources.get('customers')!;
  resources.set('customers', { ...customers, rows: { customer_service: { province: { eq: '浙江' } } } });
  app = await testApp(database, { resources });
  operator = app.as('pii');
});
afterAll(() => database.close());

let round = 0;
beforeEach(async () => {
  round++;
  const rows = await database.db
    .insertInto('app.products')
    .values(
      Array.from({ length: 5 }, (_, at) => ({
        external_id: `P${round}-${at}`,
        name: `Tea ${round} ${at}`,
        category: 'Leaf',
      })),
    )
    .returning('id')
    .execute();
  ids = rows.map((each) => each.id);
});

async function bulk<T = BulkAnswer>(body: unknown, ask = operator, resource = 'products') {
  const response = await ask('POST', `/api/${resource}/_bulk`, body);
  return { status: response.status, body: (await response.json()) as T };
}
const read = async (id: number) => (await (await operator('GET', `/api/products/${id}`)).json()) as Row;
const history = async (id: number) =>
  (await (await operator('GET', `/api/products/${id}/_history`)).json()) as { action: string; reason: string | null }[];

describe('many records changed as one', () => {
  test('set and cleared fields change, the others stay, each record has its history', async () => {
    const { status, body } = await bulk({ ids, set: { category: 'Spring' }, clear: ['price'], reason: 'new season' });

    expect(status).toBe(200);
    expect(body).toMatchObject({ matched: 5, changed: 5, unchanged: 0 });
    expect(await read(ids[2]!)).toMatchObject({ category: 'Spring', name: `Tea ${round} 2`, version: 2 });
    expect((await history(ids[2]!))[0]).toMatchObject({ action: 'update', reason: 'new season' });
  });

  test('by filter, when it still matches as many as the person was told', async () => {
    const filter = new URLSearchParams({ name_sw: `Tea ${round} ` }).toString();
    expect((await bulk<ApiError>({ filter, expected: 4, set: { category: 'X' } })).body).toMatchObject({
      key: 'bulk_count',
      params: { expected: 4, found: 5 },
    });
    expect(await read(ids[0]!)).toMatchObject({ category: 'Leaf' });
    expect((await bulk({ filter, expected: 5, set: { category: 'X' } })).body).toMatchObject({ changed: 5 });
  });

  test('one record that cannot be saved stops all, and each fault is told', async () => {
    await database.db
      .insertInto('app.tiers')
      .values([
        { code: `a${round}`, name: 'A', name_en: 'A', rank: 900, window_days: 1, enter_at: '100' },
        { code: `b${round}`, name: 'B', name_en: 'B', rank: 901, window_days: 1, enter_at: '10' },
      ])
      .execute();
    const tiers = (await (await operator('GET', '/api/tiers?_start=0&_end=9')).json()) as Row[];
    const { status, body } = await bulk<ApiError>(
      { ids: tiers.map((tier) => tier.id), set: { retain_at: '50' } },
      operator,
      'tiers',
    );

    expect(status).toBe(422);
    expect(body.rows).toHaveLength(1);
    expect(body.rows![0]).toMatchObject({ title: 'B', errors: { retain_at: { key: 'rule.retain_not_above_enter' } } });
    const after = (await (await operator('GET', '/api/tiers?_start=0&_end=9')).json()) as Row[];
    expect(after.map((tier) => tier.retain_at)).toEqual([null, null]);
    await database.db.deleteFrom('app.tiers').execute();
  });

  test('a dry run says what would happen and writes nothing', async () => {
    expect((await bulk({ ids, set: { category: 'Dry' }, dry_run: true })).body).toMatchObject({
      bulk_id: null,
      changed: 5,
    });
    expect(await read(ids[0]!)).toMatchObject({ category: 'Leaf', version: 1 });
  });

  test('a dry run counts those that cannot be changed beside those that would, and names them', async () => {
    await database.db
      .insertInto('app.tiers')
      .values([
        { code: `d${round}`, name: 'A', name_en: 'A', rank: 900, window_days: 1, enter_at: '100' },
        { code: `e${round}`, name: 'B', name_en: 'B', rank: 901, window_days: 1, enter_at: '200' },
        { code: `f${round}`, name: 'C', name_en: 'C', rank: 902, window_days: 1, enter_at: '300', retain_at: '150' },
      ])
      .execute();
    const tiers = (await (await operator('GET', '/api/tiers?_start=0&_end=9')).json()) as Row[];
    const chosen = tiers.map((tier) => tier.id);
    const dry = await bulk({ ids: chosen, set: { retain_at: '150' }, dry_run: true }, operator, 'tiers');

    expect(dry.status).toBe(200);
    expect(dry.body).toMatchObject({ bulk_id: null, matched: 3, changed: 1, unchanged: 1, wrong: 1 });
    expect(dry.body.rows).toMatchObject([
      { title: 'A', errors: { retain_at: { key: 'rule.retain_not_above_enter' } } },
    ]);
    const rest = chosen.filter((id) => id !== dry.body.rows![0]!.id);
    expect((await bulk({ ids: rest, set: { retain_at: '150' } }, operator, 'tiers')).body).toMatchObject({
      changed: 1,
    });
    await database.db.deleteFrom('app.tiers').execute();
  });

  test('every record that its guard refuses is named, not only the first', async () => {
    const users = await database.db
      .insertInto('app.users')
      .values(
        [1, 2].map((at) => ({
          email: `g${round}-${at}@test.example`,
          name: `G${at}`,
          roles: ['viewer'],
          password_hash: 'x',
        })),
      )
      .returning('id')
      .execute();
    const me = app.id('administrator');
    const answer = await bulk(
      { ids: [...users.map((each) => each.id), me], delete: true, dry_run: true },
      app.as('administrator'),
      'users',
    );
    expect(answer.body).toMatchObject({ matched: 3, changed: 2, wrong: 1 });
    expect(answer.body.rows).toMatchObject([{ id: me }]);
  });

  test.each<[string, object, number, string]>([
    ['nothing chosen', { set: { category: 'x' } }, 400, 'bulk_no_selection'],
    ['no ids', { ids: [], set: { category: 'x' } }, 400, 'bulk_no_selection'],
    ['ids of another kind', { ids: ['1; drop table'], set: { category: 'x' } }, 400, 'bad_parameter'],
    ['both ids and filter', { ids: [1], filter: '', expected: 1, set: { category: 'x' } }, 400, 'bulk_no_selection'],
    ['an unknown key', { ids: [1], sett: {} }, 400, 'unknown_parameter'],
    ['no change', { ids: [1] }, 400, 'bulk_nothing'],
    ['a unique field', { ids: [1], set: { external_id: 'same' } }, 422, 'invalid'],
    ['set and cleared at once', { ids: [1], set: { category: 'x' }, clear: ['category'] }, 422, 'invalid'],
    ['delete with values', { ids: [1], delete: true, set: { category: 'x' } }, 400, 'bad_parameter'],
    ['too many', { ids: Array.from({ length: 20_001 }, (_, at) => at), set: { category: 'x' } }, 400, 'bulk_too_many'],
    [
      'a filter over an unknown field',
      { filter: 'colour=red', expected: 1, set: { category: 'x' } },
      400,
      'unknown_parameter',
    ],
  ])('%s is refused by name', async (_, body, status, key) => {
    const answer = await bulk<ApiError>(body);
    expect([answer.status, answer.body.key]).toEqual([status, key]);
  });

  test('unknown and unwritable fields are named, records that are not there are counted', async () => {
    expect((await bulk<ApiError>({ ids, set: { colour: 'red' } })).body.rows![0]!.errors).toHaveProperty('colour');
    expect((await bulk<ApiError>({ ids: [...ids, 999_999_999], set: { category: 'x' } })).body).toMatchObject({
      key: 'bulk_gone',
      params: { count: 1 },
    });
    expect((await bulk<ApiError>({ ids, set: { category: 'x' } }, app.as('viewer'))).status).toBe(403);
    expect(await read(ids[0]!)).toMatchObject({ category: 'Leaf' });
  });

  test('rows out of sight can be neither changed nor counted, and none can be moved out of sight', async () => {
    const made = await database.db
      .insertInto('app.customers')
      .values(
        ['浙江', '浙江', '江苏'].map((province, at) => ({
          external_id: `C${round}-${at}`,
          province,
          enrolled_on: '2026-01-01',
        })),
      )
      .returning('id')
      .execute();
    const service = app.as('customer_service');
    const all = made.map((each) => each.id);
    expect((await bulk<ApiError>({ ids: all, set: { city: '杭州' } }, service, 'customers')).body.key).toBe(
      'bulk_gone',
    );
    const filter = `external_id_sw=C${round}-`;
    const counted = await bulk<ApiError>({ filter, expected: 3, set: { city: '杭州' } }, service, 'customers');
    expect(counted.body.params).toMatchObject({ found: 2 });
    const moved = await bulk<ApiError>({ ids: all.slice(0, 2), set: { province: '江苏' } }, service, 'customers');
    expect(moved.body.key).toBe('forbidden_row');
    expect((await bulk({ ids: all.slice(0, 2), set: { city: '杭州' } }, service, 'customers')).body.changed).toBe(2);
    // Who sees a phone number masked can neither filter by it nor set it.
    const by_phone = { filter: 'phone=13800138000', expected: 0, set: { city: 'x' } };
    expect((await bulk(by_phone, service, 'customers')).status).toBe(403);
    expect((await bulk({ ids: all.slice(0, 2), set: { phone: '13800138000' } }, service, 'customers')).status).toBe(
      403,
    );
  });

  test('32 clients at once: every change is whole, and versions count every one of them', async () => {
    const names = Array.from({ length: 32 }, (_, at) => `Kind ${at}`);
    const answers = await Promise.all(
      names.map((category, at) => bulk({ ids: at % 2 ? ids : [...ids].reverse(), set: { category } })),
    );

    expect(answers.map((each) => each.status)).toEqual(names.map(() => 200));
    const rows = await Promise.all(ids.map(read));
    expect(new Set(rows.map((row) => row.category)).size).toBe(1);
    expect(rows.map((row) => row.version)).toEqual(ids.map(() => 33));
    for (const id of ids) expect((await history(id)).length).toBe(32);
  });
});

describe('undo', () => {
  const undo = async (id: unknown, ask = operator) => {
    const response = await ask('POST', `/api/products/_bulk/${String(id)}/_undo`);
    return { status: response.status, body: (await response.json()) as BulkAnswer & ApiError };
  };

  test('gives every record its own old value back, once', async () => {
    await operator('PATCH', `/api/products/${ids[1]}`, { category: 'Own' });
    const { bulk_id } = (await bulk({ ids, set: { category: 'Same' } })).body;

    expect((await undo(bulk_id)).body).toMatchObject({ changed: 5 });
    expect((await Promise.all(ids.map(read))).map((row) => row.category)).toEqual([
      'Leaf',
      'Own',
      'Leaf',
      'Leaf',
      'Leaf',
    ]);
    expect((await undo(bulk_id)).status).toBe(409);
  });

  test('is refused as a whole when somebody changed one of them since, and names it', async () => {
    const { bulk_id } = (await bulk({ ids, set: { category: 'Same' } })).body;
    await operator('PATCH', `/api/products/${ids[3]}`, { category: 'Later' });
    const { status, body } = await undo(bulk_id);

    expect(status).toBe(422);
    expect(body.rows).toMatchObject([{ id: ids[3], errors: { '': { key: 'undo_moved_on' } } }]);
    expect(await read(ids[0]!)).toMatchObject({ category: 'Same' });
  });

  test('is offered by the history of each of the records, until it is done', async () => {
    const seen = async () =>
      (await (await operator('GET', `/api/products/${ids[1]}/_history`)).json()) as HistoryEntry[];
    await operator('PATCH', `/api/products/${ids[1]}`, { category: 'Own' });
    const { bulk_id } = (await bulk({ ids, set: { category: 'Same' } })).body;
    const [many, own] = await seen();
    expect(many).toMatchObject({ bulk_id, bulk: { records: 5, undo: 'possible' } });
    expect(own).toMatchObject({ bulk_id: null });
    expect(own).not.toHaveProperty('bulk');

    await undo(bulk_id);
    const [back, undone] = await seen();
    expect(undone).toMatchObject({ bulk_id, bulk: { records: 5, undo: 'done' } });
    expect(back!.bulk).toEqual({ records: 5, undo: 'none' });
  });

  test('is for those who may change the records', async () => {
    const { bulk_id } = (await bulk({ ids, set: { category: 'Same' } })).body;
    expect((await undo(bulk_id, app.as('viewer'))).status).toBe(403);
    expect((await undo(999_999)).status).toBe(404);
  });
});

describe('deleted records', () => {
  const preview = async (path: string) =>
    (await (await operator('GET', `/api/${path}/_delete_preview`)).json()) as DeletePreview[];
  const trash = async (ask = operator) => (await (await ask('GET', '/api/tiers/_trash')).json()) as TrashEntry[];
  const tier = (code: string, rank: number) => ({
    ...{ code: `${code}${round}`, name: code, name_en: code, rank, color: '#123456', basis: 'spend' },
    ...{
      window_kind: 'rolling',
      window_days: 30,
      enter_at: String(rank),
      downgrade: 'none',
      description: '="quoted", 😀',
    },
  });

  test('come back from the trash as they were, under their id, with their history', async () => {
    const made = (await (await operator('POST', '/api/tiers', tier('gone', 700))).json()) as Row;
    await operator('DELETE', `/api/tiers/${String(made.id)}`);
    const [entry] = await trash();
    expect(entry).toMatchObject({ id: made.id, title: 'gone', actor: 'Test pii' });

    const restored = await operator('POST', `/api/tiers/_trash/${entry!.entry}/_restore`);
    expect(restored.status).toBe(201);
    expect(await restored.json()).toMatchObject({ ...made, version: 1 });
    expect((await operator('POST', `/api/tiers/_trash/${entry!.entry}/_restore`)).status).toBe(409);
    expect((await trash()).some((each) => each.id === made.id)).toBe(false);
    const seen = (await (await operator('GET', `/api/tiers/${String(made.id)}/_history`)).json()) as Row[];
    expect(seen.map((each) => each.action)).toEqual(['restore', 'delete', 'create']);
  });

  test('whose code was taken meanwhile are refused at that field', async () => {
    const made = (await (await operator('POST', '/api/tiers', tier('taken', 710))).json()) as Row;
    await operator('DELETE', `/api/tiers/${String(made.id)}`);
    await operator('POST', '/api/tiers', { ...tier('taken', 711) });
    const entry = (await trash()).find((each) => each.id === made.id)!;
    const answer = await operator('POST', `/api/tiers/_trash/${entry.entry}/_restore`);

    expect(answer.status).toBe(422);
    expect(((await answer.json()) as ApiError).errors).toHaveProperty('code');
  });

  test('many at once go and come back as one', async () => {
    const made: number[] = [];
    for (const at of [720, 721, 722]) {
      const answer = await operator('POST', '/api/tiers', tier(`many${at}`, at));
      made.push(((await answer.json()) as { id: number }).id);
    }
    const { body } = await bulk({ ids: made, delete: true }, operator, 'tiers');
    expect(body.changed).toBe(3);
    expect((await operator('GET', `/api/tiers/${made[0]}`)).status).toBe(404);
    const undone = await operator('POST', `/api/tiers/_bulk/${String(body.bulk_id)}/_undo`);
    expect(await undone.json()).toMatchObject({ changed: 3 });
    expect((await operator('GET', `/api/tiers/${made[2]}`)).status).toBe(200);
  });

  test('one of them is found by its record', async () => {
    const made = (await (await operator('POST', '/api/tiers', tier('one', 730))).json()) as Row;
    await operator('DELETE', `/api/tiers/${String(made.id)}`);
    const found = await operator('GET', `/api/tiers/_trash?record_id=${String(made.id)}`);
    expect(await found.json()).toMatchObject([{ id: made.id }]);
    expect(await (await operator('GET', '/api/tiers/_trash?record_id=999999')).json()).toEqual([]);
    expect((await operator('GET', '/api/tiers/_trash?record_id=1;drop')).status).toBe(400);
    expect((await operator('GET', '/api/tiers/_trash?colour=1')).status).toBe(400);
  });

  test('are told page by page, all of them', { timeout: 120_000 }, async () => {
    const product = (at: number) => ({ external_id: `gone-${round}-${at}`, name: `Gone ${at}`, price: '1.00' });
    const rows = await database.db
      .insertInto('app.products')
      .values(Array.from({ length: 105 }, (_, at) => product(at)))
      .returning('id')
      .execute();
    const { status } = await app.as('administrator')('POST', '/api/products/_bulk', {
      ids: rows.map((row) => row.id),
      delete: true,
    });
    expect(status).toBe(200);
    const seen: number[] = [];
    let more: string | null = '';
    for (let pages = 0; more !== null && pages < 20; pages++) {
      const answer = await app.as('administrator')('GET', `/api/products/_trash${more && `?before=${more}`}`);
      const entries = (await answer.json()) as TrashEntry[];
      expect(entries.length).toBeLessThanOrEqual(100);
      seen.push(...entries.map((entry) => entry.id));
      more = answer.headers.get('x-next-before');
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(rows.every((row) => seen.includes(row.id))).toBe(true);
    expect((await operator('GET', '/api/tiers/_trash?before=last')).status).toBe(400);
  });

  test('are shown only to those who may delete', async () => {
    expect((await app.as('viewer')('GET', '/api/tiers/_trash')).status).toBe(403);
  });

  test('a preview says what blocks, and the delete says the same', async () => {
    const [set] = await database.db
      .insertInto('app.segment_rule_sets')
      .values({ code: `set${round}`, name: 'S', name_en: 'S' })
      .returning('id')
      .execute();
    expect(await preview(`segment_rule_sets/${set!.id}`)).toEqual([]);
    await database.db.insertInto('app.segment_rule_set_versions').values({ rule_set_id: set!.id, number: 1 }).execute();

    expect(await preview(`segment_rule_sets/${set!.id}`)).toMatchObject([
      { effect: 'blocks', resource: 'segment_rule_set_versions', field: 'rule_set_id', count: 1 },
    ]);
    const both = await bulk<ApiError>({ ids: [set!.id], delete: true }, operator, 'segment_rule_sets');
    expect([both.status, both.body.key]).toEqual([409, 'blocked_by']);

    const [free] = await database.db
      .insertInto('app.segment_rule_sets')
      .values({ code: `free${round}`, name: 'F', name_en: 'F' })
      .returning('id')
      .execute();
    const many = { ids: [set!.id, free!.id], delete: true, dry_run: true };
    const { body } = await bulk(many, operator, 'segment_rule_sets');
    expect(body).toMatchObject({ matched: 2, changed: 1, wrong: 1 });
    expect(body.rows).toMatchObject([{ id: set!.id, errors: { '': { key: 'blocked_by' } } }]);
    expect(body.preview).toMatchObject([{ effect: 'blocks', resource: 'segment_rule_set_versions', count: 1 }]);
    expect(await preview(`segment_rule_sets/${free!.id}`)).toEqual([]);
  });
});
