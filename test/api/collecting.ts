/** Pages that are measured, and visits of them as the tracker tells of them. */
import { randomBytes } from 'node:crypto';
import type { Json, Row } from '../../api/contract.ts';
import type { TestApp } from '../app.ts';
import type { TestDatabase } from '../database.ts';

/** What a browser calls itself. */
export const BROWSER =
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

export interface PageMade {
  page_id: number;
  page_version_id: number;
}

/** A page of the programme, or with `pattern` one of others, with a published version. */
export async function measuredPage(
  t: TestDatabase,
  code: string,
  {
    pattern = null,
    sample_rate = '1',
    elements = [],
  }: { pattern?: string | null; sample_rate?: string; elements?: Json[] } = {},
): Promise<PageMade> {
  const { id: page_id } = await t.owner
    .insertInto('app.pages')
    .values({
      ...{ code, name: code, name_en: code, status: 'active', sample_rate },
      ...{ kind: pattern === null ? 'own' : 'external', address_pattern: pattern },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { page_id, page_version_id: await publishedVersion(t, page_id, 1, elements) };
}

/** @param elements what carries a name in it: {id, label, label_en} */
export async function publishedVersion(
  t: TestDatabase,
  page_id: number,
  number: number,
  elements: Json[] = [],
): Promise<number> {
  const { id } = await t.owner
    .insertInto('app.page_versions')
    .values({
      ...{ page_id, number, state: 'published', published_at: '2026-01-01T00:00:00Z' },
      elements: JSON.stringify(elements),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export const newVisit = (): string => randomBytes(7).toString('hex').slice(0, 13);

/** A batch that is right, but for what is said. */
export function batchOf(change: Row = {}): Row {
  const sent = Date.now();
  return {
    ...{ page: 'spring', version: 1, visit: newVisit(), batch: 1, sent, width: 390 },
    events: [{ kind: 'view', at: sent - 1000 }, clicked()],
    ...change,
  };
}

export function clicked(change: Row = {}): Row {
  return { kind: 'click', at: Date.now() - 500, element: 'hero', x: 100, y: 200, ...change };
}

/** Sends as a browser on the page itself does. */
export async function collect(
  a: TestApp,
  body: Json,
  headers: { [name: string]: string } = {},
): Promise<{ status: number; body: Row; headers: Headers }> {
  const answer = await a.app.request('/api/collect', {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'text/plain;charset=UTF-8', 'user-agent': BROWSER, 'accept-language': 'en', ...headers },
  });
  return { status: answer.status, body: (await answer.json()) as Row, headers: answer.headers };
}
