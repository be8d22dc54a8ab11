/**
 * Every route there is, found from the application itself: other sites, strangers, bodies of every wrong kind, SQL and paths
 * in each place of the path. Refusals are sentences; faults of ours do not occur.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { isClear } from './clear-answers.ts';

interface Route {
  method: string;
  path: string;
}

/** What visitors of pages anywhere ask: collect.test.ts. */
const MEASURING = ['/t.js', '/api/collect'];

let t: TestDatabase;
let a: TestApp;
let admin: Ask;
let unsafe: Route[];
let writes: Route[];
let safe: Route[];
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  admin = a.as('administrator');
  const seen = new Set<string>();
  const all = a.app.routes.filter(({ method, path }) => {
    const key = `${method} ${path}`;
    return method !== 'ALL' && !MEASURING.includes(path) && !seen.has(key) && seen.add(key);
  });
  unsafe = all.filter(({ method }) => method !== 'GET');
  // Whoever leaves is asked nothing more.
  writes = unsafe.filter(({ path }) => path !== '/api/auth/sign-out');
  // One never ends, and one leaves for another site.
  safe = all.filter(({ method, path }) => method === 'GET' && !/_events|oidc/.test(path));
});
afterAll(() => t?.close());

/** The path with something right in each place. */
function filled(path: string, given: { [param: string]: string } = {}): string {
  const right: { [param: string]: string } = {
    ...{ resource: 'products', role: 'viewer', code: 'AAAAAAAA', name: 'retire', field: 'parent_id' },
    ...{ area: 'sales', param: 'from', id: '1' },
    ...given,
  };
  return path.replace(/:(\w+)/g, (_, name: string) => right[name] ?? '1');
}

test('there are routes to look at', () => {
  expect(unsafe.length).toBeGreaterThan(30);
  expect(safe.length).toBeGreaterThan(25);
});

