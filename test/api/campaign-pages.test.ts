/** Campaign pages as staff publish them and visitors get them: versions, immutability, splits, tokens, claims, what is refused. */
import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../api/app.ts';
import { readToken, signToken } from '../../api/campaign-pages/signed-token.ts';
import type { ApiError, Impact, Row } from '../../api/contract.ts';
import { applyDefaults } from '../../api/default-programme.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  await t.owner.transaction().execute(applyDefaults);
});
afterAll(() => t?.close());

const post = (path: string, body: unknown = {}) => a.as('operator')('POST', path, body);
const view = (path: string, headers: { [name: string]: string } = {}) => a.anyone('GET', path, undefined, headers);
const HERO = { code: 'hero', kind: 'hero', title: '春日焕新', title_en: 'Spring' };

let made = 0;
/** An own page with the blocks in its draft. */
async function pageWith(blocks: Row[], more: Row = {}): Promise<{ code: string; page: number; draft: number }> {
  const code = `page_${++made}`;
  const answer = await post('/api/pages', { code, name: '页面', name_en: 'Page', ...more });
  expect(answer.status, await answer.clone().text()).toBe(201);
  const page = ((await answer.json()) as { id: number }).id;
  const draft = await newestOf(page);
  if (blocks.length > 0) expect((await change(draft, { blocks, title: '标题' })).status).toBe(200);
  return { code, page, draft };
}
async function newestOf(page: number): Promise<number> {
  const { id } = await t.db
    .selectFrom('app.page_versions')
    .select('id')
    .where('page_id', '=', page)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return id;
}
async function change(version: number, values: Row): Promise<Response> {
  const { version: at } = await t.db
    .selectFrom('app.page_versions')
    .select('version')
    .where('id', '=', version)
    .executeTakeFirstOrThrow();
  return a.as('operator')('PATCH', `/api/page_versions/${version}`, values, { 'if-match': `"${at}"` });
}
async function publish(version: number, input: Row = {}): Promise<Response> {
  return post(`/api/page_versions/${version}/_actions/publish`, input);
}
async function live(blocks: Row[] = [HERO]): Promise<{ code: string; page: number; draft: number }> {
  const made = await pageWith(blocks);
  const answer = await publish(made.draft);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return made;
}
async function errorsOf(answer: Response): Promise<string[]> {
  return Object.keys(((await answer.json()) as ApiError).errors ?? {});
}
async function customer(external_id: string): Promise<{ id: number; token: string }> {
  const { id } = await t.db
    .insertInto('app.customers')
    .values({ external_id, name: '林小满', enrolled_on: '2026-01-05' })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, token: signToken(t.config, 'page visitor', id, 30) };
}

