import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { followUp } from '../../api/engine/follow-ups.ts';
import { processFacts } from '../../api/engine/process.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let app: TestApp;
let ask: Ask;
let tea: number;
beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t);
  ask = app.as('operator');
  tea = (await made('products', { external_id: 'TEA', name: '茶', category: '茶叶', price: '50.00' })).id;
  await made('products', { external_id: 'CUP', name: '杯', category: '器具', price: '30.00' });
});
afterAll(() => t?.close());

let number = 0;
const next = () => `${++number}`;

async function made(resource: string, body: Row): Promise<{ id: number }> {
  const answer = await ask('POST', `/api/${resource}`, body);
  expect(answer.status, await answer.clone().text()).toBe(201);
  return (await answer.json()) as { id: number };
}

async function customer(): Promise<{ id: number; code: string }> {
  const code = `V-${next()}`;
  return { ...(await made('customers', { external_id: code })), code };
}

/** Claimed by customers, ten yuan off, combined with any, for a month; unless said otherwise. */
async function template(settings: Row = {}): Promise<{ id: number; code: string }> {
  const code = `v_${next()}`;
  const usual = { kind: 'fixed', status: 'active', amount: '10.00', distribution: 'claim', valid_for: 30 };
  const told = { ...usual, stacking: 'stackable', ...settings };
  return { ...(await made('coupon_templates', { code, name: code, name_en: code, ...told })), code };
}

async function post(path: string, body: unknown, as = ask) {
  const answer = await as('POST', `/api/v1/coupons/${path}`, body);
  return { status: answer.status, body: (await answer.json()) as Row };
}

async function claim(who: { code: string }, what: { code: string }, more: Row = {}) {
  const said = await post('claim', {
    external_id: `L-${next()}`,
    customer_external_id: who.code,
    template: what.code,
    ...more,
  });
  return { ...said, coupon: said.body.coupon as string };
}

const LINES = [{ sku: 'TEA', quantity: 2, unit_price: '50.00' }];
const basket = (who: { code: string }, coupons: readonly string[], more: Row = {}): Row => ({
  ...{ customer_external_id: who.code, coupons: [...coupons], lines: LINES, ...more },
});
const quote = (who: { code: string }, coupons: readonly string[], more: Row = {}) =>
  post('quote', basket(who, coupons, more));
const reserve = (who: { code: string }, coupons: readonly string[], more: Row = {}) =>
  post('reserve', { external_id: `K-${next()}`, ...basket(who, coupons, more) });
const decide = (id: unknown, decision: 'confirm' | 'cancel', body?: unknown) =>
  post(`reservations/${id}/${decision}`, body);
const keys = ({ body }: { body: Row }) =>
  Object.entries((body as unknown as ApiError).errors ?? {}).map(([field, { key }]) => `${field} ${key}`);
const refusals = ({ body }: { body: Row }) => (body.coupons as Row[]).map(({ refusal }) => refusal);
const statusOf = async (id: unknown) =>
  await t.db
    .selectFrom('app.coupons')
    .select(['status', 'valid_until_at'])
    .where('id', '=', id as number)
    .executeTakeFirstOrThrow();

async function order(who: { code: string }, coupon: string | null, more: Row = {}): Promise<string> {
  const external_id = `O-${next()}`;
  const answer = await ask('POST', '/api/v1/orders', {
    ...{ external_id, customer_external_id: who.code, placed_at: new Date().toISOString(), lines: LINES },
    ...{ discount_amount: '10.00', coupon_code: coupon, ...more },
  });
  expect(answer.status, await answer.clone().text()).toBeLessThan(300);
  return external_id;
}

async function work(): Promise<void> {
  const at = new Date(Date.now() + 1000).toISOString();
  await processFacts(app.deps, { until_at: at });
  await followUp(app.deps, { at });
}

async function release(): Promise<void> {
  await sql`select ops.release_coupons(current_date)`.execute(t.db);
}

