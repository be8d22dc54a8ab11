/** A file of order lines through the screens' own path: upload, check, run; lines per second from the first byte to the last row. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportStatus } from '../../api/contract.ts';
import { cpuOf, memoryOf } from './machine.ts';
import { measureCopy } from './measure-copy.ts';
import type { Setting } from './setting.ts';

const LINES_PER_ORDER = 8;
const GOAL = 20_000;

export interface ImportFigure {
  lines: number;
  upload_s: number;
  check_s: number;
  run_s: number;
  /** Processor time of the run. */
  server_cpu_s: number;
  postgres_cpu_s: number;
  /** COPY of the finished lines into an empty table with the same indexes, in the same run: no import can be faster. */
  copy_s: number;
  copy_cpu_s: number;
  /** Upload and run, which is what bringing a known kind of file in takes. */
  lines_per_second: number;
  aim: string;
  met: boolean;
  peak_mb: number | null;
}

/** @param customers ids of the orders' buyers lie below this; one order in fifty is of somebody new */
export async function measureImport(
  setting: Setting,
  { lines, customers }: { lines: number; customers: number },
): Promise<ImportFigure> {
  const run = Date.now().toString(36);
  const file = orderFile({ lines, customers, run });
  const started = performance.now();
  const uploaded = await ask(setting, 'POST', '/api/orders/_import?file_name=bench.csv', file);
  const upload_s = (performance.now() - started) / 1000;
  if (!uploaded.mapping) throw new Error('no mapping was proposed for the order file');
  const mapping = JSON.stringify({ mapping: uploaded.mapping, mode: 'upsert' });
  await ask(setting, 'PATCH', `/api/_imports/${uploaded.id}`, mapping);
  const before = cpuOfBoth(setting);
  const run_s = await finish(setting, uploaded.id, '_run', 'done');
  const after = cpuOfBoth(setting);
  const copied = await measureCopy(setting, `bench-${run}-`);
  // Of another file, and afterwards: whoever touches a page first since the last checkpoint pays for it.
  const other = orderFile({ lines, customers, run: `${run}b` });
  const checked = await ask(setting, 'POST', '/api/orders/_import?file_name=bench.csv', other);
  await ask(setting, 'PATCH', `/api/_imports/${checked.id}`, mapping);
  const check_s = await finish(setting, checked.id, '_check', 'checked');
  const lines_per_second = lines / (upload_s + run_s);
  return {
    lines,
    upload_s,
    check_s,
    run_s,
    server_cpu_s: (after.server - before.server) / 1000,
    postgres_cpu_s: (after.postgres - before.postgres) / 1000,
    copy_s: copied.seconds,
    copy_cpu_s: copied.postgres_cpu_s,
    lines_per_second,
    aim: `>= ${GOAL} lines/s`,
    met: lines_per_second >= GOAL,
    peak_mb: memoryOf(setting.server.pid)?.peak ?? null,
  };
}

function cpuOfBoth({ server, postgres_pid }: Setting): { server: number; postgres: number } {
  return { server: cpuOf(server.pid), postgres: cpuOf(postgres_pid, { children: true }) };
}

async function finish(setting: Setting, id: number, step: '_check' | '_run', wanted: string): Promise<number> {
  const started = performance.now();
  let status = await ask(setting, 'POST', `/api/_imports/${id}/${step}`);
  while (status.state === 'checking' || status.state === 'running') {
    await sleep(50);
    status = await ask(setting, 'GET', `/api/_imports/${id}`);
  }
  if (status.state !== wanted || status.wrong > 0) {
    throw new Error(`the import is ${status.state}: ${status.message ?? JSON.stringify(status.errors.slice(0, 3))}`);
  }
  return (performance.now() - started) / 1000;
}

async function ask({ port, cookie }: Setting, method: string, path: string, body?: string): Promise<ImportStatus> {
  const type = method === 'PATCH' ? 'application/json' : 'text/csv';
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { cookie, 'content-type': type },
    body,
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return (await answer.json()) as ImportStatus;
}

/** Shaped like the Online Retail file: one row per line, times without offset, a few sku, quantities and prices. */
function orderFile({ lines, customers, run }: { lines: number; customers: number; run: string }): string {
  const rows = ['InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'];
  for (let at = 0; at < lines; at++) {
    const order = Math.floor(at / LINES_PER_ORDER);
    const customer =
      order % 50 === 0 ? `bench-${run}-${order}` : `C${String(1 + ((order * 7919) % customers)).padStart(7, '0')}`;
    const day = String(1 + (order % 28)).padStart(2, '0');
    const minute = String(order % 60).padStart(2, '0');
    const sku = `B${1000 + (at % 3000)}`;
    rows.push(
      `bench-${run}-${order},${sku},"PRODUCT, ${sku}",${1 + (at % 12)},2025-11-${day} 10:${minute}:00,${(1 + (at % 900) / 100).toFixed(2)},${customer},China`,
    );
  }
  return `${rows.join('\n')}\n`;
}
