/** What is said of a record that must not be saved, in both languages. */
import { expect } from 'vitest';
import type { ApiError, Lang, Row } from '../../api/contract.ts';
import type { TestApp } from '../app.ts';

/**
 * Creates, or with an id changes, a record as the operator, who must be refused with a 422.
 * @returns by field: [zh, en]
 */
export async function refusals(
  a: TestApp,
  resource: string,
  values: Row,
  id: number | null = null,
): Promise<{ [field: string]: [zh: string, en: string] }> {
  const ask = async (lang: Lang) => {
    const path = id === null ? `/api/${resource}` : `/api/${resource}/${id}`;
    const answer = await a.as('operator')(id === null ? 'POST' : 'PATCH', path, values, { 'accept-language': lang });
    const body = (await answer.json()) as ApiError;
    expect(answer.status, JSON.stringify(body)).toBe(422);
    return body.errors ?? {};
  };
  const [zh, en] = [await ask('zh'), await ask('en')];
  expect(Object.keys(zh)).toEqual(Object.keys(en));
  return Object.fromEntries(Object.keys(en).map((field) => [field, [zh[field]!.message, en[field]!.message]]));
}
