/** What is queued for whom, what is kept back and why, and that asking again changes nothing. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { NOON, type Row, type Writing, writing } from './messages.ts';

let t: TestDatabase;
let w: Writing;
beforeAll(async () => {
  t = await testDatabase();
  w = writing(t);
  await w.connect('sms');
  await w.connect('email');
  await w.connect('community');
});
afterAll(() => t?.close());
beforeEach(async () => {
  await sql`truncate app.messages`.execute(t.owner);
  await w.settings({
    ...{ quiet_from: '22:00', quiet_until: '08:00', quiet_service: false, consent_service: false },
    ...{ contact_cap: 3, contact_cap_days: 7, contact_day_cap: null, contact_cap_by: 'all' },
  });
});

/** What one message came to: "queued", or state and reason. */
async function fate(template: number, customer: number, of: Parameters<Writing['queue']>[2] = {}): Promise<string[]> {
  await w.queue(template, [customer], of);
  const rows = await w.rows();
  return rows.map(({ channel, state, reason }) => [channel, state, reason].filter(Boolean).join(' ')).sort();
}

test('a message for each channel of the template, and the same answer when asked again', async () => {
  const both = await w.template({ channels: ['sms', 'email'], email_subject: 'S', email_body: 'B' });
  const people = [await w.customer(), await w.customer()];
  const first = await w.queue(both, people);
  expect(first).toHaveLength(4);
  expect(first.every(({ refusal }) => refusal === null)).toBe(true);
  expect(await w.queue(both, people)).toEqual(first);
  expect(await w.queue(both, people, { at: '2027-01-01T00:00:00Z' })).toEqual(first);
  expect(await w.rows()).toHaveLength(4);
});

