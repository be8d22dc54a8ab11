/** The collector: what it takes, what it refuses and how, what it keeps and what not, and what happens when much comes at once. */
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Purpose, signToken } from '../../api/campaign-pages/signed-token.ts';
import { EVENTS_MAX } from '../../api/clicks/batch.ts';
import type { ApiError, Json, Row } from '../../api/contract.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { batchOf, clicked, collect, measuredPage, newVisit, publishedVersion } from './collecting.ts';

let t: TestDatabase;
let a: TestApp;
let version: number;
let page_id: number;
beforeAll(async () => {
  t = await testDatabase();
  ({ page_version_id: version, page_id } = await measuredPage(t, 'spring'));
  await measuredPage(t, 'shop', { pattern: 'https://shop.example/tea/*' });
  await measuredPage(t, 'half', { sample_rate: '0.5' });
  a = await testApp(unlimited(t));
});
afterAll(() => t?.close());
beforeEach(async () => {
  for (const table of ['page_view', 'page_event', 'click_batches', 'dirty_click_days', 'page_elements'] as const)
    await t.owner.deleteFrom(`app.${table}`).execute();
});

const unlimited = (from: TestDatabase): TestDatabase => ({
  ...from,
  config: { ...from.config, limits: { ...from.config.limits, visit: null, collect: null } },
});
const events = () => t.owner.selectFrom('app.page_event').selectAll().orderBy('occurred_at').execute();
const views = () => t.owner.selectFrom('app.page_view').selectAll().execute();
async function counts(): Promise<[views: number, events: number]> {
  return [(await views()).length, (await events()).length];
}

describe('a batch', () => {
  test('is stored with what belongs to it and answered with what was taken', async () => {
    const { status, body } = await collect(a, batchOf({ visit: '000000000000a', width: 700 }));
    expect([status, body]).toEqual([200, { accepted: 2, bot: 0, invalid: 0 }]);
    expect(await views()).toMatchObject([
      { visit_id: 10, page_version_id: version, device_class: 'tablet', bot: false, customer_id: null },
    ]);
    const [event] = await events();
    const element = await t.db.selectFrom('app.page_elements').selectAll().executeTakeFirstOrThrow();
    expect(element).toMatchObject({ page_version_id: version });
    expect(event).toMatchObject({ visit_id: 10, kind: 'click', x: 100, y: 200, device_class: 'tablet', bot: false });
  });

  test('comes as JSON too, and without a version it is of the one that is published', async () => {
    const { version: _, ...latest } = batchOf();
    const { status } = await collect(a, latest, { 'content-type': 'application/json' });
    expect(status).toBe(200);
    expect(await views()).toMatchObject([{ page_version_id: version }]);
  });

  test.each([
    [599, 'phone'],
    [600, 'tablet'],
    [1023, 'tablet'],
    [1024, 'desktop'],
  ])('of a page %i wide is of a %s', async (width, device_class) => {
    await collect(a, batchOf({ width }));
    expect(await views()).toMatchObject([{ device_class }]);
  });

  test('that is delivered twice, one after the other, at the same time or in one, counts once', async () => {
    const batch = batchOf();
    const first = await collect(a, batch);
    const again = await collect(a, { ...batch, sent: Date.now() });
    expect(again.body).toEqual(first.body);
    const other = batchOf();
    const answers = await Promise.all(Array.from({ length: 20 }, () => collect(a, other)));
    expect(answers.every(({ body }) => body.accepted === 2)).toBe(true);
    const elsewhere = await testApp(unlimited(t), { people: a });
    const third = batchOf();
    await Promise.all([a, elsewhere, a, elsewhere].map((app) => collect(app, third)));
    expect(await counts()).toEqual([3, 3]);
  });

  test('counts whatever the order in which the batches of a visit come', async () => {
    const visit = newVisit();
    for (const batch of [7, 2, 0, 9, 2]) await collect(a, batchOf({ visit, batch }));
    expect(await counts()).toEqual([4, 4]);
  });

  test('notes the days to be rolled up, of our time whatever the clock of the visitor says', async () => {
    const day = 86_400_000;
    const clock = Date.now() - day + 60_000;
    const events = [{ kind: 'view', at: clock - 5000 }, clicked({ at: clock - 3000 })];
    expect((await collect(a, batchOf({ sent: clock, events }))).body).toMatchObject({ accepted: 2, invalid: 0 });
    const [view] = await views();
    expect(Math.abs(Date.now() - 5000 - Date.parse(view!.occurred_at))).toBeLessThan(60_000);
    const { rows } = await sql<{ right: boolean }>`
      select bool_and(dirty_click_days.day = (page_view.occurred_at at time zone settings.time_zone)::date) as "right"
      from app.dirty_click_days, app.page_view, app.settings`.execute(t.owner);
    expect(rows).toEqual([{ right: true }]);
  });

  test.each([
    ['a day ahead', 86_400_000 + 60_000],
    ['a day behind', -86_400_000],
    ['in another age', -1_000_000_000_000],
  ])('of a clock %s is invalid and stores nothing', async (_, off) => {
    const sent = Date.now() + off;
    const events = [{ kind: 'view', at: sent }, clicked({ at: sent })];
    expect((await collect(a, batchOf({ sent, events }))).body).toEqual({ accepted: 0, bot: 0, invalid: 2 });
    expect(await counts()).toEqual([0, 0]);
  });

  test('holds events of before it was sent, of a day at most', async () => {
    const sent = Date.now();
    const ages = [0, 3_600_000, 86_399_000, 86_400_000, -59_000, -61_000];
    const events = ages.map((age) => clicked({ at: sent - age }));
    expect((await collect(a, batchOf({ sent, events }))).body).toEqual({ accepted: 4, bot: 0, invalid: 2 });
  });
});

