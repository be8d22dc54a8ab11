/**
 * `pnpm bench [part …]`: measures the product on this machine, beside a thin server in the same run.
 *
 *   parts      http custom permissions forms import export jobs engine coupons messages clicks reports boards browser start; all of them when none is named, and then docs/performance.md is written
 *   --customers 100000  --orders 200000   the database, kept under .data/bench for the next run
 *   --seconds 1  --rounds 4               of each HTTP case and server
 *   --engine-customers 4000               whose whole history the engine works in
 *   --messages 1000000                    that are queued in one call; and of so many customers, if there are as many, who enter a segment
 *   --events 5000000                      of a page whose heatmap is asked for
 *   --only get                            HTTP cases, or reports, whose name holds this
 *   --profile                             the server writes a CPU profile beside the database
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { httpCases } from './http-cases.ts';
import { memoryOf } from './machine.ts';
import { measureBoard } from './measure-boards.ts';
import { measureBrowser } from './measure-browser.ts';
import { measureClicks } from './measure-clicks.ts';
import { measureCoupons } from './measure-coupons.ts';
import { measureCustom } from './measure-custom.ts';
import { measureReports } from './measure-database.ts';
import { measureEngine } from './measure-engine.ts';
import { measureEntering } from './measure-entering.ts';
import { measureExport } from './measure-export.ts';
import { measureForms } from './measure-forms.ts';
import { measureHttp } from './measure-http.ts';
import { measureImport } from './measure-import.ts';
import { measureJobs } from './measure-jobs.ts';
import { measureLongReports } from './measure-long-reports.ts';
import { measureMessages } from './measure-messages.ts';
import { measurePermissions } from './measure-permissions.ts';
import { measurePgbench } from './measure-pgbench.ts';
import { measureRefresh } from './measure-refresh.ts';
import { measureStart } from './measure-start.ts';
import { otherLines, printLines, type Results, writeResults } from './results.ts';
import { openSetting } from './setting.ts';

const PARTS = [
  'http',
  'custom',
  'permissions',
  'forms',
  'import',
  'export',
  'jobs',
  'engine',
  'coupons',
  'messages',
  'clicks',
  'reports',
  'boards',
  'browser',
  'start',
];
const { values, positionals } = parseArgs({
  options: {
    customers: { type: 'string', default: '100000' },
    orders: { type: 'string' },
    lines: { type: 'string', default: '200000' },
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '4' },
    'engine-customers': { type: 'string', default: '4000' },
    messages: { type: 'string', default: '1000000' },
    events: { type: 'string', default: '5000000' },
    only: { type: 'string', default: '' },
    profile: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) throw new Error(`Unknown part ${unknown.join(', ')}: one of ${PARTS.join(', ')}.`);
const wants = (part: string) => positionals.length === 0 || positionals.includes(part);
const customers = Number(values.customers);
const orders = values.orders === undefined ? 2 * customers : Number(values.orders);

const results: Results = {
  command: `pnpm bench ${process.argv.slice(2).join(' ')}`.trim(),
  customers,
  orders,
  cores: availableParallelism(),
};
const setting = await openSetting({ customers, orders, profile: values.profile });
try {
  if (wants('http')) {
    const cases = (await httpCases(setting, customers)).filter(({ name }) => name.includes(values.only));
    if (!values.only) results.pgbench = await measurePgbench(setting, customers);
    results.http = await measureHttp(setting, cases, {
      seconds: Number(values.seconds),
      rounds: Number(values.rounds),
    });
  }
  if (wants('custom')) {
    const { seconds, rounds } = values;
    results.custom = await measureCustom(setting, { seconds: Number(seconds), rounds: Number(rounds) });
  }
  if (wants('permissions')) {
    const { seconds, rounds } = values;
    results.permissions = await measurePermissions(setting, { seconds: Number(seconds), rounds: Number(rounds) });
  }
  if (wants('forms')) results.forms = await measureForms(setting);
  if (wants('browser')) results.browser = await measureBrowser(setting);
  if (wants('reports')) results.reports = await measureReports(setting, values);
  if (wants('boards')) {
    results.boards = {
      long: await measureLongReports(setting),
      board: await measureBoard(setting),
      refresh: await measureRefresh(setting, { customers, orders }),
    };
  }
  if (wants('import')) results.import = await measureImport(setting, { lines: Number(values.lines), customers });
  if (wants('export')) results.exports = await measureExport(setting);
  if (wants('jobs')) results.jobs = await measureJobs(setting);
  if (wants('engine')) {
    results.engine = await measureEngine(setting, {
      customers: Math.min(customers, Number(values['engine-customers'])),
      lines: Number(values.lines),
    });
  }
  if (wants('coupons')) results.engine = [...(results.engine ?? []), ...(await measureCoupons(setting))];
  if (wants('messages')) {
    results.messages = await measureMessages(setting, { messages: Number(values.messages) });
    results.entering = await measureEntering(setting, { customers: Number(values.messages) });
  }
  if (wants('clicks')) results.clicks = await measureClicks(setting, { events: Number(values.events), customers });
  results.memory = memoryOf(setting.server.pid) ?? undefined;
} finally {
  await setting.close();
}
if (wants('start')) results.start = await measureStart(join(setting.data_dir, '..', 'start'));
printLines(otherLines(results));
if (positionals.length === 0 && !values.only) writeResults(results);