describe('publishing', () => {
  test('a new page has a draft that nobody sees until it is published', async () => {
    const { code, draft, page } = await pageWith([HERO]);
    expect((await view(`/p/${code}`)).status).toBe(404);
    expect((await view(`/p/${code}/v/1`)).status).toBe(404);
    expect((await publish(draft)).status).toBe(200);
    const shown = await view(`/p/${code}`);
    expect(shown.status).toBe(200);
    expect(await shown.text()).toContain('Spring');
    const { status, live_number } = (await (await a.as('viewer')('GET', `/api/pages/${page}`)).json()) as Row;
    expect({ status, live_number }).toEqual({ status: 'active', live_number: 1 });
  });

  test('what carries a data-hm id in the page is written down with it, and nothing else is', async () => {
    const { code, draft } = await live([
      { ...HERO, action: '参加', action_link: '#words', picture: 'https://cdn.example/a.jpg', picture_alt: '茶' },
      { code: 'words', kind: 'rich_text', body: '见 [规则](https://shop.example/rules) 与 [这里](/p/page_1)' },
    ]);
    const text = await (await view(`/p/${code}?lang=zh`)).text();
    const stamped = [...text.matchAll(/data-hm="([^"]+)"/g)].map(([, id]) => id!);
    const { elements } = await t.db
      .selectFrom('app.page_versions')
      .select('elements')
      .where('id', '=', draft)
      .executeTakeFirstOrThrow();
    const written = (elements as { id: string; label: string }[]).map(({ id }) => id);
    expect(stamped.sort()).toEqual(written.sort());
    expect(stamped).toContain('words.link_2');
    expect(elements).toContainEqual({
      ...{ id: 'hero.action', label: '主视觉「春日焕新」 · 按钮', label_en: 'Hero “Spring” · Button' },
    });
  });

  test('a published version is changed by nobody: not by the form, not by SQL of the app login', async () => {
    const { draft } = await live();
    expect((await change(draft, { title: '别的' })).status).toBe(409);
    const version = await t.db
      .selectFrom('app.page_versions')
      .select('version')
      .where('id', '=', draft)
      .executeTakeFirst();
    const gone = await a.as('operator')('DELETE', `/api/page_versions/${draft}`, undefined, {
      'if-match': `"${version?.version}"`,
    });
    expect(gone.status).toBe(409);
    const changes = [
      { blocks: '[]' },
      { elements: '[]' },
      { title: 'x' },
      { accent: 'red' },
      { number: 99 },
      { published_at: null, state: 'draft' as const },
      { published_at: '2026-01-01T00:00:00Z' },
    ];
    for (const values of changes) {
      const done = t.db.updateTable('app.page_versions').set(values).where('id', '=', draft).execute();
      await expect(done, JSON.stringify(values)).rejects.toThrow(/已发布的版本不能修改/);
    }
    await expect(t.db.deleteFrom('app.page_versions').where('id', '=', draft).execute()).rejects.toThrow(/已发布/);
    await expect(sql`truncate app.page_versions`.execute(t.db)).rejects.toThrow(/denied/);
    await expect(sql`alter table app.page_versions disable trigger all`.execute(t.db)).rejects.toThrow(/owner/);
    const held = t.db.updateTable('app.page_versions').set({ state: 'retired' }).where('id', '=', draft).execute();
    await expect(held).resolves.toBeDefined();
  });

  test('the next version takes the place of the one before, whose address goes on showing it', async () => {
    const { code, page, draft } = await live();
    const answer = await post(`/api/pages/${page}/_actions/new_version`, { note: '第二版' });
    expect(answer.status, await answer.clone().text()).toBe(200);
    const next = await newestOf(page);
    expect((await change(next, { blocks: [{ ...HERO, title_en: 'Summer' }] })).status).toBe(200);
    expect(await (await view(`/p/${code}`)).text()).toContain('Spring');
    expect((await publish(next)).status).toBe(200);
    expect(await (await view(`/p/${code}`)).text()).toContain('Summer');
    expect(await (await view(`/p/${code}/v/1`)).text()).toContain('Spring');
    expect((await publish(draft)).status).toBe(409);
    const copy = await post(`/api/page_versions/${draft}/_actions/new_version`, {});
    expect(((await copy.json()) as Row).resource).toBe('page_versions');
    expect((await publish(await newestOf(page))).status).toBe(200);
    expect(await (await view(`/p/${code}`)).text()).toContain('Spring');
  });

  test('two who publish at once leave one version live', async () => {
    const { page } = await live();
    const drafts: number[] = [];
    for (const _ of [1, 2, 3]) {
      await post(`/api/pages/${page}/_actions/new_version`);
      drafts.push(await newestOf(page));
    }
    const answers = await Promise.all(drafts.map((each) => publish(each)));
    expect(answers.map((each) => each.status)).toEqual([200, 200, 200]);
    const states = await t.db.selectFrom('app.page_versions').select('state').where('page_id', '=', page).execute();
    expect(states.filter((each) => each.state === 'published')).toHaveLength(1);
  });

  test('an empty page is not published, nor is anything by those who may only look', async () => {
    const { draft } = await pageWith([]);
    expect((await publish(draft)).status).toBe(422);
    const { draft: other } = await pageWith([HERO]);
    for (const who of ['viewer', 'analyst', 'manager'] as const)
      expect((await a.as(who)('POST', `/api/page_versions/${other}/_actions/publish`, {})).status).toBe(403);
  });

  test('a page that is taken down says so, and comes back as it was', async () => {
    const { code, page } = await live();
    expect((await post(`/api/pages/${page}/_actions/retire`)).status).toBe(200);
    const gone = await view(`/p/${code}`);
    expect(gone.status).toBe(410);
    expect(await gone.text()).toContain('This page has ended');
    expect(await collectable(page)).toEqual([]);
    expect((await post(`/api/pages/${page}/_actions/resume`)).status).toBe(200);
    expect((await view(`/p/${code}`)).status).toBe(200);
  });

  test('a page with published versions cannot be deleted, one with drafts can', async () => {
    const remove = (id: number) => a.as('operator')('DELETE', `/api/pages/${id}`, undefined, { 'if-match': '"1"' });
    const { page } = await pageWith([HERO]);
    expect((await remove(page)).status).toBeLessThan(300);
    const { page: shown } = await live();
    const { version } = (await (await a.as('viewer')('GET', `/api/pages/${shown}`)).json()) as Row;
    const answer = await a.as('operator')('DELETE', `/api/pages/${shown}`, undefined, { 'if-match': `"${version}"` });
    expect(answer.status).toBe(409);
  });
});