describe('every route that writes', () => {
  test.each<[string, { [name: string]: string }]>([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sister site', { 'sec-fetch-site': 'same-site', origin: 'http://other.localhost' }],
    ['a form of another site in an old browser', { origin: 'https://evil.example', 'content-type': 'text/plain' }],
    ['a sandboxed frame', { origin: 'null', 'content-type': 'application/x-www-form-urlencoded' }],
    ['another port', { origin: 'http://localhost:9', host: 'localhost' }],
    ['a file form', { origin: 'https://evil.example', 'content-type': 'multipart/form-data; boundary=x' }],
  ])('is closed to %s, cookie or not', async (_, headers) => {
    for (const { method, path } of unsafe) {
      for (const ask of [admin, a.anyone]) {
        const answer = await ask(method, filled(path), '{}', headers);
        expect([method, path, answer.status]).toEqual([method, path, 403]);
        expect(((await answer.json()) as ApiError).key).toBe('cross_site');
      }
    }
  });

  test('is closed to strangers, and so is every one that reads', async () => {
    for (const { method, path } of [...unsafe, ...safe]) {
      if (path.startsWith('/api/auth/') || PUBLIC.test(path)) continue;
      const answer = await a.anyone(method, filled(path), method === 'GET' ? undefined : '{}');
      expect([method, path, answer.status]).toEqual([method, path, 401]);
    }
  });

  const deep = (times: number, open: string, close: string) => `{"a":${open.repeat(times)}1${close.repeat(times)}}`;
  const BODIES: { [title: string]: string } = {
    'no JSON': '{"a":',
    'a list': '[1]',
    'a text': '"x"',
    null: 'null',
    nothing: '',
    'a NUL': '{"name":"a\\u0000b"}',
    'half a letter': '{"name":"\\ud800"}',
    'a prototype': '{"__proto__":{"administrator":true}}',
    'a key beyond all': `{"${'k'.repeat(100_000)}":1}`,
    'lists ten thousand deep': deep(10_000, '[', ']'),
    'objects ten thousand deep': deep(10_000, '{"a":', '}'),
    'a condition ten thousand deep': `{"where":${'{"not":'.repeat(10_000)}{}${'}'.repeat(10_000)}}`,
    'a hundred thousand ids': `{"ids":[${Array.from({ length: 100_000 }, (_, at) => at).join()}]}`,
    'another alphabet than UTF-8': '{"name":"\u00ff"}',
  };
  test.each(Object.entries(BODIES))('answers %s in a sentence', async (_, body) => {
    for (const { method, path } of writes) await isClear(await admin(method, filled(path), body), `${method} ${path}`);
  });

  test('takes no more than it can hold', async () => {
    let refused = 0;
    const ten = `{"name":"${'x'.repeat(10_000_000)}"}`;
    for (const { method, path } of writes) {
      // Files and orders come in greater pieces.
      if (/_import$|v1/.test(path)) continue;
      const answer = await admin(method, filled(path), ten);
      // Some look at the record first, some take no body at all.
      await isClear(answer, path);
      if (answer.status === 413) refused++;
    }
    expect(refused).toBeGreaterThan(15);
  });

  const KEYS = [
    ...['ids', 'filter', 'expected', 'set', 'clear', 'delete', 'dry_run', 'reason', 'input', 'entry', 'fields', 'id'],
    ...['values', 'draft', 'note', 'effective_at', 'resource', 'name', 'settings', 'visibility', 'roles', 'refresh_s'],
    ...[
      'default_roles',
      'mapping',
      'mode',
      'letters',
      'rows',
      'actions',
      'email',
      'password',
      'token',
      'lang',
      'columns',
    ],
    ...['layout', 'view', 'density', 'widths', 'sort', 'lines', 'customer', 'external_id'],
  ];
  const STRANGE = [
    '{"toString":1,"valueOf":1}',
    '[{"toString":1}]',
    '[["x"]]',
    '-1e308',
    '"\\u202e\'; drop table x;--"',
    'false',
  ];
  test('takes nothing strange under any key that one of them knows', { timeout: 120_000 }, async () => {
    for (const { method, path } of writes) {
      const with_version: { [name: string]: string } = /_permissions/.test(path) ? { 'if-match': '"0"' } : {};
      for (const [at, key] of KEYS.entries()) {
        for (const value of [STRANGE[at % STRANGE.length], STRANGE[(at + 1) % STRANGE.length]]) {
          const about = `${method} ${path} {"${key}":${value}}`;
          const answer = await admin(method, filled(path), `{"${key}":${value}}`, with_version);
          expect(answer.status, about).not.toBe(401);
          await isClear(answer, about);
        }
      }
    }
  });

  test('remembers none of it: shared settings hold what they know only', async () => {
    for (const [setting, value] of Object.entries({
      layout: ['cards'],
      density: ['compact'],
      view: ['ABCDEFGH'],
      size: '25',
    })) {
      const answer = await admin('PUT', '/api/_preferences/products', { [setting]: value } as Row);
      const { errors = {} } = (await answer.json()) as ApiError;
      expect([setting, answer.status, Object.keys(errors)]).toEqual([setting, 422, [`settings.${setting}`]]);
    }
    const meta = (await (await admin('GET', '/api/_meta')).json()) as { preferences: Row };
    expect(JSON.stringify(meta.preferences)).not.toMatch(/drop table|toString/);
  });
});

/** One in each line: texts, paths, numbers, names of objects' own. */
/** Short addresses in messages, pages for visitors, and the way out of a subscription. */
const PUBLIC = /^\/(l|p|unsubscribe)\//;
const PLACES = `' or 1=1 --
1; drop table app.users
../../../etc/passwd
..\\..\\windows
\0
-1
0
9999999999999999999
1e3
__proto__
constructor
%25
\u202e
💩
$me
${'x'.repeat(3000)}`.split('\n');

test('every place of every address takes what is hostile for what it is: nothing', { timeout: 120_000 }, async () => {
  for (const { method, path } of [...safe, ...writes]) {
    for (const [, param] of path.matchAll(/:(\w+)/g)) {
      for (const place of PLACES) {
        const url = filled(path, { [param!]: encodeURIComponent(place) });
        if (PUBLIC.test(path) && method === 'GET') {
          // Read by anybody, in a browser.
          expect((await a.anyone('GET', url)).status).toBe(404);
          continue;
        }
        const answer = await admin(method, url, method === 'GET' ? undefined : '{}');
        await isClear(answer, `${method} ${url.slice(0, 200)}`);
      }
    }
  }
});
