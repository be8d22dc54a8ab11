/**
 * Thirty-two programs over sockets of their own write the same records at the same moment, in every way there is: one wins
 * where one must, nothing is lost where all may, and the history tells exactly what happened.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HistoryEntry, Row } from '../../api/contract.ts';
import { importDone } from '../../api/import/run.ts';
import { listen } from '../../api/server.ts';
import type { Person } from '../app.ts';
import { type ImportBench, importBench } from './import-client.ts';

const CLIENTS = 32;
let bench: ImportBench;
let server: Server;
let address: string;
let ids: number[];
let serial = 0;
beforeAll(async () => {
  bench = await importBench({ host: '127.0.0.1', port: 0 });
  server = await listen(bench.app.deps);
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server?.closeAllConnections();
  await new Promise((done) => server?.close(done));
  await bench?.close();
});

beforeEach(async () => {
  serial += 1;
  ids = [];
  for (let at = 0; at < 8; at++) {
    const { body } = await send('POST', 'products', { external_id: `c${serial}-${at}`, name: 'Kettle', stock: 0 });
    ids.push(body.id as number);
  }
});

interface Answer {
  status: number;
  body: Row;
}
async function send(
  method: string,
  path: string,
  body?: unknown,
  { as = 'operator', headers = {} }: { as?: Person; headers?: { [name: string]: string } } = {},
): Promise<Answer> {
  const answer = await fetch(`${address}/api/${path}`, {
    method,
    headers: { cookie: bench.app.cookie(as), 'content-type': 'application/json', 'accept-language': 'en', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Row };
}
/** All at once. */
function together<T>(work: (at: number) => Promise<T>, count = CLIENTS): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, at) => work(at)));
}
function count(answers: readonly Answer[]): { [status: number]: number } {
  const found: { [status: number]: number } = {};
  for (const { status } of answers) found[status] = (found[status] ?? 0) + 1;
  return found;
}
async function historyOf(id: number, resource = 'products'): Promise<HistoryEntry[]> {
  return ((await send('GET', `${resource}/${id}/_history`)).body as unknown as HistoryEntry[]).toReversed();
}
/** Each change begins where the one before it ended, and the last is what the record says: nothing was lost between. */
async function expectWhole(id: number): Promise<void> {
  const now = (await send('GET', `products/${id}`)).body;
  const entries = await historyOf(id);
  const seen: Row = {};
  for (const { action, changes } of entries) {
    for (const [name, { before, after }] of Object.entries(changes)) {
      if (action !== 'create' && name in seen) expect([id, name, before]).toEqual([id, name, seen[name]]);
      seen[name] = after;
    }
  }
  for (const [name, value] of Object.entries(seen)) expect([id, name, now[name]]).toEqual([id, name, value]);
  expect(now.version).toBe(entries.length);
}

describe('the same record', () => {
  test('from the same version, one saves and the others are shown what is there now', async () => {
    const answers = await together((at) =>
      send('PATCH', `products/${ids[0]}`, { category: `by ${at}` }, { headers: { 'if-match': '"1"' } }),
    );
    expect(count(answers)).toEqual({ 200: 1, 412: 31 });
    const won = answers.find(({ status }) => status === 200)!.body.category;
    for (const { status, body } of answers) if (status === 412) expect((body.record as Row).category).toBe(won);
    await expectWhole(ids[0]!);
  });

  test('deleted by all, restored by all: once each', async () => {
    expect(count(await together(() => send('DELETE', `products/${ids[0]}`)))).toEqual({ 200: 1, 404: 31 });
    const trash = (await send('GET', `products/_trash?record_id=${ids[0]}`)).body as unknown as { entry: number }[];
    expect(trash).toHaveLength(1);
    const restored = await together(() => send('POST', `products/_trash/${trash[0]!.entry}/_restore`));
    expect(restored.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { status, body } of restored)
      if (status !== 201) expect([409, 422], JSON.stringify(body)).toContain(status);
    expect((await historyOf(ids[0]!)).map(({ action }) => action)).toEqual(['create', 'delete', 'restore']);
  });

  test('deleted while others save it: it is gone or not, and whoever was told it was saved is in its history', async () => {
    const answers = await together((at) =>
      at % 4 === 0
        ? send('DELETE', `products/${ids[0]}`)
        : send('PATCH', `products/${ids[0]}`, { category: `by ${at}` }),
    );
    const removed = answers.filter(({ status }, at) => status === 200 && at % 4 === 0);
    expect(removed.length).toBeLessThanOrEqual(1);
    for (const { status, body } of answers) expect([200, 404, 412], JSON.stringify(body)).toContain(status);
    const gone = (await send('GET', `products/${ids[0]}`)).status === 404;
    expect(gone).toBe(removed.length === 1);
    const entries = await bench.t.db
      .selectFrom('app.audit_entries')
      .select(['action'])
      .where('resource', '=', 'products')
      .where('record_id', '=', ids[0]!)
      .execute();
    const saved = answers.filter(({ status }, at) => status === 200 && at % 4 !== 0);
    expect(entries.filter(({ action }) => action === 'update')).toHaveLength(saved.length);
  });

  test('a change taken back by all is taken back once', async () => {
    await send('PATCH', `products/${ids[0]}`, { category: 'Tea' });
    const [, entry] = await historyOf(ids[0]!);
    const answers = await together(() => send('POST', `products/${ids[0]}/_revert`, { entry: entry!.id }));
    expect(count(answers)).toEqual({ 200: 32 });
    expect((await send('GET', `products/${ids[0]}`)).body).toMatchObject({ category: null, version: 3 });
    await expectWhole(ids[0]!);
  });
});

