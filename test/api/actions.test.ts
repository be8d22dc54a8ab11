import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Resource, Row } from '../../api/contract.ts';
import { f } from '../../api/definition.ts';
import { loadResources } from '../../api/definitions.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  await sql`
    create function ops.test_retire(record_id bigint, user_id bigint, input jsonb)
    returns jsonb
    language plpgsql
    as $$
    begin
      if input ->> 'reason' = 'refuse' then
        raise exception '不行 | It will not do' using errcode = 'EG409', hint = '换一个 | Take another';
      end if;
      update app.products set status = 'retired', version = version + 1 where products.id = test_retire.record_id;
      return jsonb_build_object('message', jsonb_build_array('已下架', 'Retired'), 'user_id', user_id);
    end;
    $$
  `.execute(t.owner);
  await sql`grant execute on all functions in schema ops to public`.execute(t.owner);
  const resources = new Map(await loadResources());
  const products: Resource = {
    ...resources.get('products')!,
    actions: {
      retire: {
        label: ['下架', 'Retire'],
        procedure: 'test_retire',
        scope: 'record',
        roles: ['operator'],
        allow: { status: { eq: 'active' } },
        input: { reason: f.text({ label: ['原因', 'Reason'], required: true, max: 20 }) },
      },
      tidy: { label: ['整理', 'Tidy'], procedure: 'test_retire', scope: 'resource', roles: ['operator'] },
    },
  };
  resources.set('products', products);
  a = await testApp(t, { resources });
});
afterAll(() => t?.close());

async function product(external_id: string): Promise<Row> {
  return (await (await a.as('operator')('POST', '/api/products', { external_id, name: external_id })).json()) as Row;
}
async function refusal(answer: Response, status: number): Promise<ApiError> {
  const body = (await answer.json()) as ApiError;
  expect(answer.status, JSON.stringify(body)).toBe(status);
  return body;
}

describe('an action', () => {
  test('runs its routine, answers in the language of the caller and leaves what it changed in the audit', async () => {
    const { id } = await product('a1');
    const answer = await a.as('operator')('POST', `/api/products/${id}/_actions/retire`, { reason: 'old' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ message: 'Retired', user_id: a.id('operator') });
    const entry = await t.db
      .selectFrom('app.audit_entries')
      .selectAll()
      .where('record_id', '=', id as number)
      .where('action', '=', 'action')
      .executeTakeFirstOrThrow();
    expect(entry).toMatchObject({
      before: { status: 'active' },
      after: { status: 'retired' },
      reason: 'retire: old',
      actor: 'Test operator',
    });
  });

  test('is refused where the record does not allow it, also the second of two at once', async () => {
    const { id } = await product('a2');
    const path = `/api/products/${id}/_actions/retire`;
    const answers = await Promise.all([1, 2].map(() => a.as('operator')('POST', path, { reason: 'x' })));
    expect(answers.map((each) => each.status).sort()).toEqual([200, 409]);
    expect((await refusal(await a.as('operator')('POST', path, { reason: 'x' }), 409)).message).toContain('Retire');
  });

  test('checks role, name, scope, record, input and version', async () => {
    const { id } = await product('a3');
    const ask = a.as('operator');
    await refusal(await a.as('manager')('POST', `/api/products/${id}/_actions/retire`, { reason: 'x' }), 403);
    await refusal(await ask('POST', `/api/products/${id}/_actions/explode`, {}), 404);
    await refusal(await ask('POST', `/api/products/${id}/_actions/constructor`, {}), 404);
    await refusal(await ask('POST', `/api/products/${id}/_actions/tidy`, {}), 404);
    await refusal(await ask('POST', '/api/products/_actions/retire', {}), 404);
    await refusal(await ask('POST', '/api/products/999999/_actions/retire', { reason: 'x' }), 404);
    const missing = await refusal(await ask('POST', `/api/products/${id}/_actions/retire`), 422);
    expect(Object.keys(missing.errors!)).toEqual(['reason']);
    const unknown = await refusal(
      await ask('POST', `/api/products/${id}/_actions/retire`, { reason: 'x', reson: 1 }),
      422,
    );
    expect(Object.keys(unknown.errors!)).toEqual(['reson']);
    const stale = await refusal(
      await ask('POST', `/api/products/${id}/_actions/retire`, { reason: 'x' }, { 'if-match': '"9"' }),
      412,
    );
    expect(stale.record).toMatchObject({ id, version: 1 });
  });

  test('that its routine refuses says why and leaves nothing behind', async () => {
    const { id } = await product('a4');
    const error = await refusal(
      await a.as('operator')('POST', `/api/products/${id}/_actions/retire`, { reason: 'refuse' }),
      409,
    );
    expect(error.message).toBe('It will not do. Take another');
    expect(
      await t.db
        .selectFrom('app.audit_entries')
        .select('id')
        .where('record_id', '=', id as number)
        .where('action', '=', 'action')
        .execute(),
    ).toEqual([]);
  });
});
