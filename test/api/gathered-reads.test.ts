import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../api/contract.ts';
import { type Gathering, readGathered } from '../../api/records/gathered-reads.ts';
import type { Statement } from '../../api/storage/statements.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  await t.db
    .insertInto('app.customers')
    .values(
      Array.from({ length: 60 }, (_, index) => ({
        id: 1001 + index,
        external_id: `c${index}`,
        name: `客户${index}`,
        phone: '13800001234',
        enrolled_at: '2026-01-05 08:00:00+00',
        enrolled_on: '2026-01-05',
      })),
    )
    .execute();
});
afterAll(() => t?.close());

describe('records asked for at the same time', () => {
  test('are each answered with their own, the same twice and what is missing too', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => 1001 + (index % 70));
    const answers = await Promise.all(ids.map((id) => a.as('operator')('GET', `/api/customers/${id}`)));
    for (const [index, answer] of answers.entries()) {
      const id = ids[index]!;
      expect(answer.status).toBe(id > 1060 ? 404 : 200);
      if (id <= 1060) expect(await answer.json()).toMatchObject({ id, external_id: `c${id - 1001}`, version: 1 });
    }
  });

  test('by people of different rights are shown to each as to one alone', async () => {
    const asked = (['administrator', 'viewer', 'operator'] as const).flatMap((role) =>
      Array.from({ length: 20 }, (_, index) => ({ role, path: `/api/customers/${1001 + index}` })),
    );
    const together = await Promise.all(asked.map(async ({ role, path }) => (await a.as(role)('GET', path)).json()));
    for (const [index, { role, path }] of asked.entries()) {
      expect(together[index]).toEqual((await (await a.as(role)('GET', path)).json()) as Row);
    }
    expect(together[20]).not.toEqual(together[0]);
  });

  test('show what was written before they were asked for', async () => {
    const read = (id: number) => a.as('operator')('GET', `/api/customers/${id}`);
    const others = Array.from({ length: 40 }, (_, index) => read(1001 + index));
    await a.as('operator')('PATCH', '/api/customers/1050', { city: '苏州' });
    const after = read(1050);
    await Promise.all(others);
    expect(await (await after).json()).toMatchObject({ city: '苏州' });
  });

  test('fail alone', async () => {
    const statement = (text: string, slot: string): Statement => ({ text, parameters: [{ slot }], name: undefined });
    const gathering: Gathering = {
      one: statement('select (10 / ($1::bigint - 3))::text, null', 'id'),
      many: statement('select id, (10 / (id - 3))::text, null from unnest($1::bigint[]) as ids (id)', 'ids'),
    };
    const read = await Promise.allSettled([1, 2, 3, 4, 5].map((id) => readGathered(t.pool, gathering, id)));
    expect(read.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(read[4]).toMatchObject({ value: ['5', null] });
  });
});
