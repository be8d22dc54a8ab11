/** Every figure as one line of a table, and the tables as docs/performance.md. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { count, ms } from './figures.ts';
import type { BoardFigure } from './measure-boards.ts';
import type { BrowserFigures } from './measure-browser.ts';
import type { CustomFigures } from './measure-custom.ts';
import type { ReportFigure } from './measure-database.ts';
import type { EngineFigure } from './measure-engine.ts';
import type { EnteringFigure } from './measure-entering.ts';
import type { ExportFigure } from './measure-export.ts';
import type { FormFigures, Rows, Typing } from './measure-forms.ts';
import type { HttpFigure } from './measure-http.ts';
import type { ImportFigure } from './measure-import.ts';
import type { JobFigure } from './measure-jobs.ts';
import { LONG_REPORT_MS, type LongFigure, type LongFigures } from './measure-long-reports.ts';
import type { MessagesFigure } from './measure-messages.ts';
import type { PermissionFigure } from './measure-permissions.ts';
import type { PgbenchFigure } from './measure-pgbench.ts';
import { FLAT, type RefreshFigure } from './measure-refresh.ts';
import type { StartFigure } from './measure-start.ts';

const FILE = join(import.meta.dirname, '..', '..', 'docs', 'performance.md');

export interface Results {
  command: string;
  customers: number;
  orders: number;
  cores: number;
  pgbench?: PgbenchFigure[];
  http?: HttpFigure[];
  memory?: { now: number; peak: number };
  import?: ImportFigure;
  exports?: ExportFigure[];
  jobs?: JobFigure[];
  engine?: EngineFigure[];
  messages?: MessagesFigure;
  entering?: EnteringFigure;
  clicks?: EngineFigure[];
  reports?: ReportFigure[];
  boards?: { long: LongFigures; board: BoardFigure; refresh: RefreshFigure };
  browser?: BrowserFigures;
  custom?: CustomFigures;
  permissions?: PermissionFigure[];
  forms?: FormFigures;
  start?: StartFigure;
}

interface Line {
  what: string;
  figure: string;
  aim: string;
  met: boolean | null;
}

const MEMORY_MB = 250;
const BEFORE_LIST_KB = 300;
const NEXT_PAGE_MS = 300;
const RECORD_MS = 140;
const BOARD_MS = 1500;
/** The best measured on such a machine by others, AdminJS. */
const FIRST_ROW_MS = 2100;

export function writeResults(results: Results): void {
  writeFileSync(FILE, page(results));
  console.log(`Wrote docs/performance.md`);
}