describe('a coupon', () => {
  test('is claimed once by its number, for ever, and shown among what the customer holds', async () => {
    const [who, what] = [await customer(), await template({ per_customer_limit: 1 })];
    const external_id = `once-${next()}`;
    const first = await claim(who, what, { external_id });
    expect(first).toMatchObject({ status: 201, body: { answer: 'accepted', template: what.code, status: 'claimed' } });
    expect(await claim(who, what, { external_id })).toMatchObject({
      status: 200,
      body: { answer: 'replayed', id: first.body.id },
    });
    const refused = await claim(who, what, { external_id: `${external_id}-2` });
    expect([refused.status, ...keys(refused)]).toEqual([422, 'template customer_limit_reached']);
    await t.owner
      .updateTable('app.coupon_templates')
      .set({ per_customer_limit: null })
      .where('id', '=', what.id)
      .execute();
    expect(keys(await claim(who, what, { external_id: `${external_id}-2` }))).toEqual([
      'template customer_limit_reached',
    ]);
    const held = await ask('GET', `/api/v1/coupons?customer_external_id=${who.code}`);
    expect(await held.json()).toMatchObject([{ coupon: first.coupon, status: 'claimed', min_spend: '0.00' }]);
  });

  test('that is refused says why in the language of whoever asks', async () => {
    const [who, what] = [await customer(), await template({ distribution: 'issue' })];
    const zh = await ask(
      'POST',
      '/api/v1/coupons/claim',
      { external_id: next(), customer_external_id: who.code, template: what.code },
      { 'accept-language': 'zh' },
    );
    expect(((await zh.json()) as ApiError).errors?.template).toEqual({
      key: 'not_offered',
      message: '该券不支持这种领取方式',
    });
  });

  test('is held for an order, redeemed with it, and given back', async () => {
    const [who, what] = [await customer(), await template()];
    const { coupon, body } = await claim(who, what);
    const held = await reserve(who, [coupon]);
    expect(held).toMatchObject({ status: 201, body: { answer: 'accepted', discount_amount: '10.00', total: '90.00' } });
    expect((await statusOf(body.id)).status).toBe('reserved');
    expect(keys(await reserve(who, [coupon]))).toEqual(['coupons.0 in_use']);
    expect(await decide(held.body.id, 'confirm')).toMatchObject({ status: 200, body: { status: 'redeemed' } });
    expect(await decide(held.body.id, 'confirm')).toMatchObject({ status: 200, body: { answer: 'replayed' } });
    expect(keys(await reserve(who, [coupon]))).toEqual(['coupons.0 used_already']);
    expect(await decide(held.body.id, 'cancel')).toMatchObject({
      status: 200,
      body: { answer: 'accepted', status: 'returned' },
    });
    expect(await decide(held.body.id, 'cancel')).toMatchObject({ status: 200, body: { answer: 'replayed' } });
    expect((await decide(held.body.id, 'confirm')).status).toBe(409);
    expect((await reserve(who, [coupon])).status).toBe(201);
  });

  test('that nobody confirms is free again when its time is over, and a late confirmation is told so', async () => {
    const [who, what] = [await customer(), await template()];
    const { coupon, body } = await claim(who, what);
    const held = await reserve(who, [coupon]);
    await sql`update app.coupon_uses set reserved_until_at = now() - interval '1 second' where checkout_id = ${held.body.id as number}`.execute(
      t.owner,
    );
    expect((await decide(held.body.id, 'confirm')).status).toBe(409);
    await release();
    expect((await statusOf(body.id)).status).toBe('claimed');
    expect((await decide(held.body.id, 'confirm')).status).toBe(409);
    expect((await reserve(who, [coupon])).status).toBe(201);
  });

  test('brought as a printed code belongs to whoever comes first', async () => {
    const what = await template({ distribution: 'code', code_mode: 'generated', code_pattern: 'P-########' });
    await made('coupon_batches', { name: 'flyers', template_id: what.id, kind: 'generated', quantity: 3 });
    const codes = await t.db.selectFrom('app.coupon_codes').select('code').where('template_id', '=', what.id).execute();
    expect(codes).toHaveLength(3);
    const code = codes[0]!.code;
    const people = await Promise.all([customer(), customer()]);
    expect(await quote(people[0]!, [code.toLowerCase()])).toMatchObject({ body: { discount_amount: '10.00' } });
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, n) => reserve(people[n % 2]!, [code], { external_id: `flyer-${code}-${n % 2}` })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.flatMap(keys))).toEqual(new Set(['coupons.0 wrong_customer']));
    const held = await t.db.selectFrom('app.coupons').select('id').where('template_id', '=', what.id).execute();
    expect(held).toHaveLength(1);
  });
});

