/** Messages as staff, shops and customers meet them: test sends, secrets, the inbox, delivery reports, clicks, reminders. */
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ApiError, Impact, Row } from '../../api/contract.ts';
import { sendSome } from '../../api/outbox/loop.ts';
import { mailPools } from '../../api/outbox/smtp.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { type Writing, writing } from '../sql/messages.ts';
import { type HttpReceiver, httpReceiver } from './receivers.ts';

let t: TestDatabase;
let a: TestApp;
let w: Writing;
let http: HttpReceiver;
const pools = mailPools();
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  w = writing(t);
  http = await httpReceiver();
});
afterAll(async () => {
  pools.close();
  await http?.close();
  await t?.close();
});
beforeEach(async () => {
  await sql`truncate app.messages, app.message_links`.execute(t.owner);
  await w.settings({ quiet_from: null, quiet_until: null, contact_cap: 100, contact_day_cap: null });
  http.posted.length = 0;
  http.answers(() => [200, '{"id":"p-1"}']);
});

const post = (path: string, body: unknown, as: Person = 'administrator') => a.as(as)('POST', path, body);
const send = (channel: string) =>
  sendSome({ db: t.db, config: t.config, log: pino({ level: 'silent' }) }, pools, channel);
const now = () => new Date(Date.now() - 1000).toISOString();
async function fields(answer: Response): Promise<string[]> {
  return Object.keys(((await answer.json()) as ApiError).errors ?? {});
}
let code = 0;
async function connect(): Promise<number> {
  await sql`update app.message_adapters set status = 'paused' where channel = 'sms'`.execute(t.owner);
  const answer = await post('/api/message_adapters', {
    ...{
      code: `sms_${++code}`,
      name: '短信',
      name_en: 'SMS',
      channel: 'sms',
      kind: 'webhook',
      status: 'active',
      url: http.url,
    },
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { id: number }).id;
}
async function made(of: Row = {}): Promise<number> {
  const answer = await post('/api/message_templates', {
    ...{
      code: `t_${++code}`,
      name: 't',
      name_en: 't',
      status: 'active',
      channels: ['sms'],
      sms_body: 'Hello {{name|you}}',
    },
    ...of,
  });
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { id: number }).id;
}

test('a test goes to an address, counts for no cap, and is marked', async () => {
  await connect();
  await w.settings({ contact_cap: 1 });
  const template = await made({ sms_body: 'Hello {{name|you}}, {{code}}' });
  const customer = await w.customer({ name: 'Ada', consent_sms: false });
  for (const round of [1, 2]) {
    const answer = await post(
      `/api/message_templates/${template}/_actions/test`,
      { channel: 'sms', address: '13812345678', customer_id: customer, variables: 'code = A 1' },
      'operator',
    );
    expect(answer.status, await answer.clone().text()).toBe(200);
    await send('sms');
    expect(http.posted).toHaveLength(round);
  }
  expect(http.posted[0]!.json).toMatchObject({ to: '13812345678', test: true, body: 'Hello Ada, A 1' });
  await w.queue(await w.template({}), [await w.customer()], { at: now() });
  await send('sms');
  expect(http.posted).toHaveLength(3);
  const audit = await t.db.selectFrom('app.audit_entries').selectAll().where('action', '=', 'action').execute();
  expect(JSON.stringify(audit)).not.toContain('13812345678');
});

test.each<[string, Row, string]>([
  ['a channel it has no text for', { channel: 'email', address: 'a@b.cc' }, 'channel'],
  ['nobody', { channel: 'sms' }, 'address'],
  ['an address that is none', { channel: 'sms', address: 'me@example.com' }, 'address'],
  ['a variable too few', { channel: 'sms', address: '13812345678' }, 'variables'],
  ['a customer who is not there', { channel: 'sms', customer_id: 999_999 }, 'customer_id'],
])('a test to %s is refused by its field', async (_, input, field) => {
  const template = await made({ sms_body: 'Code {{code}}' });
  const answer = await post(`/api/message_templates/${template}/_actions/test`, input, 'operator');
  expect(answer.status).toBe(422);
  expect(await fields(answer)).toEqual([field]);
});