describe('the same code', () => {
  test.each<[string, (at: number) => Row]>([
    ['products', () => ({ external_id: `same ${serial}`, name: 'x' })],
    ['customers', () => ({ external_id: `same ${serial}` })],
    [
      'tiers',
      (at) => ({
        code: `same_${serial}`,
        name: `T${at}`,
        name_en: `T${at}`,
        rank: 100 + at,
        basis: 'invitation',
        window_days: 30,
      }),
    ],
    [
      'custom_fields',
      () => ({ resource: 'products', key: `same_${serial}`, kind: 'text', label: '同', label_en: 'Same' }),
    ],
  ])('of %s goes to one, and the others are told which field', async (resource, values) => {
    const answers = await together((at) => send('POST', resource, values(at)));
    expect(count(answers), JSON.stringify(answers.find(({ status }) => ![201, 422].includes(status)))).toEqual({
      201: 1,
      422: 31,
    });
    for (const { status, body } of answers)
      if (status === 422) expect(Object.keys(body.errors as Row).length, JSON.stringify(body)).toBe(1);
  });

  test('given to records that are there, too', async () => {
    const made = await together(
      (at) =>
        send(
          'POST',
          'roles',
          { code: `r${serial}_${at}`, name_zh: `角${at}`, name_en: `R${at}`, base_role: 'viewer' },
          { as: 'administrator' },
        ),
      4,
    );
    expect(count(made)).toEqual({ 201: 4 });
    const users = await together(
      (at) =>
        send(
          'POST',
          'users',
          { name: `U${at}`, email: `u${serial}-${at}@shop.example`, roles: ['viewer'] },
          { as: 'administrator' },
        ),
      8,
    );
    const answers = await together((at) =>
      send(
        'PATCH',
        `users/${users[at % 8]!.body.id}`,
        { email: `wanted${serial}@shop.example` },
        { as: 'administrator' },
      ),
    );
    const holders = await bench.t.db
      .selectFrom('app.users')
      .select('id')
      .where('email', '=', `wanted${serial}@shop.example`)
      .execute();
    expect(holders).toHaveLength(1);
    for (const { status, body } of answers) {
      expect([200, 422], JSON.stringify(body)).toContain(status);
      if (status === 422) expect(Object.keys(body.errors as Row)).toEqual(['email']);
    }
  });
});

describe('many records', () => {
  test('changed by lists that overlap, beside saves of single ones: each change is whole and in its place', async () => {
    const answers = await together((at) => {
      const some = ids.filter((_, place) => (place + at) % 3 !== 0);
      if (at % 2) return send('PATCH', `products/${ids[at % 8]}`, { stock: at });
      return send('POST', 'products/_bulk', { ids: at % 4 ? some : some.toReversed(), set: { category: `by ${at}` } });
    });
    // Whoever is overtaken again and again waits for its turn.
    for (const { status, body } of answers) expect(status, JSON.stringify(body)).toBe(200);
    for (const id of ids) await expectWhole(id);
    const done = answers.filter((_, at) => at % 2 === 0);
    for (const { body } of done) {
      const noted = await bench.t.db
        .selectFrom('app.audit_entries')
        .select('record_id')
        .where('bulk_id', '=', body.bulk_id as number)
        .execute();
      expect(noted).toHaveLength(body.changed as number);
    }
  });

  test('changed at once and undone by all: once', async () => {
    const { body } = await send('POST', 'products/_bulk', { ids, set: { category: 'Same' } });
    const answers = await together(() => send('POST', `products/_bulk/${body.bulk_id}/_undo`));
    expect(count(answers)).toEqual({ 200: 1, 409: 31 });
    for (const id of ids) await expectWhole(id);
  });

  test('deleted by lists that overlap: each once, all of a list or none of it', async () => {
    const halves = [ids.slice(0, 5), ids.slice(3)];
    const answers = await together((at) => send('POST', 'products/_bulk', { ids: halves[at % 2], delete: true }));
    for (const { status, body } of answers) expect([200, 404], JSON.stringify(body)).toContain(status);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const entries = await bench.t.db
      .selectFrom('app.audit_entries')
      .select('record_id')
      .where('action', '=', 'delete')
      .where('resource', '=', 'products')
      .where('record_id', 'in', ids)
      .execute();
    expect(entries.map((each) => each.record_id).sort()).toHaveLength(5);
  });
});