/** What is not about requests per second, as lines. */
export function otherLines(results: Results): Line[] {
  const {
    pgbench = [],
    memory,
    import: imported,
    exports = [],
    jobs = [],
    engine = [],
    messages,
    entering,
    clicks = [],
    reports = [],
    boards,
    browser,
    custom,
    permissions = [],
    forms,
    start,
  } = results;
  return [
    ...pgbench.map(({ name, per_second }) =>
      line(`pgbench, ${name} as rows, on both cores`, `${count(per_second)}/s`, '', null),
    ),
    ...(memory
      ? [
          line(
            'memory of the server, peak',
            `${memory.peak.toFixed(0)} MB`,
            `<= ${MEMORY_MB} MB`,
            memory.peak <= MEMORY_MB,
          ),
        ]
      : []),
    ...(imported
      ? [
          line(
            `import of ${count(imported.lines)} order lines`,
            `${count(imported.lines_per_second)} lines/s (upload ${seconds(imported.upload_s)}, run ${seconds(imported.run_s)} with ${seconds(imported.server_cpu_s)} + ${seconds(imported.postgres_cpu_s)} CPU; a check ${seconds(imported.check_s)}; ${((imported.upload_s + imported.run_s) / imported.copy_s).toFixed(1)} x a COPY of the bare lines, ${seconds(imported.copy_s)} with ${seconds(imported.copy_cpu_s)} CPU)`,
            imported.aim,
            imported.met,
          ),
        ]
      : []),
    ...exports.map(({ format, rows, rows_per_second, ratio, copy_s, bytes, server_cpu_s, postgres_cpu_s, aim, met }) =>
      line(
        `export of ${count(rows)} customers as ${format.toUpperCase()}`,
        `${count(rows_per_second)} rows/s (${(bytes / 1e6).toFixed(0)} MB; ${seconds(server_cpu_s)} + ${seconds(postgres_cpu_s)} CPU; ${ratio.toFixed(1)} x a plain COPY, ${seconds(copy_s)})`,
        aim,
        met,
      ),
    ),
    ...jobs.map(({ name, seconds: took, rows, ratio }) =>
      line(
        `job ${name}`,
        `${took.toFixed(2)} s (${count(rows)} rows), ${ratio.toFixed(1)} x one sum over all customers' totals`,
        '',
        null,
      ),
    ),
    ...engine.map(({ name, figure, aim, met }) => line(name, figure, aim, met)),
    ...(messages
      ? [
          line(
            `${count(messages.messages)} messages queued in one call`,
            `${seconds(messages.queue_s)}, ${messages.ratio.toFixed(1)} x one insert … select of the rows (${seconds(messages.insert_s)})`,
            '',
            null,
          ),
        ]
      : []),
    ...(messages && entering
      ? [
          line(
            `${count(entering.customers)} customers enter a segment, an automation writes to them`,
            `${count(entering.queued)} messages queued in ${seconds(entering.entering_s)}, ${enteringRatio(messages, entering).toFixed(1)} x one insert … select of as many`,
            '',
            null,
          ),
        ]
      : []),
    ...clicks.map(({ name, figure, aim, met }) => line(name, figure, aim, met)),
    ...reports.map(({ slug, ratio, report_ms, sql_ms, met }) =>
      line(
        `report ${slug}`,
        `${ratio.toFixed(2)} x its SQL (${report_ms.toFixed(1)} / ${sql_ms.toFixed(1)} ms)`,
        '<= 1.15 x',
        met,
      ),
    ),
    ...(boards ? boardLines(boards) : []),
    ...(browser
      ? [
          line(
            'first row of the list, cold',
            `${(browser.first_row / browser.bare_first_row).toFixed(2)} x a bare page with one antd table (${ms(browser.first_row)} / ${ms(browser.bare_first_row)})`,
            `< ${ms(FIRST_ROW_MS)}`,
            browser.first_row < FIRST_ROW_MS,
          ),
          line('next page', ms(browser.next_page), `<= ${ms(NEXT_PAGE_MS)}`, browser.next_page <= NEXT_PAGE_MS),
          line('a record', ms(browser.record), `<= ${ms(RECORD_MS)}`, browser.record <= RECORD_MS),
          line(
            'scripts before the list chunk, gzip',
            `${kb(browser.before_list)}, and ${kb(browser.list_chunk)} of the list itself`,
            `<= ${BEFORE_LIST_KB} kB`,
            browser.before_list <= BEFORE_LIST_KB * 1000,
          ),
        ]
      : []),
    ...(custom?.costs ?? []).map(({ name, ratio, aim, met }) =>
      line(
        `50 added fields: ${name}`,
        `${ratio.toFixed(2)} x the processor time without`,
        aim ? `<= ${aim} x` : '',
        met,
      ),
    ),
    ...permissions.map(({ name, ratio, role_us, administrator_us, aim, met }) =>
      line(
        `a role with row conditions, hidden and masked fields: ${name}`,
        `${ratio.toFixed(2)} x an administrator (${role_us.toFixed(0)} / ${administrator_us.toFixed(0)} µs CPU)`,
        `<= ${aim} x`,
        met,
      ),
    ),
    ...(forms
      ? [
          line(
            'a key in a form of 100 fields of ten kinds, to the painted letter',
            typed(forms.hundred, forms.ten, 'one of 10'),
            `<= ${forms.aims.fields} x`,
            forms.hundred.median <= forms.aims.fields * forms.ten.median,
          ),
          line(
            'a key in a child table of 1,000 rows',
            typed(forms.many_rows.typing, forms.few_rows.typing, 'one of 10'),
            `<= ${forms.aims.rows} x`,
            forms.many_rows.typing.median <= forms.aims.rows * forms.few_rows.typing.median,
          ),
          line('the child table of 1,000 rows', rowsText(forms.many_rows, forms.few_rows), '', null),
        ]
      : []),
    ...(start ? [line('second start', seconds(start.seconds), start.aim, start.met)] : []),
  ];
}

