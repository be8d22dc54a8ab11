import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Meta, Row } from '../../api/contract.ts';
import { digest } from '../../api/sign-in/sessions.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
});
afterAll(() => t?.close());

interface Issued {
  id: number;
  secret: string;
}

async function issue(person: Person, scopes: string[], more: Row = {}): Promise<Issued> {
  const input = { name: 'Shop sync', scopes, days: 30, ...more };
  const answer = await a.as(person)('POST', '/api/api_tokens/_actions/issue', input);
  const body = await answer.json();
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body as Issued;
}

const TIER = { name: '青铜', name_en: 'Bronze', color: '#a0673a', basis: 'invitation', window_kind: 'lifetime' };

/** Asks with a token and nothing else. */
function by(secret: string, headers: { [name: string]: string } = {}) {
  return (method: string, path: string, body?: unknown) =>
    a.anyone(method, path, body, { authorization: `Bearer ${secret}`, ...headers });
}

async function json<T = Row>(answer: Response, status = 200): Promise<T> {
  const body = await answer.json();
  expect(answer.status, JSON.stringify(body)).toBe(status);
  return body as T;
}

describe('a token', () => {
  test('is shown once and kept as its SHA-256, with how it begins', async () => {
    const { id, secret } = await issue('operator', ['customers:r']);

    expect(secret).toMatch(/^eg_[A-Za-z0-9_-]{43}$/);
    const stored = await t.owner
      .selectFrom('app.api_tokens')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(stored.token_hash).toEqual(digest(secret));
    const seen = await json(await a.as('operator')('GET', `/api/api_tokens/${id}`));
    expect(seen).toMatchObject({
      prefix: secret.slice(0, 9),
      state: 'valid',
      scopes: ['customers:r'],
      owner: 'Test operator',
    });
    const audit = await t.owner.selectFrom('app.audit_entries').selectAll().execute();
    for (const kept of [stored, seen, audit]) expect(JSON.stringify(kept)).not.toContain(secret);
  });

  test('lets a program in without cookie, from wherever it says it is', async () => {
    const { secret } = await issue('operator', ['tiers:r', 'tiers:c']);
    const elsewhere = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
    const made = await by(secret, elsewhere)('POST', '/api/tiers', { ...TIER, code: 'one', rank: 1 });
    expect(made.status, await made.clone().text()).toBe(201);
    expect((await by(secret)('GET', '/api/tiers')).status).toBe(200);
    const cookie = a.cookie('operator');
    const forged = await a.anyone('POST', '/api/tiers', {}, { ...elsewhere, cookie });
    expect((await json<ApiError>(forged, 403)).key).toBe('cross_site');
  });

  test('decides alone: a wrong one is refused with a good cookie beside it', async () => {
    for (const wrong of ['', 'x', `eg_${'A'.repeat(43)}`, 'eg_../../etc', 'x'.repeat(5000)]) {
      const answer = await a.anyone('GET', '/api/customers', undefined, {
        authorization: `Bearer ${wrong}`,
        cookie: a.cookie('administrator'),
      });
      expect((await json<ApiError>(answer, 401)).key).toBe('token_invalid');
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    }
  });

  test('may what it was given and no more', async () => {
    const { secret } = await issue('operator', ['customers:r']);
    const ask = by(secret);
    expect((await ask('GET', '/api/customers')).status).toBe(200);
    expect((await json<ApiError>(await ask('POST', '/api/customers', {}), 403)).key).toBe('forbidden_create');
    expect((await json<ApiError>(await ask('GET', '/api/orders'), 403)).key).toBe('forbidden_list');
    expect((await ask('POST', '/api/v1/orders', {})).status).toBe(403);
    const reports = await json<{ reports: unknown[] }>(await ask('GET', '/api/_reports'));
    expect(reports.reports).toEqual([]);
    const meta = await json<Meta>(await ask('GET', '/api/_meta'));
    expect(meta.resources.map((each) => each.name)).toEqual(['customers']);
    expect(meta.resources[0]!.can).toMatchObject({ list: true, create: false, edit: false, delete: false });
  });

  test('may no more than its owner, whatever it was given', async () => {
    const { secret } = await issue('viewer', ['*:r', '*:c', '*:u', '*:d', 'facts:write']);
    const ask = by(secret);
    expect((await ask('GET', '/api/tiers')).status).toBe(200);
    expect((await ask('POST', '/api/tiers', {})).status).toBe(403);
    expect((await ask('GET', '/api/users')).status).toBe(403);
    expect((await ask('POST', '/api/v1/orders', {})).status).toBe(403);
  });

  test('follows its owner at once when their roles shrink', async () => {
    const { secret } = await issue('reviewer', ['tiers:r', 'facts:write']);
    expect((await by(secret)('GET', '/api/tiers')).status).toBe(200);
    const path = `/api/users/${a.id('reviewer')}`;
    expect((await a.as('administrator')('PATCH', path, { status: 'disabled' })).status).toBe(200);
    expect((await by(secret)('GET', '/api/tiers')).status).toBe(401);
    expect((await a.as('administrator')('PATCH', path, { status: 'active' })).status).toBe(200);
    expect((await by(secret)('GET', '/api/tiers')).status).toBe(200);
  });

  test('never makes tokens, reads tokens, changes people or its owner’s account', async () => {
    const { secret } = await issue('administrator', ['*:r', '*:c', '*:u', '*:d']);
    const ask = by(secret);
    expect((await ask('GET', '/api/api_tokens')).status).toBe(403);
    expect((await ask('POST', '/api/api_tokens/_actions/issue', { name: 'x', scopes: ['*:r'], days: 1 })).status).toBe(
      403,
    );
    expect((await ask('GET', '/api/users')).status).toBe(403);
    expect((await ask('PATCH', `/api/users/${a.id('viewer')}`, { pii: true })).status).toBe(403);
    expect((await ask('POST', '/api/auth/change-password', { current: 'x', password: 'y' })).status).toBe(401);
    expect((await ask('PATCH', '/api/auth/me', { lang: 'zh' })).status).toBe(401);
  });

  test('ends when it is revoked, and stays ended', async () => {
    const { id, secret } = await issue('operator', ['customers:r']);
    expect((await by(secret)('GET', '/api/customers')).status).toBe(200);
    expect((await a.as('operator')('POST', `/api/api_tokens/${id}/_actions/revoke`)).status).toBe(200);
    expect((await by(secret)('GET', '/api/customers')).status).toBe(401);
    const again = await a.as('operator')('POST', `/api/api_tokens/${id}/_actions/revoke`);
    expect((await json<ApiError>(again, 409)).key).toBe('action_not_allowed');
  });

  test('ends when its time is over', async () => {
    const { id, secret } = await issue('operator', ['customers:r']);
    await t.owner
      .updateTable('app.api_tokens')
      .set({ expires_at: new Date(Date.now() - 1000).toISOString() })
      .where('id', '=', id)
      .execute();
    expect((await by(secret)('GET', '/api/customers')).status).toBe(401);
    expect(await json(await a.as('operator')('GET', `/api/api_tokens/${id}`))).toMatchObject({ state: 'expired' });
  });

  test('is seen and ended by its owner and by administrators, by nobody else', async () => {
    const { id } = await issue('operator', ['customers:r'], { name: 'Mine alone' });
    expect((await a.as('manager')('GET', `/api/api_tokens/${id}`)).status).toBe(404);
    expect((await a.as('manager')('POST', `/api/api_tokens/${id}/_actions/revoke`)).status).toBe(404);
    expect((await a.as('manager')('PATCH', `/api/api_tokens/${id}`, { name: 'x' })).status).toBe(404);
    expect(await json<Row[]>(await a.as('manager')('GET', '/api/api_tokens'))).toEqual([]);
    expect((await a.as('administrator')('POST', `/api/api_tokens/${id}/_actions/revoke`)).status).toBe(200);
  });

  test('says in the audit that it was it, and when and from where it was used', async () => {
    const { id, secret } = await issue('operator', ['tiers:c', 'tiers:r'], { name: 'CRM bridge' });
    const made = await by(secret)('POST', '/api/tiers', { ...TIER, code: 'two', rank: 2 });
    const { id: record_id } = await json(made, 201);
    const entry = await t.owner
      .selectFrom('app.audit_entries')
      .selectAll()
      .where('resource', '=', 'tiers')
      .where('record_id', '=', record_id as number)
      .executeTakeFirstOrThrow();
    expect(entry).toMatchObject({ user_id: a.id('operator'), token_id: id, actor: 'Test operator · CRM bridge' });
    expect(await json(await a.as('operator')('GET', `/api/api_tokens/${id}`))).toMatchObject({ last_used_ip: 'local' });
    const listed = await json<Row[]>(await a.as('administrator')('GET', `/api/audit_entries?token_id=${id}&_labels=1`));
    expect(listed[0]).toMatchObject({ $labels: { token_id: 'CRM bridge' } });
  });

  test.each([
    [{ days: 0 }, 'days'],
    [{ days: 366 }, 'days'],
    [{ days: null }, 'days'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['root'] }, 'scopes'],
    [{ scopes: ['users:r'] }, 'scopes'],
    [{ name: '' }, 'name'],
  ])('is not made of %j', async (more, field) => {
    const input = { name: 'x', scopes: ['customers:r'], days: 30, ...more };
    const answer = await a.as('operator')('POST', '/api/api_tokens/_actions/issue', input);
    expect(Object.keys((await json<ApiError>(answer, 422)).errors!)).toEqual([field]);
  });

  test('answers in the language it asks for', async () => {
    const { secret } = await issue('operator', ['customers:r']);
    const message = async (lang: string) =>
      ((await (await by(secret, { 'accept-language': lang })('GET', '/api/orders')).json()) as ApiError).message;
    expect(await message('en')).toMatch(/^You may not/);
    expect(await message('zh-CN')).toMatch(/没有权限/);
  });
});
