/** Others are told what happens: in the transaction of what it is, in order, signed, until it arrives; and again when asked. */
import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { tellSome } from '../../api/outbox/webhooks.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { type Writing, writing } from '../sql/messages.ts';
import { type HttpReceiver, httpReceiver } from './receivers.ts';

let t: TestDatabase;
let a: TestApp;
let w: Writing;
let http: HttpReceiver;
let tier: number;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  w = writing(t);
  http = await httpReceiver();
  const { rows } = await sql<{ id: number }>`
    insert into app.tiers (code, name, name_en, rank, enter_at, basis, window_kind, validity_kind, downgrade)
    values ('gold', 'g', 'g', 1, 1, 'spend', 'lifetime', 'forever', 'none') returning id`.execute(t.owner);
  tier = rows[0]!.id;
});
afterAll(async () => {
  await http?.close();
  await t?.close();
});
beforeEach(async () => {
  await sql`delete from app.webhook_endpoints`.execute(t.owner);
  http.posted.length = 0;
  http.answers(() => [200]);
});

const admin: TestApp['anyone'] = (...asked) => a.as('administrator')(...asked);
async function endpoint(of: Row = {}): Promise<number> {
  const answer = await admin('POST', '/api/webhook_endpoints', {
    ...{ name: 'CRM', url: http.url, topics: ['tier.changed'], retry_seconds: 1, timeout_seconds: 1, max_attempts: 3 },
    ...of,
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { id: number }).id;
}
const change = (customer: number, reason: string, db = t.owner) =>
  sql`insert into app.tier_changes (customer_id, to_tier_id, changed_at, reason, fact_kind, fact_id)
    values (${customer}, ${tier}, now(), ${reason}, 'order', 1)`.execute(db);
const tell = () => tellSome({ db: t.db, config: t.config });
const hasten = () => sql`update app.webhook_deliveries set due_at = now() where due_at is not null`.execute(t.owner);
const states = async () =>
  (
    await sql<{ state: string; attempts: number }>`
    select state, attempts from app.webhook_deliveries order by id`.execute(t.db)
  ).rows;
const reasons = () => http.posted.map(({ json }) => (json.data as Row).reason);

test('it is told with what it tells of, or not at all, and only to who asked', async () => {
  await endpoint();
  await endpoint({ topics: ['coupon.issued'] });
  const customer = await w.customer({ external_id: 'W-1' });
  await t.owner
    .transaction()
    .execute(async (trx) => {
      await change(customer, 'upgrade', trx as never);
      throw new Error('taken back');
    })
    .catch(() => undefined);
  expect(await tell()).toBe(0);
  await change(customer, 'upgrade');
  expect(await tell()).toBe(1);
  expect(http.posted[0]!.json).toMatchObject({
    ...{ topic: 'tier.changed', customer_external_id: 'W-1' },
    data: { to_tier: 'gold', from_tier: null, reason: 'upgrade' },
  });
  expect(JSON.stringify(http.posted[0]!.json)).not.toContain('customer_id');
  expect(await tell()).toBe(0);
});

test('in order for each customer while the first fails, and nobody else waits for it', async () => {
  await endpoint();
  const [one, two] = [await w.customer(), await w.customer()];
  http.answers(({ json }) => [(json.data as Row).reason === 'enrol' && http.posted.length < 3 ? 500 : 200]);
  await change(one, 'enrol');
  await change(one, 'upgrade');
  await change(two, 'manual');
  await tell();
  expect(reasons().sort()).toEqual(['enrol', 'manual']);
  for (let turn = 0; turn < 4; turn++) {
    await hasten();
    await Promise.all([tell(), tell()]);
  }
  expect(reasons().filter((reason) => reason !== 'manual')).toEqual(['enrol', 'enrol', 'upgrade']);
  const keys = http.posted.map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys).size).toBe(3);
});