describe('an order', () => {
  test('redeems the coupon it names, late, twice, and together with its reservation', async () => {
    const [who, what] = [await customer(), await template()];
    const [plain, held, template_named] = [await claim(who, what), await claim(who, what), await customer()];
    await order(who, plain.coupon);
    const named = `N-${next()}`;
    const reserved = await reserve(who, [held.coupon], { order_external_id: named, order_source: 'api' });
    expect(reserved.status).toBe(201);
    await order(who, held.coupon, { external_id: named });
    // A reservation that does not say for which order is for the one that names its coupon.
    const open = await claim(who, what);
    const unnamed = await reserve(who, [open.coupon]);
    await order(who, open.coupon);
    await claim(template_named, what);
    await order(template_named, what.code);
    await work();
    await work();
    const uses = await t.db
      .selectFrom('app.coupon_uses')
      .select(['status', 'discount_amount', 'coupon_id'])
      .where('template_id', '=', what.id)
      .orderBy('coupon_id')
      .execute();
    expect(uses.map(({ status, discount_amount }) => [status, discount_amount])).toEqual([
      ['redeemed', '10.00'],
      ['redeemed', '10.00'],
      ['redeemed', '10.00'],
      ['redeemed', '10.00'],
    ]);
    expect(await decide(unnamed.body.id, 'confirm')).toMatchObject({ status: 200, body: { answer: 'replayed' } });
    expect(await decide(reserved.body.id, 'confirm')).toMatchObject({ status: 200, body: { answer: 'replayed' } });
  });

  test.each(['return', 'cancel'])(
    'that is over (%s) gives the coupon back for as long as was left; part of it keeps it',
    async (how) => {
      const [who, what] = [await customer(), await template()];
      const { coupon, body } = await claim(who, what);
      const before = await statusOf(body.id);
      const placed = await order(who, coupon);
      await work();
      expect((await statusOf(body.id)).status).toBe('redeemed');
      const back = (amount: string, external_id: string) =>
        ask('POST', '/api/v1/returns', {
          external_id,
          ...{ order_external_id: placed, returned_at: new Date(Date.now() + 500).toISOString(), amount },
        });
      if (how === 'cancel') await order(who, coupon, { external_id: placed, status: 'cancelled' });
      else {
        expect((await back('40.00', `${placed}-a`)).status).toBeLessThan(300);
        await work();
        expect((await statusOf(body.id)).status).toBe('redeemed');
        expect((await back('50.00', `${placed}-b`)).status).toBeLessThan(300);
        expect((await back('50.00', `${placed}-b`)).status).toBe(200);
      }
      await work();
      await work();
      const after = await statusOf(body.id);
      expect(after.status).toBe('claimed');
      expect(Date.parse(after.valid_until_at!)).toBeGreaterThanOrEqual(Date.parse(before.valid_until_at!));
      expect((await reserve(who, [coupon])).status).toBe(201);
    },
  );

  test('with the same facts in any order leaves the same coupons', async () => {
    const course = async (steps: (() => Promise<unknown>)[]) => {
      for (const step of steps) await step();
      await work();
    };
    const state = async (who: { id: number }) => {
      const { rows } = await sql<Row>`
        select coupons.status, coupons.valid_until_at - coupons.claimed_at > interval '30 days' as longer,
          (select array_agg(coupon_uses.status order by coupon_uses.id) from app.coupon_uses where coupon_uses.coupon_id = coupons.id) as uses
        from app.coupons where customer_id = ${who.id} order by id`.execute(t.db);
      return rows;
    };
    const ends: unknown[] = [];
    for (const shuffled of [
      [0, 1],
      [1, 0],
      [0, 1, 1, 0],
    ]) {
      const [who, what] = [await customer(), await template()];
      const { coupon } = await claim(who, what);
      const external_id = `O-${next()}`;
      const soon = new Date(Date.now() + 200).toISOString();
      const facts = [
        () => order(who, coupon, { external_id, placed_at: soon }).then(work),
        () =>
          ask('POST', '/api/v1/returns', {
            ...{ external_id: `${external_id}-r`, order_external_id: external_id, amount: '90.00' },
            returned_at: new Date(Date.parse(soon) + 200).toISOString(),
          }).then(work),
      ];
      await course(shuffled.map((at) => facts[at]!));
      ends.push(await state(who));
    }
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  });

  test('that names what it may not have stays, and the refusal is kept', async () => {
    const [who, other, what] = [await customer(), await customer(), await template()];
    const { coupon } = await claim(other, what);
    await order(who, coupon);
    await order(who, 'SHOP-OWN-CODE');
    await work();
    await work();
    const kept = await t.db
      .selectFrom('app.coupon_refusals')
      .select(['asked', 'refusal'])
      .where('customer_id', '=', who.id)
      .execute();
    expect(kept).toEqual([{ asked: 'order', refusal: 'wrong_customer' }]);
  });
});

