// biome-ignore-all lint/suspicious/noThenProperty: a rule of a mapping reads when … then …; it is data and never awaited
/** Order files: one row is one line. */
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportMapping, ImportStatus } from '../../api/contract.ts';
import { cancelImport, importDone, recoverImports } from '../../api/import/run.ts';
import { type ImportBench, importBench } from './import-client.ts';

let bench: ImportBench;
beforeAll(async () => {
  bench = await importBench();
});
afterAll(() => bench?.close());

const HEADER = 'order_no,customer_id,order_date,sku,qty,price';
let next = 0;
/** A file of a source of its own. */
async function bringIn(rows: string[], changes: Partial<ImportMapping> = {}, header = HEADER) {
  const { id, mapping } = await bench.upload('orders', `${header}\n${rows.join('\n')}\n`);
  const source = `test_${++next}`;
  await bench.patch(id, { mapping: { ...mapping!, constants: { source }, ...changes } });
  const done = await bench.go(id, 'run');
  const orders = await bench.t.db
    .selectFrom('app.orders')
    .selectAll()
    .where('source', '=', source)
    .orderBy('external_id')
    .execute();
  return { id, source, done, orders };
}

test('rows with one order number are one order; the earlier time counts, the customer may stand on one of them', async () => {
  const { done, orders } = await bringIn([
    '1,,2026-01-02 10:00,a,2,1.005',
    '1,K1,2026-01-02 09:59,b,1,10',
    '2,K1,2026-01-03,a,1,1',
  ]);
  expect(done).toMatchObject({ created: 3, wrong: 0, rows_read: 3, counts: { orders: 2, lines: 3 } });
  expect(orders[0]).toMatchObject({ external_id: '1', amount: '12.01', placed_on: '2026-01-02' });
  expect(new Date(orders[0]!.placed_at).toISOString()).toBe('2026-01-02T01:59:00.000Z');
});

test('one wrong line keeps its whole order out, and says so on each of its rows', async () => {
  const { done, orders } = await bringIn([
    '1,K,2026-01-02,a,2,1',
    '1,K,2026-01-02,b,two,1',
    '2,K,2026-01-02,a,0,1',
    '2,K,2026-01-02,a,1,1',
    '3,K,2026-01-02,a,1,1',
  ]);
  expect(orders.map(({ external_id }) => external_id)).toEqual(['3']);
  expect(done.wrong).toBe(4);
  expect(done.errors.map(({ row, column, key }) => [row, column, key])).toEqual([
    [2, 'order_no', 'order_has_wrong_line'],
    [3, 'qty', 'not_an_integer'],
    [4, 'qty', 'quantity_not_positive'],
    [5, 'order_no', 'order_has_wrong_line'],
  ]);
  expect(done.errors[2]!.value).toBe('0');
});

test('two customers in one order are an error of all its rows', async () => {
  const { done } = await bringIn(['1,K,2026-01-02,a,1,1', '1,L,2026-01-02,b,1,1']);
  expect(done.errors.map(({ row, key }) => [row, key])).toEqual([
    [2, 'customers_differ'],
    [3, 'customers_differ'],
  ]);
});

test('what can never be money or a day is refused row by row', async () => {
  const { done } = await bringIn([
    '1,K,2026-01-02,a,2000000000,9999999999',
    '2,K,0999-01-01,a,1,1',
    '3,K,2026-13-01,a,1,1',
    '4,K,,a,1,1',
    '5,K,2026-01-02,a,1,',
    '6,K,2026-01-02,a,1,-1',
  ]);
  expect(done.errors.map(({ row, key }) => [row, key])).toEqual([
    [2, 'amount_too_large'],
    [3, 'out_of_range'],
    [4, 'not_a_time'],
    [5, 'required'],
    [6, 'price_required'],
    [7, 'price_negative'],
  ]);
  expect(done.counts.orders).toBe(0);
});

test('without an order number each row is an order, and the same file sorted otherwise brings nothing new', async () => {
  const rows = ['K1,2026-01-02,5', 'K1,2026-01-02,5', 'K2,2026-01-02,5'];
  const header = 'customer_id,order_date,revenue';
  const first = await bench.upload('orders', `${header}\n${rows.join('\n')}\n`);
  expect(first.mapping).toMatchObject({ constants: { source: 'plain_orders' } });
  expect(await bench.go(first.id, 'run')).toMatchObject({ created: 3 });
  const again = await bench.upload('orders', `${header}\n${[...rows, 'K3,2026-01-02,5'].toReversed().join('\n')}\n`);
  expect(await bench.go(again.id, 'run')).toMatchObject({ created: 1, unchanged: 3 });
});

