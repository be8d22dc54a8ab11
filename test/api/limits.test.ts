import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { readConfig } from '../../api/config.ts';
import type { ApiError } from '../../api/contract.ts';
import { buckets } from '../../api/rate-limit/bucket.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
});
afterAll(() => t?.close());

/** An application of its own whose limits are these. */
function limited(env: { [name: string]: string }) {
  const { limits } = readConfig({ LIMIT_ADDRESS: '0', LIMIT_USER: '0', LIMIT_TOKEN: '0', ...env });
  const config = { ...t.config, limits, trust_proxy: true };
  const { definitions, ...rest } = a.deps;
  const app = createApp({
    ...rest,
    config,
    definitions,
    get resources() {
      return definitions.resources;
    },
  });
  return (headers: { [name: string]: string }, path = '/api/tiers') => app.request(path, { headers });
}

async function statuses(count: number, ask: () => Response | Promise<Response>): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < count; i++) found.push((await ask()).status);
  return found;
}

describe('a person', () => {
  test('who asks too often waits, and is told how long; others do not', async () => {
    const ask = limited({ LIMIT_USER: '5/1' });
    const cookie = a.cookie('viewer');
    expect(await statuses(6, () => ask({ cookie }))).toEqual([200, 200, 200, 200, 200, 429]);

    const refused = await ask({ cookie });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(30);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(refused.headers.get('ratelimit-policy')).toBe('"user";q=5;w=300');
    expect(refused.headers.get('ratelimit')).toBe(`"user";r=0;t=${seconds}`);
    expect((await refused.json()) as ApiError).toMatchObject({ key: 'too_many_requests', params: { seconds } });
    expect((await ask({ cookie: a.cookie('manager') })).status).toBe(200);
  });

  test('is told with each answer what is left', async () => {
    const ask = limited({ LIMIT_USER: '50/1' });
    const left = async () => (await ask({ cookie: a.cookie('viewer') })).headers.get('ratelimit');
    expect([await left(), await left()]).toEqual(['"user";r=49', '"user";r=48']);
  });
});

describe('a token', () => {
  test('is counted apart from its owner and from other tokens', async () => {
    const issue = async (name: string) => {
      const input = { name, scopes: ['tiers:r'], days: 1 };
      const answer = await a.as('viewer')('POST', '/api/api_tokens/_actions/issue', input);
      return ((await answer.json()) as { secret: string }).secret;
    };
    const [one, two] = [await issue('one'), await issue('two')];
    const ask = limited({ LIMIT_TOKEN: '3/1', LIMIT_USER: '3/1' });
    expect(await statuses(4, () => ask({ authorization: `Bearer ${one}` }))).toEqual([200, 200, 200, 429]);
    expect((await ask({ authorization: `Bearer ${two}` })).headers.get('ratelimit')).toBe('"token";r=2');
    expect((await ask({ cookie: a.cookie('viewer') })).status).toBe(200);
  });
});

describe('an address', () => {
  test('that guesses is refused before the database is asked; those signed in do not use it up', async () => {
    const ask = limited({ LIMIT_ADDRESS: '4/1' });
    const from = { 'x-forwarded-for': '203.0.113.5' };
    expect(await statuses(8, () => ask({ ...from, cookie: a.cookie('viewer') }))).toEqual(Array(8).fill(200));
    const guess = () => ask({ ...from, authorization: `Bearer eg_${'B'.repeat(43)}` });
    expect(await statuses(5, guess)).toEqual([401, 401, 401, 401, 429]);
    expect((await ask({ 'x-forwarded-for': '203.0.113.6' })).status).toBe(401);
  });

  test('does not fill the memory by being many', () => {
    const counted = buckets({ burst: 10, per_minute: 60 });
    for (let i = 0; i < 25_000; i++) counted.take(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 0);
    expect(counted.size).toBe(10_000);
  });

  test('may ask again when the seconds it was told are over', () => {
    const counted = buckets({ burst: 2, per_minute: 60 });
    expect([1, 2, 3].map(() => counted.take('a', 0))).toEqual([0, 0, 1]);
    expect(counted.take('a', 999)).toBe(1);
    expect(counted.take('a', 1000)).toBe(0);
    expect(counted.take('a', 1000)).toBe(1);
    expect([1, 2, 3].map(() => counted.take('a', 60_000))).toEqual([0, 0, 1]);
  });
});

describe('the settings', () => {
  test.each(['10', '0/5', '5/0', 'a/b', '1/2/3', '-1/5'])('refuse %s with a sentence', (value) => {
    expect(() => readConfig({ LIMIT_TOKEN: value })).toThrow(/LIMIT_TOKEN=.*600\/1200/);
  });
  test('0 means no limit', async () => {
    expect(readConfig({ LIMIT_USER: '0' }).limits.user).toBeNull();
    const ask = limited({});
    const answer = await ask({ cookie: a.cookie('viewer') });
    expect(answer.headers.get('ratelimit')).toBeNull();
  });
});
