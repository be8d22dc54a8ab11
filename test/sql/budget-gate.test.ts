/** The gate of the budgets for single grants: every yuan is asked for once, and no line gives more than it has. */
import fc from 'fast-check';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedNew } from '../../api/seed.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { budgets } from './budgets.ts';
import { programme } from './points.ts';

let t: TestDatabase;
let b: Awaited<ReturnType<typeof budgets>>;
let p: Awaited<ReturnType<typeof programme>>;
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  b = await budgets(t);
  p = await programme(t);
});
afterAll(() => t?.close());

let made = 0;
const key = () => `k${++made}`;
async function customer(segment?: string): Promise<number> {
  const id = await p.customer();
  if (segment) await b.member(id, segment);
  return id;
}

describe('a grant', () => {
  test('takes its money from the line of the segment and from that of the cost kind', async () => {
    const budget_id = await b.budget();
    const customer_id = await customer('new');
    expect(await b.ask([{ budget_id, customer_id, amount: '120.50', source_key: key() }])).toEqual(['granted']);
    expect((await b.lines(budget_id)).map(({ of, reserved }) => `${of} ${reserved}`)).toEqual([
      'new 120.50',
      'active 0.00',
      'other 0.00',
      'promotion 120.50',
      'referral 0.00',
    ]);
    await b.addUp();
  });

  test('is promised, spent for less, and gives back the rest; each step once', async () => {
    const budget_id = await b.budget();
    const customer_id = await customer('new');
    const k = key();
    await b.ask([{ budget_id, customer_id, amount: '100', source_key: k }]);
    expect(await b.commit([k])).toEqual([
      { source_key: k, reserved: '0.00', committed: '100.00', spent: '0.00', released: '0.00' },
    ]);
    const spent = [{ source_key: k, reserved: '0.00', committed: '0.00', spent: '70.00', released: '30.00' }];
    expect(await b.spend([k], '70')).toEqual(spent);
    expect(await b.spend([k], '70')).toEqual(spent);
    expect(await b.commit([k])).toEqual(spent);
    expect(await b.release([k])).toEqual(spent);
    const [line] = await b.lines(budget_id);
    expect(line).toMatchObject({ reserved: '0.00', committed: '0.00', spent: '70.00', released: '30.00' });
    expect((await b.release([k], true))[0]).toMatchObject({ spent: '0.00', released: '100.00' });
    await b.addUp();
  });

  test('cannot cost more than it reserved', async () => {
    const budget_id = await b.budget();
    const k = key();
    await b.ask([{ budget_id, customer_id: await customer('new'), amount: '100', source_key: k }]);
    await expect(b.spend([k], '100.01')).rejects.toMatchObject({ code: 'EG422' });
    await expect(b.spend([k], '-1')).rejects.toMatchObject({ code: 'EG422' });
    await b.addUp();
  });

  test('asked again gets its first answer, whatever it asks then', async () => {
    const budget_id = await b.budget();
    const customer_id = await customer('new');
    const [yes, no] = [key(), key()];
    const first = [
      { budget_id, customer_id, amount: '900', source_key: yes },
      { budget_id, customer_id, amount: '200', source_key: no },
    ];
    expect(await b.ask(first)).toEqual(['granted', 'budget_exhausted']);
    await b.release([yes]);
    expect(await b.ask(first.map((each) => ({ ...each, amount: '1' })))).toEqual(['granted', 'budget_exhausted']);
    expect((await b.lines(budget_id))[0]).toMatchObject({ reserved: '0.00', released: '900.00' });
    expect(await b.ask([first[0]!, first[0]!])).toEqual(['granted', 'granted']);
    await b.addUp();
  });

  test('falls on the segment of its day, and stays there', async () => {
    const budget_id = await b.budget();
    const customer_id = await p.customer();
    await b.member(customer_id, 'new', '2026-01-01', '2026-02-01');
    await b.member(customer_id, 'active', '2026-02-01');
    const k = key();
    await b.ask([{ budget_id, customer_id, amount: '10', source_key: k, at: '2026-01-31 23:59+08' }]);
    await b.ask([{ budget_id, customer_id, amount: '7', source_key: key(), at: '2026-02-01 00:00+08' }]);
    await b.spend([k]);
    const [fresh, active] = await b.lines(budget_id);
    expect([fresh!.spent, active!.reserved]).toEqual(['10.00', '7.00']);
  });

  test.each<[string, { [field: string]: unknown }, { [field: string]: unknown }, string | undefined]>([
    ['budget_not_active', { status: 'draft' }, {}, 'new'],
    ['budget_not_active', { status: 'closed' }, {}, 'new'],
    ['outside_budget_period', {}, { at: '2025-12-31 23:59+08' }, 'new'],
    ['outside_budget_period', {}, { at: '2027-01-01 00:00+08' }, 'new'],
    ['granted', {}, { at: '2026-12-31 23:59+08' }, 'new'],
    ['no_budget_line', {}, {}, undefined],
    ['no_budget_line', {}, {}, 'dormant'],
    ['no_budget_line', {}, { cost_kind: 'technology' }, 'new'],
    ['no_budget_line', { at_limit: 'warn' }, {}, undefined],
    ['granted', {}, { amount: '1000' }, 'new'],
    ['budget_exhausted', {}, { amount: '1000.01' }, 'new'],
    ['budget_exhausted', {}, { amount: '500.01' }, 'active'],
    ['budget_exhausted', {}, { amount: '300.01', cost_kind: 'referral' }, 'new'],
    ['budget_exhausted', { stop_at: '0.9', warn_at: '0.5' }, { amount: '900.01' }, 'new'],
    ['granted', { stop_at: '0.9', warn_at: '0.5' }, { amount: '900' }, 'new'],
    ['granted', { at_limit: 'warn' }, { amount: '1000.01' }, 'new'],
    ['granted', { starts_on: null, ends_on: null }, { at: '2001-01-01 00:00+08' }, 'new'],
  ])('is answered %s for %j %j (%s)', async (answer, budget, asked, segment) => {
    const budget_id = await b.budget(budget);
    const customer_id = await p.customer();
    if (segment) await b.member(customer_id, segment, '2000-01-01');
    expect(await b.ask([{ budget_id, customer_id, amount: '10', source_key: key(), ...asked }])).toEqual([answer]);
    await b.addUp();
  });

  test('beyond the limit of a budget that only warns, it is marked', async () => {
    const budget_id = await b.budget({ at_limit: 'warn' });
    const customer_id = await customer('active');
    const [within, beyond] = [key(), key()];
    const answers = await b.ask([
      { budget_id, customer_id, amount: '500', source_key: within },
      { budget_id, customer_id, amount: '0.01', source_key: beyond },
    ]);
    expect(answers).toEqual(['granted', 'granted']);
    const marks = await t.db
      .selectFrom('app.budget_postings')
      .select(['source_key', 'over_limit'])
      .where('budget_id', '=', budget_id)
      .orderBy('id')
      .execute();
    expect(marks.at(-1)).toEqual({ source_key: beyond, over_limit: true });
  });

  test('that costs nothing, or names no budget, asks nobody', async () => {
    const budget_id = await b.budget();
    const customer_id = await customer();
    const asked = [
      { budget_id, customer_id, amount: '0', source_key: key() },
      { budget_id: null, customer_id, amount: '10', source_key: key() },
    ];
    expect(await b.ask(asked)).toEqual(['granted', 'granted']);
    expect(await b.spend(asked.map((each) => each.source_key))).toHaveLength(1);
    expect(await b.lines(budget_id)).toEqual((await b.lines(budget_id)).map((each) => ({ ...each, reserved: '0.00' })));
    await expect(b.ask([{ budget_id, customer_id, amount: '-1', source_key: key() }])).rejects.toThrow();
  });
});