test('given up after its attempts, the next goes on; and it is sent again when asked', async () => {
  await endpoint();
  const customer = await w.customer();
  http.answers(() => [500]);
  await change(customer, 'enrol');
  for (let turn = 0; turn < 4; turn++) {
    await tell();
    await hasten();
  }
  expect(await states()).toEqual([{ state: 'failed', attempts: 3 }]);
  http.answers(() => [200]);
  await change(customer, 'upgrade');
  await tell();
  expect((await states()).map(({ state }) => state)).toEqual(['failed', 'delivered']);
  const { id } = await t.db.selectFrom('app.webhook_deliveries').select('id').orderBy('id').executeTakeFirstOrThrow();
  const again = await admin('POST', `/api/webhook_deliveries/${id}/_actions/resend`, {});
  expect(again.status, await again.clone().text()).toBe(200);
  await tell();
  expect((await states()).map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  expect((await a.as('operator')('POST', `/api/webhook_deliveries/${id}/_actions/resend`, {})).status).toBe(403);
});

test('a receiver who hangs is asked again, and what one process had in its hands when it was killed by the next', async () => {
  await endpoint();
  const customer = await w.customer();
  http.answers((_, count) => (count === 1 ? null : [200]));
  await change(customer, 'enrol');
  await tell();
  expect(await states()).toEqual([{ state: 'queued', attempts: 1 }]);
  await hasten();
  await sql`select * from ops.claim_webhooks(5, clock_timestamp())`.execute(t.db);
  expect(await tell()).toBe(0);
  await hasten();
  expect(await tell()).toBe(1);
  expect(await states()).toEqual([{ state: 'delivered', attempts: 3 }]);
  expect(http.posted[1]!.body).toBe(http.posted[0]!.body);
});

test('while an endpoint is paused what happens waits', async () => {
  const id = await endpoint({ status: 'paused' });
  await change(await w.customer(), 'enrol');
  expect(await tell()).toBe(0);
  await admin('PATCH', `/api/webhook_endpoints/${id}`, { status: 'active' });
  expect(await tell()).toBe(1);
});

test('signed by the secret that was shown once, and by the one before for a while', async () => {
  const id = await endpoint();
  const rotate = async () =>
    (
      (await (await admin('POST', `/api/webhook_endpoints/${id}/_actions/new_secret`, { old_hours: 1 })).json()) as {
        secret: string;
      }
    ).secret;
  const [, first, second] = [await rotate(), await rotate(), await rotate()];
  await change(await w.customer(), 'enrol');
  await tell();
  const { headers, body } = http.posted[0]!;
  const signed = String(headers['evergreen-signature']);
  const seconds = /^t=(\d+)/.exec(signed)![1];
  const by = (secret: string) => `v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
  expect(signed).toBe(`t=${seconds},${by(second)},${by(first)}`);
  expect(await (await admin('GET', `/api/webhook_endpoints/${id}`)).text()).not.toContain(second);
});

test('its secret is made with it and told to who made it, this once', async () => {
  const body = { name: 'CRM', url: http.url, topics: ['tier.changed'] };
  const make = (key: Row = {}) => admin('POST', '/api/webhook_endpoints', body, key as { [name: string]: string });
  const once = { 'idempotency-key': 'made once' };
  const made = (await (await make(once)).json()) as { id: number; $secret: string; secret_set_at: string };
  expect(made).toMatchObject({ $secret: expect.stringMatching(/^egs_.{40,}$/), secret_set_at: expect.any(String) });
  await change(await w.customer(), 'enrol');
  await tell();
  const { headers, body: text } = http.posted[0]!;
  const signed = String(headers['evergreen-signature']);
  const seconds = /^t=(\d+)/.exec(signed)![1];
  expect(signed).toBe(
    `t=${seconds},v1=${createHmac('sha256', made.$secret).update(`${seconds}.${text}`).digest('hex')}`,
  );
  // The same request once more is the same record, and tells nothing.
  const again = await make(once);
  expect(again.status).toBe(201);
  const seen = await again.text();
  expect([seen.includes('secret"'), seen.includes(made.$secret)]).toEqual([false, false]);
  expect(JSON.parse(seen)).toMatchObject({ id: made.id });
  const kept = await sql<{ all: string }>`
    select (select string_agg(body::text, '') from app.idempotency_keys) ||
      (select string_agg(coalesce(after::text, ''), '') from app.audit_entries) as all`.execute(t.owner);
  expect(kept.rows[0]!.all).not.toContain(made.$secret);
  expect(((await (await make()).json()) as Row).$secret).not.toBe(made.$secret);
});

test('without a secret nothing goes out: what happens is kept, and sent in order once there is one', async () => {
  const id = await endpoint();
  await sql`delete from app.sealed_secrets where kind = 'webhook_endpoints' and record_id = ${id}`.execute(t.owner);
  const customer = await w.customer();
  await change(customer, 'enrol');
  await change(customer, 'upgrade');
  expect(await tell()).toBe(0);
  expect(await states()).toEqual([
    { state: 'queued', attempts: 0 },
    { state: 'queued', attempts: 0 },
  ]);
  expect((await admin('POST', `/api/webhook_endpoints/${id}/_actions/new_secret`, { old_hours: 0 })).status).toBe(200);
  for (let turn = 0; turn < 2; turn++) await tell();
  expect(reasons()).toEqual(['enrol', 'upgrade']);
  expect(http.posted.every(({ headers }) => String(headers['evergreen-signature']).includes('v1='))).toBe(true);
});

test('what happens to messages and coupons can be told too', async () => {
  await endpoint({ topics: ['message.changed', 'coupon.issued', 'coupon.redeemed'] });
  const customer = await w.customer();
  await w.queue(await w.template({}), [customer]);
  await sql`update app.messages set state = 'sent', due_at = null where customer_id = ${customer}`.execute(t.owner);
  await sql`with template as (
      insert into app.coupon_templates (code, name, name_en, kind, code_mode) values ('t', 't', 't', 'fixed', 'generated') returning id
    )
    insert into app.coupons (customer_id, template_id, source, external_id, status, issued_at, issued_on, claimed_at, valid_until_at)
    select ${customer}, id, 's', 'x', 'claimed', now(), current_date, now(), now() + interval '1 day' from template`.execute(
    t.owner,
  );
  await sql`update app.coupons set status = 'redeemed', redeemed_at = now()`.execute(t.owner);
  for (let turn = 0; turn < 3; turn++) await tell();
  expect(http.posted.map(({ json }) => json.topic)).toEqual(['message.changed', 'coupon.issued', 'coupon.redeemed']);
});

test.each([
  ['http://crm.example.com/hook', 'webhook_not_https', '须以 https:// 开头'],
  ['crm.example.com/hook', 'not_a_webhook', '完整网址'],
  ['https:crm.example.com', 'not_a_webhook', '完整网址'],
  ['https://crm.example.com/a b', 'not_a_webhook', '完整网址'],
  ['ftp://crm.example.com', 'not_a_webhook', '完整网址'],
  ['https://user:secret@crm.example.com/hook', 'webhook_with_password', '用户名和密码'],
  ['https://token@crm.example.com/hook', 'webhook_with_password', '用户名和密码'],
  ...[
    ...[
      'localhost',
      'localhost.',
      'LOCALHOST',
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '[::1]',
      '[::ffff:10.0.0.1]',
      '10.1.2.3',
    ],
    ...['192.168.1.1', '169.254.169.254', 'crm', 'metadata.internal', 'printer.local', '0'],
  ].map((host) => [`https://${host}/hook`, 'webhook_private', '内部网络']),
  [`https://crm.example.com/${'x'.repeat(500)}`, 'too_long', '500'],
])('an address like %s is refused where it is typed', async (url, key, words) => {
  const strict = await testApp({ ...t, config: { ...t.config, private_webhooks: false } }, { people: a });
  const asked: [string, Row][] = [
    ['/api/webhook_endpoints', { name: 'x', topics: ['tier.changed'] }],
    [
      '/api/message_adapters',
      { code: 'x', name: 'x', name_en: 'x', channel: 'sms', kind: 'webhook', status: 'paused' },
    ],
  ];
  for (const [path, body] of asked) {
    const answer = await strict.as('administrator')('POST', path, { ...body, url }, { 'accept-language': 'zh' });
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as ApiError;
    expect(Object.keys(errors ?? {})).toEqual(['url']);
    expect(errors!.url).toMatchObject({ key, message: expect.stringContaining(words) });
  }
});

test('an address on the open network is kept, and one that was kept before may stay while the rest is changed', async () => {
  const id = await endpoint();
  const strict = await testApp({ ...t, config: { ...t.config, private_webhooks: false } }, { people: a });
  const patch = (body: Row) => strict.as('administrator')('PATCH', `/api/webhook_endpoints/${id}`, body);
  expect((await patch({ name: 'CRM 2' })).status).toBe(200);
  for (const url of ['https://crm.example.com', 'https://93.184.216.34:8443/hook?a=b', 'https://例子.中国/钩']) {
    const answer = await patch({ url });
    expect(answer.status, await answer.clone().text()).toBe(200);
    expect(((await answer.json()) as Row).url).toBe(url);
  }
  const bulk = await strict.as('administrator')('POST', '/api/webhook_endpoints/_bulk', {
    ids: [id],
    set: { url: 'https://10.0.0.1' },
  });
  expect(await bulk.text()).toContain('webhook_private');
});

test.each<[string, Row, string]>([
  ['no address', { url: 'ftp://x' }, 'url'],
  ['an unknown topic', { topics: ['everything'] }, 'topics'],
  ['no topic', { topics: [] }, 'topics'],
  ['too many attempts', { max_attempts: 99 }, 'max_attempts'],
])('%s is refused by its field', async (_, of, field) => {
  const answer = await admin('POST', '/api/webhook_endpoints', {
    name: 'x',
    url: http.url,
    topics: ['tier.changed'],
    ...of,
  });
  expect(answer.status).toBe(422);
  expect(Object.keys(((await answer.json()) as ApiError).errors ?? {})).toEqual([field]);
});
