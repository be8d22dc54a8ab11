/** Campaigns: their rules, their life, what stands in their way, and what staff may do at each step. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApiError, Impact, Row } from '../../api/contract.ts';
import { applyDefaults } from '../../api/default-programme.ts';
import { dayNumber, dayText } from '../../api/recurrence.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { refusals } from './refusals.ts';

let t: TestDatabase;
let a: TestApp;
let today: string;
let segments: Map<unknown, number>;
const ahead = (days: number) => dayText(dayNumber(today) + days);

beforeAll(async () => {
  t = await testDatabase();
  await t.owner.transaction().execute(applyDefaults);
  a = await testApp(t);
  const { rows } = await sql<{ today_on: string }>`select programme.today_on from base.programme`.execute(t.db);
  today = rows[0]!.today_on;
  const listed = (await (await a.as('operator')('GET', '/api/segments?_sort=id')).json()) as Row[];
  segments = new Map(listed.filter(({ in_force }) => in_force).map((each) => [each.code, each.id as number]));
  // Three customers, in a segment each; a fourth in none.
  const made = await t.db
    .insertInto('app.customers')
    .values(
      ['new', 'active', 'dormant', 'none'].map((name) => ({ external_id: name, name, enrolled_on: '2026-01-01' })),
    )
    .returning(['id', 'name'])
    .execute();
  const { id: rule_set_id } = await t.db
    .selectFrom('app.segment_rule_sets')
    .select('id')
    .where('code', '=', 'lifecycle')
    .executeTakeFirstOrThrow();
  await t.db
    .insertInto('app.segment_memberships')
    .values(
      made
        .filter(({ name }) => name !== 'none')
        .map(({ id, name }) => ({
          customer_id: id,
          rule_set_id,
          entered_on: '2026-01-02',
          segment_code: String(name),
        })),
    )
    .execute();
});
afterAll(() => t?.close());
// The standing campaigns would be in everybody's way.
beforeEach(() => t.db.updateTable('app.campaigns').set({ status: 'draft' }).execute());

let number = 0;
const campaign = (more: Row = {}): Row => ({
  code: `test_${++number}`,
  name: `活动${number}`,
  name_en: `Campaign ${number}`,
  form: 'discount',
  starts_on: ahead(30),
  ends_on: ahead(36),
  channels: ['sms'],
  ...more,
});
async function ask<T = Row>(person: Person, method: string, path: string, body?: unknown) {
  const answer = await a.as(person)(method, path, body);
  return { status: answer.status, body: (await answer.json()) as T & Partial<ApiError> };
}
async function made(more: Row = {}): Promise<Row> {
  const { status, body } = await ask('operator', 'POST', '/api/campaigns', campaign(more));
  expect(status, JSON.stringify(body)).toBe(201);
  return body as Row;
}
const act = (person: Person, id: unknown, name: string, input: Row = {}) =>
  ask(person, 'POST', `/api/campaigns/${id}/_actions/${name}`, input);
async function approved(more: Row = {}): Promise<Row> {
  const row = await made(more);
  expect((await act('operator', row.id, 'submit')).status).toBe(200);
  const answer = await act('reviewer', row.id, 'approve');
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return row;
}
async function impactOf(values: Row, id?: unknown): Promise<Impact> {
  const { status, body } = await ask<Impact>('operator', 'POST', '/api/campaigns/_impact', { id, values });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}
const said = ({ lines }: Impact, tone?: string) =>
  lines.filter((line) => !tone || line.tone === tone).map(({ text }) => text[1]);

test('the default programme has its standing campaigns, recurring as they should', async () => {
  const { body } = await ask<Row[]>('viewer', 'GET', '/api/campaigns?_sort=code');
  const days = new Map((body as Row[]).map((row) => [row.code, [row.starts_on, row.ends_on, row.repeat]]));
  expect(days.get('newcomer_day')).toEqual(['2026-01-10', null, 'month']);
  expect(days.get('theme_month')).toEqual(['2026-01-01', '2026-01-31', 'quarter']);
  const gift = (body as Row[]).find(({ code }) => code === 'dormant_gift');
  expect(gift).toMatchObject({ segments: [segments.get('dormant')], channels: ['sms', 'push', 'community'] });
  expect(gift?.coupons).toHaveLength(1);
});

describe('a campaign is refused that', () => {
  test.each<[string, () => Row, string, string]>([
    ['ends before it starts', () => ({ ends_on: ahead(29) }), 'ends_on', 'cannot end before'],
    [
      'stops repeating before it starts',
      () => ({ repeat: 'month', repeat_until: ahead(1) }),
      'repeat_until',
      'cannot stop',
    ],
    ['lasts longer than its interval', () => ({ repeat: 'week', ends_on: ahead(40) }), 'ends_on', 'lasts longer'],
    [
      'lasts three days on neighbouring weekdays',
      () => ({ repeat: 'week', repeat_weekdays: ['1', '2'], ends_on: ahead(32) }),
      'ends_on',
      'lasts longer',
    ],
    ['leaves most customers out', () => ({ holdout_rate: '0.6' }), 'holdout_rate', 'half'],
    ['has a goal without a target', () => ({ goal_metric: 'nps', goal_measure: 'number' }), 'goal_value', 'reached'],
    ['names a segment that is not there', () => ({ segments: [1] }), 'segments', ''],
    ['names a channel that is not there', () => ({ channels: ['pigeon'] }), 'channels', 'pigeon'],
    ['repeats every blue moon', () => ({ repeat: 'moon' }), 'repeat', 'moon'],
    [
      'asks something unknown of customers',
      () => ({ audience_filter: { shoe_size: { gt: 40 } } }),
      'audience_filter',
      '',
    ],
    ['has a status by itself', () => ({ status: 'approved' }), 'status', 'system'],
    [
      'has a stage that ends before it starts',
      () => ({ stages: [{ stage: 'run', starts_on: ahead(3), ends_on: ahead(1) }] }),
      'stages',
      '',
    ],
  ])('%s', async (_, change, field, part) => {
    const found = await refusals(a, 'campaigns', campaign(change()));
    const [name] = Object.keys(found);
    expect(name?.split('.')[0], JSON.stringify(found)).toBe(field);
    expect(found[name!]?.[1]).toContain(part);
  });

  test('belongs to itself, or to what belongs to it', async () => {
    const theme = await made();
    const child = await made({ parent_id: theme.id! });
    const { status, body } = await ask('operator', 'PATCH', `/api/campaigns/${theme.id}`, { parent_id: child.id });
    expect(status).toBe(422);
    expect(Object.keys(body.errors ?? {})).toEqual(['parent_id']);
  });
});

describe('its life', () => {
  test('goes from draft over review to its retrospective, and no other way', async () => {
    const { id } = await made();
    for (const step of ['approve', 'start', 'end', 'review']) {
      const person = step === 'approve' ? 'reviewer' : 'operator';
      const input: Row = step === 'review' ? { summary: 'x' } : {};
      expect((await act(person, id, step, input)).status, step).toBe(409);
    }
    expect((await act('operator', id, 'submit')).status).toBe(200);
    expect((await act('reviewer', id, 'approve')).status).toBe(200);
    expect((await act('operator', id, 'submit')).status).toBe(409);
    expect((await act('operator', id, 'start')).status).toBe(200);
    expect((await act('operator', id, 'end')).status).toBe(200);
    expect((await act('operator', id, 'review', {})).status).toBe(422);
    expect((await act('operator', id, 'review', { summary: '早一周预热' })).status).toBe(200);
    const { body } = await ask('viewer', 'GET', `/api/campaigns/${id}`);
    expect(body).toMatchObject({ status: 'reviewed', review_summary: '早一周预热' });
    expect(body.approved_by).toBe(a.id('reviewer'));
  });

  test('steps are for the roles they belong to, and nobody approves their own', async () => {
    const { id } = await made();
    for (const person of ['viewer', 'analyst', 'customer_service', 'reviewer'] as const)
      expect((await act(person, id, 'submit')).status, person).toBe(403);
    expect((await act('administrator', id, 'submit')).status).toBe(200);
    expect((await act('operator', id, 'approve')).status).toBe(403);
    const own = await act('administrator', id, 'approve');
    expect(own.status).toBe(403);
    expect(own.body.message).toContain('cannot approve');
    expect((await act('manager', id, 'approve')).status).toBe(200);
  });

  test('what was approved stays as it was approved, until it is returned', async () => {
    const { id } = await approved();
    const path = `/api/campaigns/${id}`;
    const moved = await ask('operator', 'PATCH', path, { starts_on: ahead(31) });
    expect(moved.status).toBe(409);
    expect((await ask('operator', 'DELETE', path)).status).toBe(409);
    expect((await ask('operator', 'PATCH', path, { content: '补充说明', owner_team: 'design' })).status).toBe(200);
    expect((await act('operator', id, 'return_to_draft', { reason: '改期' })).status).toBe(200);
    expect((await ask('operator', 'PATCH', path, { starts_on: ahead(31) })).status).toBe(200);
    const { body } = await ask('viewer', 'GET', path);
    expect(body).toMatchObject({ status: 'draft', approved_by: null, starts_on: ahead(31) });
  });

  test('past days, or messages without a channel, are not submitted', async () => {
    const past = await made({ starts_on: ahead(-30), ends_on: ahead(-20) });
    expect(Object.keys((await act('operator', past.id, 'submit')).body.errors ?? {})).toEqual(['starts_on']);
    const mute = await made({ channels: [] });
    expect(Object.keys((await act('operator', mute.id, 'submit')).body.errors ?? {})).toEqual(['channels']);
    const recurring = await made({ starts_on: ahead(-300), ends_on: ahead(-300), repeat: 'month' });
    expect((await act('operator', recurring.id, 'submit')).status).toBe(200);
  });

  test('begins and ends by itself on its days, however often the job runs', async () => {
    const once = await approved({ starts_on: ahead(10), ends_on: ahead(12) });
    const forever = await approved({ starts_on: ahead(10), ends_on: ahead(12), repeat: 'month' });
    const run = async (day: number) => {
      const { rows } = await sql<{ moved: number }>`select ops.advance_campaigns(${ahead(day)}::date) as moved`.execute(
        t.db,
      );
      const found = await t.db.selectFrom('app.campaigns').select(['id', 'status']).execute();
      const status = (id: unknown) => found.find((row) => row.id === id)?.status;
      return [rows[0]?.moved, status(once.id), status(forever.id)];
    };
    expect(await run(9)).toEqual([0, 'approved', 'approved']);
    expect(await run(10)).toEqual([2, 'running', 'running']);
    expect(await run(10)).toEqual([0, 'running', 'running']);
    expect(await run(12)).toEqual([0, 'running', 'running']);
    expect(await run(13)).toEqual([1, 'ended', 'running']);
  });

  test('a plan is laid out around its first day, once', async () => {
    const { id } = await made({ ends_on: null });
    expect((await act('operator', id, 'lay_out')).status).toBe(200);
    expect((await act('operator', id, 'lay_out')).status).toBe(409);
    const { body } = await ask<Row>('viewer', 'GET', `/api/campaigns/${id}`);
    const days = (body.stages as Row[]).map(({ stage, starts_on, ends_on }) => [
      stage,
      dayNumber(String(ends_on)) - dayNumber(String(starts_on)) + 1,
    ]);
    expect(days).toEqual([
      ['preparation', 7],
      ['warm_up', 7],
      ['run', 30],
      ['retrospective', 5],
    ]);
  });
});

describe('what stands in its way is said before it is approved', () => {
  const of = (...codes: string[]) => codes.map((code) => segments.get(code)!);

  test('whom it is for, by segment and condition', async () => {
    expect(said(await impactOf(campaign()))).toContainEqual(expect.stringContaining('for 4 customers'));
    const some = await impactOf(campaign({ segments: of('new', 'active'), holdout_rate: '0.5' }));
    expect(said(some)).toContainEqual(expect.stringContaining('for 2 customers, about 1 of them held out'));
    const none = campaign({ segments: of('new'), audience_filter: { order_count: { gt: 5 } } });
    expect(said(await impactOf(none), 'bad')).toContainEqual(expect.stringContaining('for 0 customers'));
  });

  test('a campaign that excludes others at the same time, for customers in common', async () => {
    const other = await approved({ exclusive: true, segments: of('active'), starts_on: ahead(34), ends_on: ahead(40) });
    const clash = await impactOf(campaign({ segments: of('active', 'dormant') }));
    expect(said(clash, 'bad')).toEqual([
      `It excludes “${other.name_en}”: both take place from ${ahead(34)} to ${ahead(36)}, for 1 customers in common`,
    ]);
    expect(clash.tables[0]?.rows).toMatchObject([{ shared: 1, times: 1, clashes: ['是', 'Yes'] }]);
    const others: Row[] = [
      { segments: of('dormant') },
      { ends_on: ahead(33) },
      { parent_id: other.id! },
      { segments: of('active'), audience_filter: { order_count: { gt: 5 } } },
    ];
    for (const apart of others) {
      const impact = await impactOf(campaign(apart));
      expect(said(impact).join(), JSON.stringify(apart)).not.toContain('excludes');
    }
  });

  test('a recurring one too, at its first common time', async () => {
    const monthly = await approved({ starts_on: ahead(5), ends_on: ahead(6), repeat: 'month', exclusive: true });
    const { rows } = await sql<{ starts_on: string }>`
      select times.starts_on from ops.occurrences(${ahead(5)}::date, ${ahead(6)}::date, 'month', null, null, null, ${ahead(30)}::date, ${ahead(70)}::date) as times
      limit 1`.execute(t.db);
    const next = rows[0]!.starts_on;
    const impact = await impactOf(campaign({ starts_on: next, ends_on: next }));
    expect(said(impact, 'bad')).toContainEqual(
      expect.stringContaining(`excludes “${monthly.name_en}”: both take place on ${next}`),
    );
  });

  test('more messages than a customer is to get', async () => {
    await approved({ contacts: 2, starts_on: ahead(26), ends_on: ahead(26) });
    const calm = await impactOf(campaign({ contacts: 1 }));
    expect(said(calm, 'warning')).toEqual([]);
    const loud = await impactOf(campaign({ contacts: 2 }));
    expect(said(loud, 'warning')).toEqual([
      `In the 7 days up to ${ahead(30)} one customer may get 4 messages; the cap is 3`,
    ]);
    const daily = await impactOf(campaign({ ends_on: null, repeat: 'day', segments: of('new') }));
    expect(said(daily, 'warning')[0]).toContain('may get 7 messages');
  });

  test('coupons that will not do', async () => {
    const coupon = (values: Row) =>
      ask<Row>('operator', 'POST', '/api/coupon_templates', {
        ...{ name: '券', name_en: 'Coupon', kind: 'fixed', amount: '5', valid_for: 3, valid_unit: 'days' },
        ...values,
      });
    const few = await coupon({ code: 'few_coupons', status: 'active', total_limit: 2 });
    const draft = await coupon({ code: 'draft_coupons', status: 'draft' });
    expect([few.status, draft.status]).toEqual([201, 201]);
    const impact = await impactOf(campaign({ coupons: [few.body.id!, draft.body.id!] }));
    expect(said(impact, 'warning')).toEqual([
      'There are 2 of the coupon “Coupon” for 4 customers',
      'The coupon “Coupon” is not given out at present',
    ]);
  });

  test('a budget that is not in force, not for its days, or not enough', async () => {
    const budget = await t.db
      .selectFrom('app.budgets')
      .select(['id', 'name_en', 'total'])
      .where('code', '=', 'programme_year')
      .executeTakeFirstOrThrow();
    const draws = (values: Row) => impactOf(campaign({ budget_id: budget.id, ...values }));
    expect(said(await draws({ budget_amount: '1000' }), 'warning')).toEqual([
      `The budget “${budget.name_en}” is not in force`,
    ]);
    await t.db.updateTable('app.budgets').set({ status: 'active' }).where('id', '=', budget.id).execute();
    await approved({ budget_id: budget.id, budget_amount: '999000.10', starts_on: ahead(200), ends_on: ahead(200) });
    expect(said(await draws({ budget_amount: '999.90' }), 'bad')).toEqual([]);
    expect(said(await draws({ budget_amount: '999.91' }), 'bad')).toEqual([
      `Campaigns plan to take 1,000,000.01 from “${budget.name_en}”, 0.01 more than is left`,
    ]);
    const late = await draws({ starts_on: ahead(800), ends_on: ahead(800), budget_amount: '1' });
    expect(said(late, 'warning')).toEqual([`It begins outside the period of “${budget.name_en}”`]);
  });

  test('and approval is refused for it, unless that is accepted with a reason', async () => {
    await approved({ exclusive: true });
    const { id } = await made();
    await act('operator', id, 'submit');
    const refused = await act('reviewer', id, 'approve');
    expect(refused.status).toBe(409);
    expect(refused.body.errors?.accept_conflicts?.message).toContain('excludes');
    const unsaid = await act('reviewer', id, 'approve', { accept_conflicts: true });
    expect(Object.keys(unsaid.body.errors ?? {})).toEqual(['reason']);
    const { status } = await act('reviewer', id, 'approve', { accept_conflicts: true, reason: '只面向门店' });
    expect(status).toBe(200);
  });

  test('of two that exclude each other, approved at once by many, one wins', async () => {
    const rows = await Promise.all(Array.from({ length: 8 }, () => made({ exclusive: true })));
    for (const { id } of rows) await act('operator', id, 'submit');
    const answers = await Promise.all(rows.map(({ id }) => act('reviewer', id, 'approve')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
  });
});
