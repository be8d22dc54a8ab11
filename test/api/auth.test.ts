import { randomBytes } from 'node:crypto';
import { verify } from '@node-rs/argon2';
import type { Hono } from 'hono';
import { Kysely, PostgresDialect } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createApp } from '../../api/app.ts';
import { acceptedLanguage } from '../../api/auth.ts';
import type { Env } from '../../api/context.ts';
import type { Resource } from '../../api/contract.ts';
import { loadResources } from '../../api/definitions.ts';
import { withDefinitions } from '../../api/live-definitions.ts';
import { buckets, network } from '../../api/rate-limit/bucket.ts';
import type { DB } from '../../api/schema.ts';
import { firstAdministratorLink } from '../../api/sign-in/first-administrator.ts';
import { forgetCallers } from '../../api/sign-in/kept-callers.ts';
import { hashPassword, passwordProblem } from '../../api/sign-in/passwords.ts';
import { closeSession, digest, findSession, openSession, usersChanged } from '../../api/sign-in/sessions.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

// As it is; only what it is asked is noted.
vi.mock('@node-rs/argon2', { spy: true });

let database: TestDatabase;
let ask: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>;
let hash: string;
let resources: ReadonlyMap<string, Resource>;
const PASSWORD = 'seven-lotus-pond';

