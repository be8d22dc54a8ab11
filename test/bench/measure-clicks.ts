/**
 * Clicks: what the collector takes on its core beside pgbench inserting the same rows in the same batches; the heatmap and its
 * table over a month of five million events; what the days cost to be rolled up; published pages served; how much the tracker weighs.
 */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import type { DB } from '../../api/schema.ts';
import { load, openAsker, percentile } from './load.ts';
import { cpuOf } from './machine.ts';
import { timed } from './measure-database.ts';
import type { EngineFigure } from './measure-engine.ts';
import type { Setting } from './setting.ts';

const CLIENTS = 32;
const SECONDS = 5;
const ROUNDS = 3;
/** In a batch, and how many of them are not views. */
const BATCH = { events: 20, clicks: 19 };
const DAYS = 30;
const EVENTS_OF_VISIT = 10;
const RUNS = 9;
const BROWSER = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
const ELEMENTS = ['hero', 'hero.action', 'points', 'points.action', 'task.progress', 'coupon', 'coupon.claim', 'goods'];
const STORE = readFileSync(join(import.meta.dirname, 'click-store.sql'), 'utf8');

interface Page {
  code: string;
  version: number;
  elements: number[];
}

/** @param options.events of one page, in store while its heatmap is asked for */
export async function measureClicks(
  setting: Setting,
  { events, customers }: { events: number; customers: number },
): Promise<EngineFigure[]> {
  const { owner } = setting;
  await sql`select ops.make_click_partitions(current_date - ${DAYS + 31}::integer)`.execute(owner);
  await sql`select ops.make_click_partitions(current_date)`.execute(owner);
  const collected = await pageOf(owner, 'bench_collected');
  await empty(owner, collected);
  const figures = [...(await measureCollector(setting, collected)), await measurePages(setting)];
  await empty(owner, collected);
  // The name holds its size: a store of another size is another page.
  const few = await storeOf(owner, { events: events / 10, customers });
  const before = await dayCost(owner, few);
  const many = await storeOf(owner, { events, customers });
  const after = { few: await dayCost(owner, few), many: await dayCost(owner, many) };
  figures.push(
    line(
      `a day rolled up, ${count(events / DAYS)} events, beside a day of a tenth of them`,
      `${(after.many / after.few).toFixed(1)} x (${ms(after.many)} / ${ms(after.few)})`,
      'about 10 x',
      after.many <= 12 * after.few,
    ),
    line(
      `a day of ${count(events / DAYS / 10)} events rolled up, with ten times as many of another page in store`,
      `${(after.few / before).toFixed(2)} x (${ms(after.few)} / ${ms(before)})`,
      '<= 1.2 x',
      after.few <= 1.2 * before,
    ),
    ...(await measureHeatmap(setting, many, events)),
    await weighTracker(setting),
  );
  return figures;
}

/** The page with its one version, made where it is not there yet; a published version is never taken away again. */
async function pageOf(owner: Kysely<DB>, code: string): Promise<Page> {
  await sql`
    with page as (
      insert into app.pages (code, name, name_en, status, sample_rate) values (${code}, 'b', 'b', 'active', 1)
      on conflict (code) do nothing returning id
    )
    insert into app.page_versions (page_id, number, state, published_at, elements)
    select id, 1, 'published', now(), ${JSON.stringify(ELEMENTS.map((id) => ({ id, label: id, label_en: id })))}::jsonb from page
  `.execute(owner);
  const { id: version } = await owner
    .selectFrom('app.page_versions')
    .innerJoin('app.pages', 'app.pages.id', 'app.page_versions.page_id')
    .select('app.page_versions.id')
    .where('app.pages.code', '=', code)
    .executeTakeFirstOrThrow();
  const { rows } = await sql<{ element_id: number }>`
    select element_id from ops.name_elements(${ELEMENTS.map(() => version)}::bigint[], ${ELEMENTS}::text[])
  `.execute(owner);
  return { code, version, elements: rows.map(({ element_id }) => element_id) };
}

async function empty(owner: Kysely<DB>, { version }: Page): Promise<void> {
  await sql`delete from app.page_view where page_version_id = ${version}`.execute(owner);
  await sql`delete from app.page_event where page_version_id = ${version}`.execute(owner);
  await sql`truncate app.click_batches, app.dirty_click_days`.execute(owner);
}