test('dates with the day first, decimal commas and values spelled otherwise are a matter of mapping', async () => {
  const { orders } = await bringIn(
    ['1;K;03.01.2026;a;1;1.234,50;erledigt'],
    {
      transforms: {
        placed_at: [{ date: 'dmy' }],
        unit_price: [{ decimal: 'comma' }],
        status: [{ values: { erledigt: 'completed' } }],
      },
    },
    'order_no;customer_id;order_date;sku;qty;price;status',
  );
  expect(orders).toMatchObject([{ amount: '1234.50', placed_on: '2026-01-03', status: 'completed' }]);
});

test('the zone of the mapping says when a local time was, in summer and in winter', async () => {
  const { orders } = await bringIn(
    ['1,K,2011-07-01 23:30,a,1,1', '2,K,2011-12-01 23:30,a,1,1', '3,K,2011-07-01T23:30:00-05:00,a,1,1'],
    { time_zone: 'Europe/London' },
  );
  expect(orders.map(({ placed_at }) => new Date(placed_at).toISOString())).toEqual([
    '2011-07-01T22:30:00.000Z',
    '2011-12-01T23:30:00.000Z',
    '2011-07-02T04:30:00.000Z',
  ]);
});

test('return rows that name their order are taken off it', async () => {
  const kinds: ImportMapping['kinds'] = [{ when: { qty: { lt: 0 } }, then: 'return' }];
  const header = `${HEADER},original order`;
  const { done, orders } = await bringIn(
    ['1,K,2026-01-02,a,2,10,', 'R1,,2026-01-05,a,-1,10,1', 'R2,,2026-01-05,a,-9,10,1'],
    { kinds },
    header,
  );
  expect(done).toMatchObject({
    counts: { orders: 1, returns: 1 },
    wrong: 1,
    errors: [{ row: 4, key: 'amount_exceeds' }],
  });
  expect(orders[0]!.returned_amount).toBe('10.00');
});

test('a later file moves states on; mode insert refuses, mode update leaves out', async () => {
  const header = `${HEADER},status`;
  const { source } = await bringIn(['1,K,2026-01-02,a,1,1,placed'], {}, header);
  const file = `${header}\n1,K,2026-01-02,a,1,1,paid\n2,K,2026-01-02,a,1,1,paid\n`;
  const run = async (mode: 'insert' | 'update' | 'upsert', step: 'check' | 'run') => {
    const { id, mapping } = await bench.upload('orders', file);
    await bench.patch(id, { mode, mapping: { ...mapping!, constants: { source } } });
    return bench.go(id, step);
  };
  expect(await run('insert', 'check')).toMatchObject({
    created: 1,
    wrong: 1,
    errors: [{ row: 2, key: 'already_there' }],
  });
  expect(await run('update', 'check')).toMatchObject({ created: 0, updated: 1, skipped: 1 });
  expect(await run('upsert', 'run')).toMatchObject({ created: 1, updated: 1 });
});

test('a check leaves nothing behind', async () => {
  const { id } = await bench.upload('orders', `${HEADER}\nZ,never,2026-01-02,a,1,1\n`);
  expect(await bench.go(id, 'check')).toMatchObject({ state: 'checked', created: 1 });
  expect(
    await bench.t.db.selectFrom('app.customers').select('id').where('external_id', '=', 'never').execute(),
  ).toEqual([]);
  expect(await bench.t.db.selectFrom('app.import_order_lines').select('row_no').execute()).toEqual([]);
});

test('a check answers what the run then does, returns of the file and waiting ones included', async () => {
  const source = 'foretold';
  const waiting = [
    { external_id: 'W1', order_external_id: 'A', sku: 'a', quantity: 1, returned_at: '2026-01-09T00:00:00Z' },
    { external_id: 'W2', order_external_id: 'B', sku: 'x', quantity: 1, returned_at: '2026-01-09T00:00:00Z' },
  ];
  await sql`select ops.accept_returns_json(${source}, ${JSON.stringify(waiting)}::jsonb)`.execute(bench.t.db);
  const rows = [
    'A,K,2026-01-02,a,2,10,',
    'A,K,2026-01-02,b,1,5,',
    'B,K,2026-01-02,a,1,7,',
    'C,,2026-01-02,a,1,3,',
    'R1,,2026-01-05,a,-1,10,A',
    'R2,,2026-01-05,a,-1,10,A',
    'R3,,2026-01-05,a,-1,2,C',
    'R4,,2026-01-05,a,-1,2,nobody',
  ];
  const { id, mapping } = await bench.upload('orders', `${HEADER},original order\n${rows.join('\n')}\n`);
  const kinds: ImportMapping['kinds'] = [{ when: { qty: { lt: 0 } }, then: 'return' }];
  await bench.patch(id, { mapping: { ...mapping!, kinds, constants: { source } } });
  const outcome = ({ created, updated, unchanged, skipped, wrong, counts, errors }: ImportStatus) => {
    return { created, updated, unchanged, skipped, wrong, counts, errors };
  };
  const checked = await bench.go(id, 'check');
  expect(checked.created + checked.wrong).toBe(checked.rows_read);
  expect(checked).toMatchObject({
    wrong: 1,
    errors: [{ row: 7, key: 'amount_exceeds' }],
    counts: { orders: 3, returns: 3, returns_waiting: 1 },
  });
  const stored = await bench.t.db.selectFrom('app.orders').select('id').where('source', '=', source).execute();
  expect(stored).toEqual([]);
  expect(outcome(await bench.go(id, 'run'))).toEqual(outcome(checked));
});

