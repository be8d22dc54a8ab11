/**
 * Reports written in the browser, for who may write reports:
 *
 *   GET  /api/_report-editor                        -> EditorWorld: what a text can be made of
 *   POST /api/_report-editor/check                  -> ReportCheck from {slug, text, run?, params?}: nothing is kept
 *   GET  /api/_report-editor/text/sales/by-day      -> ReportText, of a file too
 *   PUT  /api/_report-editor/text/sales/by-day      -> ReportSaved from {text, note, version, publish}; 412 when somebody was first
 *   GET  /api/_report-editor/text/sales/by-day/3    -> {text} of a version
 *   POST /api/_report-editor/text/sales/by-day/unpublish|delete -> 204 from {version}
 */
import type { Context } from 'hono';
import { Hono } from 'hono';
import { readObject } from '../body.ts';
import type { Deps, Env } from '../context.ts';
import type { Lang, Pair, Row } from '../contract.ts';
import type { BrowserReport, EditorWorld, ReportCheck, ReportSaved, ReportText } from '../contract-reports.ts';
import { fieldErrors, problem } from '../errors.ts';
import { isReserved } from '../report/area.ts';
import {
  browserReports,
  browserText,
  browserVersions,
  isSlug,
  keepText,
  noReport,
  withdraw,
} from '../report/browser-reports.ts';
import { checkText } from '../report/check-text.ts';
import { FUNCTIONS } from '../report/functions.ts';
import { GRAMMAR } from '../report/grammar.ts';
import { mayRead, mayWrite } from '../report/run.ts';
import { type ReportEntry, reportStore } from '../report/store.ts';
import { readReportFunctions } from '../storage/sql-files.ts';

/** As of the compiler, which says where it ends; what is far longer is not read. */
const BODY_MAX = 2_500_000;
const TEXT_MAX = 200_000;
const NOTE_MAX = 200;
const INTEGER_MAX = 2 ** 31 - 1;
const PATH = '/api/_report-editor';

export function reportEditorRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();
  const store = () => reportStore(deps);

  app.get(PATH, async (c) => {
    checkWriter(c);
    const [areas, views, { metrics, dimensions }, entries, written] = await Promise.all([
      store().areas(),
      store().views(),
      store().metrics(),
      store().list(),
      browserReports(deps.db),
    ]);
    const files = new Set(entries.filter(({ origin }) => origin === 'file').map(({ slug }) => slug));
    return c.json({
      areas: areas.map(({ name, label }) => ({ name, label })),
      views: [...views],
      functions: [...FUNCTIONS].sort(),
      own_functions: readReportFunctions(),
      metrics: [...metrics.values()].map(({ code, label, definition, kind, den }) => ({
        ...{ code, label, definition, kind },
        ...(den ? { den } : {}),
      })),
      dimensions: [...dimensions].map(([name, { label }]) => ({ name, label })),
      grammar: GRAMMAR,
      slugs: entries.map(({ slug }) => slug),
      resources: [...deps.resources.values()].map(({ name, label }) => ({ name, label })),
      written: written.map(({ id: _, ...report }) => ({ ...report, behind_file: files.has(report.slug) })),
    } satisfies EditorWorld);
  });

  app.post(`${PATH}/check`, async (c) => {
    checkWriter(c);
    const body = await readObject(c, { max: BODY_MAX });
    const { slug, text, run, params } = readCheck(body);
    const found = await checkText(deps, { slug, text, run, query: params, lang: langOf(c) });
    return c.json(found satisfies ReportCheck);
  });

  app.get(`${PATH}/text/:area/:name`, async (c) => {
    checkWriter(c);
    const slug = slugOf(c);
    const [entry, [report]] = await Promise.all([store().get(slug), browserReports(deps.db, slug)]);
    const file = entry?.origin === 'file' ? entry : null;
    if (file) checkReader(c, file);
    if (!file && (!report || report.last_number === 0)) throw noReport(slug);
    const versions = report ? await browserVersions(deps.db, report.id) : [];
    const text = file ? file.text : ((await browserText(deps.db, report!.id, report!.last_number)) ?? '');
    const told = report ? withoutId(report, file !== null) : null;
    return c.json({ slug, origin: file ? 'file' : 'browser', text, report: told, versions } satisfies ReportText);
  });

  app.get(`${PATH}/text/:area/:name/:number`, async (c) => {
    checkWriter(c);
    const slug = slugOf(c);
    const number = Number(c.req.param('number'));
    const [report] = await browserReports(deps.db, slug);
    const whole = Number.isInteger(number) && number >= 1 && number <= INTEGER_MAX;
    const text = report && whole ? await browserText(deps.db, report.id, number) : null;
    if (text === null) throw noReport(slug);
    return c.json({ text });
  });

  app.put(`${PATH}/text/:area/:name`, async (c) => {
    checkWriter(c);
    const slug = slugOf(c);
    const { text, note, version, publish } = readKept(await readObject(c, { max: BODY_MAX }));
    const known = (await store().areas()).map((area) => area.name);
    const area = slug.split('/')[0]!;
    if (isReserved(area) || !known.includes(area)) throw noArea(area, known);
    const entry = await store().get(slug);
    if (entry?.origin === 'file') throw fileWins(slug);
    // What people read is published whole or not at all: compiled, run once, its tests passed.
    const { problem: fault } = await checkText(deps, { slug, text, run: publish, query: {}, lang: langOf(c) });
    const doer = { caller: c.var.user, request_id: c.var.request_id };
    const number = await keepText(deps, { slug, text, note, version, publish: publish && fault === null }, doer);
    const [report] = await browserReports(deps.db, slug);
    const saved = { number, report: withoutId(report!, false), problem: fault };
    return c.json(saved satisfies ReportSaved, number === 1 ? 201 : 200);
  });

  for (const step of ['unpublish', 'delete'] as const) {
    app.post(`${PATH}/text/:area/:name/${step}`, async (c) => {
      checkWriter(c);
      const version = versionOf((await readObject(c)).version);
      if (typeof version !== 'number') throw fieldErrors({ version: NEEDS_VERSION });
      const of = { slug: slugOf(c), version, remove: step === 'delete' };
      await withdraw(deps, of, { caller: c.var.user, request_id: c.var.request_id });
      return c.body(null, 204);
    });
  }

  return app;
}