describe('what coupons come to', () => {
  const many = async (settings: readonly Row[]) => {
    const who = await customer();
    const held = [];
    for (const each of settings) held.push((await claim(who, await template(each))).coupon);
    return { who, held };
  };

  test('is worked out to the cent, line by line, and never below what is left to pay', async () => {
    const { who, held } = await many([
      { kind: 'percentage', amount: null, discount_rate: '0.1', max_discount: '99.00', stack_order: 1 },
      { amount: '7.77', stack_order: 2, scope: 'categories', categories: ['器具'] },
      { amount: '500.00', min_payable: '5.00', stack_order: 3 },
      { kind: 'free_shipping', amount: null, stack_order: 4 },
    ]);
    const lines: Row[] = [
      { sku: 'TEA', quantity: 3, unit_price: '33.33' },
      { sku: 'CUP', quantity: 1, amount: '30.01' },
      { sku: 'UNKNOWN', quantity: 1, amount: '0.01' },
    ];
    const { body } = await quote(who, held, { lines, shipping_fee: '8.00' });
    expect(body).toMatchObject({ goods_amount: '130.01', total: '5.00', discount_amount: '133.01' });
    expect((body.coupons as Row[]).map(({ discount_amount }) => discount_amount)).toEqual([
      '13.00',
      '7.77',
      '109.24',
      '3.00',
    ]);
    const parts = (body.lines as Row[]).reduce(
      (sum, { discount_amount }) => sum + Math.round(Number(discount_amount) * 100),
      0,
    );
    expect(parts).toBe(13_001);
  });

  test('does not depend on the order in which coupons are named, and adds up', async () => {
    const { who, held } = await many([
      { amount: '3.33', stack_order: 5 },
      { kind: 'percentage', amount: null, discount_rate: '0.15', max_discount: '20.00' },
      { stacking: 'group', stack_group: 'a', amount: '4.00' },
      { stacking: 'group', stack_group: 'a', amount: '9.00' },
      { stacking: 'exclusive', amount: '50.00' },
      { kind: 'threshold', amount: '20.00', min_spend: '60.00', min_payable: '10.00' },
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(held, { minLength: 1 }),
        fc.array(fc.record({ sku: fc.constantFrom('TEA', 'CUP', 'X'), cents: fc.integer({ min: 0, max: 9_999 }) }), {
          minLength: 1,
          maxLength: 5,
        }),
        async (coupons, goods) => {
          const lines = goods.map(({ sku, cents }) => ({ sku, quantity: 1, amount: (cents / 100).toFixed(2) }));
          const one = (await quote(who, coupons, { lines })).body;
          const two = (await quote(who, [...coupons].reverse(), { lines })).body;
          const sorted = (told: Row) =>
            [...(told.coupons as Row[])].sort((a, b) => String(a.coupon).localeCompare(String(b.coupon)));
          expect(sorted(two)).toEqual(sorted(one));
          expect(two.total).toBe(one.total);
          const cents = (value: unknown) => Math.round(Number(value) * 100);
          const given = (one.coupons as Row[]).reduce((sum, each) => sum + cents(each.discount_amount), 0);
          expect(cents(one.goods_amount) - cents(one.total)).toBe(given);
          expect(cents(one.total)).toBeGreaterThanOrEqual(0);
          for (const line of one.lines as Row[]) {
            expect(cents(line.discount_amount)).toBeGreaterThanOrEqual(0);
            expect(cents(line.discount_amount)).toBeLessThanOrEqual(cents(line.amount));
          }
          const told = one.coupons as Row[];
          const alone = told.find((each) => each.coupon === held[4] && each.refusal === null);
          if (alone) expect(told.filter(({ refusal }) => refusal === null)).toHaveLength(1);
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 20), seed: 7 },
    );
  });

  test('says of each why not, in the closed vocabulary', async () => {
    const { who, held } = await many([
      { min_spend: '1000.00' },
      { order_channels: ['store'] },
      { scope: 'categories', categories: ['器具'] },
      { stacking: 'exclusive' },
      { activation: 'event', activation_event: 'review' },
    ]);
    const said = await quote(who, [...held, 'NO-SUCH', 'C999999', held[0]!.toLowerCase()]);
    expect(refusals(said)).toEqual([
      ...['below_minimum', 'wrong_channel', 'not_applicable', null, 'not_active_yet'],
      ...['code_unknown', 'code_unknown', 'duplicate'],
    ]);
    const all = await reserve(who, [held[3]!, 'NO-SUCH']);
    expect([all.status, ...keys(all)]).toEqual([422, 'coupons.1 code_unknown']);
    expect((await statusOf(Number(held[3]!.slice(1)))).status).toBe('claimed');
  });

  test('keeps to what was promised when the coupon was issued', async () => {
    const [who, what] = [await customer(), await template({ amount: '10.00' })];
    const { coupon } = await claim(who, what);
    const changed = await ask('PATCH', `/api/coupon_templates/${what.id}`, { amount: '1.00' });
    expect(changed.status, await changed.clone().text()).toBe(200);
    expect((await quote(who, [coupon])).body.discount_amount).toBe('10.00');
    const later = await claim(who, what);
    expect((await quote(who, [later.coupon])).body.discount_amount).toBe('1.00');
  });
});