test('a line amount whose unit price has no room is refused, not failed on', async () => {
  const header = 'order_no,customer_id,order_date,sku,qty,line total';
  const { done } = await bringIn(['1,K,2026-01-02,a,1,20000000000', '2,K,2026-01-02,a,10,20000000000'], {}, header);
  expect(done).toMatchObject({ state: 'done', counts: { orders: 1 }, errors: [{ row: 2, key: 'amount_too_large' }] });
});

test('a run leaves one entry in the audit', async () => {
  const { id, done } = await bringIn(['1,K,2026-01-02,a,1,1']);
  const entry = await bench.t.db
    .selectFrom('app.audit_entries')
    .select(['after', 'user_id'])
    .where(sql<boolean>`after ->> 'import_id' = ${String(id)}`)
    .executeTakeFirstOrThrow();
  expect(entry.after).toMatchObject({ created: done.created, file_name: 'file.csv' });
  expect(entry.user_id).toBe(bench.app.id('pii'));
});

/** Long enough to be caught in the act. */
const LONG = `${HEADER}\n${Array.from({ length: 120_000 }, (_, at) => `L${at},L${at % 50},2026-01-02,a,1,1`).join('\n')}\n`;

test('may be cancelled under way; then nothing has happened, and it can be run again', async () => {
  const { id } = await bench.upload('orders', LONG);
  const ask = bench.app.as('pii');
  expect((await ask('POST', `/api/_imports/${id}/_run`)).status).toBe(202);
  expect((await ask('POST', `/api/_imports/${id}/_run`)).status).toBe(409);
  const other = await bench.upload('orders', `${HEADER}\n1,K,2026-01-02,a,1,1\n`);
  const busy = await ask('POST', `/api/_imports/${other.id}/_check`);
  expect([busy.status, ((await busy.json()) as { key: string }).key]).toEqual([409, 'import_busy']);
  expect((await ask('PATCH', `/api/_imports/${id}`, { mode: 'insert' })).status).toBe(409);
  expect((await ask('POST', `/api/_imports/${id}/_cancel`)).status).toBe(200);
  await importDone(bench.app.deps, id);
  expect(await bench.status(id)).toMatchObject({ state: 'cancelled' });
  expect(await bench.t.db.selectFrom('app.orders').select('id').where('external_id', '=', 'L1').execute()).toEqual([]);
  expect(await bench.go(other.id, 'check')).toMatchObject({ state: 'checked' });
  expect((await ask('POST', `/api/_imports/${id}/_cancel`)).status).toBe(409);
}, 60_000);

test('a file that breaks off in its middle fails with its row, and leaves nothing', async () => {
  const { id } = await bench.upload('orders', `${LONG}B,K,2026-01-02,"open,1,1\n`);
  const failed = await bench.go(id, 'run');
  expect(failed).toMatchObject({ state: 'failed', message: expect.stringContaining('120002') });
  expect(await bench.t.db.selectFrom('app.import_order_lines').select('row_no').execute()).toEqual([]);
}, 60_000);

