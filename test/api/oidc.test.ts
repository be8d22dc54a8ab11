import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { type OidcConfig, readConfig } from '../../api/config.ts';
import { ownPath } from '../../api/routes/oidc.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { CLIENT_ID, CLIENT_SECRET, type OidcProvider, startOidcProvider } from '../oidc-provider.ts';

let t: TestDatabase;
let a: TestApp;
let provider: OidcProvider;
let sub: string;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  provider = await startOidcProvider();
});
afterAll(async () => {
  await provider?.stop();
  await t?.close();
});
beforeEach(() => {
  sub = randomBytes(6).toString('hex');
  provider.behave = { claims: { sub, email: `${sub}@shop.example`, email_verified: true, name: '林一' } };
});

/** The console with this provider, and a browser that keeps its cookies. */
function browser(more: Partial<OidcConfig> = {}, env: { [name: string]: string } = {}) {
  const base = readConfig({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT_ID,
    OIDC_CLIENT_SECRET: CLIENT_SECRET,
    ...env,
  });
  const { definitions, ...rest } = a.deps;
  const app = createApp({
    ...rest,
    config: { ...t.config, oidc: { ...base.oidc!, ...more } },
    definitions,
    get resources() {
      return definitions.resources;
    },
  });
  const cookies = new Map<string, string>();
  const visit = async (path: string) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await app.request(path, { headers: { host: 'console.example', ...(cookie ? { cookie } : {}) } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  /** Leaves for the provider and is where it sends the browser back to. */
  const leave = async (to = '/') => {
    const start = await visit(`/api/auth/oidc/start?${new URLSearchParams({ to })}`);
    const location = start.headers.get('location')!;
    if (!location.startsWith(provider.issuer)) return location;
    const sent = await fetch(location, { redirect: 'manual' });
    const back = new URL(sent.headers.get('location')!);
    return back.pathname + back.search;
  };
  return {
    cookies,
    visit,
    leave,
    /** The whole way: where the browser ends up. */
    enter: async (to = '/') => {
      const back = await leave(to);
      return back.startsWith('/sign-in') ? back : (await visit(back)).headers.get('location');
    },
    me: async () => {
      const answer = await visit('/api/_meta');
      return answer.status === 200
        ? ((await answer.json()) as { user: { email: string; roles: string[] } }).user
        : null;
    },
  };
}

async function person(more: { roles?: string[]; status?: string; password_hash?: string | null } = {}) {
  const email = `${sub}@shop.example`;
  const values = { email, name: '林一', roles: ['viewer'], ...more };
  const { id } = await t.db.insertInto('app.users').values(values).returning('id').executeTakeFirstOrThrow();
  return { id, email };
}

describe('somebody with an account', () => {
  test('comes in without a password and where they were going', async () => {
    const { email, id } = await person();
    const b = browser();
    expect(await b.enter('/tiers?q=x%26y')).toBe('/tiers?q=x%26y');
    expect(await b.me()).toMatchObject({ email, roles: ['viewer'] });
    const asked = provider.asked.at(-1)!;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: 'http://console.example/api/auth/oidc/callback',
    });
    const { actions } = await t.owner
      .selectFrom('app.audit_entries')
      .select((row) => row.fn.agg<string[]>('array_agg', ['action']).as('actions'))
      .where('user_id', '=', id)
      .executeTakeFirstOrThrow();
    expect(actions).toEqual(['sign_in']);
  });

  test('is known by the provider’s id from then on, whatever the address becomes', async () => {
    const { email } = await person();
    await browser().enter();
    provider.behave.claims = { sub, email: 'new-name@shop.example', email_verified: true };
    const b = browser();
    expect(await b.enter()).toBe('/');
    expect(await b.me()).toMatchObject({ email });
    provider.behave.claims = { sub: 'somebody else', email, email_verified: true };
    expect(await browser().enter()).toBe('/sign-in?problem=oidc_other_person');
  });

  test('is told by the userinfo endpoint where the token tells no address', async () => {
    const { email } = await person();
    provider.behave.shy = true;
    const b = browser();
    expect(await b.enter()).toBe('/');
    expect(await b.me()).toMatchObject({ email });
  });

  test('gets a session of their own, and the one that was planted before is over', async () => {
    await person();
    const b = browser();
    const planted = a.cookie('viewer').split('=')[1]!;
    b.cookies.set('evergreen_session', planted);
    await b.enter();
    expect(b.cookies.get('evergreen_session')).not.toBe(planted);
    expect((await a.as('viewer')('GET', '/api/_meta')).status).toBe(401);
  });

  test('is not let in when disabled', async () => {
    await person({ status: 'disabled' });
    const b = browser();
    expect(await b.enter()).toBe('/sign-in?problem=oidc_disabled');
    expect(await b.me()).toBeNull();
  });
});

