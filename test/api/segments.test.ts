import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiError, Impact, Pair, Row } from '../../api/contract.ts';
import { runJob } from '../../api/jobs.ts';
import type { SegmentRule } from '../../api/segment-rules.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { jobDeps, publishRules, segmentSizes } from '../sql/segments.ts';

let t: TestDatabase;
let a: TestApp;
let set: { rule_set_id: number; version_id: number };
const TODAY = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' });

const rule = (code: string, condition: SegmentRule['condition']): SegmentRule => ({
  code,
  name: code,
  name_en: code,
  condition,
});
const BIG = rule('big', { net_amount: { gte: '300' } });
const MANY = rule('many', { order_count: { gte: 2 } });
const NOBODY = rule('nobody', { order_count: { gt: 1000 } });

/** Four who bought (two of them twice, two for 300 or more) and one who did not. */
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  const bought: [string, number[]][] = [
    ['a', [100]],
    ['b', [100, 100]],
    ['c', [300, 100]],
    ['d', [500]],
    ['e', []],
  ];
  for (const [external_id, amounts] of bought) {
    const customer = await t.db
      .insertInto('app.customers')
      .values({ external_id, enrolled_on: '2025-01-01' })
      .returning('id')
      .executeTakeFirstOrThrow();
    for (const [at, amount] of amounts.entries()) {
      await t.db
        .insertInto('app.orders')
        .values({
          customer_id: customer.id,
          source: 'test',
          external_id: `${external_id}${at}`,
          placed_at: `2025-02-0${at + 1}T04:00:00Z`,
          placed_on: `2025-02-0${at + 1}`,
          amount,
        })
        .execute();
    }
  }
  for (const day of ['2025-02-01', '2025-02-02']) {
    await t.db.insertInto('app.dirty_days').values({ fact_table: 'orders', day }).execute();
  }
  await runJob(jobDeps(t), 'refresh_rollups', TODAY);
});
afterAll(() => t?.close());
let serial = 0;
beforeEach(async () => {
  serial += 1;
  set = await publishRules(t, `set${serial}`, [MANY], '2025-03-01');
});

async function draft(rules: SegmentRule[], effective_from: string | null = null): Promise<number> {
  const answer = await a.as('operator')('POST', `/api/segment_rule_sets/${set.rule_set_id}/_actions/new_version`, {});
  const { id } = (await answer.json()) as { id: number };
  const saved = await a.as('operator')('PATCH', `/api/segment_rule_set_versions/${id}`, {
    rules,
    effective_from,
  } as unknown as Row);
  expect(saved.status, await saved.clone().text()).toBe(200);
  return id;
}

async function publish(id: number, input: Row = {}): Promise<Response> {
  return a.as('operator')('POST', `/api/segment_rule_set_versions/${id}/_actions/publish`, input);
}

async function versions() {
  return t.db
    .selectFrom('app.segment_rule_set_versions')
    .select(['number', 'state', 'effective_from', 'effective_to'])
    .where('rule_set_id', '=', set.rule_set_id)
    .orderBy('number')
    .execute();
}

describe('publishing a version', () => {
  it('ends the version in force on the day the new one begins', async () => {
    const answer = await publish(await draft([BIG]), { effective_from: '2999-01-01' });

    expect(answer.status, await answer.clone().text()).toBe(200);
    expect(await answer.json()).toMatchObject({ message: 'Version 2 is in force from 2999-01-01' });
    expect(await versions()).toEqual([
      { number: 1, state: 'published', effective_from: '2025-03-01', effective_to: '2999-01-01' },
      { number: 2, state: 'published', effective_from: '2999-01-01', effective_to: null },
    ]);
  });

  it('leaves a version that begins later its time, and replaces one that begins the same day', async () => {
    await publish(await draft([BIG]), { effective_from: '2999-01-01' });
    await publish(await draft([BIG]), { effective_from: '2998-01-01' });
    await publish(await draft([NOBODY]), { effective_from: '2998-01-01' });

    expect(await versions()).toEqual([
      { number: 1, state: 'published', effective_from: '2025-03-01', effective_to: '2998-01-01' },
      { number: 2, state: 'published', effective_from: '2999-01-01', effective_to: null },
      { number: 3, state: 'retired', effective_from: '2998-01-01', effective_to: '2999-01-01' },
      { number: 4, state: 'published', effective_from: '2998-01-01', effective_to: '2999-01-01' },
    ]);
  });

  it('refuses the past unless history is to change, and then has the days computed again', async () => {
    await runJob(jobDeps(t), 'segment_snapshot', '2025-03-05');
    const id = await draft([BIG]);

    const refused = await publish(id, { effective_from: '2025-03-03' });
    const body = (await refused.json()) as ApiError;
    const accepted = await publish(id, { effective_from: '2025-03-03', allow_past: true });
    const stale = await t.db
      .selectFrom('app.segment_snapshots')
      .select(['as_of_on', 'stale'])
      .where('rule_set_id', '=', set.rule_set_id)
      .execute();
    await runJob(jobDeps(t), 'segment_snapshot', '2025-03-05');

    expect(refused.status).toBe(422);
    expect(body.errors?.effective_from?.message).toContain('2025-03-03 is in the past');
    expect(accepted.status).toBe(200);
    expect(stale).toEqual([{ as_of_on: '2025-03-05', stale: true }]);
    expect(await segmentSizes(t, `set${serial}`, '2025-03-05')).toEqual({ big: 2, other: 3 });
  });

  it('refuses rules that are none, a second time, and whoever may only look', async () => {
    const id = await draft([]);
    expect((await publish(id)).status).toBe(422);
    const other = await draft([BIG]);
    expect((await a.as('viewer')('POST', `/api/segment_rule_set_versions/${other}/_actions/publish`, {})).status).toBe(
      403,
    );
    expect((await publish(other)).status).toBe(200);
    expect((await publish(other)).status).toBe(409);
  });
});

