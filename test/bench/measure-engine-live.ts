/** The engine beside the API: single orders by 32 clients and what becomes of them, and what noting facts adds to an import. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { startEngine } from '../../api/engine/loop.ts';
import { BOOKS } from './books.ts';
import { load, percentile, type Request } from './load.ts';
import { withDeps } from './measure-database.ts';
import type { EngineFigure } from './measure-engine.ts';
import { measureImport } from './measure-import.ts';
import type { Setting } from './setting.ts';

const CLIENTS = 32;
const SECONDS = 8;
const PER_SECOND = 1_000;
/** 8.6 million orders a day. */
const NORMAL_PER_SECOND = 100;
const VISIBLE_S = 2;
const LOOK_MS = 50;
const LINES_PER_SECOND = 20_000;

export async function measureLive(
  setting: Setting,
  { customers, lines }: { customers: number; lines: number },
): Promise<EngineFigure[]> {
  try {
    return [...(await measureOrders(setting, customers)), await measureNoting(setting, { customers, lines })];
  } finally {
    for (const table of BOOKS) await sql`truncate ${sql.id('app', table)}`.execute(setting.owner);
  }
}

/** Orders as fast as the API takes them, with an engine at work; then as many a second as a large shop has. */
async function measureOrders(setting: Setting, customers: number): Promise<EngineFigure[]> {
  const order = orders(setting, customers);
  const pressed = await withEngine(setting, () =>
    load({ port: setting.port, connections: CLIENTS, seconds: SECONDS, next: order }),
  );
  const { answered: posted } = pressed;
  const wrong = Object.entries(posted.statuses).filter(([status]) => status !== '201' && status !== '200');
  if (wrong.length > 0) throw new Error(`orders were answered with ${JSON.stringify(posted.statuses)}`);
  const per_second = posted.requests / pressed.seconds;

  const steady = await withEngine(setting, () => evenly(setting, order));
  const worst = Math.max(...steady.ages);
  return [
    {
      name: `single orders by ${CLIENTS} clients, all effects`,
      figure: `${Math.round(per_second)}/s (answered ${Math.round(posted.requests / pressed.answered_s)}/s, p99 ${percentile(posted.latencies, 0.99).toFixed(0)} ms; effects within ${Math.max(...pressed.ages).toFixed(1)} s)`,
      aim: `>= ${PER_SECOND}/s`,
      met: per_second >= PER_SECOND,
    },
    {
      name: `from an accepted order to its effects, at ${NORMAL_PER_SECOND} orders a second`,
      figure: `at most ${worst.toFixed(1)} s, half within ${percentile(steady.ages, 0.5).toFixed(1)} s`,
      aim: `< ${VISIBLE_S} s`,
      met: worst < VISIBLE_S,
    },
  ];
}

/** Each time another order of another customer. */
function orders({ cookie }: Setting, customers: number): () => Request {
  const run = Date.now().toString(36);
  let sent = 0;
  return () => ({
    method: 'POST',
    path: '/api/v1/orders',
    headers: { cookie },
    body: JSON.stringify({
      external_id: `bench-${run}-${++sent}`,
      customer_external_id: `C${String(1 + ((sent * 7919) % customers)).padStart(7, '0')}`,
      placed_at: new Date().toISOString(),
      lines: [{ sku: `B${sent % 300}`, quantity: 1 + (sent % 3), unit_price: '39.90' }],
    }),
  });
}

/** So many a second, whether the ones before are answered or not. */
async function evenly({ port }: Setting, next: () => Request): Promise<void> {
  const posts: Promise<void>[] = [];
  const from = performance.now();
  for (let at = 0; at < SECONDS * NORMAL_PER_SECOND; at++) {
    await sleep(Math.max(0, from + (at * 1000) / NORMAL_PER_SECOND - performance.now()));
    const { path, headers, ...rest } = next();
    posts.push(
      fetch(`http://127.0.0.1:${port}${path}`, { ...rest, headers }).then(async (answer) => {
        if (!answer.ok) throw new Error(`an order was answered with ${answer.status}: ${await answer.text()}`);
        await answer.arrayBuffer();
      }),
    );
  }
  await Promise.all(posts);
}

/** Work beside an engine, until nothing waits any more. @returns what the work gave, and how old the oldest fact was at each look */
async function withEngine<T>(
  setting: Setting,
  work: () => Promise<T>,
): Promise<{ answered: T; answered_s: number; seconds: number; ages: number[] }> {
  const { owner } = setting;
  return withDeps(setting, async (deps) => {
    const engine = startEngine(deps);
    const ages: number[] = [];
    let waiting = 0;
    let loading = true;
    const looking = (async () => {
      while (loading || waiting > 0) {
        const { rows } = await sql<{ waiting: number; age: number }>`
          select count(*)::integer as waiting, coalesce(extract(epoch from clock_timestamp() - min(arrived_at)), 0)::float8 as age
          from app.inbox
        `.execute(owner);
        waiting = rows[0]!.waiting;
        ages.push(rows[0]!.age);
        await sleep(LOOK_MS);
      }
    })();
    const started = performance.now();
    try {
      const answered = await work();
      const answered_s = (performance.now() - started) / 1000;
      loading = false;
      await looking;
      return { answered, answered_s, seconds: (performance.now() - started) / 1000, ages };
    } finally {
      loading = false;
      waiting = 0;
      await looking;
      await engine.stop();
    }
  });
}

/** The same kind of file twice, with the triggers that note facts for the engine and without. */
async function measureNoting(
  setting: Setting,
  { customers, lines }: { customers: number; lines: number },
): Promise<EngineFigure> {
  const figures: { [how: string]: Awaited<ReturnType<typeof measureImport>> } = {};
  // What comes second finds warm pages: once each for nothing.
  for (const how of ['warm', 'without', 'with']) {
    const does = sql.raw(how === 'without' ? 'disable' : 'enable');
    for (const [table, trigger] of [
      ['orders', 'note_orders'],
      ['customers', 'note_customers'],
    ] as const)
      await sql`alter table ${sql.id('app', table)} ${does} trigger ${sql.id(trigger)}`.execute(setting.owner);
    figures[how] = await measureImport(setting, { lines, customers });
  }
  const [with_, without] = [figures.with!, figures.without!];
  return {
    name: `import of ${lines.toLocaleString('en')} order lines, noting them for the engine`,
    figure: `${Math.round(with_.lines_per_second)} lines/s, ${Math.round(without.lines_per_second)} without (${(with_.lines_per_second / without.lines_per_second).toFixed(2)} x)`,
    aim: `>= ${LINES_PER_SECOND} lines/s`,
    met: with_.lines_per_second >= LINES_PER_SECOND,
  };
}
