/** Two customers become one: what was written to them, how often, the links in it, and what others are still to be told. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../database.ts';
import { type Row, type Writing, writing } from './messages.ts';

let t: TestDatabase;
let w: Writing;
let endpoint: number;
beforeAll(async () => {
  t = await testDatabase();
  w = writing(t);
  await w.connect('sms');
  const { rows } = await sql<{ id: number }>`
    insert into app.webhook_endpoints (name, url, topics) values ('CRM', 'https://example.com', '{tier.changed}')
    returning id`.execute(t.owner);
  endpoint = rows[0]!.id;
  // Nothing goes out unsigned.
  await sql`insert into app.sealed_secrets (kind, record_id, sealed)
    values ('webhook_endpoints', ${endpoint}, ${Buffer.from('sealed')})`.execute(t.owner);
});
afterAll(() => t?.close());
beforeEach(async () => {
  await sql`truncate app.messages, app.message_links, app.webhook_deliveries`.execute(t.owner);
  await w.settings({ quiet_from: null, quiet_until: null, contact_cap: 2, contact_cap_days: 7, contact_day_cap: null });
});

const at = (minute: number) => new Date(Date.now() + minute * 60_000).toISOString();
const claim = async (minute: number) =>
  (await sql<Row>`select id, customer_id from ops.claim_messages('sms', 10, ${at(minute)}::timestamptz)`.execute(t.db))
    .rows;
const sent = () =>
  sql`update app.messages set state = 'sent', sent_at = now(), due_at = null where state = 'sending'`.execute(t.owner);
const merge = (survivor: number, duplicate: number) =>
  sql`select ops.merge_customers(${survivor}, ${duplicate}, null, 'test')`.execute(t.db);
const fates = async () =>
  (await sql<Row>`select customer_id, state, reason from app.messages order by id`.execute(t.db)).rows;

test('what went out to both counts for the cap of one', async () => {
  const template = await w.template({});
  const [one, other] = [await w.customer(), await w.customer()];
  await w.queue(template, [one, other], { at: at(0), external_ids: ['a', 'b'] });
  expect(await claim(1)).toHaveLength(2);
  await sent();
  await merge(one, other);
  expect(await fates()).toMatchObject([{ customer_id: one }, { customer_id: one }]);
  await w.queue(template, [one], { at: at(2), external_ids: ['c'] });
  expect(await claim(3)).toEqual([]);
  expect((await fates()).at(-1)).toEqual({ customer_id: one, state: 'held', reason: 'contact_cap' });
});

test('what waits goes by the consent of who stays, and an account that is gone gets nothing', async () => {
  const template = await w.template({});
  const [silent, talker] = [await w.customer({ consent_sms: false }), await w.customer()];
  await w.queue(template, [talker], { at: at(0), external_ids: ['a'] });
  await merge(silent, talker);
  expect(await claim(1)).toEqual([]);
  expect(await fates()).toEqual([{ customer_id: silent, state: 'suppressed', reason: 'no_consent' }]);
});

test('a link in a message to who was merged counts for who stays, and still leads on', async () => {
  const [one, other] = [await w.customer(), await w.customer()];
  await w.queue(await w.template({}), [other], { at: at(0), external_ids: ['a'] });
  const [message] = await claim(1);
  await sql`insert into app.message_links (customer_id, message_id, position, code, url)
    values (${other}, ${message!.id}, 1, 'Ab3dE6gH9', 'https://shop.example/spring')`.execute(t.owner);
  await merge(one, other);
  const { rows } = await sql<{ to: string }>`select ops.follow_link('Ab3dE6gH9', true)::text as to`.execute(t.db);
  expect(rows[0]!.to).toContain('https://shop.example/spring');
  const links = await sql<Row>`
    select message_links.customer_id, message_links.clicks, messages.clicks as of_message
    from app.message_links
    inner join app.messages on messages.customer_id = message_links.customer_id and messages.id = message_links.message_id
  `.execute(t.db);
  expect(links.rows).toEqual([{ customer_id: one, clicks: 1, of_message: 1 }]);
});

test('others are told of both in the order in which it happened, one at a time', async () => {
  const [one, other] = [await w.customer(), await w.customer()];
  const note = (customer: number, said: string) =>
    sql`insert into app.webhook_deliveries (customer_id, endpoint_id, topic, occurred_at, body)
      values (${customer}, ${endpoint}, 'tier.changed', now(), ${JSON.stringify({ said })}::jsonb)`.execute(t.owner);
  const take = async (minute: number) =>
    (
      await sql<{ id: number; attempt: number; said: string }>`
      select id, attempt, body ->> 'said' as said from ops.claim_webhooks(10, ${at(minute)}::timestamptz)`.execute(t.db)
    ).rows;
  await note(one, 'first');
  await note(other, 'second');
  await note(one, 'third');
  await merge(one, other);
  await note(one, 'fourth');
  const order: string[] = [];
  for (let turn = 1; turn <= 4; turn++) {
    const taken = await take(turn);
    expect(taken).toHaveLength(1);
    // While it is on its way nothing else of theirs is.
    expect(await take(turn)).toEqual([]);
    const { id, attempt, said } = taken[0]!;
    order.push(said);
    await sql`select ops.note_webhook(${id}::bigint, ${attempt}::integer, true, now(), '200', null::integer)`.execute(
      t.db,
    );
  }
  expect(order).toEqual(['first', 'second', 'third', 'fourth']);
});
