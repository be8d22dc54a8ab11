/** Benefits as shops use them: counted once, held, given back, paid from budgets, and never one too many. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Json, Row } from '../../api/contract.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let app: TestApp;
let ask: Ask;
beforeAll(async () => {
  t = await testDatabase();
  app = await testApp(t);
  ask = app.as('operator');
});
afterAll(() => t?.close());

let number = 0;

async function customer(values: { [field: string]: Json } = {}): Promise<{ id: number; external_id: string }> {
  const external_id = `C-${++number}`;
  const made = await ask('POST', '/api/customers', { external_id, enrolled_at: '2024-01-01T00:00:00Z', ...values });
  expect(made.status, await made.clone().text()).toBe(201);
  return { id: ((await made.json()) as { id: number }).id, external_id };
}

/** A benefit made on the screen. @returns its code */
async function benefit(values: { [field: string]: Json } = {}): Promise<{ id: number; code: string }> {
  const code = `benefit_${++number}`;
  const made = await ask('POST', '/api/benefits', {
    ...{ code, name: code, name_en: code, layer: 'basic', kind: 'other', status: 'active' },
    ...{ quota: 3, quota_period: 'month', fulfilment: 'automatic', ...values },
  });
  expect(made.status, await made.clone().text()).toBe(201);
  return { id: ((await made.json()) as { id: number }).id, code };
}

async function use(
  whose: { external_id: string },
  what: { code: string },
  { kind = 'use', ...body }: { kind?: 'use' | 'reserve'; [field: string]: unknown } = {},
) {
  const answer = await ask('POST', `/api/v1/benefits/${kind}`, {
    external_id: `U-${++number}`,
    customer_external_id: whose.external_id,
    benefit: what.code,
    ...body,
  });
  return { status: answer.status, body: (await answer.json()) as Row };
}

async function decide(id: unknown, decision: 'confirm' | 'cancel', body?: unknown) {
  const answer = await ask('POST', `/api/v1/benefits/uses/${id}/${decision}`, body);
  return { status: answer.status, body: (await answer.json()) as Row };
}

const reason = ({ body }: { body: Row }) => (body as unknown as ApiError).errors?.benefit?.key;

