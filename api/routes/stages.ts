/** The evaluation of the programme's stages: as it is this moment, and as it was written on each day. */
import type { Context } from 'hono';
import { Hono } from 'hono';
import type { Deps, Env } from '../context.ts';
import type { StageEvaluation } from '../contract-written.ts';
import { REPORTS_FOLDER } from '../report/metrics.ts';
import { stageEvaluation } from '../report/stages.ts';
import { readStagesDefinition } from '../report/stages-definition.ts';
import { reportStore } from '../report/store.ts';
import { addWritten, checkReader } from './written-reports.ts';

export function stagesRoutes(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();

  const check = async (c: Context<Env>) => {
    const { metrics } = await reportStore(deps).metrics();
    const { roles } = readStagesDefinition(REPORTS_FOLDER, metrics);
    checkReader(c, roles, ['没有权限查看阶段评估', 'You may not see the evaluation of the stages']);
  };

  app.get('/api/_stages', async (c) => {
    await check(c);
    return c.json((await stageEvaluation(deps)) satisfies StageEvaluation);
  });

  addWritten(app, deps, {
    path: '/api/_stages',
    table: 'app.stage_evaluations',
    none: ['这一天没有阶段评估', 'There is no evaluation of that day'],
    check,
  });

  return app;
}
