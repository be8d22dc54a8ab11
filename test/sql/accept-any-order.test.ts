/** Whatever the order in which orders, their later states, returns and replays arrive, and however they are batched: the same end. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t?.close());

interface Message {
  kind: 'orders' | 'returns';
  body: object;
}

/** A customer's story: every message that is ever sent about it. */
const story = fc
  .array(
    fc.record({
      amount: fc.integer({ min: 1, max: 100_000 }),
      quantity: fc.integer({ min: 1, max: 5 }),
      discount: fc.integer({ min: 0, max: 100 }),
      statuses: fc.subarray(['placed', 'paid', 'completed', 'cancelled'], { minLength: 1 }),
      returned: fc.option(fc.constantFrom('whole', 'half', 'too much', 'line', 'stranger'), { nil: null }),
      known: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((orders) =>
    orders.flatMap((each, at): Message[] => {
      const total = each.amount * each.quantity - Math.min(each.discount, each.amount);
      const customer = each.known ? `c${at % 2}` : null;
      const base = {
        external_id: `o${at}`,
        customer_external_id: customer,
        channel: 'online',
        placed_at: `2026-03-0${at + 1}T00:00:00Z`,
        discount_amount: (Math.min(each.discount, each.amount) / 100).toFixed(2),
        lines: [
          { sku: 'a', quantity: each.quantity, unit_price: (each.amount / 100).toFixed(2) },
          { sku: 'free', quantity: 1, unit_price: '0' },
        ],
      };
      const messages: Message[] = each.statuses.map((status) => ({
        kind: 'orders',
        body: {
          ...base,
          status,
          paid_at: status === 'paid' || status === 'completed' ? `2026-04-0${at + 1}T00:00:00Z` : null,
          completed_at: status === 'completed' ? `2026-05-0${at + 1}T00:00:00Z` : null,
        },
      }));
      if (each.returned) {
        const part = {
          whole: {},
          half: { amount: (Math.floor(total / 2) / 100).toFixed(2) },
          'too much': { amount: ((total + 1) / 100).toFixed(2) },
          line: { sku: 'a' },
          stranger: { customer_external_id: 'stranger', amount: '0.01' },
        }[each.returned];
        messages.push({
          kind: 'returns',
          body: {
            external_id: `r${at}`,
            order_external_id: `o${at}`,
            returned_at: `2026-06-0${at + 1}T00:00:00Z`,
            ...part,
          },
        });
      }
      return messages;
    }),
  );

/** Sends the messages in batches of those sizes, and looks at what there is in the end; leaves nothing behind. */
async function outcome(messages: readonly Message[], sizes: readonly number[]): Promise<unknown> {
  const rolled_back = new Error('rolled back');
  let seen: unknown;
  await t.db
    .transaction()
    .execute(async (trx) => {
      const left = [...messages];
      for (let turn = 0; left.length > 0; turn++) {
        const kind = left[0]!.kind;
        const run = left.findIndex((each) => each.kind !== kind);
        const count = Math.min(run < 0 ? left.length : run, sizes[turn % sizes.length]!);
        const body = JSON.stringify(left.splice(0, count).map((each) => each.body));
        await sql`select ${sql.raw(`ops.accept_${kind}_json`)}('shop', ${body}::jsonb)`.execute(trx);
      }
      const orders = await trx
        .selectFrom('app.orders')
        .innerJoin('app.customers', 'app.customers.id', 'app.orders.customer_id')
        .select([
          'app.orders.external_id',
          'app.customers.external_id as customer',
          'app.orders.status',
          'amount',
          'returned_amount',
          'placed_on',
          'paid_at',
          'completed_at',
        ])
        .orderBy('app.orders.external_id')
        .execute();
      const returns = await trx
        .selectFrom('app.returns')
        .select(['external_id', 'amount', 'quantity', 'returned_on'])
        .orderBy('external_id')
        .execute();
      const lines = await trx
        .selectFrom('app.order_lines')
        .select(['line_no', 'sku', 'amount'])
        .orderBy('order_id')
        .orderBy('line_no')
        .execute();
      seen = { orders, returns, lines: lines.map(({ amount }) => amount).toSorted() };
      throw rolled_back;
    })
    .catch((error) => {
      if (error !== rolled_back) throw error;
    });
  return seen;
}

test('arrival does not matter', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      story.chain((messages) =>
        fc.record({
          messages: fc.constant(messages),
          shuffled: fc.shuffledSubarray(messages, { minLength: messages.length, maxLength: messages.length }),
          again: fc.subarray(messages),
          sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
        }),
      ),
      async ({ messages, shuffled, again, sizes }) => {
        const straight = await outcome(messages, [1]);
        expect(await outcome([...shuffled, ...again], sizes)).toEqual(straight);
      },
    ),
    { numRuns: 60 },
  );
});