test('a file comes in beside changes of many and of single records: nobody overwrites another’s field', {
  timeout: 60_000,
}, async () => {
  const lines = ids.map((_, at) => `c${serial}-${at},Imported ${at}`);
  const found = await bench.upload('products', `external_id,name\n${lines.join('\n')}\n`, { as: 'operator' });
  await send('PATCH', `_imports/${found.id}`, { mode: 'upsert' });
  const answers = await together((at) => {
    if (at === 5) return send('POST', `_imports/${found.id}/_run`);
    if (at % 3 === 0) return send('POST', 'products/_bulk', { ids, set: { category: `by ${at}` } });
    return send('PATCH', `products/${ids[at % 8]}`, { stock: at });
  });
  await importDone(bench.app.deps, found.id);
  expect(
    answers.filter(({ status }) => ![200, 202, 503].includes(status)).map(({ status, body }) => [status, body]),
  ).toEqual([]);
  const { updated, wrong } = await bench.status(found.id);
  expect({ updated, wrong }).toEqual({ updated: 8, wrong: 0 });
  for (const [at, id] of ids.entries()) {
    expect((await send('GET', `products/${id}`)).body).toMatchObject({ name: `Imported ${at}` });
    await expectWhole(id);
  }
});

describe('versions of a rule set', () => {
  let set: number;
  const draft = async (at: number): Promise<number> => {
    const { body } = await send('POST', `segment_rule_sets/${set}/_actions/new_version`, {});
    const rules = [{ code: `r${at}`, name: `R${at}`, name_en: `R${at}`, condition: { order_count: { gte: at } } }];
    expect((await send('PATCH', `segment_rule_set_versions/${body.id}`, { rules })).status).toBe(200);
    return body.id as number;
  };
  beforeEach(async () => {
    const made = await send('POST', 'segment_rule_sets', { code: `race${serial}`, name: '竞', name_en: 'Race' });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    set = made.body.id as number;
  });
  const publish = (id: number, effective_from: string) =>
    send('POST', `segment_rule_set_versions/${id}/_actions/publish`, { effective_from });

  test('one that is published by all is published once', async () => {
    const id = await draft(1);
    expect(count(await together(() => publish(id, '2999-01-01')))).toEqual({ 200: 1, 409: 31 });
  });

  test('sixteen published at once by two each: one is in force on any day, whatever the order', async () => {
    const drafts: number[] = [];
    for (let at = 0; at < 16; at++) drafts.push(await draft(at));
    const answers = await together((at) => publish(drafts[at % 16]!, `299${at % 4}-01-01`));
    expect(count(answers)).toEqual({ 200: 16, 409: 16 });
    const rows = await bench.t.db
      .selectFrom('app.segment_rule_set_versions')
      .select(['effective_from', 'effective_to', 'state'])
      .where('rule_set_id', '=', set)
      .where('state', '=', 'published')
      .orderBy('effective_from')
      .execute();
    expect(rows.map((row) => row.effective_from)).toEqual(['2990-01-01', '2991-01-01', '2992-01-01', '2993-01-01']);
    expect(rows.map((row) => row.effective_to)).toEqual(['2991-01-01', '2992-01-01', '2993-01-01', null]);
  });
});

test('a change request that some approve, some reject and its author withdraws has one end', async () => {
  const proposed = await send('POST', 'products/_propose', {
    id: ids[0],
    values: { category: 'Proposed' },
    effective_at: '2999-01-01T00:00:00Z',
  });
  expect(proposed.status).toBe(202);
  const request = proposed.body.id;
  await bench.t.owner
    .updateTable('app.change_requests')
    .set({ state: 'in_review', needs_consent: true, effective_at: null })
    .where('id', '=', request as number)
    .execute();
  const act = (name: string, as: Person, input = {}) =>
    send('POST', `change_requests/${request}/_actions/${name}`, input, { as });
  const answers = await together((at) =>
    at % 3 === 0
      ? act('approve', 'manager')
      : at % 3 === 1
        ? act('reject', 'reviewer', { decision_note: 'no' })
        : act('withdraw', 'operator'),
  );
  expect(count(answers), JSON.stringify(answers[0])).toEqual({ 200: 1, 409: 31 });
  const { state } = (await send('GET', `change_requests/${request}`)).body;
  const won = answers.findIndex(({ status }) => status === 200) % 3;
  expect(state).toBe(['applied', 'rejected', 'withdrawn'][won]);
  const { category } = (await send('GET', `products/${ids[0]}`)).body;
  expect(category).toBe(won === 0 ? 'Proposed' : null);
});

test('permissions changed by all from the same version are changed once', async () => {
  const answers = await together((at) =>
    send(
      'PUT',
      `_permissions/viewer/products`,
      { letters: at % 2 ? 'r' : 'rx' },
      { as: 'administrator', headers: { 'if-match': '"0"' } },
    ),
  );
  expect(count(answers)).toEqual({ 200: 1, 412: 31 });
});

test('a hundred views are the limit, also when thirty-two are saved at once', async () => {
  const save = (at: number) =>
    send('POST', '_views', { resource: 'products', name: `v${serial}-${at}`, settings: {}, visibility: 'private' });
  for (let round = 0; round < 3; round++) await together((at) => save(at + round * CLIENTS));
  const answers = await together((at) => save(at + 3 * CLIENTS));
  expect(count(answers)).toEqual({ 201: 4, 409: 28 });
});
