import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApiError, ChangeDiff, Resource, Row } from '../../api/contract.ts';
import { loadResources } from '../../api/definitions.ts';
import { runJob } from '../../api/jobs.ts';
import { type Ask, type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let database: TestDatabase;
let app: TestApp;
let operator: Ask;
let reviewer: Ask;
let tier: number;
let rank = 100;

beforeAll(async () => {
  database = await testDatabase();
  const resources = new Map<string, Resource>(await loadResources());
  const tiers = resources.get('tiers')!;
  resources.set('tiers', { ...tiers, access: { ...tiers.access, reviewer: 'r' } });
  // What multiplies points by more than three takes a second pair of eyes.
  const condition = JSON.stringify({ point_multiplier: { gt: '3' } });
  const rule = { resource: 'tiers', name: '倍数', name_en: 'Multiplier', condition, roles: ['reviewer', 'operator'] };
  await database.db.insertInto('app.approval_rules').values(rule).execute();
  app = await testApp(database, { resources });
  operator = app.as('operator');
  reviewer = app.as('reviewer');
});
afterAll(() => database.close());

beforeEach(async () => {
  rank++;
  const { id } = await database.db
    .insertInto('app.tiers')
    .values({
      code: `t${rank}`,
      name: `Tier ${rank}`,
      name_en: `Tier ${rank}`,
      rank,
      window_days: 30,
      basis: 'invitation',
      point_multiplier: '1',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  tier = id;
});

const json = async <T = Row>(response: Response | Promise<Response>) => (await (await response).json()) as T;
const read = async () => json(operator('GET', `/api/tiers/${tier}`));
const request = async (id: unknown) => json(reviewer('GET', `/api/change_requests/${String(id)}`));
const patch = (values: Row, ask = operator) => ask('PATCH', `/api/tiers/${tier}`, values);
const decide = (id: unknown, name: string, ask = reviewer, input: Row = {}) =>
  ask('POST', `/api/change_requests/${String(id)}/_actions/${name}`, input);
const propose = async (body: Row, ask = operator) => {
  const response = await ask('POST', '/api/tiers/_propose', { id: tier, ...body });
  return { status: response.status, body: await json<Row & ApiError>(response) };
};

describe('a change that needs consent', () => {
  test('is not saved but proposed, and saved when somebody else approves', async () => {
    const response = await patch({ point_multiplier: '5', description: 'for the anniversary' });
    expect(response.status).toBe(202);
    const asked = await json(response);
    expect(asked).toMatchObject({ state: 'in_review', resource: 'tiers', record_id: tier, needs_consent: true });
    expect(await read()).toMatchObject({ point_multiplier: '1.00', version: 1 });

    expect((await decide(asked.id, 'approve', reviewer, { decision_note: 'fine' })).status).toBe(200);
    expect(await read()).toMatchObject({ point_multiplier: '5.00', description: 'for the anniversary', version: 2 });
    expect(await request(asked.id)).toMatchObject({ state: 'applied', decision_note: 'fine' });
    const [change] = await json<Row[]>(operator('GET', `/api/tiers/${tier}/_history`));
    expect(change).toMatchObject({ actor: 'Test operator', action: 'update' });
    expect(String(change!.reason)).toContain(`#${String(asked.id)}`);
  });

  test('what it is now counts as well as what it would become; other records are saved at once', async () => {
    expect((await patch({ point_multiplier: '2' })).status).toBe(200);
    await database.db.updateTable('app.tiers').set({ point_multiplier: '9' }).where('id', '=', tier).execute();
    expect((await patch({ point_multiplier: '1' })).status).toBe(202);
    expect((await operator('DELETE', `/api/tiers/${tier}`)).status).toBe(202);
  });

  test('nobody decides on their own change, an administrator neither, nor who lacks the role', async () => {
    const own = await json(patch({ point_multiplier: '5' }));
    expect((await decide(own.id, 'approve', operator)).status).toBe(409);
    expect((await decide(own.id, 'approve', app.as('customer_service'))).status).toBe(403);
    expect((await decide(own.id, 'approve', app.as('manager'))).status).toBe(403);
    const by_admin = await json(patch({ point_multiplier: '6' }, app.as('administrator')));
    expect(by_admin).toMatchObject({ state: 'in_review' });
    expect((await decide(by_admin.id, 'approve', app.as('administrator'))).status).toBe(409);
    expect(await read()).toMatchObject({ point_multiplier: '1.00' });
  });

  test('is refused when the same field was changed since, and told so before; other fields merge', async () => {
    const asked = await json(patch({ point_multiplier: '5' }));
    await patch({ description: 'meanwhile' });
    const other = await json<ChangeDiff>(reviewer('GET', `/api/change_requests/${String(asked.id)}/_diff`));
    expect(other).toMatchObject({ changes: { point_multiplier: { before: '1.00', after: '5.00' } }, overtaken: [] });
    await patch({ point_multiplier: '2' });

    expect(await json<ChangeDiff>(reviewer('GET', `/api/change_requests/${String(asked.id)}/_diff`))).toMatchObject({
      overtaken: ['point_multiplier'],
    });
    const refused = await decide(asked.id, 'approve');
    expect(refused.status).toBe(409);
    expect((await json<ApiError>(refused)).message).toContain('Points multiplier');
    expect(await request(asked.id)).toMatchObject({ state: 'in_review' });
  });

  test('a new record waits too, and is there once approved', async () => {
    const made = await operator(
      'POST',
      '/api/tiers',
      {
        ...{ code: `new${rank}`, name: 'New', name_en: 'New', rank: rank + 500, color: '#112233', basis: 'invitation' },
        ...{ window_kind: 'lifetime', downgrade: 'none', point_multiplier: '4' },
      },
      { 'idempotency-key': `once ${rank}` },
    );
    expect(made.status).toBe(202);
    const asked = await json(made);
    await decide(asked.id, 'approve');
    const { record_id } = await request(asked.id);
    expect(await json(operator('GET', `/api/tiers/${String(record_id)}`))).toMatchObject({ code: `new${rank}` });
  });

  test('32 approvals at once apply it once', async () => {
    const asked = await json(patch({ point_multiplier: '5' }));
    const answers = await Promise.all(Array.from({ length: 32 }, () => decide(asked.id, 'approve')));
    expect(answers.filter((each) => each.status === 200)).toHaveLength(1);
    expect(await read()).toMatchObject({ version: 2 });
  });

  test('cannot be slipped past by changing many at once: each waits by itself', async () => {
    const waiting = async () =>
      json<Row[]>(reviewer('GET', `/api/change_requests?state=in_review&record_id=${tier}&_sort=id`));
    const many = await json(operator('POST', '/api/tiers/_bulk', { ids: [tier], set: { point_multiplier: '7' } }));
    expect(many).toMatchObject({ changed: 0, proposed: 1, bulk_id: null });
    expect(await read()).toMatchObject({ point_multiplier: '1.00' });
    for (const { id } of await waiting()) await decide(id, 'reject', reviewer, { decision_note: 'no' });
    const gone = await json(patch({ point_multiplier: '5' }));
    await decide(gone.id, 'approve');
    const removed = await json(operator('POST', '/api/tiers/_bulk', { ids: [tier], delete: true }));
    expect(removed).toMatchObject({ changed: 0, proposed: 1 });
    expect(await read()).toMatchObject({ point_multiplier: '5.00' });
    for (const { id } of await waiting()) await decide(id, 'reject', reviewer, { decision_note: 'no' });
  });

  test('rejected or withdrawn it is never saved', async () => {
    const one = await json(patch({ point_multiplier: '5' }));
    expect((await decide(one.id, 'reject')).status).toBe(422);
    expect((await decide(one.id, 'reject', reviewer, { decision_note: 'too much' })).status).toBe(200);
    const two = await json(patch({ point_multiplier: '6' }));
    expect((await decide(two.id, 'withdraw', reviewer)).status).toBe(409);
    expect((await decide(two.id, 'withdraw', operator)).status).toBe(200);
    for (const id of [one.id, two.id]) expect((await decide(id, 'approve')).status).toBe(409);
    expect(await read()).toMatchObject({ point_multiplier: '1.00' });
  });

  test('rolled back, the opposite takes consent again', async () => {
    const asked = await json(patch({ point_multiplier: '5' }));
    await decide(asked.id, 'approve');
    const answer = await json<{ id: number }>(decide(asked.id, 'take_back', operator));
    expect(await read()).toMatchObject({ point_multiplier: '5.00' });
    await decide(answer.id, 'approve');
    expect(await read()).toMatchObject({ point_multiplier: '1.00' });
    expect(await request(answer.id)).toMatchObject({ reverts_id: asked.id, state: 'applied' });
  });
});

describe('a change for later', () => {
  const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const job = () => runJob(app.deps, 'publish_changes', '2026-01-01');
  const travel = (id: unknown, time: string) =>
    database.db.updateTable('app.change_requests').set({ effective_at: time }).where('id', '=', Number(id)).execute();

  test('waits for its time; what was missed is made up for in its order', async () => {
    const first = (await propose({ values: { description: 'first' }, effective_at: at(1) })).body;
    expect(first).toMatchObject({ state: 'approved', needs_consent: false });
    await job();
    expect(await read()).toMatchObject({ description: null });

    await travel(first.id, at(-5));
    await job();
    expect(await read()).toMatchObject({ description: 'first' });
    expect(await request(first.id)).toMatchObject({ state: 'applied' });
    await job();
    expect(await read()).toMatchObject({ version: 2 });
  });

  test('approved before its time, it is applied at its time', async () => {
    const { body } = await propose({ values: { point_multiplier: '4' }, effective_at: at(1) });
    expect(body).toMatchObject({ state: 'in_review' });
    await decide(body.id, 'approve');
    expect(await request(body.id)).toMatchObject({ state: 'approved' });
    expect(await read()).toMatchObject({ point_multiplier: '1.00' });
    await travel(body.id, at(-1));
    await job();
    expect(await read()).toMatchObject({ point_multiplier: '4.00' });
  });

  test('that no longer fits fails with its reason and holds up nothing else', async () => {
    const { body } = await propose({ values: { description: 'late' }, effective_at: at(1) });
    await patch({ description: 'sooner' });
    await travel(body.id, at(-1));
    await job();
    const failed = await request(body.id);
    expect(failed).toMatchObject({ state: 'failed' });
    expect(failed.problem).toContain('Description');
    expect(await read()).toMatchObject({ description: 'sooner' });
  });

  test('by somebody who was disabled meanwhile is not applied', async () => {
    const { body } = await propose({ values: { description: 'mine' }, effective_at: at(1) }, app.as('pii'));
    await travel(body.id, at(-1));
    const author = app.id('pii');
    await database.db.updateTable('app.users').set({ status: 'disabled' }).where('id', '=', author).execute();
    await job();
    await database.db.updateTable('app.users').set({ status: 'active' }).where('id', '=', author).execute();
    expect(await request(body.id)).toMatchObject({ state: 'failed' });
  });

  test('a draft is its author’s to send', async () => {
    const { body } = await propose({ values: { description: 'draft' }, draft: true });
    expect(body).toMatchObject({ state: 'draft' });
    await job();
    expect((await decide(body.id, 'submit', app.as('pii'))).status).toBe(409);
    expect((await decide(body.id, 'submit', operator)).status).toBe(200);
    expect(await read()).toMatchObject({ description: 'draft' });
  });
});

describe('what is proposed', () => {
  test.each<[string, Row, number]>([
    ['an unknown key', { value: {} }, 400],
    ['a time that is none', { values: { description: 'x' }, effective_at: 'tomorrow' }, 422],
    ['a note of a megabyte', { values: { description: 'x' }, note: 'x'.repeat(5000) }, 422],
    ['values of another kind', { values: [1] }, 422],
    ['an unknown field', { values: { colour: 'red' } }, 422],
    ['what breaks a rule', { values: { window_days: null } }, 422],
    ['nothing new', { values: { point_multiplier: '1.0' } }, 422],
    ['a record that is not there', { id: 999_999_999, values: { description: 'x' } }, 404],
    ['a draft of another kind', { values: { description: 'x' }, draft: 'yes' }, 422],
  ])('%s is refused', async (_, body, status) => {
    expect((await propose(body)).status).toBe(status);
  });

  test('by those who may not edit is refused', async () => {
    for (const person of ['viewer', 'reviewer', 'analyst'] as Person[])
      expect((await propose({ values: { description: 'x' } }, app.as(person))).status).toBe(403);
  });

  test('is told only as far as its reader may see the record', async () => {
    const administrator = app.as('administrator');
    const made = await administrator('POST', '/api/users/_propose', {
      id: app.id('viewer'),
      values: { name: 'Renamed', email: 'secret@shop.example' },
    });
    const { id } = await json(made);
    const diff = (ask: Ask) => json<ChangeDiff>(ask('GET', `/api/change_requests/${String(id)}/_diff`));
    expect(await diff(reviewer)).toMatchObject({ changes: { name: { after: 'Renamed' } }, redacted: ['email'] });
    expect(JSON.stringify(await diff(reviewer))).not.toContain('secret');
    expect((await diff(administrator)).changes.email).toMatchObject({ after: 'secret@shop.example' });
    const tokens = await json(administrator('POST', '/api/settings/_propose', { id: 1, values: { currency: 'EUR' } }));
    const hidden = await app.as('customer_service')('GET', `/api/change_requests/${String(tokens.id)}/_diff`);
    expect(hidden.status).toBe(403);
  });
});