function withoutId({ id: _, ...report }: Omit<BrowserReport, 'behind_file'> & { id: number }, behind_file: boolean) {
  return { ...report, behind_file } satisfies BrowserReport;
}

function checkWriter(c: Context<Env>): void {
  if (!mayWrite(c.var.user))
    throw problem(403, 'forbidden', {}, { message: ['没有权限编写报表', 'You may not write reports'] });
}

/** Who may not read a report may not read its text either. */
function checkReader(c: Context<Env>, { live }: ReportEntry): void {
  if (live && !mayRead(c.var.user, live.definition))
    throw problem(403, 'forbidden', {}, { message: ['没有权限查看这张报表', 'You may not see this report'] });
}

function langOf(c: Context<Env>): Lang {
  const given = c.req.query('_lang');
  return given === 'zh' || given === 'en' ? given : c.var.lang;
}

function slugOf(c: Context<Env>): string {
  const slug = `${c.req.param('area')}/${c.req.param('name')}`;
  if (!isSlug(slug)) throw fieldErrors({ slug: { key: 'invalid', message: SLUG_RULE } });
  return slug;
}

const SLUG_RULE: Pair = [
  '地址写成“分区/名称”：小写字母、数字和连字符，最长 100 个字符，例如 sales/orders-by-day',
  'The address is area/name in lower-case letters, digits and hyphens, up to 100 characters, such as sales/orders-by-day',
];
const NEEDS_VERSION = {
  key: 'required',
  message: ['请填写读到的版本号', 'The version that was read is needed'] as Pair,
};

function noArea(area: string, known: string[]) {
  return fieldErrors({ slug: { key: 'report_area_unknown', params: { area, known } } });
}

function fileWins(slug: string) {
  return fieldErrors({ slug: { key: 'report_is_file', params: { slug } } });
}

type Faults = Parameters<typeof fieldErrors>[0];

function readText(body: Row, faults: Faults, known: readonly string[]): string {
  for (const name of Object.keys(body)) {
    if (!known.includes(name))
      faults[name] = { key: 'unknown_field', message: ['没有这个字段', 'There is no such field'] };
  }
  const { text } = body;
  if (typeof text === 'string') return text;
  faults.text = { key: 'required', message: ['请填写文字', 'Text is needed'] };
  return '';
}

function readCheck(body: Row) {
  const faults: Faults = {};
  const text = readText(body, faults, ['slug', 'text', 'run', 'params']);
  const { slug = 'new/report', run = false, params = {} } = body;
  if (typeof slug !== 'string' || !isSlug(slug)) faults.slug = { key: 'invalid', message: SLUG_RULE };
  if (typeof run !== 'boolean')
    faults.run = { key: 'invalid', message: ['应当是 true 或 false', 'Must be true or false'] };
  if (!isQuery(params))
    faults.params = {
      key: 'invalid',
      message: ['应当是 {"参数": ["值"]}', 'Must be {"parameter": ["value"]}'],
    };
  if (Object.keys(faults).length > 0) throw fieldErrors(faults);
  return { slug: slug as string, text, run: run as boolean, params: params as { [name: string]: string[] } };
}

function isQuery(params: unknown): boolean {
  return (
    typeof params === 'object' &&
    params !== null &&
    !Array.isArray(params) &&
    Object.values(params).every((values) => Array.isArray(values) && values.every((value) => typeof value === 'string'))
  );
}

function readKept(body: Row) {
  const faults: Faults = {};
  const text = readText(body, faults, ['text', 'note', 'version', 'publish']);
  if (text.length > TEXT_MAX)
    faults.text = { key: 'too_long', message: [`最多 ${TEXT_MAX} 个字符`, `At most ${TEXT_MAX} characters`] };
  const { note = null, publish = true } = body;
  if (note !== null && (typeof note !== 'string' || note.length > NOTE_MAX))
    faults.note = { key: 'too_long', message: [`最多 ${NOTE_MAX} 个字`, `Text of at most ${NOTE_MAX} characters`] };
  if (typeof publish !== 'boolean')
    faults.publish = { key: 'invalid', message: ['应当是 true 或 false', 'Must be true or false'] };
  const version = versionOf(body.version);
  if (version === undefined) faults.version = NEEDS_VERSION;
  if (Object.keys(faults).length > 0) throw fieldErrors(faults);
  const said = typeof note === 'string' && note.trim() !== '' ? note.trim() : null;
  return { text, note: said, version: version ?? null, publish: publish as boolean };
}

/** @returns null of a report that is new, undefined of what is no version */
function versionOf(version: unknown): number | null | undefined {
  if (version === null) return null;
  return Number.isInteger(version) && Number(version) >= 1 && Number(version) <= INTEGER_MAX
    ? Number(version)
    : undefined;
}