beforeAll(async () => {
  resources = await loadResources();
  database = await testDatabase();
  const app = await openApp(database);
  ask = async (method, path, body, headers = {}) =>
    app.request(path, {
      method,
      headers: {
        'x-forwarded-for': `10.${randomBytes(3).join('.')}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
  hash = await hashPassword(PASSWORD);
});
afterAll(() => database.close());

/** @param separate with a memory of its own, as another process has */
async function openApp(t: TestDatabase, { separate = false } = {}): Promise<Hono<Env>> {
  const db = separate ? new Kysely<DB>({ dialect: new PostgresDialect({ pool: t.pool }) }) : t.db;
  const config = { ...t.config, trust_proxy: true };
  const log = pino({ level: 'silent' });
  return createApp(await withDefinitions({ config, db, pool: t.pool, report: t.report, log }, resources));
}

/** A person with a password; every test has its own. */
async function person(
  roles: string[] = ['viewer'],
  more: { status?: string; lang?: string; password_hash?: null } = {},
) {
  const email = `p${randomBytes(6).toString('hex')}@shop.example`;
  const { id } = await database.db
    .insertInto('app.users')
    .values({ email, name: '王小明', roles, password_hash: hash, ...more })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, email };
}

async function signIn(email: string, password: unknown = PASSWORD, headers: Record<string, string> = {}) {
  const response = await ask('POST', '/api/auth/sign-in', { email, password }, headers);
  return { response, status: response.status, cookie: cookieOf(response) };
}
function cookieOf(response: Response): string {
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}
/** 200 or 204 when the cookie is signed in. */
async function statusOfMe(cookie: string): Promise<number> {
  return (await ask('GET', '/api/_meta', undefined, { cookie })).status;
}

describe('signing in', () => {
  test('gives a cookie that scripts cannot read and that other sites do not send', async () => {
    const { email } = await person();

    const { response, cookie } = await signIn(` ${email.toUpperCase()} `);

    expect(response.status).toBe(200);
    expect(response.headers.get('set-cookie')).toMatch(
      /^evergreen_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect(await statusOfMe(cookie)).toBe(200);
  });

  test('marks the cookie Secure over https', async () => {
    const { email } = await person();
    const { response } = await signIn(email, PASSWORD, { 'x-forwarded-proto': 'https' });
    expect(response.headers.get('set-cookie')).toContain('; Secure');
  });

  test('stores only the digest of the token', async () => {
    const { email, id } = await person();
    const { cookie } = await signIn(email);
    const stored = await database.owner.selectFrom('app.sessions').selectAll().where('user_id', '=', id).execute();
    expect(stored).toHaveLength(1);
    expect(stored[0]?.token_hash).toEqual(digest(cookie.split('=')[1] as string));
    expect(JSON.stringify(stored)).not.toContain(cookie.split('=')[1]);
  });

  test('does not go on with a session that was there before', async () => {
    const [victim, attacker] = [await person(), await person()];
    const planted = (await signIn(attacker.email)).cookie;

    const { cookie } = await signIn(victim.email, PASSWORD, { cookie: planted });

    expect(cookie).not.toBe(planted);
    expect(await statusOfMe(planted)).toBe(401);
    const mine = `evergreen_session=${'A'.repeat(43)}`;
    expect((await signIn(victim.email, PASSWORD, { cookie: mine })).cookie).not.toBe(mine);
    expect(await statusOfMe(mine)).toBe(401);
  });

  test('answers a wrong password, an unknown address and a person without password alike', async () => {
    const { email } = await person();
    const invited = await person();
    await database.owner.updateTable('app.users').set({ password_hash: null }).where('id', '=', invited.id).execute();

    const answers = await Promise.all(
      [email, 'nobody@shop.example', invited.email].map(async (address) => {
        const { response } = await signIn(address, 'not the password');
        const { request_id: _, ...body } = (await response.json()) as { [key: string]: unknown };
        return { status: response.status, body };
      }),
    );

    expect(answers[0]).toMatchObject({ status: 401, body: { key: 'sign_in_failed' } });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test('does the same work for an address that nobody has, and for one without a password', async () => {
    const { email } = await person();
    const invited = await person(['viewer'], { password_hash: null });
    const work: string[] = [];
    for (const address of [email, 'nobody@nowhere.example', invited.email]) {
      vi.mocked(verify).mockClear();
      await signIn(address, 'wrong-wrong-wrong');
      // How costly a comparison is stands at the front of the hash it is made with.
      work.push(
        vi
          .mocked(verify)
          .mock.calls.map(([against]) => String(against).split('$').slice(1, 4))
          .join(),
      );
    }
    expect(work[0]).toMatch(/^argon2id,v=19,m=\d+,t=\d+,p=\d+$/);
    expect(work).toEqual([work[0], work[0], work[0]]);
  });

  test('tells that an account is disabled only to who knows the password', async () => {
    const { email } = await person(['viewer'], { status: 'disabled' });
    expect((await signIn(email, 'something else')).status).toBe(401);
    const { response } = await signIn(email);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ key: 'account_disabled' });
  });

  test('answers in the language of the browser, Chinese otherwise', async () => {
    const message = async (accept: string) => {
      const { response } = await signIn('nobody@x.example', 'x', accept ? { 'accept-language': accept } : {});
      return ((await response.json()) as { message: string }).message;
    };
    expect(await message('en-GB,en;q=0.9')).toMatch(/^[\x20-\x7e’]+$/);
    expect(await message('')).toMatch(/\p{Script=Han}/u);
    expect(acceptedLanguage('fr, en;q=0.5, zh-TW;q=0.7')).toBe('zh');
    expect(acceptedLanguage('fr;q=1, de')).toBe('zh');
    expect(acceptedLanguage('en;q=0, zh;q=0')).toBe('zh');
  });

  test('remembers who signed in and who failed, without the password', async () => {
    const { email, id } = await person();
    await signIn(email, 'a very secret guess');
    const { cookie } = await signIn(email);
    await ask('POST', '/api/auth/sign-out', undefined, { cookie });
    await signIn('stranger@x.example', 'a very secret guess');

    const entries = await database.owner
      .selectFrom('app.audit_entries')
      .selectAll()
      .where('resource', '=', 'sign_ins')
      .orderBy('id')
      .execute();
    expect(entries.filter(({ user_id }) => user_id === id).map(({ action }) => action)).toEqual([
      'sign_in_failed',
      'sign_in',
      'sign_out',
    ]);
    expect(entries.at(-1)).toMatchObject({ user_id: null, actor: 'unknown', action: 'sign_in_failed' });
    expect(JSON.stringify(entries)).not.toContain('secret');
    expect(JSON.stringify(entries)).not.toContain('stranger');
  });
});

describe('wrong passwords', () => {
  test('lock the address after five, also to the right password, known or not', async () => {
    const { email } = await person();
    for (const address of [email, 'nobody-at-all@x.example']) {
      for (let round = 0; round < 5; round++) expect((await signIn(address, `guess ${round}`)).status).toBe(401);
      const { response } = await signIn(address, PASSWORD);
      expect(response.status).toBe(429);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(20);
      expect(await response.json()).toMatchObject({ key: 'sign_in_locked' });
    }
    const actions = await database.owner
      .selectFrom('app.audit_entries')
      .select('action')
      .where('actor', '=', email)
      .orderBy('id')
      .execute();
    expect(actions.map(({ action }) => action)).toEqual([...Array(4).fill('sign_in_failed'), 'locked']);
  });

  test('get five guesses and no more when thirty-two come at once', async () => {
    const { email } = await person();
    const statuses = (await Promise.all(Array.from({ length: 32 }, (_, i) => signIn(email, `guess ${i}`)))).map(
      (a) => a.status,
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(27);
  });

  test('wait twice as long each time, and a right one after the wait starts over', async () => {
    const { email } = await person();
    const address = digest(email);
    const locked = async () =>
      await database.owner
        .selectFrom('app.sign_in_failures')
        .selectAll()
        .where('email_hash', '=', address)
        .executeTakeFirst();
    const waits: number[] = [];
    for (let round = 0; round < 12; round++) {
      await signIn(email, 'wrong again');
      const row = await locked();
      // Both are told by the database, for the same attempt.
      if (row?.locked_until)
        waits.push(Math.round((Date.parse(row.locked_until) - Date.parse(row.last_at)) / 30_000) / 2);
      await database.owner
        .updateTable('app.sign_in_failures')
        .set({ locked_until: new Date(0).toISOString() })
        .where('email_hash', '=', address)
        .where('locked_until', 'is not', null)
        .execute();
    }
    expect(waits).toEqual([0.5, 1, 2, 4, 8, 15, 15, 15]);
    expect((await signIn(email)).status).toBe(200);
    expect(await locked()).toBeUndefined();
  });

  test('do not lock out the same person signing in thirty-two times at once', async () => {
    const { email } = await person();
    const statuses = (await Promise.all(Array.from({ length: 32 }, () => signIn(email)))).map((a) => a.status);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  test('of sixty addresses from one place are enough for it', async () => {
    const from = { 'x-forwarded-for': '198.51.100.7, 203.0.113.9' };
    const guesses = Array.from({ length: 61 }, (_, i) => signIn(`guess${i}@x.example`, 'wrong', from));
    const answers = await Promise.all(guesses);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(60);
    const refused = answers.find(({ status }) => status === 429)?.response;
    expect(await refused?.json()).toMatchObject({ key: 'too_many_attempts' });
    expect((await signIn('guess0@x.example', 'wrong', { 'x-forwarded-for': '198.51.100.7' })).status).toBe(401);
  });

  test('are limited per network address, in bounded memory', () => {
    const counted = buckets({ burst: 60, per_minute: 6 });
    const limits = { take: (address: string, now: number) => counted.take(network(address), now) };
    const waits = Array.from({ length: 61 }, () => limits.take('10.0.0.1', 0));
    expect(waits.slice(0, 60)).toEqual(Array(60).fill(0));
    expect(waits[60]).toBe(10);
    expect(limits.take('::ffff:10.0.0.1', 0)).toBeGreaterThan(0);
    expect(limits.take('10.0.0.2', 0)).toBe(0);
    expect(limits.take('10.0.0.1', 10_001)).toBe(0);
    for (let i = 0; i < 60; i++) limits.take(`2001:db8:0:7::${i.toString(16)}`, 0);
    expect(limits.take('2001:db8:0:7:ffff::1', 0)).toBeGreaterThan(0);
    expect(limits.take('2001:db8:0:8::1', 0)).toBe(0);
    for (let i = 0; i < 20_000; i++) limits.take(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 0);
    expect(counted.size).toBeLessThanOrEqual(10_000);
  });
});

describe('hostile input', () => {
  test.each([
    ['no body', undefined, 415],
    ['no JSON', '{"email":', 400],
    ['an array', ['a', 'b'], 400],
    ['null', 'null', 400],
    ['nothing in it', {}, 422],
    ['an array for a password', { email: 'a@b.example', password: ['x'] }, 422],
    ['an object for an address', { email: { $ne: '' }, password: 'x' }, 422],
    ['a prototype', '{"__proto__":{"email":"a@b.example","password":"x"}}', 400],
    ['NUL in the address', { email: 'a\0@b.example', password: 'x' }, 400],
    ['NUL in the password', { email: 'a@b.example', password: 'x\0y' }, 400],
    ['half a surrogate', { email: '\ud800@b.example', password: '\udfff' }, 400],
    ['an address of 10,000 characters', { email: `${'a'.repeat(10_000)}@b.example`, password: 'x' }, 401],
    ['SQL', { email: `' or 1=1 --`, password: `' or 1=1 --` }, 401],
    ['a password of a megabyte', { email: 'a@b.example', password: 'x'.repeat(1_000_000) }, 413],
  ])('%s is answered clearly', async (_name, body, status) => {
    const response = await ask('POST', '/api/auth/sign-in', body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ key: expect.any(String), message: expect.any(String) });
  });

  test('composed and decomposed accents are one password', async () => {
    const { id, email } = await person();
    const password_hash = await hashPassword('caf\u00e9-of-the-north');
    await database.owner.updateTable('app.users').set({ password_hash }).where('id', '=', id).execute();
    expect((await signIn(email, 'cafe\u0301-of-the-north')).status).toBe(200);
  });

  test('a cookie that was changed, cut or doubled is nobody', async () => {
    const { cookie } = await signIn((await person()).email);
    const token = cookie.split('=')[1] as string;
    const flipped = (token[0] === 'A' ? 'B' : 'A') + token.slice(1);
    for (const wrong of [
      flipped,
      token.slice(0, -1),
      `${token}A`,
      `${token}%00`,
      '',
      'null',
      "' or true --",
      digest(token).toString('base64url'),
    ]) {
      expect(await statusOfMe(`evergreen_session=${wrong}`)).toBe(401);
    }
    expect(await statusOfMe(cookie)).toBe(200);
  });
});

describe('requests from elsewhere', () => {
  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
    ['a sister site', { 'sec-fetch-site': 'same-site', origin: 'http://other.localhost' }, 403],
    ['another origin, in a browser that only says Origin', { origin: 'https://evil.example' }, 403],
    ['a sandboxed frame', { origin: 'null' }, 403],
    ['another port', { origin: 'http://localhost:9999', host: 'localhost:8080' }, 403],
    ['our page', { 'sec-fetch-site': 'same-origin', origin: 'http://localhost' }, 200],
    ['our page over plain http', { origin: 'http://console.example:8080', host: 'console.example:8080' }, 200],
    ['our page behind a proxy', { origin: 'https://console.example', 'x-forwarded-host': 'console.example' }, 200],
    ['no browser', {}, 200],
  ])('signing in from %s', async (_name, headers, status) => {
    const { email } = await person();
    const { response } = await signIn(email, PASSWORD, headers as Record<string, string>);
    expect(response.status).toBe(status);
    if (status === 403) {
      expect(await response.json()).toMatchObject({ key: 'cross_site' });
      expect(response.headers.get('set-cookie')).toBeNull();
    }
  });

  test('no unsafe method of a signed-in person is carried out for another site', async () => {
    const { cookie } = await signIn((await person(['administrator'])).email);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const response = await ask(
        method,
        '/api/tiers',
        {},
        { cookie, origin: 'https://evil.example', 'content-type': 'text/plain' },
      );
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ key: 'cross_site' });
    }
    expect(
      (await ask('POST', '/api/auth/sign-out', undefined, { cookie, 'sec-fetch-site': 'cross-site' })).status,
    ).toBe(403);
    expect(await statusOfMe(cookie)).toBe(200);
  });
});

describe('a session', () => {
  test('ends at once when signing out, and only that one', async () => {
    const { email } = await person();
    const [here, there] = [(await signIn(email)).cookie, (await signIn(email)).cookie];
    expect(await statusOfMe(here)).toBe(200);

    const response = await ask('POST', '/api/auth/sign-out', undefined, { cookie: here });

    expect(response.status).toBe(204);
    expect(response.headers.get('set-cookie')).toMatch(/evergreen_session=;.*Max-Age=0/);
    expect(await statusOfMe(here)).toBe(401);
    expect(await statusOfMe(there)).toBe(200);
  });

  test('is not brought back by a look-up that was under way when it ended', async () => {
    const { email } = await person();
    const token = (await signIn(email)).cookie.split('=')[1];
    const [reached, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = database.db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        reached.resolve();
        await release.promise;
        return result;
      },
    });

    const under_way = findSession(slow, token);
    await reached.promise;
    await closeSession(database.db, token as string);
    forgetCallers(slow);
    release.resolve();

    expect(await under_way).toMatchObject({ email });
    expect(await findSession(slow, token)).toBeNull();
  });

  test('ends after eight idle hours and after seven days', async () => {
    const { id, email } = await person();
    const age = async (set: { last_seen_at?: string; expires_at?: string }) => {
      await database.owner.updateTable('app.sessions').set(set).where('user_id', '=', id).execute();
      forgetCallers(database.db);
    };
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    const { cookie } = await signIn(email);
    await age({ last_seen_at: hoursAgo(7.9) });
    expect(await statusOfMe(cookie)).toBe(200);
    const seen = await database.owner
      .selectFrom('app.sessions')
      .select('last_seen_at')
      .where('user_id', '=', id)
      .executeTakeFirstOrThrow();
    expect(seen.last_seen_at > hoursAgo(1)).toBe(true);
    await age({ last_seen_at: hoursAgo(8.1) });
    expect(await statusOfMe(cookie)).toBe(401);
    await age({ last_seen_at: hoursAgo(0), expires_at: hoursAgo(0.01) });
    expect(await statusOfMe(cookie)).toBe(401);
  });

  test('is looked up once for requests that come together', async () => {
    const { email } = await person();
    const token = (await signIn(email)).cookie.split('=')[1];
    let asked = 0;
    const counting = new Proxy(database.db, {
      get(target, name, receiver) {
        if (name === 'selectFrom') asked++;
        const value: unknown = Reflect.get(target, name, receiver);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const callers = await Promise.all(Array.from({ length: 50 }, () => findSession(counting, token)));
    expect(callers.every((caller) => caller?.email === email)).toBe(true);
    await findSession(counting, token);
    expect(asked).toBe(1);
  });

  test('has the roles of the next request, and none once disabled', async () => {
    const admin = await signIn((await person(['administrator'])).email);
    const { id, email } = await person(['viewer']);
    const { cookie } = await signIn(email);
    const rolesOfMe = async () =>
      ((await (await ask('GET', '/api/_meta', undefined, { cookie })).json()) as { user?: { roles: string[] } }).user
        ?.roles;
    const patch = (values: object) => ask('PATCH', `/api/users/${id}`, values, { cookie: admin.cookie });

    expect(await rolesOfMe()).toEqual(['viewer']);
    expect((await patch({ roles: ['analyst'] })).status).toBe(200);
    expect(await rolesOfMe()).toEqual(['analyst']);
    expect((await patch({ status: 'disabled' })).status).toBe(200);
    expect(await statusOfMe(cookie)).toBe(401);
    expect((await patch({ status: 'active' })).status).toBe(200);
    expect(await statusOfMe(cookie)).toBe(401);
  });

  test('follows within a second what another process changed', async () => {
    const { id, email } = await person();
    const { cookie } = await signIn(email);
    const elsewhere = await openApp(database, { separate: true });
    const there = async () => (await elsewhere.request('/api/_meta', { headers: { cookie } })).status;
    expect(await there()).toBe(200);
    await database.owner.updateTable('app.users').set({ status: 'disabled' }).where('id', '=', id).execute();
    await usersChanged(database.db);
    expect(await statusOfMe(cookie)).toBe(401);
    await new Promise((resolve) => setTimeout(resolve, 1050));
    expect(await there()).toBe(401);
  });

  test('does not outlive the password, whoever changed it', async () => {
    const { id, email } = await person();
    const { cookie } = await signIn(email);
    await database.owner
      .updateTable('app.users')
      .set({ password_hash: await hashPassword('x') })
      .where('id', '=', id)
      .execute();
    forgetCallers(database.db);
    expect(await statusOfMe(cookie)).toBe(401);
    const late = await openSession(database.db, { user_id: id, password_hash: hash, user_agent: null, ip: null });
    expect(await findSession(database.db, late)).toBeNull();
  });

  test('is one of at most fifty per person', async () => {
    const { id } = await person();
    for (let i = 0; i < 53; i++)
      await openSession(database.db, { user_id: id, password_hash: hash, user_agent: null, ip: null });
    const { count } = await database.db
      .selectFrom('app.sessions')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('user_id', '=', id)
      .executeTakeFirstOrThrow();
    expect(count).toBe(50);
  });
});

describe('one’s own account', () => {
  test('the language is the person’s, everywhere and at once', async () => {
    const { cookie } = await signIn((await person()).email);
    expect((await ask('PATCH', '/api/auth/me', { lang: 'xx' }, { cookie })).status).toBe(422);
    const response = await ask('PATCH', '/api/auth/me', { lang: 'en' }, { cookie });
    expect(await response.json()).toMatchObject({ user: { lang: 'en' } });
    const refused = async (header: string) => {
      const answer = await ask('PATCH', '/api/auth/me', { lang: 7 }, { cookie, 'accept-language': header });
      return ((await answer.json()) as { message: string }).message;
    };
    // What a browser sends of itself does not count; what a screen says of itself does.
    expect(await refused('zh-CN,zh;q=0.9')).not.toMatch(/\p{Script=Han}/u);
    expect(await refused('zh')).toMatch(/\p{Script=Han}/u);
    expect(await refused('en')).not.toMatch(/\p{Script=Han}/u);
    expect((await ask('PATCH', '/api/auth/me', { lang: 'en' })).status).toBe(401);
  });

  test('a new password needs the old one, ends other sessions and keeps this one', async () => {
    const { email } = await person();
    const [here, there] = [(await signIn(email)).cookie, (await signIn(email)).cookie];
    const change = (current: string, password: string) =>
      ask('POST', '/api/auth/change-password', { current, password }, { cookie: here });

    const wrong = await change('not it', 'eleven-herons-fly');
    expect(wrong.status).toBe(422);
    expect(await wrong.json()).toMatchObject({ errors: { current: { key: 'wrong_password' } } });
    const weak = await change(PASSWORD, 'password123');
    expect(await weak.json()).toMatchObject({ errors: { password: { key: 'password_too_common' } } });

    const done = await change(PASSWORD, 'eleven-herons-fly');
    expect(done.status).toBe(204);
    expect(await statusOfMe(cookieOf(done))).toBe(200);
    expect(await statusOfMe(there)).toBe(401);
    expect((await signIn(email)).status).toBe(401);
    expect((await signIn(email, 'eleven-herons-fly')).status).toBe(200);
  });

  test('a stolen session guesses the current password five times only', async () => {
    const { cookie } = await signIn((await person()).email);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) {
      statuses.push(
        (
          await ask(
            'POST',
            '/api/auth/change-password',
            { current: `g${i}`, password: 'eleven-herons-fly' },
            { cookie },
          )
        ).status,
      );
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429]);
  });

  test.each([
    ['short-one', 'password_too_short'],
    ['1234567890', 'password_too_common'],
    ['P@ssw0rd2026!', 'password_too_common'],
    ['qwertyuiop12', 'password_too_common'],
    ['woaini1314520', 'password_too_common'],
    ['13800138000', 'password_too_common'],
    ['li.wei.2026', 'password_too_common'],
    ['x'.repeat(257), 'password_too_long'],
    ['春天来了我们去公园吧', null],
    ['correct horse battery', null],
  ])('%s as a new password', (password, key) => {
    expect(passwordProblem(password, ['li.wei@shop.example', '李伟'])?.key ?? null).toBe(key);
  });
});

describe('the first administrator', () => {
  let fresh: TestDatabase;
  let set: (body: object) => Promise<Response>;
  beforeEach(async () => {
    fresh = await testDatabase();
    const app = await openApp(fresh);
    set = async (body) =>
      app.request('/api/auth/set-password', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    return () => fresh.close();
  });

  test('sets their address and password by a link that works once', async () => {
    const token = (await firstAdministratorLink(fresh)) as string;
    const refused = await set({ token, password: 'admin12345', email: 'no address' });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ errors: { password: {}, email: {} } });

    const response = await set({ token, password: PASSWORD, email: 'Boss@Shop.Example', name: '老板' });

    expect(response.status).toBe(204);
    expect(cookieOf(response)).toMatch(/^evergreen_session=/);
    expect((await set({ token, password: PASSWORD })).status).toBe(410);
    expect(await firstAdministratorLink(fresh)).toBeNull();
    const users = await fresh.owner.selectFrom('app.users').select(['email', 'name', 'roles', 'pii']).execute();
    expect(users).toEqual([{ email: 'boss@shop.example', name: '老板', roles: ['administrator'], pii: true }]);
    expect(JSON.stringify(await fresh.owner.selectFrom('app.sign_in_links').selectAll().execute())).not.toContain(
      token,
    );
  });

  test('is one, however many links there are and whoever races', async () => {
    const tokens = await Promise.all(Array.from({ length: 5 }, () => firstAdministratorLink(fresh)));
    const racers = [...tokens, ...tokens].map((token, i) =>
      set({ token, password: `${PASSWORD}-${i}`, email: `boss${i}@shop.example` }),
    );
    const statuses = (await Promise.all(racers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(9);
    expect(await fresh.owner.selectFrom('app.users').select('id').execute()).toHaveLength(1);
  });

  test('link is refused after a day, and offered again by the next start', async () => {
    const token = await firstAdministratorLink(fresh);
    await fresh.owner
      .updateTable('app.sign_in_links')
      .set({ expires_at: new Date(Date.now() - 1000).toISOString() })
      .execute();
    expect((await set({ token, password: PASSWORD })).status).toBe(410);
    expect((await set({ token: await firstAdministratorLink(fresh), password: PASSWORD })).status).toBe(204);
  });

  test('is asked for again when the last one was disabled', async () => {
    await set({ token: await firstAdministratorLink(fresh), password: PASSWORD, email: 'boss@shop.example' });
    await fresh.owner.updateTable('app.users').set({ status: 'disabled' }).execute();
    expect(await firstAdministratorLink(fresh)).not.toBeNull();
  });
});

test('demo people are named only in demo mode', async () => {
  const response = await ask('GET', '/api/auth/state');
  expect(await response.json()).toEqual({ signed_in: false, lang: 'zh', demo_users: null, oidc: null });
  expect(response.headers.get('cache-control')).toBe('no-store');
});