async function collectable(page: number): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select code, version_number, origins from base.collectable_pages where page_id = ${page} order by version_number
  `.execute(t.db);
  return rows;
}

describe('external pages', () => {
  const external = (address_pattern: unknown, code = `outside_${++made}`) =>
    post('/api/pages', { code, name: '商城', name_en: 'Shop', kind: 'external', address_pattern });

  test('are registered by their pattern, and measured from its origin', async () => {
    const answer = await external('https://shop.example:8443/campaign/*');
    expect(answer.status, await answer.clone().text()).toBe(201);
    const { id, code } = (await answer.json()) as { id: number; code: string };
    expect(await collectable(id)).toEqual([{ code, version_number: 1, origins: ['https://shop.example:8443'] }]);
    expect((await post(`/api/pages/${id}/_actions/new_layout`, { note: '改版' })).status).toBe(200);
    expect((await collectable(id)).map((each) => each.version_number)).toEqual([1, 2]);
    expect((await view(`/p/${code}`)).status).toBe(404);
    expect((await view(`/p/${code}/v/1`)).status).toBe(404);
    expect(await errorsOf(await external('https://shop.example:8443/campaign/*'))).toEqual(['address_pattern']);
  });

  test.each([
    null,
    '',
    'http://shop.example/a',
    'javascript:alert(1)',
    'https://*/a',
    'https://*.example/a',
    'https://shop.example/a?x=1',
    'https://shop.example/a#b',
    'https://user:pw@shop.example/',
    'https://shop.example/a*b',
    'https://shop.example/**',
    'https://shop.example/ a',
    'https://SHOP.example/',
    'shop.example/a',
    'https:///a',
    `https://shop.example/${'x'.repeat(400)}`,
    7,
    ['https://shop.example/'],
  ])('refuses the pattern %j at its field', async (pattern) => {
    const answer = await external(pattern);
    expect(answer.status).toBe(422);
    expect(await errorsOf(answer)).toEqual(['address_pattern']);
  });

  test('an own page is measured in every version that was published, from nowhere else', async () => {
    const { code, page } = await live();
    expect(await collectable(page)).toEqual([{ code, version_number: 1, origins: [] }]);
  });
});

