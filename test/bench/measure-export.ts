/** Every customer as a file, beside a plain COPY of the same columns over a connection of the app login, in turns. */
import pg from 'pg';
import { to } from 'pg-copy-streams';
import { cpuOf } from './machine.ts';
import type { Setting } from './setting.ts';

const ROUNDS = 3;
const GOAL = 100_000;
const FIELDS = [
  'external_id',
  'name',
  'phone',
  'birth_on',
  'province',
  'city',
  'channel',
  'enrolled_at',
  'consent_sms',
  'status',
];

export interface ExportFigure {
  format: 'csv' | 'xlsx';
  rows: number;
  bytes: number;
  rows_per_second: number;
  /** How many times as long as the plain COPY. */
  ratio: number;
  copy_s: number;
  server_cpu_s: number;
  postgres_cpu_s: number;
  aim: string;
  met: boolean | null;
}

export async function measureExport(setting: Setting): Promise<ExportFigure[]> {
  const client = new pg.Client({ connectionString: setting.app_url });
  await client.connect();
  try {
    const copies: number[] = [];
    const runs = { csv: [] as Run[], xlsx: [] as Run[] };
    for (let round = 0; round < ROUNDS; round++) {
      copies.push(await plainCopy(client));
      for (const format of ['csv', 'xlsx'] as const) runs[format].push(await exported(setting, format));
    }
    const copy_s = Math.min(...copies);
    return (['csv', 'xlsx'] as const).map((format) => {
      const best = runs[format].toSorted((a, b) => a.seconds - b.seconds)[0]!;
      const rows_per_second = best.rows / best.seconds;
      const met = format === 'csv' ? rows_per_second >= GOAL : null;
      const aim = format === 'csv' ? `>= ${GOAL} rows/s` : '';
      return { format, ...best, rows_per_second, ratio: best.seconds / copy_s, copy_s, aim, met };
    });
  } finally {
    await client.end();
  }
}

interface Run {
  seconds: number;
  rows: number;
  bytes: number;
  server_cpu_s: number;
  postgres_cpu_s: number;
}

async function exported({ port, cookie, server, postgres_pid }: Setting, format: 'csv' | 'xlsx'): Promise<Run> {
  const before = { server: cpuOf(server.pid), postgres: cpuOf(postgres_pid, { children: true }) };
  const started = performance.now();
  const path = `/api/customers/_export.${format}?_fields=${FIELDS.join()}&_sort=id`;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { cookie } });
  if (!answer.ok || !answer.body) throw new Error(await answer.text());
  let bytes = 0;
  for await (const chunk of answer.body) bytes += chunk.length;
  const seconds = (performance.now() - started) / 1000;
  return {
    seconds,
    rows: Number(answer.headers.get('x-total-count')),
    bytes,
    server_cpu_s: (cpuOf(server.pid) - before.server) / 1000,
    postgres_cpu_s: (cpuOf(postgres_pid, { children: true }) - before.postgres) / 1000,
  };
}

/** @returns seconds */
async function plainCopy(client: pg.Client): Promise<number> {
  const started = performance.now();
  const stream = client.query(
    to(`copy (select ${FIELDS.join()} from base.customers order by id) to stdout with (format csv)`),
  );
  for await (const _ of stream);
  return (performance.now() - started) / 1000;
}
