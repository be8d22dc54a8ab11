import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  await t.db
    .insertInto('app.tiers')
    .values([
      { code: 'normal', name: '普通', name_en: 'Normal', rank: 1, enter_at: '0' },
      { code: 'silver', name: '银卡', name_en: 'Silver', rank: 2, enter_at: '1000' },
      { code: 'gold', name: '金卡', name_en: 'Gold 100%', rank: 3, enter_at: '5000.5' },
      { code: 'platinum', name: '白金', name_en: 'Platinum', rank: 4 },
    ])
    .execute();
});
afterAll(() => t?.close());

async function codes(search: string): Promise<string[]> {
  const answer = await a.as('administrator')('GET', `/api/tiers?${search}`);
  const body = (await answer.json()) as { code: string }[];
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body.map((row) => row.code);
}

describe('a list', () => {
  test('gives rows in their wire types with the count beside them', async () => {
    const answer = await a.as('viewer')('GET', '/api/tiers?_start=2&_end=3');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-total-count')).toBe('4');
    expect(answer.headers.get('x-total-relation')).toBe('eq');
    const [gold] = (await answer.json()) as { [name: string]: unknown }[];
    expect(gold).toMatchObject({
      code: 'gold',
      rank: 3,
      enter_at: '5000.50',
      point_multiplier: '1.00',
      retain_at: null,
      version: 1,
    });
  });

  test.each([
    ['', ['normal', 'silver', 'gold', 'platinum']],
    ['_sort=rank&_order=desc', ['platinum', 'gold', 'silver', 'normal']],
    ['_sort=basis,rank&_order=asc,desc', ['platinum', 'gold', 'silver', 'normal']],
    ['_sort=enter_at&_order=desc', ['platinum', 'gold', 'silver', 'normal']],
    ['code=gold', ['gold']],
    ['code=gold&code=silver', ['silver', 'gold']],
    ['code_ne=gold', ['normal', 'silver', 'platinum']],
    ['rank_gte=3', ['gold', 'platinum']],
    ['rank_gt=3', ['platinum']],
    ['rank_lte=2', ['normal', 'silver']],
    ['enter_at_lt=1000', ['normal']],
    ['enter_at=5000.5', ['gold']],
    ['enter_at_between=1000,5000.5', ['silver', 'gold']],
    ['enter_at_null=true', ['platinum']],
    ['enter_at_null=false', ['normal', 'silver', 'gold']],
    ['code_in=gold,silver', ['silver', 'gold']],
    ['code_in=', []],
    ['code_nin=gold,silver', ['normal', 'platinum']],
    ['name_en_like=l', ['normal', 'silver', 'gold', 'platinum']],
    ['name_en_like=100%25', ['gold']],
    ['name_en_nlike=old', ['normal', 'silver', 'platinum']],
    ['name_en_sw=sil', ['silver']],
    ['name_en_ew=UM', ['platinum']],
    ['q=gold', ['gold']],
    ['q=卡', ['silver', 'gold']],
    ['q=卡 silver', ['silver']],
    ['q="gold 100"', ['gold']],
    ['q="100 gold"', []],
    [`_where=${encodeURIComponent('{"or":[{"rank":{"eq":1}},{"code":{"eq":"gold"}}]}')}`, ['normal', 'gold']],
    ['_start=1&_end=3', ['silver', 'gold']],
    ['_start=3&_end=3', []],
  ])('?%s', async (search, expected) => {
    expect(await codes(search)).toEqual(expected);
  });
});

describe('what a list does not know', () => {
  test.each([
    ['nmae=x', 'unknown_parameter', 'name'],
    ['_strat=1', 'unknown_parameter', '_start'],
    ['name_lik=x', 'unknown_operator', 'lik'],
    ['rank=abc', 'predicate.type', 'Rank'],
    ['rank=1.5', 'predicate.type', 'Rank'],
    ['rank=99999999999999999999', 'predicate.type', 'Rank'],
    ['rank_like=1', 'predicate.wrong_operator', 'Rank'],
    ['basis=spned', 'predicate.unknown_choice', 'spend'],
    ['enter_at_between=1', 'predicate.not_two', 'two'],
    ['enter_at_null=maybe', 'bad_parameter', 'enter_at_null'],
    ['_sort=nmae', 'unknown_column', 'name'],
    ['_sort=name&_order=up', 'bad_parameter', '_order'],
    ['_sort=name&_order=asc,desc', 'bad_parameter', '_order'],
    ['_sort=name,name', 'repeated_parameter', '_sort'],
    ['_start=-1', 'bad_parameter', '_start'],
    ['_start=5&_end=2', 'bad_parameter', '_end'],
    ['_start=1&_start=2', 'repeated_parameter', '_start'],
    ['_start=0&_end=1001', 'page_too_large', '1000'],
    ['_end=1e3', 'bad_parameter', '_end'],
    ['_count=some', 'bad_parameter', '_count'],
    ['_labels=perhaps', 'bad_parameter', '_labels'],
    ['_fields=name,nmae', 'unknown_column', 'nmae'],
    ['_scope=none', 'unknown_scope', 'none'],
    ['_where={', 'bad_parameter', '_where'],
    ['_where=[]', 'predicate.not_object', ''],
    ['_where=null', 'predicate.not_object', ''],
    ['_where={"name":{"equals":1}}', 'predicate.unknown_operator', 'equals'],
    ['_where={"constructor":{"eq":"x"}}', 'predicate.unknown_field', 'constructor'],
    ['_after=rubbish', 'bad_cursor', ''],
    ['q=a b c d e f g h i j k', 'search_too_long', '10'],
    [`q=${'x'.repeat(101)}`, 'bad_parameter', 'q'],
    ['q=%00', 'bad_parameter', 'q'],
    ['name=%00', 'predicate.bad_text', ''],
  ])('?%s is refused by name', async (search, key, part) => {
    const answer = await a.as('administrator')('GET', `/api/tiers?${search}`);
    const error = (await answer.json()) as { key: string; message: string };
    expect(answer.status, JSON.stringify(error)).toBe(400);
    expect(error.key).toBe(key);
    expect(error.message).toContain(part);
  });
});

