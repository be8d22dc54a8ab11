/** A share that sold keeps what it earned as far as the order is kept, in whatever order anything is heard of. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { type Placed, programme } from './points.ts';

let t: TestDatabase;
let p: Awaited<ReturnType<typeof programme>>;
beforeAll(async () => {
  t = await testDatabase();
  p = await programme(t);
  await p.rule({
    ...{ code: 'sale', trigger: 'share', effect: 'fixed', points: 41, condition: { sold: { eq: true } } },
  });
  await p.rule({ code: 'fame', trigger: 'share', account: 'growth', effect: 'fixed', points: 10 });
});
afterAll(() => t?.close());

const share = (customer: number, of: Placed, at = '2026-01-06') =>
  p.event(customer, { at, kind: 'share', order_id: of.id });
const account = async (customer: number) => {
  const { available, debt, reversed, growth } = (await p.account(customer))!;
  return { available, debt, reversed, growth };
};

test('the order comes back in two parts: so does the reward, rounded down at each', async () => {
  const [sharer, buyer] = [await p.customer(), await p.customer()];
  const order = await p.order(buyer, { at: '2026-01-05', amount: '90' });
  await share(sharer, order);
  await p.work();
  expect(await account(sharer)).toEqual({ available: 41, debt: 0, reversed: 0, growth: 10 });
  await p.refund(order, { at: '2026-01-08', amount: '30' });
  await p.work();
  expect(await account(sharer)).toEqual({ available: 27, debt: 0, reversed: 14, growth: 6 });
  await p.refund(order, { at: '2026-01-09', amount: '60' });
  await p.work();
  expect(await account(sharer)).toEqual({ available: 0, debt: 0, reversed: 41, growth: 0 });
});

test('what was spent already is owed, and nobody else is asked', async () => {
  const [sharer, other, buyer] = [await p.customer(), await p.customer(), await p.customer()];
  const order = await p.order(buyer, { at: '2026-01-05', amount: '90' });
  await share(sharer, order);
  await share(other, await p.order(buyer, { at: '2026-01-05', amount: '90' }));
  await p.redeem(sharer, { at: '2026-01-07', points: 40 });
  await p.refund(order, { at: '2026-01-08', amount: '90' });
  await p.work();
  expect(await account(sharer)).toMatchObject({ available: 0, debt: 40, growth: 0 });
  expect(await account(other)).toMatchObject({ available: 41, debt: 0 });
});

test('to buy by one’s own link is no sale, an order that is cancelled or not paid neither', async () => {
  const [sharer, buyer] = [await p.customer(), await p.customer()];
  const own = await p.order(sharer, { at: '2026-01-05', amount: '90' });
  await share(sharer, own);
  await p.refund(own, { at: '2026-01-08', amount: '90' });
  await p.work();
  expect(await account(sharer)).toMatchObject({ available: 0, growth: 10 });
  const order = await p.order(buyer, { at: '2026-01-05', amount: '90' });
  const status = (to: string) =>
    t.db.updateTable('app.orders').set({ status: to }).where('id', '=', order.id).execute();
  await status('placed');
  await share(sharer, order);
  await p.work();
  expect((await account(sharer)).available).toBe(0);
  await status('paid');
  await p.work();
  expect((await account(sharer)).available).toBe(41);
  await status('cancelled');
  await p.work();
  expect((await account(sharer)).available).toBe(0);
});

test('the order in which things are heard of makes no difference, and a replay none either', async () => {
  const parts = fc.record({
    /** Days of the share, and of each return with its share of the order in tenths. */
    share: fc.integer({ min: 6, max: 12 }),
    again: fc.boolean(),
    returns: fc.array(fc.record({ day: fc.integer({ min: 5, max: 15 }), tenths: fc.integer({ min: 1, max: 5 }) }), {
      maxLength: 3,
    }),
    redeem: fc.option(fc.record({ day: fc.integer({ min: 7, max: 14 }), points: fc.integer({ min: 1, max: 60 }) })),
  });
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(parts, fc.array(fc.nat(9), { minLength: 8, maxLength: 8 }), async (story, draws) => {
      const day = (at: number, hour = 12) => `2026-01-${String(at).padStart(2, '0')}T${hour}:00`;
      let left = 10;
      const kept = story.returns.filter(({ tenths }) => {
        left -= tenths;
        return left >= 0;
      });
      const live = async (places: number[], pauses: boolean) => {
        const [sharer, buyer] = [await p.customer(), await p.customer()];
        const order = await p.order(buyer, { at: day(5), amount: '100' });
        const name = `s${sharer}`;
        const steps: (() => Promise<unknown>)[] = [
          () => share(sharer, order, day(story.share)),
          ...(story.again ? [() => share(sharer, order, day(story.share, 15))] : []),
          ...kept.map(
            ({ day: at, tenths }, index) =>
              () =>
                p.refund(order, { at: day(at, 10 + index), amount: `${tenths}0`, external_id: `${name} ${index}` }),
          ),
          ...(story.redeem
            ? [
                () =>
                  p.redeem(sharer, {
                    at: day(story.redeem!.day, 20),
                    points: story.redeem!.points,
                    external_id: `${name} r`,
                  }),
              ]
            : []),
        ];
        const order_of = steps.map((_, at) => at).sort((x, y) => places[x]! - places[y]! || x - y);
        for (const at of order_of) {
          await steps[at]!();
          if (pauses) await p.work();
        }
        await p.work();
        const lots = await t.db
          .selectFrom('app.points_lots')
          .select(['account', 'earned_on', 'issued', 'available', 'spent', 'reversed'])
          .where('customer_id', '=', sharer)
          .where('book_id', '=', 0)
          .orderBy('account')
          .orderBy('earned_at')
          .orderBy('reversed')
          .execute();
        return { account: await p.account(sharer), lots };
      };
      const straight = await live([0, 1, 2, 3, 4, 5, 6, 7], false);
      expect(await live(draws, true)).toEqual(straight);
      taken += Number(straight.account?.reversed ?? 0);
      // As often as it is worked, nothing more happens.
      expect(await p.work()).toBe(0);
    }),
    { numRuns: 25 },
  );
  expect(taken).toBeGreaterThan(0);
});