test('a test to a customer keeps their consent', async () => {
  await connect();
  const template = await made();
  const customer = await w.customer({ consent_sms: false });
  await post(`/api/message_templates/${template}/_actions/test`, { channel: 'sms', customer_id: customer }, 'operator');
  await send('sms');
  expect(http.posted).toEqual([]);
});

test('a signing secret is shown once and signs from then on; the one before as long as was said', async () => {
  const id = await connect();
  const rotate = async (old_hours: number) => {
    const answer = await post(`/api/message_adapters/${id}/_actions/new_secret`, { old_hours });
    expect(answer.status, await answer.clone().text()).toBe(200);
    return ((await answer.json()) as { secret: string }).secret;
  };
  const secrets = [await rotate(24), await rotate(24)];
  const signs = async () => {
    await w.queue(await w.template({}), [await w.customer()], { at: now() });
    await send('sms');
    return String(http.posted.at(-1)!.headers['evergreen-signature']).split(',v1=').length - 1;
  };
  expect(await signs()).toBe(2);
  secrets.push(await rotate(0));
  expect(await signs()).toBe(1);
  const read = async (path: string) => (await a.as('administrator')('GET', path)).text();
  const told = await Promise.all(
    ['', `/${id}`, `/${id}/_history`, '/_export.csv'].map((path) => read(`/api/message_adapters${path}`)),
  );
  const audit = await t.db.selectFrom('app.audit_entries').selectAll().execute();
  for (const secret of secrets) expect(`${told.join()}${JSON.stringify(audit)}`).not.toContain(secret);
  for (const person of ['operator', 'manager', 'viewer'] as const)
    expect((await post(`/api/message_adapters/${id}/_actions/new_secret`, { old_hours: 1 }, person)).status).toBe(403);
});

test('a mail password is in no answer, history or request', async () => {
  const mail = await post('/api/message_adapters', {
    ...{ code: `mail_${++code}`, name: 'm', name_en: 'm', channel: 'email', kind: 'smtp', host: 'mail.example.com' },
    ...{ port: 25, security: 'none', from_address: 'a@example.com' },
  });
  const { id } = (await mail.json()) as { id: number };
  const answer = await post(`/api/message_adapters/${id}/_actions/set_password`, { password: 'hunter2-hunter2' });
  expect(await answer.text()).not.toContain('hunter2');
  const { rows } = await sql<{ row: string }>`
    select to_jsonb(e)::text as row from app.audit_entries as e union all select to_jsonb(c)::text from app.change_requests as c`.execute(
    t.owner,
  );
  expect(rows.map(({ row }) => row).join()).not.toContain('hunter2');
  expect(await (await a.as('administrator')('GET', `/api/message_adapters/${id}`)).text()).toContain('secret_set_at');
});

test('one channel has one way in use, and only what can send it', async () => {
  await connect();
  const body = { code: `x_${++code}`, name: 'x', name_en: 'x', channel: 'sms', kind: 'webhook', url: http.url };
  const twice = await post('/api/message_adapters', { ...body, status: 'active' });
  expect([twice.status, await fields(twice)]).toEqual([422, ['status']]);
  const mail = await post('/api/message_adapters', {
    ...{ ...body, kind: 'smtp', host: 'h', port: 25, security: 'none', from_address: 'a@b.cc' },
  });
  expect([mail.status, await fields(mail)]).toEqual([422, ['kind']]);
  const inbox = await post('/api/message_adapters', { ...body, channel: 'in_site' });
  expect(inbox.status).toBe(422);
});

test('the preview says each channel with a customer’s values, and what will have to be given', async () => {
  const customer = await w.customer({ name: 'Ada', language: 'en' });
  const values = {
    ...{ code: 'p', name: 'p', name_en: 'p', channels: ['sms', 'email'], sms_body: '你好 {{name}} {{code}}' },
    ...{ email_subject: 'S {{name}}', email_body: 'B {{link:https://shop.example/a}}', preview_customer_id: customer },
  };
  const answer = await post('/api/message_templates/_impact', { values }, 'operator');
  expect(answer.status, await answer.clone().text()).toBe(200);
  const { tables, lines } = (await answer.json()) as Impact;
  expect(tables.map(({ title }) => title[1])).toEqual(['SMS', 'E-mail']);
  expect(tables[0]!.rows).toMatchObject([{ zh: '你好 Ada {{code}}' }]);
  expect(JSON.stringify(tables[1])).toContain('/l/');
  expect(JSON.stringify(lines)).toContain('code');
});