describe('a shop that is killed and starts over', () => {
  /** Claims, reserves, sends the order and confirms; after `stop` requests it is killed, and begins again with the same numbers. */
  async function shop(
    who: { id: number; code: string },
    what: { code: string },
    kill: readonly number[],
  ): Promise<unknown> {
    const said: { coupon?: string; id?: unknown } = {};
    const steps = [
      async () => {
        const { body } = await claim(who, what, { external_id: `shop-${who.code}` });
        said.coupon = body.coupon as string;
      },
      async () => {
        await quote(who, [said.coupon!]);
      },
      async () => {
        const held = await reserve(who, [said.coupon!], { external_id: `shop-${who.code}` });
        expect(held.status).toBeLessThan(300);
        said.id = held.body.id;
      },
      async () => {
        await order(who, said.coupon!, {
          external_id: `shop-${who.code}`,
          placed_at: new Date(Date.now() - 1_000).toISOString(),
        });
      },
      async () => {
        expect(
          (await decide(said.id, 'confirm', { order_external_id: `shop-${who.code}`, order_source: 'api' })).status,
        ).toBe(200);
      },
    ];
    for (const upto of [...kill, steps.length]) {
      for (const step of steps.slice(0, upto)) await step();
      if (upto % 2 === 1) await work();
    }
    await work();
    const { rows } = await sql<Row>`
      select coupons.status, uses.status as used, uses.discount_amount, uses.order_id is not null as of_order,
        (select count(*)::integer from app.coupon_uses where customer_id = ${who.id}) as uses,
        (select count(*)::integer from app.coupon_refusals where customer_id = ${who.id}) as refusals
      from app.coupons
      inner join app.coupon_uses as uses on uses.coupon_id = coupons.id
      where coupons.customer_id = ${who.id}`.execute(t.db);
    return rows;
  }

  test('at any step, once or again and again, ends in the same state', async () => {
    const what = await template();
    const expected = await shop(await customer(), what, []);
    expect(expected).toEqual([
      { status: 'redeemed', used: 'redeemed', discount_amount: '10.00', of_order: true, uses: 1, refusals: 0 },
    ]);
    for (const kill of [[1], [2], [3], [4], [5], [1, 2, 3, 4, 5], [5, 4, 3, 2, 1]])
      expect(await shop(await customer(), what, kill)).toEqual(expected);
  }, 60_000);
});

