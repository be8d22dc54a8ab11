/** What moves points, benefits and money, asked for with every wrong value in every place: answered in a sentence, and nothing moves. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../api/contract.ts';
import { FACT_FIELDS, WHO_FIELDS } from '../../api/engine/trial-form.ts';
import { EVENT_FIELDS, ORDER_FIELDS, RETURN_FIELDS } from '../../api/facts/fields.ts';
import { USE } from '../../api/routes/v1-benefits.ts';
import { REDEMPTION } from '../../api/routes/v1-redemptions.ts';
import { type Ask, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { isClear } from './clear-answers.ts';

let t: TestDatabase;
let a: TestApp;
let admin: Ask;
/** A record of each resource that has actions. */
const records: { [resource: string]: number } = {};

/** As JSON texts, so that what JSON.stringify would mend stays broken. */
const HOSTILE = [
  ...['-1', '0', '0.5', '1e308', '-1e-308', '9007199254740993', '99999999999999999999', 'true', 'null', '[]', '{}'],
  ...[
    '[[1]]',
    '{"$field":"id"}',
    '""',
    '" "',
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\u202e💩"',
    '"1e9"',
    '"NaN"',
  ],
  ...['"Infinity"', '"-infinity"', '"now"', '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999Z"', '"+275760-09-13"'],
  ...[
    '"9999-12-31"',
    '"0001-01-01"',
    '"1900-01-01"',
    '"2026-02-30"',
    '"0000-00-00"',
    '"2026-01-01T00:00:00+99:99"',
    `"${'9'.repeat(400)}"`,
    `"${'x'.repeat(20_000)}"`,
  ],
  ...['"__proto__"', `"' or 1=1 --"`, '"$me"', '[{"a":[1]},null]'],
];

beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  admin = a.as('administrator');
  const make = async (resource: string, values: Row) => {
    const made = await admin('POST', `/api/${resource}`, values);
    expect(made.status, await made.clone().text()).toBe(201);
    records[resource] = ((await made.json()) as { id: number }).id;
  };
  await make('customers', { external_id: 'H-1', enrolled_at: '2024-01-01T00:00:00Z' });
  await admin('POST', `/api/customers/${records.customers}/_actions/adjust_points`, { points: 1000, reason: 'test' });
  const named = (code: string) => ({ code, name: code, name_en: code });
  await make('benefits', {
    ...{ ...named('hand'), layer: 'basic', kind: 'other', status: 'active', quota: 3, quota_period: 'month' },
    fulfilment: 'manual',
    owner_role: 'operator',
    handle_hours: 24,
  });
  await make('rewards', {
    ...named('cup'),
    kind: 'benefit',
    benefit_id: records.benefits!,
    points: 1,
    status: 'active',
  });
  const spend = { basis: 'spend', window_kind: 'lifetime', validity_kind: 'forever', downgrade: 'none' };
  await make('tiers', { ...named('regular'), rank: 0, enter_at: '0', ...spend });
  const use = { external_id: 'U', customer_external_id: 'H-1', benefit: 'hand' };
  records.benefit_uses = ((await (await admin('POST', '/api/v1/benefits/use', use)).json()) as { id: number }).id;
  const redemption = { external_id: 'R', customer_external_id: 'H-1', points: 10, purpose: 'x' };
  const held = await admin('POST', '/api/v1/redemptions', redemption);
  records.redemptions = ((await held.json()) as { id: number }).id;
});
afterAll(() => t?.close());

const body = (base: Row, field: string, value: string) => {
  const rest = JSON.stringify({ ...base, [field]: undefined }).slice(1, -1);
  return `{${rest}${rest && ','}${JSON.stringify(field)}:${value}}`;
};

describe('a shop', () => {
  const order = { external_id: 'O', customer_external_id: 'H-1', placed_at: '2026-03-01T12:30:00+08:00' };
  const line = { sku: 'A', quantity: 1, unit_price: '1.00' };
  test.each<[string, Row, string[]]>([
    ['redemptions', { customer_external_id: 'H-1', points: 1, purpose: 'x' }, Object.keys(REDEMPTION.fields)],
    ['benefits/use', { customer_external_id: 'H-1', benefit: 'hand' }, Object.keys(USE.fields)],
    ['benefits/reserve', { customer_external_id: 'H-1', benefit: 'hand' }, Object.keys(USE.fields)],
    ['orders', { ...order, lines: [line] }, Object.keys(ORDER_FIELDS)],
    [
      'returns',
      { external_id: 'T', order_external_id: 'O', returned_at: '2026-04-01T00:00:00Z' },
      Object.keys(RETURN_FIELDS),
    ],
    [
      'events',
      { kind: 'check_in', customer_external_id: 'H-1', occurred_at: '2026-03-01T00:00:00Z' },
      Object.keys(EVENT_FIELDS),
    ],
  ])('asks %s with anything', { timeout: 60_000 }, async (path, base, fields) => {
    let nth = 0;
    for (const field of fields) {
      for (const value of HOSTILE) {
        const said = body({ external_id: `${path}-${++nth}`, ...base }, field, value);
        await isClear(await admin('POST', `/api/v1/${path}`, said), `${path} ${field} ${value.slice(0, 60)}`);
      }
    }
  });

  test('decides with anything as the reason', async () => {
    for (const value of HOSTILE) {
      for (const path of [`redemptions/${records.redemptions}`, `benefits/uses/${records.benefit_uses}`]) {
        const said = `{"reason":${value}}`;
        await isClear(await admin('POST', `/api/v1/${path}/confirm`, said), `${path} ${value.slice(0, 60)}`);
      }
    }
  });
});

