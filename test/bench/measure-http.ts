/**
 * Requests per second of both servers in turns, so that what else the machine does falls on both alike; and the processor
 * time of a request, which other people's load hardly changes.
 */
import type { HttpCase } from './http-cases.ts';
import { load, type Measured, percentile, type Request } from './load.ts';
import { cpuOf } from './machine.ts';
import type { Setting } from './setting.ts';

const CONNECTIONS = 32;

interface Side {
  per_second: number;
  /** Processor time of a request in microseconds. */
  server_us: number;
  postgres_us: number;
  latencies: number[];
}
export interface HttpFigure {
  name: string;
  per_second: number;
  p50: number;
  p99: number;
  server_us: number;
  postgres_us: number;
  thin: Omit<Side, 'latencies'> | null;
  /** Median over the rounds of ours / thin. */
  ratio: number | null;
  aim: string;
  met: boolean | null;
}

/** @param seconds of each round; there are `rounds` of them for each server, and a warm-up of a second */
export async function measureHttp(
  setting: Setting,
  cases: readonly HttpCase[],
  { seconds = 1, rounds = 4 }: { seconds?: number; rounds?: number } = {},
): Promise<HttpFigure[]> {
  const figures: HttpFigure[] = [];
  for (const each of cases) {
    const side = (which: 'ours' | 'thin', next: () => Request, time: number) =>
      measureSide({ setting, which, next, seconds: time, name: each.name });
    await side('ours', each.ours, 1);
    if (each.thin) await side('thin', each.thin, 1);
    const ours: Side[] = [];
    const thin: Side[] = [];
    for (let round = 0; round < rounds; round++) {
      if (each.thin) thin.push(await side('thin', each.thin, seconds));
      ours.push(await side('ours', each.ours, seconds));
    }
    const made = figure(each, ours, thin);
    figures.push(made);
    console.log(line(made));
  }
  return figures;
}

async function measureSide({
  setting,
  which,
  next,
  seconds,
  name,
}: {
  setting: Setting;
  which: 'ours' | 'thin';
  next: () => Request;
  seconds: number;
  name: string;
}): Promise<Side> {
  const { pid, output } = which === 'ours' ? setting.server : setting.thin;
  const used = () => ({ server: cpuOf(pid), postgres: cpuOf(setting.postgres_pid, { children: true }) });
  const before = used();
  const answer: Measured = await load({
    port: which === 'ours' ? setting.port : setting.thin_port,
    connections: CONNECTIONS,
    seconds,
    next,
  });
  const after = used();
  const wrong = Object.keys(answer.statuses).some((status) => !status.startsWith('2'));
  if (wrong || answer.requests === 0)
    throw new Error(`${name} of ${which}: ${JSON.stringify(answer.statuses)}\n${output()}`);
  return {
    per_second: answer.requests / answer.seconds,
    server_us: ((after.server - before.server) * 1000) / answer.requests,
    postgres_us: ((after.postgres - before.postgres) * 1000) / answer.requests,
    latencies: answer.latencies,
  };
}

function figure({ name, aim }: HttpCase, ours: readonly Side[], thin: readonly Side[]): HttpFigure {
  const { times_thin, per_second: wanted, why } = aim;
  const goal = times_thin ? `>= ${times_thin} x thin` : wanted ? `>= ${wanted}/s` : '';
  const latencies = ours.flatMap((side) => side.latencies);
  const ratio =
    thin.length > 0 ? middle(ours.map((side, at) => side.per_second / (thin[at]?.per_second ?? Number.NaN))) : null;
  const mine = middles(ours);
  return {
    name,
    ...mine,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    thin: thin.length > 0 ? middles(thin) : null,
    ratio,
    aim: [goal, why && `(${why})`].filter(Boolean).join(' '),
    met: times_thin ? (ratio ?? 0) >= times_thin : wanted ? mine.per_second >= wanted : null,
  };
}

function middles(sides: readonly Side[]) {
  return {
    per_second: middle(sides.map((side) => side.per_second)),
    server_us: middle(sides.map((side) => side.server_us)),
    postgres_us: middle(sides.map((side) => side.postgres_us)),
  };
}

function middle(values: number[]): number {
  return percentile(values, 0.5);
}

function line({ name, ratio, per_second, p50, p99, server_us, postgres_us, thin, aim, met }: HttpFigure): string {
  const cost = (side: { server_us: number; postgres_us: number }) =>
    `${side.server_us.toFixed(0)} + ${side.postgres_us.toFixed(0)} us`;
  return [
    name.padEnd(38),
    `${per_second.toFixed(0).padStart(6)}/s`,
    `p50 ${p50.toFixed(1)} ms p99 ${p99.toFixed(1)} ms`,
    cost({ server_us, postgres_us }),
    thin && ratio !== null ? `${ratio.toFixed(2)} x thin (${thin.per_second.toFixed(0)}/s, ${cost(thin)})` : '',
    aim,
    met === null ? '' : met ? 'met' : 'NOT MET',
  ].join('  ');
}