describe('32 clients at once', () => {
  test('reserve, confirm and cancel one coupon: it is used at most once, and all money is accounted for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ what: fc.constantFrom('reserve', 'confirm', 'cancel'), of: fc.nat(9) }), {
          minLength: 8,
          maxLength: 32,
        }),
        async (steps) => {
          const [who, what] = [await customer(), await template({ total_limit: 5, budget_amount: '30.00' })];
          const { coupon, body } = await claim(who, what);
          const made: unknown[] = [];
          await Promise.all(
            steps.map(async ({ what: step, of }) => {
              if (step === 'reserve') {
                const said = await reserve(who, [coupon], { external_id: `r-${who.code}-${of}` });
                expect([200, 201, 422]).toContain(said.status);
                if (said.status === 201) made.push(said.body.id);
              } else if (made.length > 0) {
                const { status } = await decide(made[of % made.length], step as 'confirm' | 'cancel');
                expect([200, 409]).toContain(status);
              }
            }),
          );
          const { rows } = await sql<Row>`
            select
              (select count(*)::integer from app.coupon_uses where coupon_id = ${body.id as number} and status in ('reserved', 'redeemed')) as open,
              (select status from app.coupons where id = ${body.id as number}) as status,
              (select sum(issued)::integer from app.coupon_shards where template_id = ${what.id}) as issued,
              (select sum(cost)::text from app.coupon_shards where template_id = ${what.id}) as cost`.execute(t.db);
          const { open, status, issued, cost } = rows[0]!;
          expect(open).toBe(status === 'claimed' ? 0 : 1);
          expect([issued, cost]).toEqual([1, '10.00']);
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 10), seed: 3 },
    );
  }, 60_000);
});

describe('hostile requests', () => {
  test.each([
    ['external_id', ''],
    ['external_id', { a: 1 }],
    ['source', "a'; drop table app.coupons; --"],
    ['coupons', 'C1'],
    ['coupons', []],
    ['coupons', Array.from({ length: 21 }, (_, n) => `C${n}`)],
    ['lines', []],
    ['lines', 'tea'],
    ['lines.0.quantity', [{ sku: 'TEA', quantity: 0, unit_price: '1.00' }]],
    ['lines.0.unit_price', [{ sku: 'TEA', quantity: 1 }]],
    ['shipping_fee', '-1'],
    ['channel', 'moon'],
    ['customer_external_id', 'nobody'],
    ['nonsense', 1],
  ])('%s = %j is refused by its name', async (field, value) => {
    const who = await customer();
    const said = await reserve(who, ['C1'], { [field.split('.')[0]!]: value as Row[string] });
    expect(said.status).toBe(422);
    expect(Object.keys((said.body as unknown as ApiError).errors ?? {})).toEqual([field]);
  });

  test('no coupon named in any way breaks the quote', async () => {
    const who = await customer();
    const odd = ['C99999999999999999999', 'c0', "x' or 1=1 --", '%', '_', '   x', '🎁', '\\', 'C1.5'];
    expect(refusals(await quote(who, odd))).toEqual(odd.map(() => 'code_unknown'));
  });

  test('whoever may not tell facts is turned away; a reservation that is not there is not found', async () => {
    const who = await customer();
    for (const person of ['viewer', 'analyst', 'reviewer'] as const) {
      expect(
        (await post('claim', { external_id: 'x', customer_external_id: who.code, template: 't' }, app.as(person)))
          .status,
      ).toBe(403);
      expect((await post('quote', basket(who, ['C1']), app.as(person))).status).toBe(403);
    }
    expect((await decide('999999999', 'confirm')).status).toBe(404);
    expect((await decide('abc', 'confirm')).status).toBe(400);
    expect(keys(await post('claim', { external_id: 'x', customer_external_id: who.code }))).toEqual([
      'template template_or_code',
    ]);
  });
});

test('a gift names what is given, and its price is what it costs', async () => {
  const [who, what] = [
    await customer(),
    await template({ kind: 'gift', amount: null, gift_product_id: tea, gift_quantity: 2, budget_amount: '150.00' }),
  ];
  const { coupon } = await claim(who, what);
  const { body } = await quote(who, [coupon]);
  expect(body).toMatchObject({ discount_amount: '0.00', coupons: [{ gift: { sku: 'TEA', name: '茶', quantity: 2 } }] });
  expect(keys(await claim(await customer(), what))).toEqual(['template budget_exhausted']);
});
