/** Points and messages by day: whatever happened in whatever order, between whatever refreshes, the views say what the facts say. */
import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settleDay } from '../../api/engine/process.ts';
import { runJob } from '../../api/jobs.ts';
import type { DB } from '../../api/schema.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { messageDays, pointsDays } from './day-figures.ts';
import { NOON, type Writing, writing } from './messages.ts';
import { programme } from './points.ts';
import { date, shuffled, story, tell } from './points-stories.ts';
import { jobDeps } from './segments.ts';

const RUNS = Number(process.env.RUNS ?? 8);
const AS_OF = '2026-12-01';
const HOUR_MS = 3_600_000;

let t: TestDatabase;
let w: Writing;
beforeAll(async () => {
  t = await testDatabase();
  w = writing(t);
  await w.connect('sms');
  await w.connect('email');
  await w.settings({ contact_cap: 2, contact_cap_days: 7, quiet_from: '22:00', quiet_until: '08:00' });
});
afterAll(() => t?.close());

const refreshPoints = (db: Kysely<DB> = t.db) => sql`select ops.refresh_points_day()`.execute(db);
const refreshMessages = (db: Kysely<DB> = t.db) => sql`select ops.refresh_message_day()`.execute(db);

describe('points', () => {
  test('of any story, told in any order, late, taken back and after a merge', async () => {
    await t.db.updateTable('app.points_policies').set({ expiry_months: 1, reinstate_days: 7 }).execute();
    const p = await programme(t, { shortfall: 'go_negative' });
    await p.rule({ code: 'spend', effect: 'per_amount', points: 1, per_amount: '1', pending_days: 3 });
    await p.rule({ code: 'growth', account: 'growth', effect: 'per_amount', points: 2, per_amount: '1' });
    const deps = { ...jobDeps(t), resources: new Map() };
    const agree = async () => {
      const { view, facts } = await pointsDays(t.owner);
      expect(view).toEqual(facts);
    };
    let told = 0;
    await fc.assert(
      fc.asyncProperty(story, fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }), async (made, refreshes) => {
        const { facts, keys, runs, midnights } = made;
        const one = await tell(t, p, facts, `${++told}`, refreshes);
        let said = 0;
        for (const at of shuffled(facts, keys)) {
          await one.say(at);
          said++;
          if (said % runs[said % runs.length]! === 0) await p.work();
          const midnight = midnights[said % midnights.length];
          if (midnight != null) await settleDay(deps, { until_at: `${date(midnight)} 00:00+08` });
          if (refreshes[said % refreshes.length]) await refreshPoints();
        }
        await p.work();
        await agree();
        if (one.other !== one.customer) {
          await one.merge();
          await p.work();
          await agree();
        }
        await one.undoAll();
        await p.work();
        await refreshPoints();
        await agree();
      }),
      { numRuns: RUNS, seed: 11, endOnFailure: true },
    );
    const { view } = await pointsDays(t.owner);
    for (const kind of ['issued_points', 'spent_points', 'expired_points', 'reversed_points'])
      expect(view.some((row) => row[kind] !== 0)).toBe(true);
    expect(await t.db.selectFrom('app.points_day_changes').select('id').execute()).toEqual([]);
  }, 120_000);

  test('of books that are no real ones, and growth, are left out', async () => {
    const before = await pointsDays(t.owner);
    await entries(t.pool, { book: 5, account: 'points', customers: [1, 2, 3] });
    await entries(t.pool, { book: 0, account: 'growth', customers: [1, 2, 3] });
    expect((await pointsDays(t.owner)).view).toEqual(before.view);
  });

  test('a refresh by the job takes what waited at first, and again nothing', async () => {
    await entries(t.pool, { book: 0, account: 'points', customers: [1] });
    const job = () => runJob(jobDeps(t), 'refresh_points_day', AS_OF);
    expect(await job()).toMatchObject({ state: 'done', rows_written: 1 });
    expect(await job()).toMatchObject({ state: 'done', rows_written: 0 });
    const { view, facts } = await pointsDays(t.owner);
    expect(view).toEqual(facts);
  });
});

type Step =
  | { kind: 'queue'; template: number; customers: number[]; hours: number }
  | { kind: 'test'; customer: number }
  | { kind: 'claim'; channel: 'sms' | 'email'; how_many: number; hours: number }
  | { kind: 'outcome'; outcome: 'sent' | 'delivered' | 'refused' | 'unsent' | 'unclear'; hours: number }
  | { kind: 'report'; reports: { of: number; status: 'delivered' | 'read' | 'bounced' }[] }
  | { kind: 'click'; of: number }
  | { kind: 'merge'; customers: [number, number] }
  | { kind: 'anonymise'; customer: number }
  | { kind: 'delete'; of: number }
  | { kind: 'move'; of: number; hours: number }
  | { kind: 'refresh' };