describe('hostile blocks', () => {
  const refuses = async (blocks: unknown, field: string) => {
    const { draft } = await pageWith([]);
    const answer = await change(draft, { title: '标题', blocks } as Row);
    expect(answer.status, await answer.clone().text()).toBe(422);
    expect(await errorsOf(answer)).toContain(field);
  };

  test.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    ' javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example\\@shop.example',
    'https://a"onclick="x',
    'https://user@evil.example',
    'https://a b',
    'http://plain.example',
    '#Uppercase',
  ])('the link %j is refused at its field', async (link) => {
    await refuses([{ ...HERO, action: '去', action_link: link }], 'blocks.0.action_link');
  });

  test.each(['http://a.example/a.png', 'data:image/png;base64,AA', 'https://a.example', '/a.png'])(
    'the picture %j is refused at its field',
    async (picture) => refuses([{ ...HERO, picture }], 'blocks.0.picture'),
  );

  test('what is no list of blocks, too long, twice or unknown is named by its place', async () => {
    await refuses('<script>', 'blocks');
    await refuses([1], 'blocks.0');
    await refuses([{ code: 'a', kind: 'iframe' }], 'blocks.0.kind');
    await refuses([{ kind: 'hero' }], 'blocks.0.code');
    await refuses([HERO, HERO], 'blocks.1.code');
    await refuses([{ ...HERO, onclick: 'x' }], 'blocks.0.onclick');
    await refuses([{ ...HERO, title: 'x'.repeat(61) }], 'blocks.0.title');
    await refuses([{ ...HERO, code: 'a" onclick="x' }], 'blocks.0.code');
    await refuses(
      Array.from({ length: 31 }, (_, at) => ({ ...HERO, code: `b${at}` })),
      'blocks',
    );
    await refuses([{ code: 'c', kind: 'coupon_claim' }], 'blocks.0.coupon_template_id');
    await refuses([{ code: 'c', kind: 'coupon_claim', coupon_template_id: 999_999 }], 'blocks.0.coupon_template_id');
    await refuses([{ ...HERO, title: 'a\u0007b' }], 'blocks.0.title');
  });

  test('markup in words is words, in both languages and in the preview', async () => {
    const evil = '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>';
    const { code, draft } = await pageWith([
      { code: 'hero', kind: 'hero', title: evil, text: evil, kicker: '<b>' },
      { code: 'words', kind: 'rich_text', title: evil, body: `${evil}\n\n[${evil}](javascript:alert(1)) **${evil}**` },
      { code: 'proof', kind: 'trust_figures', figures: [{ value: '<i>1</i>', label: evil.slice(0, 40) }] },
    ]);
    const seen = await a.as('operator')('POST', '/api/page_versions/_impact', { id: draft, values: {} });
    const { page } = (await seen.json()) as Impact;
    expect((await publish(draft)).status).toBe(200);
    for (const text of [await (await view(`/p/${code}`)).text(), page!.zh, page!.en]) {
      expect(text).not.toMatch(/<script>|<img|<i>|<b>|href="javascript|onerror=alert\(1\)>"/);
      expect(text).toContain('&lt;script&gt;');
    }
  });

  test('what SQL put past the form leads nowhere either', async () => {
    const { code, page } = await pageWith([]);
    const blocks = JSON.stringify([
      { code: 'hero', kind: 'hero', title: 'x', action: 'go', action_link: 'javascript:alert(1)', picture: 'data:x' },
      { code: 'a" onload="x', kind: 'hero', title: 'bad code' },
      { code: 'odd', kind: 'constructor', title: 'bad kind' },
      7,
      { code: 'list', kind: 'trust_figures', figures: 'none' },
    ]);
    await sql`
      insert into app.page_versions (page_id, number, state, published_at, title, blocks)
      values (${page}, 7, 'published', now(), 't', ${blocks}::jsonb)
    `.execute(t.owner);
    await sql`update app.pages set status = 'active' where id = ${page}`.execute(t.owner);
    const answer = await view(`/p/${code}`);
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).not.toMatch(/javascript:|onload|bad code|bad kind|data:x/);
  });
});

