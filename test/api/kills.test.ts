/** Shops that go on telling of orders while the product and its database are killed under them. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePort, openFolder, processesOf, type Running, serverOf, startIn } from '../processes.ts';

const CUSTOMERS = 12;
const ORDERS = 360;
const CLIENTS = 8;
const KILLS = 6;
const PASSWORD = 'evergreen-under-fire';

let folder: string;
let port: number;
let product: Running;
let cookie: string;
const dead: Running[] = [];

beforeAll(async () => {
  folder = openFolder();
  port = await freePort();
  await raise();
  const token = /token=(\S+)/.exec(product.output())![1];
  const signed_in = await call('POST', '/api/auth/set-password', { token, password: PASSWORD });
  expect(signed_in.status, await signed_in.clone().text()).toBe(204);
  cookie = signed_in.headers.get('set-cookie')!.split(';')[0]!;
  for (let at = 0; at < CUSTOMERS; at++) {
    const made = await call('POST', '/api/customers', { external_id: `K-${at}`, channel: 'online' });
    expect(made.status, await made.clone().text()).toBe(201);
  }
});
afterAll(async () => {
  for (const each of [...dead, product]) await each?.kill('SIGKILL');
  for (const pid of processesOf(folder)) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

async function raise(): Promise<void> {
  product = startIn(folder, 'start', {
    PORT: String(port),
    LOG_LEVEL: 'fatal',
    ...{ LIMIT_ADDRESS: '0', LIMIT_USER: '0', LIMIT_TOKEN: '0' },
  });
  await product.says(`127.0.0.1:${port}`);
}

function call(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      origin: `http://127.0.0.1:${port}`,
      'content-type': 'application/json',
      ...(cookie ? { cookie } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
}

/** Until it is answered, as a shop does. @returns what it was told */
async function tell(order: object): Promise<string> {
  for (;;) {
    try {
      const answer = await call('POST', '/api/v1/orders', order);
      if (answer.ok) return ((await answer.json()) as { answer: string }).answer;
      if (answer.status < 500) throw new Error(`${answer.status}: ${await answer.text()}`);
    } catch (error) {
      if (error instanceof Error && /^4\d\d:/.test(error.message)) throw error;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

async function all(path: string): Promise<{ [field: string]: unknown }[]> {
  const rows: { [field: string]: unknown }[] = [];
  for (;;) {
    const answer = await call('GET', `${path}&_start=${rows.length}&_end=${rows.length + 100}`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    const page = (await answer.json()) as { [field: string]: unknown }[];
    rows.push(...page);
    if (page.length < 100) return rows;
  }
}

test('no order that was accepted is lost, and none is worked in twice', async () => {
  // The rules hold since the start, and the customers came after it: so do the orders.
  const orders = Array.from({ length: ORDERS }, (_, at) => ({
    external_id: `KO-${at}`,
    customer_external_id: `K-${at % CUSTOMERS}`,
    placed_at: new Date(Date.now() - ORDERS + at).toISOString(),
    lines: [{ sku: 'K', quantity: 1, unit_price: `${10 + (at % 7)}.00` }],
  }));
  let told = 0;
  let killed = 0;
  const shop = async () => {
    for (;;) {
      const at = told++;
      if (at >= ORDERS) return;
      await tell(orders[at]!);
      // Now and then again, as if the answer had not come.
      if (at % 5 === 0) await tell(orders[at]!);
    }
  };
  const killer = async () => {
    while (killed < KILLS) {
      await vi.waitUntil(() => told >= ((killed + 1) * ORDERS) / (KILLS + 1), { timeout: 120_000, interval: 20 });
      if (killed % 2 === 0) {
        const before = serverOf(folder)!;
        process.kill(before, 'SIGKILL');
        await vi.waitUntil(() => ![before, null].includes(serverOf(folder)), { timeout: 60_000, interval: 20 });
      } else {
        dead.push(product);
        await product.kill('SIGKILL');
        await raise();
      }
      killed++;
    }
  };
  await Promise.all([killer(), ...Array.from({ length: CLIENTS }, shop)]);

  const stored = await all('/api/orders?_sort=id&_order=asc');
  expect(stored.map((row) => row.external_id).sort()).toEqual(orders.map((order) => order.external_id).sort());
  const lots = await vi.waitUntil(
    async () => {
      const found = await all('/api/points_lots?account=points&origin_kind=order&_sort=id&_order=asc');
      return found.length >= ORDERS && found;
    },
    { timeout: 60_000, interval: 500 },
  );
  expect(lots).toHaveLength(ORDERS);
  const ids = stored.map((row) => row.id).sort();
  for (const path of ['decisions?outcome=granted', 'points_entries?kind=earn']) {
    const rows = await all(`/api/${path}&fact_kind=order&rule_id=${lots[0]!.rule_id}&_sort=id&_order=asc`);
    expect(rows.map((row) => row.fact_id).sort(), path).toEqual(ids);
  }
  const whole = (rows: { [field: string]: unknown }[], field: string) =>
    rows.reduce((sum, row) => sum + Number(row[field]), 0);
  const accounts = await all('/api/points_accounts?_sort=id&_order=asc');
  const welcome = 100 * CUSTOMERS;
  expect(whole(accounts, 'available')).toBe(whole(stored, 'amount') + welcome);
}, 300_000);