const place = fc.nat(30);
const hours = fc.integer({ min: 0, max: 90 * 24 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('queue' as const),
    template: fc.nat(2),
    customers: fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }),
    hours,
  }),
  fc.record({ kind: fc.constant('test' as const), customer: fc.nat(5) }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      channel: fc.constantFrom('sms' as const, 'email' as const),
      how_many: fc.integer({ min: 1, max: 5 }),
      hours,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('outcome' as const),
      outcome: fc.constantFrom(
        'sent' as const,
        'delivered' as const,
        'refused' as const,
        'unsent' as const,
        'unclear' as const,
      ),
      hours,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('report' as const),
      reports: fc.array(
        fc.record({
          of: place,
          status: fc.constantFrom('delivered' as const, 'read' as const, 'bounced' as const),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  },
  fc.record({ kind: fc.constant('click' as const), of: place }),
  fc.record({ kind: fc.constant('merge' as const), customers: fc.tuple(fc.nat(5), fc.nat(5)) }),
  fc.record({ kind: fc.constant('anonymise' as const), customer: fc.nat(5) }),
  fc.record({ kind: fc.constant('delete' as const), of: place }),
  fc.record({ kind: fc.constant('move' as const), of: place, hours }),
  fc.record({ kind: fc.constant('refresh' as const) }),
);

describe('messages', () => {
  test('of any history of sending, delivery, clicks, merging and forgetting', async () => {
    const templates = [
      await w.template({ channels: ['sms', 'email'], email_subject: 'S', email_body: 'B' }),
      await w.template({ category: 'service' }),
      await w.template({ channels: ['in_site'], in_site_subject: 'S', in_site_body: 'B' }),
    ];
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const people = await Promise.all(
          Array.from({ length: 6 }, (_, at) => w.customer(at === 3 ? { consent_sms: false } : {})),
        );
        for (const each of steps) await apply(each, { templates, people });
        const { view, facts } = await messageDays(t.owner);
        expect(view).toEqual(facts);
        for (const row of view) for (const [name, value] of Object.entries(row)) if (Number(value) > 0) seen.add(name);
        await refreshMessages();
        expect((await messageDays(t.owner)).view).toEqual(facts);
      }),
      { numRuns: RUNS * 3, seed: 5, endOnFailure: true },
    );
    // Every figure was more than nothing at some time.
    const names = ['queued', 'reached', 'delivered', 'read', 'clicked', 'failed', 'suppressed', 'waiting'];
    expect(names.filter((name) => !seen.has(`${name}_count`))).toEqual([]);
  }, 120_000);

  test('a report that comes a year late opens its day again, and no other', async () => {
    const template = await w.template({});
    await w.queue(template, [await w.customer()], { at: '2025-03-10T12:00:00+08:00', source: 'late' });
    await refreshMessages();
    await t.owner
      .updateTable('app.messages')
      .set({ state: 'delivered', due_at: null, attempts: 1 })
      .where('source', '=', 'late')
      .execute();
    expect(await t.db.selectFrom('app.message_day_changes').select(['day', 'delivered_count']).execute()).toEqual([
      { day: '2025-03-10', delivered_count: 1 },
    ]);
    expect(await refreshMessages()).toMatchObject({ rows: [{ refresh_message_day: 1 }] });
  });

  async function apply(each: Step, { templates, people }: { templates: number[]; people: number[] }): Promise<void> {
    const at = (after: number) => new Date(Date.parse(NOON) + after * HOUR_MS).toISOString();
    const which = async (of: number) => {
      const rows = await t.db.selectFrom('app.messages').select(['id', 'customer_id']).orderBy('id', 'desc').execute();
      return rows[of % Math.max(rows.length, 1)];
    };
    if (each.kind === 'queue') {
      const whom = each.customers.map((at) => people[at]!);
      const external_ids = whom.map((_, at) => `${each.hours % 50}-${at}`);
      await w.queue(templates[each.template]!, whom, { source: `s${people[0]}`, external_ids, at: at(each.hours) });
    } else if (each.kind === 'test') {
      const input = { channel: 'sms', address: '13900000001' };
      await sql`select ops.test_message(${templates[0]!}, 0, ${JSON.stringify(input)}::jsonb)`.execute(t.db);
    } else if (each.kind === 'claim') {
      await sql`select ops.claim_messages(${each.channel}, ${each.how_many}, ${at(each.hours)}::timestamptz)`.execute(
        t.db,
      );
    } else if (each.kind === 'outcome') {
      await sql`
        select ops.note_message(held.id, held.attempts, ${each.outcome}, ${at(each.hours)}::timestamptz)
        from (select id, attempts from app.messages where state = 'sending' order by id limit 2) as held`.execute(t.db);
    } else if (each.kind === 'report') {
      const reports = await Promise.all(
        each.reports.map(async ({ of, status }) => ({ message: (await which(of))?.id, status })),
      );
      await sql`select * from ops.note_deliveries(${JSON.stringify(reports)}::jsonb)`.execute(t.db);
    } else if (each.kind === 'click') {
      const message = await which(each.of);
      if (!message) return;
      const code = `c${message.id}`;
      await t.db
        .insertInto('app.message_links')
        .values({ customer_id: message.customer_id, message_id: message.id, position: 1, code, url: 'https://x.test' })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await sql`select ops.follow_link(${code}, true)`.execute(t.db);
    } else if (each.kind === 'merge') {
      const [one, other] = each.customers.map((at) => people[at]!);
      if (one === other) return;
      // Who is gone already is refused.
      await sql`select ops.merge_customers(${one}, ${other}, null, 'test')`.execute(t.db).catch(() => undefined);
    } else if (each.kind === 'anonymise') {
      await sql`
        select ops.anonymise_customer(id, 0, jsonb_build_object('code', external_id, 'reason', 'asked'))
        from app.customers where id = ${people[each.customer]!} and merged_into_id is null and status <> 'anonymised'`
        .execute(t.db)
        .catch(() => undefined);
    } else if (each.kind === 'delete') {
      const message = await which(each.of);
      if (message) await t.db.deleteFrom('app.messages').where('id', '=', message.id).execute();
    } else if (each.kind === 'move') {
      const message = await which(each.of);
      if (!message) return;
      await t.db
        .updateTable('app.messages')
        .set({ queued_at: at(each.hours) })
        .where('id', '=', message.id)
        .execute();
    } else {
      await refreshMessages();
    }
  }
});

