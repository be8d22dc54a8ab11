/** The daily health report: as it is this moment, and as it was written on each day. */
import type { Context } from 'hono';
import { Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import type { HealthReport } from '../contract-written.ts';
import { healthReport } from '../report/health.ts';
import { readHealthDefinition } from '../report/health-definition.ts';
import { REPORTS_FOLDER } from '../report/metrics.ts';
import { reportStore } from '../report/store.ts';
import { addWritten, checkReader } from './written-reports.ts';

export function healthRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();

  const check = async (c: Context<Env>) => {
    const { metrics } = await reportStore(deps).metrics();
    const { roles } = readHealthDefinition(REPORTS_FOLDER, metrics);
    checkReader(c, roles, ['没有权限查看健康日报', 'You may not see the health report']);
  };

  app.get('/api/_health', async (c) => {
    await check(c);
    return c.json((await healthReport(deps)) satisfies HealthReport);
  });

  addWritten(app, deps, {
    path: '/api/_health',
    table: 'app.health_reports',
    none: ['这一天没有健康日报', 'There is no health report of that day'],
    check,
  });

  return app;
}