describe('on its way', () => {
  test('a page weighs less than 15 kB, with every kind of block in it, and says how it may be shown', async () => {
    const { rows } = await sql<{ id: number; code: string }>`
      select page_versions.id, pages.code from app.page_versions inner join app.pages on pages.id = page_versions.page_id
      where pages.code in ('newcomer_day', 'quarter_card', 'referral') order by pages.id
    `.execute(t.db);
    expect(rows).toHaveLength(3);
    for (const { id, code } of rows) {
      expect((await publish(id)).status).toBe(200);
      for (const lang of ['zh', 'en']) {
        const answer = await view(`/p/${code}?lang=${lang}`, { 'accept-encoding': 'gzip' });
        const bytes = Buffer.from(await answer.arrayBuffer());
        expect(answer.headers.get('content-encoding')).toBe('gzip');
        expect(bytes.length).toBeLessThan(15_000);
        const text = gunzipSync(bytes).toString();
        expect(text).toContain(lang === 'zh' ? '<html lang="zh-CN">' : '<html lang="en">');
        expect(text).toContain(`<script src="/t.js" async data-page="${code}" data-version="1">`);
        expect(text.match(/<script/g)).toHaveLength(1);
        expect(text).not.toMatch(/ style="| on[a-z]+="/);
        expect(text.match(/<h1/g)).toHaveLength(1);
        // What its blocks are about was there when the page was made.
        expect(text).toContain(code === 'quarter_card' ? 'class="card-list"' : 'class="steps"');
        expect(text.includes('class="coupon"')).toBe(code === 'newcomer_day');
      }
    }
  });

  test('it tells the tracker which share of its visits is measured', async () => {
    const { code, draft } = await pageWith([HERO], { sample_rate: '0.25' });
    await publish(draft);
    expect(await (await view(`/p/${code}`)).text()).toContain(
      `data-page="${code}" data-version="1" data-sample="0.25">`,
    );
  });

  test('it is asked for again by its tag, keeps out what is foreign, and speaks the visitor’s language', async () => {
    const { code } = await live();
    const answer = await view(`/p/${code}`, { 'accept-language': 'fr, en;q=0.3, zh;q=0.9' });
    expect(await answer.text()).toContain('春日焕新');
    expect(answer.headers.get('vary')).toContain('Accept-Language');
    expect(answer.headers.get('cache-control')).toBe('public, no-cache');
    const policy = answer.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/style-src 'sha256-[^']+';/);
    expect(policy).not.toContain('unsafe');
    const etag = answer.headers.get('etag')!;
    const again = await view(`/p/${code}`, { 'accept-language': 'zh', 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect((await view(`/p/${code}`, { 'if-none-match': etag })).status).toBe(200);
  });

  test('a draft is seen by whoever has its signed address, and by nobody else', async () => {
    const { code, draft } = await pageWith([HERO]);
    const other = await pageWith([HERO]);
    const answer = await post(`/api/page_versions/${draft}/_actions/preview`);
    const { secret } = (await answer.json()) as { secret: string };
    const path = new URL(secret, 'http://here').pathname;
    const seen = await view(path);
    expect(seen.status).toBe(200);
    expect(seen.headers.get('cache-control')).toBe('private, no-store');
    const text = await seen.text();
    expect(text).toContain('Preview');
    expect(text).not.toContain('/t.js');
    expect((await view(path.replace(code, other.code))).status).toBe(404);
    expect((await view(`${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`)).status).toBe(404);
    const visitor = signToken(t.config, 'page visitor', draft, 7);
    expect((await view(`/p/${code}/preview/${visitor}`)).status).toBe(404);
    const old = signToken(t.config, 'page preview', draft, 7, Date.now() - 9 * 86_400_000);
    expect((await view(`/p/${code}/preview/${old}`)).status).toBe(404);
  });
});

describe('a split', () => {
  test('gives each known visitor one version for good, in the shares asked for', async () => {
    const { code, page } = await live();
    await post(`/api/pages/${page}/_actions/new_version`);
    const challenger = await newestOf(page);
    await change(challenger, { blocks: [{ ...HERO, title_en: 'Challenger' }] });
    const answer = await publish(challenger, { share_rate: '0.3' });
    expect(answer.status, await answer.clone().text()).toBe(200);
    await sql`
      insert into app.customers (external_id, name, enrolled_on)
      select 'split-' || place, '客户', '2026-01-05' from generate_series(1, 400) as place
    `.execute(t.owner);
    const { rows } = await sql<{ id: number }>`
      select id from app.customers where external_id like 'split-%' order by id
    `.execute(t.db);
    expect(rows).toHaveLength(400);
    const got = new Map<number, boolean>();
    for (const { id } of rows) {
      const text = await (await view(`/p/${code}?c=${signToken(t.config, 'page visitor', id, 1)}`)).text();
      got.set(id, text.includes('Challenger'));
      expect(text).toContain(`data-version="${text.includes('Challenger') ? 2 : 1}"`);
    }
    const share = [...got.values()].filter(Boolean).length / got.size;
    // 400 draws of 0.3: five standard deviations.
    expect(Math.abs(share - 0.3)).toBeLessThan(0.115);
    // A larger share moves visitors only from the older to the newer.
    expect((await post(`/api/page_versions/${challenger}/_actions/split`, { share_rate: '0.6' })).status).toBe(200);
    for (const { id } of rows.slice(0, 100)) {
      const text = await (await view(`/p/${code}?c=${signToken(t.config, 'page visitor', id, 2)}`)).text();
      if (got.get(id)) expect(text).toContain('Challenger');
    }
    expect((await post(`/api/page_versions/${challenger}/_actions/adopt`)).status).toBe(200);
    expect(await (await view(`/p/${code}`)).text()).toContain('Challenger');
    expect((await post(`/api/page_versions/${challenger}/_actions/split`, { share_rate: '0.5' })).status).toBe(409);
  });

  test('gives strangers one that stays while they reload, and no cache between decides', async () => {
    const { code, page } = await live();
    await post(`/api/pages/${page}/_actions/new_version`);
    const challenger = await newestOf(page);
    await change(challenger, { blocks: [{ ...HERO, title_en: 'Challenger' }] });
    await publish(challenger, { share_rate: '0.5' });
    const seen = new Set<boolean>();
    for (let agent = 0; agent < 60; agent++) {
      const headers = { 'user-agent': `Browser ${agent}` };
      const first = await view(`/p/${code}`, headers);
      expect(first.headers.get('cache-control')).toBe('private, no-cache');
      const text = await first.text();
      expect(await (await view(`/p/${code}`, headers)).text()).toBe(text);
      seen.add(text.includes('Challenger'));
    }
    expect(seen.size).toBe(2);
  });

  test('needs one version that is live, and a share that leaves both some', async () => {
    const { draft } = await pageWith([HERO]);
    expect(await errorsOf(await publish(draft, { share_rate: '0.5' }))).toEqual(['share_rate']);
    const { page } = await live();
    await post(`/api/pages/${page}/_actions/new_version`);
    const next = await newestOf(page);
    for (const share_rate of ['0', '1', '1.5', '-0.1', 'half'])
      expect([share_rate, await errorsOf(await publish(next, { share_rate }))]).toEqual([share_rate, ['share_rate']]);
    expect((await publish(next, { share_rate: '0.5' })).status).toBe(200);
    await post(`/api/pages/${page}/_actions/new_version`);
    expect(await errorsOf(await publish(await newestOf(page), { share_rate: '0.5' }))).toEqual(['share_rate']);
  });
});

describe('known visitors', () => {
  const ids = async () => {
    const { id: coupon } = await t.db
      .selectFrom('app.coupon_templates')
      .select('id')
      .where('code', '=', 'newcomer_page_15')
      .executeTakeFirstOrThrow();
    const { id: task } = await t.db
      .selectFrom('app.tasks')
      .select('id')
      .where('code', '=', 'monthly_reviews')
      .executeTakeFirstOrThrow();
    return { coupon, task };
  };
  const fields = (text: string) =>
    Object.fromEntries(
      [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name, value]) => [
        name!,
        value!,
      ]),
    );
  const send = (path: string, form: { [name: string]: string }) => {
    const body = new URLSearchParams(form).toString();
    const type = 'application/x-www-form-urlencoded';
    return a.anyone('POST', path, body, { 'content-type': type, 'content-length': String(body.length) });
  };

  test('see what is theirs; the others are told how, and no cache keeps it', async () => {
    const { coupon, task } = await ids();
    const { code } = await live([
      HERO,
      { code: 'points', kind: 'points', title: '积分' },
      { code: 'task', kind: 'task_progress', task_id: task },
      { code: 'coupon', kind: 'coupon_claim', coupon_template_id: coupon },
    ]);
    const anyone = await (await view(`/p/${code}?lang=en`)).text();
    expect(anyone.match(/Open this page from a message|open this page from a message/g)).toHaveLength(3);
    expect(anyone).not.toMatch(/<form|<progress/);
    const { token } = await customer('known-1');
    const answer = await view(`/p/${code}?lang=en&c=${token}`);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    const own = await answer.text();
    expect(own).toMatch(/<progress value="0" max="3"/);
    expect(own).toContain('points to spend');
    expect(own).toContain(`data-customer="${token}"`);
    expect(own).not.toContain('林小满');
    for (const wrong of [`${token}x`, 'x', '', token.replace(/^[^.]+/, 'zz'), `${'x'.repeat(5000)}`])
      expect(await (await view(`/p/${code}?lang=en&c=${wrong}`)).text()).toBe(anyone);
  });

  test('claim their coupon once, however often the form is sent', async () => {
    const { coupon } = await ids();
    const { code } = await live([HERO, { code: 'coupon', kind: 'coupon_claim', coupon_template_id: coupon }]);
    const { id, token } = await customer('claims-1');
    const form = fields(await (await view(`/p/${code}?c=${token}&lang=en`)).text());
    const answers = await Promise.all([1, 2, 3, 4].map(() => send(`/p/${code}`, form)));
    expect(answers.map((each) => each.status)).toEqual([303, 303, 303, 303]);
    expect(answers[0]!.headers.get('location')).toBe(`/p/${code}?c=${token}&lang=en#coupon`);
    const held = () => t.db.selectFrom('app.coupons').select('status').where('customer_id', '=', id).execute();
    expect(await held()).toHaveLength(1);
    expect(await (await view(`/p/${code}?c=${token}&lang=en`)).text()).toContain('It is yours');
    // A second one is refused in the visitor's language, on the page.
    const refused = await send(`/p/${code}`, { ...form, n: 'AAAAAAAAAAAAAAAA', lang: 'zh' });
    expect(refused.status).toBe(200);
    expect(await refused.text()).toContain('已达每位客户的限领数量');
    expect(await held()).toHaveLength(1);
  });

  test('nobody claims with a form that was not theirs', async () => {
    const { coupon } = await ids();
    const { code } = await live([HERO, { code: 'coupon', kind: 'coupon_claim', coupon_template_id: coupon }]);
    const { token, id } = await customer('claims-2');
    const form = fields(await (await view(`/p/${code}?c=${token}`)).text());
    const count = () => t.db.selectFrom('app.coupons').select('id').where('customer_id', '=', id).execute();
    const changed: { [name: string]: string }[] = [
      { c: 'x' },
      { c: `${token.slice(0, -1)}_` },
      { v: '999999' },
      { v: 'x' },
      { block: 'hero' },
      { block: '__proto__' },
      { n: '' },
      { n: 'x'.repeat(500) },
    ];
    for (const wrong of changed) {
      const answer = await send(`/p/${code}`, { ...form, ...wrong });
      expect([wrong, answer.status, answer.headers.get('location')]).toEqual([wrong, 303, `/p/${code}`]);
    }
    const foreign = await a.anyone('POST', `/p/${code}`, new URLSearchParams(form).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
    });
    expect(foreign.status).toBe(403);
    expect((await send('/p/none_such', form)).status).toBe(404);
    expect(await count()).toHaveLength(0);
  });
});

