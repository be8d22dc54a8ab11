/** The metrics registry: what there is, and each with its source, its uses, its tests and its course. */
import type { Context } from 'hono';
import { Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import type { Grain, MetricDetails, MetricList } from '../contract-reports.ts';
import { problem } from '../errors.ts';
import { readMoment, readProgramme } from '../programme.ts';
import { courseParts, metricCourse } from '../report/metric-course.ts';
import { metricTests } from '../report/metric-tests.ts';
import { badParameter } from '../report/run.ts';
import { type SeenMetrics, seenMetrics } from '../report/seen-metrics.ts';
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

async function seen(deps: Deps, c: Context<Env>): Promise<SeenMetrics> {
  const found = await seenMetrics(deps, c.var.user);
  if (!found) throw problem(403, 'forbidden', {}, { message: ['没有权限查看指标', 'You may not see metrics'] });
  return found;
}
