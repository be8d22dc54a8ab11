/** What the database does by itself: each report beside its own statement. */
import { Agent, get } from 'node:http';
import { pino } from 'pino';
import { readConfig } from '../../api/config.ts';
import type { Deps } from '../../api/context.ts';
import { openPools } from '../../api/database.ts';
import { loadResources } from '../../api/definitions.ts';
import { withDefinitions } from '../../api/live-definitions.ts';
import { readMoment } from '../../api/programme.ts';
import { bindValues } from '../../api/report/compile.ts';
import { resolveParams } from '../../api/report/params.ts';
import { reportStore } from '../../api/report/store.ts';
import { findLogins } from '../../api/storage/logins.ts';
import { percentile } from './load.ts';
import type { Setting } from './setting.ts';

const RUNS = 15;
const GOAL = 1.15;
/** Below this a round trip weighs more than the query. */
const WORTH_MS = 5;

export interface ReportFigure {
  slug: string;
  sql_ms: number;
  report_ms: number;
  ratio: number;
  /** Null where the query is so short that the ratio says nothing. */
  met: boolean | null;
}

/** Runs `work` with what the server is given, over pools of its own. */
export async function withDeps<T>({ owner_url, data_dir }: Setting, work: (deps: Deps) => Promise<T>): Promise<T> {
  const { close, ...pools } = openPools(findLogins({ owner_url }));
  const config = readConfig({ DATABASE_URL: owner_url, DATA_DIR: data_dir });
  try {
    return await work(
      await withDefinitions({ ...pools, config, log: pino({ level: 'silent' }) }, await loadResources()),
    );
  } finally {
    await close();
  }
}

/** Each report over HTTP and its statement over a connection of the report login, in turns. */
export function measureReports(setting: Setting): Promise<ReportFigure[]> {
  return withDeps(setting, async (deps) => {
    const store = reportStore(deps);
    const { today, time_zone } = await readMoment(deps.db, null);
    const figures: ReportFigure[] = [];
    const client = await deps.report.connect();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      await client.query(`set time zone ${client.escapeLiteral(time_zone)}`);
      for (const { slug } of await store.list()) {
        const live = (await store.get(slug))?.live;
        if (!live) continue;
        const { bound } = resolveParams(live.definition.params, {}, { today, lang: 'en' });
        const values = bindValues(live.sql, bound);
        const times = { sql: [] as number[], report: [] as number[] };
        for (let run = 0; run <= RUNS; run++) {
          const plain = await timed(() => client.query({ text: live.sql.statement, values }));
          const report = await timed(() => fetchReport(setting, agent, slug));
          // The first of each fills caches.
          if (run > 0) {
            times.sql.push(plain);
            times.report.push(report);
          }
        }
        const [sql_ms, report_ms] = [percentile(times.sql, 0.5), percentile(times.report, 0.5)];
        const ratio = report_ms / sql_ms;
        figures.push({ slug, sql_ms, report_ms, ratio, met: sql_ms < WORTH_MS ? null : ratio <= GOAL });
      }
    } finally {
      agent.destroy();
      client.release(true);
      store.close();
    }
    return figures;
  });
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Over one kept connection of node:http; fetch alone would cost more than a short report. */
function fetchReport({ port, cookie }: Setting, agent: Agent, slug: string): Promise<void> {
  return new Promise((done, fail) => {
    const path = `/api/_reports/run/${slug}`;
    get({ host: '127.0.0.1', port, path, headers: { cookie }, agent }, (answer) => {
      if (answer.statusCode !== 200) fail(new Error(`${slug}: ${answer.statusCode}`));
      answer.on('error', fail).on('end', done).resume();
    }).on('error', fail);
  });
}
