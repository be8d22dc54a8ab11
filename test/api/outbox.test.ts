/** What is queued goes out: by mail and by webhook, once, tried again while the receiver fails, never against what holds then. */
import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { claimMessages } from '../../api/outbox/claim.ts';
import { sendSome } from '../../api/outbox/loop.ts';
import { isPrivate } from '../../api/outbox/private-address.ts';
import { asHtml, render } from '../../api/outbox/render.ts';
import { keepSecret, readSecrets } from '../../api/outbox/secrets.ts';
import { mailPools } from '../../api/outbox/smtp.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { type Row, type Writing, writing } from '../sql/messages.ts';
import { type HttpReceiver, httpReceiver, type MailReceiver, mailReceiver } from './receivers.ts';

let t: TestDatabase;
let w: Writing;
let http: HttpReceiver;
let mail: MailReceiver;
const pools = mailPools();
const PASSWORD = 'p@ss-of-the-mail-server';

beforeAll(async () => {
  t = await testDatabase();
  w = writing(t);
  http = await httpReceiver();
  mail = await mailReceiver({ password: PASSWORD });
});
afterAll(async () => {
  pools.close();
  await http?.close();
  await mail?.close();
  await t?.close();
});
beforeEach(async () => {
  await sql`truncate app.messages, app.message_links, app.sealed_secrets`.execute(t.owner);
  await sql`delete from app.message_adapters where channel <> 'in_site'`.execute(t.owner);
  await sql`insert into app.message_adapters (code, name, name_en, channel, kind, status, url, retry_seconds, timeout_seconds, max_attempts)
    values ('sms', 's', 's', 'sms', 'webhook', 'active', ${http.url}, 1, 1, 3)`.execute(t.owner);
  await sql`insert into app.message_adapters
      (code, name, name_en, channel, kind, status, host, port, security, username, from_address, from_name, retry_seconds, timeout_seconds)
    values ('mail', 'm', 'm', 'email', 'smtp', 'active', '127.0.0.1', ${mail.port}, 'none', 'evergreen', 'hello@shop.example', '常青', 1, 2)`.execute(
    t.owner,
  );
  await w.settings({
    quiet_from: null,
    quiet_until: null,
    contact_cap: 100,
    contact_day_cap: null,
    contact_cap_by: 'all',
  });
  http.posted.length = 0;
  mail.mails.length = 0;
  for (const key of Object.keys(mail.refuses)) delete mail.refuses[key];
  http.answers(() => [200]);
});

const deps = () => ({ db: t.db, config: t.config, log: pino({ level: 'silent' }) });
const send = (channel = 'sms') => sendSome(deps(), pools, channel);
const adapter = async (channel: string) =>
  (await t.db.selectFrom('app.message_adapters').select('id').where('channel', '=', channel).executeTakeFirstOrThrow())
    .id;
const keep = async (channel: string, secret: string, old_hours = 0) =>
  keepSecret(t.db, t.config, {
    ...{ owner: { kind: 'message_adapters', record_id: await adapter(channel) }, secret, old_hours },
    user_id: null as never,
  });
async function states(): Promise<Row[]> {
  return (await sql<Row>`select state, reason, attempts, error from app.messages order by id`.execute(t.db)).rows;
}
const now = () => new Date(Date.now() - 1000).toISOString();
/** What waits for its next attempt waits no longer. */
const hasten = () => sql`update app.messages set due_at = now() where due_at is not null`.execute(t.owner);
async function one(template: Row = {}, customer: Row = {}, of: Parameters<Writing['queue']>[2] = {}): Promise<number> {
  const id = await w.customer(customer);
  await w.queue(await w.template(template), [id], { at: now(), ...of });
  return id;
}

test('a mail arrives with the text of its template, in the language of the customer', async () => {
  await keep('email', PASSWORD);
  const template = {
    ...{ channels: ['email'], email_subject: '你好 {{name|朋友}}', email_body: '券码 {{code}}\n\n<b>{{name}}</b>' },
    ...{ email_subject_en: 'Hello {{name|friend}}', email_body_en: 'Code {{code}}' },
  };
  const of = { variables: [{ code: 'X&1' }] };
  await one(template, { name: 'Ada\r\nBcc: all@example.com', language: 'en', email: 'ada@example.com' }, of);
  expect(await send('email')).toBe(1);
  expect(await states()).toMatchObject([{ state: 'sent', reason: null, attempts: 1 }]);
  const [first] = mail.mails;
  expect(first).toContain('Subject: Hello Ada Bcc: all@example.com');
  expect(first).not.toMatch(/^Bcc:/m);
  expect(first).toContain('To: ada@example.com');
  expect(first).toMatch(/^Message-ID: <message-\d+@shop\.example>/im);
  expect(first).toContain('Code X&1');
});