describe('may be cancelled while the database works: its statement is stopped, not waited for', () => {
  const here = async (id: number) => {
    expect((await bench.app.as('pii')('POST', `/api/_imports/${id}/_cancel`)).status).toBe(200);
  };
  /** It knows nothing of what is under way here: what it says in the import's row is all there is. */
  const elsewhere = async (id: number) => {
    const pool = new pg.Pool({ connectionString: 'postgres://another-process' });
    await cancelImport({ ...bench.app.deps, pool }, id);
  };
  test.each([
    ['in the same process', here],
    ['in another one', elsewhere],
  ])(
    '%s',
    async (name, cancel) => {
      const { id } = await bench.upload('orders', `${HEADER}\nC1,C1,2026-01-02,${name},1,1\n`);
      const waiting = sql<{
        n: number;
      }>`select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await bench.t.owner.transaction().execute(async (trx) => {
        // The statement that writes orders cannot end before this transaction does.
        await sql`lock table app.orders in share mode`.execute(trx);
        expect((await bench.app.as('pii')('POST', `/api/_imports/${id}/_run`)).status).toBe(202);
        await expect.poll(async () => (await waiting.execute(trx)).rows[0]!.n).toBe(1);
        await cancel(id);
        await importDone(bench.app.deps, id);
        expect(await bench.status(id)).toMatchObject({ state: 'cancelled' });
      });
      expect(await bench.t.db.selectFrom('app.orders').select('id').where('external_id', '=', 'C1').execute()).toEqual(
        [],
      );
    },
    60_000,
  );
});

test('may be cancelled just when its rows are read: what comes after does not begin', async () => {
  const { id } = await bench.upload('orders', `${HEADER}\nC2,C2,2026-01-02,a,1,1\n`);
  const ask = bench.app.as('pii');
  const { owner, db } = bench.t;
  const waiting = async () => {
    const { rows } = await sql<{ query: string }>`
      select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    return rows.map(({ query }) => (query.startsWith('update "app"."imports"') ? 'note' : 'other')).sort();
  };
  const reading = await owner.startTransaction().execute();
  await sql`lock table app.import_order_lines in share mode`.execute(reading);
  expect((await ask('POST', `/api/_imports/${id}/_run`)).status).toBe(202);
  await expect.poll(waiting).toEqual(['other']);
  const noting = await owner.startTransaction().execute();
  await noting.selectFrom('app.imports').select('id').where('id', '=', id).forUpdate().execute();
  const cancelled = ask('POST', `/api/_imports/${id}/_cancel`);
  await expect.poll(waiting).toEqual(['note', 'other']);
  await reading.rollback().execute();
  // How many rows there were is noted behind whoever cancels.
  await expect.poll(waiting).toEqual(['note', 'note']);
  // Orders that were written all the same would wait for this.
  const writing = await owner.startTransaction().execute();
  await sql`lock table app.orders in share mode`.execute(writing);
  await noting.rollback().execute();
  expect((await cancelled).status).toBe(200);
  await importDone(bench.app.deps, id);
  await writing.rollback().execute();
  expect(await bench.status(id)).toMatchObject({ state: 'cancelled' });
}, 60_000);

test('one that a killed process left under way is marked as failed, one that lives is not', async () => {
  const dead = await bench.upload('products', 'external_id,name\n1,a\n');
  await bench.t.db.updateTable('app.imports').set({ state: 'running' }).where('id', '=', dead.id).execute();
  const alive = await bench.upload('orders', LONG);
  expect((await bench.app.as('pii')('POST', `/api/_imports/${alive.id}/_check`)).status).toBe(202);
  await recoverImports(bench.app.deps);
  expect(await bench.status(dead.id)).toMatchObject({
    state: 'failed',
    message: expect.stringContaining('nothing was written'),
  });
  expect((await bench.status(alive.id)).state).toBe('checking');
  await bench.app.as('pii')('POST', `/api/_imports/${alive.id}/_cancel`);
  await importDone(bench.app.deps, alive.id);
}, 60_000);

test.each(['zh', 'en'] as const)('an export of orders, brought in again in %s, changes nothing', async (lang) => {
  const { source } = await bringIn([
    '1,K1,2026-01-02 10:00,a,2,1.5',
    '1,K1,2026-01-02 10:00,b,1,10',
    '2,K2,2026-01-03,a,1,1',
  ]);
  const all = () => bench.t.db.selectFrom('app.orders').selectAll().orderBy('id').execute();
  const before = await all();
  const ask = (path: string) => bench.app.as('pii')('GET', path, undefined, { 'accept-language': lang });
  const file = Buffer.from(await (await ask(`/api/orders/_export.csv?source=${source}`)).arrayBuffer());
  const found = await bench.upload('orders', file);
  expect(found.mapping!.constants).toEqual({ source });
  const done = await bench.go(found.id, 'run');
  expect(done).toMatchObject({ state: 'done', created: 0, updated: 0, wrong: 0, errors: [] });
  expect(await all()).toEqual(before);
});

test('a file of several sources is refused where it leaves the first, unless somebody says what it is', async () => {
  const header = 'order_no,customer_id,order_date,sku,qty,price,Source';
  const rows = ['1,K1,2026-01-02,a,1,1,mixed_a', '2,K1,2026-01-02,a,1,1,mixed_b'];
  const found = await bench.upload('orders', `${header}\n${rows.join('\n')}\n`);
  expect(found.mapping).toMatchObject({ columns: { source: 'Source' }, constants: { source: 'mixed_a' } });
  const checked = await bench.go(found.id, 'check');
  expect(checked).toMatchObject({ created: 1, wrong: 1 });
  expect(checked.errors).toMatchObject([{ row: 3, column: 'Source', key: 'import_other_option', value: 'mixed_b' }]);
  const { source: _source, ...columns } = found.mapping!.columns;
  await bench.patch(found.id, { mapping: { ...found.mapping!, columns, constants: { source: 'mixed_all' } } });
  expect(await bench.go(found.id, 'check')).toMatchObject({ created: 2, wrong: 0 });
});
