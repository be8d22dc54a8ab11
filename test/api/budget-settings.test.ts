/** No setting of a budget is there for show: each, changed once, changes what the same grants and moves come to. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../api/contract.ts';
import budgets from '../../api/resources/budgets.ts';
import { seedNew } from '../../api/seed.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
const segments: { [code: string]: number } = {};
let customer: number;
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  a = await testApp(t);
  for (const row of (await ask('viewer', 'GET', '/api/segments?_start=0&_end=50')).body as unknown as Row[])
    segments[row.code as string] = row.id as number;
  customer = (await ask('operator', 'POST', '/api/customers', { external_id: 'bs-1' })).body.id as number;
}, 120_000);
afterAll(() => t?.close());

async function ask(person: Person, method: string, path: string, body?: unknown) {
  const answer = await a.as(person)(method, path, body);
  return { status: answer.status, body: (await answer.json()) as Row };
}

type Flip = [both: () => Row, changed: () => Row];
const nothing = () => ({});
const split = (dormant: string, other: string) => [
  { segment_id: segments.dormant!, share: dormant, amount: `${Number(dormant) * 1000}` },
  { segment_id: segments.other!, share: other, amount: `${Number(other) * 1000}` },
];
const kinds = (promotion: string, referral: string) => [
  { cost_kind: 'promotion', share: promotion, amount: `${Number(promotion) * 1000}` },
  { cost_kind: 'referral', share: referral, amount: `${Number(referral) * 1000}` },
];
const FLIPS: { [field: string]: Flip } = {
  // For a campaign no days are asked for.
  kind: [() => ({ starts_on: null, ends_on: null }), () => ({ kind: 'campaign' })],
  starts_on: [nothing, () => ({ starts_on: '2026-03-02' })],
  ends_on: [nothing, () => ({ ends_on: '2026-02-28' })],
  total: [
    nothing,
    () => ({
      total: '2000',
      segment_lines: split('0.4', '0.6').map((line) => ({ ...line, amount: String(Number(line.amount) * 2) })),
      cost_lines: kinds('0.7', '0.3').map((line) => ({ ...line, amount: String(Number(line.amount) * 2) })),
    }),
  ],
  segment_lines: [nothing, () => ({ segment_lines: split('0.8', '0.2') })],
  cost_lines: [nothing, () => ({ cost_lines: kinds('0.2', '0.8') })],
  warn_at: [nothing, () => ({ warn_at: '0.9' })],
  stop_at: [nothing, () => ({ stop_at: '0.85' })],
  at_limit: [nothing, () => ({ at_limit: 'warn' })],
  mover_roles: [nothing, () => ({ mover_roles: ['customer_service'] })],
  move_limit: [nothing, () => ({ move_limit: '50' })],
  approver_roles: [() => ({ move_limit: '50' }), () => ({ approver_roles: ['reviewer'] })],
};
/** What a budget is called and who is asked about it. */
const NAMES = ['code', 'name', 'name_en', 'note', 'owner_id'];

test('every field of a budget is among them', () => {
  const fields = Object.entries(budgets.fields)
    .filter(([name, field]) => !field.readonly && !NAMES.includes(name))
    .map(([name]) => name);
  expect(Object.keys(FLIPS).sort()).toEqual(fields.sort());
});

test.each(Object.entries(FLIPS))('%s', async (_, [both, changed]) => {
  const before = await story(both());
  expect(await story(both())).toEqual(before);
  expect(await story({ ...both(), ...changed() })).not.toEqual(before);
});

let made = 0;
/** 100 at a time for somebody of no segment until it is refused; then money is moved by several people, and one agrees. */
async function story(settings: Row): Promise<unknown> {
  const code = `bs_${++made}`;
  const { status, body } = await ask('operator', 'POST', '/api/budgets', {
    ...{ code, name: '预算', name_en: 'Budget', kind: 'period', starts_on: '2026-01-01', ends_on: '2026-12-31' },
    ...{ total: '1000', segment_lines: split('0.4', '0.6'), cost_lines: kinds('0.7', '0.3') },
    ...settings,
  });
  if (status !== 201) return Object.keys((body.errors ?? {}) as object);
  const id = body.id as number;
  expect((await ask('manager', 'POST', `/api/budgets/${id}/_actions/activate`, {})).status).toBe(200);
  const claims = Array.from({ length: 8 }, (_, at) => ({
    ...{ budget_id: id, customer_id: customer, cost_kind: 'promotion', amount: at === 0 ? 20 : 100 },
    ...{ source_kind: 'benefit', source_key: `${code} ${at}`, at: '2026-03-01 12:00+08' },
  }));
  const said = await sql<{ reason: string | null }>`
    select reason from ops.reserve_budgets(${JSON.stringify(claims)}::jsonb) order by source_key
  `.execute(t.db);
  const near = await ask('viewer', 'GET', `/api/budgets?code=${code}&_scope=near&_fields=code`);
  const moves = [];
  for (const [person, amount] of [
    ['operator', '60'],
    ['customer_service', '10'],
  ] as const)
    moves.push(
      (
        await ask(person, 'POST', `/api/budgets/${id}/_actions/move`, {
          ...{ dimension: 'segment', from_segment_id: segments.dormant!, to_segment_id: segments.other!, amount },
          reason: '测试',
        })
      ).status,
    );
  const waiting = await t.db
    .selectFrom('app.budget_moves')
    .select(['id', 'state'])
    .where('budget_id', '=', id)
    .execute();
  const consent = [];
  for (const { id: move, state } of waiting)
    if (state === 'waiting')
      for (const person of ['reviewer', 'manager'] as const)
        consent.push((await ask(person, 'POST', `/api/budget_moves/${move}/_actions/approve`, {})).status);
  const after = (await ask('viewer', 'GET', `/api/budgets/${id}`)).body;
  return {
    reasons: said.rows.map(({ reason }) => reason),
    near: (near.body as unknown as Row[]).length,
    moves,
    states: waiting.map(({ state }) => state),
    consent,
    used: [after.used_amount, after.peak_rate],
  };
}

test('whoever answers for a budget is told when a line of it nears the limit, and nobody else as theirs', async () => {
  const mine = async (person: 'manager' | 'operator') =>
    ((await ask(person, 'GET', '/api/budgets?_scope=mine&_fields=code')).body as unknown as Row[]).map(
      ({ code }) => code,
    );
  const { body } = await ask('operator', 'POST', '/api/budgets', {
    ...{
      code: 'owned',
      name: '预算',
      name_en: 'Budget',
      kind: 'period',
      starts_on: '2026-01-01',
      ends_on: '2026-12-31',
    },
    ...{
      total: '1000',
      segment_lines: split('0.4', '0.6'),
      cost_lines: kinds('0.7', '0.3'),
      owner_id: a.id('manager'),
    },
  });
  expect((await ask('manager', 'POST', `/api/budgets/${body.id}/_actions/activate`, {})).status).toBe(200);
  expect(await mine('manager')).toEqual([]);
  await sql`update app.budget_lines set spent = amount where budget_id = ${body.id as number}`.execute(t.owner);
  expect(await mine('manager')).toEqual(['owned']);
  expect(await mine('operator')).toEqual([]);
});
