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
