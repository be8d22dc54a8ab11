/** The head of a customer's page and their timeline: the engine's own numbers, in words, for whoever may read them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Head, Resource, Row, Timeline } from '../../api/contract.ts';
import { loadResources } from '../../api/definitions.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { programme } from '../sql/points.ts';

let t: TestDatabase;
let a: TestApp;
let p: Awaited<ReturnType<typeof programme>>;
beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  p = await programme(t);
  await p.rule({
    code: 'purchase',
    name: '消费积分',
    name_en: 'Purchase',
    effect: 'per_amount',
    points: 1,
    per_amount: '1',
  });
  await p.rule({
    code: 'growth',
    account: 'growth',
    effect: 'per_amount',
    points: 1,
    per_amount: '1',
    max_per_fact: 500,
  });
  await p.tier({ code: 'regular', rank: 0, enter_at: '0', validity_kind: 'forever', downgrade: 'none' });
  await p.tier({
    code: 'silver',
    rank: 1,
    enter_at: '1000',
    retain_at: '800',
    validity_kind: 'months',
    validity_months: 12,
  });
  await p.tier({
    ...{ code: 'gold', rank: 2, enter_at: '5000', criteria_match: 'any' },
    criteria: [{ basis: 'growth', window_kind: 'lifetime', enter_at: 3000 }],
  });
});
afterAll(() => t?.close());

const today = () => new Date(Date.now() - 3_600_000).toISOString().slice(0, 16);
const yesterday = () => new Date(Date.now() - 90_000_000).toISOString().slice(0, 16);
async function head(customer: number, app = a, person: Parameters<TestApp['as']>[0] = 'viewer') {
  const answer = await app.as(person)('GET', `/api/customers/${customer}/_head`);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as Head;
}
async function told(customer: number, query = '', app = a, person: Parameters<TestApp['as']>[0] = 'viewer') {
  const answer = await app.as(person)('GET', `/api/customers/${customer}/_timeline${query}`);
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as Timeline;
}
const goals = async (customer: number) => (await head(customer)).cards.find(({ name }) => name === 'tier')!.goals!;

test.each([
  ['exactly what is missing', 0, 'silver'],
  ['a cent less', -1, 'regular'],
])('%s decides: what the page says is what the engine holds it against', async (_, more, tier) => {
  const customer = await p.customer();
  const order = await p.order(customer, { at: yesterday(), amount: '700.00' });
  await p.refund(order, { at: yesterday(), amount: '123.45' });
  // As whoever accepts a return notes it.
  await t.db.updateTable('app.orders').set({ returned_amount: '123.45' }).where('id', '=', order.id).execute();
  await p.work();
  const [, reach] = await goals(customer);
  expect(reach).toMatchObject({ title: ['升级 silver', 'Reach silver'], reached: false });
  const [meter] = reach!.meters;
  expect(meter).toMatchObject({ value: '576.55', target: '1000.00', missing: '423.45', met: false });

  const cents = Math.round(Number(meter!.missing) * 100) + more;
  await p.order(customer, { at: today(), amount: (cents / 100).toFixed(2) });
  await p.work();
  const { cards } = await head(customer);
  expect(cards[0]!.main).toMatchObject({ text: [tier, tier] });
  const spend = cards.find(({ name }) => name === 'spend')!;
  expect(spend.main).toMatchObject({ value: (576.55 + cents / 100).toFixed(2) });
  expect(spend.facts[0]).toMatchObject({ label: ['订单数', 'Orders'], value: 2 });
});

test('to keep a tier, and any of several ways to the next; nothing is left behind in the workings', async () => {
  const customer = await p.customer();
  await p.order(customer, { at: today(), amount: '1200.00' });
  await p.work();
  const [keep, reach] = await goals(customer);
  expect(keep).toMatchObject({ title: ['保级 silver', 'Keep silver'], reached: true });
  expect(keep!.meters).toMatchObject([{ value: '1200.00', target: '800.00', missing: '0.00', met: true }]);
  expect(reach).toMatchObject({ title: ['升级 gold', 'Reach gold'], reached: false, any: true });
  expect(reach!.meters).toMatchObject([
    { target: '5000.00', missing: '3800.00' },
    // Held to 500 by the rule.
    { value: 500, target: 3000, missing: 2500 },
  ]);
  const left = await t.db.selectFrom('app.engine_turns').select('run_id').execute();
  expect(left).toEqual([]);
  expect(await t.db.selectFrom('app.engine_criteria').select('run_id').execute()).toEqual([]);
});

test('who is in no books yet has a page all the same', async () => {
  const customer = await p.customer();
  expect((await head(customer)).cards.map(({ name }) => name)).toEqual(['spend']);
  expect((await told(customer)).entries.map(({ kind }) => kind)).toEqual(['sign_up']);
});

test('half an order refunded: why it earned that, and what was taken back, in both languages', async () => {
  const customer = await p.customer();
  const order = await p.order(customer, { at: '2026-03-02', amount: '1320.00', external_id: 'A-1' });
  await p.refund(order, { at: '2026-03-05', amount: '660.00' });
  await p.work();
  const { entries, next } = await told(customer);
  expect(next).toBeNull();
  expect(entries.map(({ kind, text }) => [kind, text[0]])).toEqual([
    ['tier', '由“silver”降级为“regular”'],
    // What is left of it earns as much growth value as before: it was held to 500.
    ['return', '退款 ¥660.00，追回 660 积分'],
    ['tier', '由“regular”升级为“silver”'],
    ['order', '消费 ¥1,320.00，得 1,320 积分、500 成长值'],
    ['tier', '成为“regular”'],
    ['sign_up', '线上入会'],
  ]);
  const [down, , up, bought] = entries;
  expect(down!.reasons.map(([, en]) => en)).toEqual([
    'No longer reached after a refund',
    'To keep it: Spend in the last 365 days of 800',
  ]);
  expect(up!.reasons[1]![0]).toBe('升级条件：近 365 天消费额满 1,000');
  expect(bought!.reasons.map(([, en]) => en)).toEqual([
    'Order A-1',
    'Purchase (version 1): ¥1,320.00 at 1 for every 1, gives 1,320',
    'growth (version 1): ¥1,320.00 at 1 for every 1, would be 1,320, held to 500 by the limit of 500 at a time',
  ]);
  expect(bought!.of).toEqual({ resource: 'orders', id: order.id });
});

test('page by page it is the whole, also where much happened at one moment; by kind it is that kind alone', async () => {
  const customer = await p.customer();
  const orders = await Promise.all(
    Array.from({ length: 60 }, (_, at) =>
      p.order(customer, { at: at < 40 ? '2026-04-01' : '2026-04-02', amount: '10.00' }),
    ),
  );
  await p.refund(orders[0]!, { at: '2026-04-02', amount: '10.00' });
  await p.work();
  const seen: Timeline['entries'] = [];
  let before: string | null = null;
  do {
    const page: Timeline = await told(customer, before ? `?before=${before}` : '');
    expect(page.entries.length).toBeLessThanOrEqual(25);
    seen.push(...page.entries);
    before = page.next;
  } while (before !== null);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
  expect(seen.filter(({ kind }) => kind === 'order')).toHaveLength(60);
  expect(seen).toHaveLength(63);
  expect((await told(customer, '?kinds=return')).entries.map(({ kind }) => kind)).toEqual(['return']);
});

test.each(['?kinds=orders', '?kinds=', '?before=x', `?before=${btoa('2026 1')}`, '?limit=5'])(
  '%s is a 400',
  async (query) => {
    const customer = await p.customer();
    const answer = await a.as('viewer')('GET', `/api/customers/${customer}/_timeline${query}`);
    expect(answer.status).toBe(400);
  },
);

test('what staff changed is named, never what it held; staff’s points are told with who and why', async () => {
  const made = await a.as('pii')('POST', '/api/customers', { external_id: 'page-1', phone: '13800001234' });
  const { id } = (await made.json()) as { id: number };
  const as_is = await a.as('pii')('GET', `/api/customers/${id}`);
  const changed = await a.as('pii')(
    'PATCH',
    `/api/customers/${id}`,
    { phone: '13900009999', note: 'secret' },
    {
      'if-match': as_is.headers.get('etag')!,
    },
  );
  expect(changed.status, await changed.clone().text()).toBe(200);
  await a.as('operator')('POST', `/api/customers/${id}/_actions/adjust_points`, { points: 30, reason: 'a gift' });
  for (const person of ['pii', 'viewer', 'administrator'] as const) {
    const body = JSON.stringify((await told(id, '', a, person)).entries);
    expect(body).not.toMatch(/1380000|1390000|secret/);
  }
  const { entries } = await told(id, '', a, 'pii');
  expect(entries.find(({ kind }) => kind === 'adjustment')).toMatchObject({
    text: ['人工发放 30 积分', '30 points given by staff'],
    reasons: [['原因：a gift', 'Reason: a gift']],
  });
  const said = entries.find(({ kind, text }) => kind === 'staff' && text[1] === 'Customer changed')!;
  expect(said.reasons[0]![1]).toContain('Phone');
  // Who sees no personal data is not told that a field of it changed.
  const masked = (await told(id, '', a, 'viewer')).entries.find(({ text }) => text[1] === 'Customer changed')!;
  expect(JSON.stringify(masked)).not.toContain('Phone');
});

test('who may not read orders, points or tiers is told nothing of them, and sees them at no head', async () => {
  const resources = new Map(await loadResources());
  const lessen = (name: string, change: (resource: Resource) => Partial<Resource>) =>
    resources.set(name, { ...resources.get(name)!, ...change(resources.get(name)!) });
  for (const name of ['tier_states', 'tier_stays', 'points_accounts'])
    lessen(name, ({ access }) => ({ access: { ...access, viewer: '' } }));
  // An amount that is not for them, in orders that are.
  lessen('orders', ({ fields }) => ({
    fields: { ...fields, amount: { ...fields.amount!, access: { read: ['manager'] } } },
  }));
  // And returns of which some are not.
  lessen('returns', () => ({ rows: { viewer: { amount: { lt: '10' } } } }));
  const less = await testApp(t, { resources, people: a });
  const customer = await p.customer();
  const order = await p.order(customer, { at: '2026-03-02', amount: '1320.00' });
  await p.refund(order, { at: '2026-03-05', amount: '660.00' });
  await p.work();
  expect((await head(customer, less)).cards).toEqual([]);
  expect((await told(customer, '', less)).entries.map(({ kind }) => kind)).toEqual(['sign_up']);
  expect((await told(customer, '', less, 'manager')).entries.map(({ kind }) => kind)).toContain('order');

  // A customer who is not theirs is not there.
  lessen('customers', () => ({ rows: { viewer: { external_id: { eq: 'nobody' } } } }));
  const blind = await testApp(t, { resources, people: a });
  for (const what of ['_head', '_timeline']) {
    const answer = await blind.as('viewer')('GET', `/api/customers/${customer}/${what}`);
    expect(answer.status).toBe(404);
    expect((await a.anyone('GET', `/api/customers/${customer}/${what}`)).status).toBe(401);
  }
  const nowhere = await a.as('viewer')('GET', '/api/tiers/1/_head');
  expect(nowhere.status).toBe(404);
  expect(((await nowhere.json()) as Row).key).toBe('not_found');
});

test('a shop is told the same', async () => {
  const customer = await p.customer();
  await p.order(customer, { at: today(), amount: '1200.00' });
  await p.work();
  const { external_id } = await t.db
    .selectFrom('app.customers')
    .select('external_id')
    .where('id', '=', customer)
    .executeTakeFirstOrThrow();
  const answer = await a.as('operator')('GET', `/api/v1/customers/${external_id}/status`);
  expect(answer.status, await answer.clone().text()).toBe(200);
  expect(await answer.json()).toMatchObject({
    customer_external_id: external_id,
    tier: { code: 'silver', rank: 1 },
    keep: {
      reached: true,
      measures: [{ basis: 'spend', value: '1200.00', target: '800.00', missing: '0.00', met: true }],
    },
    next: { tier: { code: 'gold' }, any: true, measures: [{ missing: '3800.00' }, { missing: '2500.00' }] },
    points: { balance: 1200, available: 1200, next_expiry: { points: 1200 } },
    growth: 500,
  });
  expect((await a.as('viewer')('GET', `/api/v1/customers/${external_id}/status`)).status).toBe(403);
  expect((await a.as('operator')('GET', '/api/v1/customers/nobody/status')).status).toBe(404);
  expect((await a.as('operator')('GET', `/api/v1/customers/${external_id}/status?x=1`)).status).toBe(400);
});