async function measureCollector(setting: Setting, page: Page): Promise<EngineFigure[]> {
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

async function collectorRate({ port }: Setting, { code }: Page): Promise<number> {
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
async function pgbenchRate({ app_url, data_dir }: Setting, { version, elements }: Page): Promise<number | null> {
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
async function measurePages({ owner, port }: Setting): Promise<EngineFigure> {
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

/** A page whose events of the last days are in store and rolled up. */
async function storeOf(owner: Kysely<DB>, { events, customers }: { events: number; customers: number }): Promise<Page> {
  const page = await pageOf(owner, `bench_store_${events}`);
  const { version } = page;
  const { rows } = await sql<{ there: boolean }>`
    select exists (
      select from app.page_day, base.programme where page_version_id = ${version} and day = programme.today_on - 1
    ) as there
  `.execute(owner);
  if (rows[0]!.there) return page;
  console.log(`${count(events)} events of a page …`);
  for (const table of ['page_view', 'page_event', 'page_day', 'elem_day', 'scroll_day', 'cell_week', 'elem_path_day'])
    await sql`delete from ${sql.id('app', table)} where page_version_id = ${version}`.execute(owner);
  const visits = events / EVENTS_OF_VISIT;
  await sql
    .raw(STORE.replaceAll(/\$(\d)/g, (_, at) => String([version, visits, DAYS, visits, customers][at - 1])))
    .execute(owner);
  await sql`
    insert into app.dirty_click_days (page_version_id, day)
    select ${version}, programme.today_on - numbers.number from base.programme cross join generate_series(1, ${DAYS}::integer) as numbers (number)
  `.execute(owner);
  await sql`select ops.refresh_click_days()`.execute(owner);
  await sql`select ops.refresh_click_history(programme.today_on) from base.programme`.execute(owner);
  await sql`vacuum (analyze) app.page_view, app.page_event, app.page_day, app.elem_day, app.scroll_day, app.cell_week`.execute(
    owner,
  );
  return page;
}

/** Milliseconds of making one day's rollups where there are none yet. */
async function dayCost(owner: Kysely<DB>, { version }: Page): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    for (const table of ['page_day', 'elem_day', 'scroll_day'])
      await sql`delete from ${sql.id('app', table)} using base.programme where page_version_id = ${version} and day = programme.today_on - 7`.execute(
        owner,
      );
    await sql`insert into app.dirty_click_days (page_version_id, day) select ${version}, today_on - 7 from base.programme`.execute(
      owner,
    );
    times.push(await timed(() => sql`select ops.refresh_click_days()`.execute(owner)));
  }
  await sql`truncate app.dirty_click_paths, app.dirty_click_weeks`.execute(owner);
  return percentile(times, 0.5);
}

async function measureHeatmap(
  { owner, port, cookie }: Setting,
  { code }: Page,
  events: number,
): Promise<EngineFigure[]> {
  const { rows } = await sql<{ from_on: string; to_on: string; segment: string | null }>`
    select
      programme.today_on - ${DAYS}::integer as from_on,
      programme.today_on - 1 as to_on,
      (
        select segment_rule_sets.code || '.' || segment_memberships.segment_code
        from app.segment_memberships
        inner join app.segment_rule_sets on segment_rule_sets.id = segment_memberships.rule_set_id
        where segment_memberships.left_on is null
        group by 1 order by count(*) desc limit 1
      ) as segment
    from base.programme
  `.execute(owner);
  const { from_on, to_on, segment } = rows[0]!;
  const asked = `page=${code}&version=1&device=phone&period=${from_on}..${to_on}`;
  const asker = await openAsker(port);
  const time = async (path: string, runs = RUNS) => {
    const times: number[] = [];
    for (let run = -2; run < runs; run++) {
      const took = await timed(() => asker.ask({ method: 'GET', path: `/api/_clicks/${path}`, headers: { cookie } }));
      if (run >= 0) times.push(took);
    }
    return percentile(times, 0.5);
  };
  try {
    const held = `${count(events)} events of ${DAYS} days in store`;
    const map = await time(`map?${asked}`);
    const table = await time(`csv?${asked}`);
    const figures = [
      line(`heatmap of a page, ${held}`, ms(map), '< 300 ms', map < 300),
      line(`its element table, ${held}`, ms(table), '< 100 ms', table < 100),
      line('its suggestions', ms(await time(`hints?${asked}`)), '', null),
    ];
    if (segment !== null) {
      const [alone] = await Promise.allSettled([time(`map?${asked}&segment=${segment}`, 3)]);
      const took = alone.status === 'fulfilled' ? ms(alone.value) : 'not within its 15 s';
      figures.push(line('the heatmap of a segment, from single events', took, '', null));
    }
    return figures;
  } finally {
    asker.close();
  }
}

async function weighTracker({ port }: Setting): Promise<EngineFigure> {
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

function line(name: string, figure: string, aim: string, met: boolean | null): EngineFigure {
  return { name, figure, aim, met };
}
const count = (value: number) => Math.round(value).toLocaleString('en');
const ms = (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
