/** The daily health report: as it is this moment, and as it was written on each day. */
import type { Context } from 'hono';
import { Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import type { HealthDays, HealthReport, HealthWritten } from '../contract.ts';
import { problem } from '../errors.ts';
import { standsFor } from '../records/access.ts';
import { healthReport } from '../report/health.ts';
import { readHealthDefinition } from '../report/health-definition.ts';
import { REPORTS_FOLDER } from '../report/metrics.ts';
import { badParameter } from '../report/run.ts';
import { reportStore } from '../report/store.ts';
import { hasScope } from '../sign-in/token-scopes.ts';

const DAYS_MAX = 400;

export function healthRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/api/_health', async (c) => {
    await checkReader(deps, c);
    return c.json((await healthReport(deps)) satisfies HealthReport);
  });

  app.get('/api/_health/written', async (c) => {
    await checkReader(deps, c);
    const written = await deps.db
      .selectFrom('app.health_reports')
      .select(['reported_on', 'number', 'written_at', 'sha256'])
      .distinctOn('reported_on')
      .orderBy('reported_on', 'desc')
      .orderBy('number', 'desc')
      .limit(DAYS_MAX)
      .execute();
    return c.json({ written } satisfies HealthDays);
  });

  app.get('/api/_health/written/:day', async (c) => {
    await checkReader(deps, c);
    const day = c.req.param('day');
    if (!isDay(day)) throw badParameter('day', ['日期格式为 2026-03-01', 'A day is written 2026-03-01']);
    const asked = c.req.query('number');
    const number = asked === undefined ? null : Number(asked);
    if (number !== null && !(Number.isInteger(number) && number >= 1 && number < 2 ** 31))
      throw badParameter('number', ['请填写正整数', 'Must be a whole number from 1']);
    const [found] = await deps.db
      .selectFrom('app.health_reports as report')
      .select(['reported_on', 'number', 'written_at', 'sha256', 'body'])
      .select((of) =>
        of
          .selectFrom('app.health_reports as every')
          .whereRef('every.reported_on', '=', 'report.reported_on')
          .select(({ fn }) => fn.max('every.number').as('last'))
          .as('numbers'),
      )
      .where('reported_on', '=', day)
      .$if(number !== null, (query) => query.where('number', '=', number))
      .orderBy('number', 'desc')
      .limit(1)
      .execute();
    if (!found)
      throw problem(404, 'not_found', {}, { message: ['这一天没有健康日报', 'There is no health report of that day'] });
    return c.json({
      ...found,
      numbers: found.numbers ?? found.number,
      body: found.body as unknown as HealthReport,
    } satisfies HealthWritten);
  });

  return app;
}

async function checkReader(deps: Deps, c: Context<Env>): Promise<void> {
  const { metrics } = await reportStore(deps).metrics();
  const { roles } = readHealthDefinition(REPORTS_FOLDER, metrics);
  const { user } = c.var;
  if (!hasScope(user, 'reports:read') || !standsFor(user, roles)) {
    throw problem(403, 'forbidden', {}, { message: ['没有权限查看健康日报', 'You may not see the health report'] });
  }
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) === text;
}
