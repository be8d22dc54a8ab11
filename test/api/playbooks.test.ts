/** Risk playbooks: those of the programme, and what a playbook must be to be followed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { seedNew } from '../../api/seed.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  await seedNew(t.owner, { demo: false });
  a = await testApp(t);
});
afterAll(() => t?.close());

async function ask(method: string, path: string, body?: unknown) {
  const answer = await a.as('operator')(method, path, body);
  return { status: answer.status, body: (await answer.json()) as Row & ApiError };
}
const step = (action: string, due_after: number, due_unit = 'hours'): Row => ({
  action,
  owner_role: 'operations',
  due_after,
  due_unit,
});
let made = 0;
const playbook = (more: Row = {}): Row => ({
  code: `test_${++made}`,
  name: '测试',
  name_en: 'Test',
  category: 'system',
  scenario: '测试用',
  response_within: 2,
  response_unit: 'hours',
  owner_role: 'operations',
  ...more,
});

test('the programme comes with the nine playbooks, each with steps that have an owner and a time', async () => {
  const rows = (
    await ask(
      'GET',
      '/api/risk_playbooks?_start=0&_end=50&_fields=code,status,steps,response_within,response_unit,trigger_kind',
    )
  ).body as unknown as Row[];
  const shown = rows.map((row) => [
    row.code,
    row.status,
    row.response_within,
    row.response_unit,
    (row.steps as Row[]).length,
  ]);
  expect(shown).toEqual([
    ['stock_shortage', 'active', 4, 'hours', 4],
    ['system_failure', 'active', 30, 'minutes', 5],
    ['public_opinion', 'active', 2, 'hours', 5],
    ['poor_referral', 'active', 12, 'hours', 3],
    ['low_participation', 'active', 1, 'days', 3],
    ['reward_dispute', 'active', 24, 'hours', 3],
    ['fraud', 'active', 1, 'hours', 4],
    ['data_leak', 'active', 1, 'hours', 5],
    ['competitor_move', 'active', 2, 'days', 3],
  ]);
  const crisis = rows.find((row) => row.code === 'public_opinion')!;
  expect((crisis.steps as Row[])[2]).toMatchObject({
    action: '确定并公布解决方案',
    owner_role: 'management',
    due_after: 2,
    due_unit: 'hours',
  });
  const dispute = rows.find((row) => row.code === 'reward_dispute')!;
  expect((dispute.steps as Row[]).at(-1)).toMatchObject({ due_after: 72, due_unit: 'hours' });
});

test('every default can be saved again as it is', async () => {
  const rows = (await ask('GET', '/api/risk_playbooks?_start=0&_end=50')).body as unknown as Row[];
  for (const { id } of rows) {
    const { steps } = (await ask('GET', `/api/risk_playbooks/${id}`)).body;
    // A reordering and back: the guard looks at the whole of it both times.
    const again = await ask('PATCH', `/api/risk_playbooks/${id}`, {
      steps: (steps as Row[]).map((each, at) => (at === 0 ? { ...each, required: false } : each)),
    });
    expect(again.status, JSON.stringify(again.body)).toBe(200);
  }
});

describe('a playbook that cannot be followed is refused', () => {
  test.each<[string, Row, { [field: string]: string }]>([
    ['in force without steps', { status: 'active' }, { steps: 'Add entries to Steps' }],
    [
      'steps out of order',
      { steps: [step('a', 1), step('b', 3), step('c', 90, 'minutes')] },
      { 'steps.2.due_after': 'It is due before the step before it. Change the order or the time' },
    ],
    [
      'a first step that comes too late',
      { steps: [step('a', 3)] },
      { 'steps.0.due_after': 'The first step is due within the response time' },
    ],
    [
      'a step without owner and time',
      { steps: [{ action: 'a' }] },
      { 'steps.0.owner_role': 'Choose Team', 'steps.0.due_after': 'Due after is required' },
    ],
    [
      'a metric without a threshold',
      { trigger_kind: 'metric', metric: 'error_rate' },
      { comparison: 'Choose Comparison', threshold: 'Threshold is required' },
    ],
    ['channels without words', { message_channels: ['sms'] }, { message: 'What customers are told is required' }],
    ['an escalation to nobody', { escalate_after: 2 }, { escalate_to: 'Choose Escalated to' }],
  ])('%s', async (_, more, expected) => {
    const { status, body } = await ask('POST', '/api/risk_playbooks', playbook(more));
    expect(status).toBe(422);
    expect(Object.fromEntries(Object.entries(body.errors!).map(([path, { message }]) => [path, message]))).toEqual(
      expected,
    );
  });
});

test('without a metric nothing of one is kept, and one in force is not deleted', async () => {
  const made = await ask(
    'POST',
    '/api/risk_playbooks',
    playbook({
      trigger_kind: 'metric',
      metric: 'error_rate',
      comparison: 'gt',
      threshold: '5',
      status: 'active',
      steps: [step('a', 1)],
    }),
  );
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const { id } = made.body;
  const manual = await ask('PATCH', `/api/risk_playbooks/${id}`, { trigger_kind: 'manual' });
  expect(manual.body).toMatchObject({ metric: null, comparison: null, threshold: null });
  expect((await ask('DELETE', `/api/risk_playbooks/${id}`)).status).toBe(409);
  await ask('PATCH', `/api/risk_playbooks/${id}`, { status: 'retired' });
  expect((await ask('DELETE', `/api/risk_playbooks/${id}`)).status).toBe(200);
});