test('several at once are served in their order, and who fits behind one that does not is served', async () => {
  const amounts = fc.array(
    fc.record({ cents: fc.integer({ min: 1, max: 40_000 }), active: fc.boolean(), referral: fc.boolean() }),
    { minLength: 1, maxLength: 30 },
  );
  const people = { active: await customer('active'), new: await customer('new') };
  await fc.assert(
    fc.asyncProperty(amounts, async (grants) => {
      const budget_id = await b.budget();
      const left: { [line: string]: number } = { new: 100_000, active: 50_000, promotion: 120_000, referral: 30_000 };
      const expected = grants.map(({ cents, active, referral }) => {
        const [segment, kind] = [active ? 'active' : 'new', referral ? 'referral' : 'promotion'];
        if (left[segment]! < cents || left[kind]! < cents) return 'budget_exhausted';
        left[segment]! -= cents;
        left[kind]! -= cents;
        return 'granted';
      });
      const answers = await b.ask(
        grants.map(({ cents, active, referral }) => ({
          budget_id,
          customer_id: active ? people.active : people.new,
          amount: (cents / 100).toFixed(2),
          source_key: key(),
          cost_kind: referral ? 'referral' : 'promotion',
        })),
      );
      expect(answers).toEqual(expected);
    }),
    { numRuns: 40, seed: 3 },
  );
  await b.addUp();
});