test('a mail server that asks for another password is tried again, and the password is told nowhere', async () => {
  await keep('email', 'wrong-secret-value');
  await one({ channels: ['email'], email_subject: 'S', email_body: 'B' });
  await send('email');
  const [row] = await states();
  expect(row).toMatchObject({ state: 'queued', reason: 'retrying', attempts: 1 });
  expect(JSON.stringify(row)).not.toContain('wrong-secret-value');
  await keep('email', PASSWORD);
  await hasten();
  await send('email');
  expect(await states()).toMatchObject([{ state: 'sent', attempts: 2 }]);
  const { rows } = await sql<{ dump: string }>`select sealed::text as dump from app.sealed_secrets`.execute(t.owner);
  expect(rows.map(({ dump }) => Buffer.from(dump.slice(2), 'hex').toString('latin1')).join()).not.toContain(PASSWORD);
});

test.each([
  [550, 'failed', 'refused'],
  [450, 'queued', 'retrying'],
])('a mailbox that answers %s', async (code, state, reason) => {
  await keep('email', PASSWORD);
  mail.refuses['gone@example.com'] = code;
  await one({ channels: ['email'], email_subject: 'S', email_body: 'B' }, { email: 'gone@example.com' });
  await send('email');
  expect(await states()).toMatchObject([{ state, reason, error: expect.stringContaining('No such mailbox') }]);
  expect(mail.mails).toEqual([]);
});

