/**
 * `pnpm report <area>/<slug> [param=value …] [--lang en] [--csv]`: compiles one report file and runs it in the terminal.
 * A mistake is shown with its line; without a slug every report is compiled and listed.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nameHint } from '../closest-name.ts';
import { readConfig, StartError } from '../config.ts';
import type { Lang } from '../contract.ts';
import type { ReportResult } from '../contract-reports.ts';
import { openDatabases } from '../database.ts';
import { loadResources } from '../definitions.ts';
import { Problem } from '../errors.ts';
import { withDefinitions } from '../live-definitions.ts';
import type { CompiledReport } from '../report/compile.ts';
import { toCsv } from '../report/csv.ts';
import { type FileProblem, ReportError, tellProblem } from '../report/problem.ts';
import { runReport } from '../report/run.ts';
import { type ReportEntry, reportStore } from '../report/store.ts';
import { openLog } from '../start/log.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { lang: { type: 'string', default: 'zh' }, csv: { type: 'boolean', default: false } },
  });
  const lang: Lang = values.lang === 'en' ? 'en' : 'zh';
  const [slug, ...given] = positionals;
  const query = parseQuery(given);
  const config = { ...readConfig(process.env), log_level: 'warn' as const };
  const log = openLog(config);
  const databases = await openDatabases(config, log);
  const deps = await withDefinitions({ config, ...databases, log }, await loadResources());
  const store = reportStore(deps);
  try {
    if (!slug) return listReports(await store.list(), lang);
    const entry = await store.get(slug.replace(/^reports\/pages\//, '').replace(/\.sql$/, ''));
    if (!entry) {
      const slugs = (await store.list()).map((each) => each.slug);
      throw new StartError(`There is no report ${slug}. ${nameHint(slug, slugs)[1]}`);
    }
    if (entry.problem) showProblem(entry.problem, lang, entry.text);
    if (!entry.live || entry.problem) return 1;
    const result = await runReport(deps, entry.live, { query, lang });
    console.log(values.csv ? toCsv(header(entry.live, result, lang), result.rows) : table(entry.live, result, lang));
    if (!values.csv) console.log(footer(result, lang));
    return 0;
  } catch (error) {
    if (error instanceof ReportError) showProblem(error.problem, lang, '');
    else if (error instanceof Problem) console.error(error.pair?.[lang === 'zh' ? 0 : 1] ?? error.message);
    else throw error;
    return 1;
  } finally {
    store.close();
    await databases.close();
  }
}

function parseQuery(given: string[]): { [name: string]: string[] } {
  const query: { [name: string]: string[] } = {};
  for (const word of given) {
    const [, name, value] = /^([a-z][a-z0-9_]*)=(.*)$/s.exec(word) ?? [];
    if (name === undefined) throw new StartError(`"${word}" is not a parameter: write name=value.`);
    query[name] = [...(query[name] ?? []), value!];
  }
  return query;
}

function listReports(entries: ReportEntry[], lang: Lang): number {
  for (const { slug, live, problem, text } of entries) {
    console.log(`${problem ? '✗' : '✓'} ${slug}  ${live?.definition.title[lang === 'zh' ? 0 : 1] ?? ''}`);
    if (problem) showProblem(problem, lang, text);
  }
  return entries.some((entry) => entry.problem) ? 1 : 0;
}

/** The sentence, the line it is about and a mark under the place. */
function showProblem(problem: FileProblem, lang: Lang, whole: string): void {
  const { file, line, column, code, message, hint } = tellProblem(problem, lang);
  const text = (file.endsWith('.sql') ? whole : read(file)).split('\n')[line - 1] ?? '';
  const before = [...text].slice(0, column - 1).join('');
  console.error(`${file}:${line}:${column} ${code}\n${message}\n\n  ${text}\n  ${' '.repeat(width(before))}^`);
  if (hint) console.error(hint);
}

/** A heading or a metric that the report depends on. */
function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function header({ definition }: CompiledReport, { columns }: ReportResult, lang: Lang): string[] {
  return columns.map((name) => definition.columns[name]!.label[lang === 'zh' ? 0 : 1]);
}

function table(report: CompiledReport, result: ReportResult, lang: Lang): string {
  const rows = [
    header(report, result, lang),
    ...result.rows.map((row) => row.map((value) => (value === null ? '' : String(value)))),
  ];
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((row) => width(row[index]!))));
  const right = result.columns.map((name) => ['measure', 'weight'].includes(report.definition.columns[name]!.role));
  const line = (row: string[]) =>
    row
      .map((cell, index) => pad(cell, widths[index]!, right[index]!))
      .join('  ')
      .trimEnd();
  const [head, ...body] = rows.map(line);
  return [head, widths.map((each) => '-'.repeat(each)).join('  '), ...body].join('\n');
}

function footer(result: ReportResult, lang: Lang): string {
  const cut = result.cut ? (lang === 'zh' ? '，后面还有' : ', more follow') : '';
  const params = Object.entries(result.params).map(
    ([name, value]) => ` ${name}=${value === null ? '' : String(value)}`,
  );
  return `\n${result.rows.length} ${lang === 'zh' ? '行' : 'rows'}${cut} · ${result.took_ms} ms${params.length > 0 ? ` ·${params.join('')}` : ''}`;
}

function pad(text: string, to: number, right: boolean): string {
  const space = ' '.repeat(to - width(text));
  return right ? space + text : text + space;
}

/** Columns of a terminal: a Chinese character takes two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text)
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
      character,
    )
      ? 2
      : 1;
  return columns;
}
