/** What is said of a record that must not be saved, in both languages. */
import { expect } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import type { Person, TestApp } from '../app.ts';
import type { TestDatabase } from '../database.ts';

/**
 * Creates, or with an id changes, a record as the operator, who must be refused with a 422.
 * @returns by field: [zh, en]
 */
export async function refusals(
  { t, a }: { t: TestDatabase; a: TestApp },
  resource: string,
  values: Row,
  id: number | null = null,
): Promise<{ [field: string]: [zh: string, en: string] }> {
  // The second operator reads Chinese. A session remembers its language, so it must not have been used before.
  await t.db.updateTable('app.users').set({ lang: 'zh' }).where('id', '=', a.id('pii')).execute();
  const ask = async (person: Person) => {
    const path = id === null ? `/api/${resource}` : `/api/${resource}/${id}`;
    const answer = await a.as(person)(id === null ? 'POST' : 'PATCH', path, values);
    const body = (await answer.json()) as ApiError;
    expect(answer.status, JSON.stringify(body)).toBe(422);
    return body.errors ?? {};
  };
  const [zh, en] = [await ask('pii'), await ask('operator')];
  expect(Object.keys(zh)).toEqual(Object.keys(en));
  return Object.fromEntries(Object.keys(en).map((field) => [field, [zh[field]!.message, en[field]!.message]]));
}