test('whatever is done with grants, and however often, no money comes or goes', async () => {
  const people = [await customer('new'), await customer('active')];
  const step = fc.record({
    do: fc.constantFrom('ask', 'ask', 'commit', 'spend', 'release', 'take back'),
    on: fc.nat(6),
    cents: fc.integer({ min: 1, max: 30_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
      const budget_id = await b.budget();
      const mark = key();
      for (const each of steps) {
        const keys = [`${mark}-${each.on}`];
        if (each.do === 'ask') {
          const amount = (each.cents / 100).toFixed(2);
          await b.ask([{ budget_id, customer_id: people[each.on % 2]!, amount, source_key: keys[0]! }]);
        } else if (each.do === 'commit') await b.commit(keys);
        else if (each.do === 'spend') {
          const { held } = (
            await sql<{ held: string | null }>`
              select (trunc((reserved + committed) * ${each.share}::numeric, 2))::text as held
              from app.budget_holds where source_kind = 'benefit' and source_key = ${keys[0]}
            `.execute(t.db)
          ).rows[0] ?? { held: null };
          await b.spend(keys, held ?? '0');
        } else await b.release(keys, each.do === 'take back');
      }
      await b.addUp();
    }),
    { numRuns: 30, seed: 5 },
  );
});

test('thirty-two clients at once take no cent more than there is', async () => {
  const budget_id = await b.budget({}, { new: 400, active: 60, other: 0 });
  const people = await Promise.all(Array.from({ length: 8 }, (_, at) => customer(at % 2 ? 'new' : 'active')));
  const asks = Array.from({ length: 640 }, (_, at) => ({
    customer_id: people[at % 8]!,
    cost_kind: at % 3 ? 'promotion' : 'referral',
    amount: ((at % 17) + 0.37).toFixed(2),
    // One in eight asks what another has asked.
    source_key: `many-${at % 8 === 7 ? at - 1 : at}`,
  }));
  const clients = await Promise.all(
    Array.from({ length: 32 }, async () => {
      const client = new pg.Client({ connectionString: t.config.database_url! });
      await client.connect();
      return client;
    }),
  );
  try {
    let next = 0;
    await Promise.all(
      clients.map(async (client) => {
        for (let at = next++; at < asks.length; at = next++) {
          const { cost_kind, customer_id, amount, source_key } = asks[at]!;
          const { rows } = await client.query(
            `select * from ops.reserve_budget($1, $2, $3, $4, 'benefit', $5, '2026-03-01 12:00+08')`,
            [budget_id, customer_id, cost_kind, amount, source_key],
          );
          if (!rows[0].granted || at % 4 === 0) continue;
          if (at % 4 === 1) await client.query(`select ops.release_budget('benefit', $1, now())`, [source_key]);
          else await client.query(`select ops.spend_budget('benefit', $1, $2, now())`, [source_key, 0.2]);
        }
      }),
    );
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
  await b.addUp();
  const lines = await b.lines(budget_id);
  for (const { amount, reserved, committed, spent } of lines) {
    expect(Number(reserved) + Number(committed) + Number(spent)).toBeLessThanOrEqual(Number(amount));
  }
  const refused = await t.db
    .selectFrom('app.budget_holds')
    .select('reason')
    .where('budget_id', '=', budget_id)
    .where('reason', 'is not', null)
    .execute();
  expect(refused.length).toBeGreaterThan(50);
});

test('what is posted stays: the app may add to it and nothing else', async () => {
  await expect(t.db.deleteFrom('app.budget_postings').execute()).rejects.toMatchObject({ code: '42501' });
  await expect(t.db.updateTable('app.budget_postings').set({ note: 'x' }).execute()).rejects.toMatchObject({
    code: '42501',
  });
});