test('a webhook is signed by the secret, and by the one before it until that ends', async () => {
  await keep('sms', 'first');
  await keep('sms', 'second', 24);
  await one({}, { phone: '13911112222', external_id: 'C-9' });
  await send();
  const [{ headers, body, json }] = http.posted as [HttpReceiver['posted'][number]];
  expect(json).toMatchObject({
    channel: 'sms',
    to: '13911112222',
    customer_external_id: 'C-9',
    body: 'Hello',
    test: false,
  });
  const signed = String(headers['evergreen-signature']);
  const seconds = /^t=(\d+)/.exec(signed)![1];
  const by = (secret: string) => `v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
  expect(signed).toBe(`t=${seconds},${by('second')},${by('first')}`);
  expect(headers['idempotency-key']).toMatch(/^evergreen-message-\d+$/);
  await keep('sms', 'third');
  expect(await readSecrets(t.db, t.config, { kind: 'message_adapters', record_id: await adapter('sms') })).toEqual([
    'third',
  ]);
});

test('a secret is bound to its record and to the key', async () => {
  await keep('sms', 'first');
  await sql`update app.sealed_secrets set record_id = ${await adapter('email')}`.execute(t.owner);
  const owner = { kind: 'message_adapters', record_id: await adapter('email') } as const;
  await expect(readSecrets(t.db, t.config, owner)).rejects.toThrow('cannot be read');
  const other = { ...t.config, secret_key: 'another key, also of thirty-two signs' };
  await expect(readSecrets(t.db, other, owner)).rejects.toThrow('cannot be read');
});

test.each<[string, [number, string?], string, string | null]>([
  ['takes it', [202, '{"id":"sms-77"}'], 'sent', null],
  ['fails', [503], 'queued', 'retrying'],
  ['does not let us in', [401], 'queued', 'retrying'],
  ['sends us elsewhere', [302], 'queued', 'retrying'],
  ['will never take it', [422, 'bad number'], 'failed', 'refused'],
])('a receiver who %s', async (_, answer, state, reason) => {
  http.answers(() => answer);
  await one();
  await send();
  expect(await states()).toMatchObject([{ state, reason, attempts: 1 }]);
});

test('a receiver who comes back gets it once; one who never does is given up', async () => {
  http.answers((_, count) => [count < 3 ? 500 : 200]);
  await one();
  for (let turn = 0; turn < 5; turn++) {
    await send();
    await hasten();
  }
  expect(http.posted).toHaveLength(3);
  expect(await states()).toMatchObject([{ state: 'sent', attempts: 3 }]);
  http.posted.length = 0;
  http.answers(() => [500]);
  await one();
  for (let turn = 0; turn < 5; turn++) {
    await send();
    await hasten();
  }
  expect(http.posted).toHaveLength(3);
  expect((await states())[1]).toMatchObject({ state: 'failed', reason: 'gave_up', attempts: 3 });
});

test('pauses grow, and a receiver may ask for a longer one', async () => {
  http.answers(() => [503]);
  await one();
  const pauses: number[] = [];
  for (let turn = 0; turn < 2; turn++) {
    await send();
    const { rows } = await sql<{ pause: number }>`
      select extract(epoch from due_at - claimed_at)::float8 as pause from app.messages where due_at is not null`.execute(
      t.db,
    );
    pauses.push(rows[0]!.pause);
    await hasten();
  }
  expect(pauses[0]).toBeGreaterThanOrEqual(1);
  expect(pauses[1]! - pauses[0]!).toBeGreaterThan(0.5);
});

test('a receiver who hangs, or answers late, may have it: it is asked again by the same key and text', async () => {
  http.answers((_, count) => (count === 1 ? null : [200]));
  await one({ sms_body: 'See {{link:https://shop.example/a}}' });
  await send();
  expect(await states()).toMatchObject([
    { state: 'queued', reason: 'retrying', error: expect.stringContaining('no answer') },
  ]);
  await hasten();
  await send();
  const [first, second] = http.posted;
  expect(second!.headers['idempotency-key']).toBe(first!.headers['idempotency-key']);
  expect(second!.body).toBe(first!.body);
  expect(await states()).toMatchObject([{ state: 'sent', attempts: 2 }]);
});

test('a process that is killed between sending and noting leaves it to the next, and its own late word no longer counts', async () => {
  await one();
  const [taken] = await claimMessages(deps(), { channel: 'sms', how_many: 5 });
  expect(await send()).toBe(0);
  await hasten();
  expect(await send()).toBe(1);
  const { rows } =
    await sql`select ops.note_message(${taken!.id}, ${taken!.attempt}, 'unsent', now()) as state`.execute(t.db);
  expect(rows).toEqual([{ state: null }]);
  expect(await states()).toMatchObject([{ state: 'sent', attempts: 2 }]);
  expect(http.posted).toHaveLength(1);
});

test('senders at the same time share the messages: each goes out once', async () => {
  const template = await w.template({});
  const people = await Promise.all(Array.from({ length: 60 }, () => w.customer()));
  await w.queue(template, people, { at: now() });
  for (let turn = 0; turn < 12; turn++) await Promise.all(Array.from({ length: 6 }, () => send()));
  expect(http.posted).toHaveLength(60);
  expect(new Set(http.posted.map(({ headers }) => headers['idempotency-key'])).size).toBe(60);
});

test.each<[string, () => Promise<unknown>, Row]>([
  [
    'consent is withdrawn',
    () => sql`update app.customers set consent_sms = false`.execute(t.owner),
    { state: 'suppressed', reason: 'no_consent' },
  ],
  [
    'the customer is blocked',
    () => sql`update app.customers set status = 'blocked'`.execute(t.owner),
    { state: 'suppressed', reason: 'customer_not_active' },
  ],
  [
    'the phone is gone',
    () => sql`update app.customers set phone = null`.execute(t.owner),
    { state: 'suppressed', reason: 'no_address' },
  ],
  [
    'it waited too long',
    () => sql`update app.messages set expires_at = now() - interval '1 second'`.execute(t.owner),
    { state: 'suppressed', reason: 'expired' },
  ],
  [
    'the channel is paused',
    () => sql`update app.message_adapters set status = 'paused' where channel = 'sms'`.execute(t.owner),
    { state: 'held', reason: 'channel_off' },
  ],
  [
    'night begins',
    () => w.settings({ quiet_from: clock(-60), quiet_until: clock(60) }),
    { state: 'held', reason: 'quiet_hours' },
  ],
  [
    'the cap is reached',
    () => sql`update app.settings set contact_cap = 1`.execute(t.owner),
    { state: 'sent', reason: null },
  ],
])('queued, and then %s', async (_, happens, expected) => {
  await one();
  await happens();
  await send();
  expect(await states()).toMatchObject([expected]);
  expect(http.posted).toHaveLength(expected.state === 'sent' ? 1 : 0);
  await sql`update app.customers set consent_sms = true, status = 'active', phone = '1' where consent_sms is false or status = 'blocked' or phone is null`.execute(
    t.owner,
  );
});

test('what is held goes out when its time has come', async () => {
  await w.settings({ quiet_from: clock(-60), quiet_until: clock(60) });
  await one({}, {}, { at: now() });
  await send();
  expect(await states()).toMatchObject([{ state: 'held', reason: 'quiet_hours' }]);
  await w.settings({ quiet_from: null, quiet_until: null });
  await hasten();
  await send();
  expect(await states()).toMatchObject([{ state: 'sent', reason: null }]);
});

test.each<[string, Row, Row[], number]>([
  ['all channels together', { contact_cap: 2 }, [{}, {}, {}], 2],
  ['a day', { contact_cap: 100, contact_day_cap: 1 }, [{}, {}], 1],
  ['each channel by itself', { contact_cap: 2, contact_cap_by: 'channel' }, [{}, {}, {}], 2],
  ['not for service messages', { contact_cap: 1 }, [{ category: 'service' }, { category: 'service' }], 2],
  ['not for channels that do not disturb', { contact_cap: 1, contact_channels: ['email'] }, [{}, {}], 2],
])('the cap counts %s', async (_, settings, templates, sent) => {
  await w.settings(settings);
  const customer = await w.customer();
  for (const [place, template] of templates.entries())
    await w.queue(await w.template(template), [customer], { at: now(), external_ids: [`m${place}`] });
  for (let turn = 0; turn < 3; turn++) await send();
  const found = await states();
  expect(found.filter(({ state }) => state === 'sent')).toHaveLength(sent);
  expect(found.filter(({ reason }) => reason === 'contact_cap')).toHaveLength(templates.length - sent);
  expect(http.posted).toHaveLength(sent);
  await w.settings({ contact_channels: ['sms', 'email', 'push', 'wecom'] });
});

test('what certainly did not arrive was no contact', async () => {
  await w.settings({ contact_cap: 1 });
  http.answers((_, count) => [count === 1 ? 422 : 200]);
  const customer = await w.customer();
  const template = await w.template({});
  await w.queue(template, [customer], { at: now(), external_ids: ['a'] });
  await send();
  await w.queue(template, [customer], { at: now(), external_ids: ['b'] });
  await send();
  expect((await states()).map(({ state }) => state)).toEqual(['failed', 'sent']);
});

test('an in-site message is there at once', async () => {
  await one({ channels: ['in_site'], in_site_subject: 'S', in_site_body: 'You have {{points}} points' });
  await send('in_site');
  expect(await states()).toMatchObject([{ state: 'delivered' }]);
  const { rows } = await sql`select content from app.messages`.execute(t.db);
  expect(rows).toEqual([{ content: { subject: 'S', body: 'You have 0 points' } }]);
});

test('a private address is refused unless the configuration allows it', async () => {
  await one();
  await sendSome({ ...deps(), config: { ...t.config, private_webhooks: false } }, pools, 'sms');
  expect(await states()).toMatchObject([{ state: 'queued', error: 'only https is allowed' }]);
  for (const url of [
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://localhost/x',
    'https://2130706433/x',
    'https://[::ffff:7f00:1]/',
  ]) {
    await sql`update app.message_adapters set url = ${url} where channel = 'sms'`.execute(t.owner);
    await sql`update app.messages set due_at = now(), state = 'queued', attempts = 0`.execute(t.owner);
    await sendSome({ ...deps(), config: { ...t.config, private_webhooks: false } }, pools, 'sms');
    expect((await states())[0], url).toMatchObject({ error: 'the address is private' });
  }
  expect(http.posted).toEqual([]);
});

test.each([
  ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.1.1', '0.0.0.0', '224.0.0.1'],
  ...['::1', '::', 'fe80::1', 'fd00::1', '::ffff:10.0.0.1', '::ffff:7f00:1', '64:ff9b::a00:1', 'ff02::1'],
])('%s is private', (address) => {
  expect(isPrivate(address)).toBe(true);
});
test.each(['8.8.8.8', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is not', (address) => {
  expect(isPrivate(address)).toBe(false);
});

test('what is put into a text stays text', () => {
  const text = { subject: 'Hi {{name|you}}', body: '{{name}} {{code|none}} {{link:https://a.example/x|here}}' };
  const short = (_: string, position: number) => `https://s.example/l/${position}`;
  expect(render(text, { name: '{{code}}', code: null }, short)).toEqual({
    subject: 'Hi {{code}}',
    body: '{{code}} none here https://s.example/l/1',
  });
  expect(asHtml('<script>"a"</script>\n\nSee https://a.example/?b=1&c=2.')).toBe(
    '<p>&#60;script&#62;&#34;a&#34;&#60;/script&#62;</p>\n<p>See <a href="https://a.example/?b=1&#38;c=2">https://a.example/?b=1&#38;c=2</a>.</p>',
  );
});

/** The time of day in the programme's zone, so many minutes from now. */
function clock(minutes: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' }).format(
    new Date(Date.now() + minutes * 60_000),
  );
}
