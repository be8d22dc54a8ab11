/** Tiers: every rule broken once, thresholds that rise with the rank, and the default programme's numbers. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApiError, Row } from '../../api/contract.ts';
import { applyDefaults } from '../../api/default-programme.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { refusals } from './refusals.ts';

let t: TestDatabase;
let a: TestApp;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
});
afterAll(() => t?.close());

const SILVER: Row = {
  ...{ code: 'silver', name: '银卡', name_en: 'Silver', rank: 20, basis: 'spend', window_kind: 'year' },
  ...{ enter_at: '1000', retain_at: '800', validity_kind: 'months', validity_months: 12 },
};
const GOLD: Row = {
  ...SILVER,
  code: 'gold',
  name: '金卡',
  name_en: 'Gold',
  rank: 30,
  enter_at: '5000',
  retain_at: '4000',
};

async function post(values: Row) {
  const answer = await a.as('operator')('POST', '/api/tiers', values);
  return { status: answer.status, body: (await answer.json()) as Row & Partial<ApiError> };
}
async function patch(id: unknown, values: Row) {
  const answer = await a.as('operator')('PATCH', `/api/tiers/${id}`, values);
  return { status: answer.status, body: (await answer.json()) as Row & Partial<ApiError> };
}
async function made(values: Row): Promise<Row> {
  const { status, body } = await post(values);
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}
const messageAt = (body: Partial<ApiError>, field: string) => body.errors?.[field]?.message;

describe('a tier', () => {
  beforeEach(() => t.db.deleteFrom('app.tiers').execute());

  test.each<[string, Row, string, string, string]>([
    ['rolls without days', { window_kind: 'rolling' }, 'window_days', '请填写滚动天数', 'Days is required'],
    ['has nothing to reach', { enter_at: null, retain_at: null }, 'enter_at', '请填写升级门槛', 'Enter at is required'],
    ['is for segments, but for none', { basis: 'segment' }, 'segments', '请选择客群', 'Segments'],
    ['is for a segment that is none', { basis: 'segment', segments: [12_345] }, 'segments', '客群', '12345'],
    ['asks more to stay than to enter', { retain_at: '1000.01' }, 'retain_at', '不能高于升级门槛', 'not exceed'],
    ['lets back in whoever fell', { reenter_at: '799.99' }, 'reenter_at', '不能低于保级门槛', 'would be back at once'],
    ['lasts an unknown time', { validity_months: null }, 'validity_months', '请填写有效月数', 'Months is required'],
    [
      'ends with a period it has not',
      { window_kind: 'lifetime', validity_kind: 'period_end' },
      'validity_kind',
      '没有周期',
      'no end of a period',
    ],
    [
      'rises with a period it has not',
      { window_kind: 'lifetime', upgrade: 'next_period' },
      'upgrade',
      '没有下一周期',
      'no next period',
    ],
    [
      'counts half an order',
      { basis: 'orders', enter_at: '5.5', retain_at: '5' },
      'enter_at',
      '须为整数',
      'whole numbers',
    ],
    ['has a month that is none', { window_start_month: 13 }, 'window_start_month', '12', '12'],
    ['gives nothing for points', { redeem_points: 0 }, 'redeem_points', '1', '1'],
    ['has a floor that is no tier', { floor_tier_id: 999_999 }, 'floor_tier_id', '保底等级', 'Floor'],
  ])('that %s is refused at its field, in both languages', async (_, change, field, zh, en) => {
    const refused = await refusals(a, 'tiers', { ...SILVER, ...change });
    expect(refused).toEqual({ [field]: [expect.stringContaining(zh), expect.stringContaining(en)] });
    expect(await t.db.selectFrom('app.tiers').select('id').execute()).toEqual([]);
  });

  const criterion = { basis: 'referrals', window_kind: 'lifetime', enter_at: '10' };
  test.each<[string, Row[], string, string]>([
    ['without a threshold', [{ ...criterion, enter_at: null }], 'criteria.0.enter_at', 'required'],
    ['without its days', [criterion, { ...criterion, window_kind: 'rolling' }], 'criteria.1.window_days', 'required'],
    ['that asks more to stay', [{ ...criterion, retain_at: '11' }], 'criteria.0.retain_at', 'not exceed'],
    [
      'that is met again at once',
      [{ ...criterion, retain_at: '8', reenter_at: '7' }],
      'criteria.0.reenter_at',
      'below',
    ],
    ['of half a person', [{ ...criterion, enter_at: '10.5' }], 'criteria.0.enter_at', 'whole numbers'],
    ['said twice', [criterion, { ...criterion, enter_at: '12' }], 'criteria', 'only once'],
    ['that repeats the first', [{ ...criterion, basis: 'spend', window_kind: 'year' }], 'criteria', 'only once'],
    ['without its segments', [{ ...criterion, basis: 'segment' }], 'criteria.0.segments', 'Choose'],
  ])('with a further criterion %s is refused where it stands', async (_, criteria, field, en) => {
    const { status, body } = await post({ ...SILVER, criteria } as Row);
    expect(status).toBe(422);
    expect(messageAt(body, field)).toContain(en);
  });

  test('keeps its criteria, and the view gives the first and the others alike', async () => {
    const { id } = await made({
      ...SILVER,
      criteria: [{ ...criterion, retain_at: '5' }],
      criteria_match: 'all',
    } as Row);
    const rows = await t.db
      .selectFrom('base.tier_criteria')
      .select(['position', 'basis', 'sufficient', 'enter_at', 'retain_at', 'reenter_at', 'window_start_month'])
      .where('tier_id', '=', id as number)
      .orderBy('position')
      .execute();
    const both = { sufficient: false, window_start_month: null };
    expect(rows).toEqual([
      {
        ...both,
        position: 0,
        basis: 'spend',
        enter_at: '1000.00',
        retain_at: '800.00',
        reenter_at: '1000.00',
        window_start_month: 1,
      },
      { ...both, position: 1, basis: 'referrals', enter_at: '10.00', retain_at: '5.00', reenter_at: '10.00' },
    ]);
  });

  test('may be for whoever is in a segment, which keeps its number in every database', async () => {
    await t.owner.transaction().execute(applyDefaults);
    await t.db.deleteFrom('app.tiers').execute();
    const listed = (await (await a.as('viewer')('GET', '/api/segments?_sort=position')).json()) as Row[];
    expect(listed.map((each) => [each.id, each.code, each.title_en])).toEqual([
      [273_591_835_523_893, 'new', 'Lifecycle · New'],
      [2_869_568_156_806, 'active', 'Lifecycle · Active'],
      [62_252_295_155_026, 'dormant', 'Lifecycle · Dormant'],
      [46_729_339_789_176, 'other', 'Lifecycle · Other'],
    ]);
    const segments = [listed[1]!.id as number];
    const { id } = await made({ ...SILVER, basis: 'segment', segments });
    expect(
      await t.db
        .selectFrom('base.tier_criteria')
        .select(['segments', 'enter_at'])
        .where('tier_id', '=', id as number)
        .execute(),
    ).toEqual([{ segments, enter_at: null }]);
  });

  test('by invitation has no thresholds, whatever was sent', async () => {
    const { id } = await made({ ...SILVER, basis: 'invitation' });
    expect(
      await t.db
        .selectFrom('app.tiers')
        .select(['enter_at', 'retain_at'])
        .where('id', '=', id as number)
        .execute(),
    ).toEqual([{ enter_at: null, retain_at: null }]);
  });
});

describe('thresholds rise with the rank', () => {
  let silver: Row;
  let gold: Row;
  beforeEach(async () => {
    await t.db.deleteFrom('app.tiers').execute();
    silver = await made(SILVER);
    gold = await made(GOLD);
  });

  test.each<[string, Row, string, string]>([
    ['enter', { enter_at: '5000', retain_at: '500' }, 'enter_at', 'below that of “Gold”, 5000.00'],
    ['retain', { retain_at: '4500', enter_at: '4900' }, 'retain_at', 'at most that of “Gold”, 4000.00'],
    ['re-enter', { reenter_at: '6000' }, 'reenter_at', 'at most that of “Gold”, 5000.00'],
  ])('to %s', async (_, change, field, sentence) => {
    const { status, body } = await patch(silver.id, change);
    expect(status).toBe(422);
    expect(messageAt(body, field)).toContain(sentence);
  });

  test('so that a tier cannot move past another by its rank alone', async () => {
    const { status, body } = await patch(silver.id, { rank: 40 });
    expect(status).toBe(422);
    expect(messageAt(body, 'enter_at')).toContain('above that of “Gold”');
  });

  test('but not across different bases or periods, nor against a retired tier', async () => {
    await made({ ...GOLD, code: 'orders', rank: 31, basis: 'orders', enter_at: '3', retain_at: '1' });
    await made({ ...GOLD, code: 'monthly', rank: 32, window_kind: 'month', enter_at: '300', retain_at: '200' });
    await patch(gold.id, { status: 'retired' });
    expect((await patch(silver.id, { enter_at: '9000' })).status).toBe(200);
  });

  test('unless the higher tier asks for something else beside the same', async () => {
    const criteria = [{ basis: 'referrals', window_kind: 'lifetime', enter_at: '3' }];
    const { status, body } = await patch(gold.id, {
      enter_at: '1000',
      retain_at: '800',
      criteria_match: 'all',
      criteria,
    });
    expect(status, JSON.stringify(body)).toBe(200);
    expect((await patch(gold.id, { criteria_match: 'any' })).status).toBe(422);
  });

  test('also when many people move them at once', async () => {
    const CLIENTS = 32;
    await t.db.deleteFrom('app.tiers').execute();
    const ladder = await Promise.all(
      Array.from({ length: CLIENTS }, (_, at) => {
        const rank = at + 1;
        return made({ ...SILVER, code: `step_${rank}`, rank, enter_at: String(rank * 100), retain_at: '0' });
      }),
    );
    // Each move alone is right; two neighbours together are not.
    const answers = await Promise.all(
      ladder.map((tier, at) => patch(tier.id, { enter_at: String((at + 1) * 100 + (at % 2 === 0 ? 60 : -60)) })),
    );
    expect(answers.map((each) => each.status).filter((status) => status !== 200 && status !== 422)).toEqual([]);
    const rows = await t.db.selectFrom('app.tiers').select('enter_at').orderBy('rank').execute();
    const thresholds = rows.map((each) => Number(each.enter_at));
    expect(thresholds).toEqual([...new Set(thresholds)].sort((x, y) => x - y));
    expect(answers.filter((each) => each.status === 200).length).toBeGreaterThanOrEqual(CLIENTS / 2);
  });
});

describe('a floor', () => {
  test('lies below its tier, is not retired under it and not deleted', async () => {
    await t.db.deleteFrom('app.tiers').execute();
    const silver = await made(SILVER);
    const gold = await made({ ...GOLD, floor_tier_id: silver.id as number });
    expect(messageAt((await patch(silver.id, { floor_tier_id: gold.id as number })).body, 'floor_tier_id')).toContain(
      'among those',
    );
    expect(messageAt((await patch(gold.id, { floor_tier_id: gold.id as number })).body, 'floor_tier_id')).toContain(
      'among those',
    );
    expect(messageAt((await patch(silver.id, { rank: 35 })).body, 'enter_at')).toContain('above');
    expect(messageAt((await patch(silver.id, { status: 'retired' })).body, 'status')).toContain('floor');
    expect((await a.as('operator')('DELETE', `/api/tiers/${silver.id}`)).status).toBe(409);
  });
});

test('the default tiers are those of the programme', async () => {
  await t.db.deleteFrom('app.tiers').execute();
  await t.owner.deleteFrom('app.default_files').execute();
  await t.owner.transaction().execute(applyDefaults);
  const rows = (await (await a.as('viewer')('GET', '/api/tiers?_sort=rank')).json()) as Row[];
  expect(rows.map((row) => [row.name, row.enter_at, row.retain_at, row.point_multiplier, row.redeem_points])).toEqual([
    ['普通会员', '0.00', '0.00', '1.00', 100],
    ['银卡会员', '1000.00', '800.00', '1.20', 100],
    ['金卡会员', '5000.00', '4000.00', '1.50', 95],
    ['白金会员', '15000.00', '12000.00', '2.00', 90],
  ]);
  // Saved again as they are, they pass their own rules.
  for (const row of rows)
    expect((await patch(row.id, { description: `${String(row.description)}。` })).status).toBe(200);
});