function boardLines({ long, board, refresh }: NonNullable<Results['boards']>): Line[] {
  const ratio = refresh.whole / refresh.tenth;
  const over = ({ name, ms: took, refused }: LongFigure) =>
    line(
      `${name}, 24 months`,
      took === null ? `refused: ${refused}` : ms(took),
      `< ${LONG_REPORT_MS} ms`,
      took === null ? null : took < LONG_REPORT_MS,
    );
  const quick = ({ ms: took }: LongFigure) => took !== null && took < LONG_REPORT_MS;
  return [
    line(
      `a board of ${board.charts} charts, all at rest`,
      `${ms(board.opened)} from a click, ${ms(board.opened_again)} from the third, ${ms(board.reloaded)} of the whole page again`,
      `<= ${BOARD_MS} ms`,
      board.opened <= BOARD_MS,
    ),
    ...long.reports.map((each) => over({ ...each, name: `report ${each.name}` })),
    line(
      'reports that take no 24 months',
      long.bounded.map(({ name, max }) => `${name} (at most ${max})`).join(', '),
      '',
      null,
    ),
    line(
      'courses of metrics over 24 months and the year before',
      `${long.metrics.filter(quick).length} of ${long.metrics.length} within ${LONG_REPORT_MS} ms`,
      '',
      long.metrics.every(quick),
    ),
    ...long.metrics.filter((each) => !quick(each)).map((each) => over({ ...each, name: `metric ${each.name}` })),
    line(
      `${count(refresh.orders)} orders of a new day refreshed, ten times the history`,
      `${ratio.toFixed(2)} x the cost with a tenth (${ms(refresh.whole)} / ${ms(refresh.tenth)})`,
      `<= ${FLAT} x`,
      ratio <= FLAT,
    ),
  ];
}

function typed(many: Typing, few: Typing, beside: string): string {
  const ratio = (many.median / few.median).toFixed(2);
  return `${ms(many.median)}, at worst ${ms(many.worst)}; ${ratio} x ${beside} (${ms(few.median)}, at worst ${ms(few.worst)})`;
}

function rowsText(many: Rows, few: Rows): string {
  const each = (what: string, name: 'open' | 'add' | 'save') => `${what} ${ms(many[name])} (10 rows: ${ms(few[name])})`;
  return [each('opened in', 'open'), each('a row added in', 'add'), each('saved in', 'save')].join(', ');
}

export function printLines(lines: readonly Line[]): void {
  for (const { what, figure, aim, met } of lines) console.log(`${what.padEnd(40)} ${figure}  ${aim}  ${said(met)}`);
}

function page(results: Results): string {
  const { http = [], command, customers, orders, cores } = results;
  const others = otherLines(results);
  return `# Performance

Measured by \`${command}\` on ${cores} cores, with ${count(customers)} customers and ${count(orders)} orders. Ratios hold elsewhere; requests per
second are of that machine. Every figure of a table is of one run.

"Thin" is \`test/bench/thin.ts\`: node:http over named prepared statements of pg, rows through \`JSON.stringify\`, without
sign-in, permissions, checks or audit. The server has one core, the load (32 connections) the other, Postgres both. The two
servers are asked in turns; a ratio is the median over the rounds. "CPU" is processor time of one request: server + Postgres.

## What makes it quick, and what it costs

- A list or a record is one named statement whose single row holds the finished JSON: Postgres works more per request, Node
  far less, and nothing is parsed twice. Reads share two pipelined connections.
- A filtered list collects its matches up to 10,001 ids first. When that is all, count and page come from it; when there is
  more, the page is found in the order of an index and the count says "more than 10,000". An exact count reads every match.
- A page far behind is reached by its cursor, not by counting rows off.
- A write, its audit and the answer are one statement. That is what a create costs more than thin's.
- A session is looked up once a second, not once a request (\`api/sign-in/sessions.ts\`).
- Searches of three letters or more use trigrams, short Chinese words the index of their letters.
- The SQL parser of reports is not optimised by V8, and the server has 8 MB for new objects: together 500 MB less at the peak.

## Requests

| | x thin | per second | p50 | p99 | CPU | thin: per second | thin: CPU | aim | |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |
${http.map(httpRow).join('\n')}

## Everything else

| | | aim | |
| --- | --- | --- | --- |
${others.map(({ what, figure, aim, met }) => `| ${what} | ${figure} | ${aim} | ${said(met)} |`).join('\n')}
`;
}

function httpRow({ name, ratio, per_second, p50, p99, server_us, postgres_us, thin, aim, met }: HttpFigure): string {
  const cells = [
    name,
    ratio === null ? '' : ratio.toFixed(2),
    count(per_second),
    ms(p50),
    ms(p99),
    `${server_us.toFixed(0)} + ${postgres_us.toFixed(0)} µs`,
    thin ? count(thin.per_second) : '',
    thin ? `${thin.server_us.toFixed(0)} + ${thin.postgres_us.toFixed(0)} µs` : '',
    aim,
    said(met),
  ];
  return `| ${cells.join(' | ')} |`;
}

function line(what: string, figure: string, aim: string, met: boolean | null): Line {
  return { what, figure, aim, met };
}

const said = (met: boolean | null) => (met === null ? '' : met ? 'met' : '**not met**');
const seconds = (value: number) => `${value.toFixed(1)} s`;
const kb = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;

function enteringRatio(messages: MessagesFigure, { queued, entering_s }: EnteringFigure): number {
  return entering_s / (messages.insert_s * (queued / messages.messages));
}
