/** Communities: who comes in by themselves, who leaves, who may see which, what is posted when; whatever comes, and however often. */
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { followUp } from '../../api/engine/follow-ups.ts';
import { processFacts } from '../../api/engine/process.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { automationProgramme } from '../sql/automations.ts';

let t: TestDatabase;
let a: TestApp;
let p: Awaited<ReturnType<typeof automationProgramme>>;
let post: number;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  p = await automationProgramme(t);
  const { rows } = await sql<{ id: number }>`
    insert into app.message_templates (code, name, name_en, category, status, channels, community_body)
    values ('tip', '小贴士', 'Tip', 'marketing', 'active', '{community}', '{{community}}的小贴士')
    returning id
  `.execute(t.db);
  post = rows[0]!.id;
  await sql`select ops.guard_message_templates(${post}, 0, null, (select to_jsonb(message_templates) from app.message_templates where id = ${post}))`.execute(
    t.db,
  );
});
afterAll(() => t?.close());
beforeEach(async () => {
  await sql`update app.communities set status = 'closed'`.execute(t.owner);
});

let number = 0;
async function say<T = Row>(method: string, path: string, body?: unknown, as: Person = 'operator', headers = {}) {
  const answer = await a.as(as)(method, path, body, headers);
  const text = await answer.text();
  return { status: answer.status, body: (text ? JSON.parse(text) : null) as T };
}
async function community(values: Row = {}): Promise<number> {
  const code = `c${++number}`;
  const { status, body } = await say('POST', '/api/communities', {
    ...{ code, name: code, name_en: code, channel: 'wecom', joining: 'manual', goal_days: 30, status: 'active' },
    ...values,
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id as number;
}
const members = async (community_id: number) =>
  (
    await t.db
      .selectFrom('app.community_members')
      .select(['customer_id', 'joined_by', 'left_at'])
      .where('community_id', '=', community_id)
      .orderBy('customer_id')
      .execute()
  ).map(({ customer_id, joined_by, left_at }) => [customer_id, joined_by, left_at === null]);
const join = (customer_id: number, community_id: number, as: Person = 'operator') =>
  say('POST', '/api/community_members', { customer_id, community_id }, as);

describe('coming in and leaving', () => {
  test('with the first order, not with the second, and not before any', async () => {
    const id = await community({ joining: 'first_order' });
    const [buyer, looker] = [await p.customer(), await p.customer()];
    const at = new Date(Date.now() - 3_600_000).toISOString();
    await p.order(buyer, at);
    await processFacts(p.deps, { until_at: new Date().toISOString() });
    await followUp(p.deps, { at: new Date().toISOString() });
    expect(await members(id)).toEqual([[buyer, 'automatic', true]]);
    await p.order(buyer, new Date(Date.now() - 60_000).toISOString());
    await processFacts(p.deps, { until_at: new Date().toISOString() });
    await followUp(p.deps, { at: new Date().toISOString() });
    expect(await members(id)).toEqual([[buyer, 'automatic', true]]);
    const { rows } = await sql<{
      at: string;
    }>`select joined_at::text as at from app.community_members where community_id = ${id}`.execute(t.db);
    expect(new Date(rows[0]!.at).toISOString()).toBe(at);
    expect((await members(id)).map(([customer]) => customer)).not.toContain(looker);
  });

  test('on enrolment; a draft or closed community takes nobody in, nor is a blocked customer taken in', async () => {
    const [open, draft] = [
      await community({ joining: 'enrolment' }),
      await community({ joining: 'enrolment', status: 'draft' }),
    ];
    const [one, blocked] = [await p.customer(), await p.customer({ status: 'blocked' })];
    await sql`select ops.join_communities(array[${one}, ${blocked}]::bigint[], now())`.execute(t.db);
    await sql`select ops.join_communities(array[${one}, ${blocked}]::bigint[], now())`.execute(t.db);
    expect(await members(open)).toEqual([[one, 'automatic', true]]);
    expect(await members(draft)).toEqual([]);
  });

  test('whoever left is not taken in again by itself, and leaves once', async () => {
    const id = await community({ joining: 'enrolment' });
    const customer = await p.customer();
    await sql`select ops.join_communities(array[${customer}]::bigint[], now())`.execute(t.db);
    const { rows } = await sql<{ id: number }>`select id from app.community_members where community_id = ${id}`.execute(
      t.db,
    );
    const leave = () => say('POST', `/api/community_members/${rows[0]!.id}/_actions/leave`, {});
    const answers = await Promise.all(Array.from({ length: 8 }, leave));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
    await sql`select ops.join_communities(array[${customer}]::bigint[], now())`.execute(t.db);
    expect(await members(id)).toEqual([[customer, 'automatic', false]]);
    expect((await say('POST', `/api/community_members/${rows[0]!.id}/_actions/leave`, {}, 'viewer')).status).toBe(403);
  });

  test('32 at once into a community with room for five: five are in it', async () => {
    const id = await community({ max_members: 5 });
    const customers: number[] = [];
    for (let at = 0; at < 32; at++) customers.push(await p.customer());
    const answers = await Promise.all(customers.map((customer) => join(customer, id)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    const full = answers.filter(({ status }) => status === 422) as { body: Row }[];
    expect(full).toHaveLength(27);
    expect((full[0]!.body as unknown as ApiError).errors).toHaveProperty('community_id');
    expect(await members(id)).toHaveLength(5);
  });

  test('by itself and by hand at once: never more than there is room for, nobody twice', async () => {
    const id = await community({ joining: 'enrolment', max_members: 4 });
    const customers: number[] = [];
    for (let at = 0; at < 12; at++) customers.push(await p.customer());
    await Promise.all([
      ...customers.map((customer) => join(customer, id)),
      ...customers.map((customer) =>
        sql`select ops.join_communities(array[${customer}]::bigint[], now())`.execute(t.db),
      ),
    ]);
    expect(await members(id)).toHaveLength(4);
  });

  test('the same customer twice is refused at the field', async () => {
    const id = await community();
    const customer = await p.customer();
    expect((await join(customer, id)).status).toBe(201);
    const again = await join(customer, id);
    expect(again.status).toBe(422);
    expect(await members(id)).toHaveLength(1);
    // Nobody comes into one that is closed, whoever asks.
    await sql`update app.communities set status = 'closed'`.execute(t.owner);
    expect((await join(await p.customer(), id)).status).toBe(422);
  });
});

describe('the calendar of posts', () => {
  const said = async (id: number) =>
    (
      await sql<{ said: string }>`
        select title || ' ' || to_char(posted_at at time zone 'Asia/Shanghai', 'MM-DD HH24:MI') || coalesce(' ' || refusal, '') as said
        from app.community_posts where community_id = ${id} order by posted_at, title
      `.execute(t.db)
    ).rows.map((row) => row.said);
  const live = (at: string) =>
    sql`select ops.post_community_plans((${at}::timestamptz at time zone 'Asia/Shanghai')::date, ${at}::timestamptz)`.execute(
      t.db,
    );

  test('each at its time, repeated as it says, once whoever asks how often; nothing that is over a day late', async () => {
    const id = await community({
      plans: [
        {
          title: '每日',
          template_id: post,
          starts_on: '2026-03-02',
          at_time: '10:00',
          repeat: 'day',
          repeat_until: '2026-03-04',
        },
        { title: '每周', template_id: post, starts_on: '2026-03-03', at_time: '23:30', repeat: 'week' },
        { title: '一次', template_id: post, starts_on: '2026-03-03', at_time: '09:00' },
      ],
    });
    await live('2026-03-02 09:59+08');
    expect(await said(id)).toEqual([]);
    for (const at of ['2026-03-02 10:00+08', '2026-03-03 12:00+08', '2026-03-04 00:10+08', '2026-03-05 09:00+08'])
      await Promise.all([live(at), live(at), live(at)]);
    await live('2026-03-12 12:00+08');
    // The tenth was to be posted at 23:30 and nobody was there until the twelfth.
    expect(await said(id)).toEqual([
      '每日 03-02 10:00',
      '一次 03-03 09:00',
      '每日 03-03 10:00',
      '每周 03-03 23:30',
      '每日 03-04 10:00',
    ]);
    const { rows } = await sql<{ count: number }>`
      select count(*)::integer as count from app.messages where source like 'community:%'
    `.execute(t.db);
    expect(rows[0]!.count).toBe(5);
  });

  test('a closed community is silent, and a template that is withdrawn is said to be why', async () => {
    const plans = [{ title: '一次', template_id: post, starts_on: '2026-04-03', at_time: '09:00' }];
    const [closed, open] = [await community({ plans }), await community({ plans })];
    await sql`update app.communities set status = 'closed' where id = ${closed}`.execute(t.owner);
    await sql`update app.message_templates set status = 'retired' where id = ${post}`.execute(t.owner);
    await sql`select ops.guard_message_templates(${post}, 0, null, (select to_jsonb(message_templates) from app.message_templates where id = ${post}))`.execute(
      t.db,
    );
    await live('2026-04-03 10:00+08');
    expect(await said(closed)).toEqual([]);
    expect(await said(open)).toEqual(['一次 04-03 09:00 template_not_active']);
  });
});

describe('an administrator of one', () => {
  test('who sees only their own sees only its members and posts, and takes nobody into another', async () => {
    const rows = { mode: 'where', where: { owner_id: { eq: '$me' } } };
    const [mine, other] = [
      await community({ owner_id: a.id('customer_service') }),
      await community({ owner_id: a.id('operator') }),
    ];
    const [one, two] = [await p.customer(), await p.customer()];
    await join(one, mine);
    await join(two, other);
    for (const [resource, letters] of [
      ['communities', 'ru'],
      ['community_members', 'cr'],
      ['community_posts', 'r'],
    ] as const) {
      const answer = await say(
        'PUT',
        `/api/_permissions/customer_service/${resource}`,
        { letters, rows },
        'administrator',
        { 'if-match': '"0"' },
      );
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    }
    const seen = async (resource: string, as: Person = 'customer_service') =>
      ((await say<Row[]>('GET', `/api/${resource}?_end=100`, undefined, as)).body as Row[]).map(({ id }) => id);
    expect(await seen('communities')).toEqual([mine]);
    const list = (await say<Row[]>('GET', '/api/community_members?_end=100', undefined, 'customer_service')).body;
    expect(list.map(({ customer_id }) => customer_id)).toEqual([one]);
    const foreign = await say('GET', `/api/communities/${other}`, undefined, 'customer_service');
    expect(foreign.status).toBe(404);
    const edit = await say('PATCH', `/api/communities/${other}`, { purpose: 'x' }, 'customer_service', {
      'if-match': '"1"',
    });
    expect(edit.status).toBe(404);
    const third = await p.customer();
    expect((await join(third, other, 'customer_service')).status).toBe(422);
    expect((await join(third, mine, 'customer_service')).status).toBe(201);
    expect(await members(other)).toEqual([[two, 'staff', true]]);
  });
});

test.each<[string, Row, string]>([
  [
    'a time that is none',
    { plans: [{ title: 'x', template_id: 1, starts_on: '2026-01-01', at_time: '25:00' }] },
    'plans.0.at_time',
  ],
  [
    'a template that is not there',
    { plans: [{ title: 'x', template_id: 999_999, starts_on: '2026-01-01', at_time: '10:00' }] },
    'plans.0.template_id',
  ],
  [
    'too many plans',
    {
      plans: Array.from({ length: 51 }, () => ({
        title: 'x',
        template_id: 1,
        starts_on: '2026-01-01',
        at_time: '10:00',
      })),
    },
    'plans',
  ],
  ['rows that are none', { plans: 'no' }, 'plans'],
  ['no room at all', { max_members: 0 }, 'max_members'],
  ['more than a number holds', { max_members: 1e300 }, 'max_members'],
  ['an owner who is nobody', { owner_id: 999_999 }, 'owner_id'],
  ['a name of nothing but spaces', { name: '   ' }, 'name'],
  ['a way in that is none', { joining: 'always' }, 'joining'],
])('%s is refused at its field', async (_, values, field) => {
  const before = await t.db.selectFrom('app.communities').select('id').execute();
  const { status, body } = await say<ApiError>('POST', '/api/communities', {
    ...{
      code: `h${++number}`,
      name: '名',
      name_en: 'n',
      channel: 'wecom',
      joining: 'manual',
      goal_days: 30,
      status: 'active',
    },
    ...values,
  });
  expect(status, JSON.stringify(body)).toBe(422);
  expect(Object.keys(body.errors ?? {})).toContain(field);
  expect(await t.db.selectFrom('app.communities').select('id').execute()).toHaveLength(before.length);
});
