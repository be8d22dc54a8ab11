/** Reports: what there is, how each is computed, running one, its rows as CSV, the choices of a parameter. */

import type { Context } from 'hono';
import { Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import type { Json, Lang } from '../contract.ts';
import type { ReportCatalogue, ReportDefinition, ReportDetails, ReportResult } from '../contract-reports.ts';
import { Problem, problem } from '../errors.ts';
import { readMoment, readProgramme } from '../programme.ts';
import { standsFor } from '../records/access.ts';
import type { CompiledReport } from '../report/compile.ts';
import { toCsv } from '../report/csv.ts';
import { runOrKept } from '../report/kept-results.ts';
import { readablePages } from '../report/own-pages.ts';
import { tellProblem } from '../report/problem.ts';
import { mayRead, mayWrite, reportOptions } from '../report/run.ts';
import { type ReportEntry, reportStore } from '../report/store.ts';
import { hasScope } from '../sign-in/token-scopes.ts';

export function reportsRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/api/_reports', async (c) => {
    const store = reportStore(deps);
    const reports = (await store.list()).filter((entry) => maySee(c, entry)).map((entry) => define(entry, langOf(c)));
    const used = new Set(reports.map((report) => report.area));
    const areas = (await store.areas())
      .filter((area) => used.has(area.name))
      .map(({ name, label, board }) => {
        const shown = board?.filter((slug) => reports.some((report) => report.slug === slug));
        return { name, label, ...(shown ? { board: shown } : {}) };
      });
    const [{ currency }, { today }, { metrics }] = await Promise.all([
      readProgramme(deps.db),
      readMoment(deps.db, null),
      store.metrics(),
    ]);
    const { user } = c.var;
    const own = hasScope(user, 'reports:read') ? readablePages(metrics, (roles) => standsFor(user, roles)) : [];
    const pages = reports.length > 0 ? [...own, 'metrics'] : own;
    const may_write = mayWrite(user);
    return c.json({ areas, reports, pages, currency, today, may_write } satisfies ReportCatalogue);
  });

  app.get('/api/_reports/run/:area/:name', async (c) => {
    const report = await liveReport(deps, c);
    return c.json(await runOrKept(deps, report, { query: asked(c), lang: langOf(c) }));
  });

  app.get('/api/_reports/csv/:area/:name', async (c) => {
    const report = await liveReport(deps, c);
    const lang = langOf(c);
    const result = await runOrKept(deps, report, { query: asked(c), lang });
    const pick = lang === 'zh' ? 0 : 1;
    const shown = result.columns.filter((name) => !report.definition.columns[name]!.hidden);
    const header = shown.map((name) => report.definition.columns[name]!.label[pick]);
    const rows = labelled(report.definition, result, { shown, pick });
    const cut = result.cut ? (lang === 'zh' ? `（仅前 ${rows.length} 行）` : ` (first ${rows.length} rows)`) : '';
    const file_name = `${report.definition.title[pick]}${cut}.csv`;
    c.header('content-type', 'text/csv; charset=utf-8');
    c.header(
      'content-disposition',
      `attachment; filename="report.csv"; filename*=UTF-8''${encodeURIComponent(file_name)}`,
    );
    c.header('x-report-cut', result.cut ? '1' : '0');
    return c.body(toCsv(header, rows));
  });

  app.get('/api/_reports/options/:area/:name/:param', async (c) => {
    const report = await liveReport(deps, c);
    return c.json(await reportOptions(deps, report, { param: c.req.param('param'), lang: langOf(c) }));
  });

  app.get('/api/_reports/details/:area/:name', async (c) => {
    const store = reportStore(deps);
    const { definition, source, hash, select, sql } = await liveReport(deps, c);
    const registry = (await store.metrics()).metrics;
    const codes = new Set(Object.values(definition.columns).map((column) => column.metric));
    const details: ReportDetails = {
      slug: definition.slug,
      file: source.file,
      hash,
      sql: select,
      metrics: [...codes].flatMap((code) => registry.get(code ?? '') ?? []),
      views: (await store.views()).filter((view) => sql.views.includes(view.name)),
    };
    return c.json(details);
  });

  return app;
}

/** `_lang` is the page's; without it the caller's own. */
function langOf(c: Context<Env>): Lang {
  const given = c.req.query('_lang');
  return given === 'zh' || given === 'en' ? given : c.var.lang;
}

/** The report's own parameters. */
function asked(c: Context<Env>): { [name: string]: string[] } {
  const { _lang, ...query } = c.req.queries();
  return query;
}

/** A report that never compiled is shown to those who write reports, so that they see why. */
function maySee(c: Context<Env>, { live }: ReportEntry): boolean {
  if (live) return mayRead(c.var.user, live.definition);
  return mayRead(c.var.user, { access: { roles: ['analyst'] } } as ReportDefinition);
}

async function liveReport(deps: Deps, c: Context<Env>): Promise<CompiledReport> {
  const slug = `${c.req.param('area')}/${c.req.param('name')}`;
  const entry = await reportStore(deps).get(slug);
  if (!entry) throw problem(404, 'not_found', {}, { message: [`没有报表 ${slug}`, `There is no report ${slug}`] });
  if (!maySee(c, entry))
    throw problem(403, 'forbidden', {}, { message: ['没有权限查看这张报表', 'You may not see this report'] });
  if (!entry.live) {
    const told = entry.problem!;
    throw new Problem(
      409,
      'report_broken',
      { file: told.file, line: told.line },
      {
        message: [
          `报表文件有错，还没有可用的版本（第 ${told.line} 行）：${told.message[0]}`,
          `The report file has an error and no version of it ever worked (line ${told.line}): ${told.message[1]}`,
        ],
      },
    );
  }
  return entry.live;
}

function define({ slug, area, origin, live, problem: broken }: ReportEntry, lang: Lang): ReportDefinition {
  const definition: ReportDefinition = {
    ...(live?.definition ?? {
      slug,
      area,
      title: [slug, slug],
      params: {},
      columns: {},
      chart: { kind: 'table' },
      limits: { rows: 0, timeout: '1s' },
      access: { roles: ['analyst'] },
    }),
    ...(origin === 'browser' ? { origin } : {}),
  };
  return broken ? { ...definition, problem: tellProblem(broken, lang) } : definition;
}

/** The columns people see; codes that have a label are written as the page shows them. */
function labelled(
  definition: ReportDefinition,
  { columns, rows }: ReportResult,
  { shown, pick }: { shown: string[]; pick: 0 | 1 },
): Json[][] {
  const places = shown.map((name) => ({ index: columns.indexOf(name), labels: definition.columns[name]!.labels }));
  return rows.map((row) =>
    places.map(({ index, labels }) => labels?.[String(row[index])]?.[pick] ?? row[index] ?? null),
  );
}
