/** What leads to the outside world is typed by people: whatever is wrong is said at its field, in both languages, and nothing is kept. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { loadResources } from '../../api/definitions.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
const resources = await loadResources();
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp({ ...t, config: { ...t.config, private_webhooks: false } });
});
afterAll(() => t?.close());

const SMTP = {
  ...{ code: 'mail', name: '邮件', name_en: 'Mail', channel: 'email', kind: 'smtp', status: 'paused' },
  ...{ host: 'mail.example.com', port: 465, security: 'tls', from_address: 'a@example.com' },
};
const TAG = { kind: 'referrer', tag: '推荐人' };
const HOOK = { name: 'CRM', url: 'https://crm.example.com/hook', topics: ['tier.changed'] };
const GOOD: { [resource: string]: Row } = { message_adapters: SMTP, outside_tags: TAG, webhook_endpoints: HOOK };
const rows = async (resource: string) =>
  (
    await sql<{ count: number }>`select count(*)::integer as count from ${sql.table(`app.${resource}`)}`.execute(
      t.owner,
    )
  ).rows[0]!.count;

const lines = ['', '  ', 'a\u0007b', 7, true, [], {}, ['x'], { zh: 'x' }, '长'.repeat(3000)];
const wholes = ['', 'abc', '5e3', '٥', 1.5, -1, 0, 1e300, '9'.repeat(400), true, [], {}, [587]];
const hosts = [
  ...[
    'http://mail.example.com',
    'mail.example.com:25',
    'mail example',
    'a@b.com',
    '999.1.1.1',
    '10.1',
    '-a.com',
    'a..b',
  ],
  ...['[::1]', 'mail.example.com/x', 'x'.repeat(201), 25, {}],
];
test.each<[string, string, unknown[]]>([
  ['message_adapters', 'name', lines],
  ['message_adapters', 'code', [...lines, 'Mail', '1a', '邮件', 'a b']],
  ['message_adapters', 'channel', ['fax', '', 7, ['email'], {}]],
  ['message_adapters', 'kind', ['ftp', '', null, 7]],
  ['message_adapters', 'host', ['', null, ...hosts]],
  ['message_adapters', 'port', [...wholes, null, 65_536]],
  ['message_adapters', 'security', ['ssl', '', null, 1]],
  ['message_adapters', 'from_address', ['', null, 'a', 'a@b', 'a@b..c', 'a b@c.de', 'x'.repeat(300), 7, ['a@b.de']]],
  ['message_adapters', 'timeout_seconds', [...wholes, null, 61]],
  ['message_adapters', 'parallel', [...wholes, null, 51]],
  ['webhook_endpoints', 'name', lines],
  ['webhook_endpoints', 'url', [...lines, 'https://', 'https://crm.example.com:99999', 'https://crm.example.com:x/']],
  ['webhook_endpoints', 'topics', ['', null, [], {}, 'tier.changed, x', ['x'], [['tier.changed']], [null]]],
  ['webhook_endpoints', 'retry_seconds', [...wholes, null, 86_401]],
  ['outside_tags', 'tag', [...lines, null, '签'.repeat(61)]],
  ['outside_tags', 'kind', ['', null, 'vip', 1, ['tier']]],
])('%s: what is wrong with %s is said there', async (resource, field, wrong) => {
  const before = await rows(resource);
  const [zh, en] = resources.get(resource)!.fields[field]!.label;
  for (const value of wrong) {
    for (const [lang, label] of [
      ['zh', zh],
      ['en', en],
    ] as const) {
      const body = { ...GOOD[resource], [field]: value as never };
      const answer = await a.as('administrator')('POST', `/api/${resource}`, body, { 'accept-language': lang });
      const said = await answer.text();
      const asked = `${field} = ${JSON.stringify(value)?.slice(0, 60)}: ${answer.status} ${said.slice(0, 300)}`;
      expect(answer.status, asked).toBe(422);
      const { errors = {} } = JSON.parse(said) as ApiError;
      expect(Object.keys(errors), asked).toEqual([field]);
      expect(errors[field]!.message, asked).toContain(label);
      expect(/[\u4e00-\u9fff]/.test(errors[field]!.message), asked).toBe(lang === 'zh');
    }
  }
  expect(await rows(resource)).toBe(before);
});

test.each([
  ['mail.example.com', 25],
  ['mailhog', 1025],
  ['192.168.1.20', 2525],
  ['::1', 65_535],
  ['邮件.例子.中国', 587],
])('the mail server %s at port %s is kept as it is typed', async (host, port) => {
  const answer = await a.as('administrator')('POST', '/api/message_adapters', {
    ...SMTP,
    ...{ code: `mail_${port}`, host, port },
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  expect(await answer.json()).toMatchObject({ host, port });
});

test('a tag of something that is not there, or of nothing, is refused at what it stands for', async () => {
  for (const kind of ['tier', 'segment', 'title'])
    for (const id of [undefined, null, 999_999, 'x', -1, 1e20, [1]]) {
      const answer = await a.as('administrator')('POST', '/api/outside_tags', {
        kind,
        tag: 'x',
        [`${kind}_id`]: id as never,
      });
      expect(answer.status, `${kind} ${String(id)}`).toBe(422);
      expect(Object.keys(((await answer.json()) as ApiError).errors ?? {})).toEqual([`${kind}_id`]);
    }
});

test('a number that is a name is shown digit after digit', () => {
  const grouped = [...resources.values()].flatMap(({ name, fields }) =>
    Object.entries(fields)
      .filter(([key, field]) => field.kind === 'integer' && !field.plain && /(^|_)(id|no|port|year)$/.test(key))
      .map(([key]) => `${name}.${key}`),
  );
  expect(grouped).toEqual([]);
});