describe('staff', () => {
  test('try rules with anything', { timeout: 60_000 }, async () => {
    for (const field of [...Object.keys({ ...FACT_FIELDS, ...WHO_FIELDS }), 'draft']) {
      for (const value of HOSTILE) {
        const said = body({ kind: 'order', customer_id: records.customers! }, field, value);
        await isClear(await admin('POST', '/api/_trials/dry_run', said), `${field} ${value.slice(0, 60)}`);
      }
    }
  });

  test('open back-tests with anything', async () => {
    const draft = { resource: 'earn_rules', id: null, values: {} };
    for (const value of HOSTILE) {
      for (const field of ['title', 'months', 'sample', 'drafts'])
        await isClear(
          await admin('POST', '/api/_trials', body({ months: 1, drafts: [draft] }, field, value)),
          `${field} ${value}`,
        );
      for (const field of ['resource', 'id', 'values', 'other']) {
        const said = `{"months":1,"drafts":[${body(draft, field, value)}]}`;
        await isClear(await admin('POST', '/api/_trials', said), `drafts.${field} ${value.slice(0, 60)}`);
      }
    }
  });

  test('act with anything in one place and what is right in the others', { timeout: 120_000 }, async () => {
    const right: Row = {
      ...{ points: 1, quantity: 1, amount: '1.00', reward: records.rewards!, benefit_id: records.benefits! },
      ...{ tier_id: records.tiers!, until_on: '2099-06-01', expiring_until_on: '2099-01-01' },
    };
    let done = 0;
    for (const resource of a.deps.resources.values()) {
      for (const [name, action] of Object.entries(resource.actions ?? {})) {
        // What ends the customer would end the test.
        if (['merge_duplicate', 'anonymise'].includes(name)) continue;
        const whole = [action.scope].flat().includes('resource');
        const path = `/api/${resource.name}${whole ? '' : `/${records[resource.name] ?? 1}`}/_actions/${name}`;
        const input = Object.entries(action.input ?? {});
        const base = Object.fromEntries(input.map(([field]) => [field, right[field] ?? 'x']));
        for (const [field] of input) {
          for (const value of HOSTILE) {
            const answer = await admin('POST', path, body(base, field, value));
            if (answer.status === 200 && resource.name === 'customers') done += 1;
            await isClear(answer, `${path} ${field} ${value.slice(0, 60)}`);
          }
        }
      }
    }
    // The others were right: some texts are.
    expect(done).toBeGreaterThan(20);
  });

  test('read a timeline from anywhere', async () => {
    const places = HOSTILE.flatMap((value) => {
      const text = typeof JSON.parse(value) === 'string' ? (JSON.parse(value) as string) : value;
      return [
        text.slice(0, 500),
        btoa(unescape(encodeURIComponent(text.slice(0, 500).replace(/[\ud800-\udfff]/g, '')))),
      ];
    });
    for (const place of places) {
      for (const name of ['before', 'kinds']) {
        const path = `/api/customers/${records.customers}/_timeline?${name}=${encodeURIComponent(place.toWellFormed())}`;
        await isClear(await admin('GET', path), path.slice(0, 200));
      }
    }
  });
});

test('and the books add up: what came is what there is, and what it went through', async () => {
  const account = await t.owner
    .selectFrom('app.points_accounts')
    .select(['available', 'reserved', 'debt'])
    .where('customer_id', '=', records.customers!)
    .executeTakeFirstOrThrow();
  const sum = async (side: 'from_state' | 'to_state', state: string) => {
    const { points } = await t.owner
      .selectFrom('app.points_entries')
      .select(({ fn }) => fn.sum<string | null>('points').as('points'))
      .where('customer_id', '=', records.customers!)
      .where('account', '=', 'points')
      .where(side, '=', state)
      .executeTakeFirstOrThrow();
    return Number(points ?? 0);
  };
  for (const state of ['available', 'reserved'] as const)
    expect((await sum('to_state', state)) - (await sum('from_state', state)), state).toBe(account[state]);
  expect(account.available).toBeGreaterThanOrEqual(0);
});
