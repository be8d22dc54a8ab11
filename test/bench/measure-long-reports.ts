/** What is asked about two years of the whole history, over HTTP and warm: every report with a period, and the course of every metric. */
import type { ReportDefinition } from '../../api/contract-reports.ts';
import { percentile } from './load.ts';
import { timed } from './measure-database.ts';
import type { Setting } from './setting.ts';

const PERIOD = 'last_24m';
const RUNS = 5;
const WARMING = 2;
/** What takes this long is not asked so often. */
const LONG_MS = 3_000;
export const LONG_REPORT_MS = 300;

export interface LongFigure {
  name: string;
  /** Median; null where the answer was a refusal. */
  ms: number | null;
  /** As the server says it: the time was up. */
  refused?: string;
}
export interface LongFigures {
  reports: LongFigure[];
  /** Reports that read what rollups cannot add up: they say the longest period and take no other. */
  bounded: { name: string; max: string }[];
  /** Twenty-five months of each, and what it is compared with. */
  metrics: LongFigure[];
}

export async function measureLongReports(setting: Setting): Promise<LongFigures> {
  const { reports } = (await (await asked(setting, '/api/_reports')).json()) as { reports: ReportDefinition[] };
  const { metrics } = (await (await asked(setting, '/api/_metrics')).json()) as {
    metrics: { code: string; course: boolean }[];
  };
  const figures: LongFigures = { reports: [], bounded: [], metrics: [] };
  for (const { slug, params } of reports) {
    const [period, param] = Object.entries(params).find(([, { type }]) => type === 'daterange') ?? [];
    if (!period) continue;
    const found = await figure(setting, slug, `/api/_reports/run/${slug}?${period}=${PERIOD}`);
    if (found.refused?.startsWith('400')) figures.bounded.push({ name: slug, max: String(param?.max) });
    else figures.reports.push(found);
  }
  for (const { code, course } of metrics) {
    if (course) figures.metrics.push(await figure(setting, code, `/api/_metrics/${code}?grain=month`));
  }
  return figures;
}

async function figure(setting: Setting, name: string, path: string): Promise<LongFigure> {
  const times: number[] = [];
  for (let run = -WARMING; run < RUNS; run++) {
    let refused: string | undefined;
    const ms = await timed(async () => {
      const answer = await asked(setting, path);
      const text = await answer.text();
      if (!answer.ok) refused = `${answer.status} ${(JSON.parse(text) as { message: string }).message}`;
    });
    if (refused) return { name, ms: null, refused };
    if (run >= 0 || ms > LONG_MS) times.push(ms);
    if (ms > LONG_MS && times.length > 1) break;
  }
  return { name, ms: percentile(times, 0.5) };
}

function asked({ port, cookie }: Setting, path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { headers: { cookie, 'accept-language': 'en' } });
}