test('a link is shortened, tagged, followed and counted, and not by programs that only look', async () => {
  await connect();
  const customer = await w.customer();
  await w.queue(await w.template({ sms_body: 'Go {{link:https://shop.example/sale?a=1}}' }), [customer], { at: now() });
  await send('sms');
  const short = new URL(/http\S+/.exec(String(http.posted[0]!.json.body))![0]).pathname;
  const open = (method: string, headers: { [name: string]: string }) => a.anyone(method, short, undefined, headers);
  const phone = { 'user-agent': 'Mozilla/5.0 (iPhone)' };
  const answer = await open('GET', phone);
  expect(answer.status).toBe(302);
  expect(answer.headers.get('location')).toMatch(
    /^https:\/\/shop\.example\/sale\?a=1&utm_source=evergreen&utm_medium=sms&utm_campaign=template_\d+$/,
  );
  await open('GET', phone);
  expect((await open('HEAD', phone)).status).toBe(302);
  await open('GET', { 'user-agent': 'Slackbot-LinkExpanding 1.0' });
  await open('GET', { ...phone, 'sec-purpose': 'prefetch' });
  await open('GET', {});
  const { rows } = await sql`select messages.clicks, message_links.clicks as of_link, clicked_at is not null as clicked
    from app.messages inner join app.message_links on message_links.message_id = messages.id`.execute(t.db);
  expect(rows).toEqual([{ clicks: 2, of_link: 2, clicked: true }]);
  for (const wrong of ['/l/nothing-here', '/l/..%2f..%2fetc', "/l/'or'1'='1", '/l/x'])
    expect((await a.anyone('GET', wrong)).status, wrong).toBe(404);
});

test('the inbox of a customer: newest first, unread, read once', async () => {
  const template = await w.template({
    channels: ['in_site'],
    in_site_subject: 'S',
    in_site_body: 'Hello {{name|you}}',
  });
  const customer = await w.customer({ external_id: 'INBOX-1', consent_sms: false });
  await w.queue(template, [customer, customer], { external_ids: ['a', 'b'], at: now() });
  await send('in_site');
  const read = async (query = '') =>
    (await (await a.as('operator')('GET', `/api/v1/customers/INBOX-1/messages${query}`)).json()) as {
      messages: { id: number; subject: string; body: string; read_at: string | null }[];
      next: number | null;
    };
  const all = await read();
  expect(all.messages).toMatchObject([{ subject: 'S', body: 'Hello you', read_at: null }, {}]);
  expect(all.messages[0]!.id).toBeGreaterThan(all.messages[1]!.id);
  const mark = async (body: Row) =>
    ((await (await post('/api/v1/customers/INBOX-1/messages/read', body, 'operator')).json()) as { read: number }).read;
  expect(await mark({ ids: [all.messages[0]!.id, 999_999] })).toBe(1);
  expect((await read('?unread=1')).messages).toHaveLength(1);
  expect(await mark({})).toBe(1);
  expect(await mark({})).toBe(0);
  expect((await a.as('operator')('GET', '/api/v1/customers/INBOX-1/messages?x=1')).status).toBe(400);
  expect((await a.as('operator')('GET', '/api/v1/customers/nobody/messages')).status).toBe(422);
  expect((await a.as('viewer')('GET', '/api/v1/customers/INBOX-1/messages')).status).toBe(403);
});

