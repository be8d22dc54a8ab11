/**
 * Whatever happens at the same time (senders, withdrawals, settings, edits, merges), no message goes out against consent, quiet
 * hours or cap. A withdrawal counts from the moment at which it holds its customer; so does the claim of whoever sends.
 */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimMessages } from '../../api/outbox/claim.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { type Writing, writing } from '../sql/messages.ts';

let t: TestDatabase;
let w: Writing;
beforeAll(async () => {
  t = await testDatabase();
  w = writing(t);
  for (const channel of ['sms', 'email', 'push']) await w.connect(channel);
  await sql`create table app.withdrawals (customer_id bigint, channel text, at timestamptz)`.execute(t.owner);
  await sql`grant all on app.withdrawals to public`.execute(t.owner);
});
afterAll(() => t?.close());

const CHANNELS = ['sms', 'email', 'push'] as const;

test('32 senders and withdrawals at once', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        cap: fc.integer({ min: 1, max: 3 }),
        day_cap: fc.option(fc.integer({ min: 1, max: 2 })),
        by: fc.constantFrom('all', 'channel'),
        messages: fc.array(
          fc.record({ customer: fc.nat(5), channel: fc.constantFrom(...CHANNELS), service: fc.boolean() }),
          { minLength: 10, maxLength: 60 },
        ),
        withdrawn: fc.array(fc.tuple(fc.nat(5), fc.constantFrom(...CHANNELS)), { maxLength: 10 }),
        outcomes: fc.array(fc.constantFrom('sent', 'unsent', 'unclear', 'refused'), { minLength: 1, maxLength: 6 }),
      }),
      async ({ cap, day_cap, by, messages, withdrawn, outcomes }) => {
        await sql`truncate app.messages, app.message_links`.execute(t.owner);
        await sql`delete from app.withdrawals`.execute(t.owner);
        await w.settings({
          ...{ contact_cap: cap, contact_cap_days: 7, contact_day_cap: day_cap, contact_cap_by: by },
          ...{ quiet_from: null, quiet_until: null },
        });
        const people = await Promise.all(Array.from({ length: 6 }, () => w.customer()));
        const texts = { push_subject: 'S', push_body: 'B', email_subject: 'S', email_body: 'B', sms_body: 'B' };
        const templates = new Map<string, number>();
        for (const channel of CHANNELS)
          for (const category of ['marketing', 'service'])
            templates.set(`${channel} ${category}`, await w.template({ ...texts, channels: [channel], category }));
        for (const [place, { customer, channel, service }] of messages.entries())
          await w.queue(templates.get(`${channel} ${service ? 'service' : 'marketing'}`)!, [people[customer]!], {
            ...{ external_ids: [`${place}`], at: new Date(Date.now() - 1000).toISOString() },
          });

        let turn = 0;
        const sender = async (channel: string) => {
          for (let round = 0; round < 3; round++) {
            const taken = await claimMessages({ db: t.db, config: t.config }, { channel, how_many: 3 });
            for (const { id, attempt } of taken)
              await sql`select ops.note_message(${id}, ${attempt}, ${outcomes[turn++ % outcomes.length]!}, clock_timestamp())`.execute(
                t.db,
              );
            await sql`update app.messages set due_at = now() where reason in ('retrying', 'contact_cap') and due_at > now()
              and id in (select id from app.messages where channel = ${channel} order by id for update skip locked)`.execute(
              t.db,
            );
          }
        };
        const withdraw = ([place, channel]: readonly [number, string]) =>
          t.db.transaction().execute(async (trx) => {
            const id = people[place]!;
            await sql`update app.customers set ${sql.ref(`consent_${channel}`)} = false where id = ${id}`.execute(trx);
            // The moment at which it holds the customer: nobody claims after it.
            await sql`insert into app.withdrawals values (${id}, ${channel}, clock_timestamp())`.execute(trx);
          });
        const work = [
          ...Array.from({ length: 32 - withdrawn.length }, (_, place) => sender(CHANNELS[place % 3]!)),
          ...withdrawn.map(withdraw),
        ];
        await Promise.all(work);

        const { rows: against } = await sql`
          select messages.id from app.messages
          inner join app.withdrawals on withdrawals.customer_id = messages.customer_id and withdrawals.channel = messages.channel
          where messages.category = 'marketing' and messages.claimed_at > withdrawals.at`.execute(t.db);
        expect(against).toEqual([]);
        const { rows: over } = await sql`
          select messages.customer_id, count(*) from app.messages
          where messages.category = 'marketing' and messages.contact_on is not null
          group by messages.customer_id, case when ${by} = 'channel' then messages.channel end
          having count(*) > least(${cap}::integer, coalesce(${day_cap}::integer, 100))`.execute(t.db);
        expect(over).toEqual([]);
        // Nothing that went out was not counted, and nothing is forgotten on the way.
        const { rows: uncounted } = await sql`
          select id from app.messages where category = 'marketing' and state = 'sent' and contact_on is null`.execute(
          t.db,
        );
        expect(uncounted).toEqual([]);
        const { rows: lost } = await sql`
          select id from app.messages where state = 'sending' or (due_at is null and state not in ('sent', 'failed', 'suppressed'))`.execute(
          t.db,
        );
        expect(lost).toEqual([]);
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 12), seed: 7, endOnFailure: true },
  );
});

test('during quiet hours nothing is taken, however many ask', async () => {
  await sql`truncate app.messages`.execute(t.owner);
  await w.settings({ quiet_from: null, quiet_until: null, contact_cap: 100, contact_day_cap: null });
  const template = await w.template({});
  const people = await Promise.all(Array.from({ length: 40 }, () => w.customer()));
  await w.queue(template, people, { at: new Date(Date.now() - 1000).toISOString() });
  const clock = (minutes: number) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' }).format(
      new Date(Date.now() + minutes * 60_000),
    );
  await w.settings({ quiet_from: clock(-5), quiet_until: clock(60) });
  const taken = await Promise.all(
    Array.from({ length: 32 }, () => claimMessages({ db: t.db, config: t.config }, { channel: 'sms', how_many: 5 })),
  );
  expect(taken.flat()).toEqual([]);
  const { rows } = await sql`select distinct state, reason from app.messages`.execute(t.db);
  expect(rows).toEqual([{ state: 'held', reason: 'quiet_hours' }]);
});
