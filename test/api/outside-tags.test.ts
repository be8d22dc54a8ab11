/** Others keep tags of customers as they are here: told the difference, each endpoint what it has not been told. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { runJob } from '../../api/jobs.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { jobDeps } from '../sql/segments.ts';

const DAY = '2026-05-01';
let t: TestDatabase;
let a: TestApp;
let tiers: number[];
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  const { rows } = await sql<{ id: number }>`
    insert into app.tiers (code, name, name_en, rank, enter_at, basis, window_kind, validity_kind, downgrade)
    values ('tin', 't', 't', 1, 1, 'spend', 'lifetime', 'forever', 'none'), ('gold', 'g', 'g', 2, 2, 'spend', 'lifetime', 'forever', 'none')
    returning id`.execute(t.owner);
  tiers = rows.map(({ id }) => id);
});
afterAll(() => t?.close());

const post = (path: string, body: Row) => a.as('administrator')('POST', path, body);
async function made(path: string, body: Row): Promise<number> {
  const answer = await post(path, body);
  expect(answer.status, await answer.clone().text()).toBe(201);
  return ((await answer.json()) as { id: number }).id;
}
const endpoint = (topics = ['tags.changed']) =>
  made('/api/webhook_endpoints', { name: 'SCRM', url: 'https://scrm.example.com/tags', topics });
async function person(code: string, more: Row = {}): Promise<number> {
  const { id } = await t.owner
    .insertInto('app.customers')
    .values({ external_id: code, enrolled_on: '2026-01-01', ...more } as never)
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
const inTier = (customer_id: number, tier_id: number) =>
  sql`insert into app.tier_states (customer_id, tier_id, entered_at) values (${customer_id}, ${tier_id}, now())
    on conflict (customer_id, book_id) do update set tier_id = excluded.tier_id`.execute(t.owner);
/** What the job queued, in the words of each delivery. */
async function told(): Promise<string[]> {
  expect(await runJob(jobDeps(t), 'tell_tags', DAY)).toMatchObject({ state: 'done', error: null });
  const { rows } = await sql<{ endpoint_id: number; code: string; add: string[]; remove: string[] }>`
    delete from app.webhook_deliveries
    returning endpoint_id, body ->> 'customer_external_id' as code, body -> 'data' -> 'add' as add, body -> 'data' -> 'remove' as remove
  `.execute(t.owner);
  return rows
    .map(({ code, add, remove }) => [code, ...add.map((tag) => `+${tag}`), ...remove.map((tag) => `-${tag}`)].join(' '))
    .sort();
}

test('whoever asks is told what there is, then only what changes, and a new one everything', async () => {
  await made('/api/outside_tags', { kind: 'tier', tier_id: tiers[0]!, tag: '锡卡' });
  const gold = await made('/api/outside_tags', { kind: 'tier', tier_id: tiers[1]!, tag: '金卡' });
  await made('/api/outside_tags', { kind: 'referrer', tag: '推荐人' });
  await made('/api/outside_tags', { kind: 'referred', tag: '被推荐人' });
  const anna = await person('S-1');
  const bob = await person('S-2', { referrer_code: 'S-1' });
  await person('S-3', { referrer_code: 'S-3' });
  await person('S-4', { referrer_code: 'nobody' });
  await inTier(anna, tiers[0]!);
  await inTier(bob, tiers[1]!);

  // Nobody has asked.
  expect(await told()).toEqual([]);
  const first = await endpoint();
  await endpoint(['coupon.issued']);
  expect(await told()).toEqual(['S-1 +推荐人 +锡卡', 'S-2 +被推荐人 +金卡']);
  expect(await told()).toEqual([]);

  await inTier(anna, tiers[1]!);
  expect(await told()).toEqual(['S-1 +金卡 -锡卡']);
  const second = await endpoint();
  expect(await told()).toEqual(['S-1 +推荐人 +金卡', 'S-2 +被推荐人 +金卡']);

  const answer = await a.as('administrator')('DELETE', `/api/outside_tags/${gold}`);
  expect(answer.status).toBe(200);
  expect(await told()).toEqual(['S-1 -金卡', 'S-1 -金卡', 'S-2 -金卡', 'S-2 -金卡']);
  for (const id of [first, second]) await sql`delete from app.webhook_endpoints where id = ${id}`.execute(t.owner);
  expect((await sql`select 1 from app.outside_tag_states`.execute(t.owner)).rows).toEqual([]);
});

test('titles count while they last and are not revoked, segments by the day', async () => {
  const title_id = await made('/api/titles', { code: 'friend', name: '友', name_en: 'Friend', kind: 'badge' });
  const rule = { code: 'quiet', name: '沉睡', name_en: 'Quiet', when: { recency_days: { gt: 60 } } };
  const { rows } = await sql<{ id: number }>`
    insert into app.segment_rule_sets (code, name, name_en) values ('stage', 's', 's') returning id`.execute(t.owner);
  const set = rows[0]!.id;
  await sql`insert into app.segment_rule_set_versions (rule_set_id, number, state, effective_from, rules)
    values (${set}, 1, 'published', '2020-01-01', ${JSON.stringify([rule])})`.execute(t.owner);
  const { rows: segments } = await sql<{ id: number }>`
    select id from base.segments where rule_set_id = ${set} and segment_code = 'quiet'`.execute(t.owner);
  await made('/api/outside_tags', { kind: 'title', title_id, tag: '好友' });
  await made('/api/outside_tags', { kind: 'segment', segment_id: segments[0]!.id, tag: '沉睡' });
  const customer = await person('S-5');
  await sql`insert into app.segment_memberships (customer_id, rule_set_id, entered_on, segment_code)
    values (${customer}, ${set}, '2026-04-01', 'quiet')`.execute(t.owner);
  await sql`insert into app.customer_titles (customer_id, title_id, source, external_id, granted_at, reason)
    values (${customer}, ${title_id}, 'test', '1', now(), 'r')`.execute(t.owner);
  const id = await endpoint();
  expect((await told()).filter((each) => each.startsWith('S-5'))).toEqual(['S-5 +好友 +沉睡']);
  await sql`update app.segment_memberships set left_on = ${DAY} where customer_id = ${customer}`.execute(t.owner);
  await sql`update app.customer_titles set revoked_at = now(), revoke_reason = 'r' where customer_id = ${customer}`.execute(
    t.owner,
  );
  expect(await told()).toEqual(['S-5 -好友 -沉睡']);
  await sql`delete from app.webhook_endpoints where id = ${id}`.execute(t.owner);
});

test('a mapping names what its kind asks for, and each once', async () => {
  for (const [body, field] of [
    [{ kind: 'tier', tag: 'x' }, 'tier_id'],
    [{ kind: 'segment', tag: 'x' }, 'segment_id'],
    [{ kind: 'tier', tier_id: 999_999, tag: 'x' }, 'tier_id'],
    [{ kind: 'friend', tag: 'x' }, 'kind'],
    [{ kind: 'referrer', tag: 'x'.repeat(61) }, 'tag'],
    [{ kind: 'referrer' }, 'tag'],
  ] as const) {
    const answer = await post('/api/outside_tags', body as unknown as Row);
    expect([answer.status, Object.keys(((await answer.json()) as ApiError).errors ?? {})], field).toEqual([
      422,
      [field],
    ]);
  }
  expect((await post('/api/outside_tags', { kind: 'referrer', tag: '推荐人' })).status).toBe(422);
});
