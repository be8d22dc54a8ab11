/** Those who send or take drop by drop, and those who only sit there: over real sockets. */

import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Hono } from 'hono';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readObject } from '../../api/body.ts';
import type { Env } from '../../api/context.ts';
import { toProblem } from '../../api/errors.ts';
import { listen } from '../../api/server.ts';
import { type TestApp, testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

let t: TestDatabase;
let a: TestApp;
let server: Server;
let port: number;
const sockets = new Set<Socket>();

/** Nobody is cut off while others are asked whether they are answered. */
const PATIENT = { headersTimeout: 3_600_000, requestTimeout: 3_600_000 };
const STRICT = { headersTimeout: 200, requestTimeout: 400 };

beforeAll(async () => {
  t = await testDatabase();
  a = await testApp({ ...t, config: { ...t.config, host: '127.0.0.1', port: 0 } });
  server = await listen(a.deps, { ...PATIENT, connectionsCheckingInterval: 100 });
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  server?.closeAllConnections();
  await new Promise((done) => server?.close(done));
  await t?.close();
});

interface Connection {
  socket: Socket;
  /** What came back. */
  said(): string;
  /** When it ended, whoever ended it. */
  closed: Promise<void>;
}

async function open(): Promise<Connection> {
  const socket = connect(port, '127.0.0.1');
  sockets.add(socket);
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((done) => socket.once('close', () => done()));
  await new Promise<void>((done) => socket.once('connect', () => done()));
  return { socket, said: () => text, closed };
}

/** Somebody who behaves is answered. */
async function answersOthers(): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/tiers?_end=1`, { headers: { cookie: a.cookie('viewer') } });
  expect(answer.status).toBe(200);
}

/** Others are answered while every one of these is still open; then their time is over, and they are let go. */
async function keepNobodyWaiting(slow: readonly Connection[]): Promise<void> {
  await answersOthers();
  expect(slow.filter(({ socket, said }) => socket.closed || said() !== '').length).toBe(0);
  Object.assign(server, STRICT);
  await Promise.all(slow.map(({ closed }) => closed));
  Object.assign(server, PATIENT);
}

describe('a client that sends drop by drop', () => {
  test('headers that never end are cut off with a 408, a hundred of them beside others', async () => {
    const many = await Promise.all(Array.from({ length: 100 }, () => open()));
    const timers = many.map(({ socket }, at) => {
      socket.write('GET /api/tiers HTTP/1.1\r\nhost: x\r\n');
      return setInterval(() => socket.writable && socket.write(`x-${at}: a\r\n`), 100);
    });
    await keepNobodyWaiting(many);
    for (const timer of timers) clearInterval(timer);
    expect(many.filter(({ said }) => said().startsWith('HTTP/1.1 408')).length).toBe(100);
  });

  test('a body that never ends is cut off, and nothing of it is kept', async () => {
    const before = await rows();
    for (const path of [
      '/api/products',
      '/api/auth/sign-in',
      '/api/customers/_import?file_name=x.csv',
      '/api/v1/orders',
    ]) {
      const slow = await open();
      const { socket, said } = slow;
      const type = path.includes('_import') ? 'application/octet-stream' : 'application/json';
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncookie: ${a.cookie('operator')}\r\ncontent-type: ${type}\r\ncontent-length: 5000\r\n\r\n{"name":"`,
      );
      const timer = setInterval(() => socket.writable && socket.write('x'), 100);
      await keepNobodyWaiting([slow]);
      clearInterval(timer);
      expect(said()).toMatch(/^HTTP\/1\.1 408/);
    }
    await expect.poll(rows).toEqual(before);
  });

  test('a body that goes away half way leaves nothing', async () => {
    const before = await rows();
    for (const path of ['/api/products', '/api/customers/_import?file_name=x.csv']) {
      const { socket, closed } = await open();
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncookie: ${a.cookie('operator')}\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{"name":"x"`,
      );
      await new Promise((done) => setTimeout(done, 50));
      socket.destroy();
      await closed;
    }
    await answersOthers();
    await expect.poll(rows).toEqual(before);
  });

  test('half a minute is all that a body gets', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const app = new Hono<Env>();
      app.onError((error, c) => c.json({ key: toProblem(error).key }, toProblem(error).status as 400));
      app.post('/', async (c) => c.json(await readObject(c)));
      const never = new ReadableStream<Uint8Array>({
        start: (body) => body.enqueue(new TextEncoder().encode('{"a":')),
      });
      const init = { method: 'POST', body: never, duplex: 'half', headers: { 'content-type': 'application/json' } };
      const answer = app.request('/', init as RequestInit);
      await vi.advanceTimersByTimeAsync(29_000);
      expect(await Promise.race([answer, Promise.resolve('waits')])).toBe('waits');
      await vi.advanceTimersByTimeAsync(2_000);
      expect((await answer).status).toBe(408);
    } finally {
      vi.useRealTimers();
    }
  });

  async function rows() {
    const count = async (table: 'app.products' | 'app.imports' | 'app.orders') =>
      (
        await t.db
          .selectFrom(table)
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n;
    return [await count('app.products'), await count('app.imports'), await count('app.orders')];
  }
});

test('three hundred who say nothing at all keep nobody waiting, and are let go', async () => {
  const idle = await Promise.all(Array.from({ length: 300 }, () => open()));
  await keepNobodyWaiting(idle);
});

test('what no browser sends is refused without a word of ours', async () => {
  for (const line of [
    'GET / HTTP/1.1\r\n\r\n',
    'GET /api/tiers HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n',
    'POST /api/tiers HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n',
    `GET /api/tiers HTTP/1.1\r\nhost: x\r\ncookie: ${'a'.repeat(40_000)}\r\n\r\n`,
    `GET /api/tiers?${'a'.repeat(40_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
    'GET\0/ HTTP/1.1\r\nhost: x\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  ]) {
    const { socket, said, closed } = await open();
    socket.write(line);
    await closed;
    expect(said(), line.slice(0, 60)).toMatch(/^HTTP\/1\.1 4\d\d|^$/);
    expect(said()).not.toMatch(/at .*\.ts|node_modules/);
  }
  await answersOthers();
});

describe('a listener to live events', () => {
  test('who takes nothing is cut off instead of being waited for', async () => {
    const answer = await a.as('viewer')('GET', '/api/_events');
    const listens = sql<{
      n: number;
    }>`select count(*)::int as n from pg_stat_activity where datname = current_database() and query ilike 'listen %'`;
    await expect.poll(async () => (await listens.execute(t.owner)).rows[0]!.n).toBe(1);
    for (let at = 0; at < 400; at++) {
      const event = JSON.stringify({ type: 'resource', name: 'tiers', ids: [at + 1] });
      await sql`select pg_notify('evergreen_events', ${event})`.execute(t.db);
    }
    const heard = await answer.text().catch(() => '');
    expect(heard.match(/"ids"/g)?.length ?? 0).toBeLessThan(50);
  });

  test('nobody opens more than fifty, others still may, and what is closed counts no more', async () => {
    const ask = a.as('analyst');
    const opened = await Promise.all(Array.from({ length: 50 }, () => ask('GET', '/api/_events')));
    const more = await ask('GET', '/api/_events');
    expect(more.status).toBe(429);
    expect(((await more.json()) as { key: string }).key).toBe('too_many_streams');
    const other = await a.as('manager')('GET', '/api/_events');
    expect(other.status).toBe(200);
    await Promise.all([...opened, other].map((each) => each.body!.cancel()));
    const again = async () => {
      const answer = await ask('GET', '/api/_events');
      await answer.body?.cancel();
      return answer.status;
    };
    await expect.poll(again).toBe(200);
  });
});
