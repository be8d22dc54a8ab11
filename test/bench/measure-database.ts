/** What the database does by itself: each report beside its own statement. */
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
import { openAsker, percentile } from './load.ts';
import type { Setting } from './setting.ts';

const RUNS = 15;
/** Runs that are not counted: they fill caches, and a server that has just started is not yet compiled. Long reports need one. */
const WARMING = 20;
const LONG_MS = 50;
/** Of those that take more than a second. */
const FEW_RUNS = 3;
const SLOW_MS = 1000;
const GOAL = 1.15;

export interface ReportFigure {
  slug: string;
  sql_ms: number;
  report_ms: number;
  ratio: number;
  met: boolean;
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

/**
 * Each report over HTTP, from the request to its answer's last byte, and its statement over a connection of the report login,
 * in turns. The statement is sent as it stands in the file, as any client would, and every row of it is fetched.
 */
export function measureReports(setting: Setting, { only }: { only: string }): Promise<ReportFigure[]> {
  return withDeps(setting, async (deps) => {
    const store = reportStore(deps);
    const { today, time_zone } = await readMoment(deps.db, null);
    const figures: ReportFigure[] = [];
    const client = await deps.report.connect();
    const asker = openAsker(setting.port);
    try {
      await client.query(`set time zone ${client.escapeLiteral(time_zone)}`);
      for (const { slug } of await store.list()) {
        if (!slug.includes(only)) continue;
        const live = (await store.get(slug))?.live;
        if (!live) continue;
        const { bound } = resolveParams(live.definition.params, {}, { today, lang: 'en' });
        const values = bindValues(live.sql, bound);
        const times = { sql: [] as number[], report: [] as number[] };
        const request = { method: 'GET', path: `/api/_reports/run/${slug}`, headers: { cookie: setting.cookie } };
        for (let run = 0, warm = 0, runs = RUNS; run < runs; ) {
          const plain = await timed(() => client.query({ text: live.sql.statement, values }));
          const report = await timed(() => asker.ask(request));
          warm += plain > LONG_MS ? WARMING : 1;
          if (plain > SLOW_MS) runs = FEW_RUNS;
          if (warm <= WARMING) continue;
          times.sql.push(plain);
          times.report.push(report);
          run += 1;
        }
        const [sql_ms, report_ms] = [percentile(times.sql, 0.5), percentile(times.report, 0.5)];
        const ratio = report_ms / sql_ms;
        figures.push({ slug, sql_ms, report_ms, ratio, met: ratio <= GOAL });
      }
    } finally {
      asker.close();
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
