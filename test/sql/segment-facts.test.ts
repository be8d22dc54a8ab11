import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contextNamed } from '../../api/contexts.ts';
import type { ValueType } from '../../api/contract.ts';
import { SEGMENT_CONTEXT } from '../../api/segment-rules.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
  await t.db
    .insertInto('app.customers')
    .values([
      { id: 1, external_id: 'two orders', enrolled_on: '2026-01-01', birth_on: '1990-03-11' },
      { id: 2, external_id: 'order on the day', enrolled_on: '2026-03-09' },
      { id: 3, external_id: 'enrols on the day', enrolled_on: '2026-03-10' },
      { id: 4, external_id: 'enrols later, bought before', enrolled_on: '2026-06-01' },
      { id: 5, external_id: 'anonymised', enrolled_on: '2026-01-01', status: 'anonymised' },
    ])
    .execute();
  await t.db
    .insertInto('app.customer_day')
    .values([
      { customer_id: 1, day: '2026-02-01', order_count: 1, amount: 100 },
      { customer_id: 1, day: '2026-03-01', order_count: 1, amount: 50 },
      { customer_id: 1, day: '2026-03-09', returned_amount: 30 },
      { customer_id: 1, day: '2026-03-10', returned_amount: 5 },
      { customer_id: 2, day: '2026-03-10', order_count: 1, amount: 70 },
      { customer_id: 4, day: '2026-03-09', order_count: 1, amount: 60 },
      { customer_id: 5, day: '2026-02-01', order_count: 1, amount: 9999 },
    ])
    .execute();
});
afterAll(() => t?.close());

it('are of orders strictly before the day; returns before it reduce the net amount only', async () => {
  const facts = await sql`
    select
      customer_id, recency_days, order_count, gross_amount, net_amount, mean_net_amount::numeric(14, 2),
      average_order_amount, first_order_days, enrolled_days, age, birth_month
    from ops.segment_facts('2026-03-10')
    order by customer_id
  `.execute(t.db);
  const never = {
    recency_days: null,
    first_order_days: null,
    average_order_amount: null,
    age: null,
    birth_month: null,
  };

  expect(facts.rows).toEqual([
    {
      customer_id: 1,
      recency_days: 9,
      order_count: 2,
      gross_amount: '150.00',
      net_amount: '120.00',
      mean_net_amount: '90.00',
      average_order_amount: '75.00',
      first_order_days: 37,
      enrolled_days: 68,
      age: 35,
      birth_month: 3,
    },
    {
      ...never,
      customer_id: 2,
      order_count: 0,
      gross_amount: '0',
      net_amount: '0',
      mean_net_amount: '90.00',
      enrolled_days: 1,
    },
    {
      ...never,
      customer_id: 4,
      recency_days: 1,
      order_count: 1,
      gross_amount: '60.00',
      net_amount: '60.00',
      mean_net_amount: '90.00',
      average_order_amount: '60.00',
      first_order_days: 1,
      enrolled_days: null,
    },
  ]);
});

it('have a column of the right type for every field that rules may name', async () => {
  const TYPES: { [type in ValueType]: readonly string[] } = {
    text: ['text'],
    integer: ['integer', 'bigint'],
    decimal: ['numeric'],
    boolean: ['boolean'],
    date: ['date'],
    time: ['timestamp with time zone'],
    list: ['text[]'],
    ids: ['bigint[]'],
  };
  const columns = await sql<{ name: string; type: string }>`
    select arguments.name, format_type(arguments.type, null) as type
    from pg_proc
    cross join unnest(pg_proc.proargnames, pg_proc.proallargtypes, pg_proc.proargmodes) as arguments (name, type, mode)
    where pg_proc.oid = 'ops.segment_facts(date, bigint[])'::regprocedure
      and arguments.mode = 't'
  `.execute(t.db);
  const types = new Map(columns.rows.map((column) => [column.name, column.type]));
  const { fields } = contextNamed(SEGMENT_CONTEXT);

  const wrong = Object.entries(fields).filter(
    ([name, field]) => !TYPES[field.type].includes(types.get(name) ?? 'absent'),
  );
  expect(wrong).toEqual([]);
  expect([...types.keys()].filter((name) => !(name in fields))).toEqual(['customer_id', 'extras']);
});

it('are the same from the orders themselves as from the totals', async () => {
  await t.db
    .insertInto('app.orders')
    .values(
      [
        [1, '2026-02-01', '100', 'paid'],
        [1, '2026-03-01', '50', 'placed'],
        [1, '2026-03-02', '9', 'cancelled'],
        [2, '2026-03-10', '70', 'paid'],
        [4, '2026-03-09', '60', 'completed'],
      ].map(([customer_id, placed_on, amount, status], at) => ({
        ...{ customer_id: customer_id as number, source: 'test', external_id: `s${at}`, status: status as string },
        ...{ amount: amount as string, placed_on: placed_on as string, placed_at: `${placed_on} 12:00+08` },
      })),
    )
    .execute();
  await t.db
    .insertInto('app.returns')
    .values(
      ['30', '5'].map((amount, at) => ({
        ...{ customer_id: 1, source: 'test', external_id: `s${at}`, amount },
        ...{
          returned_at: `2026-03-0${9 + at} 12:00+08`.replace('010', '10'),
          returned_on: at ? '2026-03-10' : '2026-03-09',
        },
      })),
    )
    .execute();
  const both = await sql<{ of_totals: string; of_orders: string }>`
    select
      (select jsonb_agg(to_jsonb(facts) order by customer_id)::text from ops.segment_facts('2026-03-10') as facts) as of_totals,
      (
        select jsonb_agg(to_jsonb(facts) order by customer_id)::text
        from ops.segment_facts('2026-03-10', array[1, 2, 3, 4, 5]) as facts
      ) as of_orders
  `.execute(t.db);
  expect(JSON.parse(both.rows[0]!.of_orders)).toEqual(JSON.parse(both.rows[0]!.of_totals));
});
