/** Numbers and addresses of people are nowhere in what is told to somebody who may not see them: every list, head, timeline, trial. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../../api/contract.ts';
import { processFacts } from '../../api/engine/process.ts';
import { type Person, type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
let customer: number;
let trial: number;

const SECRETS = { phone: '13987654321', email: 'geheim@example.com', note: 'Geheime Notiz' };
const TOLD = /13987654321|87654321|geheim[e@]/i;

beforeAll(async () => {
  t = await testDatabase();
  a = await testApp(t);
  const pii = a.as('pii');
  const post = async (path: string, body: Row, ask = a.as('administrator')) => {
    const answer = await ask('POST', path, body);
    expect(answer.ok, `${path} ${await answer.clone().text()}`).toBe(true);
    return (await answer.json()) as { id: number };
  };
  customer = (
    await post('/api/customers', { external_id: 'P-1', enrolled_at: '2024-01-01T00:00:00Z', ...SECRETS }, pii)
  ).id;
  const named = (code: string) => ({ code, name: code, name_en: code });
  await post('/api/earn_rules', { ...named('purchase'), status: 'active', points: 1, per_amount: '1' });
  const spend = { basis: 'spend', window_kind: 'lifetime', validity_kind: 'forever', downgrade: 'none' };
  await post('/api/tiers', { ...named('regular'), rank: 0, enter_at: '0', ...spend });
  const tier = await post('/api/tiers', { ...named('silver'), rank: 1, enter_at: '10000', ...spend });
  await post(`/api/customers/${customer}/_actions/adjust_points`, { points: 500, reason: 'test' });
  await post(`/api/customers/${customer}/_actions/set_tier`, { tier_id: tier.id, reason: 'test' });
  await post('/api/benefits', {
    ...{ ...named('hand'), layer: 'basic', kind: 'other', status: 'active', quota: 3, quota_period: 'month' },
    ...{ fulfilment: 'manual', owner_role: 'operator', handle_hours: 24 },
  });
  await post('/api/v1/benefits/use', { external_id: 'U', customer_external_id: 'P-1', benefit: 'hand' });
  await post('/api/rewards', { ...named('cup'), kind: 'goods', points: 5, stock: 3, status: 'active' });
  await post('/api/v1/redemptions', { external_id: 'R', customer_external_id: 'P-1', reward: 'cup', confirm: true });
  await post('/api/v1/redemptions', { external_id: 'R2', customer_external_id: 'P-1', points: 5, purpose: 'x' });
  await post('/api/v1/orders', {
    ...{
      external_id: 'O',
      customer_external_id: 'P-1',
      placed_at: new Date(Date.now() - 86_400_000 * 3).toISOString(),
    },
    ...{ status: 'paid', lines: [{ sku: 'A', quantity: 1, unit_price: '90.00' }] },
  });
  await post('/api/v1/events', {
    ...{ external_id: 'E', kind: 'review', customer_external_id: 'P-1', order_external_id: 'O', rating: 5 },
    occurred_at: new Date(Date.now() - 3_600_000).toISOString(),
  });
  await sql`insert into app.programme_versions (resource, record_id, effective_from_at, body)
    select resource, record_id, '2020-01-01', body from app.programme_versions where resource in ('earn_rules', 'tiers')`.execute(
    t.owner,
  );
  await processFacts(a.deps, { until_at: new Date(Date.now() + 2_000).toISOString() });
  const draft = {
    resource: 'earn_rules',
    id: null,
    values: { ...named('double'), status: 'active', points: 2, per_amount: '1' },
  };
  trial = (await post('/api/_trials', { months: 1, drafts: [draft] })).id;
}, 120_000);
afterAll(() => t?.close());

test('a back-test over them is worked off', { timeout: 60_000 }, async () => {
  const read = async () => (await (await a.as('administrator')('GET', `/api/_trials/${trial}`)).json()) as Row;
  await expect.poll(async () => (await read()).state, { timeout: 50_000 }).toBe('done');
  expect(JSON.stringify((await read()).winners)).toContain('P-1');
});

/** Everything that is told of one customer. */
function places(): string[] {
  const lists = [...a.deps.resources.keys()].flatMap((name) => [
    ...['_labels=1&_count=exact', '_labels=1&q=geheim', '_labels=1&q=139876'].map((query) => `/api/${name}?${query}`),
    ...[`/api/${name}/_export.csv`, `/api/${name}/_trash`, `/api/${name}/1`, `/api/${name}/1/_history`],
    ...['customer_id', 'duplicate'].map((field) => `/api/${name}/_options/${field}?q=geheim`),
  ]);
  const own = ['', '/_head', '/_timeline', '/_history', '/_delete_preview'].map(
    (path) => `/api/customers/${customer}${path}`,
  );
  const trials = [`/api/_trials/${trial}`, '/api/_trials', `/api/_trials/_options/customer_id?id=${customer}&q=`];
  return [...lists, ...own, ...trials, '/api/_trials/_options/customer_id?q=geheim', '/api/v1/customers/P-1/status'];
}

test.each<[Person]>([['operator'], ['viewer'], ['analyst'], ['manager'], ['reviewer'], ['customer_service']])(
  'nothing tells a %s without the right to personal data',
  { timeout: 120_000 },
  async (person) => {
    const ask = a.as(person);
    const { pii } = await t.owner
      .selectFrom('app.users')
      .select('pii')
      .where('id', '=', a.id(person))
      .executeTakeFirstOrThrow();
    if (pii) return;
    let read = 0;
    for (const path of places()) {
      const answer = await ask('GET', path);
      const text = await answer.text();
      if (answer.ok) read += 1;
      // What was asked for is said back.
      expect(text.replaceAll(/q=[^"]*/g, ''), path).not.toMatch(TOLD);
    }
    const dry = await ask('POST', '/api/_trials/dry_run', { kind: 'order', customer_id: customer, amount: '10.00' });
    expect(await dry.text()).not.toMatch(TOLD);
    expect(read).toBeGreaterThan(10);
  },
);

test('whoever may see them is told', async () => {
  const found = [];
  for (const path of places()) if (TOLD.test(await (await a.as('pii')('GET', path)).text())) found.push(path);
  expect(found.length).toBeGreaterThan(5);
});
