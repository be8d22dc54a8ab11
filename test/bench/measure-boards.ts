/**
 * A board of charts in headless Chromium on all cores, warm: from the click or the reload to the last chart that has come to rest.
 * The window is as high as the board, so that all of them are asked for at once.
 */
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { runJob } from '../../api/jobs.ts';
import { buildAdmin } from '../../api/start/admin-build.ts';
import { findChromium } from '../../api/start/chromium.ts';
import { percentile } from './load.ts';
import { pinLoad, unpin } from './machine.ts';
import { inFreshBrowser } from './measure-browser.ts';
import { withDeps } from './measure-database.ts';
import type { Setting } from './setting.ts';

const ROUNDS = 5;
/** Everything on it follows from customers and their orders, which is what the bench has. */
const BOARD = 'customers';
const LEAST_CHARTS = 12;
const HEIGHT = 4_000;
/** What its charts are made of, in this order. */
const JOBS = ['cohorts', 'customer_values', 'customer_clusters'];

export interface BoardFigure {
  charts: number;
  /** Milliseconds, medians, from a click within the console: of a page that has drawn it once, and one that has three times. */
  opened: number;
  opened_again: number;
  /** Of the whole page again. */
  reloaded: number;
}

export async function measureBoard(setting: Setting): Promise<BoardFigure> {
  await computed(setting);
  unpin();
  await buildAdmin(() => {});
  const times = { opened: [] as number[], opened_again: [] as number[], reloaded: [] as number[] };
  let charts = 0;
  try {
    await inFreshBrowser(await findChromium(), setting.cookie, async (page) => {
      await page.setViewportSize({ width: 1440, height: HEIGHT });
      // The first two of each find scripts, caches and plans that are not there yet.
      for (let round = -2; round < ROUNDS; round++) {
        const reloaded = await reload(page, `http://127.0.0.1:${setting.port}/reports/${BOARD}`);
        const opened = await openAgain(page);
        await openAgain(page);
        const opened_again = await openAgain(page);
        if (round < 0) continue;
        times.reloaded.push(reloaded);
        times.opened.push(opened);
        times.opened_again.push(opened_again);
      }
      charts = await page.locator('.board-panel .report-chart canvas').count();
    });
  } finally {
    pinLoad();
  }
  if (charts < LEAST_CHARTS) throw new Error(`the board ${BOARD} drew ${charts} charts, not ${LEAST_CHARTS}`);
  const median = (each: number[]) => percentile(each, 0.5);
  return {
    charts,
    opened: median(times.opened),
    opened_again: median(times.opened_again),
    reloaded: median(times.reloaded),
  };
}

/** The jobs of the night run where they never did. */
async function computed(setting: Setting): Promise<void> {
  await withDeps(setting, async (deps) => {
    const { day } = await deps.db
      .selectFrom('app.segment_snapshots')
      .select(sql<string>`coalesce(max(as_of_on), current_date)`.as('day'))
      .executeTakeFirstOrThrow();
    for (const name of JOBS) {
      const ran = await deps.db
        .selectFrom('app.job_runs')
        .select('id')
        .where('job', '=', name)
        .where('state', '=', 'done')
        .limit(1)
        .executeTakeFirst();
      if (ran) continue;
      const { state, error } = await runJob(deps, name, day);
      if (state !== 'done') throw new Error(`${name}: ${error}`);
    }
  });
}

/** Milliseconds from the start of the navigation to the frame that shows the last chart at rest. */
async function reload(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' });
  return page.evaluate(`(${atRest})()`) as Promise<number>;
}

/** To the catalogue and back, as links within the console do. */
async function openAgain(page: Page): Promise<number> {
  await page.click('.report-path a');
  await page.waitForSelector(`a[href$="/reports/${BOARD}"]`);
  await page.waitForLoadState('networkidle');
  return page.evaluate(`(() => {
    const started = performance.now();
    document.querySelector('a[href$="/reports/${BOARD}"]').click();
    return (${atRest})().then((at) => at - started);
  })()`) as Promise<number>;
}

/** Runs in the page. @returns since its navigation began */
async function atRest(): Promise<number> {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const busy = () => {
    const panels = [...document.querySelectorAll('.board-panel')];
    const awaited = '.ant-skeleton, [aria-busy="true"], .report-chart:not(:has(canvas))';
    return panels.length === 0 || panels.some((panel) => panel.querySelector(awaited));
  };
  while (busy()) await frame();
  await frame();
  return performance.now();
}