describe('somebody unknown', () => {
  test('is not let in unless accounts are made by themselves', async () => {
    expect(await browser().enter()).toBe('/sign-in?problem=oidc_unknown');
    const b = browser({ auto_create: true, default_role: 'analyst' });
    expect(await b.enter()).toBe('/');
    expect(await b.me()).toMatchObject({ email: `${sub}@shop.example`, roles: ['analyst'], name: '林一' });
  });

  test.each([
    [{ email_verified: false }, 'oidc_no_email'],
    [{ email_verified: undefined }, 'oidc_no_email'],
    [{ email: undefined }, 'oidc_no_email'],
    [{ email: 'x@shop.example.evil.example' }, 'oidc_domain'],
    [{ email: 'x@shop.example@evil.example' }, 'oidc_domain'],
  ])('with %j is refused: %s', async (claims, problem) => {
    Object.assign(provider.behave.claims, claims);
    const b = browser({ auto_create: true, domains: ['shop.example'] });
    expect(await b.enter()).toBe(`/sign-in?problem=${problem}`);
    expect(await b.me()).toBeNull();
  });
});

describe('roles', () => {
  const mapping: Partial<OidcConfig> = {
    role_claim: 'realm.groups',
    roles: [
      ['crm-admins', 'administrator'],
      ['crm-ops', 'operator'],
      ['ghosts', 'no_such_role'],
    ],
  };

  test('follow the claim at each sign-in, and the change is in the audit', async () => {
    const { id } = await person();
    provider.behave.claims.realm = { groups: ['crm-ops', 'others'] };
    const b = browser(mapping);
    await b.enter();
    expect((await b.me())!.roles).toEqual(['operator']);
    provider.behave.claims.realm = { groups: ['crm-ops', 'crm-admins'] };
    await b.enter();
    expect((await b.me())!.roles).toEqual(['administrator', 'operator']);
    const entries = await t.owner
      .selectFrom('app.audit_entries')
      .select(['before', 'after'])
      .where('resource', '=', 'users')
      .where('record_id', '=', id)
      .orderBy('id')
      .execute();
    expect(entries.at(-1)).toEqual({
      before: { roles: ['operator'] },
      after: { roles: ['administrator', 'operator'] },
    });
  });

  test.each([[['strangers']], [['ghosts']], [null], ['crm']])('of %j let nobody in', async (groups) => {
    await person({ roles: ['administrator'] });
    provider.behave.claims.realm = { groups };
    const b = browser(mapping);
    expect(await b.enter()).toBe('/sign-in?problem=oidc_no_role');
    expect(await b.me()).toBeNull();
  });

  test('never leave the console without an administrator', async () => {
    const others = await t.db
      .updateTable('app.users')
      .set({ status: 'disabled' })
      .where((row) => row(row.val('administrator'), '=', row.fn.any('roles')))
      .returning('id')
      .execute();
    await person({ roles: ['administrator'], password_hash: 'x' });
    provider.behave.claims.realm = { groups: ['crm-ops'] };
    const b = browser(mapping);
    await b.enter();
    expect((await b.me())!.roles).toEqual(['administrator']);
    const ids = others.map(({ id }) => id);
    await t.db.updateTable('app.users').set({ status: 'active' }).where('id', 'in', ids).execute();
    await b.enter();
    expect((await b.me())!.roles).toEqual(['operator']);
  });
});