test('asked twice at the same time there is one', async () => {
  const template = await w.template({});
  const people = await Promise.all(Array.from({ length: 50 }, () => w.customer()));
  const answers = await Promise.all(Array.from({ length: 8 }, () => w.queue(template, people)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(await w.rows()).toHaveLength(50);
});

test.each<[string, Row, Row, string[]]>([
  ['without consent', {}, { consent_sms: false }, ['sms suppressed no_consent']],
  ['without a phone', {}, { phone: null }, ['sms suppressed no_address']],
  ['blocked', {}, { status: 'blocked' }, ['sms suppressed customer_not_active']],
  ['of a draft', { status: 'draft' }, {}, ['sms suppressed template_not_active']],
  ['without a variable', { sms_body: 'Code {{code}}' }, {}, ['sms suppressed unknown_variable']],
  ['with what is said otherwise', { sms_body: 'Code {{code|none}}, {{name}}' }, {}, ['sms queued']],
  ['service without consent', { category: 'service' }, { consent_sms: false }, ['sms queued']],
  [
    'by a channel that is not connected',
    { channels: ['push'], push_subject: 'S', push_body: 'B' },
    {},
    ['push held channel_off'],
  ],
  [
    'in the inbox without any consent',
    { channels: ['in_site'], in_site_subject: 'S', in_site_body: 'B' },
    { consent_sms: false },
    ['in_site queued'],
  ],
])('a message %s', async (_, template, customer, expected) => {
  expect(await fate(await w.template(template), await w.customer(customer))).toEqual(expected);
});

test('a customer nobody knows has a row too', async () => {
  expect(await fate(await w.template({}), 999_999)).toEqual(['sms suppressed customer_unknown']);
});

test('a variable that was handed over is none that is missing', async () => {
  const template = await w.template({ sms_body: 'Code {{code}}' });
  expect(await fate(template, await w.customer(), { variables: [{ code: 'A1' }] })).toEqual(['sms queued']);
});

test('of somebody who was merged it is the survivor’s', async () => {
  const [survivor, duplicate] = [await w.customer(), await w.customer({ consent_sms: false })];
  await sql`update app.customers set status = 'merged', merged_into_id = ${survivor}, merged_at = now() where id = ${duplicate}`.execute(
    t.owner,
  );
  await w.queue(await w.template({}), [duplicate]);
  expect(await w.rows()).toMatchObject([{ customer_id: survivor, state: 'queued' }]);
});

test('a post for a community is to nobody, and customers do not get it', async () => {
  const template = await w.template({ channels: ['sms', 'community'], community_body: 'Tip of the day' });
  const customer = await w.customer();
  await w.queue(template, [0, customer], { external_ids: ['post', 'm'] });
  expect((await w.rows()).map(({ customer_id, channel }) => [customer_id, channel])).toEqual([
    [0, 'community'],
    [customer, 'sms'],
  ]);
});

test.each<[string, string, string[]]>([
  ['21:59', '2026-03-10T21:59:00+08:00', ['sms queued']],
  ['22:00', '2026-03-10T22:00:00+08:00', ['sms held quiet_hours']],
  ['07:59', '2026-03-10T07:59:00+08:00', ['sms held quiet_hours']],
  ['08:00', '2026-03-10T08:00:00+08:00', ['sms queued']],
])('queued at %s', async (_, at, expected) => {
  expect(await fate(await w.template({}), await w.customer(), { at })).toEqual(expected);
  const { rows } = await sql<{ due: string }>`
    select to_char(due_at at time zone 'Asia/Shanghai', 'HH24:MI') as due from app.messages`.execute(t.db);
  if (expected[0]!.includes('quiet')) expect(rows).toEqual([{ due: '08:00' }]);
});

const NIGHT = '2026-03-10T23:30:00+08:00';
const SERVICE = { category: 'service' };
test.each<[string, Row, Row, Row, string, string[], string[]]>([
  [
    'consent_service',
    { consent_service: true },
    SERVICE,
    { consent_sms: false },
    NOON,
    ['sms queued'],
    ['sms suppressed no_consent'],
  ],
  ['quiet_service', { quiet_service: true }, SERVICE, {}, NIGHT, ['sms queued'], ['sms held quiet_hours']],
  ['quiet_from', { quiet_from: '23:45' }, {}, {}, NIGHT, ['sms held quiet_hours'], ['sms queued']],
  ['quiet_until', { quiet_until: '23:15' }, {}, {}, NIGHT, ['sms held quiet_hours'], ['sms queued']],
  ['contact_channels', { contact_channels: ['email'] }, {}, {}, NIGHT, ['sms held quiet_hours'], ['sms queued']],
])('%s changes what becomes of a message', async (_, changed, template, customer, at, before, after) => {
  const [id, whom] = [await w.template(template), await w.customer(customer)];
  expect(await fate(id, whom, { at })).toEqual(before);
  await sql`truncate app.messages`.execute(t.owner);
  await w.settings(changed);
  expect(await fate(id, whom, { at })).toEqual(after);
  await w.settings({ contact_channels: ['sms', 'email', 'push', 'wecom'] });
});

test.each<[string, string, string | undefined]>([
  ['a brace too many', 'Hello {{name', 'sms_body'],
  ['an unknown form', 'Hello {{Name!}}', 'sms_body'],
  ['an address that is none', 'See {{link:javascript:alert(1)}}', 'sms_body'],
  ['an address with a password', 'See {{link:https://u:p@example.com/x}}', 'sms_body'],
  ['all that is right', 'Hello {{ name | you }}, {{link:https://example.com/a?b=c|here}}', undefined],
])('a template with %s', async (_, sms_body, field) => {
  const made = w.template({ sms_body });
  if (field) await expect(made).rejects.toMatchObject({ code: 'EG422', column: field });
  else await expect(made).resolves.toBeGreaterThan(0);
});

test('what it says when it was queued stays when the template is edited', async () => {
  const template = await w.template({ sms_body: 'One' });
  await w.queue(template, [await w.customer()]);
  await sql`update app.message_templates set sms_body = 'Two' where id = ${template}`.execute(t.owner);
  await sql`select ops.guard_message_templates(id, 0, null, to_jsonb(message_templates)) from app.message_templates where id = ${template}`.execute(
    t.owner,
  );
  const { rows } = await sql`
    select versions.number, versions.texts #>> '{sms,zh,body}' as body
    from app.messages inner join app.message_template_versions as versions on versions.id = messages.version_id`.execute(
    t.db,
  );
  expect(rows).toEqual([{ number: 1, body: 'One' }]);
});