describe('a long list', () => {
  beforeAll(async () => {
    await t.db
      .insertInto('app.products')
      .values(
        Array.from({ length: 1200 }, (_, at) => ({
          external_id: `p${at}`,
          name: `P ${at % 7}`,
          category: at % 5 === 0 ? null : `c${at % 3}`,
          price: at % 11 === 0 ? null : String(at % 13),
        })),
      )
      .execute();
  });

  test('is not cut in silence: without a page it is asked for one', async () => {
    const answer = await a.as('viewer')('GET', '/api/products');
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { key: string }).key).toBe('page_needed');
    const { headers } = await a.as('viewer')('GET', '/api/products?_start=0&_end=1000&_count=none');
    expect(headers.get('x-total-count')).toBeNull();
  });

  test.each([
    '_sort=id',
    '_sort=name',
    '_sort=name&_order=desc',
    '_sort=category,price&_order=asc,desc',
    '_sort=price',
    '_sort=price&_order=desc',
    '_sort=category,name',
  ])('walked by ?%s and a cursor gives every row once, in the order of the pages', async (sort) => {
    const walked: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer: Response = await a.as('viewer')(
        'GET',
        `/api/products?_end=500&_count=none&_fields=name&${sort}&_after=${cursor}`,
      );
      expect(answer.status).toBe(200);
      walked.push(...((await answer.json()) as { id: number }[]).map((row) => row.id));
      cursor = answer.headers.get('x-next-cursor');
    }
    const paged: number[] = [];
    for (const [from, to] of [
      [0, 1000],
      [1000, 2000],
    ]) {
      const answer = await a.as('viewer')('GET', `/api/products?_start=${from}&_end=${to}&${sort}`);
      paged.push(...((await answer.json()) as { id: number }[]).map((row) => row.id));
    }
    expect(walked).toEqual(paged);
    expect(new Set(walked).size).toBe(1200);
  });

  test('refuses the cursor of another order', async () => {
    const answer = await a.as('viewer')('GET', '/api/products?_end=2&_sort=name&_after=');
    const cursor = answer.headers.get('x-next-cursor');
    expect((await a.as('viewer')('GET', `/api/products?_end=2&_sort=price&_after=${cursor}`)).status).toBe(400);
  });

  test('is counted to 10,001, or exactly when asked, and paged alike below and above', async () => {
    const customers = Array.from({ length: 10_050 }, (_, at) => ({
      external_id: `c${at}`,
      name: at < 10_010 ? 'many' : 'few',
      enrolled_on: '2026-01-01',
      city: String(at % 10),
    }));
    for (let from = 0; from < customers.length; from += 2010) {
      await t.db
        .insertInto('app.customers')
        .values(customers.slice(from, from + 2010))
        .execute();
    }
    const ask = async (search: string) => {
      const answer = await a.as('viewer')('GET', `/api/customers?${search}`);
      const rows = (await answer.json()) as { external_id: string; city: string }[];
      expect(answer.status, JSON.stringify(rows)).toBe(200);
      const count = [answer.headers.get('x-total-count'), answer.headers.get('x-total-relation')].join(' ');
      return { count, rows };
    };
    for (const search of ['name=many', 'name_like=man', 'q=many']) {
      const paged = `${search}&_sort=city,external_id&_order=desc,asc`;
      // The second time it is known to be long.
      for (const _ of [1, 2]) {
        const { count, rows } = await ask(`${paged}&_start=0&_end=3`);
        expect(count).toBe('10001 gte');
        expect(rows.map((row) => row.city)).toEqual(['9', '9', '9']);
        expect(rows.map((row) => row.external_id)).toEqual(['c10009', 'c1009', 'c1019']);
        expect((await ask(`${paged}&_start=1&_end=3`)).rows).toEqual(rows.slice(1));
      }
    }
    expect((await ask('_start=0&_end=1')).count).toBe('10001 gte');
    const exact = await ask('name=many&_sort=city,external_id&_order=desc,asc&_count=exact&_start=1&_end=3');
    expect(exact.count).toBe('10010 eq');
    expect(exact.rows.map((row) => row.external_id)).toEqual(['c1009', 'c1019']);
    expect((await ask('name=few&_count=exact&_start=0&_end=3')).count).toBe('40 eq');
    const few = await ask('name=few&_sort=external_id&_order=desc&_start=1&_end=3');
    expect(few.count).toBe('40 eq');
    expect(few.rows.map((row) => row.external_id)).toEqual(['c10048', 'c10047']);
  });

  test('finds its rows with the same words however they are spelled', async () => {
    for (const q of ['p100', 'P100', '"p100"', '“p100”', '  p100　']) {
      const answer = await a.as('viewer')('GET', `/api/products?q=${encodeURIComponent(q)}&_end=10`);
      expect(answer.headers.get('x-total-count'), q).toBe('11');
    }
  });
});