describe('a provider that misbehaves', () => {
  const now = () => Math.floor(Date.now() / 1000);
  test.each<[string, () => object, string]>([
    ['another nonce', () => ({ token: { nonce: 'x' } }), 'oidc_invalid'],
    ['no nonce', () => ({ token: { nonce: undefined } }), 'oidc_invalid'],
    ['another audience', () => ({ token: { aud: 'another-client' } }), 'oidc_invalid'],
    ['an expired token', () => ({ token: { iat: now() - 900, exp: now() - 600 } }), 'oidc_invalid'],
    ['another issuer', () => ({ token: { iss: 'https://evil.example' } }), 'oidc_invalid'],
    ['a key nobody published', () => ({ forged: true }), 'oidc_invalid'],
    ['another state', () => ({ state: 'x' }), 'oidc_expired'],
    ['a cancelled sign-in', () => ({ error: 'access_denied' }), 'oidc_cancelled'],
    ['an error', () => ({ error: 'server_error' }), 'oidc_refused'],
  ])('with %s signs nobody in', async (_, misbehave, problem) => {
    await person();
    Object.assign(provider.behave, misbehave());
    const b = browser();
    expect(await b.enter()).toBe(`/sign-in?problem=${problem}`);
    expect(await b.me()).toBeNull();
  });

  test('that is away says so, and the next try works when it is back', async () => {
    await person();
    const b = browser({ issuer: 'http://127.0.0.1:9' });
    expect(await b.enter()).toBe('/sign-in?problem=oidc_away');
    provider.behave.broken = true;
    expect(await browser().enter()).toMatch(/problem=oidc_(refused|invalid)/);
    provider.behave.broken = false;
    expect(await browser().enter()).toBe('/');
  });
});

describe('the way back', () => {
  test('is good once, in the browser that left, with the code of that attempt', async () => {
    await person();
    const b = browser();
    const back = await b.leave();
    const kept = new Map(b.cookies);
    expect((await browser().visit(back)).headers.get('location')).toBe('/sign-in?problem=oidc_expired');
    expect((await b.visit(back)).headers.get('location')).toBe('/');
    // Once more with the same code, the cookie of the attempt put back by hand.
    const thief = browser();
    for (const [name, value] of kept) thief.cookies.set(name, value);
    expect((await thief.visit(back)).headers.get('location')).toBe('/sign-in?problem=oidc_refused');
    expect(await thief.me()).toBeNull();
  });

  test('of one attempt does not take the code of another', async () => {
    await person();
    const [mine, theirs] = [browser(), browser()];
    const [back, other] = [await mine.leave(), await theirs.leave()];
    const code = new URL(other, 'http://x').searchParams.get('code')!;
    const mixed = new URL(back, 'http://x');
    mixed.searchParams.set('code', code);
    // PKCE: the code was made for another verifier.
    const answer = await mine.visit(mixed.pathname + mixed.search);
    expect(answer.headers.get('location')).toBe('/sign-in?problem=oidc_refused');
  });

  test.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'javascript:alert(1)',
    '/％2f/evil',
    `/${'x'.repeat(3000)}`,
    '',
  ])('never leads elsewhere: %j', async (to) => {
    await person();
    expect(await browser().enter(to)).toBe('/');
    expect(ownPath(to)).toBe('/');
  });

  test('with broken cookies is an expired attempt', async () => {
    for (const cookie of ['x', 'e30', Buffer.from('{"state":1}').toString('base64url'), '%00']) {
      const b = browser();
      b.cookies.set('evergreen_oidc', cookie);
      const answer = await b.visit('/api/auth/oidc/callback?state=a&code=b');
      expect(answer.headers.get('location')).toBe('/sign-in?problem=oidc_expired');
    }
  });
});

describe('the settings', () => {
  test('show a button only when there is a provider', async () => {
    const state = async (visit: (path: string) => Response | Promise<Response>) =>
      ((await (await visit('/api/auth/state')).json()) as { oidc: unknown }).oidc;
    expect(await state(browser({}, { OIDC_LABEL: '企业账号' }).visit)).toEqual({ label: '企业账号' });
    expect(await state((path) => a.anyone('GET', path))).toBeNull();
    expect((await a.anyone('GET', '/api/auth/oidc/start')).status).toBe(404);
  });

  test.each([
    [{ OIDC_ISSUER: 'http://login.example', OIDC_CLIENT_ID: 'x' }, /https/],
    [{ OIDC_ISSUER: 'login.example', OIDC_CLIENT_ID: 'x' }, /not an address/],
    [{ OIDC_ISSUER: 'https://login.example' }, /OIDC_CLIENT_ID/],
    [{ OIDC_ISSUER: 'https://login.example', OIDC_CLIENT_ID: 'x', OIDC_ROLES: 'a' }, /OIDC_ROLES/],
    [{ PUBLIC_URL: 'loyalty.example' }, /PUBLIC_URL/],
    [{ PUBLIC_URL: 'https://loyalty.example/path' }, /PUBLIC_URL/],
  ])('%j stop the start with a sentence', (env, sentence) => {
    expect(() => readConfig(env)).toThrow(sentence);
  });
});