describe('a link for one customer', () => {
  test('is made for shops, of a page that is live and a customer who is active', async () => {
    const { code } = await live();
    const { code: draft } = await pageWith([HERO]);
    const { id } = await customer('linked-1');
    const ask = (body: Row) => post('/api/v1/page-links', body);
    const { url } = (await (await ask({ page: code, customer_external_id: 'linked-1' })).json()) as { url: string };
    const text = await (await view(url)).text();
    expect(text).toContain(`data-customer="${new URL(url, 'http://here').searchParams.get('c')}"`);
    expect(readToken(t.config, 'page visitor', new URL(url, 'http://here').searchParams.get('c')!)).toBe(id);
    expect(await errorsOf(await ask({ page: draft, customer_external_id: 'linked-1' }))).toEqual(['page']);
    expect(await errorsOf(await ask({ page: code, customer_external_id: 'none' }))).toEqual(['customer_external_id']);
    expect(await errorsOf(await ask({ page: code, customer_external_id: 'linked-1', days: 91 }))).toEqual(['days']);
    expect((await a.as('viewer')('POST', '/api/v1/page-links', { page: code })).status).toBe(403);
  });

  test('in a message to them knows them on a page of ours, and nowhere else', async () => {
    const config = { ...t.config, public_url: 'https://loyalty.example' };
    const outside = createApp({ ...a.deps, config, resources: a.deps.resources });
    const { id } = await customer('linked-2');
    const to = [
      ['AAAAAAAA1', 'https://loyalty.example/p/page_1?lang=en#coupon'],
      ['AAAAAAAA2', 'https://loyalty.example.evil.example/p/page_1'],
      ['AAAAAAAA3', 'https://shop.example/p/page_1'],
    ];
    for (const [position, [code, url]] of to.entries())
      await t.owner
        .insertInto('app.message_links')
        .values({ customer_id: id, message_id: 1, position, code: code!, url: url! })
        .execute();
    const follow = async (code: string) => (await outside.request(`/l/${code}`)).headers.get('location')!;
    const own = new URL(await follow('AAAAAAAA1'));
    expect(`${own.origin}${own.pathname}${own.hash}`).toBe('https://loyalty.example/p/page_1#coupon');
    expect(readToken(t.config, 'page visitor', own.searchParams.get('c')!)).toBe(id);
    expect(await follow('AAAAAAAA2')).toBe(to[1]![1]);
    expect(await follow('AAAAAAAA3')).toBe(to[2]![1]);
  });
});
