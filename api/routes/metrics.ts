/** The metrics registry: what there is, and each with its source, its uses, its tests and its course. */
import type { Context } from 'hono';
import { Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import type { Grain, MetricDefinition, MetricDetails, MetricList, ReportDefinition } from '../contract-reports.ts';
import { problem } from '../errors.ts';
import { readMoment, readProgramme } from '../programme.ts';
import { courseParts, metricCourse } from '../report/metric-course.ts';
import { metricTests } from '../report/metric-tests.ts';
import { badParameter, mayRead } from '../report/run.ts';
import { reportStore } from '../report/store.ts';
import { readLineage } from '../report/views.ts';

const GRAINS: readonly string[] = ['day', 'week', 'month'] satisfies Grain[];

export function metricsRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/api/_metrics', async (c) => {
    const { registry, areas, uses } = await seen(deps, c);
    const targets = await deps.db
      .selectFrom('base.metric_targets')
      .select('metric')
      .distinct()
      .where('in_force', '=', true)
      .execute();
    const aimed = new Set(targets.map(({ metric }) => metric));
    const metrics = [...registry.values()].map((metric) => ({
      ...metric,
      reports: uses(metric).length,
      course: courseParts(metric, registry) !== null,
      target: aimed.has(metric.code),
    }));
    return c.json({ areas: [...areas], metrics } satisfies MetricList);
  });

  app.get('/api/_metrics/:code', async (c) => {
    const { registry, areas, uses } = await seen(deps, c);
    const code = c.req.param('code');
    const metric = registry.get(code);
    if (!metric) throw problem(404, 'not_found', {}, { message: [`没有指标 ${code}`, `There is no metric ${code}`] });
    const { grain, _lang, ...unknown } = c.req.queries();
    const [name] = Object.keys(unknown);
    if (name) throw badParameter(name, ['没有这个参数', 'There is no such parameter']);
    const asked = grain?.[0];
    if (asked !== undefined && !GRAINS.includes(asked)) {
      throw badParameter('grain', [`可用：${GRAINS.join('、')}`, `Available: ${GRAINS.join(', ')}`]);
    }
    const [{ currency }, { today }, views, lineage] = await Promise.all([
      readProgramme(deps.db),
      readMoment(deps.db, null),
      reportStore(deps).views(),
      readLineage(deps.db),
    ]);
    const course = await metricCourse(deps, metric, { registry, ...(asked ? { grain: asked as Grain } : {}) });
    const parts = courseParts(metric, registry);
    const sources = [...new Set([parts?.num.view, parts?.den?.view])].filter((view) => view !== undefined);
    return c.json({
      metric,
      area: areas.find((area) => area.name === metric.area)?.label ?? [metric.area ?? '', metric.area ?? ''],
      parts: [metric.num, metric.den].flatMap((each) => registry.get(each ?? '') ?? []),
      reports: uses(metric).map(({ slug, title }) => ({ slug, title })),
      lineage: sources.map((view) => ({
        view,
        comment: views.find(({ name }) => name === view)?.comment ?? '',
        tables: lineage.get(view) ?? [],
      })),
      tests: course ? metricTests(metric, course) : [],
      currency,
      today,
      course,
    } satisfies MetricDetails);
  });

  return app;
}

/**
 * The registry as the caller may see it: a metric shows no more than the reports that show it, so one that only reports
 * of others show is left out; one that no report shows is for those who may see every report's metrics.
 */
async function seen(deps: Deps, c: Context<Env>) {
  const store = reportStore(deps);
  const { metrics, areas } = await store.metrics();
  const all = (await store.list()).flatMap(({ live }) => (live ? [live.definition] : []));
  const mine = all.filter((report) => mayRead(c.var.user, report));
  if (mine.length === 0)
    throw problem(403, 'forbidden', {}, { message: ['没有权限查看指标', 'You may not see metrics'] });
  const used = usesOf(all);
  const open = usesOf(mine);
  const registry = new Map(
    [...metrics].filter(([code]) => {
      const among = [...metrics.values()].filter((other) => other.num === code || other.den === code);
      const names = [code, ...among.map((other) => other.code)];
      return names.some((each) => open.has(each)) || !names.some((each) => used.has(each));
    }),
  );
  return { registry, areas, uses: ({ code }: MetricDefinition) => open.get(code) ?? [] };
}

function usesOf(reports: readonly ReportDefinition[]): Map<string, ReportDefinition[]> {
  const uses = new Map<string, ReportDefinition[]>();
  for (const report of reports) {
    for (const code of new Set(Object.values(report.columns).flatMap(({ metric }) => metric ?? []))) {
      uses.set(code, [...(uses.get(code) ?? []), report]);
    }
  }
  return uses;
}
