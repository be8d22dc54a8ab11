import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ApiError, BulkAnswer, HistoryEntry, Row } from '../../api/contract.ts';
import { f } from '../../api/definition.ts';
import { loadResources } from '../../api/definitions.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let app: TestApp;
let operator: Ask;
let ids: number[];

beforeAll(async () => {
  t = await testDatabase();
  await sql`
    create function ops.test_retire_many(record_id bigint, user_id bigint, input jsonb)
    returns jsonb
    language plpgsql
    as $$
    begin
      if exists (select from app.products where products.id = record_id and products.category = 'Kept') then
        raise exception '不能下架 | It stays' using errcode = 'EG409';
      end if;
      update app.products set status = 'retired', version = version + 1 where products.id = record_id;
      return null;
    end;
    $$
  `.execute(t.owner);
  await sql`grant execute on all functions in schema ops to public`.execute(t.owner);
  const resources = new Map(await loadResources());
  const retire = {
    label: ['下架', 'Retire'] as const,
    procedure: 'test_retire_many',
    roles: ['operator'] as const,
    allow: { status: { eq: 'active' } },
    input: { reason: f.text({ label: ['原因', 'Reason'], required: true, max: 20 }) },
  };
  resources.set('products', {
    ...resources.get('products')!,
    actions: { retire: { ...retire, scope: ['record', 'bulk'] }, alone: { ...retire, scope: 'record' } },
  });
  app = await testApp(t, { resources });
  operator = app.as('operator');
});
afterAll(() => t?.close());

let round = 0;
beforeEach(async () => {
  round++;
  const rows = await t.db
    .insertInto('app.products')
    .values([0, 1, 2].map((at) => ({ external_id: `A${round}-${at}`, name: `Tea ${round} ${at}`, category: 'Leaf' })))
    .returning('id')
    .execute();
  ids = rows.map((each) => each.id);
});

async function act<T = BulkAnswer>(body: unknown, { ask = operator, name = 'retire' } = {}) {
  const response = await ask('POST', `/api/products/_bulk_actions/${name}`, body);
  return { status: response.status, body: (await response.json()) as T };
}
const states = async () =>
  Promise.all(ids.map(async (id) => ((await (await operator('GET', `/api/products/${id}`)).json()) as Row).status));
const input = { reason: 'season' };

test('an action runs for each of the records, and each has it in its history', async () => {
  const { status, body } = await act({ ids, input });

  expect(status).toBe(200);
  expect(body).toMatchObject({ matched: 3, changed: 3, unchanged: 0 });
  expect(await states()).toEqual(['retired', 'retired', 'retired']);
  const history = (await (await operator('GET', `/api/products/${ids[1]}/_history`)).json()) as HistoryEntry[];
  expect(history[0]).toMatchObject({
    action: 'action',
    reason: 'retire: season',
    bulk_id: body.bulk_id,
    bulk: { records: 3, undo: 'none' },
    changes: { status: { before: 'active', after: 'retired' } },
  });
  const undo = await operator('POST', `/api/products/_bulk/${body.bulk_id}/_undo`);
  expect([undo.status, ((await undo.json()) as ApiError).key]).toEqual([409, 'undo_of_action']);
});

test('one that its routine refuses, or that its state does not allow, stops all, and each is told', async () => {
  await t.db.updateTable('app.products').set({ category: 'Kept' }).where('id', '=', ids[0]!).execute();
  await t.db.updateTable('app.products').set({ status: 'retired' }).where('id', '=', ids[1]!).execute();
  const dry = await act({ ids, input, dry_run: true });
  expect(dry.body).toMatchObject({ bulk_id: null, changed: 1, wrong: 2 });
  expect(dry.body.rows!.map((row) => [row.id, row.errors['']?.message])).toEqual([
    [ids[1], 'The record as it is does not allow "Retire"'],
    [ids[0], 'It stays'],
  ]);

  const { status, body } = await act<ApiError>({ ids: [ids[2], ids[0]], input });
  expect([status, body.key, body.params]).toEqual([422, 'bulk_invalid', { wrong: 1, total: 2 }]);
  expect(await states()).toEqual(['active', 'retired', 'active']);
});

test('by filter, when it still matches as many', async () => {
  const filter = new URLSearchParams({ name_sw: `Tea ${round} ` }).toString();
  expect((await act<ApiError>({ filter, expected: 2, input })).body.key).toBe('bulk_count');
  expect((await act({ filter, expected: 3, input })).body).toMatchObject({ changed: 3 });
});

test('role, name, scope, input and selection are checked', async () => {
  const refused = async (body: unknown, options = {}) => {
    const answer = await act<ApiError>(body, options);
    return [answer.status, answer.body.key];
  };
  expect(await refused({ ids, input }, { ask: app.as('manager') })).toEqual([403, 'forbidden_action']);
  expect(await refused({ ids, input }, { name: 'alone' })).toEqual([404, 'unknown_action']);
  expect(await refused({ ids, input }, { name: 'constructor' })).toEqual([404, 'unknown_action']);
  expect(await refused({ ids })).toEqual([422, 'invalid']);
  expect(await refused({ ids: [...ids, 999_999], input })).toEqual([404, 'bulk_gone']);
  expect(await refused({ ids, input, set: { status: 'retired' } })).toEqual([400, 'unknown_parameter']);
  expect(await refused({ ids: Array.from({ length: 2_001 }, (_, at) => at), input })).toEqual([400, 'bulk_too_many']);
  expect(await states()).toEqual(['active', 'active', 'active']);
});

test('two at once: each record is retired by one of them', async () => {
  const answers = await Promise.all([act<ApiError>({ ids, input }), act<ApiError>({ ids: [...ids].reverse(), input })]);
  expect(answers.map((each) => each.status).sort()).toEqual([200, 422]);
  const entries = await t.db
    .selectFrom('app.audit_entries')
    .select('id')
    .where('action', '=', 'action')
    .where('record_id', 'in', ids)
    .execute();
  expect(entries).toHaveLength(3);
});