test('delivery reports say what became of messages; said again or out of order they change no more', async () => {
  await connect();
  const customer = await w.customer();
  const template = await w.template({});
  await w.queue(template, [customer, customer, customer], { external_ids: ['a', 'b', 'c'], at: now() });
  http.answers((_, count) => (count === 2 ? [503] : [200]));
  await send('sms');
  const ids = (await t.db.selectFrom('app.messages').select('id').orderBy('id').execute()).map(({ id }) => id);
  const unsent = (await w.rows()).findIndex(({ state }) => state === 'queued');
  const report = (body: unknown) => post('/api/v1/messages/status', body, 'operator');
  const reports = ids.map((message, place) => ({
    message,
    status: place === 0 ? 'bounced' : 'delivered',
    detail: 'x',
  }));
  const answer = await report([...reports, { message: 987_654, status: 'delivered' }]);
  expect(await answer.json()).toEqual([
    ...ids.map((message) => ({ message, answer: 'accepted' })),
    { message: 987_654, answer: 'unknown' },
  ]);
  expect((await w.rows()).map(({ state, reason }) => [state, reason])).toEqual([
    ['failed', 'bounced'],
    ['delivered', null],
    ['delivered', null],
  ]);
  // What was to be tried again is there: it is not sent once more.
  expect(unsent).toBeGreaterThanOrEqual(0);
  const before = http.posted.length;
  await sql`update app.messages set due_at = now() where due_at is not null`.execute(t.owner);
  await send('sms');
  expect(http.posted).toHaveLength(before);
  await report({ message: ids[1], status: 'read' });
  await report({ message: ids[1], status: 'delivered' });
  const row = await t.db.selectFrom('app.messages').selectAll().where('id', '=', ids[1]!).executeTakeFirstOrThrow();
  expect([row.state, row.read_at !== null]).toEqual(['delivered', true]);
});

test.each<[unknown, string[]]>([
  [{ message: 1, status: 'eaten' }, ['status']],
  [{ status: 'delivered' }, ['message']],
  [{ message: 'x', status: 'delivered' }, ['message']],
  [{ message: 1, status: 'delivered', occurred_at: 'yesterday' }, ['occurred_at']],
  [{ message: 1, status: 'delivered', more: 1 }, ['more']],
  [[{ message: 1, status: 'delivered' }, { message: 2 }], ['1.status']],
  [[], []],
])('a report %j is refused, naming the field', async (body, named) => {
  const answer = await post('/api/v1/messages/status', body, 'operator');
  expect(answer.status).toBe(422);
  expect(await fields(answer)).toEqual(named);
});

test('what was noted to remind of becomes messages, once, by the templates of the settings', async () => {
  await t.owner.deleteFrom('app.points_reminders').execute();
  const customer = await w.customer();
  await sql`insert into app.points_reminders (customer_id, expires_on, days_before, points, remind_on)
    values (${customer}, current_date + 7, 7, 120, current_date), (${customer}, current_date - 100, 7, 120, current_date - 107)`.execute(
    t.owner,
  );
  const remind = async () =>
    (await sql<{ made: number }>`select ops.send_reminders(current_date) as made`.execute(t.db)).rows[0]!.made;
  await w.settings({ points_reminder_id: null });
  expect(Number(await remind())).toBe(0);
  const template = await w.template({
    ...{
      category: 'service',
      channels: ['in_site'],
      in_site_subject: 'S',
      in_site_body: '{{expiring_points}} until {{last_on}}',
    },
  });
  await w.settings({ points_reminder_id: template });
  expect(Number(await remind())).toBe(1);
  expect(Number(await remind())).toBe(0);
  await send('in_site');
  const row = await t.db.selectFrom('app.messages').select('content').executeTakeFirstOrThrow();
  expect((row.content as unknown as Row).body).toMatch(/^120 until \d{4}-/);
});

test('a template that messages were made from is not deleted, and its text is asked for', async () => {
  const template = await made();
  await w.queue(template, [await w.customer()]);
  expect((await a.as('operator')('DELETE', `/api/message_templates/${template}`)).status).toBe(409);
  const empty = await post('/api/message_templates', {
    ...{ code: `e_${++code}`, name: 'e', name_en: 'e', channels: ['sms', 'email'], email_body: 'x', sms_body: 'x' },
  });
  expect([empty.status, await fields(empty)]).toEqual([422, ['email_subject']]);
});
