/** What visitors meet: the collector on its core beside pgbench inserting the same rows, published pages, the weight of the tracker. */
import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { type ClickedPage, ELEMENTS } from './click-pages.ts';
import { count, line, ms } from './figures.ts';
import { load, percentile } from './load.ts';
import { cpuOf } from './machine.ts';
import type { EngineFigure } from './measure-engine.ts';
import type { Setting } from './setting.ts';

const CLIENTS = 32;
const SECONDS = 5;
const ROUNDS = 3;
/** In a batch, and how many of them are not views. */
const BATCH = { events: 20, clicks: 19 };
const BROWSER = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

export async function measureCollector(setting: Setting, page: ClickedPage): Promise<EngineFigure[]> {
  const ours: number[] = [];
  const plain: number[] = [];
  let server_us = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = cpuOf(setting.server.pid);
    const events = await collectorRate(setting, page);
    server_us = (1000 * (cpuOf(setting.server.pid) - before)) / (events * SECONDS);
    ours.push(events);
    const inserted = await pgbenchRate(setting, page);
    if (inserted !== null) plain.push(inserted);
  }
  const rate = percentile(ours, 0.5);
  const beside = plain.length === 0 ? null : percentile(plain, 0.5);
  const figure = `${count(rate)} events/s in batches of ${BATCH.events}, ${server_us.toFixed(0)} µs of the server each`;
  const name = `the collector on one core, ${CLIENTS} clients`;
  if (beside === null) return [line(name, `${figure}; pgbench is not here`, '', null)];
  const ratio = rate / beside;
  return [
    line(
      `${name}, beside pgbench inserting the same rows`,
      `${ratio.toFixed(2)} x (${figure}; ${count(beside)}/s)`,
      '>= 0.5 x',
      ratio >= 0.5,
    ),
  ];
}

async function collectorRate({ port }: Setting, { code }: ClickedPage): Promise<number> {
  const sent = Date.now();
  const events = Array.from({ length: BATCH.clicks }, (_, at) => ({
    ...{ kind: 'click', at: sent - 100 * at, element: ELEMENTS[at % ELEMENTS.length] },
    ...{ x: (at * 523) % 10_000, y: (at * 719) % 10_000 },
  }));
  const said = { page: code, version: 1, batch: 1, sent, width: 390, events: [{ kind: 'view', at: sent }, ...events] };
  const [head, tail] = JSON.stringify({ visit: 'VISIT', ...said }).split('VISIT') as [string, string];
  let visits = 0;
  const next = () => ({
    method: 'POST',
    path: '/api/collect',
    headers: { 'user-agent': BROWSER },
    // Clocks of the machine make visits of another run other ones.
    body: `${head}${((sent % 2 ** 20) * 2 ** 24 + visits++).toString(16).padStart(13, '0')}${tail}`,
  });
  const { requests, seconds, statuses } = await load({ port, connections: CLIENTS, seconds: SECONDS, next });
  if (statuses[200] !== requests) throw new Error(`the collector answered ${JSON.stringify(statuses)}`);
  return (requests * BATCH.events) / seconds;
}

/** @returns null where pgbench is missing */
async function pgbenchRate({ app_url, data_dir }: Setting, { version, elements }: ClickedPage): Promise<number | null> {
  if (spawnSync('pgbench', ['--version']).status !== 0) return null;
  const rows = Array.from(
    { length: BATCH.clicks },
    (_, at) =>
      `(now(), :visit, ${version}, ${elements[at % elements.length]}, current_date, ${(at * 523) % 10_000}, ${(at * 719) % 10_000}, 'click', 'phone', false)`,
  );
  const script = `\\set visit random(1, 4000000000000)
begin;
insert into app.page_view (occurred_at, visit_id, page_version_id, customer_id, received_on, device_class, bot) values (now(), :visit, ${version}, null, current_date, 'phone', false);
insert into app.page_event (occurred_at, visit_id, page_version_id, element_id, received_on, x, y, kind, device_class, bot) values ${rows.join(', ')};
commit;
`;
  const file = join(data_dir, 'clicks.pgbench');
  writeFileSync(file, script);
  const args = ['-n', '-M', 'prepared', '-c', CLIENTS, '-j', 1, '-T', SECONDS, '-f', file, app_url].map(String);
  const { stdout } = await promisify(execFile)('pgbench', args);
  return BATCH.events * Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
}

/** A page of the default programme, as everybody gets it. */
export async function measurePages({ owner, port }: Setting): Promise<EngineFigure> {
  const code = 'newcomer_day';
  await sql`
    update app.page_versions set state = 'published', published_at = now()
    from app.pages where pages.id = page_versions.page_id and pages.code = ${code} and page_versions.state = 'draft'
  `.execute(owner);
  const next = () => ({ method: 'GET', path: `/p/${code}`, headers: { 'user-agent': BROWSER } });
  const answer = await fetch(`http://127.0.0.1:${port}/p/${code}`);
  const bytes = gzipSync(await answer.text(), { level: 9 }).length;
  const { requests, seconds, latencies } = await load({ port, connections: CLIENTS, seconds: SECONDS, next });
  return line(
    'views of a published page served on one core',
    `${count(requests / seconds)}/s, p99 ${ms(percentile(latencies, 0.99))}; ${(bytes / 1000).toFixed(1)} kB gzip`,
    '< 15 kB',
    bytes < 15_000,
  );
}

export async function weighTracker({ port }: Setting): Promise<EngineFigure> {
  const script = await (await fetch(`http://127.0.0.1:${port}/t.js`)).text();
  const [gzip, brotli] = [gzipSync(script, { level: 9 }).length, brotliCompressSync(script).length];
  const kb = (bytes: number) => `${(bytes / 1000).toFixed(2)} kB`;
  return line(
    'the tracker',
    `${kb(brotli)} as browsers get it (brotli), ${kb(gzip)} gzip`,
    'about 1.5 kB',
    brotli < 1600,
  );
}