async function left(whose: { external_id: string }): Promise<Row[]> {
  const answer = await ask('GET', `/api/v1/benefits?customer_external_id=${whose.external_id}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Row[];
}

async function budget(total: string): Promise<number> {
  const code = `budget_${++number}`;
  const made = await t.db
    .insertInto('app.budgets')
    .values({
      ...{ code, name: code, name_en: code, kind: 'period', status: 'active', total },
      ...{ starts_on: '2020-01-01', ends_on: '2099-12-31' },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { rows } = await sql<{ id: number }>`select id from base.segments where segment_code = 'other'`.execute(t.db);
  if (rows.length === 0) {
    await t.db.insertInto('app.segment_rule_sets').values({ code: 'lifecycle', name: 'l', name_en: 'l' }).execute();
  }
  await sql`
    insert into app.budget_lines (budget_id, dimension, position, segment_id, cost_kind, share, amount)
    select ${made.id}::bigint, 'segment', 1, (select id from base.segments where segment_code = 'other' limit 1), null, 1, ${total}::numeric
    union all
    select ${made.id}::bigint, 'cost_kind', 1, null, 'promotion', 1, ${total}::numeric
  `.execute(t.db);
  return made.id;
}

async function line(budget_id: number): Promise<Row> {
  const row = await t.db
    .selectFrom('app.budget_lines')
    .select(['reserved', 'committed', 'spent', 'released'])
    .where('budget_id', '=', budget_id)
    .where('dimension', '=', 'cost_kind')
    .executeTakeFirstOrThrow();
  return row as unknown as Row;
}

describe('a use', () => {
  test('counts, until there is none left; what is left is told', async () => {
    const [who, what] = [await customer(), await benefit({ quota: 2 })];
    expect((await left(who)).find((row) => row.benefit === what.code)).toMatchObject({ quota: 2, left_uses: 2 });
    expect(await use(who, what)).toMatchObject({
      status: 201,
      body: { answer: 'accepted', status: 'done', left_uses: 1 },
    });
    expect(await use(who, what)).toMatchObject({ status: 201, body: { left_uses: 0 } });
    const refused = await use(who, what);
    expect(refused.status).toBe(422);
    expect(reason(refused)).toBe('quota_used_up');
    expect(
      await t.db
        .selectFrom('app.benefit_refusals')
        .select(['reason', 'benefit_id'])
        .where('customer_id', '=', who.id)
        .execute(),
    ).toEqual([{ reason: 'quota_used_up', benefit_id: what.id }]);
  });

  test('asked for again is answered as the first time, and counts once', async () => {
    const [who, what] = [await customer(), await benefit()];
    const external_id = `once-${number}`;
    const first = await use(who, what, { external_id });
    expect(await use(who, what, { external_id })).toMatchObject({
      status: 200,
      body: { answer: 'replayed', id: first.body.id, left_uses: 2 },
    });
    const other = await benefit();
    expect((await use(who, other, { external_id })).body).toMatchObject({ answer: 'replayed', differs: true });
    expect((await use(await customer(), what, { external_id })).body).toMatchObject({
      differs: true,
      id: first.body.id,
    });
  });

  test('that is cancelled is given back', async () => {
    const [who, what] = [await customer(), await benefit({ quota: 1 })];
    const used = await use(who, what);
    expect(await decide(used.body.id, 'cancel', { reason: 'sent back' })).toMatchObject({
      status: 200,
      body: { status: 'cancelled', left_uses: 1 },
    });
    expect(await decide(used.body.id, 'cancel')).toMatchObject({
      status: 200,
      body: { answer: 'replayed', left_uses: 1 },
    });
    expect((await decide(used.body.id, 'confirm')).status).toBe(409);
    expect((await use(who, what)).status).toBe(201);
  });

  test('of what is done by code comes with a code, of what is done by hand waits', async () => {
    const who = await customer();
    const coupon = await t.db
      .insertInto('app.coupon_templates')
      .values({
        ...{ code: 'c1', name: 'c', name_en: 'c', kind: 'fixed', status: 'active', amount: '5', unit_cost: '5' },
        ...{ code_mode: 'generated', code_pattern: 'EG-####-####', distribution: 'code' },
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const coded = await benefit({ kind: 'coupon', fulfilment: 'code', coupon_template_id: coupon.id });
    const codes = [await use(who, coded), await use(who, coded)].map(({ body }) => body.code);
    for (const code of codes) expect(code).toMatch(/^EG-[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    expect(codes[0]).not.toBe(codes[1]);
    const manual = await benefit({ fulfilment: 'manual', owner_role: 'customer_service', handle_hours: 24 });
    const waiting = await use(who, manual);
    expect(waiting.body).toMatchObject({ status: 'waiting', code: null });
    const hours = Date.parse(waiting.body.due_at as string) - Date.parse(waiting.body.used_at as string);
    expect(hours).toBe(24 * 3_600_000);
  });
});

describe('a reservation', () => {
  test('holds a use, which is then used or given back', async () => {
    const [who, what] = [await customer(), await benefit({ quota: 1 })];
    const held = await use(who, what, { kind: 'reserve' });
    expect(held).toMatchObject({ status: 201, body: { status: 'reserved', left_uses: 0 } });
    expect(reason(await use(who, what))).toBe('quota_used_up');
    expect(await decide(held.body.id, 'confirm')).toMatchObject({
      status: 200,
      body: { status: 'done', left_uses: 0 },
    });
    expect(await decide(held.body.id, 'confirm')).toMatchObject({ body: { answer: 'replayed' } });
    await decide(held.body.id, 'cancel');
    const again = await use(who, what, { kind: 'reserve' });
    expect(await decide(again.body.id, 'cancel')).toMatchObject({ body: { status: 'cancelled', left_uses: 1 } });
  });

  test('that nobody confirms in time is given back', async () => {
    const [who, what] = [await customer(), await benefit({ quota: 1 })];
    const held = await use(who, what, { kind: 'reserve' });
    await t.owner
      .updateTable('app.benefit_uses')
      .set({ reserved_until_at: new Date(Date.now() - 1).toISOString() })
      .where('id', '=', held.body.id as number)
      .execute();
    expect((await decide(held.body.id, 'confirm')).status).toBe(409);
    const run = await app.as('administrator')('POST', '/api/job_runs/_actions/run_now', {
      job: 'release_benefit_uses',
    });
    expect(run.status, await run.clone().text()).toBe(200);
    expect((await use(who, what)).status).toBe(201);
  });
});

describe('who may not is told why', () => {
  test.each([
    ['not_active', { status: 'retired' }],
    ['not_started', { starts_on: '2099-01-01' }],
    ['ended', { ends_on: '2020-01-01' }],
    ['not_eligible', { by_package_only: true }],
    ['condition_not_met', { customer_condition: { enrolled_days: { lt: 3 } } }],
    ['occasion_not_now', { occasion: 'enrolment', occasion_days: 30 }],
    ['occasion_not_now', { occasion: 'birthday' }],
  ])('%s', async (key, values) => {
    const [who, what] = [await customer(), await benefit(values as { [field: string]: Json })];
    const refused = await use(who, what);
    expect(refused.status).toBe(422);
    expect(reason(refused)).toBe(key);
    const zh = await ask(
      'POST',
      '/api/v1/benefits/use',
      { external_id: `Z-${++number}`, customer_external_id: who.external_id, benefit: what.code },
      { 'accept-language': 'zh' },
    );
    expect(((await zh.json()) as ApiError).errors?.benefit?.message).toMatch(/[\u4e00-\u9fff]/);
  });

  test('and may, once it is as it must be', async () => {
    const who = await customer({ birth_on: `1990-${new Date(Date.now() + 8 * 3_600_000).toISOString().slice(5, 10)}` });
    const met: { [field: string]: Json }[] = [
      { customer_condition: { enrolled_days: { gt: 3 } } },
      { occasion: 'birthday_month' },
      { starts_on: '2020-01-01', ends_on: '2099-01-01' },
      { quota: null, quota_period: null },
    ];
    for (const values of met) expect((await use(who, await benefit(values))).status, JSON.stringify(values)).toBe(201);
  });

  test.each([
    [{ benefit: 'none_such' }, 'benefit'],
    [{ customer_external_id: 'nobody' }, 'customer_external_id'],
    [{ external_id: null }, 'external_id'],
    [{ external_id: 'x'.repeat(201) }, 'external_id'],
    [{ source: 'not good' }, 'source'],
    [{ used_at: '2999-01-01T00:00:00Z' }, 'used_at'],
    [{ used_at: 'yesterday' }, 'used_at'],
    [{ surprise: 1 }, 'surprise'],
  ])('%j is refused at %s, and nothing is kept', async (body, field) => {
    const refused = await use(await customer(), await benefit(), body);
    expect(refused.status).toBe(422);
    expect(Object.keys((refused.body as unknown as ApiError).errors ?? {})).toEqual([field]);
  });

  test('whoever may not write facts may not use benefits', async () => {
    for (const person of ['viewer', 'analyst', 'customer_service'] as const)
      expect((await app.as(person)('POST', '/api/v1/benefits/use', {})).status).toBe(403);
    expect((await app.anyone('POST', '/api/v1/benefits/use', {})).status).toBe(401);
  });
});

describe('a package', () => {
  test('is used before what ends later, and what it promised is kept when the benefit is retired', async () => {
    const who = await customer();
    const what = await benefit({ quota: 1, quota_period: 'year' });
    const made = await ask('POST', '/api/benefit_packages', {
      ...{
        code: `card_${++number}`,
        name: 'card',
        name_en: 'card',
        status: 'active',
        grant_kind: 'manual',
        period: 'month',
      },
      items: [{ benefit_id: what.id, quota: 2 }],
    });
    expect(made.status, await made.clone().text()).toBe(201);
    const card = ((await made.json()) as { id: number }).id;
    const granted = await ask('POST', `/api/customers/${who.id}/_actions/grant_package`, {
      package_id: card,
      reason: 'sorry',
    });
    expect(granted.status, await granted.clone().text()).toBe(200);
    const again = await ask('POST', `/api/customers/${who.id}/_actions/grant_package`, {
      package_id: card,
      reason: 'x',
    });
    expect(again.status).toBe(409);
    expect((await use(who, what)).body).toMatchObject({ left_uses: 1 });
    await ask('PATCH', `/api/benefit_packages/${card}`, { status: 'retired' });
    expect((await ask('PATCH', `/api/benefits/${what.id}`, { status: 'retired' })).status).toBe(200);
    expect((await use(who, what)).status).toBe(201);
    // The year's own was opened while the benefit was in use: it is theirs as well.
    expect((await use(who, what)).status).toBe(201);
    expect(reason(await use(who, what))).toBe('quota_used_up');
    expect(reason(await use(await customer(), what))).toBe('not_active');
  });
});

describe('what a use costs', () => {
  test('is reserved, spent when it is done, and released when it is taken back', async () => {
    const who = await customer();
    const paid_by = await budget('100');
    const what = await benefit({
      ...{ quota: 9, unit_cost: '30', budget_id: paid_by, cost_kind: 'promotion' },
      ...{ fulfilment: 'manual', owner_role: 'operator', handle_hours: 2 },
    });
    const held = await use(who, what, { kind: 'reserve' });
    expect(held.status, JSON.stringify(held.body)).toBe(201);
    expect(await line(paid_by)).toMatchObject({ reserved: '30.00', committed: '0.00', spent: '0.00' });
    await decide(held.body.id, 'confirm');
    expect(await line(paid_by)).toMatchObject({ reserved: '0.00', committed: '30.00', spent: '0.00' });
    const done = await ask('POST', `/api/benefit_uses/${held.body.id}/_actions/done`, { note: 'called' });
    expect(done.status, await done.clone().text()).toBe(200);
    expect(await line(paid_by)).toMatchObject({ committed: '0.00', spent: '30.00' });
    const failing = await use(who, what);
    const failed = await ask('POST', `/api/benefit_uses/${failing.body.id}/_actions/fail`, { reason: 'nobody there' });
    expect(failed.status, await failed.clone().text()).toBe(200);
    expect(await line(paid_by)).toMatchObject({ committed: '0.00', spent: '30.00', released: '30.00' });
    await decide(held.body.id, 'cancel');
    expect(await line(paid_by)).toMatchObject({ spent: '0.00', released: '60.00' });
    expect((await left(who)).find((row) => row.benefit === what.code)).toMatchObject({ left_uses: 9 });
  });
});

describe('32 clients at once', () => {
  test('use what there is and not once more; the same number counts once', async () => {
    const [who, what] = [await customer(), await benefit({ quota: 5 })];
    const same = `same-${number}`;
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, n) => use(who, what, n % 8 === 0 ? { external_id: same } : {})),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.every(({ status }) => [200, 201, 422].includes(status))).toBe(true);
    expect((await left(who)).find((row) => row.benefit === what.code)).toMatchObject({ used: 5, left_uses: 0 });
    const uses = await t.db.selectFrom('app.benefit_uses').select('id').where('customer_id', '=', who.id).execute();
    expect(uses).toHaveLength(5);
  });

  test('spend a budget to the last cent and no further', async () => {
    const paid_by = await budget('70');
    const what = await benefit({ quota: 9, unit_cost: '9.99', budget_id: paid_by });
    const people = await Promise.all(Array.from({ length: 8 }, () => customer()));
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, n) => use(people[n % people.length]!, what, { kind: n % 3 ? 'use' : 'reserve' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    expect([...new Set(answers.filter(({ status }) => status !== 201).map(reason))]).toEqual(['budget_exhausted']);
    const { reserved, spent } = await line(paid_by);
    expect(Number(reserved) + Number(spent)).toBeCloseTo(69.93, 5);
  });
});

test('whatever is reserved, used, confirmed and cancelled by whoever at once: nothing below none, nothing above what there is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.record({ kind: fc.constantFrom('use', 'reserve', 'confirm', 'cancel'), of: fc.nat(9) }), {
        minLength: 4,
        maxLength: 24,
      }),
      async (quota, steps) => {
        const [who, what] = [await customer(), await benefit({ quota })];
        const made: unknown[] = [];
        await Promise.all(
          steps.map(async ({ kind, of }) => {
            if (kind === 'use' || kind === 'reserve') {
              const { body, status } = await use(who, what, { kind });
              expect([201, 422]).toContain(status);
              if (status === 201) made.push(body.id);
            } else if (made.length > 0) {
              const { status } = await decide(made[of % made.length], kind as 'confirm' | 'cancel');
              expect([200, 409]).toContain(status);
            }
          }),
        );
        for (const id of made.slice(0, 2)) await decide(id, 'cancel');
        const { rows } = await sql<Row>`
          select
            quota,
            used,
            reserved,
            (select count(*)::integer from app.benefit_uses where customer_id = ${who.id} and status in ('waiting', 'done')) as done,
            (select count(*)::integer from app.benefit_uses where customer_id = ${who.id} and status = 'reserved') as held
          from app.benefit_quotas
          where customer_id = ${who.id}
        `.execute(t.db);
        for (const row of rows) {
          expect([row.used, row.reserved]).toEqual([row.done, row.held]);
          expect((row.used as number) + (row.reserved as number)).toBeLessThanOrEqual(quota);
        }
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 12), seed: 11 },
  );
}, 60_000);
