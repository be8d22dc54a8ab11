/**
 * Real clicks of real people (iweb, MIT), sent again as the tracker would send them: over HTTP, in batches of visits, some
 * delivered twice and out of their order. The file lies beside the repository.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../../api/server.ts';
import { testApp } from '../app.ts';
import { type TestDatabase, testDatabase } from '../database.ts';
import { BROWSER, measuredPage } from './collecting.ts';
import { DATA } from './import-client.ts';

const FILE = join(DATA, 'iweb_click_events.csv');
const THERE = existsSync(FILE);
if (!THERE) console.warn(`Real clicks are not sent again: ${FILE} is absent.`);

/** Of the screens on which they were made. */
const [WIDTH, HEIGHT] = [1200, 900];
/** As the tracker gathers them. */
const IN_A_BATCH = 50;

interface Click {
  session: number;
  screen: string;
  at: number;
  x: number;
  y: number;
}

const clicks: Click[] = !THERE
  ? []
  : readFileSync(FILE, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','))
      .filter((cells) => cells[6] === 'down')
      .map((cells) => ({
        ...{ session: Number(cells[0]), screen: `iweb_${cells[2]}` },
        ...{ at: Number(cells[7]), x: Number(cells[8]), y: Number(cells[9]) },
      }));

describe.skipIf(!THERE)('5,029 real clicks', () => {
  let t: TestDatabase;
  let api: Server;
  const answers = { accepted: 0, bot: 0, invalid: 0, batches: 0 };
  beforeAll(async () => {
    t = await testDatabase();
    for (const screen of new Set(clicks.map((click) => click.screen))) await measuredPage(t, screen);
    const limits = { ...t.config.limits, visit: null, collect: null };
    const a = await testApp({ ...t, config: { ...t.config, host: '127.0.0.1', port: 0, limits } });
    api = await listen(a.deps);
    const address = `http://127.0.0.1:${(api.address() as AddressInfo).port}/api/collect`;
    const batches = [...Map.groupBy(clicks, (click) => click.session).values()].flatMap(batchesOf);
    // The last first, and each seventh again.
    const deliveries = [...batches.toReversed(), ...batches.filter((_, at) => at % 7 === 0)];
    for (let at = 0; at < deliveries.length; at += 20) {
      const said = await Promise.all(deliveries.slice(at, at + 20).map((batch) => send(address, batch)));
      for (const { accepted, bot, invalid } of said.slice(0, Math.max(0, batches.length - at))) {
        answers.accepted += accepted;
        answers.bot += bot;
        answers.invalid += invalid;
        answers.batches++;
      }
    }
    await sql`select ops.refresh_click_days()`.execute(t.db);
  }, 180_000);
  afterAll(async () => {
    api?.closeAllConnections();
    await new Promise((done) => (api ? api.close(done) : done(null)));
    await t?.close();
  });

  /** A visit's clicks as they were apart, as if the last had been now. */
  function batchesOf(visit: Click[]) {
    const now = Date.now();
    const last = visit.at(-1)!.at;
    const parts = Array.from({ length: Math.ceil(visit.length / IN_A_BATCH) }, (_, batch) =>
      visit.slice(batch * IN_A_BATCH, (batch + 1) * IN_A_BATCH),
    );
    return parts.map((part, batch) => ({
      ...{ page: visit[0]!.screen, version: 1, batch, width: WIDTH, sent: now },
      visit: visit[0]!.session.toString(16).padStart(13, '0'),
      events: part.map(({ at, x, y }) => ({
        ...{ kind: 'click', at: now - (last - at), element: 'screen' },
        ...{ x: Math.floor((x / WIDTH) * 10_000), y: Math.floor((y / HEIGHT) * 10_000) },
      })),
    }));
  }

  async function send(address: string, batch: object): Promise<{ accepted: number; bot: number; invalid: number }> {
    const headers = { 'content-type': 'text/plain;charset=UTF-8', 'user-agent': BROWSER };
    const answer = await fetch(address, { method: 'POST', body: JSON.stringify(batch), headers });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { accepted: number; bot: number; invalid: number };
  }

  const counted = <T>(of: readonly T[], by: (one: T) => string | number) =>
    Object.fromEntries([...Map.groupBy(of, by)].map(([key, those]) => [key, those.length]));

  test('are all taken, as clicks of people', () => {
    expect(clicks).toHaveLength(5029);
    expect(new Set(clicks.map(({ session }) => session)).size).toBe(479);
    expect(answers).toMatchObject({ accepted: 5029, bot: 0, invalid: 0 });
    expect(answers.batches).toBe(479);
  });

  test('are stored once: as many per session and per screen as the file has', async () => {
    const { rows } = await sql<{ session: number; screen: string }>`
      select page_event.visit_id::integer as session, pages.code as screen
      from app.page_event
      inner join app.page_versions on page_versions.id = page_event.page_version_id
      inner join app.pages on pages.id = page_versions.page_id`.execute(t.owner);
    expect(rows).toHaveLength(5029);
    expect(counted(rows, (row) => row.session)).toEqual(counted(clicks, (click) => click.session));
    expect(counted(rows, (row) => row.screen)).toEqual(counted(clicks, (click) => click.screen));
    expect(counted(rows, (row) => row.screen)).toEqual({ iweb_map: 2463, iweb_sat: 2566 });
  });

  test('are where they were made, within a pixel, and as far apart in time', async () => {
    const { rows } = await sql<{ session: number; x: number; y: number; at: number }>`
      select page_event.visit_id::integer as session, page_event.x, page_event.y,
        round(1000 * extract(epoch from page_event.occurred_at
          - max(page_event.occurred_at) over (partition by page_event.visit_id)))::integer as at
      from app.page_event`.execute(t.owner);
    const stored = Map.groupBy(rows, (row) => row.session);
    for (const [session, made] of Map.groupBy(clicks, (click) => click.session)) {
      const last = Math.max(...made.map(({ at }) => at));
      const spot = (at: number, x: number, y: number) => `${at} ${Math.round(x)} ${Math.round(y)}`;
      const seen = stored
        .get(session)!
        .map(({ at, x, y }) => spot(at, ((x + 0.5) / 10_000) * WIDTH, ((y + 0.5) / 10_000) * HEIGHT));
      expect(seen.sort()).toEqual(made.map(({ at, x, y }) => spot(at - last, x, y)).sort());
    }
  });

  test('are in the rollups of their screens, and in no cell that fewer than three visits clicked', async () => {
    const { rows } = await t.report.query(
      'select page_code, sum(click_count)::integer as clicks, count(distinct element)::integer as elements from report.element_days group by 1 order by 1',
    );
    expect(rows).toEqual([
      { page_code: 'iweb_map', clicks: 2463, elements: 1 },
      { page_code: 'iweb_sat', clicks: 2566, elements: 1 },
    ]);
    const tomorrow = sql`select ops.refresh_click_history(current_date + 9)`;
    await tomorrow.execute(t.db);
    const { rows: cells } = await sql<{ shown: number; all_clicks: number; hidden_but_shown: number }>`
      select
        (select sum(click_count)::integer from report.click_cell_weeks where grid = 20) as shown,
        (select sum(click_count)::integer from app.cell_week where grid = 20) as all_clicks,
        (select count(*)::integer from report.click_cell_weeks where visit_count < 3) as hidden_but_shown`.execute(
      t.db,
    );
    expect(cells[0]!.all_clicks).toBe(5029);
    expect(cells[0]!.hidden_but_shown).toBe(0);
    expect(cells[0]!.shown).toBeGreaterThan(4000);
  });
});