describe('a published version', () => {
  it('can be neither changed nor deleted; a draft can', async () => {
    const changed = await a.as('operator')('PATCH', `/api/segment_rule_set_versions/${set.version_id}`, { note: 'x' });
    const deleted = await a.as('operator')('DELETE', `/api/segment_rule_set_versions/${set.version_id}`);
    const id = await draft([BIG]);
    const gone = await a.as('operator')('DELETE', `/api/segment_rule_set_versions/${id}`);

    expect(changed.status).toBe(409);
    expect(((await changed.json()) as ApiError).message).toContain('Make a new version of it');
    expect(deleted.status).toBe(409);
    expect(gone.ok).toBe(true);
    expect(await versions()).toHaveLength(1);
  });
});

describe('rules', () => {
  it.each([
    ['two of one code', [BIG, { ...MANY, code: 'big' }], 'rules'],
    ['the code "other"', [{ ...BIG, code: 'other' }], 'rules'],
    ['a field that is none', [{ ...BIG, condition: { no_such: { eq: 1 } } }], 'rules.0.condition'],
  ])('with %s are refused at their place', async (_what, rules, field) => {
    const id = await draft([BIG]);
    const answer = await a.as('operator')('PATCH', `/api/segment_rule_set_versions/${id}`, { rules } as unknown as Row);
    const body = (await answer.json()) as ApiError;
    expect(answer.status, JSON.stringify(body)).toBe(422);
    expect(Object.keys(body.errors ?? {})).toContain(field);
  });
});

describe('the preview of a version', () => {
  async function preview(values: Row): Promise<Impact> {
    const id = await draft([MANY]);
    const answer = await a.as('operator')('POST', '/api/segment_rule_set_versions/_impact', { id, values });
    const body = (await answer.json()) as Impact;
    expect(answer.status, JSON.stringify(body)).toBe(200);
    return body;
  }

  it('tells coverage, overlaps, hidden and empty rules, and who moves, before anything is saved', async () => {
    const hidden = rule('hidden', { net_amount: { gte: '400' }, order_count: { gte: 1 } });
    const { lines, tables } = await preview({
      rules: [BIG, MANY, hidden, NOBODY] as unknown as Row[],
      effective_from: '2025-04-01',
    });

    expect(tables[0]?.rows).toEqual([
      { segment: ['big', 'big'], customers: 2, share: '0.400000', fitting: 2 },
      { segment: ['many', 'many'], customers: 1, share: '0.200000', fitting: 2 },
      { segment: ['hidden', 'hidden'], customers: 0, share: '0.000000', fitting: 2 },
      { segment: ['nobody', 'nobody'], customers: 0, share: '0.000000', fitting: 0 },
      { segment: ['其他', 'Other'], customers: 2, share: '0.400000', fitting: 2 },
    ]);
    expect(tables[1]?.rows).toEqual([
      { first: ['big', 'big'], second: ['hidden', 'hidden'], customers: 2 },
      { first: ['big', 'big'], second: ['many', 'many'], customers: 1 },
      { first: ['many', 'many'], second: ['hidden', 'hidden'], customers: 1 },
    ]);
    expect(tables[2]?.rows).toEqual([
      { from: ['many', 'many'], to: ['big', 'big'], customers: 1 },
      { from: ['其他', 'Other'], to: ['big', 'big'], customers: 1 },
    ]);
    const said = lines.map((each) => [each.tone, each.text[1]]);
    expect(said).toEqual([
      ['info', 'As of 2025-04-01, the rules take 3 of 5 customers'],
      ['info', '2 (40.0%) fit no rule and are in "Other"'],
      ['bad', '"hidden" is hidden by the rules above it: all 2 customers who fit it are taken before'],
      ['warning', 'Nobody fits "nobody"'],
      ['warning', '2 customers (40.0%) move against the version in force'],
    ]);
    expect(lines.every((each) => (each.text as Pair)[0] !== (each.text as Pair)[1])).toBe(true);
  });

  it('says that nobody moves when the rules are those in force', async () => {
    const { lines, tables } = await preview({ effective_from: '2025-04-01' });
    expect(lines.at(-1)).toMatchObject({
      tone: 'good',
      text: ['与当前版本相比，没有客户变动客群', expect.any(String)],
    });
    expect(tables[2]?.rows).toEqual([]);
  });
});

describe('computing history', () => {
  it('asks for the days, which the job then computes under the rules of each day', async () => {
    const path = `/api/segment_rule_sets/${set.rule_set_id}/_actions/compute_history`;
    const answer = await a.as('analyst')('POST', path, { from_on: '2025-02-20', to_on: '2025-03-10', step: 'week' });
    const asked = await t.db
      .selectFrom('app.segment_snapshots')
      .select(['as_of_on', 'stale', 'computed_at'])
      .where('rule_set_id', '=', set.rule_set_id)
      .orderBy('as_of_on')
      .execute();
    const again = await a.as('analyst')('POST', path, { from_on: '2025-02-20', to_on: '2025-03-10', step: 'week' });

    expect(await answer.json()).toMatchObject({ days: 2, message: '2 days will be computed, the latest first' });
    // No version was in force in February.
    expect(asked).toEqual([
      { as_of_on: '2025-03-06', stale: true, computed_at: null },
      { as_of_on: '2025-03-10', stale: true, computed_at: null },
    ]);
    expect(again.status).toBe(409);
  });
});