describe('what is hostile', () => {
  const STRANGE: Json[] = [
    null,
    true,
    -1,
    1.5,
    1e300,
    '',
    'x',
    "' or 1=1 --",
    '\u202e',
    '💩',
    [],
    {},
    ['hero'],
    'x'.repeat(5000),
  ];
  test('in a field of the batch is refused by its name, in both languages', async () => {
    for (const field of ['page', 'version', 'visit', 'batch', 'sent', 'width', 'robot', 'customer', 'events']) {
      for (const value of STRANGE) {
        if ((field === 'robot' && value === true) || (value === null && (field === 'version' || field === 'customer')))
          continue;
        // A signature that is none makes nobody known.
        if (field === 'customer' && typeof value === 'string' && value.length < 200) continue;
        // What is in the list is looked at by itself.
        if (field === 'events' && Array.isArray(value) && value.length > 0) continue;
        const unknown_page = field === 'page' && value === 'x';
        for (const lang of ['zh', 'en']) {
          const { status, body } = await collect(a, batchOf({ [field]: value }), { 'accept-language': lang });
          const errors = (body as unknown as ApiError).errors ?? {};
          expect([field, value, status, Object.keys(errors)]).toEqual([field, value, 422, [field]]);
          expect(errors[field]!.message).toMatch(lang === 'zh' ? /\p{Script=Han}/u : /^[\x20-\x7e]+$/);
          if (unknown_page) expect(errors.page!.key).toBe('click_page_unknown');
        }
      }
    }
    expect(await counts()).toEqual([0, 0]);
  });

  test('in an event makes that event invalid and leaves the others', async () => {
    const wrong: Json[] = [
      ...STRANGE,
      ...STRANGE.flatMap((value) => [
        { ...clicked(), kind: value },
        { ...clicked(), at: value },
      ]),
      ...STRANGE.filter((value) => value !== 'x').map((value) => ({ ...clicked(), element: value })),
      ...STRANGE.map((value) => ({ ...clicked(), x: value })),
      ...[10_000, -1].map((x) => clicked({ x })),
      clicked({ text: 'my secret' }),
      { kind: 'scroll', at: Date.now(), y: 3, element: 'hero' },
      { kind: 'scroll', at: Date.now() },
      { kind: 'view', at: Date.now(), x: 1, y: 1 },
    ];
    for (const one of wrong) {
      const { status, body } = await collect(a, batchOf({ events: [one, clicked()] }));
      expect([one, status, body]).toEqual([one, 200, { accepted: 1, bot: 0, invalid: 1 }]);
    }
    expect(await counts()).toEqual([0, wrong.length]);
  });

  test('as a whole is answered in a sentence', async () => {
    const right = batchOf();
    const answers: [Json, number, string][] = [
      ['{"page":', 400, 'body_not_json'],
      ['[1]', 400, 'body_not_an_object'],
      ['', 400, 'body_not_json'],
      [`{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400, 'body_too_deep'],
      [{ ...right, pad: 'x'.repeat(64 * 1024) }, 413, 'body_too_large'],
      [{ ...right, text: 'said' }, 422, 'invalid'],
      [{ ...right, events: Array.from({ length: EVENTS_MAX + 1 }, () => clicked()) }, 422, 'invalid'],
      [{ ...right, page: 'nowhere' }, 422, 'invalid'],
      [{ ...right, version: 2 }, 422, 'invalid'],
    ];
    for (const [body, status, key] of answers) {
      const answer = await collect(a, body);
      expect([answer.status, answer.body.key]).toEqual([status, key]);
      expect(answer.body.message).toEqual(expect.stringMatching(/\w/));
    }
    expect((await collect(a, right, { 'content-type': 'multipart/form-data' })).status).toBe(415);
    expect((await a.app.request('/api/collect')).status).toBe(401);
    expect(await counts()).toEqual([0, 0]);
  });

  test('names of elements without end become one beyond the most', async () => {
    const many = Array.from({ length: 2100 }, (_, at) => clicked({ element: `made.up-${at}` }));
    for (let at = 0; at < many.length; at += EVENTS_MAX)
      await collect(a, batchOf({ events: many.slice(at, at + EVENTS_MAX) }));
    const { rows } = await sql<{ names: number; others: number }>`
      select
        (select count(*)::integer from app.page_elements) as names,
        (select count(*)::integer from app.page_event inner join app.page_elements on page_elements.id = page_event.element_id
          where page_elements.element = '*') as others`.execute(t.owner);
    expect(rows[0]!.names).toBeLessThanOrEqual(2001);
    expect(rows[0]!.others).toBeGreaterThanOrEqual(100);
    expect((await events()).length).toBe(2100);
  });
});

describe('a page', () => {
  test('that was published a moment ago is measured, and one that is a draft is not', async () => {
    expect((await collect(a, batchOf({ version: 5 }))).status).toBe(422);
    await t.owner.insertInto('app.page_versions').values({ page_id, number: 6, state: 'draft' }).execute();
    const newest = await publishedVersion(t, page_id, 5);
    await expect.poll(async () => (await collect(a, batchOf({ version: 5 }))).status).toBe(200);
    expect(await views()).toMatchObject([{ page_version_id: newest }]);
    expect((await collect(a, batchOf({ version: 6 }))).status).toBe(422);
  });

  test('of others is known by its address, and measured from there alone', async () => {
    const { page: _, ...rest } = batchOf({ address: 'https://shop.example/tea/green/1' });
    const from = (origin: string, body: Row = rest) => collect(a, { ...body, visit: newVisit() }, { origin });
    const right = await from('https://shop.example');
    expect(right.status).toBe(200);
    expect(right.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    for (const origin of ['https://evil.example', 'http://shop.example', 'https://shop.example.evil', 'null']) {
      const answer = await from(origin);
      expect([origin, answer.status, answer.body.key]).toEqual([origin, 403, 'click_origin']);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    for (const address of ['https://shop.example/coffee/1', 'https://other.example/tea/1'])
      expect((await from('https://shop.example', { ...rest, address })).status).toBe(422);
    for (const address of [
      'https://shop.example/tea/1?token=x',
      'https://me@shop.example/tea/1',
      'https://shop.example/tea/1#me',
    ])
      expect((await from('https://shop.example', { ...rest, address })).body.errors).toHaveProperty('address');
    expect(await counts()).toEqual([1, 1]);
  });

  test('of ours is measured from ours alone', async () => {
    const ours = { host: 'loyalty.example', origin: 'https://loyalty.example' };
    expect((await collect(a, batchOf(), ours)).status).toBe(200);
    expect((await collect(a, batchOf(), { ...ours, origin: 'https://shop.example' })).status).toBe(403);
  });

  test('of others is allowed to ask by its browser, and nobody else', async () => {
    const preflight = (origin: string) =>
      a.app.request('/api/collect', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const right = await preflight('https://shop.example');
    expect([right.status, right.headers.get('access-control-allow-origin')]).toEqual([204, 'https://shop.example']);
    expect(right.headers.get('access-control-allow-credentials')).toBeNull();
    expect((await preflight('https://evil.example')).status).toBe(403);
  });

  test('with a sample takes whole visits or nothing of them', async () => {
    const low = { page: 'half', visit: '7fff000000001' };
    const high = { page: 'half', visit: '8000000000001' };
    for (const batch of [1, 2, 3]) {
      expect((await collect(a, batchOf({ ...low, batch }))).body).toMatchObject({ accepted: 2 });
      expect((await collect(a, batchOf({ ...high, batch }))).body).toEqual({ accepted: 0, bot: 0, invalid: 0 });
    }
    expect(await counts()).toEqual([3, 3]);
  });
});

test('bots are kept apart by what they call themselves and by what steers them', async () => {
  const machines = ['Googlebot/2.1', 'HeadlessChrome/141.0', 'python-requests/2.31', 'facebookexternalhit/1.1', ''];
  for (const agent of machines)
    expect((await collect(a, batchOf(), { 'user-agent': agent })).body).toEqual({ accepted: 0, bot: 2, invalid: 0 });
  expect((await collect(a, batchOf({ robot: true }))).body).toEqual({ accepted: 0, bot: 2, invalid: 0 });
  expect((await collect(a, batchOf({ robot: false }))).body).toEqual({ accepted: 2, bot: 0, invalid: 0 });
  const flags = (await events()).map(({ bot }) => bot);
  expect(flags.filter(Boolean).length).toBe(6);
  await sql`select ops.refresh_click_days()`.execute(t.db);
  const { rows } = await sql<{ views: number; bots: number; clicks: number }>`
    select sum(view_count)::integer as views, sum(bot_view_count)::integer as bots,
      (select sum(click_count)::integer from app.elem_day) as clicks
    from app.page_day`.execute(t.owner);
  expect(rows).toEqual([{ views: 1, bots: 6, clicks: 1 }]);
  for (const table of ['page_day', 'elem_day', 'scroll_day'] as const)
    await t.owner.deleteFrom(`app.${table}`).execute();
});

describe('whose visit it is', () => {
  const DAY_MS = 86_400_000;
  async function customer(external_id: string): Promise<number> {
    const { id } = await t.owner
      .insertInto('app.customers')
      .values({ external_id, name: external_id, enrolled_at: '2026-01-01T00:00:00Z', enrolled_on: '2026-01-01' })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }
  const token = (customer_id: number, now = Date.now(), purpose: Purpose = 'measured visit') =>
    signToken(t.config, purpose, customer_id, 1, now);

  test('is known by a reference that was signed here, and by nothing else', async () => {
    const id = await customer('K-1');
    const right = token(id);
    await collect(a, batchOf({ customer: right }));
    await collect(a, batchOf({ customer: token(id, Date.now(), 'page visitor') }));
    expect(await views()).toMatchObject([{ customer_id: id }, { customer_id: id }]);
    const [whom, until, signed] = right.split('.') as [string, string, string];
    const forged = [
      token(id, Date.now() - 3 * DAY_MS),
      token(id, Date.now(), 'page preview'),
      `${(id + 1).toString(36)}.${until}.${signed}`,
      `${whom}.${(Number.parseInt(until, 36) + 1).toString(36)}.${signed}`,
      `${whom}.${until}.${signed.slice(0, -2)}AA`,
      `${whom}.${until}.`,
      signToken({ ...t.config, secret_key: 'another key that nobody here has ever used' }, 'measured visit', id, 1),
      token(987_654_321),
      'K-1',
    ];
    for (const one of forged) {
      await t.owner.deleteFrom('app.page_view').execute();
      expect((await collect(a, batchOf({ customer: one }))).body).toMatchObject({ accepted: 2 });
      expect([one, (await views())[0]!.customer_id]).toEqual([one, null]);
    }
  });

  test('is signed for programs that may tell facts, and for nobody else', async () => {
    const id = await customer('K-9');
    const path = '/api/v1/customers/K-9/page-token';
    const answer = await a.as('operator')('GET', path);
    const { token: signed } = (await answer.json()) as { token: string };
    expect(answer.status).toBe(200);
    expect(signed).not.toContain('K-9');
    await collect(a, batchOf({ customer: signed }));
    expect(await views()).toMatchObject([{ customer_id: id }]);
    expect((await a.as('viewer')('GET', path)).status).toBe(403);
    expect((await a.as('operator')('GET', '/api/v1/customers/nobody/page-token')).status).toBe(404);
    expect((await a.as('operator')('GET', `${path}?a=1`)).status).toBe(400);
  });

  test('goes along when two records become one, and is forgotten with the person', async () => {
    const [kept, gone, forgotten] = [await customer('K-2'), await customer('K-3'), await customer('K-4')];
    for (const id of [gone, forgotten]) await collect(a, batchOf({ customer: token(id) }));
    const asked = await a.as('administrator')('POST', `/api/customers/${kept}/_actions/merge_duplicate`, {
      ...{ duplicate: gone, reason: 'the same person called' },
    });
    expect(asked.status, await asked.clone().text()).toBe(200);
    await sql`select ops.anonymise_facts(array[${forgotten}::bigint], array[]::text[])`.execute(t.owner);
    // A reference that was signed before.
    await collect(a, batchOf({ customer: token(gone) }));
    expect((await views()).map(({ customer_id }) => customer_id).sort()).toEqual([kept, kept, null].sort());
  });
});

test('nothing of a visitor is kept but a random number, places and times', async () => {
  const said = ['203.0.113.77', 'SecretBrowser/9.9', 'https://shop.example', 'tea-4711', 'zh-secret', 'Cookie-4711'];
  const { page: _, ...rest } = batchOf({ address: 'https://shop.example/tea/tea-4711' });
  const { status } = await collect(a, rest, {
    ...{
      origin: 'https://shop.example',
      referer: 'https://shop.example/tea/tea-4711?token=4711',
      cookie: 'a=Cookie-4711',
    },
    ...{ 'x-forwarded-for': '203.0.113.77', 'user-agent': 'SecretBrowser/9.9', 'accept-language': 'zh-secret' },
  });
  expect(status).toBe(200);
  for (const element of [
    '13912345678',
    'a@b.example',
    '李雷',
    'my name',
    'order-123456',
    `#user${'0'.repeat(6)}`,
    'a?b=c',
  ])
    expect([element, (await collect(a, batchOf({ events: [clicked({ element })] }))).body.invalid]).toEqual([
      element,
      1,
    ]);
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = 'app'::regnamespace and relkind = 'r'
      and relname !~ '^(pages|page_versions)$'`.execute(t.owner);
  for (const { name } of tables) {
    const { rows } = await sql<{
      row: string;
    }>`select each::text as row from ${sql.table(`app.${name}`)} as each`.execute(t.owner);
    for (const each of said)
      expect(
        rows.filter(({ row }) => row.includes(each)),
        `${each} in ${name}`,
      ).toEqual([]);
  }
  const { rows: columns } = await sql<{ column: string }>`
    select attname as "column" from pg_attribute where attrelid in ('app.page_view'::regclass, 'app.page_event'::regclass)
      and attnum > 0 and format_type(atttypid, null) in ('text', 'jsonb') order by 1`.execute(t.owner);
  expect([...new Set(columns.map(({ column }) => column))]).toEqual(['device_class', 'kind']);
});

describe('what comes too fast', () => {
  test('from one visit waits its turn; others do not', async () => {
    const config = { ...t.config, limits: { ...t.config.limits, visit: { burst: 5, per_minute: 1 }, collect: null } };
    const limited = await testApp({ ...t, config }, { people: a });
    const visit = newVisit();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, batch) => collect(limited, batchOf({ visit, batch }))),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBe(45);
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await collect(limited, batchOf())).status).toBe(200);
    expect(await counts()).toEqual([6, 6]);
  });

  test('from one address is refused before it is read', async () => {
    const config = { ...t.config, limits: { ...t.config.limits, visit: null, collect: { burst: 3, per_minute: 1 } } };
    const limited = await testApp({ ...t, config }, { people: a });
    const statuses = [];
    for (let at = 0; at < 5; at++) statuses.push((await collect(limited, at < 3 ? batchOf() : '{')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  test('is turned away while the database is held up, people are still answered, and all that was acknowledged is there', async () => {
    const held = new pg.Client(t.pool.options);
    await held.connect();
    try {
      await held.query('begin; lock table app.click_batches in share mode');
      const flood = Array.from({ length: 500 }, () =>
        collect(a, batchOf({ events: Array.from({ length: EVENTS_MAX }, () => clicked()) })),
      );
      const early: { status: number; headers: Headers }[] = [];
      for (const one of flood) void one.then((answer) => early.push(answer));
      await expect.poll(() => early.length).toBeGreaterThan(0);
      expect(early.every(({ status }) => status === 503)).toBe(true);
      expect(early[0]!.headers.get('retry-after')).toBe('5');
      for (const path of ['/api/customers', '/api/products', '/api/_meta'])
        expect((await a.as('administrator')('GET', path)).status).toBe(200);
      await held.query('rollback');
      const answers = await Promise.all(flood);
      const acknowledged = answers.filter(({ status }) => status === 200).length;
      expect(acknowledged).toBeGreaterThan(300);
      expect(acknowledged).toBeLessThan(500);
      expect((await events()).length).toBe(acknowledged * EVENTS_MAX);
    } finally {
      await held.end();
    }
    expect((await collect(a, batchOf())).status).toBe(200);
  });

  test('stores nothing that was answered as failed', async () => {
    await sql`alter table app.page_event add constraint none check (x <> 4711)`.execute(t.owner);
    try {
      const wrong = collect(a, batchOf({ events: [{ kind: 'view', at: Date.now() }, clicked({ x: 4711 })] }));
      const right = collect(a, batchOf());
      expect([(await wrong).status >= 400, (await right).status]).toEqual([true, 200]);
    } finally {
      await sql`alter table app.page_event drop constraint none`.execute(t.owner);
    }
    expect(await counts()).toEqual([1, 1]);
  });
});
