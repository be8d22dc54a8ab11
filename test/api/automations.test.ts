/** Automations over HTTP: what cannot work is refused at its field, and 32 people at once leave one state and one version of it. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Json, Row } from '../../api/contract.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { automationProgramme } from '../sql/automations.ts';

let t: TestDatabase;
let a: TestApp;
let p: Awaited<ReturnType<typeof automationProgramme>>;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  p = await automationProgramme(t);
});
afterAll(() => t?.close());

let number = 0;
async function say<T = Row>(method: string, path: string, body?: unknown, as: Person = 'operator', headers = {}) {
  const answer = await a.as(as)(method, path, body, headers);
  const text = await answer.text();
  return { status: answer.status, body: (text ? JSON.parse(text) : null) as T };
}
const step = (code: string, more: Row = {}): Row => ({
  code,
  name: '步',
  name_en: 'Step',
  kind: 'add_tag',
  tag: 'x',
  ...more,
});
const wait = (code: string, more: Row = {}): Row => ({
  ...{ code, name: '等', name_en: 'Wait', kind: 'wait', wait_kind: 'days', wait_days: 1 },
  ...more,
});
const plan = (values: Row = {}): Row => {
  const code = `a${++number}`;
  return {
    ...{ code, name: code, name_en: code, trigger: 'segment_enter', trigger_segments: [p.segments.dormant] },
    ...{ steps: [step('tag')], ...values },
  };
};
const counted = async () =>
  (
    await sql<{ said: string }>`
      select (select count(*) from app.automations) || ' ' || (select count(*) from app.programme_versions where resource = 'automations') as said
    `.execute(t.db)
  ).rows[0]!.said;

describe('what cannot work is refused at its field, and nothing of it is kept', () => {
  const LONG = 'a'.repeat(41);
  test.each<[string, () => Row, string]>([
    ['no steps', () => ({ steps: [] }), 'steps'],
    ['steps that are no list', () => ({ steps: 'wait' }), 'steps'],
    ['steps that are no steps', () => ({ steps: [null, 3, 'x'] as Json }), 'steps.0'],
    ['more steps than there may be', () => ({ steps: Array.from({ length: 61 }, (_, at) => step(`s${at}`)) }), 'steps'],
    ['a step that leads nowhere', () => ({ steps: [step('one', { next_step: 'two' })] }), 'steps.0.next_step'],
    [
      'a step that nothing leads to',
      () => ({ steps: [step('one', { next_step: 'end' }), step('two')] }),
      'steps.1.code',
    ],
    [
      'a circle without a wait',
      () => ({ steps: [step('one'), step('two', { next_step: 'one' })] }),
      'steps.0.next_step',
    ],
    ['a step that leads to itself', () => ({ steps: [step('one', { next_step: 'one' })] }), 'steps.0.next_step'],
    [
      'a circle through both ways of a question',
      () => ({
        steps: [{ ...step('ask'), kind: 'condition', asks: 'ordered', yes_step: 'go', no_step: 'ask' }, step('go')],
      }),
      'steps.0.no_step',
    ],
    ['two steps of one code', () => ({ steps: [step('one'), step('one')] }), 'steps.1.code'],
    ['a step called the end', () => ({ steps: [step('end')] }), 'steps.0.code'],
    ['a code too long', () => ({ steps: [step(LONG)] }), 'steps.0.code'],
    ['a code in Chinese', () => ({ steps: [step('步骤一')] }), 'steps.0.code'],
    ['a kind that is none', () => ({ steps: [step('one', { kind: 'explode' })] }), 'steps.0.kind'],
    ['a wait of no days', () => ({ steps: [wait('one', { wait_days: 0 })] }), 'steps.0.wait_days'],
    ['a wait of a century', () => ({ steps: [wait('one', { wait_days: 36_500 })] }), 'steps.0.wait_days'],
    [
      'a time of day that is none',
      () => ({ steps: [wait('one', { wait_kind: 'time', wait_time: '24:00' })] }),
      'steps.0.wait_time',
    ],
    ['no coupon named', () => ({ steps: [step('one', { kind: 'coupon' })] }), 'steps.0.coupon_template_id'],
    [
      'a coupon that is not there',
      () => ({ steps: [step('one', { kind: 'coupon', coupon_template_id: 999_999 })] }),
      'steps.0.coupon_template_id',
    ],
    [
      'a coupon by its name',
      () => ({ steps: [step('one', { kind: 'coupon', coupon_template_id: 'gift' })] }),
      'steps.0.coupon_template_id',
    ],
    [
      'a template that is not there',
      () => ({ steps: [step('one', { kind: 'message', message_template_id: 999_999 })] }),
      'steps.0.message_template_id',
    ],
    [
      'a benefit that is not there',
      () => ({ steps: [step('one', { kind: 'benefit', benefit_id: 999_999 })] }),
      'steps.0.benefit_id',
    ],
    [
      'a community that is not there',
      () => ({ steps: [step('one', { kind: 'community', community_id: 9, message_template_id: p.message })] }),
      'steps.0.community_id',
    ],
    [
      'a condition on a field that is none',
      () => ({ steps: [step('one', { kind: 'condition', asks: 'customer', condition: { hair: { eq: 'red' } } })] }),
      'steps.0.condition',
    ],
    ['a share of more than all', () => ({ steps: [step('one', { kind: 'split', share: '1.5' })] }), 'steps.0.share'],
    ['points below nothing', () => ({ steps: [step('one', { kind: 'points', points: -5 })] }), 'steps.0.points'],
    ['a segment that is not there', () => ({ trigger_segments: [999_999] }), 'trigger_segments'],
    ['no segment', () => ({ trigger_segments: [] }), 'trigger_segments'],
    ['a fact without its kind', () => ({ trigger: 'fact' }), 'trigger_fact'],
    ['a calendar without a day', () => ({ trigger: 'calendar' }), 'repeat_from'],
    ['more than half held out', () => ({ holdout_rate: '0.6' }), 'holdout_rate'],
    ['an end before its beginning', () => ({ starts_on: '2026-05-02', ends_on: '2026-05-01' }), 'ends_on'],
    ['a day that is none', () => ({ starts_on: '2026-02-30' }), 'starts_on'],
    ['days between that are missing', () => ({ reentry: 'after_days' }), 'reentry_days'],
    ['a condition that is none', () => ({ audience_filter: { city: { resembles: 'x' } } }), 'audience_filter'],
    ['a state of its own choosing', () => ({ status: 'running' }), 'status'],
  ])('%s', async (_, values, field) => {
    const before = await counted();
    const { status, body } = await say<ApiError>('POST', '/api/automations', plan(values()));
    expect([403, 422], JSON.stringify(body)).toContain(status);
    expect(Object.keys(body.errors ?? {}).join(' ') || JSON.stringify(body)).toContain(field);
    expect(await counted()).toBe(before);
  });

  test('names and tags of any script are kept as they are', async () => {
    const name = '时光礼馈 💝 ‮rtl‬ é';
    const { status, body } = await say(
      'POST',
      '/api/automations',
      plan({ name, steps: [step('tag', { tag: '家𠮷', name: '‘;--' })] }),
    );
    expect(status, JSON.stringify(body)).toBe(201);
    expect([body.name, (body.steps as Row[])[0]!.tag, (body.steps as Row[])[0]!.name]).toEqual([name, '家𠮷', '‘;--']);
  });
});

describe('32 people at once', () => {
  const CLIENTS = 32;
  const made = async () => {
    const { status, body } = await say('POST', '/api/automations', plan());
    expect(status, JSON.stringify(body)).toBe(201);
    return body as { id: number; version: number };
  };
  const state = async (id: number) =>
    t.db
      .selectFrom('app.automations')
      .select(['status', 'version', 'name'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
  const kept = async (id: number) =>
    t.db
      .selectFrom('app.programme_versions')
      .select('id')
      .where('resource', '=', 'automations')
      .where('record_id', '=', id)
      .execute();

  test('launch it: one does, the others are told, and it is one version on', async () => {
    const { id, version } = await made();
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, () => say('POST', `/api/automations/${id}/_actions/launch`, {})),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(CLIENTS - 1);
    expect(await state(id)).toMatchObject({ status: 'running', version: version + 1 });
  });

  test('launch, pause and edit it: each change that was accepted is one version, and the last state is one of them', async () => {
    const { id, version } = await made();
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, (_, at) =>
        at % 3 === 0
          ? say('POST', `/api/automations/${id}/_actions/launch`, {})
          : at % 3 === 1
            ? say('POST', `/api/automations/${id}/_actions/pause`, {})
            : say('PATCH', `/api/automations/${id}`, { name: `名 ${at}` }, 'operator', { 'if-match': `"${version}"` }),
      ),
    );
    const accepted = answers.filter(({ status }) => status === 200);
    for (const { status } of answers) expect([200, 409, 412]).toContain(status);
    expect(accepted.length).toBeGreaterThan(0);
    const now = await state(id);
    expect(now.version).toBe(version + accepted.length);
    expect(['draft', 'running', 'paused']).toContain(now.status);
    // An edit is a version that journeys go by; a launch or a pause is none.
    const edits = answers.filter(({ status }, at) => at % 3 === 2 && status === 200).length;
    expect(edits).toBeLessThanOrEqual(1);
    expect(await kept(id)).toHaveLength(1 + edits);
  });

  test('edit the same version: one does, and only one more version is kept', async () => {
    const { id, version } = await made();
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, (_, at) =>
        say('PATCH', `/api/automations/${id}`, { name: `名 ${at}` }, 'operator', { 'if-match': `"${version}"` }),
      ),
    );
    const at = answers.findIndex(({ status }) => status === 200);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(CLIENTS - 1);
    expect(await state(id)).toMatchObject({ name: `名 ${at}`, version: version + 1 });
    expect(await kept(id)).toHaveLength(2);
  });

  test('say what came of one contact: it is done once, by the one whose answer is kept', async () => {
    const customer = await p.customer();
    await p.automation([
      { code: 'call', kind: 'contact', title: '回访', owner_role: 'customer_service', handle_hours: 24 },
    ]);
    await p.stay(customer, 'dormant', '2026-01-10');
    await p.day('2026-01-10');
    const { id } = await t.db
      .selectFrom('app.contact_tasks')
      .select('id')
      .where('customer_id', '=', customer)
      .executeTakeFirstOrThrow();
    const answers = await Promise.all(
      Array.from({ length: CLIENTS }, (_, at) =>
        say(
          'POST',
          `/api/contact_tasks/${id}/_actions/finish`,
          { status: 'reached', outcome: `第 ${at} 次` },
          'customer_service',
        ),
      ),
    );
    const at = answers.findIndex(({ status }) => status === 200);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(CLIENTS - 1);
    const task = await t.db
      .selectFrom('app.contact_tasks')
      .select(['status', 'outcome', 'done_by'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(task).toEqual({ status: 'reached', outcome: `第 ${at} 次`, done_by: a.id('customer_service') });
  });
});

test.each<[string, Row, string]>([
  ['no result', { status: null }, 'status'],
  ['a result that is none', { status: 'maybe' }, 'status'],
  ['a story of a thousand pages', { status: 'reached', outcome: '好'.repeat(501) }, 'outcome'],
  ['something that is not asked', { status: 'reached', owner: 1 }, 'owner'],
])('%s of a contact is refused at its field', async (_, input, field) => {
  const { rows } = await sql<{ id: number }>`
    insert into app.contact_tasks (customer_id, source, external_id, title, owner_role, opened_at, due_at)
    values (${await p.customer()}, 'test', ${`h${++number}`}, 'x', 'operator', now(), now() + interval '1 day') returning id
  `.execute(t.owner);
  const { status, body } = await say<ApiError>('POST', `/api/contact_tasks/${rows[0]!.id}/_actions/finish`, input);
  expect([400, 422], JSON.stringify(body)).toContain(status);
  expect(JSON.stringify(body)).toContain(field);
});