describe('with many who write at once', () => {
  const WRITERS = 10;
  const ROUNDS = 12;

  test('nobody waits for another’s day, no two deadlock, and at every moment the views say what the facts say', async () => {
    const template = await w.template({ category: 'service' });
    const people = await Promise.all(Array.from({ length: 20 }, () => w.customer()));
    const clients = await Promise.all(
      Array.from({ length: WRITERS + 2 }, async () => {
        // The app login's rights, not the owner's.
        const client = new pg.Client(t.pool.options);
        await client.connect();
        return client;
      }),
    );
    let writing = true;
    let looks = 0;
    try {
      const [refresher, reader, ...writers] = clients as [pg.Client, pg.Client, ...pg.Client[]];
      const write = async (client: pg.Client, who: number) => {
        for (let round = 0; round < ROUNDS; round++) {
          const ids = people.map((_, at) => `${who}-${round}-${at}`);
          await client.query('begin');
          await client.query('select ops.queue_messages($1, $2, $3, $4, $5, $6)', [
            ...[template, people, 'many', ids, [], NOON],
          ]);
          // Everybody on the same day, and nobody has ended yet.
          await entries(client, { book: 0, account: 'points', customers: [who + 100, who + 200] });
          await client.query(round % 5 === 4 ? 'rollback' : 'commit');
          const own = `${who}-${round}-%`;
          await client.query("update app.messages set attempts = 1, state = 'sending' where external_id like $1", [
            own,
          ]);
          const { rows } = await client.query<{ id: number }>(
            'select id from app.messages where external_id like $1 order by id limit 6',
            [own],
          );
          for (const { id } of rows)
            await client.query('select * from ops.note_deliveries($1)', [
              JSON.stringify([{ message: id, status: id % 3 === 0 ? 'bounced' : 'read' }]),
            ]);
        }
      };
      const refresh = async () => {
        while (writing) {
          await refresher.query('select ops.refresh_message_day(), ops.refresh_points_day()');
        }
      };
      const look = async () => {
        while (writing || looks === 0) {
          await reader.query('begin isolation level repeatable read');
          const points = await pointsDays(reader);
          const messages = await messageDays(reader);
          await reader.query('commit');
          expect(points.view).toEqual(points.facts);
          expect(messages.view).toEqual(messages.facts);
          looks++;
        }
      };
      const looking = look();
      const refreshing = refresh();
      await Promise.all(writers.map(write)).finally(() => {
        writing = false;
      });
      await Promise.all([looking, refreshing]);
      expect(looks).toBeGreaterThan(1);
    } finally {
      writing = false;
      await Promise.all(clients.map((client) => client.end()));
    }
  }, 120_000);

  test('a day that somebody has written and not committed holds up neither another writer nor a refresh', async () => {
    const [slow, quick] = [new pg.Client(t.pool.options), new pg.Client(t.pool.options)];
    await Promise.all([slow.connect(), quick.connect()]);
    try {
      await slow.query('begin');
      await entries(slow, { book: 0, account: 'points', customers: [301] });
      await quick.query("set lock_timeout = '1s'");
      await entries(quick, { book: 0, account: 'points', customers: [302] });
      await quick.query('select ops.refresh_points_day()');
      await slow.query('commit');
      const { view, facts } = await pointsDays(quick);
      expect(view).toEqual(facts);
    } finally {
      await Promise.all([slow.end(), quick.end()]);
    }
  });
});

/** Entries of one day as the engine books them: many in one statement. */
async function entries(
  client: pg.Client | pg.Pool,
  { book, account, customers }: { book: number; account: string; customers: number[] },
): Promise<void> {
  await client.query(
    `insert into app.points_entries
      (book_id, customer_id, kind, origin_kind, origin_id, rule_id, account, from_state, to_state, points, fact_kind, fact_id, occurred_at)
    select $1, whom, 'earn', 'order', 1, 1, $2, 'issued', 'available', 7, 'order', 1, '2026-05-05T12:00:00Z'
    from unnest($3::bigint[]) as whom`,
    [book, account, customers],
  );
}
